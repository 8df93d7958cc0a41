"""Dates, times, months and weeks as real exports write them: ISO, Finnish, and Excel serials."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from functools import cache

from babel import Locale
from babel.units import format_unit

from opti_reports.algebra.calendar import FIRST, LAST, day_number

_ISO = re.compile(r"^(\d{4})(?:-(\d{1,2})-|/(\d{1,2})/)(\d{1,2})$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_FINNISH = re.compile(r"^(\d{1,2})\.(\d{1,2})\.(\d{4})$")
_SERIAL = re.compile(r"^(\d{5})(?:[.,](\d+))?$")
_TIME = re.compile(r"^(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?$")
_ZONED = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?) ?(?:Z|([+-])(\d{2}):?(\d{2})?)\Z",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(?<=\d)[ ,]+(?:klo|kello|kl)\.? ?(\d{1,2})(?=$|[:.])", re.IGNORECASE)
_WHOLE_HOUR = re.compile(r"(?:klo|kello|kl)\.? ?\d{1,2}$", re.IGNORECASE)
_WEEKDAY = re.compile(r"^([^\W\d]{2,12})\.?,? +(?=\d{1,2}\.)")
_BEFORE_TIME = re.compile(r",? +(?=\d{1,2}[:.]\d{2}(?:$|[:.]\d{2}$))")
_WITHIN_DATE = re.compile(r"(?<=\d\.) (?=\d)")
_MONTHS = (
    (re.compile(r"^(\d{4})[-/.M]?(\d{1,2})$"), 1, 2),
    (re.compile(r"^(\d{1,2})\s*[-/.]\s*(\d{4})$"), 2, 1),
)
_NAMED = re.compile(r"^([^\W\d]{3,12})\.? (\d{4})$")
_BESIDE = re.compile(r"^([^\W\d]{3,12})\.?(?:[-–/' ](\d{4})|[-–/'](\d{2}))?$")
"""A month as a heading names it, with a year or without: ``tammikuu 2026``, ``jan-26``, ``elo``."""
_WEEK = "w|week|vk|vko|viikko|v|vecka"
_WEEKS = (
    (re.compile(rf"^(\d{{4}})[-/ ]?(?:{_WEEK})?[- ]?(\d{{1,2}})$", re.IGNORECASE), 1, 2),
    (re.compile(rf"^(?:{_WEEK})?\.?\s*(\d{{1,2}})\s*[-/]\s*(\d{{4}})$", re.IGNORECASE), 2, 1),
    (re.compile(rf"^(?:{_WEEK})\.?\s*(\d{{1,2}}) (\d{{4}})$", re.IGNORECASE), 2, 1),
)
LANGUAGES = ("fi", "sv", "en")
"""The languages in which exports of the area name months."""
_EXCEL_EPOCH = dt.date(1899, 12, 30)


def _checked(year: int, month: int, day: int) -> int | None:
    try:
        date = dt.date(year, month, day)
    except ValueError:
        return None
    return day_number(date) if FIRST <= date <= LAST else None


def _thursday(year: int, week_number: int) -> int | None:
    try:
        date = dt.date.fromisocalendar(year, week_number, 4)
    except ValueError:
        return None
    return _checked(date.year, date.month, date.day)


@cache
def _month_names() -> dict[str, int]:
    """Return the months' names, whole and short, as Finns, Swedes and the English write them."""
    return {
        name.rstrip(".").casefold(): number
        for language in LANGUAGES
        for forms in Locale.parse(language).months["stand-alone"].values()
        for number, name in forms.items()
        if len(name) > 2
    }


@cache
def year_names() -> tuple[str, ...]:
    """Return the word for a year in the same languages."""
    ones = (format_unit(1, "duration-year", locale=language) for language in LANGUAGES)
    return tuple(one.removeprefix("1").strip() for one in ones)


@cache
def _weekdays() -> frozenset[str]:
    """Return the days' names in the same languages; "ennen 5.3." is another matter than "to 5.3."."""
    forms = (Locale.parse(language).days["stand-alone"] for language in LANGUAGES)
    return frozenset(
        name.rstrip(".").casefold() for f in forms for names in f.values() for name in names.values()
    )


def tidy(text: str) -> str:
    """Return a date with or without time as systems write it, from one as people do ("to 4.12.2025
    klo\u00a09").
    """
    spaced = " ".join(unicodedata.normalize("NFC", text).split())
    named = _WEEKDAY.match(spaced)
    if named and named[1].casefold() in _weekdays():
        spaced = spaced[named.end() :]
    timed = _CLOCK.sub(r" \1", spaced) + (".00" if _WHOLE_HOUR.search(spaced) else "")
    return _WITHIN_DATE.sub("", _BEFORE_TIME.sub(" ", timed))


def day(text: str) -> int | None:
    """Return a date as a day number; None when it is none (or outside 1990–2060)."""
    if found := _ISO.match(text):
        return _checked(int(found[1]), int(found[2] or found[3]), int(found[4]))
    if found := _COMPACT.match(text):
        return _checked(int(found[1]), int(found[2]), int(found[3]))
    if found := _FINNISH.match(text):
        return _checked(int(found[3]), int(found[2]), int(found[1]))
    if found := _SERIAL.match(text):
        date = _EXCEL_EPOCH + dt.timedelta(days=int(found[1]))
        return _checked(date.year, date.month, date.day)
    return None


def written(date: dt.date) -> frozenset[str]:
    """Return the ways in which systems write a date, also one that ``day`` does not take for a date."""
    y, m, d = date.year, date.month, date.day
    serial = str((date - _EXCEL_EPOCH).days)
    found = {f"{d}.{m}.{y:04}", f"{d:02}.{m:02}.{y:04}", f"{y:04}-{m}-{d}", f"{y:04}{m:02}{d:02}"}
    found |= {f"{y:04}{mark}{m:02}{mark}{d:02}" for mark in "-/."}
    found |= {f"{a:{wide}}/{b:{wide}}/{y:04}" for a, b in ((d, m), (m, d)) for wide in ("", "02")}
    return frozenset(found | ({serial} if len(serial) == 5 else set()))


def second(text: str) -> int | None:
    """Return a time of day as seconds since midnight; an empty one is midnight, None when it is none."""
    if not text:
        return 0
    found = _TIME.match(text)
    if not found:
        return None
    hour, minute, sec = int(found[1]), int(found[2]), int(found[3] or 0)
    return hour * 3600 + minute * 60 + sec if hour < 24 and minute < 60 and sec < 60 else None


def zoned(text: str) -> int | None:
    """Return an ISO time with its zone (``2026-08-03T10:05:00Z``, ``…+03:00``) as UTC seconds; None for
    others.
    """
    found = _ZONED.match(text)
    if not found:
        return None
    date, time = day(found[1]), second(found[2])
    hours, minutes = int(found[4] or 0), int(found[5] or 0)
    if date is None or time is None or hours > 14 or minutes > 59:
        return None
    ahead = (hours * 60 + minutes) * 60
    return date * 86_400 + time + (ahead if found[3] == "-" else -ahead)


def serial_second(text: str) -> int:
    """Return the seconds that an Excel serial's fraction stands for, rounded to the second; 0 for other
    texts.
    """
    found = _SERIAL.match(text)
    return round(float(f"0.{found[2]}") * 86_400) if found and found[2] else 0


def later(text: str, days: int) -> str:
    """Return an Excel serial some days later; other texts as they are."""
    found = _SERIAL.match(text)
    return f"{int(found[1]) + days}{text[5:]}" if found else text


def month(text: str) -> int | None:
    """Return a month (or any date in it) as the day number of its first day."""
    for pattern, year, number in _MONTHS:
        if (found := pattern.match(text)) and not _SERIAL.match(text):
            return _checked(int(found[year]), int(found[number]), 1)
    named = _NAMED.match(unicodedata.normalize("NFC", text))
    if named and named[1].casefold() in _month_names():
        return _checked(int(named[2]), _month_names()[named[1].casefold()], 1)
    number_of_day = day(text.partition(" ")[0])
    if number_of_day is None:
        return None
    date = dt.date(1970, 1, 1) + dt.timedelta(days=number_of_day)
    return day_number(date.replace(day=1))


def heading(text: str) -> tuple[int, int] | None:
    """Return the year and the number of the month that a heading is, the year 0 where it names none.

    Of dates the first and the last day of a month are one: days side by side are no months.
    """
    named = _BESIDE.match(" ".join(unicodedata.normalize("NFC", text).split()))
    if named and (number := _month_names().get(named[1].casefold())):
        year = int(named[2] or f"20{named[3]}") if named[2] or named[3] else 0
        return (year, number) if not year or _checked(year, number, 1) is not None else None
    first = None if _SERIAL.match(text) else month(text)
    if first is None:
        return None
    date, own = dt.date(1970, 1, 1) + dt.timedelta(days=first), day(text.partition(" ")[0])
    after = None if own is None else dt.date(1970, 1, 1) + dt.timedelta(days=own + 1)
    return (date.year, date.month) if after is None or own == first or after.day == 1 else None


def week(text: str) -> int | None:
    """Return an ISO week (or a date in it) as the day number of its Thursday."""
    for pattern, year, number in _WEEKS:
        if (found := pattern.match(text.strip())) and not _SERIAL.match(text):
            return _thursday(int(found[year]), int(found[number]))
    number_of_day = day(text.partition(" ")[0])
    return None if number_of_day is None else (number_of_day + 3) // 7 * 7
