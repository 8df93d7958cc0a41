"""Checks of what is derived of a row or found among others: asked once it is known which rows there are."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from opti_reports.algebra.columns import Columns
from opti_reports.algebra.functions import Context
from opti_reports.algebra.links import linked
from opti_reports.algebra.whole import evaluated
from opti_reports.config.expressions import of_other_rows
from opti_reports.config.source import Source
from opti_reports.extracts import rows as rules
from opti_reports.extracts.order import KeyOrder
from opti_reports.model.delivery import EXEMPT


def broken_beside(
    source: Source, rows: Columns, order: KeyOrder, reasons: rules.Why, context: Context
) -> Iterator[tuple[NDArray[np.intp], str]]:
    """Yield rows that break such a check, and why. Rows rejected before may be what one is held against: a
    row that only they could clear breaks none.
    """
    checks = {name: check for name, check in source.check.items() if name in of_other_rows(source)}
    if not checks:
        return
    there = np.flatnonzero(
        reasons.used | ~np.isin(reasons.of(np.arange(len(reasons))).astype(str), list(EXEMPT))
    )
    found, own = rows.chosen(there), order.of_kept(there)
    lost = ~reasons.used[there]
    found.join(evaluated(source.derive, found, len(there), context, rows.shelf))
    for link in source.link:
        found[link.id] = linked(link, found, own, context, lost if lost.any() else None)
    for reason, broken in rules.broken_rules(checks, found, len(there), context).items():
        yield there[broken], reason
