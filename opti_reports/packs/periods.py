"""Which period of a metric a pack shows, what it is compared with, and what each is called."""

from __future__ import annotations

from collections.abc import Iterator

from opti_reports.config.audiences import WHOLE_YEARS
from opti_reports.language import formats
from opti_reports.model.finding import Deviation
from opti_reports.model.value import SHOWN, Value
from opti_reports.packs.scene import Scene
from opti_reports.periods.cadence import MONTH, ROLLING, Cadence
from opti_reports.periods.months import YEAR
from opti_reports.periods.period import Duration, Period


def shown(scene: Scene, metric_id: str, org: str = "") -> Period:
    """Return the period whose value is "now".

    The data month's, except: the newest wave of a survey, and the newest complete month (or longer period) of
    a metric whose sources arrive late as agreed. A metric that has nothing keeps the data month, where it is
    missing.
    """
    cadence = scene.cadence.of(scene.metric(metric_id).cadence)
    now = scene.newest(cadence)
    if cadence.held:
        return _newest(scene, metric_id, org, now, scene.month) or now
    complete = scene.material.newest.get(metric_id, 0)
    if not 0 < complete < scene.month or not _late_as_agreed(scene, metric_id):
        return now
    if cadence.longer and scene.value(metric_id, now, org).state in SHOWN:
        return now
    return _newest(scene, metric_id, org, now, complete) or now


def ended(scene: Scene, metric_id: str, org: str, cadence: Cadence) -> Period:
    """Return the newest period that has ended by a cadence; the newest of which anything is known, where
    surveys are not held in each, and where sources are late as agreed.
    """
    own = cadence.of(scene.metric(metric_id).cadence)
    now = Period(own, own.last_end(cadence.last_end(scene.month)))
    complete = scene.material.newest.get(metric_id, 0)
    late = own.held or (0 < complete < now.end and _late_as_agreed(scene, metric_id))
    if scene.value(metric_id, now, org).state != "missing" or not late:
        return now
    return _newest(scene, metric_id, org, now, now.end) or now


def by_keys(scene: Scene, metric_id: str, count: int = 1) -> tuple[Period, ...]:
    """Return the last periods whose breakdowns are shown, oldest first: the headlines', or whole years
    where the pack's readers see nothing shorter by keys. A year before that lacks months is left out.
    """
    now = shown(scene, metric_id)
    if not scene.protection.whole_years(scene.metric(metric_id)):
        return series(scene, metric_id, now, count)
    last, *before = (Period(ROLLING, scene.month - YEAR * back) for back in range(WHOLE_YEARS))
    whole = (period for period in before if not _lacks_months(scene.value(metric_id, period)))
    return tuple(reversed([last, *whole][:count]))


def _lacks_months(value: Value) -> bool:
    return value.short or value.state == "missing"


def value_now(scene: Scene, metric_id: str, org: str = "") -> Value:
    """Return the value that is "now"."""
    return scene.value(metric_id, shown(scene, metric_id, org), org)


def _late_as_agreed(scene: Scene, metric_id: str) -> bool:
    behind = [report for report in scene.reports(metric_id) if (report.newest or 0) < scene.month]
    return all(report.presence == "lagging" for report in behind)


def _newest(scene: Scene, metric_id: str, org: str, like: Period, last: int) -> Period | None:
    """Return the newest period of a kind, ended by ``last``, of which anything is known."""
    for end in range(last, scene.month - scene.configs.settings.history_months, -1):
        period = Period(like.cadence, end)
        if like.cadence.ends(end) and scene.value(metric_id, period, org).state != "missing":
            return period
    return None


def earlier(scene: Scene, metric_id: str, now: Period) -> Iterator[Period]:
    """Yield the periods before one, the newest first, as far back as values go; at least the one just before.

    Of a survey the waves held before, also those the organisation has nothing of.
    """
    first = scene.month - scene.configs.settings.history_months
    if now.cadence is ROLLING and scene.metric(metric_id).cadence is MONTH:
        yield Period(ROLLING, now.end - YEAR)  # of whole years there are no others
        return
    if now.cadence.held:
        held = [end for end in scene.material.values.waves.get(metric_id, ()) if end < now.end]
        yield from (Period(now.cadence, end) for end in reversed(held or [now.end - 1]))
        return
    period = scene.cadence.before(now)
    yield period
    yield from scene.cadence.back(scene.cadence.before(period), first)


def series(scene: Scene, metric_id: str, now: Period, count: int) -> tuple[Period, ...]:
    """Return the last ``count`` periods up to ``now``, oldest first.

    Waves and longer periods only as far back as there are values; a wave held elsewhere alone is a gap.
    """
    if now.cadence.held:
        return _waves(scene, metric_id, now)[-count:]
    periods = [now]
    while len(periods) < count:
        periods.append(scene.cadence.before(periods[-1]))
    periods.reverse()
    if scene.cadence.longer:
        known = [i for i, period in enumerate(periods) if scene.value(metric_id, period).state != "missing"]
        periods = periods[known[0] :] if known else periods[-1:]
    return tuple(periods)


def _waves(scene: Scene, metric_id: str, now: Period) -> tuple[Period, ...]:
    held = scene.material.values.waves.get(metric_id, ())
    found = [Period(now.cadence, end) for end in held if end < now.end] + [now]
    first_figure = next(
        (i for i, p in enumerate(found) if scene.value(metric_id, p).number is not None), len(found) - 1
    )
    return tuple(found[first_figure:])


def label(scene: Scene, period: Period) -> str:
    """Return a period in a sentence: ``elokuu 2026``, ``2. tertiaali 2026``, ``kysely, kesäkuu 2026``."""
    return formats.period(period, scene.wording)


def end_label(scene: Scene, period: Period) -> str:
    """Return when a period ends: a whole one itself, else its last month."""
    ended = period if _named(period.cadence) else Period(MONTH, period.end)
    return formats.period(ended, scene.wording)


def since(first: Period, lasted: Duration) -> Period:
    """Return the whole period since when something has lasted, by the periods it is followed in."""
    found = Period(lasted.cadence, first.end) if lasted.cadence.whole else first
    return found if _named(found.cadence) else Period(MONTH, found.end)


def _named(cadence: Cadence) -> bool:
    """Return whether periods have names of their own that say when they were."""
    return cadence.whole or cadence.weekly


def began(scene: Scene, one: Deviation) -> str:
    """Return since when a deviation has lasted: at least so long where nobody looks further back."""
    return _at_least(scene, one, since_words(scene, since(one.since, one.lasted)))


def since_label(scene: Scene, one: Deviation) -> str:
    """Return the whole period since when a deviation has lasted, for a cell."""
    return _at_least(scene, one, formats.period(since(one.since, one.lasted), scene.wording))


def _at_least(scene: Scene, one: Deviation, words: str) -> str:
    if one.lasted.months < scene.configs.findings.ranking.longest:
        return words
    return scene.say("since.at_least", since=words)


def since_words(scene: Scene, first: Period) -> str:
    """Return since when: ``elokuusta 2025 alkaen``, of the last month of a period that is no whole one."""
    whole = first if _named(first.cadence) else Period(MONTH, first.end)
    return formats.since(whole, scene.wording)


def short_label(scene: Scene, period: Period) -> str:
    """Return a period on a chart's axis: ``elo 26``, ``T2/26``."""
    return formats.short_period(period, scene.wording)
