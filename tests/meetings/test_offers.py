"""What decks and workbooks offer comes back as chosen, passed over, or left without a decision."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from python_calamine import load_workbook

from tests.extracts.shipped import configs
from tests.meetings.conftest import make_deck
from tests.meetings.filling import fill_deck, fill_workbook
from tests.meetings.test_actions_import import KEPT, bring
from tests.meetings.test_notes_import import bring as bring_notes
from tests.meetings.test_notes_import import make_workbook
from tests.workspaces import ask

METRIC = "callback_24h_pct"
FIRST, SECOND = configs().metrics[METRIC].barrier
OFFERED = f"1 {FIRST.name['fi']}: {FIRST.action['fi']}; 2 {SECOND.name['fi']}: {SECOND.action['fi']}"
EVERYTHING = " | ".join(words["fi"] for one in (FIRST, SECOND) for words in (one.name, one.action))


def row(decision: str = "", barrier: str = OFFERED, due: str = "31.10.2026") -> tuple[str, ...]:
    return (decision, "Tapiola", "ylilääkäri", due, configs().metrics[METRIC].name["fi"], "", barrier)


def kept(place: Path, file: str) -> list[dict[str, str]]:
    """The rows of a file of imports by heading."""
    head, *rows = load_workbook(place / file).get_sheet_by_index(0).to_python()
    return [dict(zip(map(str, head), map(str, cells), strict=True)) for cells in rows]


@pytest.mark.parametrize(
    ("decision", "barrier", "title", "stands", "passed"),
    [
        ("2", OFFERED, SECOND.action["fi"], SECOND.name["fi"], ""),
        (SECOND.name["sv"], OFFERED, SECOND.action["sv"], SECOND.name["fi"], ""),
        (FIRST.action["fi"], OFFERED, FIRST.action["fi"], FIRST.name["fi"], ""),
        ("", f"1 {FIRST.name['fi']}: {FIRST.action['fi']}", FIRST.action["fi"], FIRST.name["fi"], ""),
        ("2", "1; 2", SECOND.action["fi"], SECOND.name["fi"], ""),
        ("Oma keino", "1; 2", "Oma keino", "", EVERYTHING),
        ("", "2", SECOND.action["fi"], SECOND.name["fi"], ""),
        ("Oma keino", OFFERED, "Oma keino", "", EVERYTHING),
        ("Oma keino", "remontti", "Oma keino", "remontti", EVERYTHING),
        ("Oma keino", FIRST.name["fi"], "Oma keino", FIRST.name["fi"], FIRST.action["fi"]),
        ("Oma keino", "", "Oma keino", "", ""),
    ],
    ids=[
        "number",
        "name",
        "action",
        "alone",
        "number of numbers",
        "own beside numbers",
        "number alone",
        "own",
        "own barrier",
        "own action",
        "nothing offered",
    ],
)
def test_a_decision_takes_what_is_offered_or_passes_it_over(
    place: Path, deck: Path, tmp_path: Path, decision: str, barrier: str, title: str, stands: str, passed: str
) -> None:
    full = fill_deck(deck, tmp_path / "deck.pptx", [row(decision, barrier)])
    assert bring(place, full).exit_code == 0
    (made,) = kept(place, KEPT)
    assert (made["toimenpide"], made["mittari"], made["yksikkö"]) == (title, METRIC, "tapiola")
    assert (made["este"], made["ei_otettu_käyttöön"]) == (stands, passed)
    assert bring(place, full).stderr == "There is nothing to write.\n"


@pytest.mark.parametrize("barrier", [OFFERED, "1; 2"])
def test_a_deck_of_the_version_before_is_read_too(place: Path, tmp_path: Path, barrier: str) -> None:
    earlier = make_deck(tmp_path / "etela_espoo.fi.pptx", without="offers")
    full = fill_deck(earlier, tmp_path / "deck.pptx", [row("2", barrier)])
    assert bring(place, full).exit_code == 0
    assert [made["este"] for made in kept(place, KEPT)] == [SECOND.name["fi"]]


def test_a_metric_is_known_by_its_short_name_where_that_is_its_own() -> None:
    own = configs()
    assert own.metric_called("Takaisinsoitto 24 h") == METRIC
    assert own.metric_called("Hoitotakuu alle 23") == "care_guarantee_u23_pct"
    renamed = own.metrics[METRIC].model_copy(update={"short": own.metrics["nps"].short})
    assert replace(own, metrics={**own.metrics, METRIC: renamed}).metric_called("NPS") != METRIC


def test_a_matter_that_the_deck_brings_and_nobody_decides_on_is_counted_and_no_decision(
    place: Path, deck: Path, tmp_path: Path
) -> None:
    full = fill_deck(deck, tmp_path / "deck.pptx", [row(due=""), row("2")])
    result = bring(place, full)
    assert "note       slide 2: 1 of 2 rows hold no decision" in result.stdout
    assert [made["toimenpide"] for made in kept(place, KEPT)] == [SECOND.action["fi"]]


def test_a_register_without_columns_for_it_takes_the_action_alone(
    place: Path, deck: Path, tmp_path: Path
) -> None:
    shipped = (place / "configs").resolve()
    (place / "configs").unlink()
    shutil.copytree(shipped, place / "configs")
    source = place / "configs/sources/action_register.toml"
    lines = source.read_text(encoding="utf-8").splitlines(keepends=True)
    own = [line for line in lines if not line.startswith(("barrier ", "passed_over "))]
    source.write_text("".join(own), encoding="utf-8")
    full = fill_deck(deck, tmp_path / "deck.pptx", [row(due=""), row("2")])
    assert bring(place, full).exit_code == 0
    (made,) = kept(place, KEPT)
    assert (made["toimenpide"], "este" in made) == (SECOND.action["fi"], False)


def test_a_choice_beyond_what_is_offered_is_a_decision_in_own_words(
    place: Path, deck: Path, tmp_path: Path
) -> None:
    assert bring(place, fill_deck(deck, tmp_path / "deck.pptx", [row("7")])).exit_code == 0
    assert [made["toimenpide"] for made in kept(place, KEPT)] == ["7"]


@pytest.mark.parametrize(
    ("answers", "passed"),
    [
        ({"F6": FIRST.name["fi"], "G6": FIRST.action["fi"]}, ""),
        ({"F6": FIRST.name["fi"]}, ""),
        ({"F6": FIRST.name["fi"], "G6": "Oma keino"}, FIRST.action["fi"]),
        ({"F6": "remontti"}, EVERYTHING),
        ({"G6": "seurataan, perustelu: remontti"}, f"{FIRST.action['fi']} | {SECOND.action['fi']}"),
        ({"J6": "kyllä, tukea tarvitaan"}, ""),
    ],
)
def test_a_note_keeps_what_the_workbook_offered_and_the_answer_passed_over(
    place: Path, tmp_path: Path, answers: dict[str, str], passed: str
) -> None:
    asked = make_workbook(tmp_path / "tapiola.fi.xlsx", metrics=(METRIC,))
    assert bring_notes(place, fill_workbook(asked, tmp_path / "full.xlsx", answers)).exit_code == 0
    (made,) = kept(place, "data/2026-08/valmistelut.xlsx")
    assert made["ei_otettu_käyttöön"] == passed


def test_an_answer_that_takes_the_offer_after_all_passes_nothing_over(place: Path, tmp_path: Path) -> None:
    asked = make_workbook(tmp_path / "tapiola.fi.xlsx", metrics=(METRIC,))
    for cause in ("remontti", FIRST.name["fi"]):
        full = fill_workbook(asked, tmp_path / "full.xlsx", {"F6": cause})
        assert ask(place, "notes", "import", str(full), "--month", "2026-08", "--yes").exit_code == 0
    assert [made["ei_otettu_käyttöön"] for made in kept(place, "data/2026-08/valmistelut.xlsx")] == [""]
