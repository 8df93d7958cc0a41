"""The functions of expressions. Each says what it takes, what an empty argument gives, and its rounding.

Unless said otherwise a result is empty where any argument is empty, else unknown where any is unknown, and
nothing is rounded: elapsed times are exact fractions of an hour or minute.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from opti_reports.algebra.calendar import Calendar, add_months, first_day, month_of
from opti_reports.algebra.tables import Table, quotient
from opti_reports.algebra.vector import (
    Bool,
    Int,
    Kind,
    Vector,
    aligned,
    boolean,
    constant,
    empty,
    some,
    undecided,
    unknown_cells,
)
from opti_reports.errors import UnfitError
from opti_reports.messages.message import Shown, message

FIRST_YEAR, LAST_YEAR = 1900, 2199
QUARTERS = tuple(f"{year}-Q{quarter}" for year in range(FIRST_YEAR, LAST_YEAR + 1) for quarter in range(1, 5))
"""What quarters are called: the same words in every part of a column."""


@dataclass(frozen=True)
class Rule:
    """A time limit in force from ``first`` to ``last`` (day numbers of the start)."""

    kind: str
    value: int
    first: int
    last: int


@dataclass(frozen=True)
class Context:
    """What expressions may know besides the row: the data month's last day, the calendar, limits, tables."""

    asof: int
    calendar: Calendar
    limits: dict[str, tuple[Rule, ...]]
    tables: Mapping[str, Table] = field(default_factory=dict)


class MismatchError(UnfitError):
    """An argument of the wrong kind; the message says which and what fits."""


def need(vector: Vector, kinds: tuple[Kind, ...], what: Shown) -> Vector:
    """Return the vector, if it is of one of the kinds."""
    if vector.kind not in kinds:
        raise MismatchError("function.kind", what=what, kinds=kinds, kind=vector.kind)
    return vector


def as_day(vector: Vector, context: Context, what: Shown) -> Vector:
    """Return a date from a date or a datetime."""
    if need(vector, ("date", "datetime"), what).kind == "date":
        return vector
    return replace(vector, kind="date", data=context.calendar.to_day(vector.data))


def _date(args: list[Vector], context: Context) -> Vector:
    """Return the local date."""
    return as_day(args[0], context, "date()")


def _number(data: Int, args: list[Vector], denominator: int = 1) -> Vector:
    filled = np.logical_and.reduce([a.filled for a in args])
    return Vector(kind="number", data=data, filled=filled, denominator=denominator, unknown=undecided(args))


def _condition(mask: Bool, args: list[Vector]) -> Vector:
    """Return a condition that is false where an argument is empty, unknown where one is unknown."""
    certain = np.logical_and.reduce([mask, *(a.filled for a in args)])
    unknown = undecided(args)
    return boolean(certain, None if unknown is None else certain | unknown)


def _days(args: list[Vector], context: Context) -> Vector:
    """Return calendar days from the first date to the second."""
    a, b = (as_day(v, context, "days()") for v in args)
    return _number(b.data - a.data, args)


def _work_days(args: list[Vector], context: Context) -> Vector:
    """Return working days after the first date up to and including the second."""
    a, b = (as_day(v, context, "work_days()") for v in args)
    return _number(context.calendar.work_days(a.data, b.data), args)


def _elapsed(denominator: int) -> Callable[[list[Vector], Context], Vector]:
    def elapsed(args: list[Vector], context: Context) -> Vector:
        """Return elapsed time from the first datetime to the second, exact to the second."""
        del context
        a, b = (need(v, ("datetime",), message("function.argument")) for v in args)
        return _number(b.data - a.data, args, denominator)

    return elapsed


def _same_date(args: list[Vector], context: Context) -> Vector:
    """Return whether both are on the same local date; false where either is empty."""
    a, b = (as_day(v, context, "same_date()") for v in args)
    return _condition(a.data == b.data, [a, b])


def _office_hours(args: list[Vector], context: Context) -> Vector:
    """Return whether the instant is in office hours of a working day; false where empty."""
    a = need(args[0], ("datetime",), "office_hours()")
    return _condition(context.calendar.office_hours(a.data), [a])


def _within_months(args: list[Vector], context: Context) -> Vector:
    """Return whether the second date is at most n calendar months after the first; false where empty."""
    a, b = (as_day(v, context, "within_months()") for v in args[:2])
    end = add_months(a.data, _count(args[2]))
    return _condition(b.data <= end, [a, b])


def _count(vector: Vector) -> Int:
    need(vector, ("number",), message("function.count"))
    if vector.denominator != 1:
        raise MismatchError("function.whole")
    return vector.data


def _weekday(args: list[Vector], context: Context) -> Vector:
    """Return the local day of the week, 1 (Monday) to 7."""
    day = as_day(args[0], context, "weekday()")
    return _number((day.data + 3) % 7 + 1, args)


def _hour(args: list[Vector], context: Context) -> Vector:
    """Return the hour of the local clock, 0 to 23; the hour that October repeats is the same hour twice."""
    a = need(args[0], ("datetime",), "hour()")
    return _number(context.calendar.to_wall(a.data) // 3600 % 24, args)


def _year(args: list[Vector], context: Context) -> Vector:
    """Return the year of the date."""
    day = as_day(args[0], context, "year()")
    return _number(month_of(day.data) // 12 + 1970, args)


def _quarter(args: list[Vector], context: Context) -> Vector:
    """Return the quarter of the date, as ``2026-Q3``; empty before 1900 and after 2199."""
    day = as_day(args[0], context, "quarter()")
    at = month_of(day.data) // 3 + (1970 - FIRST_YEAR) * 4
    filled = day.filled & (at >= 0) & (at < len(QUARTERS))
    return replace(day, kind="text", data=np.where(filled, at, 0), filled=filled, words=QUARTERS)


def _quarter_end(args: list[Vector], context: Context) -> Vector:
    """Return the last day of the date's quarter."""
    day = as_day(args[0], context, "quarter_end()")
    return replace(day, data=first_day(month_of(day.data) // 3 * 3 + 3) - 1)


def _quotient(args: list[Vector], context: Context) -> Vector:
    """Return the first number over the second, rounded to hundredths; empty where the second is nothing."""
    del context
    part, whole = (need(v, ("number",), message("function.argument")) for v in args)
    return quotient(part, whole)


def _month_start(args: list[Vector], context: Context) -> Vector:
    """Return the first day of the date's month."""
    a = as_day(args[0], context, "month_start()")
    return replace(a, data=first_day(month_of(a.data)))


def _add(step: Callable[[Int, Int, Context], Int]) -> Callable[[list[Vector], Context], Vector]:
    def add(args: list[Vector], context: Context) -> Vector:
        """Return the date so many days, working days or months on (months are clamped to the month's end)."""
        a = as_day(args[0], context, message("function.date"))
        filled, unknown = a.filled & args[1].filled, undecided([a, args[1]])
        return replace(a, data=step(a.data, _count(args[1]), context), filled=filled, unknown=unknown)

    return add


def _is_null(args: list[Vector], context: Context) -> Vector:
    """Return whether the cell is empty."""
    del context
    a = args[0]
    return boolean(~a.filled & ~unknown_cells(a), ~a.filled) if a.unknown is not None else boolean(~a.filled)


def _not_null(args: list[Vector], context: Context) -> Vector:
    """Return whether the cell is filled."""
    del context
    a = args[0]
    return boolean(a.filled, None if a.unknown is None else a.filled | a.unknown)


def _same_kind(args: list[Vector], name: str) -> list[Vector]:
    kinds = sorted({a.kind for a in args})
    if len(kinds) > 1:
        raise MismatchError("function.one_kind", name=name, kinds=tuple(kinds))
    return aligned(args)


def _coalesce(args: list[Vector], context: Context) -> Vector:
    """Return the first argument that is not empty; unknown where an unknown one comes before it."""
    del context
    shared = _same_kind(args, "coalesce")
    result = shared[-1]
    for v in reversed(shared[:-1]):
        result = choose(v.filled if v.unknown is None else v.filled | v.unknown, v, result)
    return result


def _least(args: list[Vector], context: Context) -> Vector:
    """Return the smallest of the arguments that are not empty; unknown where any is unknown."""
    del context
    shared = _same_kind(args, "least")
    need(shared[0], ("number", "date", "datetime"), "least()")
    result = shared[0]
    for v in shared[1:]:
        result = choose(result.filled & (~v.filled | (result.data <= v.data)), result, v)
    if all(v.unknown is None for v in shared):
        return result
    unknown = np.logical_or.reduce([unknown_cells(v) for v in shared])
    return replace(result, filled=result.filled & ~unknown, unknown=some(unknown))


def choose(mask: Bool, yes: Vector, no: Vector) -> Vector:
    """Return ``yes`` where the mask is true, else ``no``; both already aligned."""
    known = yes.unknown is None and no.unknown is None
    return replace(
        yes,
        data=np.where(mask, yes.data, no.data),
        filled=np.where(mask, yes.filled, no.filled),
        codes=yes.codes if yes.codes == no.codes else None,
        unknown=None if known else some(np.where(mask, unknown_cells(yes), unknown_cells(no))),
    )


FUNCTIONS: dict[str, tuple[int, int, Callable[[list[Vector], Context], Vector]]] = {
    "is_null": (1, 1, _is_null),
    "not_null": (1, 1, _not_null),
    "coalesce": (2, 9, _coalesce),
    "least": (2, 9, _least),
    "date": (1, 1, _date),
    "month_start": (1, 1, _month_start),
    "year": (1, 1, _year),
    "quarter": (1, 1, _quarter),
    "quarter_end": (1, 1, _quarter_end),
    "weekday": (1, 1, _weekday),
    "hour": (1, 1, _hour),
    "days": (2, 2, _days),
    "work_days": (2, 2, _work_days),
    "hours": (2, 2, _elapsed(3600)),
    "minutes": (2, 2, _elapsed(60)),
    "same_date": (2, 2, _same_date),
    "office_hours": (1, 1, _office_hours),
    "within_months": (3, 3, _within_months),
    "quotient": (2, 2, _quotient),
    "add_days": (2, 2, _add(lambda d, n, _: d + n)),
    "add_work_days": (2, 2, _add(lambda d, n, c: c.calendar.add_work_days(d, n))),
    "add_months": (2, 2, _add(lambda d, n, _: add_months(d, n))),
}
"""Name: (fewest arguments, most arguments, function)."""

NULLARY = ("asof", "empty_date")
LIMITS, TABLES = ("limit", "limit_end"), ("worth",)
NAMES = (*FUNCTIONS, *NULLARY, *LIMITS, *TABLES)


def nullary(name: str, size: int, context: Context) -> Vector:
    """Return ``asof()``: the data month's last day; ``empty_date()``: an empty date."""
    return constant("date", context.asof, size) if name == "asof" else empty("date", size)
