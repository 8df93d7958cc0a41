"""What reading a delivery gathers, file by file, and what it makes of it in the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from opti_reports.algebra.aside import Shelf, Texts
from opti_reports.algebra.columns import Packed, joined
from opti_reports.algebra.vector import Int, Vector, constant
from opti_reports.extracts.duplicates import KeyPrint
from opti_reports.extracts.headers import Headings
from opti_reports.extracts.order import KeyOrder
from opti_reports.model.delivery import FileRows, Reject, UnknownCells

TEXT_TYPES = ("quote", "title", "label", "role")


@dataclass(frozen=True)
class BadCells:
    """Cells of a column that cannot be used for a reason: in which rows, and what stands there."""

    column: str
    reason: str
    rows: Int
    texts: pa.Array


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """What has been read so far: per column the parsed pieces, where each row stands, and the bad cells.

    ``begins`` has the number of the first row of each file.
    ``absent`` are rows of files that have no such column, ``skipped`` those with a wrong number of cells,
    ``torn`` how those of them begin that are data,
    ``aside`` rows that are no data with the reason, ``prints`` each file's keys,
    ``headings`` its headings, ``rows`` how many it has itself,
    ``stand_ins`` columns that a file lacks with the one read instead.
    """

    parts: dict[str, list[Packed]]
    keys: dict[str, Texts]
    shelf: Shelf | None = None
    begins: list[int] = field(default_factory=list)
    lines: list[Packed] = field(default_factory=list)
    bad: list[BadCells] = field(default_factory=list)
    absent: dict[str, list[range]] = field(default_factory=dict)
    skipped: list[Reject] = field(default_factory=list)
    torn: list[tuple[str, ...]] = field(default_factory=list)
    aside: dict[int, str] = field(default_factory=dict)
    prints: list[KeyPrint] = field(default_factory=list)
    headings: list[Headings] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    stand_ins: dict[str, str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Return how many rows there are so far."""
        return sum(map(len, self.lines))

    def file_of(self, rows: Int) -> Int:
        """Return the number of the file each row stands in."""
        return np.searchsorted(self.begins, rows, side="right").astype(np.int64) - 1

    @property
    def files(self) -> NDArray[Any]:
        """Return the number of each row's file, in as few bytes as it takes."""
        counts = np.diff([*self.begins, self.size])
        return np.repeat(np.arange(len(counts), dtype=np.min_scalar_type(len(counts))), counts)

    def line_of(self, rows: Int) -> Int:
        """Return the lines on which rows begin, which ascend."""
        return self._line.chosen(rows).data

    @cached_property
    def _line(self) -> Packed:
        return joined(self.lines, constant("number", 0, 0), self.shelf)


@dataclass(frozen=True, kw_only=True)
class Extract:
    """A delivery's usable rows by column, ``rank`` (their order by key), and what could not be used.

    ``file`` is the place of each row's file in ``files``; ``rank`` tells the order of the rows asked for.

    ``lost`` are the rejected rows that would have counted: cells that cannot be relied upon are unknown.
    ``unknown`` are the unknown cells of used rows, each with the lines they stand on.
    """

    source: str
    rows: Mapping[str, Vector]
    rank: KeyOrder
    size: int
    read: int
    rejects: tuple[Reject, ...]
    ignored: tuple[str, ...]
    file: NDArray[Any]
    files: tuple[FileRows, ...]
    lost: dict[str, Vector] = field(default_factory=dict)
    unknown: tuple[tuple[UnknownCells, Int], ...] = ()
    stand_ins: dict[str, str] = field(default_factory=dict)
    lacking: tuple[str, ...] = ()
    """Columns that some file lacks, without one read instead."""

    @property
    def cells(self) -> tuple[UnknownCells, ...]:
        """Return the unknown cells of used rows, by file, column and reason."""
        return tuple(cells for cells, _ in self.unknown)
