"""Cases on the boundary of a deadline: the last day of a month, eves and holidays, who has the case then."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from opti_reports.config.configs import Configs
from opti_reports.model.value import Values
from opti_reports.periods.cadence import MONTH
from opti_reports.periods.months import parse_month
from opti_reports.periods.period import Period
from tests.hand_cases import HandCase, SourceRows, load_cases, write_files
from tests.pipeline import computed, shipped

HAIPRO = "report_id;report_type;event_unit_code;handler_unit_code;reported_at;received_at;analysed_at;state"
MOVED = f"{HAIPRO};transferred_at;transferred_from_unit_code"
FEEDBACK = "feedback_id;unit_code;received_at;reply_wanted;first_handled_at;first_replied_at;state"
LEGAL = "case_id;unit_code;case_kind;received_at;due_at;replied_at"
WEEK, TEN, FIVE, REPLY = (
    "haipro_classified_7d_pct",
    "haipro_occ_safety_10wd_pct",
    "feedback_answered_5wd_pct",
    "legal_replies_on_time_pct",
)


@pytest.fixture(scope="module")
def configs() -> Configs:
    return shipped()


def case(month: str, source: str, header: str, *rows: str) -> HandCase:
    cells = tuple(tuple(row.split(";")) for row in rows)
    return HandCase("", month, (SourceRows(source, month, tuple(header.split(";")), cells),), ())


def values(configs: Configs, folder: Path, made: HandCase) -> Values:
    write_files(made, folder / "data")
    return computed(configs, folder / "data", folder, made.month)


def patient(reported: str, done: str) -> tuple[str, str, str]:
    row = f"h1;patient_safety;AVO-05;AVO-05;{reported}T12:00;{done}T13:00;{done}T14:00;kasittelyssa"
    return "haipro_reports", HAIPRO, row


def staff(arrived: str, done: str) -> tuple[str, str, str]:
    row = f"h1;occupational_safety;AVO-05;AVO-05;{arrived}T12:00;{arrived}T13:00;{done}T23:59;kasittelyssa"
    return "haipro_reports", HAIPRO, row


def feedback(received: str, done: str, replied: str = "", wanted: str = "e") -> tuple[str, str, str]:
    answer = f"{replied}T10:00" if replied else ""
    return (
        "client_feedback",
        FEEDBACK,
        f"f1;Tapiola ta;{received}T20:00;{wanted};{done}T23:00;{answer};vastattu",
    )


def legal(received: str, replied: str, due: str = "") -> tuple[str, str, str]:
    return "legal_cases", LEGAL, f"c1;ASH005;muistutus;{received};{due};{replied}"


@pytest.mark.parametrize(
    ("metric", "rows", "month", "in_time"),
    [
        # A week of calendar days: due on the last day of March, or on the first of April.
        (WEEK, patient("2026-03-24", "2026-03-31"), "2026-03", 1),
        (WEEK, patient("2026-03-25", "2026-04-01"), "2026-04", 1),
        (WEEK, patient("2026-03-24", "2026-04-01"), "2026-03", 0),
        # Christmas: Eve, two holidays and a weekend are no working days; the tenth is Monday 29 December.
        (TEN, staff("2025-12-10", "2025-12-29"), "2025-12", 1),
        (TEN, staff("2025-12-10", "2025-12-30"), "2025-12", 0),
        # Good Friday and Easter Monday: the fifth working day from Friday 27 March is Tuesday 7 April.
        (FIVE, feedback("2026-03-27", "2026-04-07"), "2026-04", 1),
        (FIVE, feedback("2026-03-27", "2026-04-08"), "2026-04", 0),
        # Due on the last day of March: received on Tuesday the 24th; a day later it belongs to April.
        (FIVE, feedback("2026-03-24", "2026-03-31"), "2026-03", 1),
        (FIVE, feedback("2026-03-25", "2026-04-01"), "2026-04", 1),
        # Midsummer Eve is no working day: the fifth from Monday 15 June is Tuesday the 23rd.
        (FIVE, feedback("2026-06-15", "2026-06-23"), "2026-06", 1),
        (FIVE, feedback("2026-06-15", "2026-06-24"), "2026-06", 0),
        # Received on a Saturday: counted from the Saturday, so due on the Friday after.
        (FIVE, feedback("2026-05-23", "2026-05-29"), "2026-05", 1),
        # Handled in time, but the answer that was wished for came a day late.
        (FIVE, feedback("2026-05-18", "2026-05-20", "2026-05-26", "k"), "2026-05", 0),
        # Four weeks end on the last day of March; a date of its own goes first, also where it is later.
        (REPLY, legal("2026-03-03", "2026-03-31"), "2026-03", 1),
        (REPLY, legal("2026-03-03", "2026-04-01"), "2026-03", 0),
        (REPLY, legal("2026-03-04", "2026-04-01"), "2026-04", 1),
        (REPLY, legal("2026-03-03", "2026-04-30", "2026-04-30"), "2026-04", 1),
    ],
)
def test_a_case_on_the_boundary_belongs_to_the_month_of_its_deadline(
    metric: str,
    rows: tuple[str, str, str],
    month: str,
    in_time: int,
    configs: Configs,
    tmp_path: Path,
) -> None:
    source, header, row = rows
    found = values(configs, tmp_path, case(month, source, header, row))
    cadence = configs.metrics[metric].cadences[0]
    due = found.get(metric, "tapiola", Period(cadence, parse_month(month)))
    assert due.num == in_time
    assert due.den == 1
    other = found.get(metric, "tapiola", Period(cadence, parse_month(month) - 1))
    assert not other.den


@pytest.mark.parametrize(
    ("moved", "unit"),
    [("2026-03-31T23:00", "matinkyla"), ("2026-04-01T00:30", "tapiola")],
)
def test_a_report_belongs_to_the_unit_that_had_it_on_the_day_it_was_due(
    moved: str, unit: str, configs: Configs, tmp_path: Path
) -> None:
    row = f"h1;patient_safety;AVO-05;AVO-04;2026-03-24T12:00;;;siirretty;{moved};AVO-05"
    found = values(configs, tmp_path, case("2026-04", "haipro_reports", MOVED, row))
    march = Period(MONTH, parse_month("2026-03"))
    held = {org: found.get(WEEK, org, march).den for org in ("tapiola", "matinkyla")}
    assert held[unit] == 1
    assert not held[({*held} - {unit}).pop()]


def test_a_reopening_and_a_deletion_change_what_is_counted_by_rule(configs: Configs, tmp_path: Path) -> None:
    """The first answer of reopened feedback counts; what the newest delivery no longer has is not counted."""
    header = f"{FEEDBACK};reopened_at"
    reopened = (
        "f1;Tapiola ta;2026-03-02T10:00;k;2026-03-03T10:00;2026-03-04T10:00;kasittelyssa;2026-03-20T10:00"
    )
    deleted = "f2;Tapiola ta;2026-03-02T10:00;e;;;uusi;"
    write_files(case("2026-03", "client_feedback", header, reopened, deleted), tmp_path / "data")
    filler = tuple(f"g{n};Tapiola ta;2026-04-0{n}T10:00;e;;;uusi;" for n in range(1, 10))
    found = values(configs, tmp_path, case("2026-04", "client_feedback", header, reopened, *filler))
    march = Period(MONTH, parse_month("2026-03"))
    due, came = (found.get(metric, "tapiola", march) for metric in (FIVE, "feedback_n"))
    assert due.num == 1
    assert due.den == 1
    assert came.value == 1
    assert found.get("feedback_reopened_n", "tapiola", march).value == 1


@pytest.mark.parametrize("metric", ["feedback_n", FIVE])
def test_feedback_is_the_sum_of_service_units_and_of_the_administration(
    metric: str, configs: Configs, tmp_path: Path
) -> None:
    """Feedback without a unit is the administration's; no total has more or less than its parts."""
    (made,) = (one for one in load_cases() if one.metric == metric)
    found = values(configs, tmp_path, made)
    tree = configs.organisation.tree(parse_month(made.month))
    month = Period(MONTH, parse_month(made.month))

    def parts(org: str) -> tuple[Fraction, Fraction]:
        value = found.get(metric, org, month)
        return value.num or Fraction(0), value.den or Fraction(0)

    whole = parts(tree.root.id)
    for nodes in (tree.children(tree.root.id), tree.below(tree.root.id)):
        each = [parts(node.id) for node in nodes]
        assert (sum(num for num, _ in each), sum(den for _, den in each)) == whole
    assert tree.by_id["hallinto"].parent == tree.root.id
    assert sum(whole) > sum(parts("hallinto")) > 0
