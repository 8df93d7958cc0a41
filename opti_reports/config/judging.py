"""Thresholds of ``configs/findings.toml``: what deviations weigh, when charts speak, what is shown."""

from __future__ import annotations

from pathlib import Path

from pydantic import ConfigDict, Field

from opti_reports.config.base import Strict
from opti_reports.config.read import read_model
from opti_reports.errors import ConfigError

FILE = "findings.toml"


class Ranking(Strict):
    """What a deviation weighs: how far it is from the target, relative to it, times the months it lasted."""

    law: float = Field(default=2, ge=1, le=100)
    """So many times as much where the target is the law's."""
    signal: float = Field(default=0.1, ge=0, le=10)
    """The distance a special cause for the worse counts as, with or without a target."""
    longest: int = Field(default=24, ge=12, le=120)
    """Months looked back for how long it has lasted."""


class Charts(Strict):
    """When a process behaviour chart is judged, and what makes its message."""

    fewest: int = Field(default=13, ge=7, le=36)
    """Points of the newest segment without which there is no icon."""
    lasting: int = Field(default=12, ge=7, le=36)
    """Points of a shift that make a rebase worth proposing."""
    rare_below: float = Field(default=2, ge=0, le=10)
    """A month's mean count below which months are not judged: twelve of them are shown together."""
    streak: int = Field(default=3, ge=2, le=12)
    """So many changes in a row, all one way, make the message of a chart without a signal."""


class Weeks(Strict):
    """How far back a week's run looks."""

    charts: int = Field(default=26, ge=13, le=52)
    """Weeks of a process behaviour chart."""
    shown: int = Field(default=13, ge=5, le=52)
    """Weeks of a line on a page."""
    hours: int = Field(default=4, ge=1, le=13)
    """Weeks that are added where calls are shown by weekday and hour."""
    help_from: float = Field(default=0.5, gt=0, le=50)
    """Person-days a unit must have beyond its need to be named as one that could help."""
    silent_above: float = Field(default=7, ge=3, le=100)
    """A unit's mean rows a week from which a week without any is no chance (Poisson, p < 0.001)."""


class Effects(Strict):
    """When something is said of what an action has changed."""

    months: int = Field(default=6, ge=2, le=24)
    """Points after its start without which it is too early."""


class Comparison(Strict):
    """What is said of units that differ by more than chance."""

    fewest_units: int = Field(default=5, ge=2, le=50)
    """Judged units below which nothing is said of who differs."""
    named: int = Field(default=2, ge=0, le=10)
    """So many units that differ are the message of a funnel; more are counted there and named below it."""


class Peers(Strict):
    """What the best comparable units reach, beside a unit's own figure."""

    fewest: int = Field(default=8, ge=3, le=50)
    """Units of a type with cases below which there is no such figure."""
    share: float = Field(default=10, gt=0, le=50)
    """Per cent of all cases that the best of them must hold together."""


class Shown(Strict):
    """How many findings are shown in places with little room; what is left is counted, or opens on demand."""

    web_deviations: int = Field(default=15, ge=1, le=100)
    """Deviations seen at once on the web page."""
    web_page_kb: int = Field(default=400, ge=50, le=10_000)
    """How large the month's web page may be, in thousands of bytes, without the run saying so."""
    staff_deviations: int = Field(default=3, ge=1, le=20)
    """Deviations on the page for a unit's whole staff."""
    staff_actions: int = Field(default=6, ge=0, le=20)
    """Actions under way there, and as many that helped."""
    staff_quotes: int = Field(default=3, ge=0, le=20)
    """Quotes of clients there."""
    restatements_brief: int = Field(default=3, ge=1, le=100)
    """Changed figures that a brief report names."""
    unanswered_named: int = Field(default=2, ge=0, le=20)
    """Deviations without an answer that are named of a unit."""
    named: int = Field(default=3, ge=1, le=20)
    """Units, metrics, actions or barriers that a card, a title or a line names; more are counted."""
    periods_named: int = Field(default=2, ge=0, le=12)
    """Periods without a figure that a note names; more are counted."""
    doubted_named: int = Field(default=4, ge=1, le=50)
    """Units named of those that an extract may not tell of."""
    rare: float = Field(default=0.02, ge=0, lt=0.5)
    """Rows and columns at the ends of a shaded table with less of all than this share are added up in one."""
    row_points: int = Field(default=13, ge=2, le=120)
    """Periods of the small line in a row of a table."""
    chart_points: int = Field(default=24, ge=2, le=120)
    """Periods of a line in a chart of its own."""
    verdicts_before: int = Field(default=2, ge=0, le=6)
    """Earlier periods a verdict on a process is shown of."""
    law_months: int = Field(default=6, ge=1, le=12)
    """In how many of the last twelve months a limit of the law had cases that is named without one now."""


class Suggestions(Strict):
    """How long what was tried elsewhere is offered to those who do not take it."""

    refused: int = Field(default=2, ge=1, le=24)
    """Months in which an answer passed it over, after which it is not offered again."""


class _ChartsAlone(Strict):
    """What charts need of the file, whatever else stands in it."""

    model_config = ConfigDict(extra="ignore")

    charts: Charts = Charts()


def charts_in(configs: Path) -> Charts:
    """Return the charts' thresholds alone, for a chart outside a run: reading all configs takes seconds.

    Raises ConfigError with every fault of them.
    """
    found, faults = read_model(configs / FILE, FILE, _ChartsAlone)
    if found is None:
        raise ConfigError(faults)
    return found.charts
