"""A theme's file under ``configs/themes``: its metrics, each one table."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field, model_validator

from opti_reports.algebra.term import parse_term
from opti_reports.config.base import CadenceName, Identifier, Strict, Words
from opti_reports.errors import UnfitError
from opti_reports.periods.cadence import CADENCES, MONTH, Cadence, cadence

Direction = Literal["up", "down", "neutral", "band"]
Cycle = Literal["weekly", "monthly", "tertial"]
MONTHLY = ("weekly", "monthly")
"""The cycles of what is looked at by months."""
Window = Literal["month", "weeks", "ytd", "rolling_12m", "wave"]
Rollup = Literal[
    "ratio_of_sums",
    "sum",
    "distinct_recount",
    "pooled_median",
    "weighted_mean",
    "recompute",
    "spread",
    "sum_snapshot",
]


class CatalogueTarget(Strict):
    """The law's target, or one the catalogue proposes: that gives no status until agreed in targets.toml.

    Of ``process`` the deadline is the organisation's own, the share of cases that must keep it is proposed.
    ``example`` and ``baseline`` are earlier words for ``proposed``.
    """

    op: Literal[">=", "<=", "between"]
    value: float | tuple[float, float]
    kind: Literal["proposed", "process", "law", "example", "baseline"]
    source: Words | None = None
    """Where it comes from, of a law its section; without it the page says that it has no source."""
    valid_from: dt.date
    pro_rata: bool = False
    """The value is a whole year's; earlier months are compared with their share of it."""

    @model_validator(mode="after")
    def _between_has_two(self) -> CatalogueTarget:
        if (self.op == "between") != isinstance(self.value, tuple):
            raise UnfitError("target.two_values")
        return self

    @model_validator(mode="after")
    def _comes_from_somewhere(self) -> CatalogueTarget:
        if self.source is None and self.kind in ("law", "process"):
            raise UnfitError("target.origin", kind=self.kind)
        return self


class Metric(Strict):
    """One metric: what it is called and means, how it is computed, how it is read.

    Terms read ``[-][rule(]fact.measure[key=a|b,…][)]`` with rules over time sum (default), last, mean and
    distinct. ``kind`` is ``ratio`` when there is a ``den`` and ``total`` when there is none.
    """

    name: Words
    definition: Words
    unit: Identifier
    """A key of ``[unit]`` in the language files."""
    decimals: int = Field(default=1, ge=0, le=4)
    direction: Direction = "neutral"
    kind: Literal["total", "ratio", "quantile", "coc", "compare"] = "ratio"
    num: tuple[str, ...] = ()
    den: tuple[str, ...] = ()
    n: str = ""
    """The term whose total is n where it is not the denominator (survey answers, headcount, books)."""
    n_key: Identifier | None = None
    """The private key counted where n is a ``distinct`` term of its own."""
    waiting: str = ""
    """The term that counts cases not yet due: where the denominator has none, the figure is still to come."""
    key: Identifier | None = None
    """Of ``distinct``: the private key counted. Of ``quantile``: the fact's key holding the values."""
    of: str = ""
    of_above: str = ""
    """Of ``quantile``: the term used above the unit level where it differs."""
    to: str = ""
    q: tuple[int, int] | None = None
    client: Identifier | None = None
    provider: Identifier | None = None
    min_contacts: int = 3
    how: Literal["difference", "ratio", "spread"] | None = None
    unit_type: Identifier | None = None
    min_units: int = 3
    min_den: int = 0
    scale: int = 1
    window: Window = "month"
    also: tuple[CadenceName, ...] = ()
    align: tuple[Identifier, ...] = ()
    """Keys of the atoms (unit, month, week, profession …) that both sides must have to be counted."""
    align_to: Literal["both", "den"] = "both"
    """Of ``den``, all of the denominator counts, and the numerator in the atoms where that is not nothing."""
    single: Identifier | None = None
    cap: int | None = None
    by: tuple[Identifier, ...] = ()
    headline: str = ""
    companion_of: Identifier | None = None
    target: CatalogueTarget | None = None
    bounds: tuple[float | None, float | None] = (None, None)
    cycle: Cycle = "monthly"
    levels: dict[Identifier, Cycle] = {}
    rollup: Rollup = "ratio_of_sums"
    min_n: int = Field(default=0, ge=0)
    """Reliability: below this n the value is "too few" and gets no status."""
    status_min_n: int = Field(default=0, ge=0)
    """Below this n the value is shown but not judged."""
    protect: int = Field(default=0, ge=0)
    """Confidentiality: below this n the value is withheld."""
    protect_cells: int = Field(default=0, ge=0)
    """Confidentiality of breakdown cells: counts of 1 to this minus one are withheld."""
    staff_data: bool = False
    """About the staff: withheld in units marked small_staff_group."""
    owner_role: Words | None = None
    certainty: Literal["source", "seen", "general", "assumption"] = "assumption"
    comparable: Words | None = None
    """What it may be compared with elsewhere."""
    caveats: Words | None = None

    @property
    def possible(self) -> tuple[float | None, float | None]:
        """The lowest and highest it can be: as declared, and not below 0 where nothing is subtracted."""
        low, high = self.bounds
        subtracts = any(parse_term(text).sign < 0 for text in (*self.num, *self.den))
        return 0.0 if low is None and self.kind != "compare" and not subtracts else low, high

    @property
    def cadence(self) -> Cadence:
        """The periods it has figures of by itself; what is worked out from weeks is published by months."""
        return MONTH if self.window == "weeks" else cadence(self.window)

    @property
    def cadences(self) -> tuple[Cadence, ...]:
        """Every cadence it has figures of: its own, those its months are added to, and others it names."""
        added = tuple(one for one in CADENCES if one.added) if self.cadence is MONTH else ()
        return (self.cadence, *added, *self.also)

    def followed(self, level: str) -> Cadence:
        """How often a level looks at it: a survey at each wave; what is followed weekly by months."""
        cycle = self.levels.get(level, "monthly")
        return self.cadence if self.cadence.held else MONTH if cycle in MONTHLY else cadence(cycle)

    @property
    def is_stock(self) -> bool:
        """Whether it tells how things stand at a month's end: neighbouring months share most cases."""
        return any(parse_term(text).rule == "last" for text in (*self.num, *self.den))

    @model_validator(mode="before")
    @classmethod
    def _one_term_is_a_list_of_one(cls, data: object) -> object:
        if not isinstance(data, dict):
            return data
        return {k: [v] if k in ("num", "den") and isinstance(v, str) else v for k, v in data.items()}

    @model_validator(mode="after")
    def _parts_of_its_kind(self) -> Metric:
        needs = {
            "ratio": ("num", "den"),
            "total": ("num",),
            "quantile": ("of", "key", "q"),
            "coc": ("of", "client", "provider"),
            "compare": ("of", "how"),
        }[self.kind]
        missing = [part for part in needs if not getattr(self, part)]
        if missing:
            raise UnfitError("metric.needs", kind=self.kind, keys=tuple(missing))
        return self


class Theme(Strict):
    """One of the themes of the model, in one of its areas."""

    id: Identifier
    area: Identifier
    name: Words
    owner_role: Words
    metric: dict[Identifier, Metric]


class Area(Strict):
    """One of the areas of the model."""

    id: Identifier
    name: Words
    themes: tuple[Identifier, ...]
    """Its themes in the order they are shown."""


class Areas(Strict):
    """``configs/areas.toml``: the areas in the order they are shown."""

    area: tuple[Area, ...]
