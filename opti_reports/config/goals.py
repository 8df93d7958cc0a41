"""``configs/goals.toml``: goals and the goals that carry them, each with its measure, owner and rhythm."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from pydantic import Field

from opti_reports.config.base import GoalId, Identifier, MetricId, Strict, UnitId, WholeName, Words
from opti_reports.config.check_packs import Defined
from opti_reports.config.circles import circles
from opti_reports.config.references import unknown
from opti_reports.errors import Fault
from opti_reports.periods.cadence import MONTH

FILE = "goals.toml"


class Reaction(Strict):
    """Who acts once the goal has been missed in so many periods in a row."""

    periods: int = Field(ge=1, le=24)
    role: Words


class Goal(Strict):
    """What is wanted, the figure that tells whether it is there, and who answers for it.

    Its target is that of the metric, as everywhere.
    """

    id: Identifier
    name: Words
    under: GoalId | None = None
    """The goal that it carries."""
    area: Words | None = None
    """The part of the organisation that follows it; that of the goal above, where nothing is said."""
    metric: MetricId
    unit: UnitId
    """Whose figure it is."""
    cadence: WholeName = MONTH
    """How often it is looked at."""
    owner: Words
    reaction: tuple[Reaction, ...] = Field(min_length=1)


class Goals(Strict):
    """The file."""

    goal: tuple[Goal, ...] = ()

    def carrying(self, id: str) -> tuple[Goal, ...]:
        """Return the goals right under one, in the order of the file."""
        return tuple(goal for goal in self.goal if goal.under == id)

    def below(self, id: str) -> Iterator[tuple[Goal, int]]:
        """Yield all goals under one, each before those that carry it, with how far down it is."""
        for goal in self.carrying(id):
            yield goal, 1
            yield from ((under, depth + 1) for under, depth in self.below(goal.id))


def check_goals(file: Goals, defined: Defined) -> Iterator[Fault]:
    """Yield goals that are there twice or carry themselves, and reactions out of order."""
    yield from unknown(FILE, file, defined.names)
    ids = [goal.id for goal in file.goal]
    yield from (Fault(FILE, f"goal.{id}", "goal.twice") for id in sorted(set(ids)) if ids.count(id) > 1)
    for path in circles({goal.id: goal.under for goal in file.goal if goal.under}):
        yield Fault(FILE, f"goal.{path[0]}.under", "goal.circle", goals=path)
    for number, goal in enumerate(file.goal, 1):
        if any(after.periods <= before.periods for before, after in pairwise(goal.reaction)):
            yield Fault(FILE, f"goal.{number}.reaction", "goal.reaction")
