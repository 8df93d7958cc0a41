"""The stories the demo tells: which unit, which metric, in which months, and how strongly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from opti_reports.demo.days import Floats
from opti_reports.demo.world import World


@dataclass(frozen=True)
class Story:
    """One story, from a month on: 0 is the demo's last; ``unit`` empty means everywhere."""

    id: str
    unit: str
    metric: str
    from_month: int
    text: str


STORIES = (
    Story(
        "phone_collapse", "matinkyla", "immediate_access_pct", -4,
        "The phone queue collapses: immediate access falls from about 80 % to about 45 %.",
    ),
    Story(
        "callback_recovery", "lohja", "callback_24h_pct", -8,
        "An action starts in month -9; from the next month on clients are called back within 24 h.",
    ),
    Story(
        "sick_leave", "kirkkonummi", "sick_leave_pct", -9,
        "Sick leave, seasonal everywhere, rises month after month in one unit.",
    ),
    Story(
        "digital_launch", "", "digi_share_pct", -14,
        "A digital service is launched; calls turn into digital cases everywhere.",
    ),
    Story(
        "haipro_late", "tapiola", "haipro_classified_7d_pct", -3,
        "Incident reports are handled late in one unit.",
    ),
    Story(
        "haipro_silence", "karkkila", "haipro_reports_n", -3,
        "A small unit stops reporting incidents.",
    ),
    Story(
        "budget_overrun", "pohjois_espoo", "budget_ytd_pct", -11,
        "One service unit overruns its budget in the year of the last month.",
    ),
    Story(
        "merger", "kilo", "contacts_n", -99,
        "A station ends and its successor takes its clients, as the organisation file says; its codes stop.",
    ),
)  # fmt: skip


def story(story_id: str) -> Story:
    """Return the story of this id; raises KeyError."""
    return {item.id: item for item in STORIES}[story_id]


def touched(world: World, story_id: str, month: int) -> Floats:
    """1 for the units that the story touches in the month, 0 for the others; all 0 without stories."""
    found = np.zeros(len(world.org.units))
    item = story(story_id)
    number = story_unit(world, story_id)
    if number >= 0 and item.from_month <= month - world.last <= 0:
        found[number] = 1.0
    return found


def story_unit(world: World, story_id: str) -> int:
    """Return the number of the story's unit; -1 without stories or when the organisation has no such unit."""
    return world.org.number(story(story_id).unit) if world.stories else -1


def story_month(world: World, story_id: str, month: int) -> int:
    """Return how many months the story has gone on in the month, 1 in its first; 0 or less before it."""
    return month - world.last - story(story_id).from_month + 1 if world.stories else 0
