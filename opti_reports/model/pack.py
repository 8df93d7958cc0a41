"""A pack: ordered, typed blocks with wording and number formats resolved.

Renderers lay blocks out and never calculate; the same blocks become PDF, slides and JSON. Text is plain
(no markup). Numbers in charts are floats for drawing; the text beside them is already formatted.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any, ClassVar

from opti_reports.model.card import Agenda, Cards, Law, Remarks, Spark
from opti_reports.model.charts import AnyChart
from opti_reports.model.goals import GoalChain
from opti_reports.model.meeting import Preparation
from opti_reports.model.tone import Tone

TRACE = 12


@dataclass(frozen=True)
class Tile:
    """One area on the opening page: how many metrics are good, watch, off and without a status."""

    label: str
    tone: Tone
    headline: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Tiles:
    """A row of area tiles."""

    kind: ClassVar[str] = "tiles"
    caption: str
    items: tuple[Tile, ...]


@dataclass(frozen=True)
class Findings:
    """At most a handful of deviations; ``more`` says how many were left out (empty when none were)."""

    kind: ClassVar[str] = "findings"
    items: tuple[FindingItem, ...]
    empty: str
    more: str = ""


@dataclass(frozen=True)
class Sign:
    """A small icon: its ``code`` (of model/spc.py) is the shape, ``text`` the words."""

    code: str
    text: str


@dataclass(frozen=True, kw_only=True)
class FindingItem:
    """One deviation in one line: what, how much, since when, who reacts.

    ``tone`` is the status of its figure, as everywhere; ``sign`` the icon of a special cause.
    """

    tone: Tone
    badge: str
    title: str
    value: str
    target: str
    sentence: str
    react: str
    sign: Sign | None = None


@dataclass(frozen=True, kw_only=True)
class MetricRow:
    """A metric in a theme table; every cell is text, also where there is no figure.

    ``note`` is a short small-print line (period of a lagging value, n, coverage); ``tone`` the status.
    ``cells`` are the figures in the order of the table's columns. ``variation`` and ``assurance`` are the
    icons of the newest month, None where it is not judged. ``figure`` as of a card.
    """

    name: str
    unit: str
    spark: Spark
    cells: tuple[str, ...]
    tone: Tone
    status: str
    note: str
    definition: str
    variation: Sign | None = None
    assurance: Sign | None = None
    figure: str = ""

    @property
    def signs(self) -> tuple[Sign, ...]:
        """Return the icons there are, variation first."""
        return tuple(sign for sign in (self.variation, self.assurance) if sign is not None)


@dataclass(frozen=True)
class MetricTable:
    """Rows of metrics with 13-month sparklines. ``columns`` heads: metric, trend, the cells…, status.

    ``signed`` heads the column of icons before the status; empty where no row has any. ``key`` explains the
    icons that occur.
    """

    kind: ClassVar[str] = "metric_table"
    caption: str
    columns: tuple[str, ...]
    rows: tuple[MetricRow, ...]
    signed: str = ""
    key: tuple[Sign, ...] = ()


@dataclass(frozen=True)
class Column:
    """A table column: its heading, and whether its cells are words (left) or figures (right)."""

    label: str
    numeric: bool = False


@dataclass(frozen=True, kw_only=True)
class Table:
    """Any other table. ``tones`` marks cells by (row, column); ``empty`` is shown instead of no rows."""

    kind: ClassVar[str] = "table"
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str
    note: str = ""
    tones: tuple[tuple[int, int, Tone], ...] = ()
    blank_rows: int = 0
    """Rows left open to be filled in at the meeting."""
    mark: str = ""
    """The name under which a table that was filled in is found again (``model/meeting.py``)."""
    shades: tuple[tuple[int, int, int], ...] = ()
    """How dark the ground of cells is, 1 to 4, by (row, column); their figures say the same."""
    languages: tuple[tuple[int, int, str], ...] = ()
    """The language of cells, by (row, column), whose words somebody wrote in another than the pack's."""


@dataclass(frozen=True)
class Notice:
    """A sentence the reader must not miss (incomplete data, preliminary figures)."""

    kind: ClassVar[str] = "notice"
    tone: Tone
    text: str


@dataclass(frozen=True)
class Text:
    """Plain paragraphs."""

    kind: ClassVar[str] = "text"
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Definitions:
    """Small print: metric name and definition pairs."""

    kind: ClassVar[str] = "definitions"
    caption: str
    items: tuple[tuple[str, str], ...]


Block = (
    Tiles
    | Law
    | Cards
    | Agenda
    | Remarks
    | Findings
    | MetricTable
    | AnyChart
    | Table
    | Notice
    | Text
    | Definitions
    | GoalChain
)


@dataclass(frozen=True, kw_only=True)
class Section:
    """A titled part of a pack; ``opening`` marks the page read first, ``own_page`` one that begins anew,
    ``appendix`` one that is looked up afterwards.
    """

    id: str
    title: str
    blocks: tuple[Block, ...]
    opening: bool = False
    own_page: bool = False
    appendix: bool = False
    message: str = ""
    """What its slides say in a sentence; empty where only the title tells what they are about."""
    yields: tuple[int, ...] = ()
    """In which order each block gives way to the appendix of a pack that is too long; 0: never."""


@dataclass(frozen=True, kw_only=True)
class Pack:
    """Everything one document says. ``words`` are fixed phrases the templates need, by key.

    ``message`` says in a sentence or two what waits for the meeting (empty in packs without cards).
    ``trace`` are the first digits of the hash of all that it says: documents carry it, and whoever holds one
    finds the runs that said the same.
    """

    id: str
    org: str
    period: str
    language: str
    title: str
    message: str
    subtitle: str
    org_name: str
    period_label: str
    watermark: str
    footer: str
    trace: str
    sections: tuple[Section, ...]
    words: dict[str, str] = field(default_factory=dict)
    preparation: Preparation | None = None

    @property
    def name(self) -> str:
        """Return the file stem of the pack: pack/organisation.language."""
        return f"{self.id}/{self.org}.{self.language}"


def traced(pack: Pack) -> Pack:
    """Return the pack with its trace."""
    blank = dataclasses.replace(pack, trace="")
    return dataclasses.replace(pack, trace=hashlib.sha256(to_json(blank).encode()).hexdigest()[:TRACE])


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        plain = {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
        kind = getattr(value, "kind", None)
        return {"kind": kind, **plain} if kind else plain
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in sorted(value.items())}
    return value


def to_json(pack: Pack) -> str:
    """Return the pack as JSON text, the same bytes for the same pack; NaN is refused."""
    return json.dumps(_plain(pack), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
