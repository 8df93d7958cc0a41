"""When a delivery is doubted to tell its whole month: by table, on made-up counts of three units."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Iterable, Mapping

import pytest

from opti_reports.config.guards import Guards
from opti_reports.facts import silences
from opti_reports.facts.arrivals import Arrived, World
from opti_reports.model.delivery import FileRows, RowCounts, UnitDays, UnitRows
from opti_reports.model.organisation import Organisation, Unit
from opti_reports.model.report import Doubt
from opti_reports.periods.months import first_date, month_text, parse_month
from tests.algebra.rows import FINLAND
from tests.extracts.reading import SOURCE

NOW = parse_month("2026-03")
DAILY = {"A": 4, "B": 3, "C": 1}
"""Rows of each unit's code on a working day; A and B come in one file, C in another."""
FILE = {"A": 0, "B": 0, "C": 1}
AB, C = (f"visits_{units}_{NOW}.csv" for units in ("ab", "c"))
Keep = Callable[[str, dt.date], bool]


def unit(code: str, first: int = 0, last: int | None = None) -> Unit:
    """A unit with a code of the source."""
    names = {"fi": f"Yksikkö {code}"}
    return Unit(
        id=code.lower(),
        level="unit",
        type="",
        parent="whole",
        names=names,
        first=first,
        last=last,
        successor=None,
        small_staff_group=False,
        codes={"visits": (code,)},
    )


WHOLE = Unit(
    id="whole",
    level="whole",
    type="",
    parent=None,
    names={"fi": "Kaikki"},
    first=0,
    last=None,
    successor=None,
    small_staff_group=False,
    codes={},
)
OTHER = Unit(
    id="other",
    level="unit",
    type="",
    parent="whole",
    names={"fi": "Muut"},
    first=0,
    last=None,
    successor=None,
    small_staff_group=False,
    codes={},
)


def organisation(*units: Unit) -> Organisation:
    """The units below the whole."""
    return Organisation(("whole", "unit"), {}, (WHOLE, OTHER, *units), "other")


UNITS = organisation(unit("A"), unit("B"), unit("C"))


def working(day: dt.date) -> bool:
    """Whether somebody works: no weekend, and no holiday of the months used here."""
    free = {dt.date(2025, 12, d) for d in (6, 24, 25, 26)} | {dt.date(2026, 1, d) for d in (1, 6)}
    return day.weekday() < 5 and day not in free


def days(month: int) -> list[dt.date]:
    """The days of a month."""
    first = first_date(month)
    return [first.replace(day=d + 1) for d in range(calendar.monthrange(first.year, first.month)[1])]


def month(
    at: int,
    keep: Keep = lambda code, day: True,
    keys: tuple[str, str] = ("", ""),
    *,
    gone: bool = False,
    daily: Mapping[str, int] = DAILY,
) -> Arrived:
    """A delivery of a month: the daily rows of each unit, those that are kept.

    A unit without any has rows of another month, unless they are gone too.
    """
    rows = {c: [n if working(d) and keep(c, d) else 0 for d in days(at)] for c, n in daily.items()}
    total = sum(sum(own) for own in rows.values())
    by_month = {at - 1: 100, at: total} if total else {at - 1: 100}
    counts = RowCounts(
        read=total + 100,
        used=total + 100,
        rejected=0,
        outside=0,
        older=0,
        by_month=by_month,
        reasons={},
        empty_cells={},
        ignored_columns=(),
        units=tuple(UnitRows("visits", c, at, sum(own)) for c, own in rows.items() if sum(own)),
        files=tuple(
            FileRows(f"visits_{u}_{at}.csv", keys[n] or f"{at}-{u}") for n, u in enumerate(("ab", "c"))
        ),
        days=tuple(UnitDays(FILE[c], c, tuple(own)) for c, own in rows.items() if sum(own) or not gone),
    )
    return Arrived(at, counts)


def clean(months: int = 6, until: int = NOW) -> list[Arrived]:
    """So many months up to another, nothing missing."""
    return [month(at) for at in range(until - months, until)]


def doubts(
    newest: Arrived,
    before: Iterable[Arrived] | None = None,
    units: Organisation = UNITS,
    also: Mapping[str, list[Arrived]] | None = None,
) -> list[Doubt]:
    """What is doubted of the newest month; ``also`` are deliveries of other sources."""
    own = {"visits": [*(clean() if before is None else before), newest], **(also or {})}
    sources = {id: SOURCE.model_copy(update={"id": id}) for id in own}
    world = World(units, FINLAND, Guards())
    return [d for d in silences.doubts(sources, own, world) if d.month == NOW and d.source == "visits"]


def told(found: Iterable[Doubt]) -> list[tuple[str, str, str, str, str]]:
    """Each doubt as its kind, units, file, first and last day."""
    return [(d.kind, " ".join(d.units), d.file, str(d.first or ""), str(d.last or "")) for d in found]


def without(codes: str, first: int = 1, last: int = 31) -> Keep:
    """Rows of all but some units on some days."""
    return lambda code, day: not (code in codes and first <= day.day <= last)


@pytest.mark.parametrize(
    ("keep", "expected"),
    [
        (without(""), []),
        (without("ABC", 26), [("ends_early", "a b c", "", "2026-03-26", "2026-03-31")]),
        (without("AB", 11), [("ends_early", "a b", AB, "2026-03-11", "2026-03-31")]),
        (without("A", 11), [("ends_early", "a", "", "2026-03-11", "2026-03-31")]),
        (without("C", 11), [("ends_early", "c", C, "2026-03-11", "2026-03-31")]),
        (without("ABC", 1, 10), [("starts_late", "a b c", "", "2026-03-01", "2026-03-10")]),
        (without("B", 9, 20), [("hole", "b", "", "2026-03-09", "2026-03-22")]),
        (without("ABC", 12, 13), [("hole", "a b c", "", "2026-03-12", "2026-03-15")]),
        (without("A"), [("silent", "a", "", "2026-03-01", "2026-03-31")]),
        (without("AC"), [("silent", one, "", "2026-03-01", "2026-03-31") for one in "ac"]),
        (without("ABC"), [("no_rows", "a b c", "", "", "")]),
        (without("C", 27), []),  # three rows less of a small unit are chance
        (without("A", 31), []),  # a day of one unit is chance
        (lambda code, day: day.day % 4 == 0, [("shrunk", "a b c", "", "", "")]),
        (lambda code, day: code != "A" or day.day % 4 == 0, [("shrunk", "a", "", "", "")]),
        (lambda code, day: code != "C" or day.day % 4 == 0, [("shrunk", "c", "", "", "")]),
    ],
)  # fmt: skip
def test_what_is_missing_is_doubted_where_it_is_no_chance(
    keep: Keep, expected: list[tuple[str, str, str, str, str]]
) -> None:
    assert told(doubts(month(NOW, keep))) == expected


def test_more_rows_than_ever_are_doubted_where_it_is_no_chance() -> None:
    usual, double = dict(DAILY), {"A": 8, "B": 6, "C": 2}
    assert told(doubts(month(NOW, daily=double))) == [("grown", "a b c", "", "", "")]
    assert told(doubts(month(NOW, daily=usual | {"A": 8}))) == [("grown", "a", "", "", "")]
    (found,) = doubts(month(NOW, daily=usual | {"A": 8}))
    assert (found.rows, found.expected) == (176, 92)
    assert doubts(month(NOW, daily=usual | {"A": 5})) == []
    confirmed = month(NOW, daily=double)
    assert doubts(Arrived(NOW, confirmed.counts, ("whole",))) == []


def test_the_numbers_say_what_was_to_be_expected() -> None:
    assert doubts(month(NOW, without("ABC", 26)))[0].expected == 32
    assert doubts(month(NOW, without("A")))[0].expected == 83
    assert doubts(month(NOW, without("ABC")))[0].expected == 157
    small = doubts(month(NOW, lambda code, day: day.day % 4 == 0))[0]
    assert (small.rows, small.expected) == (40, 160)


def test_a_file_that_ends_early_doubts_the_units_it_usually_has_too() -> None:
    newest = month(NOW, lambda code, day: code == "C" or (code == "A" and day.day < 11), gone=True)
    assert told(doubts(newest)) == [("ends_early", "a b", AB, "2026-03-11", "2026-03-31")]


def test_a_file_with_the_rows_of_an_earlier_one_is_named() -> None:
    before = [*clean(5, NOW - 1), month(NOW - 1, keys=("same", ""))]
    found = doubts(month(NOW, without("AB"), keys=("same", "")), before)
    assert told(found) == [("repeated", "a b", AB, "", "")]
    assert found[0].like == f"{month_text(NOW - 1)}/visits_ab_{NOW - 1}.csv"


def test_a_delivery_that_repeats_the_last_one_has_no_rows() -> None:
    before = [*clean(5, NOW - 1), month(NOW - 1, keys=("one", "two"))]
    found = doubts(month(NOW, without("ABC"), keys=("one", "two")), before)
    assert [(d.kind, d.file, d.like) for d in found] == [("no_rows", AB, f"2026-02/visits_ab_{NOW - 1}.csv")]


@pytest.mark.parametrize("confirmed", [("a", "b"), ("whole",)])
def test_what_is_confirmed_is_not_doubted(confirmed: tuple[str, ...]) -> None:
    newest = month(NOW, without("AB", 11))
    assert doubts(Arrived(NOW, newest.counts, confirmed)) == []
    assert [d.units for d in doubts(Arrived(NOW, newest.counts, ("b",)))] == [("a",)]


def test_a_fault_that_was_not_mended_is_one_again() -> None:
    before = [*clean(5, NOW - 1), month(NOW - 1, without("A", 11))]
    assert told(doubts(month(NOW, without("A", 11)), before)) == [
        ("ends_early", "a", "", "2026-03-11", "2026-03-31")
    ]


def test_a_unit_that_is_often_silent_for_long_is_not_doubted() -> None:
    before = [*clean(4, NOW - 2), *(month(at, without("A", 1, 24)) for at in (NOW - 2, NOW - 1))]
    assert doubts(month(NOW, without("A", 1, 20)), before) == []
    empty = [*clean(4, NOW - 2), *(month(at, without("A")) for at in (NOW - 2, NOW - 1))]
    assert doubts(month(NOW, without("A")), empty) == []


def test_rows_that_come_once_a_month_are_no_silence() -> None:
    monthly: Keep = lambda code, day: day.day == 2  # noqa: E731
    before = [month(at, monthly) for at in range(NOW - 6, NOW)]
    assert doubts(month(NOW, monthly), before) == []


def test_with_less_history_than_three_months_only_a_required_source_without_rows_is_doubted() -> None:
    assert doubts(month(NOW, without("A", 11)), clean(2)) == []
    assert doubts(month(NOW, without("A")), clean(2)) == []
    assert [d.kind for d in doubts(month(NOW, without("ABC")), clean(1))] == ["no_rows"]


def test_a_closed_unit_a_new_one_and_one_silent_everywhere_are_not_doubted() -> None:
    closed = organisation(unit("A", last=NOW - 1), unit("B"), unit("C"))
    assert doubts(month(NOW, without("A")), units=closed) == []
    new = organisation(unit("A", first=NOW - 1), unit("B"), unit("C"))
    assert doubts(month(NOW, without("A")), units=new) == []
    shut = {id: [*clean(), month(NOW, without("A", 9, 25))] for id in ("phone", "digital")}
    assert doubts(month(NOW, without("A", 9, 25)), also=shut) == []
    assert told(doubts(month(NOW, without("A", 9, 25)), also={"phone": shut["phone"]})) == [
        ("hole", "a", "", "2026-03-09", "2026-03-25")
    ]


def test_a_register_is_never_doubted() -> None:
    register = SOURCE.model_copy(update={"may_repeat": True})
    same = ("one", "two")
    own = [*clean(5, NOW - 1), month(NOW - 1, keys=same), month(NOW, without("ABC"), keys=same)]
    world = World(UNITS, FINLAND, Guards())
    assert silences.doubts({"visits": register}, {"visits": own}, world) == ()
