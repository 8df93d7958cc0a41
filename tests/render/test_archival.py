"""The PDF as an archive and a screen reader take it: two standards in one file, its figures inside."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
from typing import Any

import pikepdf
import pydyf  # type: ignore[import-untyped]
import pytest

from opti_reports.model.charts import Bar, Bars
from opti_reports.model.pack import Block, Pack, Section
from opti_reports.model.spreadsheet import FORMULA
from opti_reports.render.clean import clean_pack
from opti_reports.render.figures import figures_csv
from opti_reports.render.pdf import render_pdf
from opti_reports.render.streams import settle_streams
from tests.render import fixture
from tests.render.hostile import hostile_pack
from tests.render.pdf_faults import pdf_faults


def rows(made: bytes) -> list[list[str]]:
    return [*csv.reader(io.StringIO(made.decode("utf-8")))]


def one(*blocks: Block) -> Pack:
    return fixture.a_pack((Section(id="osa", title="Osa", blocks=blocks),))


def test_every_kind_of_block_is_archival_and_accessible(pdf: bytes) -> None:
    assert pdf_faults(pdf) == []


def test_hostile_words_leave_it_archival_and_accessible() -> None:
    assert pdf_faults(render_pdf(hostile_pack(), fixture.look())) == []


def test_faults_are_found() -> None:
    broken = pikepdf.open(io.BytesIO(render_pdf(one(fixture.metric_table(1)), fixture.look())))
    for tag in broken.objects:
        if isinstance(tag, pikepdf.Dictionary) and tag.get("/S") in ("/TH", "/Figure", "/H1"):
            for key in ("/Alt", "/ID"):
                if key in tag:
                    del tag[key]
            if tag.S == "/H1":
                tag.S = pikepdf.Name("/H3")
    buffer = io.BytesIO()
    broken.save(buffer)
    found = "\n".join(pdf_faults(buffer.getvalue()))
    for fault in ("no words", "do not begin with one of the first level", "tree of identifiers", "ua1: "):
        assert fault in found


def test_its_figures_are_inside() -> None:
    pack = one(fixture.metric_table(1), fixture.pareto(), fixture.trend(0))
    with pikepdf.open(io.BytesIO(render_pdf(pack, fixture.look()))) as document:
        (associated,) = document.Root.AF
        assert associated.AFRelationship == "/Data"
        assert str(associated.UF) == "luvut.csv"
        embedded = document.attachments["luvut.csv"].get_file()
        assert embedded.mime_type == "text/csv"
        assert str(embedded.creation_date).startswith("2026-09-01")
        found = rows(embedded.read_bytes())
    assert found[0] == ["osio", "taulukko tai kuvio", "rivi", "sarake", "teksti", "luku"]
    assert [
        "Osa",
        "Yhteydensaanti ja etäasiointi",
        "Puhelut",
        "Elo 2026",
        "51,5\u00a0%",
        "",
    ] in found
    aims = [row for row in found if row[2] == "tavoite 80\u00a0%"]
    assert len(aims) == 24
    assert aims[0][3:] == ["9/2024", "", "80.0"]


def test_a_withheld_figure_is_a_word_among_the_figures() -> None:
    made = rows(figures_csv(one(fixture.pareto())))
    assert [row[2:] for row in made if row[2] == "Muu"] == [
        ["Muu", "HaiPro-ilmoitukset tyypeittäin, kpl", "n < 5", ""]
    ]


def test_no_more_decimals_are_told_than_shown() -> None:
    bars = dataclasses.replace(
        fixture.pareto(),
        decimals=1,
        bars=(Bar(label="a", value=2 / 3, text="0,7"), Bar(label="b", value=-0.01, text="0")),
    )
    assert [row[-1] for row in rows(figures_csv(one(bars)))[1:]] == ["0.7", "0.0"]


def test_no_cell_is_a_formula_and_none_is_lost() -> None:
    pack = hostile_pack()
    pack = clean_pack(dataclasses.replace(pack, words={**fixture.WORDS}))
    cells = [cell for row in rows(figures_csv(pack)) for cell in row]
    assert any(cell.startswith("'=cmd") for cell in cells)
    assert not [
        cell for cell in cells if cell.startswith(FORMULA) and not re.fullmatch(r"-\d+(\.\d+)?", cell)
    ]
    assert {len(row) for row in rows(figures_csv(pack))} == {6}


def test_words_in_another_language_say_so() -> None:
    table = dataclasses.replace(fixture.register(3), languages=((0, 0, "sv"), (2, 1, "en")))
    with pikepdf.open(io.BytesIO(render_pdf(one(table, fixture.trend(0)), fixture.look()))) as document:
        spoken = [str(tag.Lang) for tag in document.objects if _speaks(tag)]
    assert sorted(set(spoken)) == ["en", "sv"]


def _speaks(tag: Any) -> bool:
    return isinstance(tag, pikepdf.Dictionary) and tag.get("/Type") == "/StructElem" and "/Lang" in tag


def test_the_words_of_a_chart_are_not_a_copy_of_its_title() -> None:
    bars: Bars = fixture.pareto()
    with pikepdf.open(io.BytesIO(render_pdf(one(bars), fixture.look()))) as document:
        figures = [
            str(tag.Alt)
            for tag in document.objects
            if isinstance(tag, pikepdf.Dictionary) and tag.get("/S") == "/Figure"
        ]
    assert figures == [bars.alt]


@pytest.mark.parametrize("part", ["/OutputIntents", "/MarkInfo", "/Metadata"])
def test_what_an_archive_asks_for_is_there(pdf: bytes, part: str) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert part in document.Root
        assert "/Filter" not in document.Root.Metadata


def test_no_stream_ends_in_a_carriage_return_and_all_are_read_back() -> None:
    plain = [bytes([noise % 251, 0, 0, 0, 0]) * (noise + 3) for noise in range(600)]
    pdf = pydyf.PDF()
    pdf.add_page(pydyf.Dictionary({"Type": "/Page", "Parent": pdf.pages.reference}))
    for noise, content in enumerate(plain):
        pdf.add_object(pydyf.Stream([content], {"Noise": noise}, compress=True))
    assert any(item.data.endswith(b"\r\nendstream") for item in pdf.objects[1:])
    settle_streams(pdf)
    buffer = io.BytesIO()
    pdf.write(buffer, b"1.7", b"x", True)
    assert b"\r\nendstream" not in buffer.getvalue()
    with pikepdf.open(buffer) as read:
        found = {
            int(item.Noise): item.read_bytes()
            for item in read.objects
            if isinstance(item, pikepdf.Stream) and "/Noise" in item
        }
    assert [found[noise] for noise in range(600)] == plain


def test_the_writer_s_own_streams_end_in_none_either() -> None:
    for noise in range(300):
        pdf = pydyf.PDF()
        pdf.add_page(
            pydyf.Dictionary({"Type": "/Page", "Parent": pdf.pages.reference, "Noise": noise * noise})
        )
        settle_streams(pdf)
        buffer = io.BytesIO()
        pdf.write(buffer, b"1.7", b"x", True)
        assert b"\r\nendstream" not in buffer.getvalue()
        assert len(pikepdf.open(buffer).pages) == 1
