"""Columns found among the other rows of the same client: the next date, the first of a day, what one says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from opti_reports.algebra.columns import Columns, Packed, Taken, joined, parts, slices
from opti_reports.algebra.expression import evaluate
from opti_reports.algebra.functions import Context
from opti_reports.algebra.vector import (
    Bool,
    Int,
    Vector,
    boolean,
    possible,
    some,
    truth,
    unknown_cells,
    with_unknown,
)

EARLIEST = np.iinfo(np.int64).min
SHARE = 1 << 19
"""So many rows are joined at a time."""


@dataclass(frozen=True)
class _Rows:
    """What a link joins: each row's client, its date, and whether it is surely or perhaps one to be found."""

    key: Vector
    of: Vector
    sure: Bool
    perhaps: Bool
    """Among them the sure ones; a row that names no client is nobody's."""


LinkKind = Literal["first_after", "first", "carried"]


class Link(Protocol):
    """A link as the configs say it (``opti_reports/config/source.py``)."""

    @property
    def kind(self) -> LinkKind:
        """Return what is found."""

    @property
    def key(self) -> str:
        """Return the column of the client."""

    @property
    def of(self) -> str:
        """Return what is found of a row."""

    @property
    def after(self) -> str:
        """Return the date it comes after."""

    @property
    def where(self) -> str:
        """Return which rows are looked at."""

    @property
    def same_day(self) -> bool:
        """Return whether the same day counts as after."""

    @property
    def order(self) -> str:
        """Return what says which row is the first."""


class Ranks(Protocol):
    """The order of rows by their key."""

    def __getitem__(self, rows: Int, /) -> Int:
        """Return the places of some rows among one another."""


def linked(
    link: Link, rows: Mapping[str, Vector], rank: Ranks, context: Context, lost: Bool | None = None
) -> Packed:
    """Return the column a link adds; ``rank`` orders rows by their key and settles ties, ``lost`` are
    rejected rows.

    A result is unknown where an unknown cell of the client's rows, or a rejected one, could change it.
    Clients are shared out, so that no more than a bounded number of rows is joined at a time.
    """
    columns = rows if isinstance(rows, Columns) else Columns(rows)
    laid = _laid(link, columns, context)
    size, key = len(laid.kept("key")), laid.kept("key")
    shares = -(-size // SHARE)
    if shares < 2:
        return Packed.of(_linked(link, Taken(laid, slice(0, size)), rank, lost), columns.shelf)
    share = np.concatenate([key.vector(own.start, own.stop).data % shares for own in slices(size)])
    share = share.astype(np.min_scalar_type(shares))
    data: NDArray[Any] = np.zeros(size, dtype=np.int32 if laid.kept("of").like.kind == "date" else np.int64)
    filled, unknown = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    for one in range(shares):
        own = np.flatnonzero(share == one)
        found = _linked(link, Taken(laid, own), _Within(rank, own), None if lost is None else lost[own])
        data[own], filled[own], unknown[own] = found.data, found.filled, unknown_cells(found)
    return Packed.of(replace(found, data=data, filled=filled, unknown=some(unknown)), columns.shelf)


@dataclass(frozen=True)
class _Within:
    """The order of some rows by their key, which are told by their places among themselves."""

    rank: Ranks
    own: NDArray[np.intp]

    def __getitem__(self, rows: Int, /) -> Int:
        return self.rank[self.own[rows]]


def _laid(link: Link, columns: Columns, context: Context) -> Columns:
    """Return what a link reads of every row, kept small: its client, its date, and what else it asks."""
    plain = "0" if link.kind == "carried" else link.of
    beside = (link.after if link.kind == "first_after" else link.order) or plain
    texts = {"where": link.where, "of": link.of, "beside": beside}
    found: dict[str, list[Packed]] = {name: [] for name in texts}
    for own, part in parts(columns, len(columns.kept(link.key))):
        for name, text in texts.items():
            cells = evaluate(text, part, own.stop - own.start, context)
            found[name].append(Packed.of(cells, columns.shelf))
    laid = Columns({n: joined(kept, kept[0].like, columns.shelf) for n, kept in found.items()})
    laid["key"] = columns.kept(link.key)
    return laid


def _linked(link: Link, rows: Mapping[str, Vector], rank: Ranks, lost: Bool | None) -> Vector:
    """Return the column a link adds to the rows of some clients."""
    where, of, key = rows["where"], rows["of"], rows["key"]
    sure, perhaps = truth(where) & key.filled, possible(where) & key.filled
    if lost is not None:
        sure = sure & ~lost
    if link.kind == "carried":
        return _carried(_Rows(key, of, sure, perhaps), rows["beside"], rank)
    sure, perhaps = sure & of.filled, perhaps & (of.filled | unknown_cells(of))
    found = _Rows(key, of, sure, perhaps)
    if link.kind == "first":
        return _first(found, rows["beside"], rank)
    return _first_after(found, rows["beside"], link.same_day)


def _first(found: _Rows, order: Vector, rank: Ranks) -> Vector:
    key, of = found.key.data, found.of.data
    dated = found.of.filled
    unplaced = unknown_cells(order)
    rows = np.flatnonzero(found.perhaps & dated)
    place = np.where(unplaced[rows], EARLIEST, order.data[rows])
    by_place = np.lexsort((place, of[rows], key[rows]))
    ordered = _settled(rows[by_place], place[by_place], key, of, rank)
    doubt = ~found.sure[ordered] | unplaced[ordered]
    starts = np.ones(len(ordered), dtype=bool)
    starts[1:] = (key[ordered][1:] != key[ordered][:-1]) | (of[ordered][1:] != of[ordered][:-1])
    if not doubt.any():
        result = np.zeros(len(key), dtype=bool)
        result[ordered[starts]] = True
        return _undated(boolean(result), found)
    # The first sure row of a group is the first of all unless a doubtful one stands before it.
    group = np.cumsum(starts) - 1
    number = np.arange(len(ordered))
    first_sure = np.full(group[-1] + 1, len(ordered))
    np.minimum.at(first_sure, group[~doubt], number[~doubt])
    certain, open_ = np.zeros(len(key), dtype=bool), np.zeros(len(key), dtype=bool)
    open_[ordered[number < first_sure[group]]] = True
    clear = first_sure[first_sure < len(ordered)]
    head = np.flatnonzero(starts)
    certain[ordered[clear[clear == head[group[clear]]]]] = True
    open_[ordered[clear[clear != head[group[clear]]]]] = True
    return _undated(boolean(certain, certain | open_), found)


def _settled(rows: Int, place: Int, key: Int, of: Int, rank: Ranks) -> Int:
    """Return rows in order, of which those alike in client, date and place go by their own keys."""
    same = (key[rows][1:] == key[rows][:-1]) & (of[rows][1:] == of[rows][:-1]) & (place[1:] == place[:-1])
    if not same.any():
        return rows
    tied = np.append(same, [False]) | np.append([False], same)
    group = np.cumsum(np.append([True], ~same))[tied]
    settled = rows.copy()
    settled[tied] = rows[tied][np.lexsort((rank[rows[tied]], group))]
    return settled


def _carried(found: _Rows, order: Vector, rank: Ranks) -> Vector:
    """Return for every row what its client's first row holds, of those to be found.

    Unknown where a doubtful row could be that first one, and where nobody can tell what the first one holds.
    """
    key, of, unplaced = found.key, found.of, unknown_cells(order)
    rows = np.flatnonzero(found.perhaps & (order.filled | unplaced))
    place = np.where(unplaced[rows], EARLIEST, order.data[rows])
    by_place = np.lexsort((place, key.data[rows]))
    ordered = _settled(rows[by_place], place[by_place], key.data, np.zeros_like(key.data), rank)
    doubt = ~found.sure[ordered] | unplaced[ordered]
    clients, heads, group = np.unique(key.data[ordered], return_index=True, return_inverse=True)
    number = np.arange(len(ordered))
    first = np.full(len(clients), len(ordered))
    np.minimum.at(first, group[~doubt], number[~doubt])
    at = np.searchsorted(clients, key.data)
    hit = key.filled & (at < len(clients))
    hit[hit] = clients[at[hit]] == key.data[hit]
    data, filled = np.zeros(len(key), dtype=np.int64), np.zeros(len(key), dtype=bool)
    unknown = unknown_cells(key).copy()
    own = at[hit]
    unknown[hit] = first[own] != heads[own]
    told = np.flatnonzero(hit)[first[own] == heads[own]]
    row = ordered[heads[at[told]]]
    data[told], filled[told] = of.data[row], of.filled[row]
    unknown[told] = unknown_cells(of)[row]
    return replace(of, data=data, filled=filled, unknown=some(unknown))


def _undated(result: Vector, found: _Rows) -> Vector:
    """Return the result, unknown where a row without a date could be the first of its client."""
    undated = found.perhaps & ~found.of.filled
    if not undated.any():
        return result
    of_client = found.perhaps & np.isin(found.key.data, found.key.data[undated])
    return with_unknown(result, of_client & (truth(result) | undated))


def _first_after(found: _Rows, after: Vector, same: bool) -> Vector:
    key, of = found.key, found.of
    asking = key.filled & after.filled
    result = _earliest(key=key, of=of, after=after, among=found.sure, asking=asking, same=same)
    doubtful = found.perhaps & ~found.sure
    unasked = (key.filled & unknown_cells(after)) | unknown_cells(key)
    if not doubtful.any() and not unasked.any():
        return result
    # What a doubtful row could change: an earlier date than the one found, or a date where none was.
    other = _earliest(key=key, of=of, after=after, among=doubtful & of.filled, asking=asking, same=same)
    open_ = other.filled & (~result.filled | (other.data < result.data))
    undated = doubtful & ~of.filled
    open_ |= asking & np.isin(key.data, key.data[undated])
    there = np.isin(key.data, key.data[found.perhaps]) | unknown_cells(key)
    return with_unknown(result, open_ | (unasked & there))


def _earliest(key: Vector, of: Vector, after: Vector, among: Bool, asking: Bool, same: bool) -> Vector:
    """Return the earliest date of the client's rows ``among`` them that is later than ``after``."""
    size = len(key)
    rows, wanting = np.flatnonzero(among), np.flatnonzero(asking)
    data, filled = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=bool)
    if len(rows) and len(wanting):
        number = np.zeros(size, dtype=np.int64)
        either = among | asking
        number[either] = pd.factorize(key.data[either])[0]
        low = min(of.data[rows].min(), after.data[wanting].min())
        span = max(of.data[rows].max(), after.data[wanting].max()) - low + 1
        place = np.sort(number[rows] * span + of.data[rows] - low)  # the client and the date in one number
        begin = number[wanting] * span
        wanted = begin + after.data[wanting] - low
        at = np.searchsorted(place, wanted, side="left" if same else "right")
        later = place[np.minimum(at, len(place) - 1)] - begin
        hit = (at < len(place)) & (later < span)
        data[wanting[hit]] = later[hit] + low
        filled[wanting[hit]] = True
    return Vector(kind=of.kind, data=data, filled=filled)
