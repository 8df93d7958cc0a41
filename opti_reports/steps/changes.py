"""What to look at before a month is released: its figures that differ in kind from those told before."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from opti_reports.model.change import Change
from opti_reports.model.period import Period
from opti_reports.model.value import SHOWN
from opti_reports.packs.material import Material


def changes(material: Material) -> tuple[Change, ...]:
    """Headline figures newly withheld, restated, newly breaking a law, or beyond their limits."""
    return (*_withheld(material), *_restated(material), *_breaches(material), *_jumps(material))


def _figure(material: Material, metric: str, org: str, period: Period) -> Fraction | None:
    return material.values.get(metric, org, period).value


def _withheld(material: Material) -> Iterator[Change]:
    for metric, month in material.newest.items():
        period, before = Period("month", month), Period("month", month - 1)
        for node in material.tree.nodes:
            was = material.values.get(metric, node.id, before)
            if was.state in SHOWN and material.values.get(metric, node.id, period).state == "withheld":
                yield Change("withheld", metric, node.id, period, was.value, None)


def _restated(material: Material) -> Iterator[Change]:
    for r in material.restatements:
        yield Change("restated", r.metric, r.org, r.period, r.old, r.new, r.sources)


def _breaches(material: Material) -> Iterator[Change]:
    for d in material.deviations:
        if "statutory" in d.signals and d.since == d.period:
            new = _figure(material, d.metric, d.org, d.period)
            before = Period(d.period.kind, d.period.end - len(d.period.months))
            yield Change("breach", d.metric, d.org, d.period, _figure(material, d.metric, d.org, before), new)


def _jumps(material: Material) -> Iterator[Change]:
    for signal in material.signals.values():
        newest, at = signal.newest, signal.chart.newest
        if newest is None or at is None or signal.chart.points[at].rule != "outside" or signal.rare:
            continue
        if newest.end != material.newest.get(signal.metric):
            continue
        old = _figure(material, signal.metric, signal.org, signal.periods[at - 1]) if at else None
        new = _figure(material, signal.metric, signal.org, newest)
        yield Change("jump", signal.metric, signal.org, newest, old, new)
