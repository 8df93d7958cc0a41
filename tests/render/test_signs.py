"""Signs that the fonts lack: a box in every format, no pack fails, and the run names them once."""

from __future__ import annotations

import dataclasses
import io
import re

import pypdfium2
from pptx import Presentation

from opti_reports.messages.sentences import sentence
from opti_reports.model.pack import Section, Text
from opti_reports.render.pdf import render_pdf
from opti_reports.render.pptx import render_pptx
from opti_reports.stages.outcomes import boxed
from tests.render import fixture

SAID = "Viisi tähteä ⭐⭐ ✅ 👍🏽 ไทย हिन्दी ★ ✓ kiitos"
SHOWN = "Viisi tähteä □□ □ □ □□□ □□□ ★ ✓ kiitos"
PACK = fixture.a_pack((Section(id="palaute", title="Palaute", blocks=(Text((SAID,)),)),))


def test_a_pdf_is_made_with_a_box_for_each_sign() -> None:
    document = pypdfium2.PdfDocument(render_pdf(PACK, fixture.look()))
    text = " ".join(page.get_textpage().get_text_range() for page in document)
    assert SHOWN in re.sub(r"\s+", " ", text)


def test_a_deck_has_the_same_boxes() -> None:
    deck = Presentation(io.BytesIO(render_pptx(PACK, fixture.look())))
    texts = [shape.text_frame.text for slide in deck.slides for shape in slide.shapes if shape.has_text_frame]
    assert any(SHOWN in text for text in texts)


def test_the_run_names_each_sign_once_with_the_packs_that_hold_it() -> None:
    other = dataclasses.replace(PACK, org="lohja")
    quiet = fixture.a_pack((Section(id="a", title="Åäö “š” – € ★", blocks=()),))
    assert boxed((quiet,)) == ()
    line = sentence(*boxed((PACK, other, quiet)))
    assert line.startswith("signs that the fonts lack are shown as □: U+0926 devanagari letter da in ")
    assert "; U+2B50 white medium star in unit/espoonlahti.fi and 1 more; " in f"{line}; "
