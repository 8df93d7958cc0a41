"""Which period of a metric a pack shows, what it is compared with, and what each is called."""

from __future__ import annotations

from collections.abc import Iterator

from opti_reports.config.metric import Metric
from opti_reports.language import formats
from opti_reports.model.period import STEPS, Duration, Kind, Period, ends_tertial
from opti_reports.model.value import SHOWN, Value
from opti_reports.packs.scene import Scene

YEAR = 12


def kind_of(metric: Metric, tertial: bool) -> Kind:
    """The kind of period shown: month or tertial for monthly metrics, else the metric's own window."""
    if metric.window in ("month", "weeks"):
        return "tertial" if tertial else "month"
    return metric.window  # type: ignore[return-value]


def shown(scene: Scene, metric_id: str, org: str = "") -> Period:
    """The period whose value is "now".

    The data month's, except: the newest wave of a survey, and the newest complete month (or tertial) of a
    metric whose sources arrive late as agreed. A metric that has nothing keeps the data month, where it is
    missing.
    """
    kind = kind_of(scene.metric(metric_id), scene.tertial)
    now = Period(kind, scene.month)
    if kind == "wave":
        return _newest(scene, metric_id, org, now, scene.month) or now
    complete = scene.material.newest.get(metric_id, 0)
    if not 0 < complete < scene.month or not _late_as_agreed(scene, metric_id):
        return now
    if kind == "tertial" and scene.value(metric_id, now, org).state in SHOWN:
        return now
    return _newest(scene, metric_id, org, now, complete) or now


def value_now(scene: Scene, metric_id: str, org: str = "") -> Value:
    """The value that is "now"."""
    return scene.value(metric_id, shown(scene, metric_id, org), org)


def _late_as_agreed(scene: Scene, metric_id: str) -> bool:
    behind = [report for report in scene.reports(metric_id) if (report.newest or 0) < scene.month]
    return all(report.presence == "lagging" for report in behind)


def _newest(scene: Scene, metric_id: str, org: str, like: Period, last: int) -> Period | None:
    """The newest period of a kind, ended by ``last``, of which anything is known."""
    for end in range(last, scene.month - scene.configs.settings.history_months, -1):
        if like.kind == "tertial" and not ends_tertial(end):
            continue
        period = Period(like.kind, end)
        if scene.value(metric_id, period, org).state != "missing":
            return period
    return None


def earlier(scene: Scene, metric_id: str, now: Period) -> Iterator[Period]:
    """The periods before one, the newest first, as far back as values go; at least the one just before.

    Months or tertials; of a survey the waves held before, also those the organisation has nothing of.
    """
    first = scene.month - scene.configs.settings.history_months
    if now.kind == "wave":
        held = [end for end in scene.material.values.waves.get(metric_id, ()) if end < now.end]
        yield from (Period("wave", end) for end in reversed(held or [now.end - 1]))
        return
    period = step_back(scene, now)
    yield period
    while (period := step_back(scene, period)).end > first:
        yield period


def step_back(scene: Scene, period: Period) -> Period:
    """The month or tertial before; of a year to date or twelve months, the one that ends with it."""
    if not scene.tertial:
        return Period(period.kind, period.end - 1)
    ends = range(period.end - 1, period.end - STEPS["tertial"] - 1, -1)
    return Period(period.kind, next(end for end in ends if ends_tertial(end)))


def year_ago(now: Period) -> Period:
    """The same period a year earlier."""
    return Period(now.kind, now.end - YEAR)


def series(scene: Scene, metric_id: str, now: Period, count: int) -> tuple[Period, ...]:
    """The last ``count`` periods up to ``now``, oldest first.

    Waves and tertials only as far back as there are values; a wave held without the organisation is a gap.
    """
    if now.kind == "wave":
        return _waves(scene, metric_id, now)[-count:]
    periods = [now]
    while len(periods) < count:
        periods.append(step_back(scene, periods[-1]))
    periods.reverse()
    if scene.tertial:
        known = [i for i, period in enumerate(periods) if scene.value(metric_id, period).state != "missing"]
        periods = periods[known[0] :] if known else periods[-1:]
    return tuple(periods)


def _waves(scene: Scene, metric_id: str, now: Period) -> tuple[Period, ...]:
    held = scene.material.values.waves.get(metric_id, ())
    found = [Period("wave", end) for end in held if end < now.end] + [now]
    first_figure = next(
        (i for i, p in enumerate(found) if scene.value(metric_id, p).number is not None), len(found) - 1
    )
    return tuple(found[first_figure:])


def label(scene: Scene, period: Period) -> str:
    """A period in a sentence: ``elokuu 2026``, ``2. tertiaali 2026``, ``vuoden alusta, heinäkuu 2026``."""
    month = formats.month(period.end, scene.language)
    if period.kind == "tertial":
        return formats.tertial(period.end, scene.wording)
    if period.kind == "iso_week":
        return formats.week(period.week, scene.wording)
    if period.kind in ("wave", "ytd", "rolling_12m"):
        return scene.say(f"period.{period.kind}", month=month)
    return month


def end_label(scene: Scene, period: Period) -> str:
    """When a period ends: its tertial, else its last month."""
    if period.kind == "tertial":
        return formats.tertial(period.end, scene.wording)
    return formats.month(period.end, scene.language)


def since_label(scene: Scene, since: Period, lasted: Duration) -> str:
    """Since when something has lasted: a tertial where it is followed by tertials, else a month."""
    if lasted.cadence == "tertial":
        return formats.tertial(since.end, scene.wording)
    return end_label(scene, since)


def short_label(scene: Scene, period: Period) -> str:
    """A period on a chart's axis: ``elo 26``, ``T2/26``."""
    if period.kind == "tertial":
        return formats.short_tertial(period.end, scene.wording)
    return formats.short_month(period.end, scene.language)
