"""Text on slides: runs with language, size and colour, and text that shrinks before it is cut."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pptx.dml.color import RGBColor
from pptx.util import Emu, Pt

from opti_reports.render.measure import fitted, wrapped

_LOCALES = {"fi": "fi-FI", "sv": "sv-FI", "en": "en-GB"}


@dataclass(frozen=True)
class Run:
    """A stretch of text in one look; ``colour`` as ``#rrggbb`` or empty for the theme's."""

    text: str
    size: float
    bold: bool = False
    colour: str = ""


def rgb(colour: str) -> RGBColor:
    """Return ``#rrggbb`` as python-pptx has it."""
    return RGBColor(*(int(colour[at : at + 2], 16) for at in (1, 3, 5)))  # type: ignore[no-untyped-call]


def locale_of(language: str) -> str:
    """Return the language tag of runs: ``fi`` → ``fi-FI``; a language without a known region
    stays as it is.
    """
    return _LOCALES.get(language, language)


def put(paragraph: Any, language: str, *runs: Run, size: bool = True) -> None:
    """Add ``runs`` to a paragraph; ``size=False`` leaves size and weight to the placeholder."""
    for item in runs:
        run = paragraph.add_run()
        run.text = item.text
        run._r.get_or_add_rPr().set("lang", locale_of(language))
        if size:
            run.font.size = Pt(item.size)
            run.font.bold = item.bold
        if item.colour:
            run.font.color.rgb = rgb(item.colour)


def shrunk(
    text: str, width: float, sizes: tuple[float, ...], lines: int, bold: bool = False
) -> tuple[str, float]:
    """Return ``text`` and the first of ``sizes`` at which it fits ``lines`` lines; cut at the last if none
    does.
    """
    for size in sizes:
        if len(wrapped(text, width, size, bold)) <= lines:
            return text, size
    return fitted(text, width, sizes[-1], lines, bold), sizes[-1]


def points(length: Emu | int) -> float:
    """Return a length of the file as points."""
    return int(length) / 12700
