"""Answers that are none leave the rest of their row in use."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.algebra.rows import UNKNOWN
from tests.extracts.reading import column, one_column, rejects
from tests.extracts.shipped import read_source

SURVEY = (
    "vastaus_id;toimipiste;vastausaika;kieli;nps;vaittama1;vaittama2;vaittama3;vaittama4;vaittama5;"
    "vaittama6;vaittama7"
)
ASKED = (
    "nps_0_10",
    "s1_help",
    "s2_cared",
    "s3_shared",
    "s4_safe",
    "s5_continuity",
    "s6_understand",
    "s7_benefit",
)


@pytest.mark.parametrize(
    "words", ["En osaa sanoa", "EN OSAA SANOA", "Kan inte säga", "vet ej", "Don't know", "-"]
)
@pytest.mark.parametrize("asked", ASKED)
def test_who_cannot_say_gives_no_answer_to_that_question_only(tmp_path: Path, words: str, asked: str) -> None:
    answers = [words if name == asked else "4" for name in ASKED]
    extract = read_source(
        tmp_path, "survey_responses", f"{SURVEY}\na1;Tapiola;2.3.2026 9.15;fi;{';'.join(answers)}\n"
    )
    assert rejects(extract) == []
    assert {name: column(extract, name) for name in ASKED} == {
        name: [None if name == asked else 4] for name in ASKED
    }


@pytest.mark.parametrize("words", ["<5", "< 5", "alle 5", "Visas inte", "*", "–"])
def test_a_figure_withheld_by_the_supplier_is_empty_and_a_five_is_not(tmp_path: Path, words: str) -> None:
    text = (
        "tiimi;kyselykierros;kysymys;kutsuttu;vastaajia;keskiarvo;asteikko_max;suosittelijat;arvostelijat\n"
        f"A;2026-03;enps;10;5;{words};5;{words};{words}\n"
    )
    extract = read_source(tmp_path, "wellbeing_survey", text)
    assert rejects(extract) == []
    assert [column(extract, n) for n in ("answers_n", "mean", "scale_max", "promoters_n")] == [
        [5],
        [None],
        [5],
        [UNKNOWN],
    ]


def test_signs_of_a_column_mean_empty_only_as_they_are_written(tmp_path: Path) -> None:
    cells, refused = one_column(tmp_path, "score", "-", "5", "- 5")
    assert cells == [None, 5, UNKNOWN]
    assert refused == [(4, "negative", "score", "- 5")]


@pytest.mark.parametrize("words", ["", "Toistaiseksi", "tills vidare", "31.12.9999", "9999-12-31 00:00:00"])
def test_a_contract_until_further_notice_has_no_end(tmp_path: Path, words: str) -> None:
    text = "poimintapvm;sopimusnumero;vastuuyksikkö;alkaa;päättyy;voimassa\n"
    extract = read_source(tmp_path, "contracts", f"{text}31.3.2026;s1;A;1.1.2020;{words};kyllä\n")
    assert rejects(extract) == []
    assert column(extract, "ends_on") == [None]
