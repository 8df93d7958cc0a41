"""The month on one web page: wording and formats resolved, nothing left to calculate.

Ids of units, areas and metrics are identifiers of the configs; they become names in the page that its links
and filters go by.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from opti_reports.messages.message import Message
from opti_reports.model.card import Cards, Law, Spark
from opti_reports.model.pack import FindingItem, Notice, Sign, Table
from opti_reports.model.tone import Tone


@dataclass(frozen=True)
class Choice:
    """One choice of a filter: what elements of the page it is about, and its name."""

    id: str
    label: str


@dataclass(frozen=True)
class Figure:
    """A number of the run at a glance, with what it counts and a line of small print."""

    label: str
    value: str
    note: str
    tone: Tone = "neutral"


@dataclass(frozen=True)
class Head:
    """A column of the matrix; ``group`` is the part of the organisation it belongs to (empty: the whole)."""

    org: str
    group: str
    label: str
    name: str


@dataclass(frozen=True)
class HeadGroup:
    """Columns beside each other under one heading."""

    id: str
    label: str
    columns: int


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A figure of the matrix, its status in words, its signal, and the detail it leads to, if any.

    One that is not ``followed`` has a dash, and the reason for it in the place of the status.
    """

    group: str
    text: str
    tone: Tone
    status: str
    sign: Sign | None
    detail: str
    followed: bool = True


@dataclass(frozen=True, kw_only=True)
class Row:
    """A metric over all columns: ``cells`` follow the heads; ``note`` is a period that is not the month."""

    metric: str
    name: str
    unit: str
    target: str
    note: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class RowGroup:
    """The metrics of one theme."""

    area: str
    area_name: str
    theme_name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Matrix:
    """Units by headline metrics."""

    caption: str
    groups: tuple[HeadGroup, ...]
    heads: tuple[Head, ...]
    themes: tuple[RowGroup, ...]
    key: tuple[Sign, ...]


@dataclass(frozen=True, kw_only=True)
class Detail:
    """What a cell of the matrix leads to: one organisation's figure, its line, and what it was before."""

    id: str
    group: str
    org_name: str
    spark: Spark
    value: str
    n: str
    before: str
    year_ago: str
    tone: Tone
    status: str
    sign: Sign | None


@dataclass(frozen=True, kw_only=True)
class MetricDetails:
    """A metric with a row for the whole and for each organisation where something is to be looked at."""

    metric: str
    area: str
    name: str
    unit: str
    definition: str
    details: tuple[Detail, ...]


@dataclass(frozen=True, kw_only=True)
class DeviationRow:
    """One deviation, whose it is, and which level reacts; ``detail`` is where its line is, if any."""

    group: str
    area: str
    org_name: str
    item: FindingItem
    level: str
    detail: str


PackState = Literal["made", "outdated", "failed"]


@dataclass(frozen=True)
class PackLink:
    """A document of the month: where it lies beside the page, and what it is called."""

    path: str
    label: str
    language: str
    state: PackState


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """What an organisation above units decides on; ``group`` is empty for the whole, whose cards are in full.

    ``about`` is the meeting and the period the cards are of, ``document`` the pack that is read there.
    """

    org: str
    group: str
    org_name: str
    about: str
    message: str
    law: Law | None
    cards: Cards
    document: PackLink | None


@dataclass(frozen=True)
class PackRow:
    """The documents of one organisation."""

    group: str
    org_name: str
    links: tuple[PackLink, ...]


@dataclass(frozen=True)
class MonthFiles:
    """What a run made and left in the month's folder: paths of documents, why others failed, other files.

    ``handbooks`` are paths of the handbook of the metrics, by language, where it has been made.
    """

    packs: tuple[str, ...]
    failed: dict[str, Message]
    outdated: tuple[str, ...]
    files: tuple[str, ...] = ()
    handbooks: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Edition:
    """The page in one language: its file, the language's code and its own name."""

    file: str
    language: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Page:
    """Everything the page of a month says in one language; ``editions`` are all its languages."""

    language: str
    period: str
    editions: tuple[Edition, ...]
    title: str
    org_name: str
    period_label: str
    stage: str
    """Whether the figures are final, in words; ``watermark`` marks those that are not."""
    watermark: str
    basis: str
    notices: tuple[Notice, ...]
    figures: tuple[Figure, ...]
    meetings: tuple[Meeting, ...]
    """What is decided, the whole first."""
    groups: tuple[Choice, ...]
    areas: tuple[Choice, ...]
    matrix: Matrix
    deviations: tuple[DeviationRow, ...]
    shown: int
    """How many of the deviations are seen at first; ``rest`` asks for all."""
    rest: str
    metrics: tuple[MetricDetails, ...]
    sources: Table
    packs: tuple[PackRow, ...]
    files: tuple[Choice, ...]
    """Files of figures: path and what is in it."""
    words: dict[str, str] = field(default_factory=dict)


def file_of(language: str, languages: tuple[str, ...]) -> str:
    """Return the page's file: ``index.html`` of the first language, ``index.sv.html`` of another."""
    return "index.html" if language == languages[0] else f"index.{language}.html"
