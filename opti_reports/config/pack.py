"""A pack's file under ``configs/packs``: for whom, when, in what format, with which sections and blocks."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from opti_reports.config.base import Identifier, Strict, WholeName, Words
from opti_reports.errors import UnfitError
from opti_reports.model.comparison import Of
from opti_reports.periods.cadence import MONTH, TERTIAL

BlockKind = Literal[
    "completeness",
    "tiles",
    "deviations",
    "statutory",
    "metric_table",
    "trends",
    "comparison",
    "funnel",
    "matrix",
    "breakdown",
    "outturn",
    "distribution",
    "list",
    "decisions",
    "quality",
    "definitions",
    "text",
    "staff_summary",
    "preparations",
    "counts",
    "channels",
    "focus",
    "observations",
    "verdicts",
    "proposals",
]
NEEDS: dict[str, tuple[str, ...]] = {
    "metric_table": ("metrics",),
    "trends": ("metrics",),
    "comparison": ("metrics",),
    "funnel": ("metrics",),
    "matrix": ("metrics",),
    "outturn": ("metrics",),
    "breakdown": ("metric", "by"),
    "distribution": ("fact", "rows", "levels"),
    "list": ("list",),
    "text": ("text",),
    "preparations": ("list",),
    "counts": ("metric", "keys"),
    "channels": ("groups",),
    "focus": ("metric", "by"),
    "verdicts": ("processes",),
    "proposals": ("list",),
}


class ChannelGroup(Strict):
    """Channels in a table: ``count`` split by ``by``, and the ``score`` that was asked in them, if any.

    Without ``by`` its rows are the nodes right below instead.
    """

    name: Words
    by: Identifier | None = None
    count: Identifier
    score: Identifier | None = None


def of_tertials(data: object) -> object:
    """Read ``tertial_only``, the earlier word of a part's own ``cadence``."""
    if not isinstance(data, dict) or "tertial_only" not in data:
        return data
    rest = {key: value for key, value in data.items() if key != "tertial_only"}
    return rest | ({"cadence": TERTIAL} if data["tertial_only"] else {})


class BlockSpec(Strict):
    """One block. Which other keys it takes depends on its kind.

    statutory is the standing line of what the law asks, kept or not;
    comparison and matrix set the organisation's children (``of = "units"``: all units below) side by side;
    funnel draws shares of cases against their number of cases, with the limits of chance;
    outturn shows shares of a budget as money, by a key (``by``) where they have it;
    breakdown shows a metric by one of its keys; distribution the shares of a fact's key (``levels``) by
    another (``rows``); list the rows of a source's list; decisions an empty table for the meeting;
    staff_summary a page for the whole staff, with ``metrics`` as what the clients said; preparations what the
    units below wrote into their workbooks; counts shows a metric by each of its ``keys`` in the last periods
    side by side; channels how many came by each channel (or each node below), and their scores where one was
    asked; focus the keys
    (``by``) of a count that are the most; observations what nobody reported or handled for months; verdicts
    whether processes are kept; proposals what is to be decided, from what deviates and what was raised.
    """

    kind: BlockKind
    title: Words | None = None
    metrics: tuple[Identifier, ...] = ()
    metric: Identifier | None = None
    by: Identifier | None = None
    fact: Identifier | None = None
    rows: Identifier | None = None
    levels: Identifier | None = None
    list: Identifier | None = None
    text: Words | None = None
    of: Of = "children"
    keys: tuple[Identifier, ...] = ()
    groups: tuple[ChannelGroup, ...] = ()
    processes: tuple[Identifier, ...] = ()
    least: int = Field(default=1, ge=1, le=100)
    """Of focus: how many cases of a key are enough."""
    decided: bool = False
    """Of actions: only what the organisation's own meeting decided since the period before, or is undone."""
    cumulative: bool = False
    """Of a breakdown of counts, or of a share's cases: with what the largest make together of all."""
    brief: bool = False
    """Of the data quality: only sources with something amiss and the newest changes; the rest is counted."""
    limit: int = Field(default=12, ge=1, le=200)
    cadence: WholeName | None = None
    """Where it is not the pack's: it appears when a period of it ends, with that period's figures."""

    _earlier = model_validator(mode="before")(of_tertials)

    @model_validator(mode="after")
    def _parts_of_its_kind(self) -> BlockSpec:
        missing = [part for part in NEEDS.get(self.kind, ()) if not getattr(self, part)]
        if missing:
            raise UnfitError("pack.needs", kind=self.kind, keys=tuple(missing))
        return self


class SectionSpec(Strict):
    """A titled part of a pack; with a ``cadence`` of its own it appears when a period of that ends."""

    id: Identifier
    title: Words
    opening: bool = False
    own_page: bool = False
    """Whether it begins on a new page of a PDF, to be hung on a wall by itself."""
    cadence: WholeName | None = None
    _earlier = model_validator(mode="before")(of_tertials)
    block: tuple[BlockSpec, ...]


class PackSpec(Strict):
    """One pack: ``level`` says for which organisations it is made, ``cadence`` when."""

    id: Identifier
    name: Words
    meeting: Words
    level: Identifier
    format: Literal["pdf", "pptx"]
    cadence: WholeName = MONTH
    """When it is made, and of which periods its figures are: every month, or each tertial that ended."""
    needs_metrics: bool = True
    """Only organisations with rows of their own get it."""
    unit_types: tuple[Identifier, ...] = ()
    preparation: bool = False
    """A workbook goes with it in which the organisation prepares the meeting of the level above."""
    section: tuple[SectionSpec, ...]

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
