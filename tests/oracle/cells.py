"""One cell of an extract: text, or what a spreadsheet holds, to the value its column's type asks for."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cache

from .dates import month_of

Value = str | int | Fraction | bool | date
TRUE = ("1", "k", "kyllä", "x", "true", "ja", "yes")
FALSE = ("0", "e", "ei", "false", "nej", "no")
EXCEL_ZERO = date(1899, 12, 30)


@cache
def fold(text: str) -> str:
    """Return a text with case, spaces, underscores and the dots of å, ä and ö taken away."""
    plain = unicodedata.normalize("NFC", text).casefold().replace("å", "a").replace("ä", "a")
    return re.sub(r"[\s_]", "", plain.replace("ö", "o"))


def as_text(cell: object) -> str:
    """Return a cell as trimmed text; whole numbers of a spreadsheet lose their ``.0``."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, date):
        return cell.isoformat()
    return unicodedata.normalize("NFC", str(cell)).strip()


def _number(text: str) -> Fraction:
    plain = re.sub(r"[\s\u00a0\u202f]", "", text).replace(",", ".").replace("−", "-")
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", plain, re.IGNORECASE):
        raise ValueError(text)
    return Fraction(plain)


def _integer(text: str) -> int:
    number = _number(text)
    if number.denominator != 1:
        raise ValueError(text)
    return int(number)


def _datetime(text: str) -> datetime:
    if finnish := re.fullmatch(
        r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:[ T]+(?:klo )?(\d{1,2})[.:](\d{2})(?:[.:](\d{2}))?)?", text
    ):
        day, month, year, hour, minute, second = (int(part) for part in finnish.groups(default="0"))
        return datetime(year, month, day, hour, minute, second)
    if re.fullmatch(r"\d{5}([.,]\d+)?", text):
        minutes = round(_number(text) * 24 * 60)
        return datetime.combine(EXCEL_ZERO, datetime.min.time()) + timedelta(minutes=minutes)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?)?", text):
        return datetime.fromisoformat(text)
    raise ValueError(text)


def _date(text: str) -> date:
    return _datetime(text).date()


def _boolean(text: str) -> bool:
    if text.casefold() in TRUE:
        return True
    if text.casefold() in FALSE:
        return False
    raise ValueError(text)


def _iso_week(text: str) -> date:
    """Return the Thursday of a week written ``2026-W08``, ``2026W8`` or ``8/2026``."""
    if match := re.fullmatch(r"(\d{4})-?W(\d{1,2})", text, re.IGNORECASE):
        return date.fromisocalendar(int(match[1]), int(match[2]), 4)
    if match := re.fullmatch(r"W?(\d{1,2})/(\d{4})", text, re.IGNORECASE):
        return date.fromisocalendar(int(match[2]), int(match[1]), 4)
    raise ValueError(text)


def _month(text: str) -> int:
    """Return the number of a month written ``2026-03``, ``03/2026`` or as one of its days."""
    if match := re.fullmatch(r"(\d{4})-(\d{2})", text):
        return month_of(date(int(match[1]), int(match[2]), 1))
    if match := re.fullmatch(r"(\d{1,2})[/.](\d{4})", text):
        return month_of(date(int(match[2]), int(match[1]), 1))
    return month_of(_datetime(text))


PARSERS: dict[str, Callable[[str], Value]] = {
    **dict.fromkeys(("string", "code", "title", "quote", "label", "role"), str),
    "integer": _integer,
    "decimal": _number,
    "eur": _number,
    "date": _date,
    "datetime": _datetime,
    "boolean": _boolean,
    "iso_week": _iso_week,
    "month": _month,
}


@cache
def parse(kind: str, text: str) -> Value:
    """Return the value of a non-empty cell; raises ValueError when the text is none of its type."""
    return PARSERS[kind](text)
