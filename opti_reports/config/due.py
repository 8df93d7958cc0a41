"""When a source's extracts are due: a month's, and those of a month that is not finished."""

from __future__ import annotations

from pydantic import Field, model_validator

from opti_reports.config.base import Strict
from opti_reports.errors import UnfitError


class Due(Strict):
    """When the month's extract is due: the n-th working day, or a calendar day, of the next month."""

    working_day: int | None = Field(default=None, ge=1, le=20)
    day: int | None = Field(default=None, ge=1, le=28)

    @model_validator(mode="after")
    def _one_of_them(self) -> Due:
        if (self.working_day is None) == (self.day is None):
            raise UnfitError("source.due")
        return self


class Weekly(Strict):
    """What a source sends of an unfinished month each week, into the week's folder.

    ``cumulative``: each export has every row since the first day of the month in which its week begins; else
    the rows of its week alone.
    """

    due: int = Field(ge=1, le=5)
    """The working day of the next week by which it is there."""
    cumulative: bool
