"""The month's web page: one file, style and lines inside, that asks for nothing and runs nothing."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from mimetypes import guess_type

from jinja2 import Environment
from markupsafe import Markup

from opti_reports.errors import PackError
from opti_reports.model.look import Look
from opti_reports.model.pack import Table
from opti_reports.model.page import Page
from opti_reports.render.clean import cleaned
from opti_reports.render.environment import environment, filled


def render_page(page: Page, look: Look) -> bytes:
    """Return the page as HTML bytes, the same for the same page, look and environment.

    Raises PackError when a template cannot be filled.
    """
    page = cleaned(page)
    env = _environment(look)
    style = filled(env, "page.css.j2", groups=page.groups, areas=page.areas)
    text = filled(
        env,
        "page.html.j2",
        page=page,
        words=page.words,
        style=embedded(style),
        policy=policy(style),
        logo=logo(look),
    )
    return text.lstrip().encode()


def policy(style: str) -> str:
    """Return what a browser may do with the page: use this very style sheet and pictures within; nothing
    else.
    """
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )


def embedded(style: str) -> Markup:
    """Return a style sheet to stand in a page. Raises PackError if it would end the element it stands in."""
    if "</" in style:
        raise PackError("render.style", "templates/html")
    return Markup(style)


def logo(look: Look) -> str:
    """Return the brand's logo within an address, or nothing. Raises PackError when the file is missing."""
    if look.brand.logo is None:
        return ""
    path = look.templates / look.brand.logo
    if not path.is_file():
        raise PackError("render.logo", look.brand.logo)
    kind = guess_type(path.name)[0] or "application/octet-stream"
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"


@lru_cache(maxsize=4)
def _environment(look: Look) -> Environment:
    env = environment(look.templates / "html")
    brand = look.brand
    env.globals.update(brand=brand, colours=brand.colours, fonts=brand.fonts, tones_of=_tones_of)
    return env


def _tones_of(table: Table) -> dict[tuple[int, int], str]:
    return {(row, column): tone for row, column, tone in table.tones}
