"""The target that a metric's own file holds."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import model_validator

from opti_reports.config.base import Strict, Words
from opti_reports.errors import UnfitError


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
