"""The stories the demo tells: which unit, which metric, in which months, and how strongly."""

from __future__ import annotations

from dataclasses import dataclass

from opti_reports.demo.data import STRICT, fit, read_tables


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
