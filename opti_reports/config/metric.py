"""Metrics, a model a kind: what each is called and means, how it is worked out and how it is read."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Discriminator, Field, Tag

from opti_reports.algebra.term import parse_term
from opti_reports.config import saying
from opti_reports.config.base import (
    CadenceName,
    Identifier,
    LevelId,
    MetricId,
    SensitivityId,
    Strict,
    UnitType,
    Words,
)
from opti_reports.config.target import CatalogueTarget
from opti_reports.config.terms import WEEKS, Cycle, Part, Rollup, Terms, Window, published_by
from opti_reports.messages.message import Message, message
from opti_reports.periods.cadence import MONTH, Cadence, followed

Direction = Literal["up", "down", "neutral", "band"]
Side = Literal["num", "den"]
AlignTo = Literal["both", "den"]


class Metric(Strict):
    """What every metric has: what it is called and means, how it is read, whom its figures may tell of."""

    gone: ClassVar[Mapping[str, Message]] = dict.fromkeys(
        ("protect", "protect_cells", "staff_data"), message("metric.gone")
    )

    name: Words
    short: Words | None = None
    """What it is called at the head of a column."""
    definition: Words
    unit: Identifier
    """A key of ``[unit]`` in the language files."""
    decimals: int = Field(default=1, ge=0, le=4)
    direction: Direction = "neutral"
    window: Window = MONTH.id
    also: tuple[CadenceName, ...] = ()
    season: bool = False
    """It swings with the year: compared with a year ago, and its chart judges the difference from then."""
    companion_of: MetricId | None = None
    target: CatalogueTarget | None = None
    bounds: tuple[float | None, float | None] = (None, None)
    cycle: Cycle = MONTH.cycle
    levels: dict[LevelId, Cycle] = {}
    reacting: tuple[UnitType, ...] = ()
    """The types of the units that react to it; of all, where none is named."""
    rollup: Rollup = "ratio_of_sums"
    min_n: int = Field(default=0, ge=0)
    """Reliability: below this n the value is "too few" and gets no status."""
    status_min_n: int = Field(default=0, ge=0)
    """Below this n the value is shown but not judged."""
    sensitivity: SensitivityId
    """How much its figures may tell of people: an audience does not see them below its limit of n."""
    always_shown: dict[Identifier, tuple[Identifier, ...]] = {}
    """Keys of breakdowns that everybody sees, however few they count."""
    owner_role: Words | None = None
    certainty: Literal["source", "seen", "general", "assumption"] = "assumption"
    comparable: Words | None = None
    """What it may be compared with elsewhere."""
    caveats: Words | None = None
    untold: tuple[saying.Untold, ...] = ()
    """Caveats that hold only where the newest extract lacks a column."""
    needs: tuple[str, ...] = ()
    """Columns, written ``source.column``, without which it tells nothing: no page shows it then."""
    message: saying.Saying | None = None
    barrier: tuple[saying.Barrier, ...] = ()
    reference: tuple[saying.Reference, ...] = ()
    """Public figures that stand beside it on charts and tables of the whole organisation."""

    @property
    def sides(self) -> Mapping[Side, tuple[str, ...]]:
        """Return what is added up, by the side of the fraction; nothing of what is no sum."""
        return {}

    @property
    def added(self) -> tuple[str, ...]:
        """Return the terms of all its sides."""
        return tuple(text for texts in self.sides.values() for text in texts)

    def parts(self) -> Iterator[Part]:
        """Return every term of facts that it is worked out from."""
        return iter(())

    def cautions(self, lacking: Collection[str]) -> tuple[Words, ...]:
        """Return what must be known to read it, where extracts lack these columns (``source.column``)."""
        always = () if self.caveats is None else (self.caveats,)
        return (*always, *self.lacks(lacking))

    def lacks(self, lacking: Collection[str]) -> tuple[Words, ...]:
        """Return what it cannot tell apart, where extracts lack these columns."""
        return tuple(one.caveat for one in self.untold if one.column in lacking)

    @property
    def possible(self) -> tuple[float | None, float | None]:
        """Return the lowest and highest it can be."""
        return self.bounds

    @property
    def by_weeks(self) -> bool:
        """Return whether it is worked out from weeks, each in the month of its Thursday."""
        return self.window == WEEKS

    @property
    def cadence(self) -> Cadence:
        """Return the periods it has figures of by itself; what comes of weeks is published by months."""
        return published_by(self.window)

    @property
    def cadences(self) -> tuple[Cadence, ...]:
        """Return every cadence it has figures of: its own, those its months are added to, others it names."""
        return (*self.cadence.with_added, *self.also)

    def followed(self, level: str) -> Cadence:
        """Return how often a level looks at it: a survey at each wave; what is followed weekly by months."""
        return self.cadence if self.cadence.held else followed(self.levels.get(level, MONTH.cycle))

    @property
    def is_stock(self) -> bool:
        """Return whether it tells how things stand at a month's end: neighbouring months share most cases."""
        return any(parse_term(text).rule == "last" for text in self.added)


class FromFacts(Metric):
    """What is worked out from the rows of facts.

    Terms read ``[-][rule(]fact.measure[key=a|b,…][)]`` with rules sum (default), last, mean and distinct.
    """

    headline: str = ""
    by: tuple[Identifier, ...] = ()
    beside: Identifier | None = None
    """One of ``by`` whose figures are said in small print beside the metric's own: a profession's."""

    @property
    def possible(self) -> tuple[float | None, float | None]:
        """Return how low and high it can be: as declared, and not below 0 where nothing is subtracted."""
        low, high = self.bounds
        subtracts = any(parse_term(text).sign < 0 for text in self.added)
        return 0.0 if low is None and not subtracts else low, high


class Added(FromFacts):
    """What is added up: a total, or a ratio of two."""

    num: Terms
    n: str = ""
    """The term whose total is n where it is not the denominator (survey answers, headcount, books)."""
    n_key: Identifier | None = None
    """The private key counted where n is a ``distinct`` term of its own."""
    key: Identifier | None = None
    """The private key that ``distinct`` terms count."""
    scale: int = 1
    single: Identifier | None = None
    """A key of the numerator's fact of which a figure may hold only one value: scales are not mixed."""
    cap: int | None = None

    @property
    def sides(self) -> Mapping[Side, tuple[str, ...]]:
        """Return its numerator."""
        return {"num": self.num}

    def parts(self) -> Iterator[Part]:
        """Yield every term of its sides, and that of n."""
        yield from (Part(side, text, self.key) for side, texts in self.sides.items() for text in texts)
        if self.n:
            yield Part("n", self.n, self.n_key or self.key)


class Total(Added):
    """A sum."""

    kind: Literal["total"]
    align: ClassVar[tuple[str, ...]] = ()
    align_to: ClassVar[AlignTo] = "both"


class Ratio(Added):
    """A sum over another."""

    kind: Literal["ratio"] = "ratio"
    den: Terms
    waiting: str = ""
    """The term that counts cases not yet due: where the denominator has none, the figure is still to come."""
    squares: str = ""
    """Of a mean, the term that adds the squares of what ``num`` adds: it has a 95 % interval then."""
    align: tuple[Identifier, ...] = ()
    """Keys of the atoms (unit, month, week, profession …) that both sides must have to be counted."""
    align_to: AlignTo = "both"
    """Of ``den``, all of the denominator counts, and the numerator in the atoms where that is not nothing."""

    @property
    def sides(self) -> Mapping[Side, tuple[str, ...]]:
        """Return its numerator and denominator."""
        return {"num": self.num, "den": self.den}

    def parts(self) -> Iterator[Part]:
        """Yield every term of its sides, that of n, what waits and the squares."""
        yield from super().parts()
        aside = {"waiting": self.waiting, "squares": self.squares}
        yield from (Part(name, text, self.key) for name, text in aside.items() if text)


class Quantile(FromFacts):
    """The value below which a share of the cases lies."""

    kind: Literal["quantile"]
    of: str
    of_above: str = ""
    """The term used above the unit level where it differs."""
    key: Identifier
    """The fact's key holding the values."""
    q: tuple[int, int]
    n: str = ""
    """The term whose total is n where it is not the cases."""
    n_key: Identifier | None = None
    """The private key counted where n is a ``distinct`` term."""
    scale: int = 1

    def parts(self) -> Iterator[Part]:
        """Return the terms of its cases, and that of n."""
        cases = (Part("of", self.of, self.key), Part("of_above", self.of_above, self.key))
        return (part for part in (*cases, Part("n", self.n, self.n_key)) if part.text)


class Continuity(FromFacts):
    """How far clients meet the same provider again (the continuity-of-care index)."""

    kind: Literal["coc"]
    of: str
    client: Identifier
    provider: Identifier
    min_contacts: int = Field(default=3, ge=2)

    def parts(self) -> Iterator[Part]:
        """Yield the term of its contacts."""
        yield Part("of", self.of)


class Compare(Metric):
    """What sets other metrics beside each other, written ``metric`` or ``metric[key=a|b,…]``."""

    kind: Literal["compare"]
    of: str
    scale: int = 1
    headline: ClassVar[str] = ""
    by: ClassVar[tuple[str, ...]] = ()

    @property
    def others(self) -> Mapping[str, str]:
        """Return the metrics that it compares, by the key they stand under."""
        return {"of": self.of}


class Pair(Compare):
    """One metric less another, or in relation to it."""

    how: Literal["difference", "ratio"]
    to: str

    @property
    def others(self) -> Mapping[str, str]:
        """Return both metrics, by the key they stand under."""
        return {"of": self.of, "to": self.to}


class Spread(Compare):
    """How far a metric's units lie apart; of a unit, how far from all of them."""

    how: Literal["spread"]
    unit_type: UnitType | None = None
    min_units: int = 3
    min_den: int = 0


def kind(data: object) -> Hashable:
    """Return the kind of a metric, which is a ratio where its file does not say."""
    return data.get("kind", "ratio") if isinstance(data, dict) else getattr(data, "kind", "ratio")


AnyCompare = Annotated[Pair | Spread, Field(discriminator="how")]
AnyMetric = Annotated[
    Annotated[Total, Tag("total")]
    | Annotated[Ratio, Tag("ratio")]
    | Annotated[Quantile, Tag("quantile")]
    | Annotated[Continuity, Tag("coc")]
    | Annotated[AnyCompare, Tag("compare")],
    Discriminator(kind),
]
