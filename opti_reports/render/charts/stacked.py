"""Diverging stacked bars: answers from lowest to highest, the middle one straddling the zero line."""

from __future__ import annotations

from itertools import accumulate

from opti_reports.model.charts import Stacked, StackedBar
from opti_reports.model.look import Colours, Look
from opti_reports.render.charts.sheet import Sheet
from opti_reports.render.charts.style import PLAIN, SMALL, styled
from opti_reports.render.measure import clamped, text_width, widest

_ROW, _BAR = 17.5, 11.0
_LABEL_SHARE = 0.46


@styled
def draw_stacked(chart: Stacked, look: Look, _: str, width: float) -> str:
    """Return the chart as an ``<svg>`` of ``width`` points, as high as its bars need, without its title."""
    column = min(widest((bar.label for bar in chart.bars), PLAIN) + 8, width * _LABEL_SHARE)
    right = widest((bar.text for bar in chart.bars), PLAIN) + 8
    inner, top = max(_ROW * len(chart.bars), _ROW), 16.0
    sheet = Sheet(look, width, inner + top + 2, left=column, bottom=2, right=right, top=top)
    lefts = [_left_of_zero(bar) for bar in chart.bars]
    rights = [sum(bar.shares) - left for bar, left in zip(chart.bars, lefts, strict=True)]
    sheet.span((-max([*lefts, 1.0]), max([*rights, 1.0])), (inner, 0))
    palette = ramp(look.brand.colours, len(chart.legend))
    for number, bar in enumerate(chart.bars):
        middle, ink = _ROW * (number + 0.5), (sheet.colours.ink, sheet.colours.muted)
        sheet.row(middle, clamped(bar.label, column - 8, PLAIN, 2), bar.text, right, ink)
        _bar(sheet, bar, middle, palette)
    sheet.line((0, 0), (-1, inner + 1), color=sheet.colours.ink, linewidth=0.5, zorder=0)
    _names(sheet, chart.legend, palette, column)
    return sheet.svg(chart.alt)


def ramp(colours: Colours, count: int) -> tuple[str, ...]:
    """``count`` colours from concern over grey to good, paler towards the middle."""
    half = count // 2
    low = [mixed(colours.concern, colours.paper, 0.95 - 0.5 * step / max(half, 1)) for step in range(half)]
    high = [
        mixed(colours.good, colours.paper, 0.95 - 0.5 * step / max(half, 1)) for step in reversed(range(half))
    ]
    middle = [mixed(colours.neutral, colours.paper, 0.3)] if count % 2 else []
    return (*low, *middle, *high)


def mixed(one: str, other: str, share: float) -> str:
    """Return a colour with ``share`` (0–1) of ``one`` and the rest of ``other``."""
    parts = [(int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in parts)


def _left_of_zero(bar: StackedBar) -> float:
    half = len(bar.shares) // 2
    return sum(bar.shares[:half]) + (bar.shares[half] / 2 if len(bar.shares) % 2 else 0.0)


def _bar(sheet: Sheet, bar: StackedBar, middle: float, palette: tuple[str, ...]) -> None:
    zero = _left_of_zero(bar)
    ends = zip(accumulate(bar.shares), bar.shares, palette, strict=False)
    parts = [(end - share - zero, share, colour) for end, share, colour in ends if share]
    sheet.axes.broken_barh(
        [part[:2] for part in parts], (middle - _BAR / 2, _BAR), facecolors=[part[2] for part in parts],
        edgecolor=sheet.colours.paper, linewidth=0.5,
    )  # fmt: skip
    for at, share, colour in parts:
        figure = f"{share:.0f}"
        if sheet.across(at + share) - sheet.across(at) > text_width(figure, SMALL) + 4:
            ink = on_ground(colour, sheet.colours)
            sheet.say(figure, (at + share / 2, middle), colour=ink, align="center")


def on_ground(ground: str, colours: Colours) -> str:
    """Paper or ink, whichever reads better on ``ground``."""
    red, green, blue = (int(ground[at : at + 2], 16) for at in (1, 3, 5))
    return colours.paper if 0.299 * red + 0.587 * green + 0.114 * blue < 140 else colours.ink


def _names(sheet: Sheet, names: tuple[str, ...], palette: tuple[str, ...], column: float) -> None:
    """The answers' names above the bars, each after a patch of its colour, on one line."""
    total = sum(text_width(name, SMALL) + 18 for name in names)
    start = max(-column, min(0.0, sheet.inner[0] - total))
    size = SMALL * min(1.0, sheet.width / total) if names else SMALL
    for name, colour in zip(names, palette, strict=True):
        sheet.say("\u25a0", (0, 1), "axes fraction", moved=(start, 9), colour=colour, size=PLAIN)
        sheet.say(name, (0, 1), "axes fraction", moved=(start + 9, 9), size=size)
        start += text_width(name, size) + 18
