"""The PDF: the HTML of each block, and the structure, look and safety of the document."""

from __future__ import annotations

import dataclasses
import io
import re
import shutil
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from syrupy.assertion import SnapshotAssertion

from opti_reports.errors import PackError
from opti_reports.model.card import Spark
from opti_reports.model.charts import Trend
from opti_reports.model.look import Look
from opti_reports.model.pack import (
    Block,
    Column,
    Definitions,
    Findings,
    MetricTable,
    Notice,
    Section,
    Table,
    Text,
    Tiles,
)
from opti_reports.render.clean import clean_pack
from opti_reports.render.figures import figures_csv
from opti_reports.render.pdf import render_html, render_pdf
from tests.render import fixture
from tests.render.hostile import hostile_pack, sha, sha_elsewhere
from tests.render.pdf_faults import pdf_faults, walked


def of_kind(kind: type[Block], section: Section) -> Any:
    return next(block for block in section.blocks if isinstance(block, kind))


FRAGMENTS: dict[str, Block] = {
    "tiles": of_kind(Tiles, fixture.opening()),
    "findings": dataclasses.replace(
        of_kind(Findings, fixture.opening()), items=of_kind(Findings, fixture.opening()).items[:2]
    ),
    "findings_empty": Findings((), "Ei poikkeamia."),
    "metric_table": fixture.metric_table(2),
    "trend": fixture.trend(0),
    "bars": fixture.pareto(),
    "funnel": fixture.funnel(),
    "stacked": fixture.stacked(),
    "table": fixture.register(2),
    "table_empty": of_kind(Table, fixture.extremes()),
    "table_blank": Table(
        caption="Päätökset", columns=fixture.register(1).columns, rows=(), empty="", blank_rows=2
    ),
    "notice": Notice("off", "Kysely puuttuu."),
    "text": Text(("Yksi.", "Kaksi.")),
    "definitions": Definitions("Määritelmät", (("T3", "kolmas vapaa aika"),)),
}


@pytest.mark.parametrize("name", sorted(FRAGMENTS))
def test_fragment(name: str, snapshot: SnapshotAssertion) -> None:
    html = render_html(
        fixture.a_pack((Section(id="osa", title="Osa", blocks=(FRAGMENTS[name],)),)), fixture.look()
    )
    inside = html.split("<?block 0?>")[1].split("</section>")[0]
    inside = re.sub(r"(</title>).*?(</svg>)", r"\1…\2", inside, flags=re.DOTALL)
    assert re.sub(r"\n\s*", "\n", inside).strip() == snapshot


def test_structure(pdf: bytes) -> None:
    document = pikepdf.open(io.BytesIO(pdf))
    root = document.Root
    assert root.Lang == "fi"
    assert root.MarkInfo.Marked
    assert root.ViewerPreferences.DisplayDocTitle
    assert len(document.pages) == 5
    with document.open_metadata() as about:
        assert about["dc:title"] == "Toimintayksikön kuukausikatsaus, Espoonlahden terveysasema, elokuu 2026"
        assert about["pdfuaid:part"] == "1"
        assert str(about["xmp:CreateDate"]).startswith("2026-09-01")
    with document.open_outline() as outline:
        assert [item.title for item in outline.root[0].children] == [
            "Kuukauden poikkeamat ja sovitut toimenpiteet",
            "Yhteydensaanti ja etäasiointi",
            "Vertailu ja kysely",
            "Ääritapaukset",
        ]


def elements(document: pikepdf.Pdf) -> list[Any]:
    return [
        item
        for item in document.objects
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/StructElem"
    ]


def test_headers_have_scope_and_figures_words(pdf: bytes) -> None:
    document = pikepdf.open(io.BytesIO(pdf))
    tags = elements(document)
    headers = [tag for tag in tags if tag.S == "/TH"]
    assert {str(header.A.Scope) for header in headers} == {"/Row", "/Column"}
    assert len(document.Root.StructTreeRoot.IDTree.Names) == 2 * len(headers)
    figures = [tag for tag in tags if tag.S == "/Figure"]
    assert len(figures) >= 12
    assert all(str(figure.Alt) for figure in figures)


def test_a_table_over_pages_is_one_and_its_repeated_head_no_content() -> None:
    rows = tuple((f"Yksikkö {n}", "12", "34") for n in range(150))
    columns = (Column("Paikka"), Column("Soitot", True), Column("Vastatut", True))
    pack = fixture.a_pack(
        (
            Section(
                id="osa", title="Osa", blocks=(Table(caption="Pitkä", columns=columns, rows=rows, empty=""),)
            ),
        )
    )
    made = render_pdf(pack, fixture.look())
    document = pikepdf.open(io.BytesIO(made))
    assert len(document.pages) > 2
    tags = [*walked(document.Root.StructTreeRoot.K[0])]
    (table,) = (tag for tag in tags if tag.S == "/Table")
    inside = [*walked(table)]
    assert len([tag for tag in inside if tag.S == "/TR"]) == 151
    heads = [tag for tag in inside if tag.S == "/TH" and tag.A.Scope == "/Column"]
    assert len(heads) == 3
    last = [tag for tag in inside if tag.S == "/TD"][-1]
    assert str(last.A.Headers[-1]) == str(heads[-1].ID)
    drawn = pypdfium2.PdfDocument(made)
    assert all("Vastatut" in page.get_textpage().get_text_range() for page in drawn)
    drawn.close()
    assert pdf_faults(made) == []


def test_headings_are_never_skipped() -> None:
    html = render_html(fixture.every_block(), fixture.look())
    levels = [int(level) for level in re.findall(r"<h([1-6])>", html)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_page_is_drawn_and_marked(pdf: bytes) -> None:
    document = pypdfium2.PdfDocument(pdf)
    for number, page in enumerate(document, start=1):
        text = page.get_textpage().get_text_range()
        assert "ENNAKKO" in text
        assert f"Sivu {number}/{len(document)}" in text
        assert "unit/espoonlahti · elokuu 2026" in text
        grey = page.render(scale=0.5).to_pil().convert("L")
        assert grey.width * 3 < grey.height * 2.2
        assert grey.getextrema()[0] < 128
    document.close()


def pixels(made: bytes, colour: str) -> int:
    """How many pixels of the first page have the colour, a line of a point across being two wide."""
    wanted = tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))
    image = pypdfium2.PdfDocument(made)[0].render(scale=2).to_pil().convert("RGB")
    return sum(count for count, found in image.getcolors(image.width * image.height) if found == wanted)


def test_a_sparkline_is_drawn() -> None:
    def drawn(values: tuple[float | None, ...]) -> int:
        row = dataclasses.replace(fixture.metric_row(0, "Puhelut"), spark=Spark(values, None, "Puhelut."))
        # Of several one lies so on the picture's grid that its colour is pure.
        table = dataclasses.replace(fixture.metric_table(1), rows=(row,) * 7)
        pack = fixture.a_pack((Section(id="osa", title="Osa", blocks=(table,)),))
        return pixels(render_pdf(pack, fixture.look()), fixture.look().brand.colours.accent)

    assert drawn((50.0,) * 13) > drawn((None,) * 13) + 80


@pytest.mark.parametrize("space", ["", ' xmlns="http://www.w3.org/2000/svg"'])
def test_a_picture_in_a_template_is_drawn_with_and_without_its_namespace(space: str, tmp_path: Path) -> None:
    shutil.copytree(fixture.ROOT / "templates", tmp_path / "templates")
    page = tmp_path / "templates" / "pdf" / "pack.html.j2"
    picture = (
        f'<svg{space} width="40" height="20"><title>a</title><path fill="#ff00ff" d="M0 0h40v20H0z"/></svg>'
    )
    page.write_text(
        page.read_text(encoding="utf-8").replace('<div class="mast">', picture + '<div class="mast">'),
        encoding="utf-8",
    )
    made = render_pdf(
        fixture.a_pack((fixture.opening(),)), Look(fixture.look().brand, tmp_path / "templates")
    )
    assert pixels(made, "#ff00ff") > 1500


def test_all_words_are_in_the_fonts_of_the_brand(pdf: bytes) -> None:
    fonts = {
        str(item.FontName)
        for item in pikepdf.open(io.BytesIO(pdf)).objects
        if isinstance(item, pikepdf.Dictionary) and "/FontName" in item
    }
    assert {re.sub(r"^/[A-Z]+\+", "", font) for font in fonts} <= {"Inter", "Inter-Semi-Bold", "DejaVu-Sans"}


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_same_bytes_in_another_process(language: str) -> None:
    pack = dataclasses.replace(fixture.every_block(), language=language)
    assert sha_elsewhere("render_pdf", language) == sha(render_pdf(pack, fixture.look()))


def test_hostile_text_stays_text() -> None:
    made = render_pdf(hostile_pack(), fixture.look())
    document = pikepdf.open(io.BytesIO(made))
    (attached,) = document.attachments.values()
    assert attached.get_file().read_bytes() == figures_csv(clean_pack(hostile_pack()))
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(made))
    assert '<link rel="attachment"' in re.sub(r"\s+", " ", text)
    assert "7 * 7" in text


def test_a_missing_word_names_it() -> None:
    pack = dataclasses.replace(fixture.every_block(), words={})
    with pytest.raises(PackError, match="has no attribute 'trace'"):
        render_pdf(pack, fixture.look())


def test_one_trend_alone_is_wide_and_a_pair_is_not() -> None:
    def places(*blocks: Block) -> list[str]:
        html = render_html(fixture.a_pack((Section(id="osa", title="Osa", blocks=blocks),)), fixture.look())
        return re.findall(r'<div class="chart (\w+)">', html)

    trend: Trend = fixture.trend(0)
    table: MetricTable = fixture.metric_table(1)
    assert places(trend, trend, trend) == ["left", "right", "wide"]
    assert places(trend, table, trend, fixture.bars(1), fixture.stacked()) == [
        "wide",
        "left",
        "right",
        "wide",
    ]


def test_definitions_stand_in_two_columns_of_like_height_in_their_order() -> None:
    items = tuple((f"Mittari {at}", "sana " * (60 if at == 2 else 6)) for at in range(19))
    html = render_html(
        fixture.a_pack((Section(id="osa", title="Osa", blocks=(Definitions("", items),)),)), fixture.look()
    )
    assert re.findall(r"<strong>(.*?)</strong>", html) == [name for name, _ in items]
    columns = [re.findall(r"<strong>Mittari (\d+)</strong>", part) for part in html.split("<div><p>")[1:]]
    assert columns == [
        ["0", "1", "2"],
        ["3", "4", "5", "6", "7", "8", "9"],
        ["10", "11", "12", "13"],
        ["14", "15", "16", "17", "18"],
    ]
