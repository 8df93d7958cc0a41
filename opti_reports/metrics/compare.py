"""Second-order metrics: the difference, ratio or spread of other metrics' values."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from opti_reports.config.metric import AnyCompare, Pair, Spread
from opti_reports.metrics.cells import Cell, Cells
from opti_reports.metrics.extremes import of_ratio, of_total
from opti_reports.metrics.placed import Places
from opti_reports.model.organisation import Tree

Figures = Callable[[str], Cells]
"""The cells of ``metric`` or ``metric[key=value]`` over the comparison's own frame."""


def compared(metric: AnyCompare, figures: Figures, at: Places) -> Cells:
    """Return the comparison's cells."""
    if isinstance(metric, Spread):
        return _spread(metric, figures(metric.of), at)
    return _two_sided(metric, figures(metric.of), figures(metric.to))


def _two_sided(metric: Pair, of: Cells, to: Cells) -> Cells:
    """Return ``of − to`` or ``of / to``; n is the smaller side's."""
    cells: Cells = {}
    for place in of.keys() & to.keys():
        a, b = of[place], to[place]
        n = min(a.n or 0, b.n or 0)
        if a.value is None or b.value is None or (metric.how == "ratio" and not b.value):
            cell = Cell(n=n)
        elif metric.how == "difference":
            cell = Cell(value=(a.value - b.value) * metric.scale, n=n)
        else:
            cell = Cell(value=a.value * metric.scale / b.value, num=a.value, den=b.value, n=n)
        cells[place] = _in_doubt(metric, cell, a, b)
    return cells


def _in_doubt(metric: Pair, cell: Cell, a: Cell, b: Cell) -> Cell:
    """Return the comparison with the unknown rows of both sides, and its extremes."""
    if not (a.unknown or b.unknown):
        return cell
    most = min(max(a.n or 0, a.n_most), max(b.n or 0, b.n_most))
    range_ = None
    if a.ends and b.ends and cell.value is not None:
        (a_low, a_high), (b_low, b_high) = a.ends, b.ends
        if metric.how == "difference":
            range_ = of_total((a_low - b_high, a_high - b_low), metric)
        else:
            range_ = of_ratio(a.ends, (b_low, b_low, b_high), metric)
    return cell._replace(unknown=a.unknown + b.unknown, range=range_, n_most=most)


def _spread(metric: Spread, of: Cells, at: Places) -> Cells:
    """Return at a unit its distance from its parent (positive is worse); above, the best unit minus the
    weakest.
    """
    cells: Cells = {}
    for node, period in of:
        id = at.ids[node]
        children = at.tree.children(id)
        if children:
            cells[node, period] = _range(metric=metric, of=of, at=at, tree=at.tree, id=id, period=period)
        elif at.tree.by_id[id].parent is not None:
            cells[node, period] = _to_parent(metric=metric, of=of, at=at, id=id, node=node, period=period)
    return cells


def _enough(metric: Spread, cell: Cell | None) -> bool:
    return cell is not None and cell.value is not None and (cell.den or Fraction(0)) >= metric.min_den


def _range(metric: Spread, of: Cells, at: Places, tree: Tree, id: str, period: int) -> Cell:
    units = [u for u in tree.below(id) if metric.unit_type in (None, u.type)]
    cells = [cell for u in units if (cell := of.get((at.index[u.id], period))) is not None]
    values = [c.value for c in cells if _enough(metric, c) and c.value is not None]
    unknown = sum(c.unknown for c in cells)
    if len(values) < metric.min_units:
        return Cell(n=len(values), unknown=unknown, n_most=len(values))
    spread = (max(values) - min(values)) * metric.scale
    ends = [c.ends for c in cells if _enough(metric, c)]
    range_ = None
    if unknown and not any(c.unknown for c in cells if not _enough(metric, c)) and None not in ends:
        lows, highs = zip(*(end for end in ends if end), strict=True)
        least = max(max(lows) - min(highs), Fraction(0))
        range_ = of_total((least, max(highs) - min(lows)), metric)
    return Cell(value=spread, n=len(values), unknown=unknown, range=range_, n_most=len(values))


def _to_parent(metric: Spread, of: Cells, at: Places, id: str, node: int, period: int) -> Cell:
    unit = at.tree.by_id[id]
    own, parent = of.get((node, period)), of.get((at.index[str(unit.parent)], period))
    if unit.type != metric.unit_type or not _enough(metric, own) or own is None or parent is None:
        return Cell(n=0)
    if own.value is None or parent.value is None:
        return Cell(n=0)
    cell = Cell(value=(parent.value - own.value) * metric.scale, n=metric.min_units)
    if not (own.unknown or parent.unknown):
        return cell
    range_ = None
    if own.ends and parent.ends:
        range_ = of_total((parent.ends[0] - own.ends[1], parent.ends[1] - own.ends[0]), metric)
    return cell._replace(unknown=parent.unknown, range=range_, n_most=metric.min_units)
