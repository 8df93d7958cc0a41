"""Decisions written into a deck or a register come back into the action register, or are refused."""

from __future__ import annotations

import os
import random
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import Result
from pptx import Presentation
from python_calamine import load_workbook

from opti_reports.extracts import find
from opti_reports.periods.months import parse_month
from tests.extracts.shipped import configs
from tests.meetings.conftest import make_deck
from tests.meetings.filling import SOFFICE, decisions_of, fill_deck, saved_by_libreoffice
from tests.meetings.workbooks import made_workbook
from tests.workspaces import ask, digests

KEPT = "data/2026-09/toimenpiteet_kokouksista.xlsx"
ROWS = (
    ("Oma vuoro takaisinsoittoihin", "Tapiolan terveysasema", "osastonhoitaja", "31.10.2026",
     "callback_24h_pct", "kyllä"),
    ("Yhteinen perehdytys", "", "Ylilääkäri", "2026-11-15", "", ""),
    ("Opasteet uusitaan", "matinkyla", "osastonhoitaja, Matinkylä", "1.12.2026",
     "Suositteluindeksi (NPS)", "–"),
)  # fmt: skip
STORED = (
    ("K2608-1", "tapiola", "Oma vuoro takaisinsoittoihin", "callback_24h_pct", "2026-09-15", "2026-10-31",
     "etela_espoo", "osastonhoitaja", "mittari", "sovittu", "johtoryhma"),
    ("K2608-2", "etela_espoo", "Yhteinen perehdytys", "2026-09-15", "2026-11-15", "Ylilääkäri", "muu",
     "sovittu"),
    ("K2608-3", "matinkyla", "Opasteet uusitaan", "nps", "2026-09-15", "2026-12-01", "etela_espoo",
     "osastonhoitaja, Matinkylä", "mittari", "sovittu"),
)  # fmt: skip


def bring(
    place: Path,
    *files: Path,
    more: Sequence[str] = ("--decided", "2026-09-15", "--yes"),
    typed: str = "",
) -> Result:
    return ask(place, "actions", "import", *map(str, files), "--month", "2026-09", *more, typed=typed)


def stored(place: Path, file: str = KEPT) -> list[tuple[str, ...]]:
    """The filled cells of the file of imports."""
    rows = load_workbook(place / file).get_sheet_by_index(0).to_python()
    return [tuple(str(cell) for cell in row if cell != "") for row in rows[1:]]


def filled(deck: Path, folder: Path, *rows: Sequence[str], name: str = "deck.pptx") -> Path:
    return fill_deck(deck, folder / name, rows)


def edited(deck: Path, target: Path, change: Any) -> Path:
    """The deck with its decisions table's shape changed."""
    opened = Presentation(str(deck))
    change(decisions_of(opened))
    opened.save(str(target))
    return target


@pytest.mark.parametrize("program", ["powerpoint", "libreoffice"])
def test_decisions_come_back_from_a_deck_that_was_edited_and_saved(
    place: Path, deck: Path, tmp_path: Path, program: str
) -> None:
    if program == "libreoffice":
        if SOFFICE is None:
            pytest.skip("LibreOffice is not installed")
        (tmp_path / "saved").mkdir()
        first = filled(deck, tmp_path, *ROWS[:1])
        full = filled(saved_by_libreoffice(first, tmp_path / "saved"), tmp_path, *ROWS, name="second.pptx")
        (tmp_path / "again").mkdir()
        full = saved_by_libreoffice(full, tmp_path / "again")
    else:
        full = filled(deck, tmp_path, *ROWS)
    result = bring(place, full)
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[-1] == "3 row(s) read = 3 new + 0 changed + 0 unchanged + 0 refused."
    assert result.stderr == f"3 row(s) are in {KEPT}.\n"
    assert stored(place) == list(STORED)


def test_importing_twice_adds_nothing(place: Path, deck: Path, tmp_path: Path) -> None:
    full = filled(deck, tmp_path, *ROWS)
    bring(place, full)
    before = digests(place / "data")
    again = bring(place, full)
    assert again.exit_code == 0
    assert again.stdout.splitlines()[-1] == "3 row(s) read = 0 new + 0 changed + 3 unchanged + 0 refused."
    assert again.stderr == "There is nothing to write.\n"
    assert bring(place, place / KEPT).stderr == "There is nothing to write.\n"  # nor does its own file
    assert digests(place / "data") == before


def test_rows_added_below_those_left_open_are_read(place: Path, deck: Path, tmp_path: Path) -> None:
    rows = [(f"Päätös {number}", "", "ylilääkäri", "31.10.2026") for number in range(1, 10)]
    rows[4:4] = [("", "", "–", "")]  # a row left empty between others is no decision
    assert "9 row(s) read = 9 new" in bring(place, filled(deck, tmp_path, *rows)).stdout
    assert len(stored(place)) == 9


def test_a_due_date_that_moves_keeps_the_first_one(place: Path, deck: Path, tmp_path: Path) -> None:
    bring(place, filled(deck, tmp_path, *ROWS))
    for due, told in (("30.11.2026", "2026-10-31 → 2026-11-30"), ("31.12.2026", "2026-11-30 → 2026-12-31")):
        moved = (*ROWS[0][:3], due, *ROWS[0][4:])
        result = bring(place, filled(deck, tmp_path, moved, *ROWS[1:]))
        assert result.stdout.splitlines()[:3] == [
            "changed    slide 2, row 1: Oma vuoro takaisinsoittoihin (K2608-1)",
            f"             due date {told}",
            "             first due date stays 2026-10-31",
        ]
    assert stored(place)[0][5:7] == ("2026-10-31", "2026-12-31")


def test_a_decision_taken_out_of_the_table_stays_in_the_register(
    place: Path, deck: Path, tmp_path: Path
) -> None:
    bring(place, filled(deck, tmp_path, *ROWS))
    new = ("Uusi päätös", "", "ylilääkäri", "31.10.2026", "", "")
    result = bring(place, filled(deck, tmp_path, new, *ROWS[1:]))
    assert "new        slide 2, row 1: Uusi päätös (K2608-4)" in result.stdout
    gone = "Oma vuoro takaisinsoittoihin (K2608-1) is no longer in the table; it stays in the register"
    assert f"note       {gone}" in result.stdout
    assert [row[0] for row in stored(place)] == ["K2608-1", "K2608-2", "K2608-3", "K2608-4"]


def test_a_decision_whose_unit_is_named_later_is_the_same_one(
    place: Path, deck: Path, tmp_path: Path
) -> None:
    bring(place, filled(deck, tmp_path, *ROWS))
    named = (ROWS[1][0], "Espoonlahden terveysasema", *ROWS[1][2:])
    result = bring(place, filled(deck, tmp_path, ROWS[0], named, ROWS[2]))
    assert "unit etela_espoo → espoonlahti" in result.stdout
    assert [row[:2] for row in stored(place)][1] == ("K2608-2", "espoonlahti")


GOOD = ("Perehdytys", "", "ylilääkäri", "31.10.2026", "", "")
HOLDS = "the owner role holds an identity code, a phone number or a mail address; write a role"
NAME = "the owner role looks like a person's name; write a role"
REFUSED = [
    ((1, "Kivenlahti"), "unknown unit 'Kivenlahti'"),
    (
        (1, "Lohjan terveysasema"),
        "'Lohjan terveysasema' does not belong to 'Etelä-Espoon palveluyksikkö', whose table this is",
    ),
    ((1, "kohdistamaton"), "unknown unit 'kohdistamaton'"),
    ((1, "Espoon"), "unknown unit 'Espoon'"),  # not what any page calls a unit
    ((4, "callback_24"), "unknown metric 'callback_24'"),
    (
        (4, "Sairauspoissaolo-%"),
        "unknown metric 'Sairauspoissaolo-%', did you mean 'Sairauspoissaoloprosentti'?",
    ),
    ((3, "syksyllä"), "the due date 'syksyllä' cannot be read; write it like 31.10.2026"),
    ((3, "31.11.2026"), "the due date '31.11.2026' cannot be read; write it like 31.10.2026"),
    ((3, ""), "the due date is missing"),
    ((3, "1.9.2026"), "due before it was opened"),
    ((2, ""), "the owner role is missing"),
    ((2, "–"), "the owner role is missing"),
    ((2, "Erkki Esimerkki"), NAME),
    ((2, "ylilääkäri Esimerkki"), NAME),
    ((2, "E. Esimerkki"), NAME),
    ((2, "ylilääkäri 010190–123A"), HOLDS),
    ((2, "ylilääkäri 010190\u2212123A"), HOLDS),
    ((2, "erkki@esimerkki.fi"), HOLDS),
    ((0, ""), "the decision is missing"),
    ((0, "x" * 121), "the decision is longer than 120 characters"),
    ((5, "ehkä"), "the level it is raised to 'ehkä' is not known; known: johtoryhma, palveluyksikko"),
]  # fmt: skip


@pytest.mark.parametrize(
    "written", ["Tapiolan", "TAPIOLAN ", "Tapiola", "Hagalunds", "Tapiolan terveysasema"]
)
def test_a_unit_may_be_called_as_slides_call_it(
    place: Path, deck: Path, tmp_path: Path, written: str
) -> None:
    result = bring(place, filled(deck, tmp_path, ("Uusi ohje", written, *GOOD[2:])))
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[1].strip().startswith("tapiola; ")


@pytest.mark.parametrize(("cell", "why"), REFUSED)
def test_what_cannot_be_placed_is_refused_with_its_place_and_reason(
    place: Path, deck: Path, tmp_path: Path, cell: tuple[int, str], why: str
) -> None:
    row = [*GOOD]
    row[cell[0]] = cell[1]
    before = digests(place / "data")
    result = bring(place, filled(deck, tmp_path, ("Toinen päätös", *GOOD[1:]), row))
    assert result.exit_code == 4
    lines = result.stdout.splitlines()
    refused = next(at for at, line in enumerate(lines) if line.startswith("refused"))
    assert lines[refused].startswith("refused    slide 2, row 2")
    assert lines[refused + 1] == f"             {why}"
    assert lines[-1] == "2 row(s) read = 1 new + 0 changed + 0 unchanged + 1 refused."
    assert result.stderr == "Nothing was written. Correct the refused rows and import again.\n"
    assert "010190" not in result.output
    assert digests(place / "data") == before


def test_all_faults_of_all_rows_are_told_at_once(place: Path, deck: Path, tmp_path: Path) -> None:
    bad = ("", "Kivenlahti", "Erkki Esimerkki", "syksyllä", "Nopeus", "ehkä")
    result = bring(place, filled(deck, tmp_path, bad, ("Sama", *GOOD[1:]), ("sama ", *GOOD[1:])))
    assert result.stdout.splitlines()[2:] == [
        "refused    slide 2, row 1",
        "             unknown unit 'Kivenlahti'",
        "             the owner role looks like a person's name; write a role",
        "             the due date 'syksyllä' cannot be read; write it like 31.10.2026",
        "             unknown metric 'Nopeus'",
        "             the level it is raised to 'ehkä' is not known; known: johtoryhma, palveluyksikko",
        "             the decision is missing",
        "refused    slide 2, row 3: sama",
        "             the same decision stands on slide 2, row 2 too",
        "3 row(s) read = 1 new + 0 changed + 0 unchanged + 2 refused.",
    ]


def test_hostile_text_stays_text(place: Path, deck: Path, tmp_path: Path) -> None:
    texts = {
        "=cmd|' /C calc'!A0": "=cmd|' /C calc'!A0",
        "<script>alert(1)</script> & <b>": "<script>alert(1)</script> & <b>",
        "soita 010190‐123A tai 010190\u00ad-123A": "soita [poistettu] tai [poistettu]",
        "soita 040\u00a0123\u00a04567, kysy": "soita [poistettu], kysy",
        "kaksi\nriviä\u202e\u200b ja\u000bvälejä": "kaksi riviä ja välejä",
        "@SUM(1+1)": "@SUM(1+1)",
    }  # fmt: skip
    result = bring(place, filled(deck, tmp_path, *((text, *GOOD[1:]) for text in texts)))
    assert result.exit_code == 0, result.output
    assert [row[2] for row in stored(place)] == list(texts.values())
    with zipfile.ZipFile(place / KEPT) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
    assert "There is nothing to write." in bring(place, tmp_path / "deck.pptx").stderr


def test_no_row_is_lost_and_the_sums_agree(place: Path, deck: Path, tmp_path: Path) -> None:
    chance = random.Random(4)
    known = 0
    for trial in range(12):
        rows = [
            [
                chance.choice(["", f"Päätös {chance.randrange(40)}"]),
                chance.choice(["", "Tapiola", "matinkyla", "Tapiolan terveysasema"]),
                chance.choice(["ylilääkäri", "ylilääkäri", "Erkki Esimerkki", ""]),
                chance.choice(["31.10.2026", "1.12.2026", "1.12.2026", "joskus"]),
            ]
            for _ in range(chance.randrange(1, 9))
        ]
        written = [row for row in rows if any(row)]
        for allowed in (rows, [row for row in rows if row[0] and "Esimerkki" not in row[2] and row[2]]):
            if not any(any(row) for row in allowed):
                continue
            said = bring(place, filled(deck, tmp_path, *allowed, name=f"{trial}.pptx"), more=(
                "--decided", "2026-09-15", "--yes", "--json",
            ))  # fmt: skip
            kinds = [line.split('"')[3] for line in said.stdout.splitlines() if '"kind"' in line]
            assert len(kinds) == len([row for row in allowed if any(row)])
            if "refused" not in kinds:
                known += kinds.count("new")
            assert (len(stored(place)) if (place / KEPT).exists() else 0) == known
        assert written or not any(any(row) for row in rows)
    assert known > 5


def test_without_yes_nothing_is_written_unless_a_person_agrees(
    place: Path, deck: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = filled(deck, tmp_path, *ROWS)
    result = bring(place, full, more=("--decided", "15.9.2026"))
    assert result.exit_code == 0
    assert result.stderr == f"Nothing was written. Say --yes to write 3 row(s) into {KEPT}.\n"
    assert not (place / KEPT).exists()
    monkeypatch.setattr("opti_reports.commands.meetings._asks", lambda: True)
    for answer, written in (("\n", False), ("no\n", False), ("perhaps\ny\n", True)):
        result = bring(place, full, more=("--decided", "15.9.2026"), typed=answer)
        assert result.exit_code == 0
        assert f"Write 3 row(s) into {KEPT}? [y/N]: " in result.stderr
        assert ("Error: please answer yes or no" in result.stderr) == ("perhaps" in answer)
        assert (place / KEPT).exists() == written


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ("--decided", "2026-08-31"),
            "opti: --decided: 2026-08-31 is not in 2026-09\n"
            "  Decisions go into the register of the month they were made in: --month 2026-08.\n",
        ),
        (("--decided", "eilen"), "'eilen' is not a day; write it like 2026-09-15"),
        (("--org", "kilonmaa"), "opti: --org: no organisation 'kilonmaa'"),
    ],
)
def test_what_is_asked_wrongly_is_told(
    place: Path, deck: Path, tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    result = bring(place, filled(deck, tmp_path, *ROWS), more=arguments)
    assert result.exit_code == 2
    assert told in result.stderr


def test_the_day_of_the_meeting_is_that_of_saving_or_must_be_said(
    place: Path, deck: Path, tmp_path: Path
) -> None:
    why = "when it was decided is not known; say --decided DATE, a day in 2026-09"
    assert why in bring(place, filled(deck, tmp_path, GOOD), more=("--yes",)).stdout
    for day, told in ((10, "new "), (1, "refused")):
        opened = Presentation(str(filled(deck, tmp_path, GOOD)))
        opened.core_properties.modified = opened.core_properties.modified.replace(
            month=9 if day == 10 else 10, day=day
        )
        opened.save(str(tmp_path / "saved.pptx"))
        result = bring(place, tmp_path / "saved.pptx", more=())
        assert result.stdout.startswith(told)
    assert "(the deck was last saved on 2026-10-01)" in result.stdout


@pytest.mark.parametrize(
    ("change", "arguments", "told"),
    [
        (
            lambda shape: setattr(shape, "name", "Table 4"),
            (),
            "deck.pptx, slide 2: the table does not say whose decisions it holds\n"
            "  Say --org ID, the organisation whose meeting it was.",
        ),
        (
            lambda shape: None,
            ("--org", "lohja"),
            "deck.pptx, slide 2: these are the decisions of etela_espoo, not of lohja\n"
            "  Leave --org out, or give the other deck.",
        ),
        (
            lambda shape: setattr(shape, "name", "decisions:service_unit/kivikko/2026-08"),
            (),
            "deck.pptx, slide 2: unknown organisation 'kivikko'\n  Make the deck anew, or say --org.",
        ),
        (
            lambda shape: setattr(shape.table.cell(0, 2), "text", "Kuka"),
            (),
            "deck.pptx, slide 2: the headings of the decisions table are gone\n"
            "  Write them again as they were.",
        ),
        (
            lambda shape: shape._element.getparent().remove(shape._element),
            (),
            "deck.pptx: no table of decisions is found (headings like 'Päätös tai toimenpide', "
            "'Vastuurooli', 'Määräaika')\n"
            "  Give the deck whose table was filled in, or a workbook with these headings.",
        ),
    ],
)
def test_a_table_that_is_nobodys_is_refused(
    place: Path, deck: Path, tmp_path: Path, change: Any, arguments: tuple[str, ...], told: str
) -> None:
    full = edited(filled(deck, tmp_path, GOOD), tmp_path / "deck.pptx", change)
    result = bring(place, full, more=arguments)
    assert result.exit_code == 4
    assert result.stderr == f"opti: {told}\n"


def test_a_table_pasted_elsewhere_is_found_by_its_headings(place: Path, deck: Path, tmp_path: Path) -> None:
    bare = edited(
        filled(deck, tmp_path, GOOD), tmp_path / "bare.pptx", lambda s: setattr(s, "name", "Table 4")
    )
    result = bring(place, bare, more=("--org", "etela_espoo", "--decided", "2026-09-15", "--yes"))
    assert result.exit_code == 0, result.output
    assert stored(place)[0][:2] == ("K2609-1", "etela_espoo")


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_deck_in_another_language_is_read(place: Path, tmp_path: Path, language: str) -> None:
    other = make_deck(tmp_path / f"deck.{language}.pptx", language=language)
    words = {"sv": ("Hagalunds hälsostation", "ja"), "en": ("Tapiola health station", "yes")}[language]
    row = ("Perehdytys", words[0], "ylilääkäri", "31.10.2026", "", words[1])
    result = bring(place, filled(other, tmp_path, row))
    assert result.exit_code == 0, result.output
    assert stored(place)[0][1] == "tapiola"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.pptx", b"not a zip", "opti: a.pptx: the deck cannot be opened: "),
        ("a.xlsx", b"not a zip", "opti: a.xlsx: this is text, not a workbook\n"),
        ("a.pdf", b"%PDF", "opti: a.pdf: a .pdf is not read\n  Save it as .pptx or .xlsx.\n"),
        ("a", b"", "opti: a: a file without an ending is not read\n"),
    ],
)
def test_files_of_other_kinds_are_refused(
    place: Path, tmp_path: Path, name: str, content: bytes, told: str
) -> None:
    (tmp_path / name).write_bytes(content)
    result = bring(place, tmp_path / name)
    assert result.exit_code == 4
    assert result.stderr.startswith(told)


def test_a_register_in_excel_renews_actions_and_adds_new_ones(place: Path, tmp_path: Path) -> None:
    head = ("Nro", "Yksikkö", "Toimenpide", "Määräaika", "Vastuurooli", "Valmis", "Tila", "Muistiinpano")
    book = made_workbook(
        tmp_path / "rekisteri.xlsx",
        [
            ("Etelä-Espoon toimenpiteet",),
            (),
            head,
            ("T1", "Tapiolan terveysasema", "Perehdytys", "31.12.2026", "ylilääkäri", "", "käynnissä", "x"),
            ("T2", "lohja", "Opasteet", "30.9.2026", "osastonhoitaja", "20.9.2026", "toteutettu", ""),
            ("", "matinkyla", "Uusi ohje", "1.12.2026", "osastonhoitaja, Etelä-Espoo (HaiPro)", "", "", ""),
        ],
    )
    result = bring(place, book)
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        "new        sheet 'Tiedot', row 6: Uusi ohje (K2609-1)",
        "             matinkyla; osastonhoitaja, Etelä-Espoo (HaiPro); 2026-12-01",
        "changed    sheet 'Tiedot', row 4: Perehdytys (T1)",
        "             due date 2026-10-31 → 2026-12-31",
        "             state sovittu → kaynnissa",
        "             first due date stays 2026-10-31",
        "changed    sheet 'Tiedot', row 5: Opasteet (T2)",
        "             done at empty → 2026-09-20",
        "             state kaynnissa → valmis",
        "3 row(s) read = 1 new + 2 changed + 0 unchanged + 0 refused.",
    ]
    assert bring(place, book).stderr == "There is nothing to write.\n"


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (("", "", "Ohje", "1.12.2026", "ylilääkäri", ""), "the unit is missing; fill it in, or say --org ID"),
        (("T9", "lohja", "", "1.12.2026", "ylilääkäri", ""), "the decision is missing"),
        (
            ("T1", "tapiola", "Perehdytys", "1.12.2026", "ylilääkäri", "1.11.2026"),
            "the first due date is 2026-10-31 and stays; correct it in the file",
        ),
        (
            ("010190-123A", "lohja", "Ohje", "1.12.2026", "ylilääkäri", ""),
            "the action id holds what looks like a personal identity code; take it out",
        ),
    ],
)
def test_rows_of_a_register_are_refused(place: Path, tmp_path: Path, row: tuple[str, ...], why: str) -> None:
    head = ("nro", "yksikkö", "toimenpide", "määräaika", "vastuu", "alkuperäinen määräaika")
    result = bring(place, made_workbook(tmp_path / "r.xlsx", [head, row]))
    assert result.exit_code == 4
    assert f"             {why}" in result.stdout.splitlines()


HEAD = ("nro", "yksikkö", "toimenpide", "määräaika", "vastuu", "tila")


@pytest.mark.parametrize(
    ("row", "more", "why"),
    [
        (
            ("T2", "", "Opasteet", "30.9.2026", "osastonhoitaja", "peruttu"),
            (),
            "the unit is missing; fill it in, or say --org ID",
        ),
        (
            ("T2", "", "Opasteet", "30.9.2026", "osastonhoitaja", "peruttu"),
            ("--org", "tapiola"),
            "the action T2 is that of 'Lohjan terveysasema'; only its own organisation's table may change it",
        ),
        (
            ("T2", "tapiola", "Opasteet", "30.9.2026", "osastonhoitaja", "peruttu"),
            (),
            "the action T2 is that of 'Lohjan terveysasema'; only its own organisation's table may change it",
        ),
        (
            ("T2", "tapiola", "Opasteet", "30.9.2026", "osastonhoitaja", "peruttu"),
            ("--org", "etela_espoo"),
            "the action T2 is that of 'Lohjan terveysasema'; only its own organisation's table may change it",
        ),
        (
            ("T2", "lohja", "Opasteet", "30.9.2026", "osastonhoitaja", "peruttu"),
            ("--org", "etela_espoo"),
            "'Lohjan terveysasema' does not belong to 'Etelä-Espoon palveluyksikkö', whose table this is",
        ),
    ],
)
def test_a_register_changes_only_its_own_organisations_actions(
    place: Path, tmp_path: Path, row: tuple[str, ...], more: tuple[str, ...], why: str
) -> None:
    result = bring(place, made_workbook(tmp_path / "r.xlsx", [HEAD, row]), more=more)
    assert result.exit_code == 4
    assert f"             {why}" in result.stdout.splitlines()
    assert not (place / KEPT).exists()


def test_an_action_without_its_unit_stays_at_its_unit(place: Path, tmp_path: Path) -> None:
    row = ("T1", "", "Perehdytys", "31.10.2026", "ylilääkäri", "käynnissä")
    result = bring(place, made_workbook(tmp_path / "r.xlsx", [HEAD, row]), more=("--org", "etela_espoo"))
    assert result.exit_code == 0, result.output
    assert "             state sovittu → kaynnissa" in result.stdout.splitlines()
    assert not any("unit" in line and "→" in line for line in result.stdout.splitlines())


@pytest.mark.parametrize(
    ("month", "told", "fix"),
    [
        (
            "2026-07",
            "this is the deck of 2026-07, which no meeting of 2026-09 decides on",
            "Say --month 2026-08 or 2026-07, the month of the meeting.",
        ),
        (
            "2026-10",
            "this is the deck of 2026-10, which no meeting of 2026-09 decides on",
            "Say --month 2026-11 or 2026-10, the month of the meeting.",
        ),
        ("2026-13", "the table is marked for '2026-13', which is no month", "Make the deck anew."),
    ],
)
def test_a_deck_of_another_month_is_refused(
    place: Path, tmp_path: Path, month: str, told: str, fix: str
) -> None:
    deck = make_deck(tmp_path / "other.pptx", f"decisions:service_unit/etela_espoo/{month}")
    result = bring(place, filled(deck, tmp_path, *ROWS))
    assert result.exit_code == 4
    assert told in result.stderr
    assert fix in result.stderr


def test_a_register_with_a_column_of_names_is_not_read(place: Path, tmp_path: Path) -> None:
    head = ("Toimenpide", "Määräaika", "Vastuurooli", "Nimi")
    result = bring(place, made_workbook(tmp_path / "r.xlsx", [head, ("Ohje", "1.12.2026", "x", "y")]))
    assert result.exit_code == 4
    assert result.stderr == (
        "opti: r.xlsx, sheet 'Tiedot': the column 'Nimi' may hold personal data; nothing was read\n"
        "  Take the column out.\n"
    )


def test_several_files_say_which_file_a_row_stands_in(place: Path, deck: Path, tmp_path: Path) -> None:
    other = make_deck(tmp_path / "lantinen.pptx", "decisions:service_unit/lantinen/2026-08")
    one = filled(deck, tmp_path, GOOD, name="yksi.pptx")
    two = filled(other, tmp_path, GOOD, ("Ohje", "Lohjan terveysasema", *GOOD[2:]), name="kaksi.pptx")
    result = bring(place, one, two)
    assert result.exit_code == 0, result.output
    assert [line for line in result.stdout.splitlines() if line.startswith("new")] == [
        "new        yksi.pptx, slide 2, row 1: Perehdytys (K2608-1)",
        "new        kaksi.pptx, slide 2, row 1: Perehdytys (K2608-2)",
        "new        kaksi.pptx, slide 2, row 2: Ohje (K2608-3)",
    ]
    assert bring(place, one).stderr == bring(place, two).stderr == "There is nothing to write.\n"


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    place: Path, deck: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(place, filled(deck, tmp_path, *ROWS))
    before = digests(place / "data")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device", "data")

    monkeypatch.setattr(os, "fsync", full)
    result = bring(place, filled(deck, tmp_path, *ROWS, GOOD))
    assert result.exit_code == 1
    assert digests(place / "data") == before


def test_a_file_that_changed_since_the_preview_is_not_overwritten(
    place: Path, deck: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("opti_reports.commands.meetings._asks", lambda: True)

    def meanwhile(text: str, **_: Any) -> bool:
        bring(place, filled(deck, tmp_path, GOOD, name="other.pptx"))
        return True

    monkeypatch.setattr(click, "prompt", meanwhile)
    result = bring(place, filled(deck, tmp_path, *ROWS), more=("--decided", "2026-09-15"))
    assert result.exit_code == 4
    assert "the file has changed since the preview" in result.stderr
    assert [row[2] for row in stored(place)] == ["Perehdytys"]


def test_imports_go_on_into_later_months(place: Path, deck: Path, tmp_path: Path) -> None:
    bring(place, filled(deck, tmp_path, *ROWS))
    (place / "data/2026-10").mkdir()
    (place / "data/2026-10/toimenpiteet_2026-10.csv").write_bytes(
        (place / "data/2026-09/toimenpiteet.csv").read_bytes()
    )
    done = ("nro", "yksikkö", "toimenpide", "määräaika", "vastuu", "valmis", "tila")
    row = ("K2608-2", "etela_espoo", "Yhteinen perehdytys", "15.11.2026", "Ylilääkäri", "5.10.2026", "valmis")
    book = made_workbook(tmp_path / "r.xlsx", [done, row])

    def read(month: str) -> list[str]:
        found = find.deliveries(
            place / "data", parse_month(month), configs().sources, configs().calendar, lambda path: path.name
        )
        return [
            f"{path.parent.name}/{path.name}"
            for path in found[-1].files
            if found[-1].month == parse_month(month)
        ]

    assert read("2026-09") == ["2026-09/toimenpiteet.csv", "2026-09/toimenpiteet_kokouksista.xlsx"]
    assert read("2026-10") == ["2026-09/toimenpiteet_kokouksista.xlsx", "2026-10/toimenpiteet_2026-10.csv"]
    result = ask(place, "actions", "import", str(book), "--month", "2026-10", "--yes")
    assert "changed    sheet 'Tiedot', row 2: Yhteinen perehdytys (K2608-2)" in result.stdout
    kept = "2026-10/toimenpiteet_kokouksista.xlsx"
    assert read("2026-10") == ["2026-10/toimenpiteet_2026-10.csv", kept]
    assert [row[0] for row in stored(place, f"data/{kept}")] == ["K2608-1", "K2608-2", "K2608-3"]


def test_imports_alone_are_no_delivery_of_a_register_that_is_delivered(
    place: Path, deck: Path, tmp_path: Path
) -> None:
    (place / "data/2026-09").rename(place / "data/2026-08")
    assert bring(place, filled(deck, tmp_path, *ROWS)).exit_code == 0
    found = find.deliveries(
        place / "data", parse_month("2026-09"), configs().sources, configs().calendar, lambda path: path.name
    )
    assert [delivery.month for delivery in found] == [parse_month("2026-08")]
    (
        place / "data/2026-08/toimenpiteet.csv"
    ).unlink()  # a register kept by imports alone is delivered by them
    found = find.deliveries(
        place / "data", parse_month("2026-09"), configs().sources, configs().calendar, lambda path: path.name
    )
    assert [delivery.month for delivery in found] == [parse_month("2026-09")]


@pytest.mark.parametrize("group", ["actions", "notes"])
def test_the_commands_explain_themselves(group: str, place: Path) -> None:
    result = ask(place, group, "import", "--help")
    assert result.exit_code == 0
    assert f"opti {group} import" in result.stdout
    assert "Example" in result.stdout


@pytest.mark.parametrize(("unit", "level"), [("tapiola", "palveluyksikko"), ("etela_espoo", "johtoryhma")])
def test_in_a_register_a_yes_raises_a_matter_to_the_level_above_its_unit(
    place: Path, tmp_path: Path, unit: str, level: str
) -> None:
    head = ("viety tasolle", "yksikkö", "toimenpide", "määräaika", "vastuu", "päättäjä", "viite")
    row = (
        "kyllä",
        unit,
        "Ohje",
        "1.12.2026",
        "ylilääkäri",
        "Etelä-Espoon palveluyksikkö",
        "HaiPro 2026-00012345",
    )
    result = bring(place, made_workbook(tmp_path / "r.xlsx", [head, row]))
    assert result.exit_code == 0, result.output
    (cells,) = stored(place)
    assert cells[3] == "HaiPro 2026-00012345"  # a long number is no phone number where a reference belongs
    assert (cells[-1], cells[6]) == (level, "etela_espoo")


def test_who_decided_must_be_known(place: Path, tmp_path: Path) -> None:
    head = ("yksikkö", "toimenpide", "määräaika", "vastuu", "päättäjä")
    row = ("tapiola", "Ohje", "1.12.2026", "ylilääkäri", "Kivikko")
    result = bring(place, made_workbook(tmp_path / "r.xlsx", [head, row]))
    assert "             unknown unit 'Kivikko'" in result.stdout.splitlines()
