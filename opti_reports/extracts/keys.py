"""Rows told apart by their keys: rows that share one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from opti_reports.algebra.calendar import month_of
from opti_reports.algebra.columns import Columns, Packed, Taken
from opti_reports.algebra.functions import Context
from opti_reports.algebra.vector import Int, Vector
from opti_reports.config.guards import Guards
from opti_reports.config.source import DISAGREES, Source
from opti_reports.extracts import rows as rules
from opti_reports.extracts.duplicates import Delivered, Duplicates, duplicates, pairwise_of, refuse
from opti_reports.extracts.gathered import Gathered
from opti_reports.extracts.order import KeyOrder
from opti_reports.model.delivery import TWICE, Delivery


def mark_repeated(
    source: Source,
    delivery: Delivery,
    context: Context,
    rows: Columns,
    own: Packed,
    gathered: Gathered,
    order: KeyOrder,
    reasons: rules.Why,
    guards: Guards,
) -> dict[int, tuple[str, str]]:
    """Mark rows that a later one replaces, then rows of a case that contradict one another.

    ``own`` is each row's own date. Return where the row stands that is used, by the row it replaces. Raises
    ExtractError when too many rows replace others.
    """
    shared = order.shared(reasons.used, gathered.shelf)
    found, instead = duplicates(order.ranks(shared), Taken(rows, shared)), {}
    twice = Duplicates(shared[found.identical], shared[found.replaced], shared[found.by])
    if len(twice.replaced) or (len(delivery.files) > 1 and len(twice.identical)):
        valid = np.flatnonzero(reasons.used)
        pairs = _pairs(
            source=source,
            delivery=delivery,
            context=context,
            rows=rows,
            own=own,
            gathered=gathered,
            order=order,
            valid=valid,
        )
        within = Duplicates(
            *(np.searchsorted(valid, some) for some in (twice.identical, twice.replaced, twice.by))
        )
        refuse(within, pairs, guards)
        for old, new in pairwise_of(within.replaced, within.by):
            instead[int(valid[old])] = "", f"line {pairs.line[new]} of {pairs.name(new)}"
    identical, replaced = TWICE
    reasons.mark(twice.identical, identical)
    reasons.mark(twice.replaced, replaced)
    if source.same_within is not None:
        valid = np.flatnonzero(reasons.used)
        months = month_of(_days(context, own.chosen(valid)))
        reasons.mark(valid[rules.disagreeing(source, Taken(rows, valid), months)], DISAGREES)
    return instead


def _pairs(
    source: Source,
    delivery: Delivery,
    context: Context,
    rows: Columns,
    own: Packed,
    gathered: Gathered,
    order: KeyOrder,
    valid: NDArray[np.intp],
) -> Delivered:
    """Return the rows beside one another, for finding out why they share keys."""
    dates = own.chosen(valid)
    shown = [name for name in source.key if not source.column[name].private]
    return Delivered(
        source=source,
        paths=delivery.files,
        file=gathered.file_of(valid).astype(np.int32),
        line=gathered.line_of(valid),
        key=order.ranks(valid),
        text=lambda row: " ".join(gathered.keys[name][int(valid[row])] for name in shown),
        own=dates,
        day=_days(context, dates),
        cells=Taken(rows, valid),
    )


def _days(context: Context, dates: Vector) -> Int:
    """Return the days of dates or times."""
    return context.calendar.to_day(dates.data) if dates.kind == "datetime" else dates.data
