"""Rows whose dates run backwards are rejected for that; dates without a time of day are taken by the day."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.extracts.reading import rejects
from tests.extracts.shipped import read_source

ROWS = {
    "action_register": {
        "nro": "t1", "yksikkö": "tapiola", "toimenpide": "Perehdytys", "lähde": "haipro", "tila": "valmis",
        "vastuurooli": "ylilääkäri", "avattu": "10.3.2026", "määräaika": "20.3.2026",
    },
    "legal_cases": {"asianumero": "a1", "asialaji": "kantelu", "kohdeyksikkö": "A", "saapunut": "10.3.2026"},
    "haipro_reports": {
        "nro": "h1", "ilmoituslaji": "wpro", "tapahtumayksikkö": "A", "vastuuyksikkö": "A", "tila": "valmis",
        "ilmoituspvm": "10.3.2026 14.30", "vastaanotettu": "", "luokittelupvm": "", "analysoitu": "",
    },
    "client_feedback": {"tunniste": "f1", "kohde": "", "tila": "suljettu", "saapunut": "10.3.2026 14.30"},
    "avohilmo_events": {
        "avohilmo_id": "e1", "yksikko_oid": "A", "shnro": "x", "ika": "40", "palvelumuoto": "T11",
        "ammattiluokka": "LK", "ensikontakti": "10.3.2026 14.30", "ajanvaraus_ajankohta": "10.3.2026 14.30",
    },
}  # fmt: skip
"""A row of each source that breaks no rule."""
LATER = [
    ("action_register", "alkuperäinen_määräaika", "first_due_after_opening"),
    ("action_register", "määräaika", "due_after_opening"),
    ("action_register", "valmis", "done_after_opening"),
    ("legal_cases", "määräaika", "due_after_arrival"),
    ("legal_cases", "vastattu", "replied_after_arrival"),
    ("haipro_reports", "saapumispvm", "arrived_after_report"),
    ("haipro_reports", "siirtopvm", "transferred_after_report"),
    ("haipro_reports", "vastaanotettu", "received_after_report"),
    ("haipro_reports", "luokittelupvm", "classified_after_report"),
    ("haipro_reports", "analysoitu", "analysed_after_report"),
    ("haipro_reports", "valmis_pvm", "closed_after_report"),
    ("client_feedback", "käsitelty", "handled_after_arrival"),
    ("client_feedback", "vastattu", "replied_after_arrival"),
    ("client_feedback", "siirretty", "rerouted_after_arrival"),
    ("client_feedback", "avattu_uudelleen", "reopened_after_arrival"),
    ("avohilmo_events", "hta_pvm", "assessed_after_contact"),
    ("avohilmo_events", "käyntipvm", "visit_after_contact"),
    ("avohilmo_events", "ajanvaraus_varattu", "booked_ahead"),
    ("avohilmo_events", "peruutus_ajankohta", "cancelled_after_booking"),
]


def reasons(folder: Path, source: str, **cells: str) -> list[str]:
    """Why a row of the source is rejected once these cells are put into it."""
    row = ROWS[source] | cells
    text = f"{';'.join(row)}\n{';'.join(row.values())}\n"
    return [reason for _, reason, *_ in rejects(read_source(folder, source, text))]


@pytest.mark.parametrize(("source", "column", "check"), LATER)
def test_what_comes_before_its_cause_rejects_the_row(
    tmp_path: Path, source: str, column: str, check: str
) -> None:
    assert reasons(tmp_path, source, **{column: "9.3.2026"}) == [f"check.{check}"]
    assert reasons(tmp_path, source, **{column: "10.3.2026"}) == [], "the same day"


def test_a_report_closed_before_it_was_received_is_rejected(tmp_path: Path) -> None:
    closed = {"vastaanotettu": "13.3.2026 8.00", "valmis_pvm": "12.3.2026"}
    assert reasons(tmp_path, "haipro_reports", **closed) == ["check.closed_after_receipt"]
    assert reasons(tmp_path, "haipro_reports", **closed | {"valmis_pvm": "13.3.2026"}) == []


@pytest.mark.parametrize(
    ("given", "done", "why"),
    [("2", "2", []), ("2", "3", ["check.recommendations_carried_out"]), ("", "3", []), ("2", "", [])],
)
def test_no_more_recommendations_are_carried_out_than_were_given(
    tmp_path: Path, given: str, done: str, why: list[str]
) -> None:
    text = "tunniste;palveluyksikkö;avattu;tila;suosituksia;suosituksia_toteutettu\n"
    row = f"v1;etela_espoo;31.3.2026;toteutettu;{given};{done}\n"
    assert [r.reason for r in read_source(tmp_path, "serious_incidents", text + row).rejects] == why
