"""Weeks that a spreadsheet has turned into months: "8/2026" became 1 August, and nobody typed that."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from opti_reports.algebra.calendar import date_of
from opti_reports.errors import ExtractError
from opti_reports.extracts import dates
from opti_reports.extracts.pieces import Piece
from opti_reports.messages.message import message


def refuse_months(piece: Piece, name: str) -> None:
    """Refuse a column of weeks with dates that were weeks; dates that are a week apart are weeks.

    A date on the first of a month is doubted unless all dates stand on the same day of the week and some of
    them on another day of the month.
    """
    texts = pc.utf8_trim_whitespace(piece.columns[name])
    found = {text: day for text in pc.unique(texts).to_pylist() if (day := _day(text)) is not None}
    days = {text: date_of(day) for text, day in found.items()}
    firsts = [text for text, day in days.items() if day.day == 1]
    weekly = len({day.weekday() for day in days.values()}) == 1 and len(firsts) < len(days)
    if not firsts or weekly:
        return
    shown = days[firsts[0]]
    rows = pc.is_in(texts, pa.array(firsts, pa.string())).to_pylist()
    raise ExtractError(
        "week.as_month",
        message("at.line", file=piece.file, line=piece.lines[rows.index(True)]),
        rows=sum(rows),
        column=piece.headings.shown(name),
        example=firsts[0],
        month=shown.month,
        year=shown.year,
    )


def _day(text: str) -> int | None:
    return dates.day(text.replace("T", " ").partition(" ")[0])
