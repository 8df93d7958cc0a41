"""The month's figures as CSV that other programs read: values, deviations and rejected rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

from opti_reports.algebra.exact import decimal
from opti_reports.config.metric import Metric
from opti_reports.model.change import Change
from opti_reports.model.conclusions import Conclusions
from opti_reports.model.delivery import Reject, UnknownCells
from opti_reports.model.finding import Signal, TargetInForce
from opti_reports.model.organisation import Tree
from opti_reports.model.spreadsheet import safe
from opti_reports.model.value import SHOWN, Value, Values

VALUE_COLUMNS = (
    "metric",
    "breakdown",
    "key",
    "level",
    "org",
    "period_kind",
    "period",
    "state",
    "value",
    "numerator",
    "denominator",
    "n",
    "unknown_rows",
    "ci_low",
    "ci_high",
    "unit",
    "target",
    "status",
    "variation",
    "assurance",
    "revised",
)
DEVIATION_COLUMNS = (
    "metric",
    "org",
    "level",
    "since",
    "period_kind",
    "period",
    "kind",
    "value",
    "target",
    "status",
    "breaches",
    "cadence",
    "steps",
    "months",
    "signals",
    "react_level",
    "actions",
)
CHANGE_COLUMNS = (
    *("kind", "metric", "org", "period_kind", "period"),
    *("old", "new", "sources", "look_at", "old_period"),
)


def _write(columns: tuple[str, ...], rows: Iterable[Iterable[object]]) -> bytes:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([safe(str(cell)) for cell in row] for row in rows)
    return file.getvalue().encode("utf-8")


def values_csv(values: Values, metrics: Mapping[str, Metric], tree: Tree, found: Conclusions) -> bytes:
    """Return every published value of the run, with what is found in it."""
    return _write(VALUE_COLUMNS, (_value(v, metrics[v.metric], tree, found) for v in values))


FIGURES = ("state", "value", "numerator", "denominator", "n", "unknown_rows", "ci_low", "ci_high")
"""The columns of values.csv that ``figures`` writes."""


def figures(value: Value) -> tuple[str, ...]:
    """Return a value as written: state, value, numerator, denominator, n, unknown rows (if
    any) and interval.
    """
    low, high = value.interval or (None, None)
    numbers = (decimal(value.value), decimal(value.num), decimal(value.den))
    n = "" if value.n is None else str(value.n)
    return (value.state, *numbers, n, str(value.unknown or ""), decimal(low), decimal(high))


def _value(value: Value, metric: Metric, tree: Tree, found: Conclusions) -> tuple[object, ...]:
    place = value.metric, value.org, value.period
    status = None if value.breakdown else found.statuses.get(place)
    restated = None if value.breakdown else found.restated.get(place)
    return (
        value.metric,
        value.breakdown,
        value.key,
        tree.by_id[value.org].level,
        value.org,
        value.period.cadence.id,
        value.period.text,
        *figures(value),
        metric.unit,
        _target(status.target) if status else "",
        status.tone if status else "none",
        *_icons(found.signals.get((value.metric, value.org)), value),
        decimal(restated.old if restated else None),
    )


def _icons(signal: Signal | None, value: Value) -> tuple[str, str]:
    """Return variation and assurance of the newest month; nothing of earlier ones."""
    chart = None if value.breakdown or signal is None else signal.at(value.period)
    return ("", "") if chart is None else (chart.variation or "", chart.assurance or "")


def _target(target: TargetInForce | None) -> str:
    if target is None:
        return ""
    numbers = " ".join(decimal(v) for v in target.exact)
    return f"{target.op} {numbers} ({target.basis})"


def deviations_csv(found: Conclusions, values: Values, tree: Tree) -> bytes:
    """Return everything off target, the heaviest first."""
    rows = []
    for d in found.deviations:
        status, value = found.statuses.get((d.metric, d.org, d.period)), values.get(d.metric, d.org, d.period)
        rows.append(
            (
                d.metric,
                d.org,
                tree.by_id[d.org].level,
                d.since.text,
                d.period.cadence.id,
                d.period.text,
                d.kind,
                decimal(value.value if value.state in SHOWN else None),
                _target(status.target) if status else "",
                status.tone if status else "none",
                "" if d.breaches is None else d.breaches,
                d.lasted.cadence.id,
                d.lasted.steps,
                d.lasted.months,
                " ".join(d.signals),
                d.react_level,
                " ".join(d.actions),
            )
        )
    return _write(DEVIATION_COLUMNS, rows)


def changes_csv(changes: Iterable[Change]) -> bytes:
    """Return figures that stand otherwise than published before; ``look_at`` marks those to look at before a
    release.
    """
    return _write(
        CHANGE_COLUMNS,
        (
            (
                c.kind,
                c.metric,
                c.org,
                c.period.cadence.id,
                c.period.text,
                decimal(c.old),
                decimal(c.new),
                " ".join(c.sources),
                "yes" if c.look_at else "",
                "" if c.before is None else c.before.text,
            )
            for c in changes
        ),
    )


def rejects_csv(rejects: Iterable[Reject], cells: Iterable[UnknownCells]) -> bytes:
    """Return rows that were not used, and the unknown cells of the others: of each kind the first and how
    many.
    """
    columns = ("what", "file", "line", "key", "reason", "column", "value", "count")
    rows = (("row", r.file, r.line, r.key, r.reason, r.column, r.value, 1) for r in rejects)
    unknown = (("cell", c.file, c.line, "", c.reason, c.column, c.value, c.cells) for c in cells)
    return _write(columns, (*rows, *unknown))
