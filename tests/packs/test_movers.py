"""Every line of what is open or late says whose move it is; offers are read in the reader's language."""

from __future__ import annotations

from typing import Any

import pytest

from opti_reports.model.card import Remark, Remarks
from opti_reports.model.finding import Silent
from opti_reports.model.pack import Table
from opti_reports.model.report import ListRow
from opti_reports.packs.build import build
from opti_reports.packs.material import Material
from tests.packs import fixture
from tests.packs.world import configs, spec

PENDING = {"kind": "pending", "metrics": ["calls_n", "budget_pct"]}
RAISED = {"escalated_to": "palveluyksikko", "opened_at": "2026-02-02"}
LACKING = tuple(ListRow(org, {"haipro_with_staff_on": ""}) for org in ("ranta", "kallio"))


def open_or_late(found: Material, org: str, level: str, language: str = "fi") -> tuple[Remark, ...]:
    shown = spec("m", level, PENDING, {"kind": "list", "list": "open_haipro"})
    blocks = build(found, shown, org, language).sections[0].blocks
    (own,) = [block for block in blocks if isinstance(block, Remarks)]
    return own.items


def everything() -> Material:
    """A month in which something of every kind is open or late."""
    late = [fixture.action("ranta", f"T{at}", "2026-06-30") for at in range(5)]
    asked = [fixture.action("ranta", f"T{at}", "2026-12-31", **RAISED) for at in (6, 7)]
    lists = fixture.LISTS | {"actions": (*late, *asked), "omavalvonta": LACKING}
    return fixture.material(lists=lists, silences=(Silent("calls_n", "ranta", 4),))


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize(
    ("org", "level"), [("ranta", "yksikko"), ("etela", "palveluyksikko"), ("alue", "alue")]
)
def test_every_line_says_who_moves(org: str, level: str, language: str) -> None:
    found = open_or_late(everything(), org, level, language)
    assert len(found) >= 7
    assert [line.text for line in found if not line.role] == []
    assert all(line.role[0].isupper() for line in found)


def test_a_question_waits_for_the_role_of_the_level_that_was_asked() -> None:
    lines = open_or_late(everything(), "ranta", "yksikko")
    (raised,) = [line for line in lines if "ylemmältä tasolta" in line.text]
    assert raised.role == "Vetäjä palveluyksikko"


def test_late_actions_beyond_those_named_say_whose_they_are() -> None:
    more = [{"owner_role": "ylihoitaja"}, {"owner_role": "Tiimi X"}]
    rows = [fixture.action("ranta", f"T{at}", "2026-06-30") for at in range(3)]
    rows += [fixture.action("ranta", f"T{at}", "2026-07-30", **one) for at, one in enumerate(more, 3)]
    found = open_or_late(fixture.material(lists={"actions": tuple(rows)}), "ranta", "yksikko", "sv")
    (others,) = [line for line in found if line.text.startswith("Andra")]
    assert others.role == "Överskötare, Tiimi X"


def table(found: Material, org: str, level: str, entry: dict[str, Any], language: str) -> Table:
    (made,) = build(found, spec("m", level, entry), org, language).sections[0].blocks
    assert isinstance(made, Table)
    return made


@pytest.mark.parametrize("written", ["Ledande  överläkare", "chief physician", "JOHTAVA YLILÄÄKÄRI"])
def test_a_role_from_a_deck_in_another_language_is_known(written: str) -> None:
    row = fixture.action("ranta", "T1", "2026-12-31", owner_role=written)
    made = fixture.material(lists={"actions": (row,)})
    for language, role in (
        ("fi", "Johtava ylilääkäri"),
        ("sv", "Ledande överläkare"),
        ("en", "Chief physician"),
    ):
        found = table(made, "ranta", "yksikko", {"kind": "list", "list": "actions"}, language)
        assert found.rows[0][1] == role
        assert (0, 1) not in {mark[:2] for mark in found.languages}


def offered() -> tuple[str, dict[str, str]]:
    """A metric of the tiny organisation with what was tried for it."""
    metric = next(id for id, one in configs().metrics.items() if one.barrier)
    return metric, dict(configs().metrics[metric].barrier[0].action)


@pytest.mark.parametrize("written", ["fi", "sv"])
def test_an_action_that_was_offered_is_called_so_in_every_language(written: str) -> None:
    metric, words = offered()
    row = fixture.action("ranta", "T1", "2026-12-31", title=words[written].upper(), metric_id=metric)
    own = fixture.action("ranta", "T2", "2026-12-31", title="oma sanamuoto", metric_id=metric)
    other = fixture.action("ranta", "T3", "2026-12-31", title=words[written])
    made = fixture.material(lists={"actions": (row, own, other)})
    for language in ("fi", "sv", "en"):
        found = table(made, "ranta", "yksikko", {"kind": "list", "list": "actions"}, language)
        titles = [cells[0] for cells in found.rows]
        asked = words[language][:1].upper() + words[language][1:]
        assert titles == [f"{asked} (T1)", "oma sanamuoto (T2)", f"{words[written]} (T3)"]
        marked = {row for row, column, _ in found.languages if column == 0}
        assert marked == (set() if language == "fi" else {1, 2}), "what is translated is no Finnish"


def test_what_a_unit_chose_in_its_workbook_is_read_in_the_deck_s_language() -> None:
    metric, words = offered()
    barrier = configs().metrics[metric].barrier[0]
    note = {
        "month": "2026-08-01", "metric_id": metric, "cause": barrier.name["fi"], "action": words["fi"],
        "owner_role": "osastonhoitaja", "due_at": "", "support": "", "escalate": "",
    }  # fmt: skip
    made = fixture.material(lists=fixture.LISTS | {"preparations": (ListRow("ranta", note),)})
    found = table(made, "etela", "palveluyksikko", {"kind": "preparations", "list": "preparations"}, "en")
    assert found.rows[0][2].casefold() == barrier.name["en"]
    assert found.rows[0][3].casefold() == f"{words['en']}, head nurse"
