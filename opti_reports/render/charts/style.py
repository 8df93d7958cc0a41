"""The look of every chart, made from the brand: one style sheet of matplotlib, and what its marks mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache, wraps
from threading import RLock
from typing import Any, Concatenate, ParamSpec, TypeVar

import matplotlib as mpl

from opti_reports.model.look import Brand, Colours, Look

SMALL, PLAIN = 6.5, 7.5
"""Sizes of text in charts, points."""
LINE = 8.5
"""From one line of small text to the next, points."""
DOTTED, DASHED = (0, (1.0, 2.0)), (0, (4.0, 2.0))
"""Patterns of limits, and of targets."""
VARIATION = ("centre", "upper", "lower")
"""Roles of the lines of ordinary variation."""

mpl.rcdefaults()  # Whatever settings a user of the library keeps: a pack is the same on every machine.
_ALONE = RLock()
"""The settings are the library's own, shared by all of its drawings: one is made at a time."""
_WORN: list[Brand] = []
"""The brand in whose style is drawn now, and before it those to whose styles it returns."""
Chart = TypeVar("Chart")
More = ParamSpec("More")


def styled(
    draw: Callable[Concatenate[Chart, Look, More], str],
) -> Callable[Concatenate[Chart, Look, More], str]:
    """Draw a chart in the style of its look's brand."""

    @wraps(draw)
    def drawn(chart: Chart, look: Look, /, *args: More.args, **more: More.kwargs) -> str:
        with in_style(look.brand):
            return draw(chart, look, *args, **more)

    return drawn


@contextmanager
def in_style(brand: Brand) -> Iterator[None]:
    """Have everything within drawn in a brand's style: once for many charts, each of which sees to it too."""
    with _ALONE:
        if _WORN[-1:] == [brand]:
            yield
            return
        with mpl.rc_context(_sheet(brand)):
            _WORN.append(brand)
            try:
                yield
            finally:
                _WORN.pop()


@lru_cache(maxsize=4)
def _sheet(brand: Brand) -> Any:
    """Return the style sheet."""
    colours = brand.colours
    return {
        **dict.fromkeys((f"axes.spines.{side}" for side in ("left", "bottom", "right", "top")), False),
        **dict.fromkeys(("text.color", "xtick.labelcolor", "ytick.labelcolor"), colours.muted),
        **dict.fromkeys(("font.size", "xtick.labelsize", "ytick.labelsize"), SMALL),
        "axes.grid": True,
        "axes.grid.axis": "y",
        "grid.color": colours.rule,
        "grid.linewidth": 0.4,
        "xtick.color": colours.neutral,
        "xtick.major.size": 2.5,
        "xtick.major.width": 0.4,
        "xtick.major.pad": 4.0,
        "ytick.major.size": 0.0,
        "ytick.major.pad": 4.0,
        "lines.solid_capstyle": "butt",
        "lines.markeredgewidth": 0.0,
        "patch.linewidth": 0.0,
        "text.parse_math": False,
    }


def line_of(role: str, colours: Colours) -> dict[str, Any]:
    """Return how a line of a role is drawn (``model/charts.py``)."""
    limit = {"color": colours.muted, "linewidth": 0.8, "linestyle": DOTTED, "zorder": 1.6}
    return {
        "main": {"color": colours.accent, "linewidth": 1.5, "zorder": 3},
        "reference": {"color": colours.neutral, "linewidth": 0.9, "zorder": 2.5},
        "region": {"color": colours.muted, "linewidth": 0.8, "linestyle": DASHED, "zorder": 2},
        "target": {"color": colours.ink, "linewidth": 0.8, "linestyle": DASHED, "zorder": 2},
        "centre": {"color": colours.muted, "linewidth": 0.6, "zorder": 1.6},
    }.get(role, limit)


def mark_of(meaning: str, colours: Colours) -> dict[str, Any]:
    """Return the mark of what differs: a square a concern, a large dot an improvement, a grey one neither."""
    colour = {"concern": colours.concern, "improvement": colours.good}.get(meaning, colours.muted)
    marker = "s" if meaning == "concern" else "o"
    return {"marker": marker, "color": colour, "markersize": 5.5, "linestyle": "none", "zorder": 4}
