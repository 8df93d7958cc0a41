"""Calls by weekday and hour: a table whose cells are the darker the more calls they hold."""

from __future__ import annotations

from typing import Any

from opti_reports.model.pack import Pack, Table
from opti_reports.model.report import Distribution
from opti_reports.model.value import Value
from opti_reports.packs.build import build
from opti_reports.periods.cadence import MONTH
from opti_reports.periods.period import Period
from tests.packs import fixture
from tests.packs.world import DATA_MONTH, spec

BLOCK = {
    "kind": "shaded",
    "metric": "calls_n",
    "fact": "calls",
    "rows": "arrived_weekday",
    "levels": "arrived_hour",
    "title": {"fi": "Puhelut", "sv": "Samtal", "en": "Calls"},
}
HOURS = ("0", "7", "8", "9", "10", "15", "22")


def day(row: str, *counts: int, org: str = "ranta", withheld: bool = False) -> Distribution:
    return Distribution(org=org, row=row, levels=HOURS, counts=counts, n=sum(counts), withheld=withheld)


WEEK = (
    day("1", 0, 2, 40, 20, 0, 10, 0),
    day("2", 1, 1, 30, 20, 10, 10, 0),
    day("5", 0, 0, 10, 10, 5, 9, 0),
    day("7", 0, 0, 1, 0, 0, 0, 1),
)


def pack(*days: Distribution, language: str = "fi", values: tuple[Value, ...] = ()) -> Pack:
    key = ("calls", "arrived_weekday", "arrived_hour", Period(MONTH, DATA_MONTH))
    made = fixture.material(*values, distributions={key: days})
    return build(made, spec("koe", "yksikko", BLOCK), "ranta", language)


def table(*days: Distribution, **more: Any) -> Table:
    (found,) = pack(*days, **more).sections[0].blocks
    assert isinstance(found, Table)
    return found


def test_each_cell_is_the_number_of_calls_of_a_weekday_and_hour() -> None:
    """Nights, early mornings and the Sunday hold less than a fiftieth each: one row and one column."""
    found = table(*WEEK)
    heads = [column.label for column in found.columns]
    assert heads == ["Viikonpäivä, klo", "8", "9", "10", "15", "Muut", "Yhteensä"]
    assert found.rows == (
        ("Maanantai", "40", "20", "0", "10", "2", "72"),
        ("Tiistai", "30", "20", "10", "10", "2", "72"),
        ("Perjantai", "10", "10", "5", "9", "0", "34"),
        ("Muut", "1", "0", "0", "0", "1", "2"),
    )
    assert sum(int(row[-1]) for row in found.rows) == sum(one.n for one in WEEK)


def test_the_busiest_hour_is_said_and_the_darkest() -> None:
    found = table(*WEEK)
    assert found.caption == "Puhelut: vilkkain aika maanantai, klo 8 (40)"
    shades = {(row, column): shade for row, column, shade in found.shades}
    assert shades[0, 1] == 4
    assert (shades[1, 1], shades[0, 2], shades[2, 1]) == (3, 2, 1)
    assert (0, 3) not in shades  # nobody called
    assert not [
        place for place in shades if place[0] == 3 or place[1] == 5
    ]  # what is added up is not an hour
    assert table(*WEEK, language="sv").caption == "Samtal: flest måndag, kl. 8 (40)"


def test_units_without_calls_have_no_table_and_days_without_a_time_of_day_say_so() -> None:
    midnight = table(day("1", 70, 0, 0, 0, 0, 0, 0), day("2", 71, 0, 0, 0, 0, 0, 0))
    assert (midnight.caption, midnight.rows, midnight.empty) == ("Puhelut", (), "Ei tietoa tästä jaksosta.")
    assert table().empty == midnight.empty, "calls were counted, their hours were not"
    none = fixture.value("calls_n", "ranta", Period(MONTH, DATA_MONTH), part=0)
    assert pack(day("1", 1, 2, 3, 4, 5, 6, 7, org="metsa"), values=(none,)).sections == ()


def test_it_is_withheld_from_those_who_may_not_see_single_cases() -> None:
    found = table(day("1", *[0] * 7, withheld=True))
    assert (found.rows, found.empty) == ((), "suojattu")


def test_a_metric_below_has_a_figure_for_each_hour_and_one_for_all() -> None:
    """Hours that are added up have none; what is of no hour shown is in nobody's cell."""
    now = Period(MONTH, DATA_MONTH)
    by_hour = {"8": 3, "9": 7, "15": 2, "22": 99}
    waits = [
        fixture.value("calls_n", "ranta", now, part=part, breakdown="nature", key=hour)
        for hour, part in by_hour.items()
    ]
    block = BLOCK | {"levels": "nature", "below": "calls_n"}
    key = ("calls", "arrived_weekday", "nature", now)
    made = fixture.material(fixture.value("calls_n", "ranta", now, part=5), *waits, distributions={key: WEEK})
    (found,) = build(made, spec("koe", "yksikko", block), "ranta", "fi").sections[0].blocks
    assert isinstance(found, Table)
    *counted, last = found.rows
    assert last[1:] == ("3", "7", "", "2", "", "5")
    assert len({len(row) for row in found.rows}) == 1
    assert counted[0] == ("Maanantai", "40", "20", "0", "10", "2", "72")
