"""Second-order metrics: the difference, ratio or spread of other metrics' values."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from opti_reports.config.metric import Metric
from opti_reports.metrics.formulas import Cell, Cells
from opti_reports.metrics.known import Places
from opti_reports.model.organisation import Tree

Figures = Callable[[str], Cells]
"""The cells of ``metric`` or ``metric[key=value]`` over the comparison's own frame."""


def compared(metric: Metric, figures: Figures, at: Places) -> Cells:
    """The comparison's cells."""
    if metric.how == "spread":
        return _spread(metric, figures(metric.of), at)
    return _two_sided(metric, figures(metric.of), figures(metric.to))


def _two_sided(metric: Metric, of: Cells, to: Cells) -> Cells:
    """``of − to`` or ``of / to``; n is the smaller side's."""
    cells: Cells = {}
    for place in of.keys() & to.keys():
        a, b = of[place], to[place]
        n = min(a.n or 0, b.n or 0)
        if a.value is None or b.value is None or (metric.how == "ratio" and not b.value):
            cells[place] = Cell(n=n)
        elif metric.how == "difference":
            cells[place] = Cell((a.value - b.value) * metric.scale, n=n)
        else:
            cells[place] = Cell(a.value * metric.scale / b.value, a.value, b.value, n)
    return cells


def _spread(metric: Metric, of: Cells, at: Places) -> Cells:
    """At a unit its distance from its parent (positive is worse); above, the best unit minus the weakest."""
    cells: Cells = {}
    for node, period in of:
        id = at.ids[node]
        children = at.tree.children(id)
        if children:
            cells[node, period] = _range(metric, of, at, at.tree, id, period)
        elif at.tree.by_id[id].parent is not None:
            cells[node, period] = _to_parent(metric, of, at, id, node, period)
    return cells


def _enough(metric: Metric, cell: Cell | None) -> bool:
    return cell is not None and cell.value is not None and (cell.den or Fraction(0)) >= metric.min_den


def _range(metric: Metric, of: Cells, at: Places, tree: Tree, id: str, period: int) -> Cell:
    units = [u for u in tree.below(id) if metric.unit_type in (None, u.type)]
    cells = [of.get((at.index[u.id], period)) for u in units]
    values = [c.value for c in cells if c is not None and _enough(metric, c) and c.value is not None]
    if len(values) < metric.min_units:
        return Cell(n=len(values))
    return Cell((max(values) - min(values)) * metric.scale, n=len(values))


def _to_parent(metric: Metric, of: Cells, at: Places, id: str, node: int, period: int) -> Cell:
    unit = at.tree.by_id[id]
    own, parent = of.get((node, period)), of.get((at.index[str(unit.parent)], period))
    if unit.type != metric.unit_type or not _enough(metric, own) or own is None or parent is None:
        return Cell(n=0)
    if own.value is None or parent.value is None:
        return Cell(n=0)
    return Cell((parent.value - own.value) * metric.scale, n=metric.min_units)
