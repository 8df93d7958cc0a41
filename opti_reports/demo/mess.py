"""What goes wrong with real extracts, done to the files of the demo's last month."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Literal

from opti_reports.demo.layout import Layout
from opti_reports.demo.write import ENCODED
from opti_reports.periods.months import month_text

Fate = Literal["rejected", "unknown", "unallocated", "dropped", "replaced", "read", "missing"]


@dataclass(frozen=True)
class Mess:
    """One kind of mess: ``rows`` rows of a source's file, or the file as a whole (0 rows).

    ``cells`` replaces cells of good rows by column; ``key`` keeps the good row's key, which makes the row a
    duplicate; ``columns`` is how many cells are too many (or too few, when negative). ``fate`` is what an
    importer should make of it.
    """

    source: str
    what: str
    rows: int
    fate: Fate
    cells: Mapping[str, str] = field(default_factory=dict)
    key: bool = False
    columns: int = 0


MESS = (
    Mess("phone_contacts", "too few columns", 2, "rejected", columns=-3),
    Mess("phone_contacts", "too many columns", 2, "rejected", columns=2),
    Mess("phone_contacts", "unparseable date", 2, "rejected", {"arrived_at": "32.13.2026 25.61"}),
    Mess("phone_contacts", "words for a date", 1, "rejected", {"arrived_at": "eilen aamulla"}),
    Mess("phone_contacts", "unknown code", 2, "unknown", {"end_state": "katosi"}),
    Mess("phone_contacts", "unknown unit", 3, "unallocated", {"unit_code": "TA Olematon"}),
    Mess("phone_contacts", "called back too early", 2, "rejected", {"first_callback_at": "1.1.2020 8.00"}),
    Mess("phone_contacts", "negative count", 1, "unknown", {"attempts_n": "-1"}),
    Mess(
        "phone_contacts", "future date", 2, "rejected",
        {"arrived_at": "1.1.2031 8.00", "answered_at": "", "first_callback_at": "", "reached_at": ""},
    ),
    Mess("phone_contacts", "identical duplicate", 3, "dropped", key=True),
    Mess("phone_contacts", "differing duplicate", 2, "replaced", {"language": "en"}, key=True),
    Mess("avohilmo_events", "identical duplicate", 4, "dropped", key=True),
    Mess("avohilmo_events", "differing duplicate", 3, "replaced", {"age_at_event": "101"}, key=True),
    Mess("avohilmo_events", "unparseable date", 2, "rejected", {"visit_start": "2026-02-30 10:00:00"}),
    Mess(
        "avohilmo_events", "visited before the contact", 1, "rejected",
        {"contacted_at": "2020-01-09 10:00:00", "hta_at": "", "visit_start": "2020-01-08 10:00:00"},
    ),
    Mess(
        "avohilmo_events", "booked for a day before the booking", 1, "rejected",
        {"booked_at": "2020-01-09 10:00:00", "booked_for": "2020-01-08 10:00:00"},
    ),
    Mess("avohilmo_events", "unknown code", 2, "unknown", {"profession_class": "XX"}),
    Mess("avohilmo_events", "unknown unit", 2, "unallocated", {"unit_code": "1.2.246.10.0.0.0"}),
    Mess("avohilmo_events", "negative count", 1, "unknown", {"age_at_event": "-4"}),
    Mess("haipro_reports", "closed too early", 2, "rejected", {"closed_at": "2.1.2020 9.15"}),
    Mess("haipro_reports", "arrived too early", 1, "rejected", {"arrived_at": "2.1.2020 9.15"}),
    Mess("haipro_reports", "transferred too early", 1, "rejected", {"transferred_at": "2.1.2020 9.15"}),
    Mess(
        "haipro_reports", "closed before it was received", 1, "rejected",
        {"reported_at": "2.1.2020 9.15", "received_at": "9.1.2020 9.15", "closed_at": "8.1.2020 9.15"},
    ),
    Mess("haipro_reports", "unknown code", 1, "unknown", {"risk_class": "VII"}),
    Mess("haipro_reports", "differing duplicate", 2, "replaced", {"risk_class": "V"}, key=True),
    Mess("client_feedback", "handled too early", 1, "rejected", {"first_handled_at": "2.1.2020 9.15"}),
    Mess("client_feedback", "rerouted too early", 1, "rejected", {"rerouted_at": "2.1.2020 9.15"}),
    Mess("client_feedback", "reopened too early", 1, "rejected", {"reopened_at": "2.1.2020 9.15"}),
    Mess(
        "client_feedback", "the file in cp1252, with a euro sign and curly quotes", 2, "read",
        {"text": "Maksu 46,80 € on ”kohtuuton” – eikä laskua avattu…", "quote_marked": "kyllä"},
    ),
    Mess("legal_cases", "answered too early", 1, "rejected", {"replied_at": "2.1.2020"}),
    Mess("legal_cases", "due too early", 1, "rejected", {"due_at": "2.1.2020"}),
    Mess("hr_monthly", "negative count", 1, "unknown", {"headcount_all_end": "-3", "month": "2020-01"}),
    Mess(
        "hr_monthly", "three blank lines and a summary row at the end", 1, "rejected",
        {"unit_code": "Yhteensä", "month": "", "profession_class": ""},
    ),
    Mess("students_term", "an optional source is missing", 0, "missing"),
    Mess("budget_monthly", "a lagging source is missing", 0, "missing"),
)  # fmt: skip

ENCODING = {"client_feedback": "cp1252"}


def missing_sources() -> frozenset[str]:
    """Return the sources that the last month lacks."""
    return frozenset(mess.source for mess in MESS if mess.fate == "missing")


def spoil(path: Path, layout: Layout, month: int) -> None:
    """Add the source's messy rows to a good file of the month; a source without mess stays as it is."""
    messes = [mess for mess in MESS if mess.source == layout.source and mess.rows]
    if not messes:
        return
    encoding = ENCODED[layout.encoding]
    text = path.read_bytes().decode(encoding)
    good = _good_rows(text, layout, month, sum(mess.rows for mess in messes))
    out = io.StringIO()
    rows = csv.writer(out, delimiter=layout.delimiter, lineterminator=layout.line_end)
    taken = iter(good)
    for mess in messes:
        if "blank" in mess.what:
            out.write(layout.line_end * 3)
        for number, row in enumerate(islice(taken, mess.rows)):
            rows.writerow(_spoiled(row, layout, mess, number))
    path.write_bytes((text + out.getvalue()).encode(ENCODING.get(layout.source, encoding)))


def _good_rows(text: str, layout: Layout, month: int, n: int) -> list[list[str]]:
    """Return the last ``n`` rows of the file whose own date lies in the month, by turns if fewer."""
    position = [column.name for column in layout.columns].index(layout.dated[0])
    year, number = month_text(month).split("-")
    wanted = f".{int(number)}.{year}" if layout.dates == "finnish" else f"{year}-{number}"
    lines = (line for line in reversed(text.splitlines()) if wanted in line)
    parsed = (next(csv.reader([line], delimiter=layout.delimiter)) for line in lines)
    found = list(islice((row for row in parsed if wanted in row[position]), n))
    return [found[i % len(found)] for i in range(n)] if found else []


def _spoiled(row: Sequence[str], layout: Layout, mess: Mess, number: int) -> list[str]:
    names = [column.name for column in layout.columns]
    cells = list(row)
    if not mess.key and layout.columns[0].kind == "id":
        cells[0] = f"{cells[0]}X{sum(map(ord, mess.what)) % 1000}{number}"
    for name, value in mess.cells.items():
        cells[names.index(name)] = value
    return cells[: mess.columns] if mess.columns < 0 else cells + ["?"] * mess.columns
