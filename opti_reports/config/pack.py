"""A pack's file under ``configs/packs``: for whom, when, in what format, with which sections and blocks."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from opti_reports.config.base import (
    AudienceId,
    Gated,
    Identifier,
    LevelId,
    MadeName,
    Strict,
    UnitType,
    WholeName,
    Words,
)
from opti_reports.config.block import AnyBlock
from opti_reports.config.every_block import of_tertials
from opti_reports.errors import UnfitError
from opti_reports.periods.cadence import MONTH, Cadence

RENAMED = {"deviations": "cards", "statutory": "law", "observations": "pending"}
"""Kinds of blocks that earlier versions had, and what stands in their place."""


def of_today(data: object) -> object:
    """Refuse blocks of an earlier kind, with the kind that is meant now."""
    blocks = data.get("block", ()) if isinstance(data, dict) else ()
    for block in blocks if isinstance(blocks, list | tuple) else ():
        if isinstance(block, dict) and block.get("kind") in RENAMED:
            raise UnfitError("pack.renamed", kind=block["kind"], now=RENAMED[block["kind"]])
    return data


class SectionSpec(Strict):
    """A titled part of a pack; with a ``cadence`` of its own it appears when a period of that ends."""

    id: Identifier
    title: Words
    opening: bool = False
    appendix: bool = False
    """Whether it is looked up afterwards: it counts in no pack's length; on slides it stands behind a
    divider, in smaller text."""
    own_page: bool = False
    """Whether it begins on a new page of a PDF, to be hung on a wall by itself."""
    cadence: WholeName | None = None
    _earlier = model_validator(mode="before")(of_tertials)
    _renamed = model_validator(mode="before")(of_today)
    block: tuple[AnyBlock, ...]


class PackSpec(Gated):
    """One pack: ``level`` says for which organisations it is made, ``cadence`` when."""

    id: Identifier
    name: Words
    meeting: Words
    level: LevelId
    audience: AudienceId
    """Who reads it, and so which figures it may show."""
    format: Literal["pdf", "pptx"]
    cadence: MadeName = MONTH
    """When it is made, and of which periods its figures are: every week or month, or each tertial."""
    unit_types: tuple[UnitType, ...] = ()
    preparation: bool = False
    """A workbook goes with it in which the organisation prepares the meeting of the level above."""
    pages: int | None = Field(default=None, ge=1, le=100)
    """Its pages or slides before the appendix, at most: a run reports what is longer."""
    web: bool = False
    """A web page of the same goes with its PDF: one file, readable on a phone, without anything beside it."""
    languages: tuple[Identifier, ...] = ()
    """In which languages it is made, always in all of them; without any in those a run is asked for."""
    any_month: bool = False
    """Asked for by name it is made of any month, where no period of its cadence ends of that month alone."""
    apart: bool = False
    """Signed off, archived and published by itself: no release of a month holds it, no mail brings it."""
    section: tuple[SectionSpec, ...]

    @property
    def blocks(self) -> tuple[AnyBlock, ...]:
        """Return the blocks of all sections."""
        return tuple(block for section in self.section for block in section.block)

    def cadence_of(self, month: int) -> Cadence:
        """Return by which periods its figures of a month are."""
        return self.cadence if self.cadence.ends(month) or not self.any_month else MONTH

    @model_validator(mode="after")
    def _web_pages_are_of_pdfs(self) -> PackSpec:
        if self.web and self.format != "pdf":
            raise UnfitError("pack.web")
        if (self.any_month or self.apart) and self.cadence.weekly:
            raise UnfitError("pack.of_weeks")
        return self

    @model_validator(mode="before")
    @classmethod
    def _earlier(cls, data: object) -> object:
        """Read ``months`` and ``period``, the earlier words of ``cadence``, where they say the same."""
        if not isinstance(data, dict) or not {"months", "period"} & data.keys():
            return data
        rest = {key: value for key, value in data.items() if key not in ("months", "period")}
        made, figures = data.get("months", "every"), data.get("period", "month")
        if (made, figures) not in (("every", "month"), ("tertial", "tertial")):
            raise UnfitError("pack.cadence")
        return rest | {"cadence": figures}
