"""Columns found among the other rows of the same client: the next date, the first row of a day."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from opti_reports.algebra.expression import evaluate
from opti_reports.algebra.functions import Context
from opti_reports.algebra.vector import Int, Vector, boolean, truth
from opti_reports.config.source import Link


def linked(link: Link, rows: Mapping[str, Vector], rank: Int, context: Context) -> Vector:
    """The column a link adds; ``rank`` orders rows by their key and settles ties."""
    size = len(rank)
    where = truth(evaluate(link.where, rows, size, context))
    key, of = rows[link.key], evaluate(link.of, rows, size, context)
    candidate = where & key.filled & of.filled
    if link.kind == "first":
        order = evaluate(link.order or link.of, rows, size, context)
        return _first(candidate, key.data, of.data, order.data, rank)
    after = evaluate(link.after or link.of, rows, size, context)
    return _first_after(candidate, key, of, after, link.same_day)


def _first(
    candidate: np.ndarray[tuple[int], np.dtype[np.bool_]], key: Int, of: Int, order: Int, rank: Int
) -> Vector:
    rows = np.flatnonzero(candidate)
    ordered = rows[np.lexsort((rank[rows], order[rows], of[rows], key[rows]))]
    starts = np.ones(len(ordered), dtype=bool)
    starts[1:] = (key[ordered][1:] != key[ordered][:-1]) | (of[ordered][1:] != of[ordered][:-1])
    result = np.zeros(len(key), dtype=bool)
    result[ordered[starts]] = True
    return boolean(result)


def _first_after(
    candidate: np.ndarray[tuple[int], np.dtype[np.bool_]], key: Vector, of: Vector, after: Vector, same: bool
) -> Vector:
    size = len(key)
    rows = np.flatnonzero(candidate)
    asking = np.flatnonzero(key.filled & after.filled)
    data, filled = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=bool)
    if len(rows) and len(asking):
        _, number = np.unique(key.data, return_inverse=True)
        low = min(of.data[rows].min(), after.data[asking].min())
        span = max(of.data[rows].max(), after.data[asking].max()) - low + 1
        place = number[rows] * span + of.data[rows] - low
        order = np.argsort(place, kind="stable")
        place, dates = place[order], of.data[rows][order]
        wanted = number[asking] * span + after.data[asking] - low
        found = np.searchsorted(place, wanted, side="left" if same else "right")
        inside = np.minimum(found, len(place) - 1)
        hit = (found < len(place)) & (place[inside] // span == number[asking])
        data[asking[hit]] = dates[inside[hit]]
        filled[asking[hit]] = True
    return Vector(of.kind, data, filled)
