"""A pack as slides: Jinja markup, split by height, laid on ``templates/pptx/base.pptx``."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from collections import Counter
from functools import lru_cache, partial
from itertools import groupby
from typing import Any

from jinja2 import Environment
from lxml import etree
from pptx import Presentation
from pptx.oxml.ns import qn

from opti_reports.errors import PackError
from opti_reports.model.look import Look
from opti_reports.model.pack import Pack
from opti_reports.render import fitting
from opti_reports.render.clean import clean_pack
from opti_reports.render.dating import dated
from opti_reports.render.environment import environment, filled, languages_of, tones_of
from opti_reports.render.slides.build import Builder
from opti_reports.render.slides.finishing import branded, settled
from opti_reports.render.slides.flow import Slide, flow
from opti_reports.render.slides.markup import read_markup
from opti_reports.render.slides.words import locale_of

_SECTIONS = "{521415D9-36F7-43E2-AB2F-B90AF26B5E84}"
_P14 = "http://schemas.microsoft.com/office/powerpoint/2010/main"


def render_pptx(pack: Pack, look: Look) -> bytes:
    """Return the pack as PPTX bytes, the same for the same pack, look and environment.

    Raises PackError when a template cannot be filled or asks for an unknown element, or when the base file
    lacks a part.
    """
    pack = clean_pack(pack)
    return _laid(pack, look, *_flowed(pack, look, firm=False))


def fitted(pack: Pack, look: Look, most: int | None) -> tuple[Pack, bytes]:
    """Return the pack, as much of it in its appendix as ``most`` slides before that ask for, as PPTX bytes.

    Text becomes smaller only where that is not enough. Raises PackError as :func:`render_pptx` does.
    """
    for firm in (True, False):
        found = fitting.fitted(pack, most, partial(_lengths, look=look, firm=firm))
        made = clean_pack(found)
        builder, slides = _flowed(made, look, firm)
        if most is None or sum(_counted(made, slides).values()) <= most:
            break
    return found, _laid(made, look, builder, slides)


def _laid(pack: Pack, look: Look, builder: Builder, slides: tuple[Slide, ...]) -> bytes:
    deck = builder.deck
    laid = [builder.lay(slide, number) for number, slide in enumerate(slides, start=1)]
    _sections(deck, slides, laid, pack.name)
    _about(deck, pack, look)
    buffer = io.BytesIO()
    deck.save(buffer)
    return settled(buffer.getvalue())


def _lengths(pack: Pack, look: Look, firm: bool) -> dict[str, int]:
    made = clean_pack(pack)
    return _counted(made, _flowed(made, look, firm)[1])


def _counted(pack: Pack, slides: tuple[Slide, ...]) -> dict[str, int]:
    """Return how many slides each section before the appendix takes."""
    counts = Counter(slide.section for slide in slides)
    return {section.id: counts[section.title] for section in pack.sections if not section.appendix}


def _flowed(pack: Pack, look: Look, firm: bool) -> tuple[Builder, tuple[Slide, ...]]:
    """Return an open deck and the slides to be laid on it; ``firm``: in text that only a word's length makes
    smaller.
    """
    base = look.templates / "pptx" / "base.pptx"
    if not base.is_file():
        raise PackError("render.no_base", str(base))
    deck = Presentation(str(base))
    branded(deck, look.brand)
    builder = Builder(deck, pack, look)
    markup = read_markup(render_markup(pack, look), "templates/pptx/pack.xml.j2")
    return builder, flow(markup, builder.rooms(firm))


def render_markup(pack: Pack, look: Look) -> str:
    """Return the slide markup of a pack. The pack must be clean."""
    return filled(_environment(look), "pack.xml.j2", pack=pack, words=pack.words)


@lru_cache(maxsize=4)
def _environment(look: Look) -> Environment:
    env = environment(look.templates / "pptx")
    env.globals.update(tones_of=tones_of, languages_of=languages_of)
    return env


def _about(deck: Any, pack: Pack, look: Look) -> None:
    """Core properties, dated by the pack's period."""
    about = deck.core_properties
    about.title = f"{pack.title}, {pack.org_name}, {pack.period_label}"
    author = look.brand.called(pack.language)
    about.subject, about.keywords, about.author = (
        pack.subtitle,
        f"{pack.words['trace']}: {pack.trace}",
        author,
    )
    about.language, about.last_modified_by, about.revision = locale_of(pack.language), author, 1
    about.created = about.modified = dt.datetime.combine(dated(pack.period), dt.time())


def _sections(deck: Any, slides: tuple[Slide, ...], laid: list[Any], seed: str) -> None:
    """The deck's sections as PowerPoint shows them in its overview."""
    root = deck.part._element
    extensions = root.find(qn("p:extLst"))
    if extensions is None:
        extensions = etree.SubElement(root, qn("p:extLst"))
    extension = etree.SubElement(extensions, qn("p:ext"), uri=_SECTIONS)
    listed = etree.SubElement(extension, f"{{{_P14}}}sectionLst", nsmap={"p14": _P14})
    pairs = zip(slides, laid, strict=True)
    for number, (name, group) in enumerate(groupby(pairs, key=lambda pair: pair[0].section)):
        key = uuid.uuid5(uuid.NAMESPACE_URL, f"{seed}/{number}/{name}")
        section = etree.SubElement(listed, f"{{{_P14}}}section", name=name, id=f"{{{key}}}".upper())
        holder = etree.SubElement(section, f"{{{_P14}}}sldIdLst")
        for _, made in group:
            etree.SubElement(holder, f"{{{_P14}}}sldId", id=str(made.slide_id))
