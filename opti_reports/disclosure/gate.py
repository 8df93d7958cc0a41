"""The gate: figures about too few people are withheld, and with them whatever would tell them.

It stands between values and everything that is concluded from them: a withheld figure is a gap in every
statistic, sentence and chart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from opti_reports.algebra.term import parse_term
from opti_reports.config.metric import Metric
from opti_reports.disclosure.sums import Cell, cell_of, equations
from opti_reports.disclosure.suppression import complement
from opti_reports.model.organisation import Tree
from opti_reports.model.period import Period
from opti_reports.model.value import Value, Values

Cells = Mapping[Cell, Value]
Unknown = tuple[str, Cell]
"""A cell of this publication, or of the one before where its figure was another one."""
HEADLINE = 4
"""Above the classes of keys."""
NOW, BEFORE = "now", "before"
SMALL_STAFF = 10
"""The limit named where a unit's staff is so small that none of its staff figures is shown."""


@dataclass(frozen=True)
class Gate:
    """The rules of what may be shown: each metric's ``protect`` limits, and the units with few staff."""

    metrics: Mapping[str, Metric]
    tree: Tree

    def mask(self, values: Values, before: Values | None = None) -> Values:
        """The same values with every protected figure removed, and what would tell it by subtraction.

        ``before`` are the masked values of the publication before: a figure shown there that is still the
        same is known and protects nothing, and what was withheld there stays safe beside the new ones.
        """
        now, then = _by_metric(values), _by_metric(before) if before else {}
        limits = {id: self._limits(id, now.get(id, {}), then.get(id, {})) for id in now}
        shown = [_masked(v, limits.get(v.metric, {}).pop(cell_of(v), None)) for v in values]
        noughts = [
            _masked(_nought(id, cell), least) for id, left in limits.items() for cell, least in left.items()
        ]
        return Values((*shown, *noughts))

    def _limits(self, id: str, now: Cells, then: Cells) -> dict[Cell, int]:
        """The withheld cells of a metric in order, with the limit that is named in their place."""
        primary = {cell: least for cell, value in now.items() if (least := self.least(value))}
        if not primary:
            return {}
        least = max(primary.values())
        cells = {**now, **{cell: _nought(id, cell) for cell in _absent(primary, now)}}
        return {cell: primary.get(cell, least) for cell in self._withheld(id, primary, cells, then)}

    def _withheld(self, id: str, primary: Mapping[Cell, int], now: Cells, then: Cells) -> list[Cell]:
        metric, number = self.metrics[id], _Numbers()
        same = {cell for cell, value in then.items() if cell in now and _same(value, now[cell])}
        found = [
            tuple((number[NOW, cell], sign) for cell, sign in equation)
            for equation in equations(metric, now, self.tree)
        ]
        gone = {cell for cell, value in then.items() if value.state == "withheld"}
        unchanged = same | (gone & now.keys())
        found += [
            tuple((number[_then(cell, unchanged)], sign) for cell, sign in equation)
            for equation in (equations(metric, then, self.tree) if gone else ())
            if any(cell in gone for cell, _ in equation)
        ]
        cells = {number[NOW, cell]: cell for cell in now}
        weight = {at: _weight(cell, now[cell]) for at, cell in cells.items() if cell not in same}
        hidden = {number[_then(cell, unchanged)] for cell in gone if cell not in now}
        withheld = complement({number[NOW, cell] for cell in primary}, found, weight, hidden)
        return sorted(cells[at] for at in withheld if at in cells)

    def least(self, value: Value) -> int:
        """The limit the value itself falls below, or 0 when it may be shown."""
        metric = self.metrics[value.metric]
        if value.state == "missing" or value.n is None or not value.n:
            return 0
        if metric.staff_data and self.tree.by_id[value.org].small_staff_group:
            return max(metric.protect, SMALL_STAFF)
        if value.n < metric.protect:
            return metric.protect
        if value.breakdown and value.n < metric.protect_cells:
            return metric.protect_cells
        return 0


def _by_metric(values: Values) -> dict[str, dict[Cell, Value]]:
    found: dict[str, dict[Cell, Value]] = {}
    for value in values:
        if value.state != "missing":
            found.setdefault(value.metric, {})[cell_of(value)] = value
    return found


def _absent(primary: Iterable[Cell], now: Cells) -> list[Cell]:
    """The keys that do not occur where another of their breakdown is withheld.

    Alone among noughts a key would be told by the headline; withheld too, nobody knows which is which.
    """
    keys: dict[str, list[str]] = {}
    for _, _, breakdown, key in now:
        if breakdown and key not in keys.setdefault(breakdown, []):
            keys[breakdown].append(key)
    groups = dict.fromkeys(cell[:3] for cell in primary if cell[2])
    cells = ((*group, key) for group in groups for key in sorted(keys[group[2]]))
    return [cell for cell in cells if cell not in now]


def _nought(metric: str, cell: Cell) -> Value:
    org, period, breakdown, key = cell
    nothing = Fraction(0)
    return Value(metric, org, period, "ok", nothing, nothing, nothing, 0, None, breakdown, key)


def _same(before: Value, now: Value) -> bool:
    """Whether a figure was shown before and has not changed."""
    return before.state != "withheld" and (before.value, before.num, before.den) == (
        now.value,
        now.num,
        now.den,
    )


class _Numbers(dict[Unknown, int]):
    """Running numbers for cells, given when first asked for: quicker to hash than the cells."""

    def __missing__(self, cell: Unknown) -> int:
        self[cell] = len(self)
        return self[cell]


def _then(cell: Cell, unchanged: set[Cell]) -> Unknown:
    return (NOW if cell in unchanged else BEFORE, cell)


def _weight(cell: Cell, value: Value) -> tuple[int, int]:
    """What withholding a figure costs its readers: its class, and the cases behind it.

    A longer window rather than another month: it protects all its months and keys alike. A nought helps too
    (nobody knows that it is one) but tells less; a headline costs more than any key.
    """
    cases = value.n if value.n is not None else abs(int(value.den or value.num or 0))
    longer = cell[1].kind not in ("month", "iso_week")
    return (0 if longer else 1 if cases else 2) + HEADLINE * (not cell[2]), cases


def _masked(value: Value, least: int | None) -> Value:
    if least is None:
        return value
    return Value(
        value.metric,
        value.org,
        value.period,
        "withheld",
        breakdown=value.breakdown,
        key=value.key,
        reason=str(least),
    )


def answers_masked(n: int, protect: int) -> bool:
    """Whether the answers of a distribution are too few to be shown."""
    return 0 < n < protect


def hidden_answers(
    masked: Values, metrics: Mapping[str, Metric], fact: str, rows: str, period: Period
) -> set[tuple[str, str]]:
    """The organisations and ``rows`` of a fact that some metric withholds: so are their distributions."""
    own = {id for id, metric in metrics.items() if rows in metric.by and _counts(metric, fact)}
    return {
        (value.org, value.key)
        for value in masked
        if value.metric in own
        and value.period == period
        and value.breakdown == rows
        and value.state == "withheld"
    }


def _counts(metric: Metric, fact: str) -> bool:
    return any(parse_term(text).fact == fact for text in metric.den)
