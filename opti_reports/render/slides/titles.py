"""What a slide with a table of its own is called."""

from __future__ import annotations

from collections.abc import Sequence

from opti_reports.render.slides.grid import Grid
from opti_reports.render.slides.parts import Part


def named(title: str, parts: Sequence[Part]) -> str:
    """Return the section's title, with the caption of a table that has the slide for itself and says more."""
    only = parts[0] if len(parts) == 1 else None
    if not isinstance(only, Grid) or _says(title, only.caption):
        return title
    return f"{title} – {only.caption}"


def _says(title: str, caption: str) -> bool:
    """Return whether the title, or what stands after its colon, is the caption already."""
    return not caption or caption.casefold() in (title.casefold(), title.casefold().rpartition(": ")[2])
