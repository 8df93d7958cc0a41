"""The small config files: settings, limits, targets, findings, recipients, brand."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, model_validator

from opti_reports.config.approvals import Approval
from opti_reports.config.base import Identifier, LevelId, MetricId, MonthText, Strict, UnitId, Words
from opti_reports.config.judging import Charts, Comparison, Effects, Peers, Ranking, Shown, Suggestions, Weeks
from opti_reports.config.processes import Process, Proposals, Silence, Unanswered
from opti_reports.errors import UnfitError
from opti_reports.messages.message import Message, message

_FREE_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])\Z|midsummer_eve\Z")


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise UnfitError("unfit.zone", name=name) from None
    return name


def _country(code: str) -> str:
    import holidays  # noqa: PLC0415 - workers are given settings that were read

    try:
        known = holidays.country_holidays(code)  # a list of all countries would load them all
    except NotImplementedError:
        raise UnfitError("unfit.country", code=code) from None
    if known.country != code:
        raise UnfitError("unfit.country", code=code)
    return code


def _free_day(day: str) -> str:
    if not _FREE_DAY.match(day):
        raise UnfitError("unfit.day", day=day)
    return day


def _hours(hours: tuple[int, int]) -> tuple[int, int]:
    if not 0 <= hours[0] < hours[1] <= 24:
        raise UnfitError("unfit.hours", hours=str(list(hours)))
    return hours


class WeeksRelease(Strict):
    """How the pages of weeks are released: by hand, or by the run itself in the name of a role."""

    auto_release: bool = False
    released_by: str = ""
    """The role that answers for weeks nobody looked at before they were released."""

    @model_validator(mode="after")
    def _signed(self) -> WeeksRelease:
        if self.auto_release and not self.released_by.strip():
            raise UnfitError("unfit.released_by")
        return self


class Settings(Strict):
    """``configs/settings.toml``: time zone, working days, languages and how far back values go."""

    time_zone: Annotated[str, AfterValidator(_zone)]
    country: Annotated[str, AfterValidator(_country)]
    """ISO country whose public holidays are not working days."""
    free_days: tuple[Annotated[str, AfterValidator(_free_day)], ...] = ()
    """More days off each year: ``MM-DD``, or ``midsummer_eve`` (the Friday between 19 and 25 June)."""
    free_weekdays: tuple[Annotated[int, Field(ge=1, le=7)], ...] = (6, 7)
    """ISO weekdays that are not working days."""
    languages: tuple[str, ...] = Field(min_length=1)
    """Every language texts must be written in; the first is the default of packs."""
    history_months: int = Field(default=36, ge=13, le=120)
    breakdown_months: int = Field(default=13, ge=13, le=120)
    """How many months back breakdowns go."""
    breakdown_week_months: int = Field(default=3, ge=2, le=120)
    """The same of breakdowns by week."""
    office_hours: Annotated[tuple[int, int], AfterValidator(_hours)] = (8, 16)
    group: str = ""
    """The system's group that may read what holds personal or unreleased content, beside its owner."""
    role_words: tuple[str, ...] = ()
    """Endings of the words that name a role; a text without any of them is taken for a person's name."""
    weeks: WeeksRelease = WeeksRelease()
    approval: dict[Identifier, Approval] = {}
    """What is switched on only with an approval, by the name that sources, themes and packs ask for."""


class Target(Strict):
    """A target of an organisation, proposed or agreed; units inherit their parents' agreed ones.

    ``demo``: agreed by the demo's made-up organisation, in the file that its extracts bring along.
    """

    metric: MetricId
    organisation: UnitId
    op: Literal[">=", "<=", "between"]
    value: float | tuple[float, float]
    baseline: float | None = None
    valid_from: dt.date
    valid_to: dt.date = dt.date(2999, 12, 31)
    state: Literal["proposed", "agreed", "demo"]
    origin: Words | None = None
    """Where a proposed level comes from."""
    agreed_by: str = ""
    agreed_at: dt.date | None = None
    pro_rata: bool = False


class Targets(Strict):
    """``configs/targets.toml``."""

    target: tuple[Target, ...] = ()


class DemoTarget(Strict):
    """A target of the demo's organisation."""

    metric: MetricId
    organisation: UnitId
    op: Literal[">=", "<=", "between"]
    value: float | tuple[float, float]
    baseline: float | None = None
    pro_rata: bool = False


class Demo(Strict):
    """``data/demo.toml``: what the demo's organisation has decided, for the time of its extracts.

    It counts only where the workspace's own configs have decided nothing.
    """

    valid_from: dt.date
    valid_to: dt.date
    agreed_by: str
    agreed_at: dt.date
    target: tuple[DemoTarget, ...] = ()

    def targets(self) -> Iterator[Target]:
        """Yield its targets as those of a workspace, marked as the demo's."""
        decided = self.model_dump(exclude={"target"})
        for one in self.target:
            yield Target(**one.model_dump(), **decided, state="demo")


class Watch(Strict):
    """How near to a target is "watch": relative to it, or in percentage points for percentages.

    ``share``: of small targets, as of sick leave, no more points than this part of the target.
    """

    relative: float = Field(default=0.05, ge=0)
    points: float = Field(default=5, ge=0)
    share: float = Field(default=0.25, ge=0)


class Escalation(Strict):
    """When a level must react to a deviation below it: after so many months in a row.

    ``share``: or when it is off at so large a share of the units of one organisation below the level.
    A rule is proposed until it says who agreed it (``agreed_by``, a role) and when.
    """

    level: LevelId
    months: int = Field(ge=1, le=24)
    share: float | None = Field(default=None, gt=0, le=1)
    agreed_by: str = ""
    agreed_at: dt.date | None = None

    @property
    def agreed(self) -> bool:
        """Return whether anybody has signed it."""
        return bool(self.agreed_by and self.agreed_at)


class Rebase(Strict):
    """A change point somebody approved: limits begin anew in its month. Nothing is ever rebased unasked."""

    metric: MetricId
    organisation: UnitId | None = None
    """The organisation whose chart is rebased; those below it are not."""
    level: LevelId | None = None
    """Or the level all of whose charts are."""
    month: MonthText
    baseline: int | None = Field(default=None, ge=12, le=36)
    """Rest the new limits on the first so many months, not on all that follow: a fixed baseline."""
    reason: Words
    approved_by: Words

    @model_validator(mode="after")
    def _one_place(self) -> Rebase:
        if (self.organisation is None) == (self.level is None):
            raise UnfitError("finding.rebase")
        return self

    def concerns(self, metric: str, organisation: str, level: str) -> bool:
        """Return whether it is a change point of a metric's chart of an organisation on a level."""
        return self.metric == metric and (self.organisation == organisation or self.level == level)


class Restated(Strict):
    """How large a change of a published value is reported: relative, or in cases where they are few."""

    relative: float = Field(default=0.02, ge=0)
    law: float = Field(default=0.005, ge=0)
    """Relative, of metrics with a limit in law."""
    cases: int = Field(default=1, ge=1)
    few: int = Field(default=50, ge=0)
    """Below this n a change is reported from ``cases`` on."""


class LookAt(Strict):
    """Which changes are looked at before a release: those that make a pack differ in kind."""

    months: int = Field(default=6, ge=1, le=24)
    """New is what was not so in any of so many months before."""
    beyond: float = Field(default=1.5, ge=1)
    """How far from the mean a jump is, in distances of the limits from it."""
    restated_points: float = Field(default=5, ge=0)
    restated_relative: float = Field(default=0.1, ge=0)
    restated_cases: float = Field(default=5, ge=0)


class Findings(Strict):
    """``configs/findings.toml``: how findings are judged, ranked, cut and shown.

    The defaults are the shipped file's numbers, for workspaces from before a key (``tests/config``).
    """

    gone: ClassVar[Mapping[str, Message]] = {
        "protect": message("finding.gone"),
        "breaches_tolerated": message("finding.tolerated"),
    }

    watch: Watch = Watch()
    ranking: Ranking = Ranking()
    charts: Charts = Charts()
    week: Weeks = Weeks()
    effect: Effects = Effects()
    comparison: Comparison = Comparison()
    peers: Peers = Peers()
    shown: Shown = Shown()
    suggestions: Suggestions = Suggestions()
    escalation: tuple[Escalation, ...] = ()
    rebase: tuple[Rebase, ...] = ()
    restated: Restated = Restated()
    look_at: LookAt = LookAt()
    unanswered: Unanswered = Unanswered()
    proposals: Proposals = Proposals()
    process: tuple[Process, ...] = ()
    silence: tuple[Silence, ...] = ()
    deviations_shown: int = Field(default=5, ge=1, le=20)
    restatements_shown: int = Field(default=20, ge=1, le=100)
    law_share: float = Field(default=5, ge=0, le=100)
    """Per cent of cases up to which a breach of a law that is not new or worse waits for agreed actions."""
