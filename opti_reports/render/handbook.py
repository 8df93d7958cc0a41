"""The handbook of the metrics as a web page and as a PDF: the same page under two style sheets."""

from __future__ import annotations

import hashlib

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from opti_reports.model.handbook import Handbook
from opti_reports.model.look import Look
from opti_reports.render.archival import for_layout, for_writing
from opti_reports.render.clean import cleaned
from opti_reports.render.environment import environment, filled
from opti_reports.render.fetching import BundleFetcher, nothing_amiss
from opti_reports.render.page import embedded, logo, policy


def render_handbook_html(book: Handbook, look: Look) -> bytes:
    """Return the handbook as one HTML file that asks for nothing.

    Raises PackError when a template cannot be filled.
    """
    return _page(cleaned(book), look, _style(look, "html")).encode()


def render_handbook_pdf(book: Handbook, look: Look) -> bytes:
    """Return the handbook as PDF bytes (PDF/A-3a and PDF/UA-1), page numbers in its contents, with bookmarks.

    Raises PackError when a template cannot be filled or asks for anything outside the bundle.
    """
    book = cleaned(book)
    fetcher, fonts = BundleFetcher(look.templates), FontConfiguration()
    name = f"handbook.{book.language}"
    text = _page(book, look, "")
    with nothing_amiss(name, fetcher):
        style = CSS(string=_style(look, "pdf"), font_config=fonts, url_fetcher=fetcher)
        made: bytes = HTML(
            string=text, base_url=f"{look.templates.resolve().as_uri()}/", url_fetcher=fetcher
        ).write_pdf(
            stylesheets=[style],
            font_config=fonts,
            pdf_identifier=hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().encode(),
            **(for_layout() | for_writing()),
        )
    return made


def _page(book: Handbook, look: Look, style: str) -> str:
    """Return the page; with a style inside for a browser, without for paper, whose style comes beside it."""
    env = environment(look.templates / "html")
    picture = (logo(look) if style else look.brand.logo) or ""
    return filled(
        env,
        "handbook.html.j2",
        book=book,
        words=book.words,
        brand=look.brand,
        logo=picture,
        policy=policy(style) if style else "",
        style=embedded(style),
    ).lstrip()


def _style(look: Look, kind: str) -> str:
    env = environment(look.templates / kind)
    brand = look.brand
    none: tuple[str, ...] = ()
    return filled(env, "handbook.css.j2", colours=brand.colours, fonts=brand.fonts, groups=none, areas=none)
