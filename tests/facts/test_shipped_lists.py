"""Open cases and actions stand in the lists as they were at the end of the month, though extracted later."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.extracts.shipped import counted

ACTIONS = (
    "nro;yksikkö;toimenpide;lähde;avattu;aloitettu;määräaika;valmis;tila;vastuurooli;viety_tasolle;vastaus;"
    "vastattu;vastaaja"
)
HAIPRO = (
    "ilmoitusnumero;ilmoitustyyppi;tapahtumayksikkö;käsittelevä_yksikkö;ilmoitettu;siirretty;siirtävä_yksikkö;"
    "vastaanotettu;luokiteltu;käsitelty;tila;toimenpide_ehdotus"
)


def shown(folder: Path, source: str, listed: str, header: str, *rows: str) -> list[dict[str, str]]:
    """The cells of a list of March 2026, extracted in April."""
    frame = counted(folder, source, "\n".join([header, *rows]) + "\n").lists[listed]
    return [{str(name): str(cell) for name, cell in row.items()} for row in frame.to_dict("records")]


def action(
    folder: Path, started: str, done: str, state: str, answer: str = ";;;", opened: str = "1.3.2026"
) -> list[dict[str, str]]:
    row = f"t1;tapiola;Perehdytys;haipro;{opened};{started};31.5.2026;{done};{state};ylilääkäri;{answer}"
    return shown(folder, "action_register", "actions", ACTIONS, row)


@pytest.mark.parametrize(
    ("started", "done", "state", "then"),
    [
        ("5.3.2026", "31.3.2026", "valmis", ("2026-03-05", "2026-03-31", "valmis")),
        ("5.3.2026", "1.4.2026", "valmis", ("2026-03-05", "", "kaynnissa")),
        ("1.4.2026", "2.4.2026", "valmis", ("", "", "sovittu")),
        ("1.4.2026", "", "käynnissä", ("", "", "sovittu")),
        ("", "", "käynnissä", ("", "", "kaynnissa")),
        ("", "", "ehdotettu", ("", "", "ehdotettu")),
    ],
)
def test_what_was_done_after_the_month_is_not_done_yet(
    tmp_path: Path, started: str, done: str, state: str, then: tuple[str, str, str]
) -> None:
    (row,) = action(tmp_path, started, done, state)
    assert (row["started_at"], row["done_at"], row["state"]) == then


@pytest.mark.parametrize(
    ("answer", "then"),
    [
        ("johtoryhmä;hyväksytty;31.3.2026;johtaja", ("hyvaksytty", "2026-03-31", "johtaja")),
        ("johtoryhmä;hyväksytty;1.4.2026;johtaja", ("odottaa", "", "")),
        ("johtoryhmä;odottaa;;", ("odottaa", "", "")),
        (";;;", ("", "", "")),
    ],
)
def test_what_was_answered_after_the_month_is_not_answered_yet(
    tmp_path: Path, answer: str, then: tuple[str, str, str]
) -> None:
    (row,) = action(tmp_path, "", "", "sovittu", answer)
    assert (row["answer"], row["answered_at"], row["answered_by_role"]) == then


def test_actions_of_the_next_month_and_cancelled_ones_are_not_listed(tmp_path: Path) -> None:
    assert len(action(tmp_path, "", "", "sovittu", opened="31.3.2026")) == 1
    assert action(tmp_path, "", "", "sovittu", opened="1.4.2026") == []
    assert action(tmp_path, "", "", "peruttu") == []


@pytest.mark.parametrize(
    ("dates", "then"),
    [
        (";;;;", ("B", "odottaa")),
        (";;31.3.2026 8.00;;", ("B", "kasittelyssa")),
        (";;1.4.2026 8.00;1.4.2026 9.00;2.4.2026 8.00", ("B", "odottaa")),
        ("30.3.2026 8.00;A;;;", ("B", "siirretty")),
        ("1.4.2026 8.00;A;2.4.2026 8.00;;", ("A", "odottaa")),
        (";;31.3.2026 8.00;31.3.2026 9.00;1.4.2026 8.00", ("B", "kasittelyssa")),
    ],
)
@pytest.mark.parametrize("listed", ["open_haipro", "action_haipro"])
def test_a_report_stands_where_and_as_it_was_at_the_end_of_the_month(
    tmp_path: Path, listed: str, dates: str, then: tuple[str, str]
) -> None:
    row = f"h1;potilasturvallisuus;A;B;20.3.2026 10.00;{dates};käsitelty;kehittämistoimenpide"
    (found,) = shown(tmp_path, "haipro_reports", listed, HAIPRO, row)
    assert (found["unit"], found["state"]) == then


def test_a_report_closed_in_the_month_is_open_no_more_and_said_to_be_handled(tmp_path: Path) -> None:
    row = "h1;haipro;A;B;20.3.2026 10.00;;;21.3.2026 8.00;;31.3.2026 8.00;käsitelty;ylemmälle tasolle"
    assert shown(tmp_path, "haipro_reports", "open_haipro", HAIPRO, row) == []
    (found,) = shown(tmp_path, "haipro_reports", "action_haipro", HAIPRO, row)
    assert found["state"] == "kasitelty"


def test_a_report_about_occupational_safety_is_listed_to_its_unit_alone(tmp_path: Path) -> None:
    row = "h1;wpro;A;B;20.3.2026 10.00;;;21.3.2026 8.00;;;odottaa;ylemmälle tasolle"
    assert len(shown(tmp_path, "haipro_reports", "open_haipro", HAIPRO, row)) == 1
    assert shown(tmp_path, "haipro_reports", "action_haipro", HAIPRO, row) == []


def test_the_state_of_a_serious_incident_is_said_to_be_of_the_extraction(tmp_path: Path) -> None:
    header = "tunniste;palveluyksikkö;avattu;tila;suosituksia;suosituksia_toteutettu"
    rows = ("v1;A;31.3.2026;selvitys valmis;2;0", "v2;A;1.4.2026;tunnistettu;;")
    (found,) = shown(tmp_path, "serious_incidents", "serious_incidents", header, *rows)
    assert found["state_extracted"] == "selvitys_valmis"
    assert "state" not in found
