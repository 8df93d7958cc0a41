"""Each delivery shows its window as it was known on its extraction day, and nothing that breaks a rule."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from opti_reports.config.due import Due
from opti_reports.demo.days import extraction_moment
from opti_reports.demo.layout import LAYOUTS
from opti_reports.periods.months import parse_month
from tests.demo.reading import FIRST, LAST, Row, moment, month_of, rows_of

MONTHLY = ("2026-03", "2026-04", "2026-05", "2026-06", "2026-07", "2026-08")
# Dates that are plans: these may lie after the extraction day.
PLANNED = {"booked_for", "due_at", "first_due_at", "next_review_on", "ends_on"}
# Columns in the order in which things happen; filled in cells must not run back.
ORDERS = {
    "phone_contacts": (("arrived_at", "answered_at"), ("arrived_at", "first_callback_at", "reached_at")),
    "digi_contacts": (("opened_at", "first_response_at", "closed_at"),),
    "haipro_reports": (
        ("reported_at", "received_at", "classified_at", "analysed_at", "closed_at"),
        ("reported_at", "arrived_at", "transferred_at"),
    ),
    "client_feedback": (
        ("received_at", "first_handled_at", "first_replied_at", "closed_at"),
        ("first_replied_at", "reopened_at"),
        ("received_at", "rerouted_at"),
    ),
    "legal_cases": (("received_at", "replied_at"), ("received_at", "due_at")),
    "avohilmo_events": (
        ("contacted_at", "hta_at", "visit_start"),
        ("booked_at", "booked_for"),
        ("booked_at", "cancelled_at"),
    ),
    "action_register": (("opened_at", "done_at"), ("opened_at", "first_due_at"), ("opened_at", "due_at")),
    "contracts": (("starts_on", "ends_on"),),
}


def _by_id(demo: Path, source: str, month: str) -> dict[str, Row]:
    key = LAYOUTS[source].columns[0].name
    return {row[key]: row for row in rows_of(demo, source, month)}


def test_extraction_days() -> None:
    march = parse_month("2026-03")
    dues = [*(Due(working_day=n) for n in (3, 6, 8, 10)), Due(day=15)]
    days = [str(extraction_moment(march, due))[:10] for due in dues]
    assert days == ["2026-04-07", "2026-04-10", "2026-04-14", "2026-04-16", "2026-04-15"]
    assert str(extraction_moment(parse_month("2026-01"), Due(day=15)))[:10] == "2026-02-16"


@pytest.mark.parametrize("source", LAYOUTS)
@pytest.mark.parametrize("month", [FIRST, "2026-04"])
def test_no_date_lies_after_the_extraction_day(demo: Path, source: str, month: str) -> None:
    layout = LAYOUTS[source]
    day = dt.datetime.fromisoformat(str(extraction_moment(parse_month(month), layout.config.due)))
    dates = [c.name for c in layout.columns if c.kind in ("date", "datetime") and c.name not in PLANNED]
    rows = rows_of(demo, source, month)
    newest = {name: max((row[name] for row in rows if row[name]), key=moment, default="") for name in dates}
    late = {name: value for name, value in newest.items() if value and moment(value) > day}
    assert not late


@pytest.mark.parametrize("source", ORDERS)
def test_nothing_happens_before_its_cause(demo: Path, source: str) -> None:
    for row in rows_of(demo, source, LAST):
        for order in ORDERS[source]:
            moments = [moment(row[name]).date() for name in order if row[name]]
            assert moments == sorted(moments), row


@pytest.mark.parametrize("source", LAYOUTS)
def test_keys_are_unique_and_counts_not_negative(demo: Path, source: str) -> None:
    rows = rows_of(demo, source, LAST)
    layout = LAYOUTS[source]
    if layout.columns[0].kind == "id" and source != "legal_cases":
        ids = Counter(row[layout.columns[0].name] for row in rows)
        assert max(ids.values()) == 1
    counts = [column.name for column in layout.columns if column.kind == "integer"]
    assert not [row for row in rows if any(row[name].startswith("-") for name in counts)]


@pytest.mark.parametrize(
    ("source", "column", "months"),
    [
        ("phone_contacts", "arrived_at", 2),
        ("haipro_reports", "reported_at", 6),
        ("budget_monthly", "month", 12),
    ],
)
def test_a_delivery_reaches_back_over_its_window(demo: Path, source: str, column: str, months: int) -> None:
    found = Counter(month_of(row[column]) for row in rows_of(demo, source, LAST))
    first = parse_month(LAST) - months + 1
    assert {month for month, n in found.items() if n > 10} == {
        month for month in found if parse_month(month) >= first
    }
    assert sum(parse_month(month) >= first for month in found) == months


def test_visits_of_a_month_keep_coming_in(demo: Path) -> None:
    def of_march(month: str) -> int:
        visits = [row["visit_start"] for row in rows_of(demo, "avohilmo_events", month) if row["visit_start"]]
        return sum(month_of(visit) == "2026-03" for visit in visits)

    first, second, last = of_march("2026-03"), of_march("2026-04"), of_march("2026-08")
    assert first < second <= last
    assert first > 0.9 * last


def test_what_began_in_the_month_is_there_though_it_ended_later(demo: Path) -> None:
    rows = [row for row in rows_of(demo, "avohilmo_events", "2026-04") if row["visit_start"] > "2026-05"]
    assert [row for row in rows if "2026-04" <= row["hta_at"] < "2026-05"]
    assert all(min(filter(None, (row["hta_at"], row["contacted_at"]))) < "2026-05" for row in rows)


def test_incidents_are_closed_moved_and_kept_while_open(demo: Path) -> None:
    before, after = (_by_id(demo, "haipro_reports", month) for month in ("2026-04", "2026-05"))
    both = before.keys() & after.keys()
    assert [key for key in both if not before[key]["closed_at"] and after[key]["closed_at"]]
    old = [row for row in after.values() if month_of(row["reported_at"]) < "2025-12"]
    assert old
    assert all(not row["closed_at"] or month_of(row["closed_at"]) > "2026-05" for row in old)
    moved = 0
    for earlier, later in pairwise(MONTHLY):
        one, two = _by_id(demo, "haipro_reports", earlier), _by_id(demo, "haipro_reports", later)
        moved += sum(
            one[key]["handler_unit_code"] != two[key]["handler_unit_code"] for key in one.keys() & two.keys()
        )
    assert moved


def test_a_case_with_a_long_deadline_is_there_when_it_is_replied_to(demo: Path) -> None:
    late = [
        row
        for row in rows_of(demo, "legal_cases", LAST)
        if row["due_at"]
        and row["replied_at"]
        and moment(row["replied_at"]) <= moment(row["due_at"])
        and (moment(row["due_at"]) - moment(row["received_at"])).days > 190
    ]
    assert late


def test_feedback_is_rerouted_between_deliveries(demo: Path) -> None:
    moved = 0
    for earlier, later in pairwise(MONTHLY):
        one, two = _by_id(demo, "client_feedback", earlier), _by_id(demo, "client_feedback", later)
        moved += sum(one[key]["unit_code"] != two[key]["unit_code"] for key in one.keys() & two.keys())
    assert moved


def test_due_dates_move_and_keep_the_first(demo: Path) -> None:
    first, last = _by_id(demo, "action_register", "2026-03"), _by_id(demo, "action_register", LAST)
    moved = [key for key in first.keys() & last.keys() if first[key]["due_at"] != last[key]["due_at"]]
    assert moved
    assert all(last[key]["first_due_at"] for key in moved)


def test_budget_is_corrected_and_a_month_open(demo: Path) -> None:
    def cells(month: str, column: str) -> dict[tuple[str, str, str], str]:
        rows = rows_of(demo, "budget_monthly", month)
        return {(row["unit_code"], row["month"], row["account_group"]): row[column] for row in rows}

    one, two = cells("2026-05", "actual_eur"), cells("2026-06", "actual_eur")
    assert [key for key in one.keys() & two.keys() if key[1] == "2026-05" and one[key] != two[key]]
    opened = {key[1] for key, value in cells("2026-06", "month_closed").items() if value == "e"}
    assert opened == {"2026-06"}
    assert "e" not in cells("2026-07", "month_closed").values()
    forecasts = {
        (key[1], value)
        for key, value in cells(LAST, "forecast_year_eur").items()
        if key[::2] == ("41007", "henkilostokulut")
    }
    assert len({value for month, value in forecasts if month >= "2026"}) > 1
