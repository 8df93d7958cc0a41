"""A pack as a tagged PDF: Jinja templates, WeasyPrint, nothing from outside the template bundle."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from jinja2 import Environment
from markupsafe import Markup
from weasyprint import CSS
from weasyprint.text.fonts import FontConfiguration

from opti_reports.model.charts import Bars, FunnelPlot, Stacked, Trend
from opti_reports.model.look import Look
from opti_reports.model.pack import Block, Definitions, MetricTable, Pack, Section, Table
from opti_reports.parallel import no_collection
from opti_reports.render import fitting, paging
from opti_reports.render.archival import figures_of, for_writing
from opti_reports.render.charts.bars import draw_bars
from opti_reports.render.charts.funnel import draw_funnel
from opti_reports.render.charts.stacked import draw_stacked
from opti_reports.render.charts.style import in_style
from opti_reports.render.charts.trend import draw_trend
from opti_reports.render.clean import clean_pack
from opti_reports.render.columns import metric_shares, table_shares
from opti_reports.render.dating import dated
from opti_reports.render.environment import environment, filled, languages_of, shades_of, tones_of
from opti_reports.render.fetching import BundleFetcher, nothing_amiss
from opti_reports.render.fitting import Lengths
from opti_reports.render.halves import Halves, handfuls
from opti_reports.render.heights import Heights, measured
from opti_reports.render.paging import Paged
from opti_reports.render.parsed import Parsed
from opti_reports.render.sheets import Sheets

_MM = 72 / 25.4
WIDE, HALF = 178 * _MM, 86 * _MM
"""Widths of a chart across the page and of one of a pair, points."""
_TEXT, _METRICS, _TIGHT = 8.25, 7.75, 7.5
"""Sizes of the text of tables, of metrics, and of many rows or half a page; the style sheet has them too."""
_MANY_ROWS = 7
NARROW, NARROW_ROWS = 4, 20
"""Columns and rows of a table that stands beside another one, at most."""
_SPARK = 19.5 * _MM
Pictures = dict[tuple[Block, float], str]
"""Charts that were drawn, by their width."""


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """What Python prepares for a block's macro: a chart's picture and place, a table's column shares, or
    definitions for the left and the right column.
    """

    svg: str = ""
    place: str = ""
    says_note: bool = False
    tight: bool = False
    shares: tuple[float, ...] = ()
    halves: tuple[Halves, ...] = ()


@dataclass(frozen=True)
class _Style:
    """The style sheet: whether it has footnotes, and whether its pages have nothing to do with each other."""

    fonts: FontConfiguration
    sheet: CSS
    notes: bool
    apart: bool


def render_pdf(pack: Pack, look: Look) -> bytes:
    """Return the pack as PDF bytes (PDF/A-3a and PDF/UA-1), the same for the same pack, look and environment.

    Raises PackError as :func:`paged` does.
    """
    return paged(pack, look).content


def fitted(pack: Pack, look: Look, most: int | None) -> tuple[Pack, Paged]:
    """Return the pack, as much of it in its appendix as ``most`` pages before that ask for, and its PDF.

    Raises PackError as :func:`paged` does.
    """
    with no_collection():
        return _fitted(pack, look, most)


def _fitted(pack: Pack, look: Look, most: int | None) -> tuple[Pack, Paged]:
    clean, pictures = clean_pack(pack), Pictures()
    laid = _Laid(clean, look, pictures)
    heights = laid.heights() if most is not None else None

    def measure(one: Pack) -> Lengths:
        nonlocal laid
        laid = laid if laid.pack is one else _Laid(one, look, pictures, laid)
        return laid.heights().lengths()

    found = fitting.fitted(clean, most, measure, heights.guessed if heights and heights.known() else None)
    laid = laid if laid.pack is found else _Laid(found, look, pictures, laid)
    return pack if found is clean else found, laid.written()


def _same(before: Pack, after: Pack) -> set[str]:
    """Return the sections that begin a page, the first as "", of which no page has changed."""
    found, begins = {""}, ""
    for old, new in zip(before.sections, after.sections, strict=True):
        if new.own_page and new.id != after.sections[0].id:
            begins = new.id
            found.add(begins)
        if replace(old, yields=()) != replace(new, yields=()):
            found.discard(begins)
    return found


def paged(pack: Pack, look: Look) -> Paged:
    """Return the pack as a PDF with the pages of its sections.

    Raises PackError when a template cannot be filled or asks for anything outside the bundle, or when
    WeasyPrint warns.
    """
    return _Laid(clean_pack(pack), look, Pictures()).written()


class _Laid:
    """A clean pack on its pages: those before its appendix where only they are asked for."""

    def __init__(self, pack: Pack, look: Look, pictures: Pictures, before: _Laid | None = None) -> None:
        self.pack, self._fetcher = pack, BundleFetcher(look.templates)
        style = _style(look)
        with self._well():
            html = render_html(pack, look, pictures)
            self._parsed = Parsed(html, look, self._fetcher, style.fonts, notes=style.notes)
            self._sheets = Sheets(self._parsed, style.sheet, style.fonts)
            if before and style.apart:
                self._sheets.like(before._sheets, _same(before.pack, pack))

    def heights(self) -> Heights:
        """Return how high everything is before the appendix, if that is what ends the pack."""
        own = [not section.appendix for section in self.pack.sections]
        aside = next((at for at, is_own in enumerate(own) if not is_own and not any(own[at:])), None)
        stop = None if aside is None else self._parsed.named(self.pack.sections[aside].id)
        with self._well():
            return measured(self.pack, self._parsed.blocks, self._sheets.until(stop))

    def written(self) -> Paged:
        """Return the PDF."""
        name = f"{self.pack.name} {self.pack.trace}".encode()
        with self._well():
            document = self._sheets.document()
            made: bytes = document.write_pdf(
                attachments=[figures_of(self.pack)],
                pdf_identifier=hashlib.md5(name, usedforsecurity=False).hexdigest().encode(),
                **for_writing(),
            )
        return Paged(made, len(document.pages), paging.begun(self.pack, document.pages))

    @contextmanager
    def _well(self) -> Iterator[None]:
        with no_collection(), nothing_amiss(self.pack.name, self._fetcher):
            yield


def render_html(pack: Pack, look: Look, pictures: Pictures | None = None) -> str:
    """Return the HTML that becomes the PDF, charts inline, those drawn that are not among ``pictures``.

    The pack must be clean.
    """
    env, known = _environment(look), Pictures() if pictures is None else pictures
    with in_style(look.brand):
        charts = {
            (section.id, at): drawn
            for section in pack.sections
            for at, drawn in enumerate(_drawn(section, look, pack.language, known))
        }
    return filled(
        env, "pack.html.j2", pack=pack, words=pack.words, charts=charts, dated=dated(pack.period).isoformat()
    )


@lru_cache(maxsize=4)
def _environment(look: Look) -> Environment:
    env = environment(look.templates / "pdf")
    env.globals.update(
        brand=look.brand,
        colours=look.brand.colours,
        fonts=look.brand.fonts,
        tones_of=tones_of,
        shades_of=shades_of,
        languages_of=languages_of,
    )
    return env


@lru_cache(maxsize=4)
def _style(look: Look) -> _Style:
    """Return the style sheet, parsed once a process: again for each pack it would be a fifth of the time."""
    fonts = FontConfiguration()
    text = filled(_environment(look), "pack.css.j2")
    return _Style(
        fonts,
        CSS(string=text, font_config=fonts, url_fetcher=BundleFetcher(look.templates)),
        notes=re.search(r"footnote|note\(", text) is not None,
        apart=re.search(r"counter-|counters\(|target-|:left|:right|:nth\(|:blank", text) is None,
    )


def _places(blocks: tuple[Block, ...]) -> list[str]:
    """Return where each chart goes: neighbours in pairs (left, right); one left over, and those that never
    stand in pairs, across the page. Narrow tables beside each other make a pair too, and one left over
    stays narrow.
    """
    places = [""] * len(blocks)
    at = 0
    while at < len(blocks):
        if _in_half(blocks[at]):
            pair = at + 1 < len(blocks) and _in_half(blocks[at + 1])
            places[at : at + 1 + pair] = ["left", "right"] if pair else ["wide"]
            at += pair
        elif _narrow(blocks[at]) and at + 1 < len(blocks) and _narrow(blocks[at + 1]):
            places[at : at + 2] = ["left", "right"]
            at += 1
        elif _narrow(blocks[at]) and at and _narrow(blocks[at - 1]):
            places[at] = "left"
        elif type(blocks[at]) in CHARTS:
            places[at] = "wide"
        at += 1
    return places


def _in_half(block: Block) -> bool:
    """Return whether half a page holds a chart: the texts of money beside its budget leave no room there."""
    return isinstance(block, PAIRED) and not (isinstance(block, Bars) and any(bar.aim for bar in block.bars))


def _narrow(block: Block) -> bool:
    """Return whether half a page holds a table: one column of words, then a few of figures."""
    if not isinstance(block, Table) or block.blank_rows or len(block.rows) > NARROW_ROWS:
        return False
    figures = [column.numeric for column in block.columns]
    return 2 <= len(figures) <= NARROW and not figures[0] and all(figures[1:])


def _drawn(section: Section, look: Look, language: str, known: Pictures) -> list[Drawn]:
    return [
        _draw(block, place, look, language, known)
        for block, place in zip(section.blocks, _places(section.blocks), strict=True)
    ]


def _draw(block: Block, place: str, look: Look, language: str, known: Pictures) -> Drawn:
    if isinstance(block, MetricTable):
        return Drawn(shares=metric_shares(block, WIDE, _METRICS, _SPARK))
    if isinstance(block, Table):
        tight = bool(place) or len(block.rows) > _MANY_ROWS
        shares = table_shares(block, HALF if place else WIDE, _TIGHT if tight else _TEXT, tight=tight)
        return Drawn(place=place, shares=shares, tight=tight)
    if type(block) in CHARTS:
        width = WIDE if place == "wide" else HALF
        if (block, width) not in known:
            known[block, width] = CHARTS[type(block)](block, look, language, width)
        return Drawn(svg=Markup(known[block, width]), place=place, says_note=_says_note(block))
    if isinstance(block, Definitions):
        return Drawn(halves=tuple(handfuls(block.items, HALF)))
    return Drawn()


def _says_note(block: Block) -> bool:
    """Return whether a chart without any figure says its note in its own place."""
    if isinstance(block, Trend):
        return all(value is None for line in block.lines for value in line.values)
    return isinstance(block, Bars) and not block.bars


CHARTS: dict[type, Callable[[Any, Look, str, float], str]] = {
    Trend: draw_trend,
    Bars: draw_bars,
    FunnelPlot: draw_funnel,
    Stacked: draw_stacked,
}
"""What draws each kind of chart, given the look, the language and the width."""
PAIRED = (Trend, Bars)
"""Charts that may stand in pairs; others have the page's whole width."""
