"""The charts of a pack: numbers for drawing beside text that is already formatted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from opti_reports.model.tone import Tone


@dataclass(frozen=True)
class Line:
    """One series of a chart; values follow the chart's labels, None is a gap.

    ``numbers`` are the values as they are written elsewhere, with a decimal point; empty where none is.
    """

    label: str
    values: tuple[float | None, ...]
    role: str
    """``main``, ``reference``, ``region`` (a public figure), ``target``, or of ordinary variation ``centre``,
    ``upper`` and ``lower``; decides the look, never the meaning."""
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mark:
    """A dated mark on a trend chart: ``role`` is ``merge``, ``rename``, ``rebase`` or ``action`` (its start);
    ``at`` indexes the labels. One without a label has no number.
    """

    at: int
    label: str
    role: str


@dataclass(frozen=True, kw_only=True)
class Trend:
    """A line chart over months. ``title`` says the message, ``subtitle`` the measure and its unit.

    ``flags`` are the points of the main line that are signals: index of the label, and the reading
    (``improvement_high`` … of model/spc.py). ``figure`` is the newest one, as of a card.
    """

    kind: ClassVar[str] = "trend"
    title: str
    subtitle: str
    labels: tuple[str, ...]
    lines: tuple[Line, ...]
    unit: str
    decimals: int
    low: float | None
    high: float | None
    latest: str
    note: str
    alt: str
    marks: tuple[Mark, ...] = ()
    flags: tuple[tuple[int, str], ...] = ()
    figure: str = ""


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One category of a bar chart; ``text`` is shown (a state in words when value is None).

    ``aim``: what the value is held against, drawn as an outline around the bar. ``number`` is the figure of
    ``text`` with a decimal point, where it is one of a metric.
    """

    label: str
    value: float | None
    text: str
    tone: Tone = "neutral"
    low: float | None = None
    high: float | None = None
    aim: float | None = None
    number: str = ""


@dataclass(frozen=True, kw_only=True)
class Bars:
    """Horizontal bars, with intervals where given; compares units or counts categories.

    ``cumulative``: of counts from the largest, the share (0–100) of all that each bar and those before it
    make; empty where that is not asked or not known.
    """

    kind: ClassVar[str] = "bars"
    title: str
    subtitle: str
    bars: tuple[Bar, ...]
    unit: str
    decimals: int
    target: float | None
    target_label: str
    reference: float | None
    reference_label: str
    note: str
    alt: str
    cumulative: tuple[float, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FunnelUnit:
    """A unit of a funnel: its cases, value and interval; only ``text`` when it has no value to be judged by.

    ``tone``: ``good`` better than the others, ``off`` worse, ``watch`` different where neither is better,
    ``neutral`` like the others, ``none`` without a value.
    """

    label: str
    n: float
    value: float | None
    text: str
    tone: Tone
    low: float | None = None
    high: float | None = None
    number: str = ""


@dataclass(frozen=True)
class FunnelEdge:
    """The funnel's limits at ``n`` cases: inner (95 %) and outer (99.8 %)."""

    n: float
    low: float
    high: float
    far_low: float
    far_high: float


@dataclass(frozen=True, kw_only=True)
class FunnelPlot:
    """Units as value against number of cases, within the limits of chance around the value of all.

    ``edge_labels`` name the inner and the outer limits.
    """

    kind: ClassVar[str] = "funnel"
    title: str
    subtitle: str
    units: tuple[FunnelUnit, ...]
    edges: tuple[FunnelEdge, ...]
    centre: float
    centre_label: str
    edge_labels: tuple[str, str]
    unit: str
    decimals: int
    note: str
    alt: str


@dataclass(frozen=True)
class StackedBar:
    """One question of a survey: the shares (0–100) of each answer, in the order of the chart's legend."""

    label: str
    shares: tuple[float, ...]
    text: str


@dataclass(frozen=True, kw_only=True)
class Stacked:
    """Diverging stacked bars; ``legend`` names the answers from lowest to highest."""

    kind: ClassVar[str] = "stacked"
    title: str
    subtitle: str
    legend: tuple[str, ...]
    bars: tuple[StackedBar, ...]
    note: str
    alt: str


AnyChart = Trend | Bars | FunnelPlot | Stacked
"""Every kind of chart."""
