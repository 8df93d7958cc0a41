"""What is wrong with a delivery's rows, said before what follows from it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from itertools import islice

from opti_reports.config.source import Source
from opti_reports.extracts.headers import named
from opti_reports.model.delivery import NO_DATA, TWICE, Reject

MOST = 3
"""How many causes of a source are said; the rest are counted."""
REASONS = {
    "bad_boolean": "yes or no not readable",
    "bad_date": "date not readable",
    "bad_number": "number not readable",
    "blank": "cell empty",
    "column_count": "wrong number of cells",
    "disagrees": "rows of the same case disagree",
    "error_cell": "an error of the spreadsheet",
    "future_date": "date later than {day} (see extracted_on in delivery.toml)",
    "missing_required": "required cell empty",
    "negative": "negative number",
    "person_name": "a person's name instead of a role",
    "not_computed": "formula without a value: open the workbook in Excel and save it",
    "too_long": "text too long",
    "too_many_digits": "more decimals than the column keeps",
    "unknown_code": "unknown code",
}
HINTS = (
    (re.compile(r"\d{10}(\.\d+)?"), "these are seconds since 1970"),
    (re.compile(r"\d{13}"), "these are milliseconds since 1970"),
    (re.compile(r"\d{1,2}/\d{1,2}/\d{4}.*"), "which number is the month is not certain"),
    (re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2}( .*)?"), "the year has two digits"),
)
"""What dates look like that are not read, and what they are."""
CONFIRM = "If the new files are right, write confirm_shrink = true under [source] in its delivery.toml."
CORRECT = "Correct the files, or what configs/sources says of them, and run again."


def causes(source: Source, rejects: Sequence[Reject], extracted_on: dt.date) -> list[str]:
    """Why rows were rejected: by cause, the most frequent first, with an example of each."""
    groups: dict[tuple[str, str, str], list[Reject]] = {}
    for reject in wrong(rejects):
        groups.setdefault((reject.file, reject.reason, reject.column), []).append(reject)
    ordered = sorted(groups.values(), key=lambda group: -len(group))
    found = [_cause(source, group, extracted_on) for group in islice(ordered, MOST)]
    left = sum(map(len, ordered[MOST:]))
    return [*found, f"{left} more row(s) are rejected for other reasons"] if left else found


def wrong(rejects: Sequence[Reject]) -> list[Reject]:
    """The rejects whose rows are not read at all; of a duplicate another row is, a total is none."""
    return [reject for reject in rejects if reject.reason not in (*TWICE, *NO_DATA)]


def explain(rejects: Sequence[Reject], lost: int) -> bool:
    """Whether rejected rows explain at least half of the rows that are lost."""
    return 2 * len(wrong(rejects)) >= lost


def _cause(source: Source, group: Sequence[Reject], extracted_on: dt.date) -> str:
    first = group[0]
    example = next((reject for reject in group if reject.column and reject.value), first)
    shown = f"'{example.value}' on line {example.line}" if example.column and example.value else ""
    where = f" in column {named(example.heading, example.column)}" if example.column else ""
    hint = _hint(example)
    said = _said(source, first.reason).format(day=extracted_on)
    return f"{len(group)} row(s) of {first.file}: {said}, e.g. {shown or f'line {first.line}'}{where}{hint}"


def _said(source: Source, reason: str) -> str:
    check = source.check.get(reason.removeprefix("check."))
    if check is None:
        return REASONS.get(reason, reason.replace("_", " "))
    return check.reason.get("en") or next(iter(check.reason.values()))


def _hint(example: Reject) -> str:
    if example.reason != "bad_date":
        return ""
    return next((f"; {said}" for pattern, said in HINTS if pattern.fullmatch(example.value)), "")
