"""Native tables: header row marked, hairlines only, figures to the right."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from lxml import etree
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Pt

from opti_reports.model.look import Colours
from opti_reports.render.slides.grid import PAD_X, Cell, Grid, heights
from opti_reports.render.slides.words import Run, locale_of, put

_PLAIN_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
"""The built-in table style without grid or fill."""


def add_table(slide: Any, grid: Grid, left: float, top: float, colours: Colours, language: str) -> float:
    """Lay ``grid`` on the slide with its top left at (``left``, ``top``) points; returns its height."""
    tall = heights(grid)
    frame = slide.shapes.add_table(
        len(tall), len(grid.heads), Pt(left), Pt(top), Pt(sum(grid.widths)), Pt(sum(tall))
    )
    # Programs keep a shape's name when they save it anew, its description not all of them.
    frame.name = grid.mark or grid.caption or grid.alt[:60] or "Table"
    frame._element.nvGraphicFramePr.cNvPr.set("descr", grid.alt or grid.caption)
    table = frame.table
    properties = table._tbl.tblPr
    properties.set("firstRow", "1")
    properties.set("firstCol", "0" if grid.heads[0].numeric else "1")
    properties.set("bandRow", "0")
    properties.find(qn("a:tableStyleId")).text = _PLAIN_STYLE
    for column, width in zip(table.columns, grid.widths, strict=True):
        column.width = Pt(width)
    for row, height in zip(table.rows, tall, strict=True):
        row.height = Pt(height)
    for at, head in enumerate(grid.heads):
        _fill(
            cell=table.cell(0, at),
            runs=(Run(head.label, grid.head, True, colours.muted),),
            numeric=head.numeric,
            language=language,
            line=colours.muted,
            anchor=MSO_ANCHOR.BOTTOM,
        )
        _margins(table.cell(0, at), grid, at)
    for number, row in enumerate([*grid.rows, *[tuple(Cell("") for _ in grid.heads)] * grid.blank], start=1):
        for at, cell in enumerate(row):
            _fill(
                cell=table.cell(number, at),
                runs=_runs(cell, grid, colours),
                numeric=grid.heads[at].numeric,
                language=cell.language or language,
                line=colours.rule,
                anchor=MSO_ANCHOR.TOP,
            )
            _margins(table.cell(number, at), grid, at)
    return sum(tall)


def _margins(cell: Any, grid: Grid, at: int) -> None:
    cell.margin_left, cell.margin_right = Pt(grid.pad(at)), Pt(PAD_X)
    cell.margin_top = cell.margin_bottom = Pt(grid.pad_y)


def _runs(cell: Cell, grid: Grid, colours: Colours) -> tuple[Run, ...]:
    """Return a cell's runs; in one with a second paragraph only the mark has the tone's colour."""
    size, colour = grid.size, colours.of(cell.tone) if cell.tone else ""
    if not cell.small:
        return (Run(cell.shown, size, cell.strong, colour),)
    mark = (Run(cell.shown.removesuffix(cell.text), size, cell.strong, colour),) if cell.tone else ()
    return (
        *mark,
        Run(cell.text, size, cell.strong),
        Run("\n" + cell.small, grid.small, False, colours.muted),
    )


def _fill(cell: Any, runs: tuple[Run, ...], numeric: bool, language: str, line: str, anchor: Any) -> None:
    cell.vertical_anchor = anchor
    paragraph = cell.text_frame.paragraphs[0]
    for run in runs:
        if run.text.startswith("\n"):
            paragraph = cell.text_frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.RIGHT if numeric else PP_ALIGN.LEFT
        if run.text:
            put(paragraph, language, replace(run, text=run.text.removeprefix("\n")))
        else:  # what is typed there is as large as the rest, and the row no higher
            etree.SubElement(
                paragraph._p, qn("a:endParaRPr"), lang=locale_of(language), sz=f"{run.size * 100:.0f}"
            )
    _underline(cell._tc.get_or_add_tcPr(), line)


def _underline(properties: Any, colour: str) -> None:
    """A hairline below the cell; in a cell's properties lines must stand before fills."""
    line = etree.SubElement(properties, qn("a:lnB"), w="6350", cap="flat", cmpd="sng", algn="ctr")
    fill = etree.SubElement(line, qn("a:solidFill"))
    etree.SubElement(fill, qn("a:srgbClr"), val=colour[1:].upper())
    properties.insert(0, line)
