"""A cell of a workbook as the text that people would write for it."""

from __future__ import annotations

import datetime as dt


def text_of(cell: object) -> str:
    """Return a cell as text: numbers in plain digits, dates in ISO form."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else _decimal(cell)
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, dt.datetime):
        # Days as floats: 46204.3499999 is 8.24, not a second before.
        whole = cell + dt.timedelta(milliseconds=500) if cell.microsecond else cell
        return whole.isoformat(sep=" ", timespec="seconds")
    return "" if cell is None else str(cell).strip()


def _decimal(number: float) -> str:
    return unlike_thousands(f"{number:.9f}".rstrip("0").rstrip("."))


def unlike_thousands(text: str) -> str:
    """Return a number in plain digits so that it never looks like the thousands of "1.200"."""
    return f"{text}0" if text[-4:-3] == "." else text
