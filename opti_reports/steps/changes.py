"""What sets a month's figures apart from those told before, and which of it is looked at before a release.

The rule and its thresholds are ``[look_at]`` of ``configs/findings.toml``.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from opti_reports.model.change import Change
from opti_reports.model.finding import Restatement, Signal
from opti_reports.model.period import Period
from opti_reports.model.value import SHOWN
from opti_reports.packs.material import Material


def changes(material: Material) -> tuple[Change, ...]:
    """Headline figures newly withheld, restated, newly breaking a law, or beyond their limits."""
    return (*_withheld(material), *_restated(material), *_breaches(material), *_jumps(material))


def _figure(material: Material, metric: str, org: str, period: Period) -> Fraction | None:
    """What is shown of a figure: no rate of too few cases."""
    value = material.values.get(metric, org, period)
    return value.value if value.state in SHOWN else None


def _earlier(material: Material, period: Period) -> list[Period]:
    """The periods before one that end within the months looked back, the newest first; at least one."""
    step = 4 if period.kind == "tertial" else 1
    back = max(step, material.configs.findings.look_at.months)
    return [Period(period.kind, period.end - by) for by in range(step, back + 1, step)]


def _withheld(material: Material) -> Iterator[Change]:
    for metric, month in material.newest.items():
        period = Period("month", month)
        for node in material.tree.nodes:
            if material.values.get(metric, node.id, period).state != "withheld":
                continue
            before = [material.values.get(metric, node.id, one) for one in _earlier(material, period)]
            if before[0].state in SHOWN:
                new = all(one.state in SHOWN for one in before)
                yield Change("withheld", metric, node.id, period, before[0].value, None, look_at=new)


def _restated(material: Material) -> Iterator[Change]:
    for r in material.restatements:
        yield Change(
            "restated", r.metric, r.org, r.period, r.old, r.new, r.sources, look_at=_large(material, r)
        )


def _large(material: Material, r: Restatement) -> bool:
    """Whether a restatement is one of many cases, and large; sums of money have no cases and are not."""
    rule, n = material.configs.findings.look_at, material.values.get(r.metric, r.org, r.period).n
    if n is None:
        return False
    moved = abs(r.new - r.old)
    if material.configs.metrics[r.metric].unit == "percent":
        return float(moved) >= rule.restated_points and float(moved / 100 * n) >= rule.restated_cases
    part = moved / max(abs(r.old), abs(r.new))
    return float(part) >= rule.restated_relative and float(part * n) >= rule.restated_cases


def _breaches(material: Material) -> Iterator[Change]:
    for d in material.deviations:
        if "statutory" in d.signals and d.since == d.period:
            before = _earlier(material, d.period)
            statuses = [material.statuses.get((d.metric, d.org, one)) for one in before]
            old, new = (_figure(material, d.metric, d.org, one) for one in (before[0], d.period))
            first = all(one is None or one.tone != "off" for one in statuses)
            yield Change("breach", d.metric, d.org, d.period, old, new, look_at=first)


def _jumps(material: Material) -> Iterator[Change]:
    for signal in material.signals.values():
        newest, at = signal.newest, signal.chart.newest
        if newest is None or at is None or signal.chart.points[at].rule != "outside" or signal.rare:
            continue
        if newest.end != material.newest.get(signal.metric):
            continue
        old = _figure(material, signal.metric, signal.org, signal.periods[at - 1]) if at else None
        new = _figure(material, signal.metric, signal.org, newest)
        yield Change("jump", signal.metric, signal.org, newest, old, new, look_at=_far(material, signal, at))


def _far(material: Material, signal: Signal, at: int) -> bool:
    """Whether the newest point lies far out, where none of the months before lay outside on that side."""
    rule, points = material.configs.findings.look_at, signal.chart.points
    newest, segment = points[at], signal.chart.segments[-1]
    if newest.value is None or segment.mean is None or segment.upl is None:
        return False
    far = abs(newest.value - segment.mean) >= rule.beyond * (segment.upl - segment.mean)
    before = points[max(0, at - rule.months) : at]
    return far and not any((one.rule, one.reading) == ("outside", newest.reading) for one in before)
