"""Every story is visible in the raw rows, and gone without stories."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from opti_reports.demo import STORIES, generate
from opti_reports.demo.days import workdays_in
from opti_reports.periods.months import parse_month
from tests.demo.reading import LAST, ORGANISATION, Row, moment, month_of, rows_of, share

Months = tuple[str, ...]
BEFORE: Months = ("2025-12", "2026-01", "2026-02")
AFTER: Months = ("2026-04", "2026-05", "2026-06", "2026-07", "2026-08")


def _history(demo: Path, source: str, column: str) -> list[Row]:
    """Each month's rows from the newest delivery that has them."""
    seen: dict[str, list[Row]] = {}
    for folder in sorted(path.name for path in demo.iterdir()):
        found: dict[str, list[Row]] = {}
        for row in rows_of(demo, source, folder):
            found.setdefault(month_of(row[column]), []).append(row)
        seen |= found
    return [row for month in sorted(seen) for row in seen[month]]


def _immediate(rows: list[Row], queue: str, months: Months) -> float:
    chosen = [
        row
        for row in rows
        if row["unit_code"] == queue and month_of(row["arrived_at"]) in months
        and row["end_state"] != "tuplapyyntö" and row["in_opening_hours"] != "e"
    ]  # fmt: skip
    return share(
        [_within(row, row["answered_at"] or row["reached_at"], dt.timedelta(minutes=30)) for row in chosen]
    )


def _within(row: Row, later: str, limit: dt.timedelta) -> bool:
    return bool(later) and moment(later) - moment(row["arrived_at"]) <= limit


def _called_back(rows: list[Row], queue: str, months: Months) -> float:
    chosen = [
        row
        for row in rows
        if row["unit_code"] == queue and month_of(row["arrived_at"]) in months
        and row["contact_kind"] == "Takaisinsoitto" and row["end_state"] != "tuplapyyntö"
    ]  # fmt: skip
    return share([_within(row, row["first_callback_at"], dt.timedelta(hours=24)) for row in chosen])


def test_phone_queue_collapses(demo: Path) -> None:
    rows = _history(demo, "phone_contacts", "arrived_at")
    assert _immediate(rows, "TA Matinkylä", BEFORE) > 0.68
    assert _immediate(rows, "TA Matinkylä", AFTER) < 0.55
    assert _immediate(rows, "TA Espoonlahti", AFTER) > 0.68


def test_callbacks_recover_after_an_action(demo: Path) -> None:
    rows = _history(demo, "phone_contacts", "arrived_at")
    assert _called_back(rows, "TA Lohja", ("2025-07", "2025-08", "2025-09", "2025-10", "2025-11")) < 0.90
    assert _called_back(rows, "TA Lohja", ("2025-12", "2026-01", "2026-02", "2026-03", "2026-04")) > 0.93
    actions = rows_of(demo, "action_register")
    started = [
        r["started_at"] for r in actions if (r["unit_code"], r["metric_id"]) == ("lohja", "callback_24h_pct")
    ]
    assert "2025-11-01" in started


def _ratio(rows: list[Row], above: str, below: str) -> float:
    top, bottom = (sum(float(row[name].replace(",", ".")) for row in rows) for name in (above, below))
    return top / bottom


def _sick(demo: Path, month: str, unit: str) -> float:
    rows = _history(demo, "hr_monthly", "month")
    chosen = [row for row in rows if row["unit_code"] == unit and row["month"] == month]
    return _ratio(chosen, "sick_calendar_days", "service_calendar_days")


def test_sick_leave_rises_in_one_unit(demo: Path) -> None:
    assert _sick(demo, "2026-08", "7012") > 1.5 * _sick(demo, "2025-08", "7012")
    assert _sick(demo, "2026-08", "7003") < 1.5 * _sick(demo, "2025-08", "7003")


def test_a_digital_launch_shifts_calls(demo: Path) -> None:
    calls = [month_of(row["arrived_at"]) for row in _history(demo, "phone_contacts", "arrived_at")]
    cases = [month_of(row["opened_at"]) for row in _history(demo, "digi_contacts", "opened_at")]
    before, after = (cases.count(m) / (cases.count(m) + calls.count(m)) for m in ("2025-05", "2026-05"))
    assert before < 0.17
    assert after > 0.21


def test_incident_reports_are_late_in_one_unit(demo: Path) -> None:
    rows = [
        row for row in _history(demo, "haipro_reports", "reported_at") if row["handler_unit_code"] == "AVO-05"
    ]
    late = [_late(row) for row in rows if month_of(row["reported_at"]) in ("2026-05", "2026-06", "2026-07")]
    earlier = [_late(row) for row in rows if month_of(row["reported_at"]) < "2026-05"]
    assert share(late) > 0.5
    assert share(earlier) < 0.3


def _late(row: Row) -> bool:
    done = row["analysed_at"]
    return not done or (moment(done).date() - moment(row["reported_at"]).date()).days > 7


def test_a_small_unit_stops_reporting_incidents(demo: Path) -> None:
    rows = _history(demo, "haipro_reports", "reported_at")
    reported = {month_of(row["reported_at"]) for row in rows if row["event_unit_code"] == "AVO-15"}
    handled = {month_of(row["reported_at"]) for row in rows if row["handler_unit_code"] == "AVO-15"}
    assert len(reported) > 12
    assert max(reported | handled) == "2026-04"
    assert {month_of(row["reported_at"]) for row in rows if row["event_unit_code"] == "AVO-16"} >= {"2026-07"}


def test_one_service_unit_overruns_its_budget(demo: Path) -> None:
    rows = [row for row in rows_of(demo, "budget_monthly") if row["account_group"] != "tuotot"]
    this_year = [row for row in rows if row["month"] >= "2026-01"]
    told = [row for row in this_year if row["unit_code"] in ("41007", "41009", "41010")]
    others = [row for row in this_year if row["unit_code"] in ("41003", "41004", "41005")]
    assert _ratio(told, "actual_eur", "budget_eur") > 1.045
    assert _ratio(others, "actual_eur", "budget_eur") < 1.03


def test_without_stories_nothing_happens(tmp_path: Path) -> None:
    generate(tmp_path, LAST, organisation_file=ORGANISATION, months=9, scale=0.01, stories=False)
    rows = _history(tmp_path, "phone_contacts", "arrived_at")
    assert _immediate(rows, "TA Matinkylä", AFTER) > 0.68
    assert not [row for row in rows_of(tmp_path, "action_register") if row["started_at"] == "2025-11-01"]
    reports = _history(tmp_path, "haipro_reports", "reported_at")
    reported = {month_of(row["reported_at"]) for row in reports if row["event_unit_code"] == "AVO-15"}
    assert reported & {"2026-05", "2026-06", "2026-07", "2026-08"}


def test_without_stories_only_chance_and_working_days_tell_months_apart(tmp_path: Path) -> None:
    generate(
        tmp_path,
        LAST,
        organisation_file=ORGANISATION,
        months=26,
        scale=0.02,
        stories=False,
        sources=("phone_contacts", "digi_contacts", "hr_monthly"),
    )
    calls = _history(tmp_path, "phone_contacts", "arrived_at")
    assert not [row for row in calls if row["unit_code"] == "TA Kilo"]
    months = [month_of(row["arrived_at"]) for row in calls]
    cases = [month_of(row["opened_at"]) for row in _history(tmp_path, "digi_contacts", "opened_at")]
    a_day = {month: months.count(month) / workdays_in(parse_month(month)) for month in sorted(set(months))}
    usual = sum(a_day.values()) / len(a_day)
    assert all(abs(n / usual - 1) < 0.12 for n in a_day.values()), a_day
    digital = [_digital(months, cases, year) for year in ("2024", "2026")]
    assert abs(digital[0] - digital[1]) < 0.01
    sick = [_all_sick(tmp_path, month) for month in ("2026-01", "2026-07")]
    assert abs(sick[0] / sick[1] - 1) < 0.15


def _digital(calls: list[str], cases: list[str], year: str) -> float:
    """Which part of a year's contacts is digital."""
    of_calls, of_cases = (sum(month.startswith(year) for month in months) for months in (calls, cases))
    return of_cases / (of_cases + of_calls)


def _all_sick(demo: Path, month: str) -> float:
    rows = [row for row in _history(demo, "hr_monthly", "month") if row["month"] == month]
    return _ratio(rows, "sick_calendar_days", "service_calendar_days")


def test_stories_name_units_of_the_organisation() -> None:
    text = ORGANISATION.read_text(encoding="utf-8")
    for story in STORIES:
        assert not story.unit or f'id = "{story.unit}"' in text, story.id
        assert story.from_month <= 0
