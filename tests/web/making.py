"""Web pages of a tiny organisation, and questions to their HTML."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from lxml import html

from opti_reports.messages.message import message
from opti_reports.model.look import Look
from opti_reports.model.page import MonthFiles, Page
from opti_reports.packs.material import Material
from opti_reports.packs.page import page
from opti_reports.render.page import render_page
from tests.packs import fixture
from tests.packs.world import configs

ROOT = Path(__file__).resolve().parents[2]
LOOK = Look(configs().brand.brand(), ROOT / "templates")
MADE = MonthFiles(
    ("packs/katsaus/etela.fi.pptx", "packs/yksikko/metsa.sv.pdf", "packs/yksikko/ranta.fi.pdf"),
    {"packs/yksikko/kallio.fi.pdf": message("render.template", why="x")},
    ("packs/yksikko/metsa.sv.pdf",),
    ("rejects/puhelut.csv",),
)


def material(*changed: Any, **more: Any) -> Material:
    """The ordinary month with a signal for the worse at one unit."""
    signals = {("access_pct", "ranta"): fixture.signal("access_pct", "ranta", {0: "concern_low"})}
    return fixture.material(*changed, **({"signals": signals} | more))


def content(found: Material | None = None, language: str = "fi", made: MonthFiles = MADE) -> Page:
    """What the page says."""
    return page(found or _usual(), language, made)


@cache
def _usual() -> Material:
    return material()


def document(made: Page) -> Any:
    """The page as a browser reads it."""
    return html.document_fromstring(render_page(made, LOOK).decode())


def text(element: Any) -> str:
    """An element's words in one line, cells and the like set apart."""
    apart = re.sub(r"</(?:td|th|small|span|li)>", r"\g<0> ", html.tostring(element, encoding="unicode"))
    whole: Any = html.document_fromstring(f"<div>{apart}</div>")
    return " ".join(whole.text_content().split()).replace(" ,", ",")
