"""What a document looks like: the brand's colours and fonts, and the folder of its templates."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from pathlib import Path

from opti_reports.errors import OptiError

_HEX = re.compile(r"#[0-9a-f]{6}")
_FAMILY = re.compile(r"[A-Za-z0-9][A-Za-z0-9 -]*")


@dataclass(frozen=True, kw_only=True)
class Colours:
    """``#rrggbb`` each. ``good``, ``watch``, ``concern`` and ``neutral`` carry meaning; the rest do not.

    Text is set in ``ink`` and ``muted`` and, for a word that carries a status, in the status colour: all six
    must be readable on ``paper``. ``rule`` is for hairlines, ``tint`` for the ground of headers and tiles.
    """

    ink: str
    muted: str
    accent: str
    good: str
    watch: str
    concern: str
    neutral: str
    rule: str
    tint: str
    paper: str

    def __post_init__(self) -> None:
        """Refuse anything but a colour: these values are written into style sheets."""
        for item in fields(self):
            value = getattr(self, item.name)
            if not _HEX.fullmatch(value):
                raise OptiError("look.colour", f"colours.{item.name}", value=repr(value))

    def of(self, tone: str) -> str:
        """Return the colour of a tone (``model/tone.py``)."""
        good, watch, concern = self.good, self.watch, self.concern
        own = {"good": good, "watch": watch, "off": concern, "right": good, "warn": watch, "wrong": concern}
        return own.get(tone, self.neutral)


@dataclass(frozen=True)
class Fonts:
    """Family names: ``text`` and ``figures`` (tabular) of the PDF, ``fallback`` for rare signs, ``slides``.

    The deck is opened on other people's machines, so its family is one that office programs have.
    """

    text: str
    figures: str
    fallback: str
    slides: str

    def __post_init__(self) -> None:
        """Refuse what is not a family name: these values are written into style sheets."""
        for item in fields(self):
            value = getattr(self, item.name)
            if not _FAMILY.fullmatch(value):
                raise OptiError("look.font", f"fonts.{item.name}", value=repr(value))


@dataclass(frozen=True)
class Brand:
    """The organisation's name and look; ``logo`` names a PNG or SVG in the templates folder, or is None."""

    name: str
    colours: Colours
    fonts: Fonts
    logo: str | None = None
    names: tuple[tuple[str, str], ...] = ()
    """Language and name, where it differs by language."""

    def called(self, language: str) -> str:
        """Return the name in a language."""
        return dict(self.names).get(language, self.name)


@dataclass(frozen=True)
class Look:
    """A brand and the folder (``templates/``) that holds ``pdf/`` and ``pptx/``."""

    brand: Brand
    templates: Path
