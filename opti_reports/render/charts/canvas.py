"""The drawing board of the charts: lines, boxes, dots and words on a plot, as a compact SVG.

A chart is some forty shapes. Written straight into SVG they cost a millisecond, a tenth of what a plotting
library needs for the same picture, and the layout engine has nothing to strip.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from markupsafe import escape

from opti_reports.model.look import Look

SVG = "http://www.w3.org/2000/svg"
SMALL, PLAIN = 6.5, 7.5
"""Sizes of text in charts, points."""
ROW_LINE = 9.0
"""From one line of a bar's name to the next, points."""
_RISE = 0.36
"""From the middle of a line of text down to its baseline, in sizes of text."""
_ANCHORS = {"left": "", "center": ' text-anchor="middle"', "right": ' text-anchor="end"'}

Blend = Literal["data", "x", "y", "plot"]
"""What a place is told in. ``data``: both in data units; ``x``: y is a fraction of the plot's height;
``y``: x is a fraction of its width; ``plot``: both are fractions."""
Place = tuple[float, float] | None
"""A place in a line; None is a gap."""


class Canvas:
    """A sheet of ``width`` × ``height`` points with a plot inside its four margins; y grows upwards.

    What is drawn with a higher ``layer`` lies above, what is drawn later lies above on the same layer.
    """

    def __init__(
        self, width: float, height: float, left: float, bottom: float, right: float, top: float
    ) -> None:
        self.width, self.height = width, height
        self._left, self._bottom = left, bottom
        self._inner = max(width - left - right, 1.0), max(height - top - bottom, 1.0)
        self.x, self.y = (0.0, 1.0), (0.0, 1.0)
        self._drawn: list[tuple[float, int, str]] = []

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
        drawn, pen = [], "M"
        for place in places:
            if place is not None:
                x, y = self._at(*place, blend)
                drawn.append(f"{pen}{_short(x)} {_short(y)}")
            pen = "M" if place is None else "L"
        if drawn:
            dash = (
                f' stroke-dasharray="{" ".join(_short(part * width) for part in dashes)}"' if dashes else ""
            )
            path = f'd="{"".join(drawn)}" fill="none" stroke="{colour}" stroke-width="{_short(width)}"'
            self._add(layer, f"<path {path}{dash}/>")

    def dot(self, x: float, y: float, size: float, colour: str, layer: float = 4.0) -> None:
        """A filled circle of ``size`` points across."""
        left, top = self._at(x, y, "data")
        self._add(
            layer, f'<circle cx="{_short(left)}" cy="{_short(top)}" r="{_short(size / 2)}" fill="{colour}"/>'
        )

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
        left, right, top, bottom = min(left, right), max(left, right), min(top, bottom), max(top, bottom)
        place = f'x="{_short(left)}" y="{_short(top)}"'
        size = f'width="{_short(right - left)}" height="{_short(bottom - top)}"'
        stroke = f' stroke="{edge}" stroke-width="0.5"' if edge else ""
        self._add(layer, f'<rect {place} {size} fill="{colour}"{stroke}/>')

    def write(
        self,
        x: float,
        y: float,
        text: str,
        *,
        colour: str,
        size: float = SMALL,
        bold: bool = False,
        align: str = "left",
        blend: Blend = "data",
    ) -> None:
        """Text with its middle at the height y, beginning, centred or ending at x."""
        left, middle = self._at(x, y, blend)
        place = f'x="{_short(left)}" y="{_short(middle + _RISE * size)}" font-size="{_short(size)}"'
        weight = ' font-weight="600"' if bold else ""
        self._add(5.0, f'<text {place} fill="{colour}"{weight}{_ANCHORS[align]}>{escape(text)}</text>')

    def finish(self, look: Look, alt: str) -> str:
        """The sheet as one ``<svg>`` element with ``alt`` as its title."""
        fonts = look.brand.fonts
        width, height = _short(self.width), _short(self.height)
        size = f'viewBox="0 0 {width} {height}" width="{width}pt" height="{height}pt"'
        family = f'font-family="{escape(f"{fonts.figures}, {fonts.text}, {fonts.fallback}")}"'
        drawn = "".join(markup for _, _, markup in sorted(self._drawn))
        return f'<svg xmlns="{SVG}" {size} {family}><title>{escape(alt)}</title>{drawn}</svg>'

    def _add(self, layer: float, markup: str) -> None:
        self._drawn.append((layer, len(self._drawn), markup))

    def _at(self, x: float, y: float, blend: Blend) -> tuple[float, float]:
        """A place as points from the sheet's left and top."""
        across = x if blend in ("y", "plot") else (x - self.x[0]) / (self.x[1] - self.x[0])
        up = y if blend in ("x", "plot") else (y - self.y[0]) / (self.y[1] - self.y[0])
        bottom = self.height - self._bottom
        return self._left + across * self._inner[0], bottom - up * self._inner[1]


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


def _short(number: float) -> str:
    """A number to a tenth of a point."""
    return f"{number + 0.0:.1f}".removesuffix(".0")
