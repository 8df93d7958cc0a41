"""What blocks of every kind may say, and the types their keys share."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from opti_reports.config.base import MetricId, Strict, UnitType, WholeName, Words
from opti_reports.periods.cadence import TERTIAL

Metrics = Annotated[tuple[MetricId, ...], Field(min_length=1)]
Limit = Annotated[int, Field(ge=1, le=200)]
"""How many rows are shown; the rest is counted."""


def of_tertials(data: object) -> object:
    """Read ``tertial_only``, the earlier word of a part's own ``cadence``."""
    if not isinstance(data, dict) or "tertial_only" not in data:
        return data
    rest = {key: value for key, value in data.items() if key != "tertial_only"}
    return rest | ({"cadence": TERTIAL} if data["tertial_only"] else {})


class Block(Strict):
    """What any block may say."""

    cadence: WholeName | None = None
    """Where it is not the pack's: it appears when a period of it ends, with that period's figures."""
    unit_types: tuple[UnitType, ...] = ()
    """Only in packs of organisations of these types, or with such a unit below them; of all without any."""
    yields: int = Field(default=0, ge=0, le=99)
    """In which order it gives way to the appendix where a pack is longer than its ``pages``; 0: never."""

    _earlier = model_validator(mode="before")(of_tertials)


class Titled(Block):
    """A block that may have a title of its own."""

    title: Words | None = None
