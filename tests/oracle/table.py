"""From entries (one counted row each) to cells: every cell is computed from its own list of entries."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

from .dates import first_day, last_day, month_of, month_text, week_text
from .known import Known


class Key(NamedTuple):
    """Where a cell stands; ``breakdown`` and ``key`` are "" for the headline."""

    metric: str
    org: str
    kind: str
    period: str
    breakdown: str
    key: str


class Cell(NamedTuple):
    """A value before masking.

    ``numerator`` and ``denominator`` are exact sums (None where the figure is no ratio); ``value`` is
    None when it cannot be computed; ``n`` counts the rows, answers, clients or units it rests on
    (None: not a count).
    """

    numerator: Fraction | None
    denominator: Fraction | None
    value: Fraction | None
    n: int | None


class Entry(NamedTuple):
    """One counted row: its unit, the day that says which period it counts in, its data and breakdown keys."""

    unit: str
    day: date
    data: Any
    keys: tuple[tuple[str, str], ...] = (("", ""),)


class Place(NamedTuple):
    """What a formula may know of its cell: lowest level or not, and the covered months of its window."""

    is_unit: bool
    months: int


Cells = dict[Key, Cell]
Formula = Callable[[list[Any], Place], Cell]
Period = tuple[str, str]

MONTHLY = ("month", "tertial", "whole_year")
WEEKLY = ("month", "tertial", "iso_week")
OF_WEEKS = ("month", "tertial", "own_week")
"""The same of rows that are of whole weeks: such a row has all days, whichever months they lie in."""
SNAPSHOT = ("month", "tertial_last")


def keys(row: dict[str, Any], *columns: str, headline: bool = True) -> tuple[tuple[str, str], ...]:
    """Return the headline and one key per breakdown column of a row (an empty cell is the key "")."""
    head = [("", "")] if headline else []
    return (*head, *((column, str(row.get(column, ""))) for column in columns))


def tertial_months(month: int) -> range:
    """Return the four months of the tertial a month lies in."""
    first = month - month % 12 % 4
    return range(first, first + 4)


def _periods(rule: str, day: date, covered: frozenset[int], until: int) -> Iterator[Period]:
    """Yield the periods a day counts in under one rule."""
    month = month_of(day)
    december = month - month % 12 + 11
    tertial = tertial_months(month)
    if rule in ("month", "wave"):
        yield rule, month_text(month)
    elif rule in ("iso_week", "own_week"):
        yield "iso_week", week_text(day)
    elif rule in ("tertial", "tertial_last"):
        last_only = rule == "tertial_last" and month != max(covered & set(tertial), default=month)
        if tertial[-1] <= until and not last_only:
            yield "tertial", f"{month // 12}-T{month % 12 // 4 + 1}"
    elif rule == "ytd":
        yield from ((rule, month_text(m)) for m in range(month, min(december, until) + 1))
    elif rule == "whole_year":
        yield from (("rolling_12m", month_text(end)) for end in (until - 12, until) if 0 <= end - month < 12)
    elif rule == "rolling_12m":
        yield from ((rule, month_text(m)) for m in range(month, min(month + 11, until) + 1))


def _present(rules: Iterable[str], covered: frozenset[int], until: int) -> Counter[Period]:
    """Count the covered months of every period that has one."""
    present: Counter[Period] = Counter()
    for month in sorted(covered):
        for rule in rules:
            if rule in ("iso_week", "own_week"):
                thursdays = (day for day in _days(month) if day.weekday() == 3)
                whole = (day for day in thursdays if rule == "own_week" or has_days_of(day, covered))
                present.update(("iso_week", week_text(day)) for day in whole)
            else:
                present.update(_periods(rule, first_day(month), covered, until))
    return present


def has_days_of(thursday: date, covered: frozenset[int]) -> bool:
    """Return whether every day of a Thursday's week lies in a covered month."""
    return all(month_of(thursday + timedelta(days=n)) in covered for n in range(-3, 4))


def _days(month: int) -> Iterator[date]:
    first, last = first_day(month), last_day(month)
    return (first.replace(day=number) for number in range(1, last.day + 1))


def tabulate(
    known: Known,
    metric: str,
    entries: Iterable[Entry],
    formula: Formula,
    rules: tuple[str, ...] = MONTHLY,
    *,
    covered: frozenset[int],
) -> Cells:
    """Return the cells of a metric: the headline everywhere data exists, breakdown keys where they occur."""
    tree = known.organisation.tree
    present = _present(rules, covered, known.month)
    lists: dict[tuple[str, str, str, str, str], list[Any]] = defaultdict(list)
    periods_of: dict[date, list[Period]] = {}
    above = {unit: known.organisation.upwards(unit) for unit in tree}
    for entry in entries:
        if month_of(entry.day) not in covered:
            continue
        if entry.day not in periods_of:
            found = (p for rule in rules for p in _periods(rule, entry.day, covered, known.month))
            periods_of[entry.day] = [p for p in found if p in present]
        for kind, period in periods_of[entry.day]:
            for org in above[entry.unit]:
                for breakdown, key in entry.keys:
                    lists[org, kind, period, breakdown, key].append(entry.data)
    for kind, period in present:
        for org in tree:
            lists[org, kind, period, "", ""]  # a delivered month without rows is zero, not missing
    lowest = known.organisation.lowest
    return {
        Key(metric, *where): formula(
            found, Place(tree[where[0]].level == lowest, present[where[1], where[2]])
        )
        for where, found in lists.items()
    }
