"""What is wrong with a delivery's rows, said before what follows from it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from itertools import islice

from opti_reports.config.source import Source
from opti_reports.extracts.headers import named
from opti_reports.extracts.unreadable import FUTURE
from opti_reports.messages.message import Message, Shown, message
from opti_reports.model.delivery import NO_DATA, REPLACED, TWICE, Reject

MOST = 3
"""How many causes of a source are said; the rest are counted."""
REASONS = frozenset(
    {
        "bad_boolean",
        "bad_date",
        "bad_number",
        "blank",
        "column_count",
        "disagrees",
        *TWICE,
        "error_cell",
        "missing_required",
        "negative",
        "person_name",
        "not_computed",
        "too_large",
        "too_long",
        "too_many_digits",
        "total_or_unit",
        "unknown_code",
    }
)
"""Reasons that the catalogue has words for."""
HINTS = (
    (re.compile(r"\d{10}(\.\d+)?"), message("hint.seconds")),
    (re.compile(r"\d{13}"), message("hint.milliseconds")),
    (re.compile(r"\d{1,2}/\d{1,2}/\d{4}.*"), message("hint.month")),
    (re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2}( .*)?"), message("hint.year")),
)
"""What dates look like that are not read, and what they are."""


def causes(source: Source, rejects: Iterable[Reject], extracted_on: dt.date) -> list[Message]:
    """Return why rows are not used: by cause, the most frequent first, with an example of each."""
    groups: dict[tuple[str, str, str], list[Reject]] = {}
    for reject in rejects:
        groups.setdefault((reject.file, reject.reason, reject.column), []).append(reject)
    ordered = sorted(groups.values(), key=lambda group: -len(group))
    found = [_cause(source, group, extracted_on) for group in islice(ordered, MOST)]
    left = sum(map(len, ordered[MOST:]))
    return [*found, message("refusal.more", rows=left)] if left else found


def wrong(rejects: Sequence[Reject]) -> list[Reject]:
    """Return the rejects whose rows are not read at all; of a duplicate another row is, a total is none."""
    return [reject for reject in rejects if reject.reason not in (*TWICE, *NO_DATA)]


def explain(rejects: Sequence[Reject], lost: int) -> bool:
    """Return whether rejected rows explain at least half of the rows that are lost."""
    return 2 * len(wrong(rejects)) >= lost


def _cause(source: Source, group: Sequence[Reject], extracted_on: dt.date) -> Message:
    first = group[0]
    example = next((reject for reject in group if reject.column and reject.value), first)
    column, shown = example.column, message("refusal.line", line=first.line)
    if example.reason == REPLACED:
        shown = message("refusal.instead", line=example.line, row=example.value)
    elif column and example.value:
        shown = message("refusal.value", value=example.value, line=example.line)
    return message(
        "refusal.cause",
        rows=len(group),
        file=first.file,
        why=_said(source, first.reason, extracted_on),
        example=shown,
        column=message("refusal.column", column=named(example.heading, column)) if column else "",
        hint=_hint(example),
    )


def _said(source: Source, reason: str, extracted_on: dt.date) -> Shown:
    check = source.broken(reason)
    if check is None and reason == FUTURE:
        return message("refusal.future_date", day=extracted_on.isoformat())
    if check is None:
        return message(f"reason.{reason}") if reason in REASONS else reason.replace("_", " ")
    return check.reason.get("en") or next(iter(check.reason.values()))


def _hint(example: Reject) -> Shown:
    if example.reason != "bad_date":
        return ""
    return next((said for pattern, said in HINTS if pattern.fullmatch(example.value)), "")
