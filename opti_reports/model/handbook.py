"""The handbook of the metrics: areas, themes and a card for each metric, all in words."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Fact:
    """One line of a card: what it tells, and the texts."""

    label: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Card:
    """A metric: what it is called and means, and everything agreed about it."""

    id: str
    name: str
    definition: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class ThemePart:
    """A theme with its metrics; ``owner`` answers for it."""

    id: str
    name: str
    owner: str
    cards: tuple[Card, ...]


@dataclass(frozen=True)
class AreaPart:
    """An area with its themes."""

    id: str
    name: str
    themes: tuple[ThemePart, ...]


@dataclass(frozen=True)
class MeasurePart:
    """What is to be measured: its metrics by id and name; ``lack`` says that there are none, ``note`` why
    not, or what they leave out.
    """

    name: str
    metrics: tuple[tuple[str, str], ...]
    lack: str
    note: str


@dataclass(frozen=True)
class GroupPart:
    """A group of measures."""

    name: str
    measures: tuple[MeasurePart, ...]


@dataclass(frozen=True)
class GroupingPart:
    """A list of measures that others ask for; ``about`` says who, and how many of them have a metric."""

    name: str
    about: str
    groups: tuple[GroupPart, ...]


@dataclass(frozen=True, kw_only=True)
class Handbook:
    """The handbook in one language; ``words`` are fixed phrases of the templates, by key."""

    language: str
    title: str
    subtitle: str
    org_name: str
    introduction: tuple[str, ...]
    areas: tuple[AreaPart, ...]
    groupings: tuple[GroupingPart, ...] = ()
    words: dict[str, str] = field(default_factory=dict)

    @property
    def cards(self) -> tuple[Card, ...]:
        """Return every card, by id."""
        found = [card for area in self.areas for theme in area.themes for card in theme.cards]
        return tuple(sorted(found, key=lambda card: card.id))
