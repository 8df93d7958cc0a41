"""What a first page says: the line of the law, cards to decide on, and remarks of a sentence each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from opti_reports.model.tone import Tone


@dataclass(frozen=True)
class Spark:
    """A sparkline: one value a month (None = gap), the last one marked; ``alt`` describes it in words."""

    values: tuple[float | None, ...]
    target: float | None
    alt: str


@dataclass(frozen=True)
class LawItem:
    """A limit of the law: what it asks, and how many of how many it was kept for; ``figure`` as of a card."""

    label: str
    cases: str
    tone: Tone
    figure: str = ""


@dataclass(frozen=True)
class Law:
    """The standing line of what the law asks, kept or not."""

    kind: ClassVar[str] = "law"
    caption: str
    items: tuple[LawItem, ...]


@dataclass(frozen=True, kw_only=True)
class Card:
    """A matter to decide: a message with its number, why now, the figure beside its target, whose move it is.

    ``action`` is what was agreed (``agreed``) or that nothing was; ``note`` its stage and verdict, or what
    often stands in the way. ``brief`` is why now in the words a slide has room for. ``figure`` is the row of
    values.csv that it shows: metric, organisation, window and period.
    """

    tone: Tone
    badge: str
    message: str
    why: str
    value: str
    compared: str
    spark: Spark
    action: str
    agreed: bool
    role: str
    note: str
    brief: str = ""
    figure: str = ""


@dataclass(frozen=True)
class Cards:
    """The few matters to decide at a meeting; ``more`` counts the others."""

    kind: ClassVar[str] = "cards"
    caption: str
    items: tuple[Card, ...]
    empty: str
    more: str = ""


@dataclass(frozen=True)
class Remark:
    """A sentence with the role whose matter it is (empty: nobody's in particular)."""

    tone: Tone
    text: str
    role: str


@dataclass(frozen=True)
class Remarks:
    """What is said in a sentence each; ``more`` counts the others."""

    kind: ClassVar[str] = "remarks"
    caption: str
    items: tuple[Remark, ...]
    more: str = ""


@dataclass(frozen=True, kw_only=True)
class Agenda:
    """What there is to decide on a topic; ``empty`` says that nothing is, ``more`` names the others.

    ``also``: what helped or is under way where nothing is decided, what is followed, and units that deviate.
    """

    kind: ClassVar[str] = "agenda"
    caption: str
    items: tuple[Card, ...]
    empty: str
    more: str = ""
    also: tuple[Remark, ...] = ()
