"""Pictures of a page: what is drawn here, and what is left to the layout engine."""

from __future__ import annotations

import io
import shutil
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pypdfium2
import pytest
from weasyprint.text.fonts import FontConfiguration

from opti_reports.model.look import Look
from opti_reports.render import parsed
from opti_reports.render.charts.trend import draw_trend
from opti_reports.render.pdf import render_pdf
from opti_reports.render.pictures import Word, picture_of
from tests.render import fixture

FONTS = FontConfiguration()
HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 14"'


def parts(inside: str, head: str = HEAD) -> tuple[str | Word, ...] | None:
    found = picture_of(ElementTree.fromstring(f"{head}><title>a</title>{inside}</svg>"), FONTS)
    return found.parts if found else None


def test_lines_areas_dots_and_words_are_drawn_here() -> None:
    dashes = 'stroke="#ff0000" stroke-dasharray="2 1.5" stroke-linecap="round" fill="none"'
    found = parts(
        f'<path d="M2 5h0.01L8.2 3l1 -1v4" {dashes}/><path d="M1 1 h4 v4 z" fill="#0000ff"/>'
        '<circle cx="5" cy="6" r="2" fill="none" stroke="#000000"/>'
        '<text x="7" y="8" font-size="6.5" text-anchor="end" font-weight="600"> 12 % </text>'
    )
    assert found is not None
    line, area, dot, word = found
    assert str(line).splitlines()[-6:] == ["2 5 m", "2.01 5 l", "8.2 3 l", "9.2 2 l", "9.2 6 l", "S"]
    assert "[2 1.5] 0 d" in str(line)
    assert str(area).splitlines()[-2:] == ["h", "f"]
    assert str(dot).count(" c") == 4
    assert isinstance(word, Word)
    assert (word.text, word.place, word.part, word.weight) == ("12 %", (7, 8), 1, 600)


@pytest.mark.parametrize(
    "inside",
    [
        '<rect width="4" height="4"/>',
        '<path d="M0 0a4 4 0 0 1 2 2"/>',
        '<path d="M0 0h4" transform="scale(2)"/>',
        '<path d="M0 0h4" fill="url(#a)"/>',
        '<g><path d="M0 0h4"/></g>',
        '<text x="1" y="1">x</text>',
        '<text x="1" y="1" font-size="6"><tspan>x</tspan></text>',
        '<circle cx="10%" cy="1" r="2"/>',
    ],
)
def test_anything_else_is_left_to_the_layout_engine(inside: str) -> None:
    assert parts(inside) is None
    assert parts('<path d="M0 0h4"/>', HEAD.replace("0 0 80", "1 0 80")) is None


def test_every_chart_is_drawn_here() -> None:
    svg = draw_trend(fixture.trend(1), fixture.look(), "fi", 200)
    assert picture_of(ElementTree.fromstring(svg), FONTS) is not None


def test_a_page_looks_as_the_layout_engine_draws_it(monkeypatch: pytest.MonkeyPatch) -> None:
    pack = fixture.a_pack((fixture.ordinary(0),))
    here = page(render_pdf(pack, fixture.look()))
    monkeypatch.setattr(parsed, "picture_of", lambda *_: None)
    unlike = abs(here - page(render_pdf(pack, fixture.look()))).max(axis=2) > 96
    assert unlike.mean() < 0.001


def page(made: bytes) -> Any:
    return pypdfium2.PdfDocument(made)[0].render(scale=2).to_numpy().astype(int)


def test_footnotes_of_a_style_sheet_are_known(tmp_path: Path) -> None:
    shutil.copytree(fixture.ROOT / "templates", tmp_path / "templates")
    style, page = (tmp_path / "templates/pdf" / name for name in ("pack.css.j2", "pack.html.j2"))
    style.write_text(style.read_text() + ".foot { float: footnote }")
    page.write_text(page.read_text().replace("</body>", '<p>a<span class="foot">alaviite</span></p></body>'))
    made = render_pdf(
        fixture.a_pack((fixture.ordinary(0),)), Look(fixture.look().brand, tmp_path / "templates")
    )
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(io.BytesIO(made)))
    assert "alaviite" in text
