"""The drawing board of the charts: lines, boxes, dots and words on a plot, drawn by matplotlib.

Where each thing stands is decided by the charts, in points; a figure without axes only draws it. The
library's own layout of axes, ticks and words would take ten times as long and differ between machines.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

import matplotlib as mpl
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Patch, Rectangle
from matplotlib.text import Text
from matplotlib.transforms import IdentityTransform

from opti_reports.model.look import Look
from opti_reports.render.charts.compact import compacted

SMALL, PLAIN = 6.5, 7.5
"""Sizes of text in charts, points."""
ROW_LINE = 9.0
"""From one line of a bar's name to the next, points."""
_RISE = 0.36
"""From the middle of a line of text down to its baseline, in sizes of text."""

Blend = Literal["data", "x", "y", "plot"]
"""What a place is given in. ``data``: both in data units; ``x``: y is a fraction of the plot's height;
``y``: x is a fraction of its width; ``plot``: both are fractions."""
Align = Literal["left", "center", "right"]
Place = tuple[float, float] | None
"""A place in a line; None is a gap."""

mpl.rcdefaults()  # Whatever settings a user of the library keeps: a pack is the same on every machine.
mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "opti_reports", "text.parse_math": False})
_GAP = (float("nan"), float("nan"))
_UNDATED = dict.fromkeys(("Date", "Creator", "Format", "Type"))


class _Label(Text):
    """Text written where its place says.

    The library's own would look up a font and measure the words first, to lay out what already has its
    place: two thirds of the time of a chart, and a warning where the brand's font is not installed.
    """

    def draw(self, renderer: RendererBase) -> None:
        x, y = self.get_position()
        pen = renderer.new_gc()
        pen.set_foreground(self.get_color())
        down = renderer.get_canvas_width_height()[1] - y
        renderer.draw_text(pen, x, down, self.get_text(), self.get_fontproperties(), 0, mtext=self)


def baseline(middle: float, size: float) -> float:
    """Return the height of the baseline of a line of text whose middle is at a height, points."""
    return middle - _RISE * size


@lru_cache(maxsize=64)
def _font(size: float, bold: bool) -> FontProperties:
    """Return the size and weight of a label; its family is the sheet's."""
    return FontProperties(size=size, weight=600 if bold else 400)


class Canvas:
    """A sheet of ``width`` × ``height`` points with a plot inside its four margins; y grows upwards.

    What is drawn with a higher ``layer`` lies above, what is drawn later lies above on the same layer.
    """

    def __init__(
        self, width: float, height: float, left: float, bottom: float, right: float, top: float
    ) -> None:
        self._measure(width, height, left, bottom, right, top)
        self._figure = Figure((width / 72, height / 72), dpi=72)
        self._figure.patch.set_visible(False)

    def _measure(
        self, width: float, height: float, left: float, bottom: float, right: float, top: float
    ) -> None:
        self.width, self.height = width, height
        self._left, self._bottom = left, bottom
        self._inner = max(width - left - right, 1.0), max(height - top - bottom, 1.0)
        self.x, self.y = (0.0, 1.0), (0.0, 1.0)

    def span(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        """Set the data units at the plot's left and right, and at its bottom and top."""
        self.x, self.y = x, y

    def line(
        self,
        places: Iterable[Place],
        *,
        colour: str,
        width: float,
        layer: float = 2.0,
        dashes: tuple[float, float] | None = None,
        blend: Blend = "data",
    ) -> None:
        """A line through ``places``, broken at gaps; ``dashes`` in widths of the line."""
        points = [_GAP if place is None else self._at(*place, blend) for place in places]
        line = Line2D(
            *zip(*points, strict=True),
            color=colour,
            linewidth=width,
            linestyle=(0, dashes) if dashes else "-",
            solid_capstyle="butt",
        )
        self._add(line, layer)

    def dot(self, x: float, y: float, size: float, colour: str, layer: float = 4.0) -> None:
        """A filled circle of ``size`` points across."""
        self._add(Circle(self._at(x, y, "data"), size / 2, facecolor=colour, linewidth=0), layer)

    def square(self, x: float, y: float, size: float, colour: str, layer: float = 4.0) -> None:
        """A filled square of ``size`` points across with its middle at a place."""
        left, bottom = (at - size / 2 for at in self._at(x, y, "data"))
        self._add(Rectangle((left, bottom), size, size, facecolor=colour, linewidth=0), layer)

    def box(
        self,
        low: tuple[float, float],
        high: tuple[float, float],
        colour: str,
        layer: float = 1.0,
        edge: str = "",
    ) -> None:
        """A filled rectangle between two corners, with a thin edge if its colour is given."""
        (left, bottom), (right, top) = self._at(*low, "data"), self._at(*high, "data")
        box = Rectangle(
            (left, bottom),
            right - left,
            top - bottom,
            facecolor=colour,
            edgecolor=edge or "none",
            linewidth=0.5 if edge else 0,
            joinstyle="round",
        )
        self._add(box, layer)

    def write(
        self,
        x: float,
        y: float,
        text: str,
        *,
        colour: str,
        size: float = SMALL,
        bold: bool = False,
        align: Align = "left",
        blend: Blend = "data",
    ) -> None:
        """Text with its middle at the height y, beginning, centred or ending at x."""
        left, middle = self._at(x, y, blend)
        base, font = baseline(middle, size), _font(size, bold)
        self._add(_Label(left, base, text, color=colour, fontproperties=font, horizontalalignment=align), 5.0)

    def finish(self, look: Look, alt: str) -> str:
        """Return the sheet as one ``<svg>`` element with ``alt`` as its title."""
        fonts = dict.fromkeys((look.brand.fonts.figures, look.brand.fonts.text, look.brand.fonts.fallback))
        drawn = io.BytesIO()
        FigureCanvasSVG(self._figure).print_svg(drawn, metadata=_UNDATED)  # type: ignore[no-untyped-call]
        return compacted(drawn.getvalue(), alt, ", ".join(fonts))

    def _add(self, artist: Line2D | Patch | Text, layer: float) -> None:
        artist.set_transform(IdentityTransform())
        artist.set_zorder(layer)
        self._figure.add_artist(artist)

    def _at(self, x: float, y: float, blend: Blend) -> tuple[float, float]:
        """Return a place as points from the sheet's left and bottom."""
        across = x if blend in ("y", "plot") else (x - self.x[0]) / (self.x[1] - self.x[0])
        up = y if blend in ("x", "plot") else (y - self.y[0]) / (self.y[1] - self.y[0])
        return self._left + across * self._inner[0], self._bottom + up * self._inner[1]


def write_row(
    canvas: Canvas,
    middle: float,
    lines: tuple[str, ...],
    figure: str,
    *,
    outside: tuple[float, float],
    colours: tuple[str, str],
) -> None:
    """The name (in lines, left of the plot) and the figure (at the sheet's right edge) of a bar.

    ``outside``: the plot's width and the margin right of it, points; ``colours``: of the name and the figure.
    """
    plot, right = outside
    for number, line in enumerate(lines):
        height = middle + ((len(lines) - 1) / 2 - number) * ROW_LINE
        canvas.write(-6 / plot, height, line, colour=colours[0], size=PLAIN, align="right", blend="y")
    canvas.write(1 + right / plot, middle, figure, colour=colours[1], size=PLAIN, align="right", blend="y")
