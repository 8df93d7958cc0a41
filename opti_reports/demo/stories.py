"""The stories the demo tells: which unit, which metric, in which months, and how strongly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from opti_reports.demo.data import STRICT, fit, read_tables
from opti_reports.demo.rows import Floats
from opti_reports.demo.world import World


@dataclass(frozen=True)
class Story:
    """One story, from a month on: 0 is the demo's last; ``unit`` empty means everywhere."""

    __pydantic_config__ = STRICT

    id: str
    metric: str
    from_month: int
    text: str
    unit: str = ""


STORIES = fit(Story, read_tables("stories.toml")["story"])
BY_ID = {story.id: story for story in STORIES}


def touched(world: World, story_id: str, month: int) -> Floats:
    """Return 1 for the unit that the story touches in the month, 0 for the others."""
    found = np.zeros(len(world.org.units))
    number = story_unit(world, story_id)
    if number >= 0 and BY_ID[story_id].from_month <= month - world.last <= 0:
        found[number] = 1.0
    return found


def story_unit(world: World, story_id: str) -> int:
    """Return the number of the story's unit; -1 without stories or when the organisation has no such unit."""
    return world.org.number(BY_ID[story_id].unit) if world.stories else -1


def story_month(world: World, story_id: str, month: int) -> int:
    """Return how many months the story has gone on in the month, 1 in its first; 0 or less before it."""
    return month - world.last - BY_ID[story_id].from_month + 1 if world.stories else 0
