"""The blocks of a pack's file, a model a kind: what each shows, and what it needs."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from opti_reports.config.base import (
    FactId,
    GoalId,
    GroupingId,
    Identifier,
    ListId,
    MetricId,
    ProcessId,
    Strict,
    Words,
)
from opti_reports.config.every_block import Block, Limit, Metrics, Titled
from opti_reports.model.comparison import Of


class Completeness(Block):
    """What is missing, late or doubted this month."""

    kind: Literal["completeness"]


class Tiles(Titled):
    """The areas at a glance."""

    kind: Literal["tiles"]


class Grouped(Titled):
    """The measures of a grouping: what answers each and how it stands, or that nothing does."""

    kind: Literal["grouping"]
    grouping: GroupingId
    strip: bool = False
    """Only a tile a group, at a glance."""


class Law(Titled):
    """The standing line of what the law asks, kept or not."""

    kind: Literal["law"]


class Cards(Titled):
    """What is to be decided, the law first, then the heaviest: at most ``limit``, or as findings says."""

    kind: Literal["cards"]
    limit: Limit | None = None


class Agenda(Titled):
    """What there is to decide on a topic, beside its chart on slides: the law first, then as ``metrics``."""

    kind: Literal["agenda"]
    metrics: Metrics
    limit: Limit = 2


class Pending(Titled):
    """What waits or is late: cases, actions, questions raised, registers, and counts of ``metrics``."""

    kind: Literal["pending"]
    metrics: tuple[MetricId, ...] = ()
    named: Limit | None = None
    """Of the registers of many units: so many items are named, the commonest first, and the rest counted."""


class Outcomes(Titled):
    """Whether actions helped: before and after, with the verdict."""

    kind: Literal["outcomes"]
    limit: Limit = 4
    judged: bool = False
    """Only those with a verdict: a block of kind ``awaited`` names the others."""


class GoalChain(Titled):
    """A goal with the goals that carry it: how each stands, and where the chain breaks."""

    kind: Literal["goal_chain"]
    goal: GoalId


class Started(Titled):
    """The actions started in the page's week and the one before, with where their metrics went."""

    kind: Literal["started"]
    limit: Limit = 4


class Awaited(Titled):
    """The actions without a verdict yet, by name in a line."""

    kind: Literal["awaited"]


class Noted(Titled):
    """What deviates and is somebody else's matter, or may be chance."""

    kind: Literal["noted"]
    limit: Limit = 4


class Definitions(Block):
    """What each metric of the pack means."""

    kind: Literal["definitions"]


class Quality(Block):
    """What was delivered, read and rejected, and what has been restated."""

    kind: Literal["quality"]
    brief: bool = False
    """Only sources with something amiss and the newest changes; the rest is counted."""


class Text(Block):
    """A text of the organisation's own."""

    kind: Literal["text"]
    text: Words


class MetricTable(Titled):
    """Metrics, a row each: figure, target, earlier period, trend."""

    kind: Literal["metric_table"]
    metrics: Metrics
    dense: bool = False
    """A line each, without trend and notes: for an appendix."""


class FigureRow(Strict):
    """A metric in words that anybody understands."""

    metric: MetricId
    name: Words


class Figures(Titled):
    """Metrics in plain words: result, what the law or a target asks, and the period before.

    With ``of`` an organisation a row instead, and a column a metric.
    """

    kind: Literal["figures"]
    row: Annotated[tuple[FigureRow, ...], Field(min_length=1)]
    of: Of | None = None


class Trends(Block):
    """A line in time of each metric."""

    kind: Literal["trends"]
    metrics: Metrics


class Comparison(Block):
    """The organisations right below side by side (``of = "units"``: all units below), a chart a metric."""

    kind: Literal["comparison"]
    metrics: Metrics
    of: Of = "children"


class Funnel(Block):
    """Shares of cases against their number of cases, with the limits of chance."""

    kind: Literal["funnel"]
    metrics: Metrics
    of: Of = "children"


class Matrix(Titled):
    """Organisations by metrics, a cell each."""

    kind: Literal["matrix"]
    metrics: Metrics
    of: Of = "children"


class Outturn(Titled):
    """Shares of a budget as money, by a key where they have it."""

    kind: Literal["outturn"]
    metrics: Metrics
    by: Identifier | None = None


class Breakdown(Titled):
    """A metric by one of its keys."""

    kind: Literal["breakdown"]
    metric: MetricId
    by: Identifier
    cumulative: bool = False
    """Of counts, or of a share's cases: with what the largest make together of all."""
    limit: Limit = 12


class Counts(Titled):
    """A metric by each of its keys, in the last periods side by side."""

    kind: Literal["counts"]
    metric: MetricId
    keys: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    limit: Limit = 12


class Focus(Titled):
    """The keys of a count that are the most."""

    kind: Literal["focus"]
    metric: MetricId
    by: Identifier
    least: int = Field(default=1, ge=1, le=100)
    """How many cases of a key are enough."""
    limit: Limit = 12


class ChannelGroup(Strict):
    """Channels in a table: ``count`` by ``by`` (else the nodes right below) and their ``score``."""

    name: Words
    by: Identifier | None = None
    count: MetricId
    score: MetricId | None = None


class Channels(Titled):
    """How many came by each channel (or each node below), and their scores where one was asked."""

    kind: Literal["channels"]
    groups: Annotated[tuple[ChannelGroup, ...], Field(min_length=1)]


class Distribution(Titled):
    """The shares of a fact's key (``levels``) by another (``rows``)."""

    kind: Literal["distribution"]
    fact: FactId
    rows: Identifier
    levels: Identifier


class Shaded(Titled):
    """A fact's counts by two keys, the darker the more; ``metric``: whose cases they are.

    The figures of ``below`` by ``levels`` stand in the last row: how long those of each hour waited.
    """

    kind: Literal["shaded"]
    metric: MetricId
    fact: FactId
    rows: Identifier
    levels: Identifier
    below: MetricId | None = None


class Shifts(Titled):
    """The shifts of the weeks ahead, and who could help; nothing where none are known."""

    kind: Literal["shifts"]
    list: ListId
    weeks: Annotated[int, Field(ge=1, le=6)] = 3


class Listing(Titled):
    """The rows of a source's list."""

    kind: Literal["list"]
    list: ListId
    decided: bool = False
    """Of actions: only what the organisation's own meeting decided since the period before, or is undone."""
    limit: Limit = 12


class Crossed(Titled):
    """Which texts of a list's column ``rows`` stand in a row with which of its column ``columns``."""

    kind: Literal["crossed"]
    list: ListId
    rows: Identifier
    columns: Identifier
    limit: Limit = 60


class Done(Titled):
    """What was done about what was found: rows of a list of actions, of some ``sources`` or ``metrics``."""

    kind: Literal["done"]
    list: ListId
    sources: tuple[Identifier, ...] = ()
    metrics: tuple[MetricId, ...] = ()
    months: int = Field(default=12, ge=1, le=60)
    """What was done longer ago is not shown any more."""
    limit: Limit = 4


class RegisterItem(Strict):
    """An item of a register in words that anybody understands."""

    column: Identifier
    name: Words


class InOrder(Titled):
    """In how many of the units below each item of a register is in order."""

    kind: Literal["in_order"]
    list: ListId
    item: Annotated[tuple[RegisterItem, ...], Field(min_length=1)]


class Preparations(Titled):
    """What the units below wrote into their workbooks."""

    kind: Literal["preparations"]
    list: ListId
    limit: Limit = 12


class Proposals(Titled):
    """What is to be decided, from what deviates and what was raised."""

    kind: Literal["proposals"]
    list: ListId
    limit: Limit = 12


class Decisions(Titled):
    """An empty table for the meeting, of so many rows."""

    kind: Literal["decisions"]
    limit: Limit = 12


class Verdicts(Titled):
    """Whether processes are kept."""

    kind: Literal["verdicts"]
    processes: Annotated[tuple[ProcessId, ...], Field(min_length=1)]


class StaffSummary(Block):
    """A page for the whole staff, with ``metrics`` as what the clients said."""

    kind: Literal["staff_summary"]
    metrics: tuple[MetricId, ...] = ()


AnyBlock = Annotated[
    Completeness
    | Tiles
    | Grouped
    | Law
    | Cards
    | Agenda
    | Pending
    | Outcomes
    | GoalChain
    | Started
    | Awaited
    | Noted
    | Definitions
    | Quality
    | Text
    | MetricTable
    | Figures
    | Trends
    | Comparison
    | Funnel
    | Matrix
    | Outturn
    | Breakdown
    | Counts
    | Focus
    | Channels
    | Distribution
    | Shaded
    | Shifts
    | Listing
    | Crossed
    | Done
    | InOrder
    | Preparations
    | Proposals
    | Decisions
    | Verdicts
    | StaffSummary,
    Field(discriminator="kind"),
]
