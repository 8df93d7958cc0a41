"""How a metric is spoken of where its target is missed, and what may stand in its way."""

from __future__ import annotations

from pydantic import model_validator

from opti_reports.config.base import Strict, Words
from opti_reports.errors import UnfitError
from opti_reports.language.wording import placeholders

SLOTS, GAP_SLOTS = frozenset({"value", "target", "late", "n"}), frozenset({"count", "target"})
"""What a metric's message may be filled in with."""


class Saying(Strict):
    """How a missed target of a metric is said aloud, with what is measured in it."""

    missed: Words
    """``{value}``, ``{target}``, and of cases ``{late}`` of ``{n}``."""
    gap: Words | None = None
    """What would have been enough, with ``{count}`` cases; ``gap_one`` with one."""
    gap_one: Words | None = None

    @model_validator(mode="after")
    def _fillable(self) -> Saying:
        for slots, words in ((SLOTS, self.missed), (GAP_SLOTS, self.gap), (GAP_SLOTS, self.gap_one)):
            found = {slot for text in (words or {}).values() for slot in placeholders(text)}
            if unknown := sorted(found - slots):
                raise UnfitError("metric.slots", slots=tuple(unknown), known=tuple(sorted(slots)))
        if (self.gap is None) != (self.gap_one is None):
            raise UnfitError("metric.gap")
        return self


class Untold(Strict):
    """What a metric cannot tell apart where the newest extract lacks a column."""

    column: str
    """Written ``source.column``."""
    caveat: Words


class Reference(Strict):
    """A public figure that stands beside a metric where its readers compare: never a target."""

    indicator: str
    """A code of the column ``indicator`` of a source with reference figures."""
    times: float = 1
    """What makes the metric's figure of the indicator's: times this …"""
    plus: float = 0
    """… plus this (100 − the share that waited longer: ``times = -1``, ``plus = 100``)."""
    origin: Words
    """Where it comes from, if its row does not say."""


class Barrier(Strict):
    """What may stand in the way of a metric's target, and what has been tried for it elsewhere."""

    name: Words
    action: Words
