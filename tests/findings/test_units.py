"""Units compared from masked values: which metrics and units are in a funnel, and which never are."""

from __future__ import annotations

from typing import Any

import pytest

from opti_reports.config.pack import PackSpec
from opti_reports.findings.comparison import STEPS
from opti_reports.findings.units import RECENT, Units
from opti_reports.model.comparison import Funnel, alike
from opti_reports.model.organisation import Tree, Unit
from opti_reports.model.value import Reason, Value, Values
from tests.findings.world import AUGUST, metric, month, share, value

NAMES = ("a", "b", "c", "d", "e", "f")


def _node(id: str, level: str, parent: str | None, kind: str = "station") -> Unit:
    return Unit(
        id=id,
        level=level,
        type=kind,
        parent=parent,
        names={"fi": id},
        first=0,
        last=None,
        successor=None,
        small_staff_group=False,
        codes={},
    )


NODES = (
    _node("all", "whole", None),
    _node("south", "area", "all"),
    *(_node(name, "unit", "south") for name in NAMES),
    _node("line", "unit", "south", "phone"),
    _node("nowhere", "unit", "south"),
)
TREE = Tree(NODES, {})


def pack(kind: str = "comparison", level: str = "area", **more: Any) -> PackSpec:
    words = {"fi": "x"}
    block = {"kind": kind, "metrics": ["m"], **more}
    section = {"id": "s", "title": words, "block": [block]}
    return PackSpec.model_validate(
        {
            "id": "p",
            "name": words,
            "meeting": words,
            "level": level,
            "audience": "all",
            "format": "pdf",
            "section": [section],
        }
    )


def counted(kept: int, of: int, org: str, back: int = 0, **more: Any) -> Value:
    """A share whose interval is known: one of counted cases."""
    return share(kept, of, org, back)._replace(interval=(0.0, 100.0), **more)


def funnels(*values: Value, unit: str = "percent", **more: Any) -> dict[Any, Funnel]:
    units = Units(Values(values), {"m": metric(unit, min_n=30)}, TREE, {"m": AUGUST}, "nowhere")
    return units.funnels([pack(**more)])


def test_units_of_one_type_are_compared_in_their_order_without_those_that_belong_nowhere() -> None:
    assert alike(TREE, "south", "children", "nowhere") == (NAMES,)
    assert alike(TREE, "all", "units", "nowhere") == (NAMES,)
    assert alike(TREE, "all", "children", "nowhere") == ()  # one area: nothing to compare


def test_a_funnel_is_of_the_units_that_may_be_seen() -> None:
    withheld = Value(metric="m", org="b", period=month(), state="withheld", reason=Reason("withheld", of=5))
    found = funnels(counted(50, 100, "a"), withheld, counted(90, 100, "c"), counted(9, 10, "d", state="few"))
    (made,) = found.values()
    assert list(found) == [("m", NAMES, month())]
    assert [(unit.org, unit.position == "too_few") for unit in made.units] == [
        ("a", False), ("c", False), ("d", True),
    ]  # fmt: skip
    assert made.centre == 149 / 210  # the few count for all, the withheld for nobody


def test_a_unit_said_to_be_too_few_is_not_judged_whatever_its_cases() -> None:
    (made,) = funnels(counted(50, 100, "a"), counted(90, 100, "b", state="few")).values()
    assert made.units[1].value is None


def test_means_sums_of_money_and_breakdowns_are_no_shares_of_cases() -> None:
    assert funnels(share(50, 100, "a"), share(60, 100, "b")) == {}
    assert funnels(counted(50, 100, "a"), counted(6, 100, "b"), unit="nps") == {}
    assert funnels(counted(50, 100, "a", breakdown="kind", key="x")) == {}
    assert funnels(value(50, "a", interval=(1.0, 2.0))) == {}


@pytest.mark.parametrize(
    ("more", "asked"),
    [({"kind": "funnel"}, True), ({"kind": "trends"}, False), ({"level": "unit"}, False)],
)
def test_only_what_packs_compare_is_computed(more: dict[str, Any], asked: bool) -> None:
    found = funnels(counted(50, 100, "a"), counted(60, 100, "b"), **more)
    assert bool(found) == asked


def test_old_periods_are_compared_by_nobody() -> None:
    assert list(funnels(counted(50, 100, "a", RECENT), counted(5, 100, "a", RECENT - 1))) == [
        ("m", NAMES, month(RECENT - 1))
    ]


def test_limits_are_drawn_from_the_smallest_unit_to_the_largest_and_nobody_speaks_of_few_units() -> None:
    (made,) = funnels(*(counted(50, 100 * (at + 1), name) for at, name in enumerate(NAMES))).values()
    sizes = [edge.n for edge in made.edges]
    assert len(sizes) == STEPS + 1
    assert sizes == sorted(sizes)
    assert sizes[0] < 100
    assert sizes[-1] > 600
    assert made.judged == len(NAMES)
    (four,) = funnels(*(counted(50, 100, name) for name in NAMES[:4])).values()
    assert four.judged == 4
    (none,) = funnels(counted(1, 3, "a", state="few")).values()
    assert none.edges == ()
