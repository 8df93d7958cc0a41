"""A room reads its tables in 18 points: rows go to the appendix, or stay unwritten, before text shrinks."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from pptx import Presentation

from opti_reports.model.pack import Column, Pack, Section, Table, Text
from opti_reports.render import pptx
from tests.render import fixture

COLUMNS = (Column("Mitä"), Column("Kuka"))


def rows(count: int) -> tuple[tuple[str, str], ...]:
    return tuple((f"asia {at}", "johtava ylilääkäri") for at in range(count))


def pack(*blocks: Any, yields: tuple[int, ...] = ()) -> Pack:
    made = fixture.a_pack(
        (
            Section(id="a", title="Osa", blocks=blocks, yields=yields),
            Section(id="l", title="Liite", blocks=(Text(("Loput",)),), appendix=True),
        )
    )
    said = {"in_appendix": "Liitteessä", "more_in_appendix": "Lisää liitteessä"}
    return replace(made, words=made.words | said)


def tables(found: Pack, most: int | None) -> list[list[tuple[str, float | None]]]:
    """The cells of the tables before the appendix: text and size, a list a table."""
    deck = Presentation(io.BytesIO(pptx.fitted(found, fixture.look(), most)[1]))
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    before = next(at for at, title in enumerate(titles) if title.startswith("Liite"))
    return [
        [(cell.text, _size(cell)) for row in list(shape.table.rows)[1:] for cell in row.cells]
        for slide in list(deck.slides)[:before]
        for shape in slide.shapes
        if shape.has_table
    ]


def _size(cell: Any) -> float | None:
    ends = cell._tc.xpath(".//a:rPr/@sz | .//a:endParaRPr/@sz")
    return int(ends[0]) / 100 if ends else None


@pytest.mark.parametrize(
    ("yields", "most", "sizes", "whole"),
    [((1,), 1, {18.0}, False), ((), 2, {18.0}, True), ((), 1, {17.0, 16.0, 15.0, 14.0}, True)],
    ids=["to the appendix", "two slides", "nothing yields"],
)
def test_a_table_too_high_goes_on_or_yields_before_it_shrinks(
    yields: tuple[int, ...], most: int, sizes: set[float], whole: bool
) -> None:
    table = Table(caption="Lista", columns=COLUMNS, rows=rows(14), empty="")
    shown = tables(pack(table, yields=yields), most)
    found = {size for cells in shown for _, size in cells}
    assert found <= sizes
    assert len(found) == 1
    assert ("asia 13" in [text for cells in shown for text, _ in cells]) == whole


def test_a_form_loses_rows_left_open_before_its_text_shrinks_and_stays_below_what_it_is_about() -> None:
    offered = Table(caption="", columns=COLUMNS, rows=rows(4), empty="")
    form = Table(
        caption="Päätökset",
        columns=COLUMNS,
        rows=rows(3),
        empty="",
        blank_rows=9,
        mark="decisions:a/b/2026-08",
    )
    above, below = tables(pack(offered, form), 1)
    assert {size for _, size in (*above, *below)} == {18.0}
    left = [text for text, _ in below].count("")
    assert 0 < left < 18


def test_what_is_typed_into_a_form_is_as_large_as_what_stands_in_it() -> None:
    form = Table(
        caption="x", columns=COLUMNS, rows=(("", "a"),), empty="", blank_rows=2, mark="decisions:a/b/2026-08"
    )
    (cells,) = tables(pack(form), 1)
    assert [size for text, size in cells if not text] == [18.0] * 5
