"""A reader with the documents alone: pages' tables, luvut.csv, charts and the workbooks in them, workbooks.

Nothing is read from the program's own tables of content or values. Where a table shows parts and their sum,
one word in place of a figure must not be all that is missing; no chart holds what its label withholds.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from pptx import Presentation
from python_calamine import load_workbook

from tests.workspaces import LAST

HIDDEN, TOTAL = "suojattu", "Yhteensä"
Column = list[tuple[str, str]]
"""Labels and texts of a table's column, the total last."""


def number(text: str) -> int | None:
    plain = text.replace("\u00a0", "").replace(" ", "")
    return int(plain) if plain.isdigit() else None


def told_by_subtraction(column: Column) -> bool:
    """One part alone is withheld beside its sum: whoever subtracts knows it."""
    *parts, (_, total) = column
    gone = [text for _, text in parts if text == HIDDEN]
    others = [number(text) for _, text in parts if text != HIDDEN]
    return number(total) is not None and len(gone) == 1 and None not in others


def told_by_bounds(column: Column) -> bool:
    """What is left of the sum is nothing, so that every part withheld is nothing."""
    *parts, (_, total) = column
    others = [number(text) for _, text in parts if text != HIDDEN]
    whole = number(total)
    hidden = any(text == HIDDEN for _, text in parts)
    return hidden and whole is not None and None not in others and whole == sum(n or 0 for n in others)


def embedded(pdf: Path) -> Iterator[tuple[str, Column]]:
    """Columns of the tables of counts in a PDF's luvut.csv."""
    with pikepdf.open(pdf) as opened:
        text = opened.attachments["luvut.csv"].get_file().read_bytes().decode("utf-8")
    found: dict[tuple[str, str, str], Column] = {}
    for row in csv.DictReader(io.StringIO(text)):
        place = row["osio"], row["taulukko tai kuvio"], row["sarake"]
        found.setdefault(place, []).append((row["rivi"], row["teksti"]))
    for (_, caption, head), column in found.items():
        if column[-1][0] == TOTAL:
            yield f"{pdf.name}: {caption}: {head}", column


def slides(deck: Path) -> Iterator[tuple[str, Column]]:
    """The same of the tables on slides."""
    for slide in Presentation(str(deck)).slides:
        for shape in slide.shapes:
            if shape.has_table:
                rows = [[cell.text_frame.text for cell in row.cells] for row in shape.table.rows]
                for at in range(1, len(rows[0])):
                    column = [(row[0], row[at]) for row in rows[1:]]
                    if column and column[-1][0] == TOTAL:
                        yield f"{deck.name}: {rows[0][0]}: {rows[0][at]}", column


@pytest.fixture(scope="module")
def packs(shipped_run: Path) -> Path:
    return shipped_run / "output" / LAST / "packs"


def test_no_table_of_a_document_tells_a_part_that_it_withholds(packs: Path) -> None:
    columns = [one for path in sorted(packs.rglob("*.fi.pdf")) for one in embedded(path)]
    columns += [one for path in sorted(packs.rglob("*.pptx")) for one in slides(path)]
    assert any(text == HIDDEN for _, column in columns for _, text in column), "there is a target"
    assert [place for place, column in columns if told_by_subtraction(column)] == []
    assert [place for place, column in columns if told_by_bounds(column)] == []


def test_the_attack_is_able_to_tell() -> None:
    assert told_by_subtraction([("a", "3"), ("b", HIDDEN), (TOTAL, "4")])
    assert not told_by_subtraction([("a", HIDDEN), ("b", HIDDEN), (TOTAL, "4")])
    assert told_by_bounds([("a", "1\u00a0004"), ("b", HIDDEN), ("c", HIDDEN), (TOTAL, "1\u00a0004")])


def test_no_chart_holds_a_value_whose_label_is_withheld(packs: Path) -> None:
    """Neither its cache in the chart's XML nor the workbook that opens when it is edited."""
    seen = 0
    for deck in sorted(packs.rglob("*.pptx")):
        charts = [s.chart for slide in Presentation(str(deck)).slides for s in slide.shapes if s.has_chart]
        for chart in charts:
            plot = chart.plots[0]
            names = [str(name) for name in plot.categories]
            held = [at for at, name in enumerate(names) if name.endswith(HIDDEN)]
            seen += len(held)
            assert [
                series.values[at] for series in plot.series for at in held if at < len(series.values)
            ] == [None] * (len(held) * len(list(plot.series)))
            book = load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
            rows = book.get_sheet_by_index(0).to_python()
            assert all(set(row[1:]) <= {""} for row in rows if str(row[0]).endswith(HIDDEN))
    assert seen


def test_no_workbook_names_a_figure_that_its_report_withholds(packs: Path) -> None:
    for path in sorted(packs.rglob("*.xlsx")):
        pdf = path.with_suffix(".pdf")
        if pdf.exists():
            with pikepdf.open(pdf) as opened:
                text = opened.attachments["luvut.csv"].get_file().read_bytes().decode("utf-8")
            rows = csv.DictReader(io.StringIO(text))
            held = {row["rivi"] for row in rows if row["sarake"] == "Nyt" and row["teksti"] == HIDDEN}
            for cells in load_workbook(path).get_sheet_by_index(0).to_python():
                assert str(cells[1]) not in held or number(str(cells[2])) is None, path.name
