"""The deck: its outline, and that it is editable, accessible, safe and the same every time."""

from __future__ import annotations

import dataclasses
import io
import itertools
import re
import zipfile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from pptx import Presentation
from pptx.enum.dml import MSO_FILL
from python_calamine import CalamineWorkbook
from syrupy.assertion import SnapshotAssertion

from opti_reports.model.charts import Bar, Line, Mark
from opti_reports.model.pack import Block, Column, MetricTable, Section, Table, Text
from opti_reports.render.pptx import render_markup, render_pptx
from opti_reports.render.slides.flow import APPENDIX, BODY, Room, Slide, flow
from opti_reports.render.slides.grid import heights
from opti_reports.render.slides.markup import read_markup
from opti_reports.render.slides.parts import Words
from tests.render import fixture
from tests.render.hostile import hostile_pack, sha, sha_elsewhere
from tests.render.test_pdf import FRAGMENTS


def small(width: float, height: float) -> Room:
    """A room of an appendix's sizes of text."""
    return Room(width, height, APPENDIX)


LAYOUTS = ("Tilanne", "Taulukko", "Teksti", "Kaavio", "Kaaviot")
ROOMS = dict.fromkeys(LAYOUTS, small(888.0, 360.0))


def opened(deck: bytes) -> Any:
    return Presentation(io.BytesIO(deck))


def outline(deck: bytes) -> list[str]:
    """A line a slide: layout, title, and what is on it."""
    lines = []
    for slide in opened(deck).slides:
        parts = []
        for shape in slide.shapes:
            if shape.has_chart:
                parts.append(f"{shape.chart.chart_type.name.lower()} × {len(list(shape.chart.series))}")
            elif shape.has_table:
                parts.append(f"table {len(shape.table.rows)} × {len(shape.table.columns)}")
        notes = len(slide.notes_slide.notes_text_frame.paragraphs) if slide.has_notes_slide else 0
        title = slide.shapes.title.text_frame.text
        lines.append(f"{slide.slide_layout.name} | {title} | {', '.join(parts)} | notes {notes}")
    return lines


def test_outline(deck: bytes, snapshot: SnapshotAssertion) -> None:
    assert outline(deck) == snapshot


def test_markup(snapshot: SnapshotAssertion) -> None:
    blocks = (fixture.metric_table(1), fixture.register(1), fixture.pareto())
    assert (
        render_markup(fixture.a_pack((Section(id="osa", title="Osa", blocks=blocks),)), fixture.look())
        == snapshot
    )


@pytest.mark.parametrize("name", sorted(set(FRAGMENTS) - {"metric_table", "table", "bars"}))
def test_markup_of_a_block(name: str, snapshot: SnapshotAssertion) -> None:
    made = render_markup(
        fixture.a_pack((Section(id="osa", title="Osa", blocks=(FRAGMENTS[name],)),)), fixture.look()
    )
    inside = made.split('<section title="Osa">')[1].split("</section>")[0]
    assert re.sub(r"\n\s*", "\n", inside).strip() == snapshot


def test_titles_are_unique_and_every_slide_is_footed(deck: bytes) -> None:
    slides = list(opened(deck).slides)
    titles = [slide.shapes.title.text_frame.text for slide in slides]
    assert len(set(titles)) == len(titles)
    for number, slide in enumerate(slides, start=1):
        texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        assert str(number) in texts
        assert "ENNAKKO" in texts
        assert "unit/espoonlahti · elokuu 2026" in texts
        assert not [
            shape.name for shape in slide.placeholders if shape.has_text_frame and not shape.text_frame.text
        ]


def test_charts_and_tables_have_words_for_those_who_do_not_see_them(deck: bytes) -> None:
    for slide in opened(deck).slides:
        for shape in slide.shapes:
            if shape.has_chart or shape.has_table:
                assert shape._element.nvGraphicFramePr.cNvPr.get("descr"), shape.name
            if shape.has_table:
                assert shape.table.first_row
        ids = slide._element.xpath("//p:cNvPr/@id")
        assert len(set(ids)) == len(ids)


def test_everything_lies_on_the_slide_above_the_footer(deck: bytes) -> None:
    made = opened(deck)
    for slide in made.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= made.slide_width
            if shape.has_table:
                assert shape.top + shape.height <= 12700 * 504, slide.shapes.title.text_frame.text


def test_runs_have_a_language(deck: bytes) -> None:
    for slide in opened(deck).slides:
        for run in slide._element.iter("{*}r"):
            properties = run.find("{*}rPr")
            assert properties is not None
            assert properties.get("lang") == "fi-FI", run.findtext("{*}t")


def parts(deck: bytes, pattern: str) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(deck)) as package:
        return [package.read(name) for name in sorted(package.namelist()) if re.fullmatch(pattern, name)]


def test_events_are_numbered_above_the_plot_and_explained_below_it() -> None:
    chart = dataclasses.replace(
        fixture.trend(0), marks=tuple(Mark(at, "x", "action") for at in (9, 9, 16)), note="1 x; 2 x; 3 x"
    )
    made = render_pptx(fixture.a_pack((Section(id="osa", title="Osa", blocks=(chart,)),)), fixture.look())
    (drawn,) = parts(made, r"ppt/charts/chart\d+\.xml")
    written = [element.text or "" for element in etree.fromstring(drawn).iter("{*}t")]
    assert [text for text in written if text[0] in "123"] == ["1, 2", "3"]
    (slide,) = opened(made).slides
    assert "1 x; 2 x; 3 x" in [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]


def said(element: etree._Element, path: str, name: str) -> str:
    found = element.find(path)
    assert found is not None, path
    return found.get(name) or ""


def test_limits_of_variation_are_thin_lines_without_names_or_markers() -> None:
    limits = (
        Line("keskiarvo 72 %", (72.0,) * 24, "centre"),
        Line("yläraja 95 %", (95.0,) * 24, "upper"),
        Line("alaraja 41 %", (41.0,) * 24, "lower"),
    )
    plain = fixture.trend(0)
    chart = dataclasses.replace(plain, lines=(*limits, *plain.lines), low=None, high=None)
    made = render_pptx(fixture.a_pack((Section(id="osa", title="Osa", blocks=(chart,)),)), fixture.look())
    (drawn,) = parts(made, r"ppt/charts/chart\d+\.xml")
    sheet = etree.fromstring(drawn)
    series = {(one.findtext("{*}tx//{*}v") or "").replace("\u00a0", " "): one for one in sheet.iter("{*}ser")}
    for line in limits:
        one = series[line.label]
        assert said(one, "{*}marker/{*}symbol", "val") == "none"
        assert int(said(one, "{*}spPr/{*}ln", "w")) <= 12700
        assert [*one.iter("{*}dLbl")] == []
    dashes = [series[line.label].find("{*}spPr/{*}ln/{*}prstDash") for line in limits]
    assert [dash is not None for dash in dashes] == [False, True, True]
    assert [*series["tavoite 80 %"].iter("{*}dLbl")]
    highest = said(sheet, ".//{*}valAx/{*}scaling/{*}max", "val")
    lowest = said(sheet, ".//{*}valAx/{*}scaling/{*}min", "val")
    assert float(lowest) <= 41
    assert float(highest) >= 95


def test_a_caption_that_the_title_says_is_not_repeated() -> None:
    def titles(name: str) -> list[str]:
        made = render_pptx(
            fixture.a_pack((Section(id="osa", title=name, blocks=(fixture.register(2),)),)), fixture.look()
        )
        return [slide.shapes.title.text_frame.text for slide in opened(made).slides]

    assert titles("Yhteenveto: toimenpiteet") == ["Yhteenveto: toimenpiteet"]
    assert titles("Sovitut toimenpiteet") == ["Sovitut toimenpiteet – Toimenpiteet"]


def test_a_few_bars_do_not_swell() -> None:
    def gap(count: int) -> int:
        made = render_pptx(
            fixture.a_pack((Section(id="osa", title="Osa", blocks=(fixture.bars(0, count),)),)),
            fixture.look(),
        )
        (slide,) = opened(made).slides
        (chart,) = (shape.chart for shape in slide.shapes if shape.has_chart)
        return int(chart.plots[0].gap_width)

    assert gap(2) > gap(4) > gap(10) == 60


def test_a_budget_is_an_outlined_series_over_its_bars_and_its_figures_can_be_edited() -> None:
    bars = dataclasses.replace(
        fixture.pareto(),
        bars=(
            Bar(label="Toteuma", value=80.0, text="80 / 100", aim=100.0),
            Bar(label="Ennuste", value=None, text="suojattu"),
        ),
    )
    made = render_pptx(fixture.a_pack((Section(id="osa", title="Osa", blocks=(bars,)),)), fixture.look())
    (slide,) = opened(made).slides
    (chart,) = (shape.chart for shape in slide.shapes if shape.has_chart)
    spent, budget = chart.plots[0].series
    assert (tuple(spent.values), tuple(budget.values)) == ((80.0, None), (100.0, None))
    assert (chart.plots[0].overlap, budget.format.fill.type) == (100, MSO_FILL.BACKGROUND)
    assert chart.value_axis.maximum_scale >= 100


def test_charts_are_native_with_a_workbook_each(deck: bytes) -> None:
    charts, books = parts(deck, r"ppt/charts/chart\d+\.xml"), parts(deck, r"ppt/embeddings/.*\.xlsx")
    assert len(charts) == len(books) == 11
    for chart in charts:
        assert b'Id val="-' not in chart
        assert b"<c:legend>" not in chart
    rows = CalamineWorkbook.from_filelike(io.BytesIO(books[0])).get_sheet_by_index(0).to_python()
    assert rows[0][-2:] == ["yksikkö", " "]
    assert rows[1][0] == "\u00a09/2024\u00a0", "names are kept apart"


def test_nothing_tells_the_time(deck: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(deck)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    for book in parts(deck, r"ppt/embeddings/.*\.xlsx"):
        with zipfile.ZipFile(io.BytesIO(book)) as package:
            assert b"1980-01-01T00:00:00Z" in package.read("docProps/core.xml")
    about = opened(deck).core_properties
    assert str(about.created.date()) == str(about.modified.date()) == "2026-09-01"
    assert about.title == "Toimintayksikön kuukausikatsaus, Espoonlahden terveysasema, elokuu 2026"
    assert about.author == "Avosairaanhoito"


def test_same_bytes_in_another_process(deck: bytes) -> None:
    assert sha_elsewhere("render_pptx") == sha(deck)


def test_hostile_text_stays_text() -> None:
    made = render_pptx(hostile_pack(), fixture.look())
    opened(made)
    for book in parts(made, r"ppt/embeddings/.*\.xlsx"):
        with zipfile.ZipFile(io.BytesIO(book)) as package:
            sheet = package.read("xl/worksheets/sheet1.xml")
            assert b"<f>" not in sheet
            assert b"hyperlink" not in sheet
    for part in parts(made, r"ppt/.*\.xml"):
        etree.fromstring(part)
        assert b"49{%" not in part


def test_colours_and_font_come_from_the_brand(deck: bytes) -> None:
    theme = parts(deck, r"ppt/theme/theme1\.xml")[0].decode()
    assert 'srgbClr val="0A4A75"' in theme
    assert '<a:latin typeface="Arial"' in theme


def slides_of(*sections: Section, rooms: dict[str, Room] | None = None) -> tuple[Slide, ...]:
    markup = render_markup(fixture.a_pack(sections), fixture.look())
    return flow(read_markup(markup, "test"), rooms or ROOMS)


@given(st.integers(0, 60), st.integers(1, 3), st.floats(150, 500))
def test_a_table_is_split_without_loss_and_each_part_fits(rows: int, words: int, height: float) -> None:
    cells = tuple((f"rivi {at} " + "pitkä teksti " * words * (at % 3), str(at)) for at in range(rows))
    table = Table(
        caption="Taulu", columns=(Column("A"), Column("B", True)), rows=cells, empty="tyhjä", blank_rows=1
    )
    slides = slides_of(
        Section(id="s", title="Osa", blocks=(table,)), rooms={**ROOMS, "Taulukko": small(500.0, height)}
    )
    shown = [row[1].text for slide in slides for row in slide.grids[0].rows]
    assert shown == [str(at) for at in range(rows)]
    assert sum(slide.grids[0].blank for slide in slides) == 1
    assert all(sum(heights(slide.grids[0])) <= height for slide in slides)


def test_parts_are_even() -> None:
    slides = slides_of(
        Section(id="s", title="Osa", blocks=(fixture.metric_table(20, ""),)),
        rooms={**ROOMS, "Taulukko": small(888.0, 240.0)},
    )
    sizes = [len(slide.grids[0].rows) for slide in slides]
    assert max(sizes) - min(sizes[:-1]) == 0
    assert slides[0].title == f"Osa (1/{len(sizes)})"


def test_findings_that_do_not_fit_get_a_slide_of_their_own() -> None:
    roomy, narrow = (
        slides_of(fixture.opening(), rooms={**ROOMS, "Tilanne": small(888.0, height)})
        for height in (370.0, 250.0)
    )
    assert [len(slide.grids) for slide in roomy] == [1, 1]
    assert [len(slide.grids) for slide in narrow] == [0, 2]


def test_definitions_go_to_the_notes() -> None:
    table: MetricTable = fixture.metric_table(2)
    (slide,) = slides_of(Section(id="s", title="Osa", blocks=(table,)))
    assert slide.notes == tuple(f"{row.name}: {row.definition}" for row in table.rows)


def narrow(name: str, rows: int) -> Table:
    """A table of counts as a service unit's deck has them."""
    heads = (Column(name), Column("heinä 26", True), Column("elo 26", True))
    return Table(
        caption=name,
        columns=heads,
        rows=tuple((f"{name} {at}", "12", "suojattu") for at in range(rows)),
        empty="tyhjä",
    )


def test_narrow_tables_share_a_slide_and_lose_nothing() -> None:
    tables = [
        narrow(name, rows) for name, rows in (("Tyyppi", 4), ("Luonne", 4), ("Seuraus", 9), ("Luokka", 5))
    ]
    (slide,) = slides_of(Section(id="s", title="Osa", blocks=(fixture.metric_table(3), *tables)))
    assert [grid.caption for grid in slide.grids][1:] == ["Tyyppi", "Luonne", "Seuraus", "Luokka"]
    assert [tuple(cell.text for cell in row) for row in slide.grids[3].rows] == list(tables[2].rows)


def test_narrow_tables_beside_each_other_do_not_overlap() -> None:
    tables = tuple(narrow(f"Taulu {at}", rows) for at, rows in enumerate((4, 5, 11, 7, 6)))
    made = opened(
        render_pptx(fixture.a_pack((Section(id="osa", title="Osa", blocks=tables),)), fixture.look())
    )
    (slide,) = made.slides
    boxes = [shape for shape in slide.shapes if shape.has_table]
    assert len(boxes) == 5
    assert len({box.left for box in boxes}) > 1
    for one, other in itertools.combinations(boxes, 2):
        apart = one.left + one.width <= other.left or one.top + one.height <= other.top
        assert apart, (one.name, other.name)


def test_narrow_tables_too_high_for_a_slide_stand_below_each_other() -> None:
    slides = slides_of(Section(id="s", title="Osa", blocks=(narrow("Tyyppi", 30), narrow("Luonne", 30))))
    shown = [row[0].text for slide in slides for grid in slide.grids for row in grid.rows]
    assert shown == [f"{name} {at}" for name in ("Tyyppi", "Luonne") for at in range(30)]
    assert all(len(slide.grids) == 1 for slide in slides)


@pytest.mark.parametrize(
    ("count", "layouts"),
    [(1, ["Kaavio"]), (2, ["Kaaviot"]), (3, ["Kaaviot", "Kaavio"]), (4, ["Kaaviot", "Kaaviot"])],
)
def test_two_charts_share_a_slide_that_a_room_reads(count: int, layouts: list[str]) -> None:
    section = Section(id="s", title="Osa", blocks=tuple(fixture.trend(at) for at in range(count)))
    assert [slide.layout for slide in slides_of(section)] == layouts


@pytest.mark.parametrize(
    ("count", "layouts"),
    [(1, ["Kaavio"]), (2, ["Kaaviot"]), (3, ["Taulukko"]), (4, ["Kaaviot", "Kaaviot"])],
)
def test_up_to_three_charts_share_a_slide_of_an_appendix_evenly(count: int, layouts: list[str]) -> None:
    charts = tuple(fixture.trend(at) for at in range(count))
    assert [s.layout for s in slides_of(Section(id="s", title="Osa", blocks=charts, appendix=True))][
        1:
    ] == layouts


def test_charts_stand_below_a_table_that_leaves_room_for_them() -> None:
    short, tall = (
        slides_of(
            Section(
                id="s", title="Osa", blocks=(fixture.metric_table(count), fixture.trend(0), fixture.bars(0))
            )
        )
        for count in (1, 12)
    )
    assert [(len(slide.grids), len(slide.charts)) for slide in short] == [(1, 2)]
    assert [(len(slide.grids), len(slide.charts)) for slide in tall] == [(1, 0), (0, 2)]


def test_a_survey_takes_two_thirds_of_a_slide() -> None:
    charts: tuple[Block, ...] = (fixture.stacked(), *(fixture.bars(at) for at in range(3)))
    first, second = slides_of(Section(id="s", title="Osa", blocks=charts))
    assert [chart.tag for chart in first.charts] == ["stacked", "bars"]
    assert [chart.tag for chart in second.charts] == ["bars", "bars"]


def test_what_may_be_said_stands_in_the_notes_before_the_definitions() -> None:
    table = fixture.metric_table(2)
    made = render_pptx(
        fixture.a_pack((Section(id="s", title="Osa", blocks=(table, fixture.trend(0))),)), fixture.look()
    )
    (slide,) = opened(made).slides
    said = [paragraph.text for paragraph in slide.notes_slide.notes_text_frame.paragraphs]
    assert said[0] == "Puheenvuoroon"
    assert said[1].startswith("Välitön yhteydensaanti: 52,5")
    assert fixture.trend(0).alt in said[2]
    assert said[3] == "Määritelmät"
    assert len(said) == 4 + len(table.rows)


def test_a_chart_is_read_after_its_heading_and_before_its_note() -> None:
    section = Section(id="s", title="Osa", blocks=(fixture.trend(0), fixture.bars(0)))
    (slide,) = opened(render_pptx(fixture.a_pack((section,)), fixture.look())).slides
    assert [shape.name.replace("\u00a0", " ") for shape in slide.shapes] == [
        "Otsikko",
        "Kaavion otsikko 1",
        "Yhteydensaanti laskenut kolme kuukautta",
        "Kaavion huomautus 1",
        "Kaavion otsikko 2",
        "Kaksi yksikköä alle palveluyksikön vaihtelun",
        "palveluyksikkö 74,0 %",
        "palveluyksikkö 74,0 %",
        "tavoite 80 %",
        "tavoite 80 %",
        "Alatunniste",
        "Sivunumero",
    ]


def test_the_watermark_goes_with_the_final_pack() -> None:
    final = dataclasses.replace(fixture.every_block(), watermark="", sections=(fixture.opening(),))
    for slide in opened(render_pptx(final, fixture.look())).slides:
        assert "Merkintä" not in [shape.name for shape in slide.shapes]
        assert not [shape for shape in slide.placeholders if shape.placeholder_format.idx == 14]


def test_small_tables_share_a_slide_under_their_captions() -> None:
    first, second = fixture.register(2), dataclasses.replace(fixture.register(3), caption="Toiset")
    (slide,) = slides_of(Section(id="s", title="Osa", blocks=(first, second)))
    assert slide.title == "Osa"
    assert [(grid.caption, grid.captioned) for grid in slide.grids] == [
        ("Toimenpiteet", True),
        ("Toiset", True),
    ]
    (alone,) = slides_of(Section(id="s", title="Osa", blocks=(first,)))
    assert alone.title == "Osa – Toimenpiteet"
    assert not alone.grids[0].captioned


def test_words_go_below_the_last_part_of_a_cut_table() -> None:
    blocks = (fixture.register(24), Text(("Luvut ovat ennakollisia.",)))
    slides = slides_of(
        Section(id="s", title="Osa", blocks=blocks), rooms={**ROOMS, "Taulukko": small(888.0, 250.0)}
    )
    assert [len(slide.parts) for slide in slides] == [1, 1, 2]


def test_text_is_smaller_before_a_word_is_cut() -> None:
    word = "potilasturvallisuuskoordinaattori"
    table = Table(
        caption="", columns=(Column("Mitä"), Column("Kuka")), rows=((word * 2, word),) * 2, empty=""
    )
    sizes = {
        width: slides_of(
            Section(id="s", title="Osa", blocks=(table,)), rooms={**ROOMS, "Taulukko": small(width, 360.0)}
        )
        for width in (888.0, 690.0)
    }
    assert sizes[888.0][0].grids[0].size == 14.0
    assert sizes[690.0][0].grids[0].size < 14.0


def test_a_room_reads_the_slides_and_what_is_looked_up_stands_behind_a_divider() -> None:
    table, small = fixture.register(9), fixture.register(9)
    rooms = {name: Room(888.0, 390.0) for name in ROOMS}
    sections = (
        Section(id="s", title="Osa", blocks=(table,)),
        Section(id="l", title="Liite", blocks=(small,), appendix=True),
    )
    pack = fixture.a_pack(sections)
    shown, divider, looked_up = flow(read_markup(render_markup(pack, fixture.look()), "x"), rooms)
    assert min(grid.small for grid in shown.grids) >= 14.0
    assert {grid.size for grid in shown.grids} <= set(BODY)
    assert (divider.layout, divider.title) == ("Teksti", "Liite")
    assert [part.text for part in divider.parts if isinstance(part, Words)] == [small.caption]
    assert {grid.size for grid in looked_up.grids} <= set(APPENDIX)
