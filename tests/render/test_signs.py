"""Icons and marks: told apart without colours, in words for those who do not see them, on page and slide."""

from __future__ import annotations

import dataclasses
import io
import re
from typing import Any, get_args

import pytest
from lxml import etree
from pptx import Presentation
from pptx.enum.chart import XL_MARKER_STYLE

from opti_reports.model.charts import Trend
from opti_reports.model.pack import MetricTable, Section, Sign, Spark
from opti_reports.model.spc import Assurance, Reading
from opti_reports.render.charts.trend import draw_trend
from opti_reports.render.environment import SIGNS
from opti_reports.render.pdf import render_html
from opti_reports.render.pptx import render_pptx
from tests.render import fixture

LOOK = fixture.look()
COLOURS = LOOK.brand.colours
CODES = ("common_cause", *get_args(Reading), *get_args(Assurance))


def table(*signs: Sign) -> MetricTable:
    rows = tuple(
        dataclasses.replace(fixture.metric_row(1, f"Mittari {at}"), variation=sign, assurance=None)
        for at, sign in enumerate(signs)
    )
    return MetricTable("Taulu", fixture.HEADS, rows, "Vaihtelu" if signs else "", signs)


def html_of(*blocks: Any) -> etree._Element:
    return etree.fromstring(render_html(fixture.a_pack((Section("osa", "Osa", blocks),)), LOOK).encode())


def slides(*blocks: Any) -> Any:
    made = render_pptx(fixture.a_pack((Section("osa", "Osa", blocks),)), LOOK)
    return Presentation(io.BytesIO(made)).slides


def test_every_code_has_a_sign_and_no_two_are_alike() -> None:
    assert set(SIGNS) == set(CODES)
    assert len(set(SIGNS.values())) == len(SIGNS)


def test_every_icon_has_a_drawing_of_its_own_without_colours_and_its_words_as_title() -> None:
    page = html_of(table(*(Sign(code, f"sanat {code}") for code in CODES)))
    icons = [icon for cell in page.iter("td") for icon in cell.iter("svg") if icon.get("class") == "icon"]
    assert [icon.findtext("title") for icon in icons] == [f"sanat {code}" for code in CODES]
    drawings = set()
    for icon in icons:
        shapes = [
            (shape.tag, {k: v for k, v in shape.attrib.items() if k not in ("fill", "stroke")},
             shape.get("fill") in (None, "none", COLOURS.paper))
            for shape in icon if shape.tag != "title"
        ]  # fmt: skip
        drawings.add(repr(shapes))
    assert len(drawings) == len(CODES)


def test_the_key_explains_the_icons_and_a_table_without_any_has_no_column_for_them() -> None:
    page = html_of(table(Sign("pass", "Täyttyy."), Sign("concern_low", "Huonompaan.")))
    (key,) = (p for p in page.iter("p") if p.get("class") == "key" and p.find("svg") is not None)
    said = re.sub(r"\s+", " ", "".join(str(part) for part in key.itertext()).replace("\u00a0", " ")).strip()
    assert said == "Täyttyy. Täyttyy. Huonompaan. Huonompaan."  # each icon's title, then its words
    assert "Vaihtelu" in [head.text for head in page.iter("th")]
    plain = html_of(table())
    assert "Vaihtelu" not in [head.text for head in plain.iter("th")]


def test_a_slide_shows_signs_explains_them_and_says_them_in_the_tables_alternative_text() -> None:
    (slide,) = slides(table(Sign("concern_low", "Muutos huonompaan."), Sign("pass", "Tavoite täyttyy.")))
    (frame,) = (shape for shape in slide.shapes if shape.has_table)
    rows = [[cell.text_frame.text for cell in row.cells] for row in frame.table.rows]
    at = rows[0].index("Vaihtelu")
    assert [row[at] for row in rows[1:]] == ["↓■", "+"]
    notes = " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
    assert "↓■\u00a0Muutos huonompaan." in notes
    assert "Mittari 0 (Muutos huonompaan.)" in frame._element.nvGraphicFramePr.cNvPr.get("descr")


def flagged(values: tuple[float | None, ...], *flags: tuple[int, str]) -> Trend:
    chart = fixture.trend(0)
    lines = (*chart.lines[:-1], dataclasses.replace(chart.lines[-1], values=values))
    return dataclasses.replace(chart, lines=lines, marks=(), low=None, high=None, flags=flags)


FULL = tuple(70.0 + at % 5 for at in range(24))
GAP: tuple[float | None, ...] = (*FULL[:-1], None)


def points(series: Any) -> dict[int, Any]:
    return {int(point.find("{*}idx").get("val")): point for point in series._element.iter("{*}dPt")}


def test_signals_on_a_slide_are_squares_for_concern_and_large_dots_else() -> None:
    readings = ((2, "improvement_high"), (4, "concern_low"), (6, "neutral_high"))
    (slide,) = slides(flagged(FULL, *readings))
    chart = next(shape.chart for shape in slide.shapes if shape.has_chart)
    main = next(series for series in chart.plots[0].series if series.name == "yksikkö")
    assert set(points(main)) >= {2, 4, 6}
    styles = {at: main.points[at].marker.style for at in (2, 4, 6)}
    assert styles == {
        2: XL_MARKER_STYLE.CIRCLE,
        4: XL_MARKER_STYLE.SQUARE,
        6: XL_MARKER_STYLE.CIRCLE,
    }
    fills = [str(main.points[at].marker.format.fill.fore_color.rgb).lower() for at in (2, 4, 6)]
    assert fills == [colour[1:] for colour in (COLOURS.good, COLOURS.concern, COLOURS.muted)]


def newest_dots(chart: Trend) -> tuple[list[float], dict[str, tuple[float, float]]]:
    sheet = etree.fromstring(draw_trend(chart, LOOK, "fi", 244, 96).encode())
    texts = {
        element.text or "": (float(element.get("x", "")), float(element.get("y", "")))
        for element in sheet.iter("{*}text")
    }
    return [float(dot.get("cx", "")) for dot in sheet.iter("{*}circle")], texts


def test_a_withheld_newest_month_has_no_dot_and_its_word_stands_at_the_foot_of_the_month() -> None:
    chart = dataclasses.replace(flagged(GAP), latest="suojattu")
    dots, texts = newest_dots(chart)
    assert dots == []
    assert texts["suojattu"][1] > max(y for text, (_, y) in texts.items() if "palvelu" in text)
    bottom = texts[chart.labels[-1]][1]
    assert 0 < bottom - texts["suojattu"][1] < 20
    shown, texts = newest_dots(flagged(FULL))
    assert len(shown) == 1
    assert flagged(FULL).latest in texts


def test_a_line_without_any_figure_beside_one_with_figures_still_says_why() -> None:
    chart = dataclasses.replace(flagged((None,) * 24), latest="suojattu")
    assert "suojattu" in newest_dots(chart)[1]


@pytest.mark.parametrize("values", [GAP, (None,) * 24])
def test_a_slide_labels_no_older_point_with_the_word_of_a_withheld_month(
    values: tuple[float | None, ...],
) -> None:
    (slide,) = slides(dataclasses.replace(flagged(values), latest="suojattu"))
    chart = next(shape for shape in slide.shapes if shape.has_chart)
    xml = etree.tostring(chart.chart._chartSpace, encoding="unicode")
    assert "suojattu" not in xml
    (word,) = (s for s in slide.shapes if s.has_text_frame and s.text_frame.text == "suojattu")
    assert word.left > chart.left + chart.width * 0.6
    assert chart.top + chart.height / 2 < word.top < chart.top + chart.height


@pytest.mark.parametrize(
    ("values", "dots"),
    [
        ((3.0,), 1),
        ((5.0, 5.0, 5.0), 1),
        ((1e15, -1e15, 0.0), 1),
        ((-3.0, None, -4.0), 1),
        ((3.0, 4.0, None), 0),
        ((None, None), 0),
    ],
    ids=["one", "equal", "huge", "gap", "withheld_newest", "withheld"],
)
def test_a_sparkline_of_extreme_values_ends_with_a_dot_only_at_the_newest_month(
    values: tuple[float | None, ...], dots: int
) -> None:
    row = dataclasses.replace(
        fixture.metric_row(1, "Mittari"), spark=Spark(values, None, "sanoin"), variation=None, assurance=None
    )
    page = html_of(MetricTable("Taulu", fixture.HEADS, (row,)))
    drawn = [svg for svg in page.iter("svg") if svg.get("class") == "spark"]
    assert len(drawn) == any(value is not None for value in values)
    for svg in drawn:
        text = etree.tostring(svg, encoding="unicode")
        assert not re.search(r"nan|inf\b", text)
        assert text.count("<circle") == dots
        assert all(0 <= float(y) <= 14 for y in re.findall(r"[ML]-?[\d.]+ (-?[\d.]+)", text))
