"""Diverging stacked bars: answers from lowest to highest, the middle one straddling the zero line."""

from __future__ import annotations

from opti_reports.model.charts import Stacked, StackedBar
from opti_reports.model.look import Colours, Look
from opti_reports.render.charts.canvas import PLAIN, SMALL, Canvas, write_row
from opti_reports.render.measure import clamped, text_width

_ROW, _HALF = 17.5, 5.5
_LABEL_SHARE = 0.46


def draw_stacked(chart: Stacked, look: Look, width: float) -> str:
    """Return the chart as an ``<svg>`` of ``width`` points, as high as its bars need, without its title."""
    column = min(
        max((text_width(bar.label, PLAIN) for bar in chart.bars), default=0.0) + 8, width * _LABEL_SHARE
    )
    right = max((text_width(bar.text, PLAIN) for bar in chart.bars), default=0.0) + 8
    inner, top = max(_ROW * len(chart.bars), _ROW), 16.0
    canvas = Canvas(width, inner + top + 2, left=column, bottom=2, right=right, top=top)
    lefts = [_left_of_zero(bar) for bar in chart.bars] or [0.0]
    rights = [sum(bar.shares) - left for bar, left in zip(chart.bars, lefts, strict=False)]
    canvas.span((-max([*lefts, 1.0]), max([*rights, 1.0])), (0, inner))
    plot = width - column - right
    palette = ramp(look.brand.colours, len(chart.legend))
    for number, bar in enumerate(chart.bars):
        _bar(
            canvas=canvas,
            bar=bar,
            middle=inner - _ROW * (number + 0.5),
            palette=palette,
            colours=look.brand.colours,
            plot=plot,
            column=column,
            right=right,
        )
    canvas.line([(0, -1), (0, inner + 1)], colour=look.brand.colours.ink, width=0.5, layer=0)
    _names(
        canvas=canvas,
        names=chart.legend,
        palette=palette,
        colours=look.brand.colours,
        inner=inner,
        width=width,
        column=column,
        plot=plot,
    )
    return canvas.finish(look, chart.alt)


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


def _bar(
    canvas: Canvas,
    bar: StackedBar,
    middle: float,
    palette: tuple[str, ...],
    colours: Colours,
    plot: float,
    column: float,
    right: float,
) -> None:
    lines = clamped(bar.label, column - 8, PLAIN, 2)
    write_row(canvas, middle, lines, bar.text, outside=(plot, right), colours=(colours.ink, colours.muted))
    low, high = canvas.x
    at = -_left_of_zero(bar)
    for share, colour in zip(bar.shares, palette, strict=False):
        if share:
            canvas.box((at, middle - _HALF), (at + share, middle + _HALF), colour, edge=colours.paper)
        figure = f"{share:.0f}"
        if share / (high - low) * plot > text_width(figure, SMALL) + 4:
            canvas.write(at + share / 2, middle, figure, colour=on_ground(colour, colours), align="center")
        at += share


def on_ground(ground: str, colours: Colours) -> str:
    """Paper or ink, whichever reads better on ``ground``."""
    red, green, blue = (int(ground[at : at + 2], 16) for at in (1, 3, 5))
    return colours.paper if 0.299 * red + 0.587 * green + 0.114 * blue < 140 else colours.ink


def _names(
    canvas: Canvas,
    names: tuple[str, ...],
    palette: tuple[str, ...],
    colours: Colours,
    inner: float,
    width: float,
    column: float,
    plot: float,
) -> None:
    """The answers' names above the bars, each after a patch of its colour, on one line."""
    size = SMALL
    total = sum(text_width(name, size) + 18 for name in names)
    start = max(-column, min(0.0, plot - total))
    size = min(size, size * (width / total)) if total > width else size
    low, high = canvas.x
    unit = (high - low) / plot
    for name, colour in zip(names, palette, strict=True):
        left = low + start * unit
        canvas.box((left, inner + 6), (left + 6 * unit, inner + 12), colour)
        canvas.write(low + (start + 9) * unit, inner + 9, name, colour=colours.muted, size=size)
        start += text_width(name, size) + 18
