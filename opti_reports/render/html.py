"""A pack as a web page for everybody: one file that asks for nothing, runs nothing and fits a phone."""

from __future__ import annotations

from functools import lru_cache

from jinja2 import Environment
from markupsafe import Markup

from opti_reports.model.look import Look
from opti_reports.model.pack import Block, Pack
from opti_reports.render.charts.style import in_style
from opti_reports.render.clean import clean_pack
from opti_reports.render.dating import dated
from opti_reports.render.environment import environment, filled, languages_of
from opti_reports.render.page import embedded, logo, policy
from opti_reports.render.pdf import CHARTS, HALF

KINDS = ("table", "text", "notice", "law", "trend", "bars", "stacked")
"""The blocks that it shows."""


def render_web(pack: Pack, look: Look) -> bytes:
    """Return the pack as HTML bytes, the same for the same pack, look and environment.

    Raises PackError when a template cannot be filled.
    """
    clean, env = clean_pack(pack), _environment(look)
    style = filled(env, "pack.css.j2")
    with in_style(look.brand):
        drawn = {
            (section.id, at): _chart(block, look, clean.language)
            for section in clean.sections
            for at, block in enumerate(section.blocks)
        }
    text = filled(
        env,
        "pack.html.j2",
        pack=clean,
        words=clean.words,
        charts=drawn,
        style=embedded(style),
        policy=policy(style),
        logo=logo(look),
        dated=dated(clean.period).isoformat(),
    )
    return text.lstrip().encode()


def _chart(block: Block, look: Look, language: str) -> Markup:
    draw = CHARTS.get(type(block))
    return Markup(draw(block, look, language, HALF) if draw else "")


@lru_cache(maxsize=4)
def _environment(look: Look) -> Environment:
    env = environment(look.templates / "html")
    brand = look.brand
    env.globals.update(brand=brand, colours=brand.colours, fonts=brand.fonts, languages_of=languages_of)
    return env
