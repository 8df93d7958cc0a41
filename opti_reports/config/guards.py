"""``configs/guards.toml``: when a delivery is doubted or refused, and which rows are no rows of data."""

from __future__ import annotations

from pydantic import Field

from opti_reports.config.base import Strict

FILE = "guards.toml"


class Guards(Strict):
    """What deliveries are held against. A workspace without the file has these values."""

    implausible: float = Field(default=0.001, gt=0, lt=0.5)
    """The probability below which no row at all (of a month, of days in a row) cannot be chance."""
    history_months: int = Field(default=12, ge=3, le=36)
    """How many months before it a month is held against."""
    least_months: int = Field(default=3, ge=1, le=12)
    """With fewer months of history nothing is called implausible."""
    quiet_months: int = Field(default=1, ge=0, le=6)
    """How many earlier months may have been as silent: a fault that nobody mended is one again."""
    closed_sources: int = Field(default=2, ge=1, le=20)
    """How many more sources must be silent for a unit to have been closed."""
    shrunk_share: float = Field(default=0.5, gt=0, lt=1)
    """A month with less than this share of the smallest month of the history has lost rows."""
    grown_times: float = Field(default=1.5, gt=1)
    """A month with more than so many times the largest month of the history has rows twice."""
    grown_alone: float = Field(default=1.7, gt=1)
    """The same of one unit, whose months differ more."""
    season_months: int = Field(default=6, ge=3, le=36)
    """With fewer months of history a few rows less, or more than ever, are the season."""
    lost_rows: int = Field(default=20, ge=0)
    lost_share: float = Field(default=0.2, gt=0, lt=1)
    """A month may lose so many rows, or this share of them; a delivery that loses more is refused."""
    export_rows: int = Field(default=1000, ge=2)
    """Exports are cut off at round numbers of rows: multiples of this one."""
    differing_rows: int = Field(default=10, ge=0)
    differing_share: float = Field(default=0.002, ge=0, lt=1)
    """So many rows, or this share of a delivery's rows, may replace another of the same key; more stop it."""
    same_share: float = Field(default=0.5, gt=0, le=1)
    """Two files that share this much of their keys, with other contents, are versions of one extract."""
    total_share: float = Field(default=0.9, gt=0, lt=1)
    """A row of a code nobody knows with this share of the others' sum is perhaps their total."""
    total_near: float = Field(default=0.1, ge=0, lt=1)
    """How near to the sum of those below an upper organisation's own row is perhaps their total."""
    total_groups: float = Field(default=0.8, gt=0, le=1)
    """The share of a code's rows that must be sums of others for the code to be a total."""
    total_words: tuple[str, ...] = ()
    note_words: tuple[str, ...] = ()
    copy_words: tuple[str, ...] = ()
