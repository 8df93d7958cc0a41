"""Units' preparation workbooks: what is locked and asked in them, and how they come back, or are refused."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from lxml import etree
from python_calamine import load_workbook

from opti_reports.archive import ledger
from opti_reports.disk import sha256
from opti_reports.model.meeting import PREPARED, Preparation, PreparedRow
from opti_reports.render.workbook import render_workbook
from tests.extracts.shipped import configs
from tests.meetings.filling import fill_workbook
from tests.meetings.workbooks import made_workbook
from tests.render import fixture
from tests.workspaces import ask, digests

KEPT = "data/2026-08/valmistelut.xlsx"
METRICS = ("callback_24h_pct", "t3_days", "nps")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def make_workbook(
    target: Path,
    org: str = "tapiola",
    metrics: tuple[str, ...] = METRICS,
    language: str = "fi",
    watermark: str = "",
) -> Path:
    """The workbook of a unit about August, not filled in: its rows are 6, 7, 8, its empty cells F–K."""
    wording = configs().wordings[language]
    asked = Preparation(
        mark=f"preparations:unit/{org}/2026-08",
        title="Valmistelu",
        instructions=("Ohje", "Toinen ohje"),
        heads=("Mittari", "Arvo", "Tavoite", "Alkaen"),
        asked=tuple(wording.say(f"prepare.{name}") for name in PREPARED),
        offered="Ehdotuksia",
        choices=(wording.say("state.yes"), wording.say("state.no")),
        due_hint="Kirjoita päivä.",
        rows=tuple(
            PreparedRow(metric, (f"={metric}", "93,9 %", "≥ 98 %", "elokuu 2026")) for metric in metrics
        ),
        empty="" if metrics else "Ei poikkeamia.",
    )
    pack = replace(fixture.a_pack(()), preparation=asked, watermark=watermark)
    target.write_bytes(render_workbook(pack, fixture.look().brand))
    return target


def bring(place: Path, *files: Path, month: str = "2026-08", more: tuple[str, ...] = ("--yes",)) -> Result:
    return ask(place, "notes", "import", *map(str, files), "--month", month, *more)


def filled(
    folder: Path, cells: Mapping[str, str | float | bool], org: str = "tapiola", name: str = ""
) -> Path:
    empty = make_workbook(folder / f"{org}.empty.xlsx", org)
    return fill_workbook(empty, folder / (name or f"{org}.fi.xlsx"), cells)


def stored(place: Path) -> list[tuple[str, ...]]:
    rows = load_workbook(place / KEPT).get_sheet_by_index(0).to_python()
    return [tuple(str(cell) for cell in row) for row in rows[1:]]


def test_what_is_known_is_locked_and_what_is_asked_is_open(tmp_path: Path) -> None:
    path = make_workbook(tmp_path / "a.xlsx")
    with zipfile.ZipFile(path) as book:
        sheet = etree.fromstring(book.read("xl/worksheets/sheet1.xml"))
        styles = etree.fromstring(book.read("xl/styles.xml"))
    forms = styles.find(f"{_MAIN}cellXfs")
    assert forms is not None
    cells = {cell.get("r"): cell for cell in sheet.iter(f"{_MAIN}c")}

    def is_open(place: str) -> bool:
        lock = forms[int(cells[place].get("s", "0"))].find(f"{_MAIN}protection")
        return lock is not None and lock.get("locked") == "0"

    assert sheet.find(f"{_MAIN}sheetProtection") is not None
    assert all(is_open(f"{column}{row}") for row in (6, 7, 8) for column in "FGHIJK")
    assert not any(is_open(f"{column}{row}") for row in (5, 6, 7, 8) for column in "ABCDE")
    assert sheet.find(f"{_MAIN}cols/{_MAIN}col").get("hidden") == "1"  # type: ignore[union-attr]
    rules = {rule.get("sqref"): rule for rule in sheet.iter(f"{_MAIN}dataValidation")}
    assert rules["K6:K8"].findtext(f"{_MAIN}formula1") == '"kyllä,ei"'
    assert rules["I6:I8"].get("error") == "Kirjoita päivä."
    assert sheet.find(f".//{_MAIN}f") is None  # a metric's name that begins with = is no formula


def test_the_same_pack_makes_the_same_bytes(tmp_path: Path) -> None:
    first, second = (make_workbook(tmp_path / name).read_bytes() for name in ("a.xlsx", "b.xlsx"))
    assert first == second


def test_preliminary_figures_are_marked_so(tmp_path: Path) -> None:
    path = make_workbook(tmp_path / "a.xlsx", watermark="ENNAKKO")
    assert load_workbook(path).get_sheet_by_index(0).to_python()[0][1] == "Valmistelu · ENNAKKO"


def test_a_unit_without_deviations_is_told_so(tmp_path: Path, place: Path) -> None:
    path = make_workbook(tmp_path / "a.xlsx", metrics=())
    assert load_workbook(path).get_sheet_by_index(0).to_python()[5][1] == "Ei poikkeamia."
    result = bring(place, path)
    assert (result.exit_code, result.stderr) == (0, "There is nothing to write.\n")


def test_answers_come_back_and_twice_adds_nothing(place: Path, tmp_path: Path) -> None:
    answers: dict[str, str | float | bool] = {
        "F6": "Sairauslomia", "G6": "Oma vuoro", "H6": "osastonhoitaja", "I6": 46326, "J6": "Sijaisia",
        "K6": "kyllä",
        "F7": "Kesä", "K7": "ei",
    }  # fmt: skip
    first, other = filled(tmp_path, answers), filled(tmp_path, {"J8": "Koulutusta"}, "lohja")
    result = bring(place, first, other)
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[-3:] == [
        "note       tapiola.fi.xlsx: 1 of 3 deviations without an answer",
        "note       lohja.fi.xlsx: 2 of 3 deviations without an answer",
        "3 row(s) read = 3 new + 0 changed + 0 unchanged + 0 refused.",
    ]
    # The last column, what each answer passed over of what was offered, is tests/meetings/test_offers.py's.
    assert [row[:9] for row in stored(place)] == [
        ("tapiola", "2026-08-01", "callback_24h_pct", "Sairauslomia", "Oma vuoro", "osastonhoitaja",
         "2026-10-31", "Sijaisia", "True"),
        ("tapiola", "2026-08-01", "t3_days", "Kesä", "", "", "", "", "False"),
        ("lohja", "2026-08-01", "nps", "", "", "", "", "Koulutusta", ""),
    ]  # fmt: skip
    before = digests(place / "data")
    again = bring(place, first, other)
    assert again.stdout.splitlines()[-1] == "3 row(s) read = 0 new + 0 changed + 3 unchanged + 0 refused."
    assert again.stderr == "There is nothing to write.\n"
    assert digests(place / "data") == before
    (line,) = ledger.walk(place / "output/archive").lines
    assert line.kind == "imported"
    assert line.payload == {
        "file": "2026-08/valmistelut.xlsx",
        "sha256": sha256(place / KEPT),
        "documents": {path.name: sha256(path) for path in (first, other)},
    }


def test_a_second_workbook_changes_answers_and_empties_none(place: Path, tmp_path: Path) -> None:
    bring(place, filled(tmp_path, {"F6": "Kesä", "J6": "Sijaisia", "F7": "Muutto"}))
    result = bring(place, filled(tmp_path, {"F6": "Kesä ja muutto", "K6": "ei"}))
    assert result.stdout.splitlines()[:3] == [
        "changed    sheet 'Sheet1', row 6: tapiola: Takaisinsoitto 24 tunnin sisällä",
        "             cause Kesä → Kesä ja muutto",
        "             answer whether it goes to the level above empty → false",
    ]
    assert [row[3] for row in stored(place)] == ["Kesä ja muutto", "Muutto"]
    assert stored(place)[0][7] == "Sijaisia"


@pytest.mark.parametrize(
    ("cell", "value", "why"),
    [
        ("H6", "Erkki Esimerkki", "the owner role looks like a person's name; write a role"),
        (
            "H6",
            "osastonhoitaja 0401234567",
            "the owner role holds an identity code, a phone number or a mail address; write a role",
        ),
        ("I6", "syksyllä", "the due date 'syksyllä' cannot be read; write it like 31.10.2026"),
        (
            "K6",
            "ehkä",
            "the answer whether it goes to the level above 'ehkä' cannot be read; write yes or no",
        ),
        ("F6", "x" * 1001, "the cause is longer than 1000 characters"),
        ("A6", "tuntematon", "unknown metric 'tuntematon'"),
    ],
)
def test_an_answer_that_cannot_be_is_refused(
    place: Path, tmp_path: Path, cell: str, value: str, why: str
) -> None:
    result = bring(place, filled(tmp_path, {"J6": "Tukea", "F7": "Kesä", cell: value}))
    assert result.exit_code == 4
    lines = result.stdout.splitlines()
    refused = next(at for at, line in enumerate(lines) if line.startswith("refused"))
    assert lines[refused].startswith("refused    sheet 'Sheet1', row 6: tapiola")
    assert lines[refused + 1] == f"             {why}"
    assert lines[-1] == "2 row(s) read = 1 new + 0 changed + 0 unchanged + 1 refused."
    assert not (place / KEPT).exists()


def test_the_same_unit_twice_is_refused(place: Path, tmp_path: Path) -> None:
    one, two = filled(tmp_path, {"F6": "Kesä"}), filled(tmp_path, {"F6": "Talvi"}, name="kopio.xlsx")
    result = bring(place, one, two)
    assert result.exit_code == 4
    why = "the same deviation of the unit stands on tapiola.fi.xlsx, sheet 'Sheet1', row 6 too"
    assert f"             {why}" in result.stdout.splitlines()


def test_text_is_redacted_at_the_door_and_never_a_formula(place: Path, tmp_path: Path) -> None:
    texts = {
        "F6": "Asiakas 010190−123A, puh. 040 123 4567",
        "G6": "=HYPERLINK(1)",
        "J6": "<b>&\u202eapua</b>",
    }
    assert bring(place, filled(tmp_path, texts)).exit_code == 0
    assert stored(place)[0][3:5] == ("Asiakas [poistettu], puh. [poistettu]", "=HYPERLINK(1)")
    assert stored(place)[0][7] == "<b>&apua</b>"
    with zipfile.ZipFile(place / KEPT) as book:
        assert all(b"010190" not in book.read(name) for name in book.namelist())
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_every_file_that_is_no_preparation_of_the_month_is_told(place: Path, tmp_path: Path) -> None:
    other = made_workbook(tmp_path / "muu.xlsx", [("Nro", "Yksikkö"), ("1", "tapiola")])
    unknown = make_workbook(tmp_path / "kivikko.xlsx", "kivikko")
    early = filled(tmp_path, {"F6": "Kesä"})
    result = bring(place, other, unknown)
    assert result.exit_code == 4
    assert result.stderr == (
        "opti: muu.xlsx: this is not a preparation workbook: its first cell does not say whose it is\n"
        "  Give the workbook that came with the unit's report, saved as .xlsx.\n"
        "kivikko.xlsx: unknown organisation 'kivikko'\n"
        "  Give a known unit's workbook.\n"
    )
    assert bring(place, early, month="2026-09").stderr == (
        "opti: tapiola.fi.xlsx: this prepares 2026-08, not 2026-09\n  Say --month 2026-08.\n"
    )


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_workbook_in_another_language_is_read(place: Path, tmp_path: Path, language: str) -> None:
    empty = make_workbook(tmp_path / "empty.xlsx", language=language)
    yes = {"sv": "ja", "en": "yes"}[language]
    assert bring(place, fill_workbook(empty, tmp_path / "a.xlsx", {"F6": "x1", "K6": yes})).exit_code == 0
    assert stored(place)[0][8] == "True"
