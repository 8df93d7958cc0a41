"""Columns and answers of small expressions, written as plain Python values.

None is an empty cell, UNKNOWN one of which nobody can tell what it holds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from enum import Enum
from fractions import Fraction

import numpy as np

from opti_reports.algebra.calendar import DAY, MIDSUMMER_EVE, calendar, date_of, day_number
from opti_reports.algebra.expression import evaluate
from opti_reports.algebra.functions import Context, Rule
from opti_reports.algebra.vector import Kind, Vector

FINLAND = calendar("FI", "Europe/Helsinki", ("12-24", MIDSUMMER_EVE))
ALWAYS = (day_number(dt.date(1900, 1, 1)), day_number(dt.date(2999, 12, 31)))


class Unknown(Enum):
    """The type of UNKNOWN."""

    UNKNOWN = "?"


UNKNOWN = Unknown.UNKNOWN
Answer = bool | Fraction | str | Unknown | None


def context(asof: str = "2026-08-31", **limits: tuple[Rule, ...]) -> Context:
    """What the expressions may know; limits by id."""
    return Context(day_number(dt.date.fromisoformat(asof)), FINLAND, limits)


def rule(kind: str, value: int, first: str = "1900-01-01", last: str = "2999-12-31") -> Rule:
    """One version of a limit."""
    return Rule(
        kind, value, day_number(dt.date.fromisoformat(first)), day_number(dt.date.fromisoformat(last))
    )


def _vector(kind: Kind, cells: Sequence[int | Unknown | None], denominator: int = 1) -> Vector:
    # The integer of a cell that is not filled means nothing: a large one shows whether something reads it.
    data = np.array([cell if isinstance(cell, int) else 987_654 for cell in cells], dtype=np.int64)
    filled = np.array([isinstance(cell, int) for cell in cells], dtype=bool)
    return marked(Vector(kind=kind, data=data, filled=filled, denominator=denominator), cells)


def marked(vector: Vector, cells: Sequence[object]) -> Vector:
    """The vector with its unknown cells marked; without any it is a plain one."""
    unknown = np.array([cell is UNKNOWN for cell in cells], dtype=bool)
    return replace(vector, unknown=unknown) if unknown.any() else vector


def number(*cells: float | str | Unknown | None, denominator: int = 1) -> Vector:
    """Numbers kept over a denominator."""
    exact = [
        cell if cell is None or isinstance(cell, Unknown) else int(Fraction(str(cell)) * denominator)
        for cell in cells
    ]
    return _vector("number", exact, denominator)


def boolean(*cells: bool | Unknown | None) -> Vector:
    """Yes, no or not recorded."""
    return _vector("boolean", [int(cell) if isinstance(cell, bool) else cell for cell in cells])


def text(*cells: str | Unknown | None, codes: tuple[str, ...] | None = None) -> Vector:
    """Texts; with ``codes`` a coded column."""
    words = tuple(dict.fromkeys(cell for cell in cells if isinstance(cell, str)))
    data = np.array([words.index(cell) if isinstance(cell, str) else 0 for cell in cells], dtype=np.int64)
    filled = np.array([isinstance(cell, str) for cell in cells], dtype=bool)
    return marked(
        Vector(kind="text", data=data, filled=filled, denominator=1, words=words, codes=codes), cells
    )


def date(*cells: str | Unknown | None) -> Vector:
    """Dates in ISO form."""
    return _vector(
        "date",
        [day_number(dt.date.fromisoformat(cell)) if isinstance(cell, str) else cell for cell in cells],
    )


def moment(*cells: str | Unknown | None) -> Vector:
    """Local wall-clock times in ISO form."""
    wall = [wall_seconds(cell) if isinstance(cell, str) else cell for cell in cells]
    utc = [int(FINLAND.to_utc(np.array([w]))[0]) if isinstance(w, int) else w for w in wall]
    return _vector("datetime", utc)


def instants(*utc: int) -> Vector:
    """Instants in seconds since 1970-01-01 00:00 UTC."""
    return _vector("datetime", list(utc))


def wall_seconds(iso: str) -> int:
    """A wall-clock time as seconds since 1970-01-01 00:00 of the same clock."""
    return int((dt.datetime.fromisoformat(iso) - dt.datetime(1970, 1, 1)).total_seconds())


def answers(expression: str, known: Context | None = None, /, **columns: Vector) -> list[Answer]:
    """The value of the expression in every row."""
    size = len(next(iter(columns.values()))) if columns else 1
    return shown(evaluate(expression, columns, size, known or context()))


def answer(expression: str, known: Context | None = None, /, **columns: Vector) -> Answer:
    """The value of the expression in the only row."""
    (found,) = answers(expression, known, **columns)
    return found


def shown(vector: Vector) -> list[Answer]:
    """The cells of a vector as plain values."""
    unknown = np.zeros(len(vector), dtype=bool) if vector.unknown is None else vector.unknown
    assert not (unknown & vector.filled).any(), "a cell is known and unknown at once"
    return [
        _cell(vector, int(v)) if filled else UNKNOWN if open_ else None
        for v, filled, open_ in zip(vector.data, vector.filled, unknown, strict=True)
    ]


def _cell(vector: Vector, value: int) -> Answer:
    if vector.kind == "boolean":
        return bool(value)
    if vector.kind == "number":
        return Fraction(value, vector.denominator)
    if vector.kind == "text":
        return vector.words[value]
    if vector.kind == "date":
        return date_of(value).isoformat()
    wall = int(FINLAND.to_wall(np.array([value]))[0])
    return f"{date_of(wall // DAY)} {wall % DAY // 3600:02d}:{wall % 3600 // 60:02d}"
