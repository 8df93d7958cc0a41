"""``configs/brand.toml``: name, colours and fonts of every document."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from opti_reports.config.base import Family, Hex, Strict, Words
from opti_reports.config.files import leaves
from opti_reports.errors import UnfitError
from opti_reports.model import look


def _within(name: str) -> str:
    if leaves(name):
        raise UnfitError("unfit.picture", name=name)
    return name


class ColoursFile(Strict):
    """The colours, ``#rrggbb``; see ``model.look.Colours``."""

    ink: Hex
    muted: Hex
    accent: Hex
    good: Hex
    watch: Hex
    concern: Hex
    neutral: Hex
    rule: Hex
    tint: Hex
    paper: Hex


class FontsFile(Strict):
    """The font families; see ``model.look.Fonts``."""

    text: Family
    figures: Family
    fallback: Family
    slides: Family


class BrandFile(Strict):
    """The brand as written."""

    name: Words | str
    """One in every language, or one for each."""
    logo: Annotated[str, AfterValidator(_within)] | None = None
    colours: ColoursFile
    fonts: FontsFile

    def brand(self) -> look.Brand:
        """Return the brand as renderers use it."""
        names = () if isinstance(self.name, str) else tuple(self.name.items())
        return look.Brand(
            self.name if isinstance(self.name, str) else names[0][1],
            look.Colours(**self.colours.model_dump()),
            look.Fonts(**self.fonts.model_dump()),
            self.logo,
            names,
        )
