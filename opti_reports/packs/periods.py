"""Which period of a metric a pack shows, what it is compared with, and what each is called."""

from __future__ import annotations

from opti_reports.config.metric import Metric
from opti_reports.language import formats
from opti_reports.model.period import Kind, Period, ends_tertial
from opti_reports.model.value import SHOWN, Value
from opti_reports.packs.scene import Scene

YEAR, TERTIAL = 12, 4


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


def previous(scene: Scene, metric_id: str, now: Period) -> Period:
    """The period before: last month, last tertial, the wave before."""
    if now.kind == "wave":
        found = _newest(scene, metric_id, "", now, now.end - 1)
        return found or Period(now.kind, now.end - 1)
    return Period(now.kind, _before(scene, now))


def _before(scene: Scene, period: Period) -> int:
    if not scene.tertial:
        return period.end - 1
    return next(end for end in range(period.end - 1, period.end - TERTIAL - 1, -1) if ends_tertial(end))


def year_ago(now: Period) -> Period:
    """The same period a year earlier."""
    return Period(now.kind, now.end - YEAR)


def series(scene: Scene, metric_id: str, now: Period, count: int) -> tuple[Period, ...]:
    """The last ``count`` periods up to ``now``, oldest first.

    Of waves only those with a value; tertials only as far back as there are values.
    """
    if now.kind == "wave":
        return _known(scene, metric_id, now)[-count:]
    periods = [now]
    while len(periods) < count:
        periods.append(Period(now.kind, _before(scene, periods[-1])))
    periods.reverse()
    if scene.tertial:
        known = [i for i, period in enumerate(periods) if scene.value(metric_id, period).state != "missing"]
        periods = periods[known[0] :] if known else periods[-1:]
    return tuple(periods)


def _known(scene: Scene, metric_id: str, now: Period) -> tuple[Period, ...]:
    first = scene.month - scene.configs.settings.history_months + 1
    all_of_them = (Period(now.kind, end) for end in range(first, now.end + 1))
    found = [p for p in all_of_them if p == now or scene.value(metric_id, p).state != "missing"]
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


def short_label(scene: Scene, period: Period) -> str:
    """A period on a chart's axis: ``elo 26``, ``T2/26``."""
    if period.kind == "tertial":
        return formats.short_tertial(period.end, scene.wording)
    return formats.short_month(period.end, scene.language)
