"""The drawing board without a drawing library, for pages with hundreds of charts.

It writes the same shapes where the library would put them, in a twentieth of the time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from lxml import etree

from opti_reports.model.look import Look
from opti_reports.render.charts.canvas import SMALL, Align, Blend, Canvas, Place, baseline
from opti_reports.render.charts.compact import SVG

_ANCHOR = {"left": None, "center": "middle", "right": "end"}


class LightCanvas(Canvas):
    """A canvas that writes SVG itself."""

    def __init__(
        self, width: float, height: float, left: float, bottom: float, right: float, top: float
    ) -> None:
        self._measure(width, height, left, bottom, right, top)
        self._shapes: list[tuple[float, str, dict[str, str | None], str]] = []

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
        points = [None if place is None else self._at(*place, blend) for place in places]
        dashed = None if dashes is None else ",".join(_short(part * width) for part in dashes)
        look = {"stroke": colour, "stroke-width": _short(width), "stroke-dasharray": dashed, "fill": "none"}
        if path := "".join(self._runs(points)):
            self._shape(layer, "path", {"d": path, **look})

    def dot(self, x: float, y: float, size: float, colour: str, layer: float = 4.0) -> None:
        """A filled circle of ``size`` points across."""
        across, up = self._at(x, y, "data")
        place = {"cx": _short(across), "cy": _short(self.height - up), "r": _short(size / 2)}
        self._shape(layer, "circle", {**place, "fill": colour})

    def square(self, x: float, y: float, size: float, colour: str, layer: float = 4.0) -> None:
        """A filled square of ``size`` points across with its middle at a place."""
        across, up = self._at(x, y, "data")
        half = size / 2
        self._rectangle((across - half, up - half), (across + half, up + half), {"fill": colour}, layer)

    def box(
        self,
        low: tuple[float, float],
        high: tuple[float, float],
        colour: str,
        layer: float = 1.0,
        edge: str = "",
    ) -> None:
        """A filled rectangle between two corners, with a thin edge if its colour is given."""
        outline = {"stroke": edge, "stroke-width": "0.5"} if edge else {}
        corners = self._at(*low, "data"), self._at(*high, "data")
        self._rectangle(*corners, {"fill": colour, **outline}, layer)

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
        across, middle = self._at(x, y, blend)
        place = {"x": _short(across), "y": _short(self.height - baseline(middle, size))}
        look = {"font-size": _short(size), "fill": colour, "text-anchor": _ANCHOR[align]}
        self._shape(5.0, "text", {**place, **look, "font-weight": "600" if bold else None}, text)

    def finish(self, look: Look, alt: str) -> str:  # noqa: ARG002 - the page sets the family of its texts
        """Return the sheet as one ``<svg>`` element with ``alt`` as its title."""
        size = {"viewBox": f"0 0 {_short(self.width)} {_short(self.height)}", "stroke-linejoin": "round"}
        made = etree.Element("svg", size, nsmap={None: SVG})  # type: ignore[dict-item]
        etree.SubElement(made, "title").text = alt
        for _, tag, properties, text in sorted(self._shapes, key=lambda shape: shape[0]):
            given = {name: value for name, value in properties.items() if value is not None}
            etree.SubElement(made, tag, given).text = text or None
        return etree.tostring(made, encoding="unicode")

    def _shape(self, layer: float, tag: str, properties: dict[str, str | None], text: str = "") -> None:
        self._shapes.append((layer, tag, properties, text))

    def _rectangle(
        self, low: Sequence[float], high: Sequence[float], look: dict[str, str | None], layer: float
    ) -> None:
        size = {"width": _short(high[0] - low[0]), "height": _short(high[1] - low[1])}
        self._shape(layer, "rect", {"x": _short(low[0]), "y": _short(self.height - high[1]), **size, **look})

    def _runs(self, points: Iterable[tuple[float, float] | None]) -> Iterable[str]:
        for known, run in groupby(points, key=lambda point: point is not None):
            if known:
                steps = [f"{_short(p[0])} {_short(self.height - p[1])}" for p in run if p is not None]
                yield "M" + "L".join(steps)


def _short(number: float) -> str:
    """Return a number to a tenth."""
    return f"{number + 0.0:.1f}".removesuffix(".0")
