"""Exports with Swedish headings and words, in the encodings they come in, are read like the Finnish ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.extracts.reading import column, rejects
from tests.extracts.shipped import read_source

FILES = {
    "phone_contacts": (
        "Samtals-ID;Enhet;Kontakttyp;Ankomsttid;Besvarad;Slutläge;Språk\n"
        "p1;TA Tapiola;Inkommande samtal;5.3.2026 kl. 9.05;5.3.2026 kl. 9.07;Besvarat;Svenska\n"
    ),
    "haipro_reports": (
        "Anmälningsnummer;Anmälningstyp;Händelseenhet;Behandlande enhet;Anmäld;Läge\n"
        "h1;Patientsäkerhet;A;A;5.3.2026 9:05;Under behandling\n"
    ),
    "client_feedback": "Respons-ID;Enhet;Mottagen;Responstyp;Läge\nf1;A;5.3.2026 9:05;Beröm;Besvarad\n",
    "legal_cases": "Diarienummer;Ärendetyp;Enhet;Mottagen;Tidsfrist\na1;Klagomål;A;5.3.2026;2.4.2026\n",
    "action_register": (
        "Åtgärdsnummer;Enhet;Åtgärd;Källa;Öppnad;Tidsfrist;Läge;Ansvarig roll\n"
        "t1;tapiola;Inskolning;Mätare;5.3.2026;1.5.2026;Pågår;överläkare\n"
    ),
    "resourcing_weekly": "Enhet;Vecka;Yrkesgrupp;Planerat;Utfall\nA;vecka 9/2026;Läkare;1 012,5;950\n",
    "hr_monthly": (
        "Enhet;Månad;Yrkesgrupp;Fast anställda i slutet av månaden;Anställda i slutet av månaden;Vakanser;"
        "Lediga vakanser;Avgångna fast anställda;Sjukfrånvarodagar;Anställningsdagar\n"
        "7001;mars 2026;Sjukskötare;12;14;15,5;1,5;0;21;420\n"
    ),
    "training_monthly": (
        "Enhet;Månad;Yrkesgrupp;Utbildningsdagar;Deltagare sedan årets början;Antal anställda\n"
        "7001;3/2026;Övriga;4,5;3;12\n"
    ),
    "students_term": "Enhet;Månad;Utbildningsnivå;Erbjudna platser;Fyllda platser\nJ1;2026-03;YH;4;3\n",
    "wellbeing_survey": "Enhet;Enkätomgång;Fråga;Inbjudna;Svar;Medelvärde\nT1;mars 2026;index;20;12;3,9\n",
}  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
@pytest.mark.parametrize("source", FILES)
def test_a_swedish_export_is_read(tmp_path: Path, source: str, encoding: str) -> None:
    extract = read_source(tmp_path, source, FILES[source].encode(encoding))
    assert rejects(extract) == []
    assert extract.size == 1
    assert extract.ignored == ()


def test_swedish_words_mean_the_same_codes_and_amounts(tmp_path: Path) -> None:
    call = read_source(tmp_path, "phone_contacts", FILES["phone_contacts"])
    assert [column(call, name) for name in ("contact_kind", "end_state", "language", "answered_at")] == [
        ["live_call"], ["answered"], ["sv"], ["2026-03-05 09:07"],
    ]  # fmt: skip
    week = read_source(tmp_path, "resourcing_weekly", FILES["resourcing_weekly"])
    assert (column(week, "profession_class"), column(week, "planned_person_days")) == (["LK"], [1012.5])
