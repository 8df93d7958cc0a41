"""In what form the cells of a column are: dates, months, weeks, numbers, yes and no, codes or free text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from opti_reports.adopt.look import Sight
from opti_reports.config.source import ColumnType
from opti_reports.extracts import dates
from opti_reports.extracts.numerals import decimal_of, either
from opti_reports.extracts.texts import FALSE, TRUE
from opti_reports.messages.message import Message, message

LOOKED_AT = 200
"""How many different texts of a column are looked at, the most frequent first."""
MOSTLY = 0.9
MOST_CODES = 60
"""How many different texts a list of codes has at most."""
REPEATED = 4
"""How often each occurs on average at least."""
_ISO = re.compile(r"\d{4}-\d")
_DOTTED = re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}")
_SLASHED = re.compile(r"\d{1,2}/\d{1,2}/(?:\d{4}|\d{2})(?:\D.*)?\Z")
_SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?\Z")
_WEEK = re.compile(r"w|v|-\d{2}\Z", re.IGNORECASE)


@dataclass(frozen=True)
class Form:
    """What the cells are: the type a column of them would have, and how they are written."""

    type: ColumnType | None
    said: Message
    readable: bool = True


def texts_of(sight: Sight) -> list[tuple[str, int]]:
    """Return the texts that are looked at, each with how often it occurs."""
    return sight.counts.most_common(LOOKED_AT)


def share(sight: Sight, fits: Callable[[str], bool]) -> float:
    """Return of how many filled cells something is true, from 0 to 1."""
    seen = texts_of(sight)
    total = sum(count for _, count in seen)
    return sum(count for text, count in seen if fits(text)) / total if total else 0.0


@lru_cache(maxsize=4096)
def form_of(sight: Sight) -> Form:
    """Return the form that most cells have."""
    if not sight.filled:
        return Form(None, message("shape.empty"))
    for found in (_yes_or_no, _dates, _numbers):
        if form := found(sight):
            return form
    if is_list(sight):
        return Form("code", message("shape.codes", n=len(sight.counts)))
    return Form("string", message("shape.texts"))


def is_list(sight: Sight) -> bool:
    """Return whether the texts look like a list of codes: few, and each again and again."""
    few = not sight.many and len(sight.counts) <= MOST_CODES
    return few and sight.filled >= REPEATED * len(sight.counts)


def _yes_or_no(sight: Sight) -> Form | None:
    said = {text.casefold() for text, _ in texts_of(sight)}
    whole = len(said & TRUE) == 1 and len(said & FALSE) == 1 and len(said) == 2
    return Form("boolean", message("shape.boolean")) if whole else None


def _dates(sight: Sight) -> Form | None:
    return _days(sight) or _periods(sight)


def _days(sight: Sight) -> Form | None:
    if share(sight, lambda text: bool(_SLASHED.match(text))) >= MOSTLY:
        return Form(None, message("shape.slashed"), readable=False)
    if share(sight, lambda text: dates.day(text) is not None and not _SERIAL.match(text)) >= MOSTLY:
        first = all(text.endswith("-01") or text.startswith(("1.", "01.")) for text, _ in texts_of(sight))
        if first and len(sight.counts) > 2:
            return Form("month", message("shape.first_days"))
        return Form("date", _written(sight))
    if share(sight, is_moment) >= MOSTLY:
        return Form("datetime", message("shape.timed", form=_written(sight)))
    return None


def _periods(sight: Sight) -> Form | None:
    if share(sight, lambda text: bool(_WEEK.search(text)) and dates.week(text) is not None) >= MOSTLY and (
        share(sight, lambda text: dates.month(text) is not None) < MOSTLY
    ):
        return Form("iso_week", message("shape.weeks"))
    if share(sight, lambda text: dates.month(text) is not None and not _SERIAL.match(text)) >= MOSTLY:
        plain = share(sight, lambda text: decimal_of(text) is not None) >= MOSTLY
        return None if plain else Form("month", message("shape.months"))
    return None


def is_moment(text: str) -> bool:
    """Return whether a text is a date with a time of day."""
    if dates.zoned(text) is not None:
        return True
    day, _, time = dates.tidy(text).replace("T", " ").partition(" ")
    return bool(time) and dates.day(day) is not None and dates.second(time) is not None


def _written(sight: Sight) -> Message:
    if share(sight, lambda text: bool(_ISO.match(text))) >= MOSTLY:
        return message("shape.iso")
    if share(sight, lambda text: bool(_DOTTED.search(text))) >= MOSTLY:
        return message("shape.dotted")
    return message("shape.dates")


def _numbers(sight: Sight) -> Form | None:
    if share(sight, lambda text: decimal_of(text) is not None) < MOSTLY:
        return None
    seen = [text for text, _ in texts_of(sight)]
    whole = share(sight, lambda text: (found := decimal_of(text)) is None or found == int(found))
    marks = {mark for mark in ",." if any(mark in text for text in seen)}
    if any(either(text) for text in seen) and not any("," in text and "." in text for text in seen):
        return Form("decimal" if whole < 1 else "integer", message("shape.thousands"), readable=False)
    if whole == 1 and not marks:
        return Form("integer", message("shape.whole"))
    if marks == {","}:
        return Form("decimal", message("shape.comma"))
    return Form("decimal", message("shape.grouped") if len(marks) == 2 else message("shape.point"))
