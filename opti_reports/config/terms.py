"""Terms of facts as metrics write them, one or several that are added, and over what they are added."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from pydantic import BeforeValidator, Field

from opti_reports.algebra.term import Term, parse_term
from opti_reports.config.base import one_of
from opti_reports.periods.cadence import CADENCES, CYCLES, MONTH, Cadence, cadence

WEEKS = "weeks"
"""A window of whole weeks, each in the month of its Thursday, published by months."""
Window = Annotated[str, one_of(*(one.id for one in CADENCES if one.alone), WEEKS)]
"""Over what time terms are added."""
Cycle = Annotated[str, one_of(*CYCLES)]
"""How often somebody looks at a metric."""
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
"""What the level above is worked out from."""


def published_by(window: str) -> Cadence:
    """Return the cadence of a window's figures: what comes of weeks is published by months."""
    return MONTH if window == WEEKS else cadence(window)


def _listed(data: object) -> object:
    """Make a list of one of a single term."""
    return [data] if isinstance(data, str) else data


Terms = Annotated[tuple[str, ...], Field(min_length=1), BeforeValidator(_listed)]
"""Terms that are added; one may be written by itself."""


class Part(NamedTuple):
    """A term of a formula: the key it stands under, as it is written, what key of its fact it counts."""

    name: str
    text: str
    key: str | None = None

    @property
    def term(self) -> Term:
        """Return what it adds."""
        return parse_term(self.text)
