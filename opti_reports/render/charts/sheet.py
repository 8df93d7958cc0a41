"""A chart's sheet: the axes of a figure inside four margins, and words beside them, placed in points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, TypeVar

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from opti_reports.model.look import Brand, Look
from opti_reports.render.axis import apart
from opti_reports.render.charts.pen import RISE, Pen
from opti_reports.render.charts.style import LINE, PLAIN, SMALL
from opti_reports.render.measure import clamped

ROW_LINE = 9.0
"""From one line of a bar's name to the next, points."""
Spot = tuple[float, float]
Place = TypeVar("Place", float, NDArray[np.float64])
Align = Literal["left", "center", "right"]
Within = str | tuple[str, str]
"""What a place is given in: the library's ``data`` or ``axes fraction``, for x and y alike or each."""


@dataclass(frozen=True)
class End:
    """What is said at the right end of a line, at a height above the bottom of the plot, points."""

    at: float
    text: str
    colour: str
    bold: bool = False


class Sheet:
    """A sheet of ``width`` × ``height`` points: axes with a plot inside four margins, to be drawn on."""

    def __init__(
        self, look: Look, width: float, height: float, left: float, bottom: float, right: float, top: float
    ) -> None:
        self.colours, self._fonts = look.brand.colours, look.brand.fonts
        self.width, self.height = width, height
        self.inner = max(width - left - right, 1.0), max(height - top - bottom, 1.0)
        self.axes, self._figure = axes, figure = _kept(look.brand)
        for artist in (*axes.lines, *axes.patches, *axes.collections, *axes.texts):
            artist.remove()
        axes.set(xticks=(), yticks=())
        figure.set_size_inches(width / 72, height / 72)
        across, up = self.inner
        axes.set_position((left / width, bottom / height, across / width, up / height))

    def ticks(self, x: Sequence[float], across: Sequence[str], y: Sequence[float], up: Sequence[str]) -> None:
        """Set where words stand below and left of the plot, with the grid across at the latter."""
        self.axes.set_xticks(x, across)
        self.axes.set_yticks(y, up)

    def span(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        """Set the values at the plot's left and right, and at its bottom and top."""
        self.axes.set(xlim=x, ylim=y)

    def up(self, value: Place) -> Place:
        """Return the height of a value above the bottom of the plot, points."""
        low, high = self.axes.get_ylim()
        return (value - low) / (high - low) * self.inner[1]

    def across(self, value: Place) -> Place:
        """Return how far a value is from the left of the plot, points."""
        low, high = self.axes.get_xlim()
        return (value - low) / (high - low) * self.inner[0]

    def line(self, x: Sequence[float | None], y: Sequence[float | None], **look: Any) -> None:
        """A line through places, or a mark at each of them; None is a gap."""
        # Not by ``plot``, which takes twice as long: it looks what the plot has to span, and that is set.
        self.axes.add_artist(Line2D(np.array(x, float), np.array(y, float), clip_on=False, **look))

    def strokes(self, ends: Sequence[tuple[Spot, Spot]], **look: Any) -> None:
        """Straight lines from one place to another each, of one look."""
        places = [place for one, other in ends for place in (one, other, (None, None))]
        if places:
            self.line(*zip(*places, strict=True), **look)

    def say(
        self,
        text: str,
        at: tuple[float, float],
        within: Within = "data",
        *,
        moved: tuple[float, float] = (0.0, 0.0),
        colour: str = "",
        size: float = SMALL,
        bold: bool = False,
        align: Align = "left",
    ) -> None:
        """Text whose middle is at a place, ``moved`` by points to the right and up."""
        self.axes.annotate(
            text,
            at,
            xycoords=within,
            xytext=(moved[0], moved[1] - RISE * size),
            textcoords="offset points",
            color=colour or self.colours.muted,
            fontsize=size,
            fontweight=600 if bold else 400,
            horizontalalignment=align,
            annotation_clip=False,
        )

    def name_ends(self, ends: Sequence[End], room: float, lines: int = 2) -> None:
        """Words right of the plot in at most so many lines, each as near to its height as others let it."""
        sizes = [PLAIN if end.bold else SMALL for end in ends]
        texts = [clamped(end.text, room, s, lines, end.bold) for end, s in zip(ends, sizes, strict=True)]
        places = apart([end.at for end in ends], [LINE * len(text) for text in texts], self.inner[1])
        for end, text, size, at in zip(ends, texts, sizes, places, strict=True):
            for number, line in enumerate(text):
                moved = 6.0, at + ((len(text) - 1) / 2 - number) * LINE
                self.say(
                    line, (1, 0), "axes fraction", moved=moved, colour=end.colour, size=size, bold=end.bold
                )

    def row(
        self, middle: float, name: Sequence[str], figure: str, right: float, colours: tuple[str, str]
    ) -> None:
        """The name (in lines, left of the plot) and the figure (at the sheet's right edge) of a bar.

        ``right``: the margin right of the plot, points; ``colours``: of the name and the figure.
        """
        within = "axes fraction", "data"
        for number, line in enumerate(name):
            moved = -6.0, ((len(name) - 1) / 2 - number) * ROW_LINE
            self.say(line, (0, middle), within, moved=moved, colour=colours[0], size=PLAIN, align="right")
        self.say(
            figure, (1, middle), within, moved=(right, 0.0), colour=colours[1], size=PLAIN, align="right"
        )

    def svg(self, alt: str) -> str:
        """Return what was drawn as one ``<svg>`` element with ``alt`` as its title."""
        fonts = dict.fromkeys((self._fonts.figures, self._fonts.text, self._fonts.fallback))
        pen = Pen(self.width, self.height, alt, ", ".join(fonts))
        self._figure.draw(pen)
        return pen.svg()


@lru_cache(maxsize=4)
def _kept(brand: Brand) -> tuple[Axes, Figure]:
    """Return axes in the brand's style: making new ones for each chart takes as long as drawing it."""
    del brand  # its style is in force
    figure = Figure(dpi=72)
    axes = figure.add_axes((0, 0, 1, 1))
    figure.patch.set_visible(False)
    axes.patch.set_visible(False)
    axes.set_axisbelow(True)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_label_coords(0, 0)  # it has none: else each drawing looks for a place clear of the ticks
    return axes, figure
