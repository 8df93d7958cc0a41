"""A document that is too long, too small, cut, or names nobody is told with its pack and place."""

from __future__ import annotations

import io
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation
from pptx.util import Pt

from opti_reports.check import templates
from opti_reports.messages.sentences import sentence
from opti_reports.model.card import Card, Cards, Spark
from opti_reports.model.pack import Column, Pack, Section, Table, Text
from opti_reports.render import rules
from opti_reports.render.pdf import paged
from opti_reports.render.pptx import render_pptx
from tests.extracts.shipped import configs
from tests.render import fixture

CARD = Card(
    tone="off", badge="", message="Aamulla jonotetaan", why="", value="44 %", compared="", note="",
    spark=Spark((), None, ""), action="Sopimatta", agreed=False, role="osastonhoitaja",
)  # fmt: skip


def table(rows: int, words: str = "rivi") -> Table:
    cells = tuple((f"{words} {at}", str(at)) for at in range(rows))
    return Table(caption="Taulu", columns=(Column("Nimi"), Column("Luku", True)), rows=cells, empty="")


def told(pack: Pack, most: int | None = None, content: bytes | None = None) -> list[str]:
    made = content or render_pptx(pack, fixture.look())
    return [sentence(one) for one in rules.of_slides(pack, most, made)]


def edited(pack: Pack, change: Any) -> bytes:
    deck = Presentation(io.BytesIO(render_pptx(pack, fixture.look())))
    change(deck)
    buffer = io.BytesIO()
    deck.save(buffer)
    return buffer.getvalue()


def deck(*sections: Section) -> Pack:
    return fixture.a_pack(sections)


def test_a_deck_as_it_is_made_breaks_nothing() -> None:
    charts = (fixture.trend(0), fixture.bars(0), fixture.stacked(), fixture.funnel())
    body = Section(id="s", title="Osa", blocks=(table(4), fixture.metric_table(3), *charts, Text(("Sana",))))
    assert told(deck(fixture.opening(), body), 20) == []


def test_slides_beyond_the_pack_s_length_are_told_with_the_first_of_them() -> None:
    pack = deck(
        *(Section(id=f"s{at}", title=f"Osa {at}", blocks=(table(9),)) for at in range(3)),
        Section(id="l", title="Liite", blocks=(table(60),), appendix=True),
    )
    assert told(pack, 3) == []
    (said,) = told(pack, 2)
    assert said == (
        f"{pack.name}: 3 pages or slides before the appendix, at most 2 are planned; 'Osa 2 – Taulu' is "
        "beyond them"
    )


@pytest.mark.parametrize(("aside", "found"), [(False, 1), (True, 0)])
def test_small_text_is_told_before_the_appendix_only(aside: bool, found: int) -> None:
    pack = deck(Section(id="s", title="Osa", blocks=(table(3),), appendix=aside))

    def smaller(opened: Any) -> None:
        shapes = [shape for shape in opened.slides[-1].shapes if shape.has_table]
        shapes[0].table.cell(1, 0).text_frame.paragraphs[0].runs[0].font.size = Pt(11)

    said = told(pack, content=edited(pack, smaller))
    assert len(said) == found
    assert all(
        "text of 11 points, at least 14 are needed before the appendix: 'rivi 0'" in one for one in said
    )


def test_small_words_in_a_chart_and_of_a_layout_are_told() -> None:
    pack = deck(Section(id="s", title="Osa", blocks=(fixture.bars(0),)))

    def smaller(opened: Any) -> None:
        (chart,) = (shape.chart for shape in opened.slides[0].shapes if shape.has_chart)
        chart.category_axis.tick_labels.font.size = Pt(9)

    assert "text of 9 points" in told(pack, content=edited(pack, smaller))[0]


def test_a_title_that_does_not_fit_two_lines_is_told() -> None:
    long = "Yhteydensaanti heikkeni " * 20
    (said,) = told(deck(Section(id="s", title="Osa", blocks=(table(3),), message=long.strip())))
    assert "the title of slide 1 is cut, it has two lines: 'Yhteydensaanti" in said


def test_a_cell_that_is_cut_is_told() -> None:
    (said,) = told(deck(Section(id="s", title="Osa", blocks=(table(1, "sana " * 400),))))
    assert "slide 1 has 1 cell(s) whose text is cut: 'sana" in said


def test_a_card_without_a_role_is_told() -> None:
    cards = Cards("Päätettävä", (CARD, replace(CARD, role="", message="Palaute odottaa")), "")
    (said,) = map(sentence, rules.of_pack(deck(Section(id="s", title="Osa", blocks=(cards,)))))
    assert said.endswith("a card of 'Päätettävä' does not say whose move it is: 'Palaute odottaa'")


def test_pages_beyond_the_pack_s_length_are_told_with_their_section() -> None:
    pack = fixture.a_pack(
        (
            Section(id="a", title="Eka", blocks=(table(5),)),
            Section(id="b", title="Toka", blocks=(table(5),), own_page=True),
            Section(id="c", title="Liite", blocks=(table(5),), own_page=True, appendix=True),
        )
    )
    made = paged(pack, fixture.look())
    assert (made.count, made.sections) == (3, {"a": 0, "b": 1, "c": 2})
    assert list(rules.of_pages(pack, 2, made.sections, made.count)) == []
    (said,) = map(sentence, rules.of_pages(pack, 1, made.sections, made.count))
    assert said.endswith(
        "2 pages or slides before the appendix, at most 1 are planned; 'Toka' is beyond them"
    )


def test_opti_check_names_small_text_of_a_layout(tmp_path: Path) -> None:
    shutil.copytree(fixture.look().templates, tmp_path / "templates")
    base = tmp_path / "templates/pptx/base.pptx"
    opened: Any = Presentation(str(base))
    (layout,) = (one for one in opened.slide_layouts if one.name == "Tilanne")
    (under,) = (one for one in layout.placeholders if one.name == "Alaotsikko")
    (look,) = under._element.xpath(".//a:lvl1pPr/a:defRPr")
    look.set("sz", "1000")
    opened.save(str(base))
    found = [sentence(fault.said) for fault in templates.faults(configs(), tmp_path / "templates")]
    assert len(found) == 1
    assert "text of 10 points, at least 14 are needed before the appendix" in found[0]
    assert found[0].startswith("templates/pptx: ")
