"""The deck as office programs and screen readers take it: schemas, titles, words, order, languages."""

from __future__ import annotations

import dataclasses
import io

from pptx import Presentation
from pptx.oxml.ns import qn

from opti_reports.model.pack import Section
from opti_reports.render.pptx import render_pptx
from tests.render import fixture
from tests.render.deck_faults import deck_faults
from tests.render.hostile import hostile_pack


def test_every_kind_of_block_is_valid_and_accessible(deck: bytes) -> None:
    assert deck_faults(deck) == []


def test_hostile_words_leave_it_valid_and_accessible() -> None:
    assert deck_faults(render_pptx(hostile_pack(), fixture.look())) == []


def test_faults_are_found() -> None:
    section = Section(id="s", title="Osa", blocks=(fixture.metric_table(1), fixture.trend(0)))
    made = Presentation(io.BytesIO(render_pptx(fixture.a_pack((section, section)), fixture.look())))
    for slide in made.slides:
        slide.shapes.title.text_frame.paragraphs[0].runs[0].text = "Sama"
        for shape in slide.shapes:
            if shape.has_chart:
                shape._element.nvGraphicFramePr.cNvPr.set("descr", "")
            if shape.has_table:
                shape.table.first_row = False
                shape.left = -1
        for properties in slide._element.iter(qn("a:rPr")):
            properties.attrib.pop("lang", None)
    buffer = io.BytesIO()
    made.save(buffer)
    found = "\n".join(deck_faults(buffer.getvalue()))
    for fault in (
        "2 slides are called 'Sama'",
        "has no words",
        "has no header row",
        "leaves the slide",
        "has no language",
        "its entries tell when it was written",
    ):
        assert fault in found


def test_words_in_another_language_say_so() -> None:
    table = dataclasses.replace(fixture.register(2), languages=((0, 0, "sv"),))
    made = render_pptx(fixture.a_pack((Section(id="s", title="Osa", blocks=(table,)),)), fixture.look())
    (slide,) = Presentation(io.BytesIO(made)).slides
    (shown,) = (shape.table for shape in slide.shapes if shape.has_table)
    spoken = [shown.cell(row, 0).text_frame.paragraphs[0].runs[0]._r.rPr.get("lang") for row in range(3)]
    assert spoken == ["fi-FI", "sv-FI", "fi-FI"]
