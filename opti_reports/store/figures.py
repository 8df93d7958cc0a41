"""Figures worked out before, by the hash of everything they depend on.

Exact fractions are kept as text: they may be larger than any integer column, and each is read once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from opti_reports.errors import DamagedError
from opti_reports.model.value import Reason, Value
from opti_reports.periods.cadence import cadence
from opti_reports.periods.period import Period
from opti_reports.store import entries

TEXT = pa.dictionary(pa.int32(), pa.string())
COLUMNS = {
    "metric": TEXT,
    "org": TEXT,
    "period": TEXT,
    "state": TEXT,
    "value": TEXT,
    "num": TEXT,
    "den": TEXT,
    "n": pa.int64(),
    "low": pa.float64(),
    "high": pa.float64(),
    "breakdown": TEXT,
    "key": TEXT,
    "cause": TEXT,
    "have": pa.int64(),
    "of": pa.int64(),
    "unknown": pa.int64(),
    "least": TEXT,
    "most": TEXT,
}
"""The columns of a table of values, in the order of its fields (interval, range and reason are several)."""

TOLD = ("known_before", "exposed", "coarse")
"""What is noted of protection beside the figures."""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """A month's values, exact or as published, and those of the month before as its deliveries found them: of
    published ones only headlines that have changed since are kept.

    ``months`` are those that every source of a metric has delivered, the newest last; metrics that cannot be
    computed are not in it. ``known_before`` are metrics and organisations of withheld values that follow
    from what was published before, ``exposed`` those that follow from this too. ``coarse`` are metrics of
    which less is kept because their figures could not be protected one by one, and what is.
    """

    now: tuple[Value, ...]
    before: tuple[Value, ...]
    months: Mapping[str, tuple[int, ...]]
    known_before: tuple[tuple[str, str], ...] = ()
    exposed: tuple[tuple[str, str], ...] = ()
    coarse: tuple[tuple[str, str], ...] = ()

    @property
    def newest(self) -> dict[str, int]:
        """Return the newest month of each metric (0: none)."""
        return {id: max(months, default=0) for id, months in self.months.items()}


def save(store: Path, address: str, month: int, figures: Figures) -> None:
    """Write figures; they appear all at once or not at all."""

    def fill(folder: Path) -> None:
        for name, values in (("now", figures.now), ("before", figures.before)):
            entries.write(folder / f"{name}.parquet", _arrow(values))

    more = {name: getattr(figures, name) for name in TOLD}
    entries.save(store, address, month, {"months": dict(figures.months), **more}, fill)


def load(store: Path, address: str) -> Figures:
    """Read figures. Raises DamagedError for what is not as it was written: a run makes it anew."""
    folder = store / address
    try:
        note = entries.note_of(store, address)
        now, before = (_values(entries.read(folder / f"{name}.parquet", note)) for name in ("now", "before"))
        months = {id: tuple(own) for id, own in note["months"].items()}
        protection = {name: tuple(map(tuple, note[name])) for name in TOLD}
        return Figures(now=now, before=before, months=months, **protection)
    except entries.DAMAGED as error:
        raise DamagedError("store.damaged", str(folder)) from error


def _arrow(values: Sequence[Value]) -> pa.Table:
    columns: dict[str, list[Any]] = {
        "metric": [v.metric for v in values],
        "org": [v.org for v in values],
        "period": [f"{v.period.cadence.id} {v.period.end} {v.period.week}" for v in values],
        "state": [v.state for v in values],
        "value": [_text(v.value) for v in values],
        "num": [_text(v.num) for v in values],
        "den": [_text(v.den) for v in values],
        "n": [v.n for v in values],
        "low": [v.interval and v.interval[0] for v in values],
        "high": [v.interval and v.interval[1] for v in values],
        "breakdown": [v.breakdown for v in values],
        "key": [v.key for v in values],
        "cause": [v.reason and v.reason.cause for v in values],
        "have": [v.reason and v.reason.have for v in values],
        "of": [v.reason and v.reason.of for v in values],
        "unknown": [v.unknown for v in values],
        "least": [_text(v.range[0]) if v.range else None for v in values],
        "most": [_text(v.range[1]) if v.range else None for v in values],
    }
    arrays = [
        pa.array(cells, pa.string()).dictionary_encode() if COLUMNS[name] == TEXT else cells
        for name, cells in columns.items()
    ]
    return pa.table(arrays, schema=pa.schema(COLUMNS.items()))


def _text(number: Fraction | None) -> str | None:
    return None if number is None else str(number)


def _values(table: pa.Table) -> tuple[Value, ...]:
    words = {name: _read(table[name], READ.get(name, str)) for name, kind in COLUMNS.items() if kind == TEXT}
    cells = words | {name: table[name].to_pylist() for name in COLUMNS if name not in words}
    cells["interval"] = _pairs(cells.pop("low"), cells.pop("high"))
    cells["range"] = _pairs(cells.pop("least"), cells.pop("most"))
    reasons = zip(cells.pop("cause"), cells.pop("have"), cells.pop("of"), strict=True)
    cells["reason"] = [None if cause is None else Reason(cause, have, of) for cause, have, of in reasons]
    return tuple(map(Value._make, zip(*(cells[name] for name in Value._fields), strict=True)))


def _pairs(low: Sequence[Any], high: Sequence[Any]) -> list[tuple[Any, Any] | None]:
    """Return two columns as one of pairs, None where there is none."""
    return [None if a is None else (a, b) for a, b in zip(low, high, strict=True)]


def _read(column: pa.ChunkedArray, read: Callable[[str], Any]) -> list[Any]:
    """Return the cells of a column of words, each word read once."""
    chunk = column.combine_chunks()
    words = chunk.dictionary.to_pylist()
    found = np.fromiter((*map(read, words), None), dtype=object, count=len(words) + 1)
    read_from = chunk.indices.fill_null(len(words)).to_numpy(zero_copy_only=False)
    cells: list[Any] = found[read_from].tolist()
    return cells


@lru_cache(maxsize=1 << 17)
def _fraction(text: str) -> Fraction:
    """Return a number from its text, quicker than Fraction reads any; many stand in several files."""
    over, _, under = text.partition("/")
    return Fraction(int(over), int(under)) if under else Fraction(int(over))


def _period(text: str) -> Period:
    id, end, week = text.split()
    return Period(cadence(id), int(end), int(week))


READ: dict[str, Callable[[str], Any]] = {
    "period": _period,
    **dict.fromkeys(("value", "num", "den", "least", "most"), _fraction),
}
"""How the words of a column are read, where they are not plain text."""
