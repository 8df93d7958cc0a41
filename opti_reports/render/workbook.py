"""The workbook in which a unit prepares a meeting: what is known is locked, what is asked is empty."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from opti_reports.model.look import Brand
from opti_reports.model.meeting import PREPARED, Preparation
from opti_reports.model.pack import Pack
from opti_reports.render.clean import clean_pack
from opti_reports.render.dating import dated

KNOWN_WIDTHS = (38.0, 13.0, 16.0, 16.0)
ASKED_WIDTHS = {
    "cause": 36.0,
    "action": 36.0,
    "owner_role": 20.0,
    "due_at": 14.0,
    "support": 32.0,
    "escalate": 17.0,
}
_HEADING = 4
"""The row of the headings, from 0: above it the mark and title, two lines of instructions, an empty row."""
_DAY = "d.m.yyyy"


def render_workbook(pack: Pack, brand: Brand) -> bytes:
    """Return the pack's preparation workbook: the same bytes for the same pack and brand, no formula in it.

    The pack must have one.
    """
    pack = clean_pack(pack)
    asked = pack.preparation
    if asked is None:
        raise ValueError(f"the pack {pack.name} has no preparation workbook")
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    made = dt.datetime.combine(dated(pack.period), dt.time())
    book.set_properties({"title": asked.title, "author": brand.called(pack.language), "created": made})
    sheet = book.add_worksheet()
    _frame(sheet)
    _head(book, sheet, asked, brand, pack.watermark)
    _rows(book, sheet, asked, brand)
    book.close()
    return buffer.getvalue()


def _frame(sheet: Any) -> None:
    """Column widths, print set-up, and the lock: without a password, against slips of the hand only."""
    sheet.set_column(0, 0, None, None, {"hidden": True})
    for at, width in enumerate((*KNOWN_WIDTHS, *(ASKED_WIDTHS[name] for name in PREPARED)), 1):
        sheet.set_column(at, at, width)
    sheet.freeze_panes(_HEADING + 1, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEADING)
    sheet.protect("", {"format_columns": True, "format_rows": True})


def _head(book: Any, sheet: Any, asked: Preparation, brand: Brand, watermark: str) -> None:
    sheet.write_string(0, 0, asked.mark)
    title = " · ".join(part for part in (asked.title, watermark) if part)
    sheet.write_string(0, 1, title, book.add_format({"bold": True, "font_size": 15}))
    for at, text in enumerate(asked.instructions, 1):
        sheet.write_string(at, 1, text)
    head = {"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1}
    known = book.add_format({**head, "font_color": brand.colours.muted})
    empty = book.add_format({**head, "bg_color": brand.colours.tint})
    sheet.write_string(_HEADING, 0, "metric_id")
    for at, text in enumerate(asked.heads, 1):
        sheet.write_string(_HEADING, at, text, known)
    for at, text in enumerate(asked.asked, 1 + len(asked.heads)):
        sheet.write_string(_HEADING, at, text, empty)


def _rows(book: Any, sheet: Any, asked: Preparation, brand: Brand) -> None:
    cell = {"text_wrap": True, "valign": "top", "bottom": 4, "bottom_color": brand.colours.rule}
    known = book.add_format(cell)
    open_ = {**cell, "locked": False, "border": 4, "border_color": brand.colours.rule}
    forms = {name: book.add_format(open_) for name in PREPARED}
    forms["due_at"] = book.add_format({**open_, "num_format": _DAY})
    first = _HEADING + 1
    for line, row in enumerate(asked.rows, first):
        sheet.write_string(line, 0, row.metric)
        for at, text in enumerate(row.known, 1):
            sheet.write_string(line, at, text, known)
        for at, name in enumerate(PREPARED, 1 + len(row.known)):
            sheet.write_blank(line, at, None, forms[name])
        sheet.set_row(line, 48)
    if not asked.rows:
        sheet.write_string(first, 1, asked.empty)
        return
    last, start = first + len(asked.rows) - 1, 1 + len(asked.heads)
    due, choice = start + PREPARED.index("due_at"), start + PREPARED.index("escalate")
    day = {
        "validate": "date",
        "criteria": ">=",
        "value": dt.date(2000, 1, 1),
        "error_message": asked.due_hint,
    }
    sheet.data_validation(first, due, last, due, day)
    _offers(book, sheet, asked, first, start)
    sheet.data_validation(first, choice, last, choice, {"validate": "list", "source": list(asked.choices)})


def _offers(book: Any, sheet: Any, asked: Preparation, first: int, start: int) -> None:
    """Let causes and actions be chosen from what was tried elsewhere; anything else may be written too.

    The words stand on a hidden sheet: a list in the cell itself may hold 255 characters at most.
    """
    offers = book.add_worksheet(asked.offered)
    offers.hide()
    offers.protect("")
    column = 0
    for line, row in enumerate(asked.rows, first):
        for at, words in ((PREPARED.index("cause"), row.barriers), (PREPARED.index("action"), row.suggested)):
            if not words:
                continue
            offers.write_column(0, column, words)
            name = xl_col_to_name(column, col_abs=True)
            source = f"='{asked.offered}'!{name}$1:{name}${len(words)}"
            choice = {"validate": "list", "source": source, "show_error": False}
            sheet.data_validation(line, start + at, line, start + at, choice)
            column += 1
