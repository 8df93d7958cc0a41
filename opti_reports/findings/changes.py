"""What sets a month's figures apart from those published before, and what is looked at before a release.

The rule and its thresholds are ``[look_at]`` of ``configs/findings.toml``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Protocol

from opti_reports.config.configs import Configs
from opti_reports.model.change import Change, ChangeKind
from opti_reports.model.finding import Deviation, Restatement, Signal, Status
from opti_reports.model.organisation import Tree
from opti_reports.model.value import SHOWN, Value, Values
from opti_reports.periods.cadence import MONTH, Cadence
from opti_reports.periods.period import Period


class Judged(Protocol):
    """A month's published values with everything found in them."""

    @property
    def configs(self) -> Configs: ...
    @property
    def tree(self) -> Tree: ...
    @property
    def values(self) -> Values: ...
    @property
    def newest(self) -> Mapping[str, int]: ...
    @property
    def statuses(self) -> Mapping[tuple[str, str, Period], Status]: ...
    @property
    def signals(self) -> Mapping[tuple[str, str], Signal]: ...
    @property
    def deviations(self) -> tuple[Deviation, ...]: ...
    @property
    def restatements(self) -> tuple[Restatement, ...]: ...


def changes(found: Judged) -> tuple[Change, ...]:
    """Return headline figures newly withheld, restated, newly breaking a law, or beyond their limits."""
    return (*_withheld(found), *_restated(found), *_breaches(found), *_jumps(found))


def _figure(found: Judged, metric: str, org: str, period: Period) -> Fraction | None:
    """Return what is shown of a figure: no rate of too few cases."""
    value = found.values.get(metric, org, period)
    return value.value if value.state in SHOWN else None


def _moved(
    found: Judged,
    kind: ChangeKind,
    metric: str,
    org: str,
    period: Period,
    old: Value | None,
    *,
    look_at: bool,
) -> Change:
    """Return a change from an earlier figure, if there is one, to a period's."""
    new = _figure(found, metric, org, period)
    then, before = (None, None) if old is None else (old.value, old.period)
    return Change(
        kind=kind, metric=metric, org=org, period=period, old=then, new=new, look_at=look_at, before=before
    )


def _earlier(found: Judged, metric: str, period: Period, cadence: Cadence = MONTH) -> list[Period]:
    """Return the periods before one that end within the months looked back, the newest first;
    at least one.
    """
    if cadence.held:
        held = [end for end in found.values.waves.get(metric, ()) if end < period.end]
        near = [end for end in held if end >= period.end - found.configs.findings.look_at.months]
        return [Period(cadence, end) for end in reversed(near or held[-1:])]
    back = max(cadence.step, found.configs.findings.look_at.months)
    return list(cadence.back(cadence.before(period), period.end - back - 1))


def _told(found: Judged, metric: str, org: str, earlier: Iterable[Period]) -> Value | None:
    """Return the newest of earlier values that has a figure, whatever lies between."""
    values = (found.values.get(metric, org, period) for period in earlier)
    return next((value for value in values if value.state in SHOWN), None)


def _withheld(found: Judged) -> Iterator[Change]:
    for metric, month in found.newest.items():
        period = Period(MONTH, month)
        for node in found.tree.nodes:
            if found.values.get(metric, node.id, period).state != "withheld":
                continue
            before = [found.values.get(metric, node.id, one) for one in _earlier(found, metric, period)]
            known = [one for one in before if one.state != "missing"]
            if known and known[0].state in SHOWN:
                new, old = all(one.state in SHOWN for one in before), known[0]
                yield Change(
                    kind="withheld",
                    metric=metric,
                    org=node.id,
                    period=period,
                    old=old.value,
                    new=None,
                    look_at=new,
                    before=old.period,
                )


def _restated(found: Judged) -> Iterator[Change]:
    for r in found.restatements:
        yield Change(
            kind="restated",
            metric=r.metric,
            org=r.org,
            period=r.period,
            old=r.old,
            new=r.new,
            sources=r.sources,
            look_at=_large(found, r),
        )


def _large(found: Judged, r: Restatement) -> bool:
    """Return whether a restatement is one of many cases, and large; sums of money have no
    cases and are not.
    """
    rule, n = found.configs.findings.look_at, found.values.get(r.metric, r.org, r.period).n
    if n is None:
        return False
    moved = abs(r.new - r.old)
    if found.configs.metrics[r.metric].unit == "percent":
        return float(moved) >= rule.restated_points and float(moved / 100 * n) >= rule.restated_cases
    part = moved / max(abs(r.old), abs(r.new))
    return float(part) >= rule.restated_relative and float(part * n) >= rule.restated_cases


def _breaches(found: Judged) -> Iterator[Change]:
    for d in found.deviations:
        before = _earlier(found, d.metric, d.period, d.lasted.cadence)
        statuses = [found.statuses.get((d.metric, d.org, one)) for one in before]
        kept = [one is None or one.tone != "off" for one in statuses]
        if "statutory" in d.signals and all(kept[:1]):
            old = _told(found, d.metric, d.org, before)
            yield _moved(
                found=found,
                kind="breach",
                metric=d.metric,
                org=d.org,
                period=d.period,
                old=old,
                look_at=all(kept),
            )


def _jumps(found: Judged) -> Iterator[Change]:
    for signal in found.signals.values():
        newest, at = signal.newest, signal.chart.newest
        if newest is None or at is None or signal.chart.points[at].rule != "outside" or signal.rare:
            continue
        if newest.end != found.newest.get(signal.metric):
            continue
        earlier = [newest.year_ago] if signal.season else reversed(signal.periods[:at])
        old = _told(found, signal.metric, signal.org, earlier)
        far = _far(found, signal, at)
        yield _moved(
            found=found,
            kind="jump",
            metric=signal.metric,
            org=signal.org,
            period=newest,
            old=old,
            look_at=far,
        )


def _far(found: Judged, signal: Signal, at: int) -> bool:
    """Return whether the newest point lies far out, where no month before lay outside on that side."""
    rule, points = found.configs.findings.look_at, signal.chart.points
    newest, segment = points[at], signal.chart.segments[-1]
    if newest.value is None or segment.mean is None or segment.upl is None:
        return False
    far = abs(newest.value - segment.mean) >= rule.beyond * (segment.upl - segment.mean)
    before = points[max(0, at - rule.months) : at]
    return far and not any((one.rule, one.reading) == ("outside", newest.reading) for one in before)
