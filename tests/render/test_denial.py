"""A document that reaches outside its templates, or that the layout engine warns about, is not delivered."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest

from opti_reports.errors import OptiError, PackError
from opti_reports.model.look import Look
from opti_reports.render.pdf import render_pdf
from opti_reports.render.pptx import render_pptx
from tests.render import fixture

PACK = fixture.a_pack((fixture.ordinary(0),))


@pytest.fixture(autouse=True)
def weasyprint_is_silent() -> None:
    """Here its warnings are what is tested."""


@pytest.fixture
def look(tmp_path: Path) -> Look:
    shutil.copytree(fixture.ROOT / "templates", tmp_path / "templates")
    return Look(fixture.look().brand, tmp_path / "templates")


def add(look: Look, markup: str, template: str = "pdf/pack.html.j2", before: str = "</body>") -> None:
    path = look.templates / template
    path.write_text(path.read_text(encoding="utf-8").replace(before, markup + before), encoding="utf-8")


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="http://127.0.0.1:9/a.png" alt="a"/>',
        '<img src="../../etc/passwd" alt="a"/>',
        '<img src="file:///etc/hostname" alt="a"/>',
        '<img src="data:image/png;base64,AAAA" alt="a"/>',
        '<link rel="attachment" href="file:///etc/hostname"/>',
        '<link rel="stylesheet" href="http://127.0.0.1:9/a.css"/>',
        '<svg width="9" height="9"><title>a</title><image href="file:///etc/hostname" width="9"/></svg>',
        '<p style="background: url(http://127.0.0.1:9/a.png)">a</p>',
    ],
)
def test_whatever_is_outside_the_bundle_fails_the_pack(look: Look, markup: str) -> None:
    add(look, markup)
    with pytest.raises(PackError, match="asked for something outside its templates: ") as caught:
        render_pdf(PACK, look)
    assert caught.value.where == "unit/espoonlahti.fi"


def test_a_logo_of_the_bundle_is_shown(look: Look) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><path d="M0 0h40v20H0z"/></svg>'
    (look.templates / "logo.svg").write_text(svg, encoding="utf-8")
    with_logo = dataclasses.replace(look, brand=dataclasses.replace(look.brand, logo="logo.svg"))
    assert len(render_pdf(PACK, with_logo)) > len(render_pdf(PACK, look))


def test_a_warning_fails_the_pack(look: Look) -> None:
    add(look, '<p style="colour: red">a</p>')
    with pytest.raises(PackError, match=r"the layout engine warned: .*colour"):
        render_pdf(PACK, look)


def test_a_broken_template_is_named(look: Look) -> None:
    add(look, "{% if %}")
    with pytest.raises(
        PackError, match=r"^templates/pdf/pack\.html\.j2, line \d+: the template cannot be filled"
    ):
        render_pdf(PACK, look)


def test_missing_templates_are_named(tmp_path: Path) -> None:
    look = Look(fixture.look().brand, tmp_path / "nowhere")
    with pytest.raises(PackError, match="the templates folder is missing"):
        render_pdf(PACK, look)
    with pytest.raises(PackError, match="the base file of the slides is missing"):
        render_pptx(PACK, look)


def test_an_unknown_slide_element_is_named(look: Look) -> None:
    add(look, "<picture/>", "pptx/pack.xml.j2", "</section>")
    with pytest.raises(
        PackError, match=r"<picture> is not a slide element\n  use one of agenda, bars, definition"
    ):
        render_pptx(PACK, look)


@pytest.mark.parametrize(
    ("markup", "message"),
    [("<deck>", "not well-formed"), ("<!DOCTYPE deck [<!ENTITY a 'b'>]>", "declares a document type")],
)
def test_bad_slide_markup_is_refused(look: Look, markup: str, message: str) -> None:
    add(look, markup, "pptx/pack.xml.j2", "<deck>")
    with pytest.raises(PackError, match=message):
        render_pptx(PACK, look)


def test_a_base_file_without_a_layout_is_named(look: Look) -> None:
    from pptx import Presentation

    base = look.templates / "pptx" / "base.pptx"
    deck = Presentation(str(base))
    next(layout for layout in deck.slide_layouts if layout.name == "Taulukko").name = "Table"
    deck.save(str(base))
    with pytest.raises(PackError, match="there is no layout named 'Taulukko'"):
        render_pptx(PACK, look)


def test_a_colour_that_is_none_is_refused() -> None:
    colours = fixture.look().brand.colours
    with pytest.raises(OptiError, match=r"colours\.accent: 'red;\}' is not a colour"):
        dataclasses.replace(colours, accent="red;}")
