"""The figures a page shows as a table for programs: what is embedded in the document beside the pages."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from typing import Any

from opti_reports.language.formats import rounded
from opti_reports.model.card import Agenda, Cards, Law
from opti_reports.model.charts import Bars, FunnelPlot, Stacked, Trend
from opti_reports.model.goals import GoalChain
from opti_reports.model.pack import Block, Findings, MetricTable, Pack, Table, Tiles
from opti_reports.model.spreadsheet import safe

COLUMNS = ("part", "table", "row", "column", "shown", "number")
"""The columns, named by the words ``figures_<column>`` of the pack."""
Cell = tuple[str, str, str, str]
"""Row, column, the text as shown, and the number as drawn (with a decimal point) or nothing."""


def figures_csv(pack: Pack) -> bytes:
    """Return the figures of the pack in UTF-8, one a line, in the order of the pages.

    Only what the pages show: withheld figures as their words, numbers with the decimals of their metric.
    Left out are sparklines, which show no figures, running text, and tables of words only.
    The pack must be clean.
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(pack.words[f"figures_{column}"] for column in COLUMNS)
    for section in pack.sections:
        for block in section.blocks:
            for cell in _cells(block, pack.words):
                writer.writerow(safe(text) for text in (section.title, _name(block), *cell))
    return file.getvalue().encode("utf-8")


def _name(block: Block) -> str:
    return str(getattr(block, "caption", "") or getattr(block, "title", ""))


def _cells(block: Block, words: dict[str, str]) -> Iterator[Cell]:
    reader = _READERS.get(type(block))
    if reader is not None:
        yield from reader(block, words)


def _tiles(block: Tiles, _: dict[str, str]) -> Iterator[Cell]:
    for tile in block.items:
        yield tile.label, "", "; ".join((tile.headline, *tile.lines)), ""


def _law(block: Law, words: dict[str, str]) -> Iterator[Cell]:
    for item in block.items:
        yield item.label, words["value"], item.cases, ""


def _cards(block: Cards | Agenda, words: dict[str, str]) -> Iterator[Cell]:
    for item in block.items:
        yield item.message, words["value"], item.value, ""


def _findings(block: Findings, words: dict[str, str]) -> Iterator[Cell]:
    for item in block.items:
        yield item.title, words["value"], item.value, ""
        yield item.title, words["target"], item.target, ""


def _metric_table(block: MetricTable, _: dict[str, str]) -> Iterator[Cell]:
    heads = (*block.columns[2:-1], block.columns[-1])
    for row in block.rows:
        for head, text in zip(heads, (*row.cells, row.status), strict=True):
            yield row.name, head, text, ""


def _table(block: Table, _: dict[str, str]) -> Iterator[Cell]:
    if not any(column.numeric for column in block.columns):
        return
    for row in block.rows:
        for column, text in zip(block.columns[1:], row[1:], strict=True):
            yield row[0], column.label, text, ""


def _trend(block: Trend, _: dict[str, str]) -> Iterator[Cell]:
    for line in block.lines:
        numbers = line.numbers or [_number(value, block.decimals) for value in line.values]
        for label, value, number in zip(block.labels, line.values, numbers, strict=True):
            if value is not None:
                yield line.label, label, "", number


def _bars(block: Bars, _: dict[str, str]) -> Iterator[Cell]:
    for bar in block.bars:
        yield bar.label, block.subtitle, bar.text, bar.number or _number(bar.value, block.decimals)


def _funnel(block: FunnelPlot, _: dict[str, str]) -> Iterator[Cell]:
    for unit in block.units:
        yield unit.label, block.subtitle, unit.text, unit.number or _number(unit.value, block.decimals)


def _stacked(block: Stacked, _: dict[str, str]) -> Iterator[Cell]:
    for bar in block.bars:
        for answer, share in zip(block.legend, bar.shares, strict=True):
            yield bar.label, answer, bar.text, _number(share, 0) if any(bar.shares) else ""


def _goals(block: GoalChain, words: dict[str, str]) -> Iterator[Cell]:
    for goal in (block.top, *(goal for line in block.lines for goal in line.goals)):
        yield goal.name, words["value"], goal.value, ""
        yield goal.name, words["target"], goal.target, ""


_READERS: dict[type, Callable[[Any, dict[str, str]], Iterator[Cell]]] = {
    Tiles: _tiles,
    Law: _law,
    Cards: _cards,
    Agenda: _cards,
    Findings: _findings,
    GoalChain: _goals,
    MetricTable: _metric_table,
    Table: _table,
    Trend: _trend,
    Bars: _bars,
    FunnelPlot: _funnel,
    Stacked: _stacked,
}


def _number(value: float | None, decimals: int) -> str:
    """Return the number with the decimals shown, rounded as on the pages."""
    return "" if value is None else f"{rounded(value, decimals):.{decimals}f}"
