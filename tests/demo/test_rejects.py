"""Every row of a plain demo can be used; of a messy one the spoilt are rejected, each for its reason."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from opti_reports.demo import MESS, generate
from opti_reports.extracts.find import deliveries
from opti_reports.extracts.read import read
from opti_reports.model.period import parse_month
from tests.demo.reading import ORGANISATION
from tests.extracts.shipped import configs

MONTH = "2025-04"
SECRET = b"0" * 32


def reasons(target: Path, *, mess: bool) -> Counter[tuple[str, str]]:
    """Rejected rows of the last month by source and reason."""
    generate(target, MONTH, organisation_file=ORGANISATION, months=6, scale=0.005, mess=mess)
    month, known = parse_month(MONTH), configs()
    found = [d for d in deliveries(target, month, known.sources, known.calendar, str) if d.month == month]
    return Counter(
        (delivery.source, reject.reason)
        for delivery in found
        for reject in read(known.sources[delivery.source], delivery, known.context(month), SECRET).rejects
    )


def test_no_row_of_a_plain_demo_is_rejected(tmp_path: Path) -> None:
    assert reasons(tmp_path, mess=False) == {}


@pytest.fixture(scope="module")
def messy(tmp_path_factory: pytest.TempPathFactory) -> Counter[tuple[str, str]]:
    return reasons(tmp_path_factory.mktemp("messy"), mess=True)


def test_as_many_rows_are_rejected_as_were_spoilt(messy: Counter[tuple[str, str]]) -> None:
    gone = ("rejected", "dropped", "replaced")
    spoilt = Counter({source: 0 for source, _ in messy})
    for mess in MESS:
        spoilt[mess.source] += mess.rows if mess.fate in gone else 0
    found: Counter[str] = Counter()
    for (source, _), rows in messy.items():
        found[source] += rows
    assert found == +spoilt


@pytest.mark.parametrize(
    ("source", "check"),
    [
        ("phone_contacts", "callback_after_arrival"),
        ("avohilmo_events", "visit_after_contact"),
        ("avohilmo_events", "booked_ahead"),
        ("haipro_reports", "arrived_after_report"),
        ("haipro_reports", "transferred_after_report"),
        ("haipro_reports", "closed_after_report"),
        ("haipro_reports", "closed_after_receipt"),
        ("client_feedback", "handled_after_arrival"),
        ("client_feedback", "rerouted_after_arrival"),
        ("client_feedback", "reopened_after_arrival"),
        ("legal_cases", "due_after_arrival"),
        ("legal_cases", "replied_after_arrival"),
    ],
)
def test_rows_whose_dates_run_backwards_are_rejected_for_it(
    messy: Counter[tuple[str, str]], source: str, check: str
) -> None:
    assert messy[source, f"check.{check}"] > 0
