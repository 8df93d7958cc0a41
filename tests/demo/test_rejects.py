"""Every row of a plain demo can be used; of a messy one the spoilt are rejected, each for its reason."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from opti_reports.demo import MESS, generate
from opti_reports.extracts.find import deliveries
from opti_reports.extracts.read import read
from opti_reports.periods.months import parse_month
from tests.demo.reading import ORGANISATION
from tests.extracts.shipped import configs

MONTH = "2025-04"
SECRET = b"0" * 32


@dataclass
class Told:
    """What is told of the last month's rows: rejected ones by source and reason, unknown cells by source."""

    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    cells: Counter[str] = field(default_factory=Counter)


def told(target: Path, *, mess: bool) -> Told:
    """Read the last month of a demo."""
    generate(target, MONTH, organisation_file=ORGANISATION, months=6, scale=0.005, mess=mess)
    month, known, found = parse_month(MONTH), configs(), Told()
    every = deliveries(target, month, known.sources, known.calendar, str)
    for delivery in (delivery for delivery in every if delivery.month == month):
        extract = read(known.sources[delivery.source], delivery, known.context(month), SECRET)
        found.reasons.update((delivery.source, reject.reason) for reject in extract.rejects)
        for one in extract.cells:
            found.cells[delivery.source] += one.cells if one.reason != "blank" else 0
    return found


def test_no_row_and_no_cell_of_a_plain_demo_is_unreadable(tmp_path: Path) -> None:
    plain = told(tmp_path, mess=False)
    assert plain.reasons == {}
    assert +plain.cells == {}


@pytest.fixture(scope="module")
def messy(tmp_path_factory: pytest.TempPathFactory) -> Told:
    return told(tmp_path_factory.mktemp("messy"), mess=True)


def spoilt(*fates: str) -> Counter[str]:
    """How many rows of each source have one of the fates."""
    found: Counter[str] = Counter()
    for mess in MESS:
        found[mess.source] += mess.rows if mess.fate in fates else 0
    return +found


def test_as_many_rows_are_rejected_as_were_spoilt(messy: Told) -> None:
    found: Counter[str] = Counter()
    for (source, _), rows in messy.reasons.items():
        found[source] += rows
    assert found == spoilt("rejected", "dropped", "replaced")


def test_as_many_cells_are_unknown_as_were_spoilt(messy: Told) -> None:
    assert +messy.cells == spoilt("unknown")


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
def test_rows_whose_dates_run_backwards_are_rejected_for_it(messy: Told, source: str, check: str) -> None:
    assert messy.reasons[source, f"check.{check}"] > 0
