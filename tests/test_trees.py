"""Another tree over the same units: its nodes count as those of the line do, and both add up to the same."""

from __future__ import annotations

import shutil
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from opti_reports.config.configs import Configs
from opti_reports.config.load import load
from opti_reports.disclosure.gate import Gate
from opti_reports.model.organisation import Organisation, OtherTree, Unit
from opti_reports.model.value import SHOWN, Value, Values
from tests.findings.world import AUGUST, LEVELS, PROTECTION, UNITS, metric, month
from tests.oracle.dates import month_text
from tests.pipeline import computed
from tests.property.grid import HALF, grid
from tests.test_property import TINY, written

TREES = """
[[tree]]
id = "twins"
name = { en = "Twin" }
unallocated = "twin_rest"
level = [{ id = "top", name = { en = "Top" } }, { id = "part", name = { en = "Part" } }]
node = [
  { id = "twin", level = "top", name.en = "T" },
  { id = "twin_s", parent = "twin", level = "part", name.en = "S", units = ["ash", "dogwood", "elm", "fir"] },
  { id = "twin_n", parent = "twin", level = "part", name.en = "N", units = ["birch", "cedar"] },
  { id = "twin_rest", parent = "twin", level = "part", name.en = "R" },
]

[[tree]]
id = "cross"
name = { en = "Cross" }
unallocated = "cross_rest"
level = [{ id = "all", name = { en = "All" } }, { id = "piece", name = { en = "Piece" } }]
node = [
  { id = "cross_all", level = "all", name.en = "C" },
  { id = "cross_one", parent = "cross_all", level = "piece", name.en = "1", units = ["ash", "cedar"] },
  { id = "cross_two", parent = "cross_all", level = "piece", name.en = "2", units = ["elm"] },
  { id = "cross_rest", parent = "cross_all", level = "piece", name.en = "R" },
]
"""
"""One tree parts the units as the line does; the other lays its parts across it."""


@cache
def configs(folder: Path) -> Configs:
    shutil.copytree(TINY, folder)
    with (folder / "organisation.toml").open("a", encoding="utf-8") as file:
        file.write(TREES)
    return load(folder)


@pytest.fixture(scope="module")
def values(tmp_path_factory: pytest.TempPathFactory) -> Values:
    """All values of the tiny organisation with both trees."""
    place = tmp_path_factory.mktemp("trees")
    data = written(place / "data", [one for one in grid() if one.month <= HALF])
    return computed(configs(place / "configs"), data, place, month_text(HALF))


def of(values: Values, org: str) -> dict[tuple[object, ...], tuple[object, ...]]:
    """An organisation's figures by all but its name."""
    return {
        (v.metric, v.period, v.breakdown, v.key): (v.state, v.value, v.num, v.den, v.n, v.unknown, v.range)
        for v in values
        if v.org == org
    }


@pytest.mark.parametrize(
    ("twin", "own"),
    [("twin", "whole"), ("cross_all", "whole"), ("twin_s", "south"), ("twin_n", "north")],
)
def test_the_same_units_give_the_same_figures(values: Values, twin: str, own: str) -> None:
    wanted, found = of(values, own), of(values, twin)
    assert len(wanted) > 600
    assert {key for key in wanted.keys() | found.keys() if wanted.get(key) != found.get(key)} == set()


def test_counts_of_either_tree_add_up_to_the_same(values: Values) -> None:
    parts = ("cross_one", "cross_two", "cross_rest")
    whole = {key: told[2] for key, told in of(values, "whole").items() if key[0] in ("visits_n", "closed_n")}
    apart = [of(values, part) for part in parts]
    for key, number in whole.items():
        added = [one[key][2] for one in apart if key in one and one[key][2] is not None]
        assert sum(map(Fraction, added)) == (number or 0), key  # type: ignore[arg-type]
    assert sum(bool(number) for number in whole.values()) > 20


def other_tree(**of_unit: str) -> Organisation:
    """The small organisation with a tree whose parts ``one`` and ``two`` lie across its areas."""
    parts = {"cross": None, "one": "cross", "two": "cross"}
    nodes = tuple(replace(UNITS[0], id=id, level=id, parent=above) for id, above in parts.items())
    tree = OtherTree(names={}, levels=tuple(parts), nodes=nodes, of_unit=of_unit, unallocated="two")
    return Organisation(LEVELS, {level: {"fi": level} for level in LEVELS}, UNITS_OF_FOUR, "other", (tree,))


UNITS_OF_FOUR: tuple[Unit, ...] = (
    *(unit for unit in UNITS if unit.id != "b"),
    *(replace(UNITS[2], id=id, parent="all") for id in ("c", "d")),
)


def test_what_a_small_count_can_be_worked_out_from_across_trees_is_withheld_too() -> None:
    counts = {"a": 9, "c": 2, "d": 8, "other": 7}
    amounts = counts | {"south": 9, "one": 17, "two": 9}
    items = tuple(
        Value(metric="m", org=id, period=month(), state="ok", value=Fraction(n), num=Fraction(n), n=n)
        for id, n in amounts.items()
    )
    gate = Gate(
        {"m": metric("count", kind="total", num="f.n", sensitivity="five")},
        other_tree(a="one", d="one").tree(AUGUST),
        PROTECTION,
    )
    shown = {value.org for value in gate.publish(Values(items)).values if value.state in SHOWN}
    assert shown in ({"a", "d", "south", "one", "other"}, {"a", "d", "south", "one", "two"})
