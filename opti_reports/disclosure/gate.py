"""The gate: figures about too few people are withheld, and with them whatever would tell them.

It stands between values and everything that is concluded from them: a withheld figure is a gap in every
statistic, sentence and chart.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
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
class Publication:
    """The figures of a publication as they are, and as they were shown."""

    exact: Values
    shown: Values


@dataclass(frozen=True)
class Gate:
    """The rules of what may be shown: each metric's ``protect`` limits, and the units with few staff."""

    metrics: Mapping[str, Metric]
    tree: Tree

    def mask(self, values: Values, before: Publication | None = None) -> Values:
        """The same values with every protected figure removed, and what would tell it by subtraction.

        A figure shown in the publication ``before`` that is still the same is known and protects nothing;
        one withheld there that is still the same stays withheld.
        """
        now = _by_metric(values)
        exact, shown = (_by_metric(before.exact), _by_metric(before.shown)) if before else ({}, {})
        limits = {
            id: self._limits(id, now[id], _Earlier.of(now[id], exact.get(id, {}), shown.get(id, {})))
            for id in now
        }
        masked = [_masked(v, limits.get(v.metric, {}).pop(cell_of(v), None)) for v in values]
        noughts = [
            _masked(_nought(id, cell), least) for id, left in limits.items() for cell, least in left.items()
        ]
        return Values((*masked, *noughts))

    def _limits(self, id: str, now: Cells, then: _Earlier) -> dict[Cell, int]:
        """The withheld cells of a metric in order, with the limit that is named in their place."""
        primary = {cell: least for cell, value in now.items() if (least := self.least(value))}
        if not primary:
            return {}
        least = max(primary.values())
        cells = {**now, **{cell: _nought(id, cell) for cell in _absent(primary, now)}}
        return {cell: primary.get(cell, least) for cell in self._withheld(id, primary, cells, then)}

    def _withheld(self, id: str, primary: Mapping[Cell, int], now: Cells, then: _Earlier) -> list[Cell]:
        metric, number = self.metrics[id], _Numbers()
        found = [
            tuple((number[NOW, cell], sign) for cell, sign in equation)
            for equation in equations(metric, now, self.tree)
        ]
        found += [
            tuple((number[then.unknown(cell)], sign) for cell, sign in equation)
            for equation in (equations(metric, then.cells, self.tree) if then.gone else ())
            if any(cell in then.gone for cell, _ in equation)
        ]
        cells = {number[NOW, cell]: cell for cell in now}
        price = _Prices(now, then.gone)
        weight = {at: price.of(cell) for at, cell in cells.items() if cell not in then.same - then.gone}
        hidden = {number[then.unknown(cell)] for cell in then.gone}
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


@dataclass(frozen=True)
class _Earlier:
    """A metric's cells in the publication before: all, those withheld, and those that are still the same."""

    cells: Cells
    gone: frozenset[Cell]
    same: frozenset[Cell]

    @staticmethod
    def of(now: Cells, exact: Cells, shown: Cells) -> _Earlier:
        """Noughts beside withheld keys are cells too, though only those shown tell of them."""
        cells = {cell: exact.get(cell, _nought(value.metric, cell)) for cell, value in shown.items()}
        gone = frozenset(cell for cell, value in shown.items() if value.state == "withheld")
        return _Earlier(cells, gone, frozenset(c for c, v in cells.items() if c in now and _same(v, now[c])))

    def unknown(self, cell: Cell) -> Unknown:
        """The unknown a cell is: that of this publication where the figure is the same."""
        return (NOW if cell in self.same else BEFORE, cell)


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
    """Whether a figure has not changed."""
    return (before.value, before.num, before.den) == (now.value, now.num, now.den)


class _Numbers(dict[Unknown, int]):
    """Running numbers for cells, given when first asked for: quicker to hash than the cells."""

    def __missing__(self, cell: Unknown) -> int:
        self[cell] = len(self)
        return self[cell]


class _Prices:
    """What withholding a figure costs its readers: its class, and how much the series it belongs to counts.

    A longer window rather than another month: it protects all its months and keys alike. A nought helps too
    (nobody knows that it is one) but tells less; a headline costs more than any key. The same series is
    taken in every period, one already ``gone`` before all: else each of two would be told by its windows.
    """

    def __init__(self, now: Cells, gone: Collection[Cell]) -> None:
        self._now = now
        self._gone = {_series(cell) for cell in gone}
        self._cases: dict[tuple[str, str, str], int] = {}
        for cell, value in now.items():
            self._cases[_series(cell)] = self._cases.get(_series(cell), 0) + _cases(value)

    def of(self, cell: Cell) -> tuple[int, bool, int]:
        """The price of a cell; of two the lower is withheld."""
        longer = cell[1].kind not in ("month", "iso_week")
        kind = 0 if longer else 1 if _cases(self._now[cell]) else 2
        return kind + HEADLINE * (not cell[2]), _series(cell) not in self._gone, self._cases[_series(cell)]


def _series(cell: Cell) -> tuple[str, str, str]:
    org, _, breakdown, key = cell
    return org, breakdown, key


def _cases(value: Value) -> int:
    return value.n if value.n is not None else abs(int(value.den or value.num or 0))


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
