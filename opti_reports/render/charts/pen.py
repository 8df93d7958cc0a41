"""What a chart's artists are drawn with: shapes and words of a small ``<svg>`` that stands inside a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

import numpy as np
from lxml import etree
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.colors import to_hex
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Transform

from opti_reports.render.measure import text_width

SVG = "http://www.w3.org/2000/svg"
RISE = 0.36
"""From the middle of a line of text down to its baseline, in sizes of text."""
_ASCENT, _DESCENT = 2 * RISE, 0.22
"""How far letters reach above and below their baseline, in sizes of text."""
_ANCHORS = {"center": "middle", "right": "end"}


class Pen(RendererBase):
    """Draws shapes and words, nothing else, to a tenth of a point.

    A page holds many drawings: there are no names, groups, definitions or style sheets, which would meet.
    Words stay words. They are as wide here as everywhere, and as high as their size says; the library's own
    pen would shape each in a font: half the time of a chart, other places on another machine.
    """

    def __init__(self, width: float, height: float, title: str, family: str) -> None:
        super().__init__()
        self.width, self.height = width, height
        across, down = _short(width), _short(height)
        size = {"viewBox": f"0 0 {across} {down}", "width": f"{across}pt", "height": f"{down}pt"}
        look = {"font-family": family, "stroke-linejoin": "round"}
        self._sheet = etree.Element("svg", {**size, **look}, nsmap={None: SVG})  # type: ignore[dict-item]
        etree.SubElement(self._sheet, "title").text = title

    def svg(self) -> str:
        """Return what was drawn."""
        return etree.tostring(self._sheet, encoding="unicode")

    def draw_path(
        self,
        gc: GraphicsContextBase,
        path: Path,
        transform: Transform,
        rgbFace: Any = None,  # noqa: N803
    ) -> None:
        """A line, an area, or a dot: nothing else is drawn with curves."""
        look = _look(gc, rgbFace)
        if path.codes is not None and bool(np.any(path.codes == Path.CURVE4)):
            corners = transform.transform(np.asarray(path.vertices, float))
            (x0, y0), (x1, y1) = corners.min(axis=0), corners.max(axis=0)
            middle = {"cx": _short((x0 + x1) / 2), "cy": _short(self.height - (y0 + y1) / 2)}
            self._add("circle", {**middle, "r": _short((x1 - x0) / 2), **look})
        elif line := "".join(self._segments(path, transform)):
            self._add("path", {"d": line, **look})

    def _segments(self, path: Path, transform: Transform) -> Iterator[str]:
        drawn = path.cleaned(transform, remove_nans=True)
        places, codes = (np.asarray(part).tolist() for part in (drawn.vertices, drawn.codes))
        for (x, y), code in zip(places, codes, strict=True):
            if code == Path.CLOSEPOLY:
                yield "z"
            elif code != Path.STOP:
                yield f"{'M' if code == Path.MOVETO else 'L'}{_short(x)} {_short(self.height - y)}"

    def draw_text(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: Any = False,
        mtext: Text | None = None,
    ) -> None:
        """A line of words, which begins, is centred or ends where its place says."""
        del angle, ismath
        look = {"font-size": _short(prop.get_size_in_points()), "fill": to_hex(gc.get_rgb())}
        if prop.get_weight() not in (400, "normal"):
            look["font-weight"] = str(prop.get_weight())
        anchor = _ANCHORS.get(mtext.get_horizontalalignment()) if mtext else None
        if mtext and anchor:
            x = mtext.get_transform().transform(mtext.get_unitless_position())[0]
            look["text-anchor"] = anchor
        self._add("text", {"x": _short(x), "y": _short(y), **look}).text = s

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: Any
    ) -> tuple[float, float, float]:
        """Return how wide a line of words is, how high, and how far it reaches below its baseline."""
        del ismath
        size = prop.get_size_in_points()
        return text_width(s, size), (_ASCENT + _DESCENT) * size, _DESCENT * size

    def _get_font_height_metrics(self, prop: FontProperties) -> tuple[float, float, float]:
        size = prop.get_size_in_points()
        return _ASCENT * size, _DESCENT * size, 0.0

    def flipy(self) -> bool:
        """Return that heights grow downwards."""
        return True

    def get_canvas_width_height(self) -> tuple[float, float]:
        """Return the size of the sheet, points."""
        return self.width, self.height

    def _add(self, tag: str, properties: Mapping[str, str]) -> etree._Element:
        return etree.SubElement(self._sheet, tag, dict(properties))


def _look(gc: GraphicsContextBase, face: Any) -> dict[str, str]:
    """Return the properties of an area, a line or both."""
    look = {} if face is None or (len(face) > 3 and not face[3]) else {"fill": to_hex(face)}
    width, dashes = gc.get_linewidth(), cast("Sequence[float] | None", gc.get_dashes()[1])
    if not width:
        return look
    look = {"fill": "none", **look, "stroke": to_hex(gc.get_rgb()), "stroke-width": f"{width:g}"}
    if dashes is not None:
        look["stroke-dasharray"] = ",".join(f"{length:g}" for length in dashes)
    return look


def _short(number: float) -> str:
    """Return a number to a tenth, as short as it can be written."""
    written = f"{number:.1f}".removesuffix(".0")
    return "0" if written == "-0" else written
