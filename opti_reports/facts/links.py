"""Columns found among the other rows of the same client: the next date, the first row of a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from opti_reports.algebra.columns import AT_A_TIME, Taken
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
from opti_reports.config.source import Link

EARLIEST = np.iinfo(np.int64).min


@dataclass(frozen=True)
class _Rows:
    """What a link joins: each row's client, its date, and whether it is surely or perhaps one to be found."""

    key: Vector
    of: Vector
    sure: Bool
    perhaps: Bool
    """Among them the sure ones; a row that names no client is nobody's."""


def linked(
    link: Link, rows: Mapping[str, Vector], rank: Int, context: Context, lost: Bool | None = None
) -> Vector:
    """Return the column a link adds; ``rank`` orders rows by their key and settles ties, ``lost`` are
    rejected rows.

    A result is unknown where an unknown cell of the client's rows, or a rejected one, could change it.
    Clients are shared out, so that no more rows are laid out at a time than are counted at once.
    """
    shares = -(-len(rank) // AT_A_TIME)
    if shares < 2:
        return _linked(link, rows, rank, context, lost)
    share = rows[link.key].data % shares
    data, filled = np.zeros(len(rank), dtype=np.int64), np.zeros(len(rank), dtype=bool)
    unknown = np.zeros(len(rank), dtype=bool)
    for one in range(shares):
        own = np.flatnonzero(share == one)
        found = _linked(link, Taken(rows, own), rank[own], context, None if lost is None else lost[own])
        data[own], filled[own], unknown[own] = found.data, found.filled, unknown_cells(found)
    return replace(found, data=data, filled=filled, unknown=some(unknown))


def _linked(link: Link, rows: Mapping[str, Vector], rank: Int, context: Context, lost: Bool | None) -> Vector:
    """Return the column a link adds to the rows of some clients."""
    size = len(rank)
    where, of = evaluate(link.where, rows, size, context), evaluate(link.of, rows, size, context)
    key = rows[link.key]
    sure, perhaps = truth(where) & key.filled & of.filled, possible(where) & key.filled
    if lost is not None:
        sure = sure & ~lost
    perhaps = perhaps & (of.filled | unknown_cells(of))
    found = _Rows(key, of, sure, perhaps)
    if link.kind == "first":
        return _first(found, evaluate(link.order or link.of, rows, size, context), rank)
    return _first_after(found, evaluate(link.after or link.of, rows, size, context), link.same_day)


def _first(found: _Rows, order: Vector, rank: Int) -> Vector:
    key, of = found.key.data, found.of.data
    dated = found.of.filled
    unplaced = unknown_cells(order)
    rows = np.flatnonzero(found.perhaps & dated)
    place = np.where(unplaced[rows], EARLIEST, order.data[rows])
    ordered = rows[np.lexsort((rank[rows], place, of[rows], key[rows]))]
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
        number = pd.factorize(key.data)[0].astype(np.int64)
        low = min(of.data[rows].min(), after.data[wanting].min())
        span = max(of.data[rows].max(), after.data[wanting].max()) - low + 1
        place = np.sort(number[rows] * span + of.data[rows] - low)  # the client and the date in one number
        wanted = number[wanting] * span + after.data[wanting] - low
        at = np.searchsorted(place, wanted, side="left" if same else "right")
        found = place[np.minimum(at, len(place) - 1)]
        hit = (at < len(place)) & (found // span == number[wanting])
        data[wanting[hit]] = found[hit] % span + low
        filled[wanting[hit]] = True
    return Vector(kind=of.kind, data=data, filled=filled)
