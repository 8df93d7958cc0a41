"""A theme's file under ``configs/themes``: its metrics, each one table; and the areas that themes are in."""

from __future__ import annotations

from opti_reports.config.base import Gated, Identifier, LevelId, Strict, Words
from opti_reports.config.metric import AnyMetric


class Lead(Strict):
    """Whose move it is on a level of management when a metric of the theme deviates."""

    role: Words


class Theme(Gated):
    """One of the themes of the model, in one of its areas."""

    id: Identifier
    area: Identifier
    name: Words
    owner_role: Words
    """Who answers for the theme in the whole organisation, and supports the levels that decide."""
    lead: dict[LevelId, Lead] = {}
    """By level, who acts there; a level without one reads its deviations and decides nothing."""
    for_staff: bool = True
    """Whether the page for a unit's whole staff tells of it."""
    metric: dict[Identifier, AnyMetric]


class Area(Strict):
    """One of the areas of the model."""

    id: Identifier
    name: Words
    themes: tuple[Identifier, ...]
    """Its themes in the order they are shown."""


class Areas(Strict):
    """``configs/areas.toml``: the areas in the order they are shown."""

    area: tuple[Area, ...]
