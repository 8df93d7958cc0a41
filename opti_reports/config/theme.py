"""A theme's file under ``configs/themes``: its metrics, each one table; and the areas that themes are in."""

from __future__ import annotations

from opti_reports.config.base import Identifier, Strict, Words
from opti_reports.config.metric import AnyMetric


class Theme(Strict):
    """One of the themes of the model, in one of its areas."""

    id: Identifier
    area: Identifier
    name: Words
    owner_role: Words
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
