"""A cell of a formula as a value with its state: whole, partial, too few, or of mixed scales."""

from __future__ import annotations

from opti_reports.config.metric import Metric
from opti_reports.metrics.cells import Cell
from opti_reports.metrics.extremes import agrees, outside
from opti_reports.model.value import Reason, State, Value


def stated(metric: Metric, blank: Value, cell: Cell, mixed: bool) -> Value:
    """Return the cell with its state: mixed scales, nothing there, too few, or as whole as its deliveries."""
    if blank.state == "missing" or (cell.empty and not cell.unknown):
        return blank._replace(state="missing", reason=None)
    if cell.empty:  # a sum of nothing but unknown numbers is not 0
        cell = cell._replace(value=None, num=None, den=None, range=None)
    if mixed:
        return blank._replace(state="mixed", reason=None, n=cell.n)
    state, reason = _state(metric, blank, cell)
    certain = state in ("ok", "partial") and blank.state == "ok"
    return blank._replace(
        state=state,
        reason=reason,
        value=cell.value,
        num=cell.num,
        den=cell.den,
        n=cell.n,
        interval=cell.interval,
        unknown=cell.unknown,
        range=cell.range if certain and not (reason and reason.cause == "outside") else None,
    )


def _state(metric: Metric, blank: Value, cell: Cell) -> tuple[State, Reason | None]:
    """Return the state: too few, as whole as its deliveries, in doubt for rows that could not be read, or
    beyond what can be.

    Rows whose part is not known leave a figure as it is where it reads the same whatever they hold.
    """
    if cell.value is None or (cell.n is not None and cell.n < metric.min_n):
        if cell.unknown and (cell.value is None or cell.n_most >= metric.min_n):
            return "partial", Reason("unknown", cell.unknown)
        return "few", Reason("few", cell.n or 0, metric.min_n)
    if blank.state == "ok" and outside(cell.value, metric):
        return "partial", Reason("outside")
    if blank.state == "ok" and cell.unknown and not agrees(cell.range, metric.decimals):
        return "partial", Reason("unknown", cell.unknown)
    return blank.state, blank.reason
