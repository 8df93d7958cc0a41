"""A cell of a formula with its state: whole, partial, too few, or of mixed scales."""

from __future__ import annotations

from opti_reports.config.metric import Metric
from opti_reports.metrics.cells import Cell
from opti_reports.metrics.extremes import agrees, outside
from opti_reports.model.value import Reason, State

Stated = tuple[State, Reason | None]
"""A state and its reason."""
MISSING: Stated = ("missing", None)


def stated(metric: Metric, whole: Stated, cell: Cell, mixed: bool) -> tuple[State, Reason | None, Cell]:
    """Return the cell with its state, and what may be said of it.

    It is of mixed scales, nothing is there, too few are, or it is as ``whole`` as its deliveries.
    """
    if whole == MISSING or (cell.empty and not cell.unknown):
        return *MISSING, Cell()
    if cell.empty:  # a sum of nothing but unknown numbers is not 0
        cell = cell._replace(value=None, num=None, den=None, range=None)
    if mixed:
        return "mixed", None, Cell(n=cell.n)
    state, reason = _state(metric, whole, cell)
    if cell.range is None:
        return state, reason, cell
    certain = state in ("ok", "partial") and whole[0] == "ok"
    if not certain or (reason and reason.cause == "outside"):
        cell = cell._replace(range=None)
    return state, reason, cell


def _state(metric: Metric, whole: Stated, cell: Cell) -> Stated:
    """Return the state: too few, as whole as its deliveries, in doubt for rows that could not be read, or
    beyond what can be.

    Rows whose part is not known leave a figure as it is where it reads the same whatever they hold.
    """
    if cell.value is None or (cell.n is not None and cell.n < metric.min_n):
        if cell.unknown and (cell.value is None or cell.n_most >= metric.min_n):
            return "partial", Reason("unknown", cell.unknown)
        return "few", Reason("few", cell.n or 0, metric.min_n)
    if whole[0] == "ok" and outside(cell.value, metric):
        return "partial", Reason("outside")
    if whole[0] == "ok" and cell.unknown and not agrees(cell.range, metric.decimals):
        return "partial", Reason("unknown", cell.unknown)
    return whole
