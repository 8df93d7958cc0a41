"""Workbooks made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import xlsxwriter


def made_workbook(target: Path, rows: Sequence[Sequence[str]]) -> Path:
    """A workbook with these rows of text on its only sheet."""
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet("Tiedot")
    for line, row in enumerate(rows):
        for at, text in enumerate(row):
            sheet.write_string(line, at, text)
    book.close()
    return target
