"""A goal and the goals that carry it: how each stands, who acts, and where the chain breaks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from opti_reports.config import block as kinds
from opti_reports.config.goals import Goal
from opti_reports.language import formats
from opti_reports.model.goals import GoalChain, GoalLine, GoalState
from opti_reports.model.tone import Tone
from opti_reports.model.value import Value
from opti_reports.packs import cells, periods, sentences
from opti_reports.packs.scene import Scene
from opti_reports.periods.period import Duration, Period

MISSED = ("off", "watch")


@dataclass(frozen=True)
class Place:
    """A goal in the scene, ``depth`` goals below the uppermost."""

    scene: Scene
    goal: Goal
    depth: int

    @cached_property
    def value(self) -> Value:
        """Return the newest figure of a period that has ended."""
        goal = self.goal
        return self._of(periods.ended(self.scene, goal.metric, goal.unit, goal.cadence))

    def _of(self, period: Period) -> Value:
        return self.scene.value(self.goal.metric, period, self.goal.unit)

    @cached_property
    def tone(self) -> Tone:
        """Return how it stands."""
        return cells.tone(self.scene, self.value)

    @property
    def missed(self) -> bool:
        """Return whether it is missed."""
        return self.tone in MISSED

    @property
    def judged(self) -> bool:
        """Return whether it can be told how it stands."""
        return self.missed or self.tone == "good"

    @cached_property
    def run(self) -> tuple[Period, ...]:
        """Return the periods in a row, the newest first, in which it was missed."""
        seen = replace(self.scene, cadence=self.goal.cadence)
        found = []
        for period in (now := self.value.period, *periods.earlier(seen, self.goal.metric, now)):
            if cells.tone(self.scene, self._of(period)) not in MISSED:
                break
            found.append(period)
        return tuple(found)


def goal_chain(scene: Scene, block: kinds.GoalChain) -> Iterator[GoalChain]:
    """Yield the goal, its message, and the goals that carry it by who follows them."""
    goals = scene.configs.goals
    top = Place(scene, next(goal for goal in goals.goal if goal.id == block.goal), 0)
    below = [Place(scene, goal, depth) for goal, depth in goals.below(block.goal)]
    breaks = _breaks(below)
    yield GoalChain(
        caption=scene.titled(block, scene.say("block.goal_chain")),
        message=_message(scene, top, below, breaks),
        top=_state(top, ()),
        lines=tuple(_lines(scene, below, breaks)),
    )


def _breaks(places: Sequence[Place]) -> list[Place]:
    """Return the goals that are missed though no goal under them is: there the chain breaks."""
    return [
        place
        for at, place in enumerate(places)
        if place.missed and not any(under.missed for under in _under(places, at))
    ]


def _under(places: Sequence[Place], at: int) -> Iterator[Place]:
    for place in places[at + 1 :]:
        if place.depth <= places[at].depth:
            return
        yield place


def _message(scene: Scene, top: Place, below: Sequence[Place], breaks: Sequence[Place]) -> str:
    unjudged = [place for place in below if not place.judged]
    state = "missed" if top.missed else "kept" if top.judged else "unjudged"
    if breaks:
        return scene.say(f"goal.{state}_broken", goals=_named(scene, breaks))
    if unjudged:
        return scene.say(f"goal.{state}_unknown", goals=_named(scene, unjudged))
    return scene.say(f"goal.{state}_whole" if below else f"goal.{state}_alone")


def _named(scene: Scene, places: Sequence[Place]) -> str:
    return "; ".join(scene.wording.of(place.goal.name) for place in places)


def _lines(scene: Scene, places: Sequence[Place], breaks: Collection[Place]) -> Iterator[GoalLine]:
    """Yield the goals right below the uppermost with those under them; of one area all together."""
    lines: dict[str, list[GoalState]] = {}
    label = ""
    for place in places:
        if place.depth == 1:
            own = place.goal.area or place.goal.owner
            label = formats.capital(scene.wording.of(own))
        lines.setdefault(label, []).append(_state(place, breaks))
    yield from (GoalLine(label, tuple(goals)) for label, goals in lines.items())


def _state(place: Place, breaks: Collection[Place]) -> GoalState:
    scene, value = place.scene, place.value
    metric, aim = scene.metric(value.metric), scene.status(value).target
    part = cells.part_of(scene, value) if value.number is not None else ""
    target = cells.target(scene, value.metric, aim, metric.unit)
    return GoalState(
        tone=place.tone,
        depth=place.depth,
        name=scene.wording.of(place.goal.name),
        measure=scene.say(
            "goal.measure", metric=scene.metric_name(value.metric), period=periods.label(scene, value.period)
        ),
        value=f"{cells.full(scene, value)} ({part})" if part else cells.full(scene, value),
        target=scene.say("goal.target", target=target) if aim else scene.say("goal.no_target"),
        status=cells.status(scene, value),
        since=formats.capital(periods.since_words(scene, place.run[-1])) if place.run else "",
        owner=formats.capital(scene.wording.of(place.goal.owner)),
        acts=_acts(place),
        breaks=scene.say("goal.breaks") if place in breaks else "",
    )


def _acts(place: Place) -> str:
    """Return whose move it is, or would be after how long."""
    scene = place.scene
    reached = [one for one in place.goal.reaction if one.periods <= len(place.run)]
    if reached:
        return scene.say("goal.acts_now", role=scene.wording.of(reached[-1].role))
    first = place.goal.reaction[0]
    role = scene.wording.of(first.role)
    if first.periods == 1:
        return scene.say("goal.acts_once", role=role)
    lasted = sentences.duration(scene, Duration(place.goal.cadence, first.periods))
    return scene.say("goal.acts_after", role=role, lasted=lasted)
