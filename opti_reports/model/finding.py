"""What findings say of values: codes and evidence, no sentences."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Literal, NamedTuple

from opti_reports.model.spc import CONCERNS, Chart
from opti_reports.periods.months import YEAR
from opti_reports.periods.period import Duration, Period

Basis = Literal["agreed", "demo", "law", "proposed"]
"""Who decided on a target: the organisation, the demo's made-up one, the law, or nobody (no status)."""
Kind = Literal["statutory", "process_limit", "off_target", "special_cause"]
"""Why something deviates, the gravest first."""
BINDING: tuple[Basis, ...] = ("agreed", "demo", "law")
DECIDED: tuple[Basis, ...] = ("agreed", "demo")


@dataclass(frozen=True)
class TargetInForce:
    """A target of an organisation in a period: one value, or two for a band; pro-rated where so agreed.

    ``part``: how many months of the year the value is pro-rated to.
    """

    op: Literal[">=", "<=", "between"]
    whole: tuple[float, ...]
    basis: Basis
    org: str
    part: int = YEAR

    @property
    def exact(self) -> tuple[Fraction, ...]:
        """Return the value to judge by: a third of a year's 80 is not 26.67."""
        return _exact(self.whole, self.part)

    @property
    def value(self) -> tuple[float, ...]:
        """Return the value to draw."""
        return tuple(float(level) for level in self.exact)


@cache
def _exact(whole: tuple[float, ...], part: int) -> tuple[Fraction, ...]:
    return tuple(Fraction(str(level)) * part / YEAR for level in whole)


class Turn(NamedTuple):
    """Where a status turns into another: whether a value is ``op`` the ``level`` decides on it."""

    op: Literal[">=", "<="]
    level: Fraction


Tone = Literal["good", "watch", "off", "none"]


@dataclass(frozen=True)
class Status:
    """How a value stands; ``none`` means no binding target, or no value to judge.

    ``above`` is the target of the organisation above where this one has agreed its own, and ``above_tone``
    how the value stands against it: an own target never hides the other. ``turns`` are the levels at which
    either status turns, where one is given: a figure is written so that it lies on its side of each.
    """

    tone: Tone
    target: TargetInForce | None
    above: TargetInForce | None = None
    above_tone: Tone = "none"
    turns: tuple[Turn, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Signal:
    """What the months of a metric of one organisation say (``chart``: one point a period, the oldest first).

    ``rare``: the counts are too few for limits, so each point is the sum of twelve months and nothing is
    flagged. ``proposed`` is the month from which a rebase is worth a decision; ``needed`` how many points the
    newest segment needs to be judged by. ``levels`` are the months themselves where the chart's points are
    differences from a year ago (a seasonal metric); else empty.
    """

    metric: str
    org: str
    periods: tuple[Period, ...]
    chart: Chart
    rare: bool = False
    proposed: Period | None = None
    needed: int = 0
    levels: tuple[float | None, ...] = ()

    @property
    def season(self) -> bool:
        """Return whether the points are differences from a year ago."""
        return bool(self.levels)

    @property
    def newest(self) -> Period | None:
        """Return the period of the newest point."""
        return None if self.chart.newest is None else self.periods[self.chart.newest]

    def base(self, index: int) -> float | None:
        """Return what is added to a point, or to its limits, to read them in the metric's unit: of a seasonal
        metric the figure a year before, of others nothing.
        """
        if not self.season:
            return 0.0
        return self.levels[index - YEAR] if index >= YEAR else None

    def at(self, period: Period) -> Chart | None:
        """Return the chart, if a period's value is its newest point; none of a rare count: sums are not
        judged.
        """
        return None if self.rare or self.newest != period else self.chart

    @property
    def concern(self) -> bool:
        """Return whether the newest point is a special cause for the worse."""
        return self.chart.variation in CONCERNS


@dataclass(frozen=True, kw_only=True)
class Deviation:
    """Something a level must react to.

    ``kind`` is the gravest of the ``signals``. ``since`` is the first of the periods in a row it has
    ``lasted``, in steps of how often its level looks; ``breaches`` are the cases over
    a statutory or process limit (``den − num``) where the metric counts cases. ``react_level`` is the highest
    level that must react, ``actions`` the open actions of the organisation linked to the metric.
    """

    kind: Kind
    metric: str
    org: str
    period: Period
    since: Period
    lasted: Duration
    breaches: int | None
    severity: float
    signals: tuple[Kind, ...] = ()
    react_level: str = ""
    actions: tuple[str, ...] = ()

    @property
    def weight(self) -> float:
        """Return severity times months: the heaviest is listed first, by whatever cadence it is followed."""
        return self.severity * self.lasted.months


@dataclass(frozen=True, kw_only=True)
class Restatement:
    """A value already published that a later delivery changed; ``sources`` are those that came since."""

    metric: str
    org: str
    period: Period
    old: Fraction
    new: Fraction
    sources: tuple[str, ...]


Kept = Literal["kept", "partly", "not_kept", "unjudged"]
"""Whether a process is kept; ``unjudged`` where no share of it can be judged."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a process stood in a period; ``judged`` are the metrics that could be, ``left`` the others."""

    process: str
    org: str
    period: Period
    verdict: Kept
    judged: tuple[str, ...]
    left: tuple[str, ...] = ()


@dataclass(frozen=True)
class Silent:
    """A count that has been nothing for so many months in a row in an organisation."""

    metric: str
    org: str
    months: int


Verdict = Literal["seen", "not_yet", "opposite", "too_early"]
"""What is said of an action's effect."""


@dataclass(frozen=True, kw_only=True)
class Effect:
    """Means before and after, their difference and its 95 % interval, in the metric's unit.

    A figure is None where there are too few points for it. ``season``: before are the same months a year
    earlier.
    """

    verdict: Verdict
    before: float | None
    after: float | None
    difference: float | None
    interval: tuple[float, float] | None
    n_before: int
    n_after: int
    season: bool = False
