"""What a figure is compared with: the newest one before it, and what lies between where that is not shown.

A seasonal figure is compared with the same period a year ago alone, so that July is not set against June.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from opti_reports.model.value import Value
from opti_reports.packs import cells, periods
from opti_reports.packs.scene import Scene
from opti_reports.periods.period import Period


@dataclass(frozen=True)
class Before:
    """``value`` is the newest whole figure before; ``between`` are later periods without, the newest first.

    Where there is no whole figure before, ``value`` is that of the period just before, whatever it is.
    ``season``: it is of the same period a year ago.
    """

    value: Value
    between: tuple[Value, ...] = ()
    season: bool = False

    @property
    def whole(self) -> bool:
        """Return whether there is a figure to compare with."""
        return _whole(self.value)


def before(scene: Scene, metric_id: str, now: Period) -> Before:
    """Return what the organisation's value of a period is compared with."""
    if scene.metric(metric_id).season:
        return Before(scene.value(metric_id, now.year_ago), season=True)
    return previous(scene, metric_id, now)


def previous(scene: Scene, metric_id: str, now: Period) -> Before:
    """Return the newest whole figure before a period, also of a seasonal metric."""
    between: list[Value] = []
    for period in periods.earlier(scene, metric_id, now):
        value = scene.value(metric_id, period)
        if _whole(value):
            return Before(value, tuple(between))
        between.append(value)
    return Before(between[0])


def _whole(value: Value) -> bool:
    return value.state == "ok" and value.value is not None


def cell(scene: Scene, found: Before, text: str) -> str:
    """Return the text of the earlier figure, with its period where that is not the one just before."""
    named = found.between or found.season
    label = periods.short_label(scene, found.value.period).replace(" ", "\u00a0")
    return f"{text} ({label})" if named else text


def note(scene: Scene, found: Before) -> str:
    """Return which period it is and why none between: ``edellinen: kesäkuu 2026; heinäkuu: suojattu``."""
    if not found.between:
        return ""
    label = periods.end_label(scene, found.value.period)
    return f"{scene.say('sentence.previous', period=label)}; {'; '.join(_lacking(scene, found))}"


def gaps(scene: Scene, found: Before) -> Iterator[str]:
    """Yield why the periods between have no figure to compare with, if any lie between."""
    if found.between:
        yield from _lacking(scene, found)


def _lacking(scene: Scene, found: Before) -> Iterator[str]:
    if len(found.between) <= scene.configs.findings.shown.periods_named:
        for value in reversed(found.between):
            unclear = value.partial_by("unknown")
            state = "" if unclear else cells.wholeness(scene, value) or cells.state_words(scene, value)
            state = state or _state(scene, value)
            yield f"{periods.end_label(scene, value.period)}: {state}"
        return
    states = dict.fromkeys(_state(scene, value) for value in found.between)
    yield scene.say("sentence.between", count=len(found.between), states=", ".join(states))


def _state(scene: Scene, value: Value) -> str:
    short = {"few": "too_few", "partial": "not_whole"}
    return scene.say(f"state.{short.get(value.state, value.state)}")
