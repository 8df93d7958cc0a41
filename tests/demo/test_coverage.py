"""The demo produces every code and both states of every nullable column: nothing stays untried."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from pathlib import Path

from opti_reports.demo.layout import LAYOUTS
from tests.demo.reading import FIRST, LAST, moment, rows_of

# Cells that the config lets be empty, and that everyone fills in who answers at all.
NEVER_EMPTY = {("preparation_notes", "cause")}


def never_produced(target: Path) -> list[str]:
    """What no file of the demo holds: codes, empty cells of nullable columns, filled cells of any column."""
    missing = []
    for source, layout in LAYOUTS.items():
        seen: dict[str, set[str]] = defaultdict(set)
        for month in sorted(path.name for path in target.iterdir()):
            for row in rows_of(target, source, month):
                for name, cell in row.items():
                    seen[name].add(cell)
        for column in layout.columns:
            wanted = {*column.spellings} if column.kind == "enum" else set()
            wanted |= {*layout.booleans} if column.kind == "boolean" else set()
            wanted |= {*column.spellings} if column.kind == "integer" else set()
            missing += [f"{source}.{column.name}: {code!r}" for code in sorted(wanted - seen[column.name])]
            if column.nullable and "" not in seen[column.name] and (source, column.name) not in NEVER_EMPTY:
                missing.append(f"{source}.{column.name}: an empty cell")
            if not column.nullable and "" in seen[column.name]:
                missing.append(f"{source}.{column.name}: empty although required")
            if not seen[column.name] - {""}:
                missing.append(f"{source}.{column.name}: any value")
    return missing


def test_every_code_and_every_empty_cell_occurs(demo: Path) -> None:
    assert never_produced(demo) == []


def test_days_that_are_easy_to_get_wrong_occur(demo: Path) -> None:
    calls = [moment(row["arrived_at"]) for row in rows_of(demo, "phone_contacts", FIRST)]
    visits = [
        moment(row["visit_start"]) for row in rows_of(demo, "avohilmo_events", FIRST) if row["visit_start"]
    ]
    days = {moment.date() for moment in (*calls, *visits)}
    assert {dt.date(2024, 2, 29), dt.date(2024, 12, 31), dt.date(2025, 1, 1)} <= days
    assert any(day.weekday() == 6 for day in days)
    assert any(dt.datetime(2024, 3, 31, 2) <= call < dt.datetime(2024, 3, 31, 3) for call in calls)
    assert any(dt.datetime(2024, 10, 27, 3) <= call < dt.datetime(2024, 10, 27, 4) for call in calls)
    assert not any(dt.datetime(2024, 3, 31, 3) <= call < dt.datetime(2024, 3, 31, 4) for call in calls)


def test_ages_around_the_limits_and_the_longest_wait_occur(demo: Path) -> None:
    ages = {row["age_at_event"] for row in rows_of(demo, "avohilmo_events", FIRST) if row["hta_at"]}
    assert {"0", "22", "23", "64", "65"} <= ages
    books = rows_of(demo, "t3_snapshots", FIRST)
    assert "182" in {row["t3_days"] for row in books}
    assert {row["cles_scale_max"] for row in rows_of(demo, "students_term", LAST)} == {"", "10"}


def test_legal_cases_concern_two_units_and_agree_on_their_dates(demo: Path) -> None:
    cases: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for row in rows_of(demo, "legal_cases", FIRST):
        cases[row["case_id"]].append((row["case_kind"], row["received_at"], row["due_at"], row["replied_at"]))
    double = [rows for rows in cases.values() if len(rows) > 1]
    assert double
    assert all(len(set(rows)) == 1 for rows in double)


def test_quotes_are_few_and_in_two_languages(demo: Path) -> None:
    rows = rows_of(demo, "client_feedback", FIRST)
    marked = [row for row in rows if row["quote_marked"] == "kyllä"]
    assert 0.02 < len(marked) / len(rows) < 0.12
    assert all(row["text"] for row in marked)
    assert {row["language"] for row in marked} >= {"fi", "sv"}
