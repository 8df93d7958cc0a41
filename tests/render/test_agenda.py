"""A topic's slide: its chart on the left, beside it what there is to decide, in text that a room reads."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from pptx import Presentation

from opti_reports.check.samples import CARD
from opti_reports.model.card import Agenda, Remark
from opti_reports.model.pack import Block, Section
from opti_reports.render.pdf import render_html
from opti_reports.render.pptx import render_pptx
from tests.render import fixture

NAME = "Päätettävää: yhteydensaanti"
MATTER = replace(
    CARD,
    message="Yhteyden sai 76,7 %",
    brief="Leppävaara 74 %. Jatkunut kesäkuusta 2026 alkaen.",
    action="Toimenpide sopimatta",
    role="Johtava ylilääkäri",
)
AGENDA = Agenda(caption=NAME, items=(MATTER,), empty="Ei päätettävää.", more="Lisäksi: T3.")
UNSEEN = replace(fixture.trend(0), lines=(), note="Salattu: alle viisi tapausta.")


def slides(*blocks: Block) -> list[Any]:
    section = Section(id="s", title="Saatavuus", blocks=blocks)
    return list(Presentation(io.BytesIO(render_pptx(fixture.a_pack((section,)), fixture.look()))).slides)


def words(slide: Any) -> Any:
    """The shape with what there is to decide."""
    return next(one for one in slide.shapes if one.has_text_frame and one.text_frame.text.startswith(NAME))


def sizes(slide: Any) -> set[float]:
    return {run.font.size.pt for part in words(slide).text_frame.paragraphs for run in part.runs}


def test_one_chart_and_the_decision_beside_it_share_a_slide() -> None:
    (slide,) = slides(fixture.trend(0), AGENDA)
    (chart,) = [shape for shape in slide.shapes if shape.has_chart]
    said = words(slide)
    assert 0.5 < chart.width / (said.left + said.width - chart.left) < 0.65
    assert said.left >= chart.left + chart.width
    assert sizes(slide) == {18.0}
    assert [part.text for part in said.text_frame.paragraphs] == [
        NAME,
        "▲ Yhteyden sai 76,7\u00a0%",
        "Leppävaara 74\u00a0%. Jatkunut kesäkuusta 2026 alkaen.",
        "Toimenpide sopimatta: Johtava ylilääkäri",
        "Lisäksi: T3.",
    ]


def test_it_is_read_after_the_chart_and_its_note() -> None:
    (slide,) = slides(fixture.trend(0), AGENDA)
    names = [shape.name for shape in slide.shapes]
    chart = next(at for at, shape in enumerate(slide.shapes) if shape.has_chart)
    note = next(at for at, name in enumerate(names) if fixture.trend(0).note.startswith(name))
    assert names[0] == "Otsikko"
    assert names[1] == names[chart], "the heading has the chart's name"
    assert chart < note < names.index(NAME)


def test_what_may_be_said_of_it_is_in_the_notes() -> None:
    (slide,) = slides(fixture.trend(0), AGENDA)
    assert "Yhteyden sai 76,7\u00a0%. x" in slide.notes_slide.notes_text_frame.text


def test_spare_lines_go_before_text_becomes_smaller_and_what_is_to_be_done_stays() -> None:
    long = replace(MATTER, brief="Leppävaara 74 %, Kilo 75 %, Suurpelto 76 %. " * 3)
    (slide,) = slides(
        fixture.trend(0), replace(AGENDA, items=(long, long), also=(Remark("good", "x " * 60, ""),))
    )
    said = words(slide).text_frame.text
    assert sizes(slide) == {18.0}
    assert said.count("Toimenpide sopimatta: Johtava ylilääkäri") == 2
    assert said.count("Kilo") == 3, "of the second matter the units have gone"
    assert "Lisäksi: T3." in said


def test_text_is_no_smaller_than_16_points_and_what_does_not_fit_has_a_slide_of_its_own() -> None:
    matters = tuple(replace(MATTER, message="Yhteyden sai liian harva soittaja " * 4) for _ in range(4))
    chart, alone = slides(fixture.trend(0), replace(AGENDA, items=matters))
    assert [shape.has_chart for shape in chart.shapes].count(True) == 1
    assert words(alone).text_frame.text.count("Johtava ylilääkäri") == 4
    three = slides(fixture.trend(0), replace(AGENDA, items=matters[:3]))
    assert len(three) == 2 or min(sizes(three[0])) >= 16


def test_without_a_chart_the_words_stand_alone() -> None:
    (slide,) = slides(AGENDA)
    assert not [shape for shape in slide.shapes if shape.has_chart]
    assert words(slide).width > 800 * 12700


def test_where_the_chart_is_withheld_that_is_said_and_the_words_stand_alone() -> None:
    (slide,) = slides(UNSEEN, AGENDA)
    assert "Salattu: alle viisi tapausta." in " ".join(
        shape.text_frame.text for shape in slide.shapes if shape.has_text_frame
    )
    assert words(slide).width > 800 * 12700


def test_of_two_charts_the_last_stands_beside_the_words() -> None:
    first, second = slides(fixture.trend(0), fixture.bars(0), AGENDA)
    assert first.slide_layout.name == "Kaavio"
    assert [shape.name for shape in second.shapes if shape.has_chart] == [fixture.bars(0).title]
    assert words(second)


@pytest.mark.parametrize("items", [(MATTER,), ()])
def test_a_page_has_them_as_cards(items: tuple[Any, ...]) -> None:
    said = replace(AGENDA, items=items, also=(Remark("good", "Paransi tulosta.", ""),))
    pack = fixture.a_pack((Section(id="s", title="x", blocks=(said,)),))
    html = render_html(replace(pack, words=pack.words | {"action": "Toimenpide"}), fixture.look())
    assert ("Yhteyden sai 76,7 %" if items else "Ei päätettävää.") in html
    assert "Paransi tulosta." in html
