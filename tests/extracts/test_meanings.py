"""Texts whose meaning is certain: words and dates for no value, numbers that words follow, and blanks."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from opti_reports.config.expressions import columns_read
from tests.algebra.rows import UNKNOWN, Answer
from tests.extracts.reading import column, one_column, rejects, unknown
from tests.extracts.shipped import configs, read_source

PHONE = "puhelu_id;jono;tyyppi;lopputulos;saapunut;vastattu;takaisinsoitto_aika;tavoitettu;kielilinja\n"
NO_VALUE = [
    "", "NULL", "null", "(null)", "None", "NaN", "NaT", "<NA>", "n/a", "N/A", "-", "–", "—",
    "1.1.1900", "01.01.1900", "1900-01-01", "1900-01-01 00:00:00", "01/01/1900", "1.1.1900 0.00",
    "1/1/1900 00:00", "31.12.2099", "2099-12-31T00:00", "31.12.9999 23:59", "9999-12-31", "30.12.1899",
    "1.1.1970 0.00",
]  # fmt: skip
NO_MEANING = [
    "#N/A",
    "#REF!",
    "ei tietoa",
    "x",
    "0",
    "32.8.2026 9.00",
    "1.1.1901",
    "31.12.2098",
    "- -",
    "N",
    "1.1.1900 x",
]
MORE_THAN_A_DATE = {"1.1.1900 x": "[poistettu] x"}
"""How cells are shown that may tell somebody's day of birth."""


@pytest.mark.parametrize("text", NO_VALUE)
def test_what_did_not_happen_is_written_in_many_ways(tmp_path: Path, text: str) -> None:
    row = f"p1;A;puhelu;luopunut;2.3.2026 9.00;{text};{text};{text};fi\n"
    extract = read_source(tmp_path, "phone_contacts", PHONE + row)
    assert rejects(extract) == [] == unknown(extract)
    assert [column(extract, name) for name in ("answered_at", "first_callback_at", "reached_at")] == [
        [None]
    ] * 3


@pytest.mark.parametrize("text", NO_MEANING)
def test_what_may_mean_anything_is_unknown(tmp_path: Path, text: str) -> None:
    extract = read_source(
        tmp_path, "phone_contacts", f"{PHONE}p1;A;puhelu;luopunut;2.3.2026 9.00;{text};;;fi\n"
    )
    assert rejects(extract) == []
    assert column(extract, "answered_at") == [UNKNOWN]
    shown = MORE_THAN_A_DATE.get(text, text)
    assert [(line, name, value) for line, _, name, value in unknown(extract)] == [(2, "answered_at", shown)]


@pytest.mark.parametrize("text", ["NULL", "-", "1.1.1900", ""])
def test_without_a_key_or_a_date_of_its_own_a_row_is_rejected(tmp_path: Path, text: str) -> None:
    rows = f"{text};A;puhelu;luopunut;2.3.2026 9.00;;;;fi\np2;A;puhelu;luopunut;{text};;;;fi\n"
    extract = read_source(tmp_path, "phone_contacts", PHONE + rows)
    keyed = text == "1.1.1900"  # a date is an id like any other
    assert [(line, reason, name) for line, reason, name, _ in rejects(extract)] == [
        *([] if keyed else [(2, "missing_required", "contact_id")]),
        (3, "missing_required", "arrived_at"),
    ]


@pytest.mark.parametrize("text", ["31.12.2099", "2099-12-31", "31.12.9999", "toistaiseksi", "NULL", ""])
def test_a_contract_without_end_ends_in_many_ways(tmp_path: Path, text: str) -> None:
    head = "poimintapvm;sopimusnumero;vastuuyksikkö;alkaa;päättyy;voimassa\n"
    extract = read_source(tmp_path, "contracts", f"{head}31.3.2026;s1;A;1.1.2020;{text};kyllä\n")
    assert rejects(extract) == [] == unknown(extract)
    assert column(extract, "ends_on") == [None]


SURVEY = "vastaus_id;toimipiste;vastausaika;kieli;nps;vaittama1\n"


@pytest.mark.parametrize(
    ("nps", "statement", "expected"),
    [
        ("10 – Erittäin todennäköisesti", "5 = täysin samaa mieltä", (10, 5)),
        ("0 - Ei lainkaan todennäköisesti", "1 = täysin eri mieltä", (0, 1)),
        ("10 (erittäin todennäköisesti)", "3. Ei samaa eikä eri mieltä", (10, 3)),
        ("7", "4 Jokseenkin samaa mieltä", (7, 4)),
        ("9–10", "4/5", (UNKNOWN, UNKNOWN)),
        ("Erittäin todennäköisesti", "samaa mieltä (5)", (UNKNOWN, UNKNOWN)),
        ("7,5", "4 / 5 samaa mieltä", (UNKNOWN, UNKNOWN)),
        ("99", "6", (99, 6)),  # outside the scale: no answer, decided by the fact
    ],
)
def test_a_scale_whose_ends_carry_words_is_read_by_its_number(
    tmp_path: Path, nps: str, statement: str, expected: tuple[Answer, Answer]
) -> None:
    extract = read_source(tmp_path, "survey_responses", f"{SURVEY}a1;A;2.3.2026 9.15;fi;{nps};{statement}\n")
    assert (*column(extract, "nps_0_10"), *column(extract, "s1_help")) == expected


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        ("85+", 85),
        ("85 +", 85),
        ("85 v", 85),
        ("85 vuotta", 85),
        ("yli 85", UNKNOWN),
        ("18-29", UNKNOWN),
        ("8 5x", UNKNOWN),
    ],
)
def test_an_age_may_be_open_upwards(tmp_path: Path, age: str, expected: Answer) -> None:
    head = "asiointi_id;terveysasema;kanava;tila;avattu;ikä\n"
    extract = read_source(tmp_path, "digi_contacts", f"{head}d1;A;chat;ratkaistu;2.3.2026 9.00;{age}\n")
    assert column(extract, "client_age") == [expected]


def test_only_columns_that_say_so_have_a_leading_number(tmp_path: Path) -> None:
    cells, told = one_column(tmp_path, "persons", "85+", "3 henkilöä")
    assert cells == [UNKNOWN, UNKNOWN]
    assert told == [(2, "bad_number", "persons", "85+"), (3, "bad_number", "persons", "85+")]


MONEY = "kp;kausi;tiliryhmä;toteuma;talousarvio;vuosibudjetti;ennuste\n"


def test_a_blank_amount_is_unknown_and_of_revenue_nobody_asks_the_year(tmp_path: Path) -> None:
    rows = (
        "7003;03/2026;vuokrat;(1 234,50);123-;;12\n7003;03/2026;tuotot;1;2;;\n7004;03/2026;vuokrat;;-;1;2\n"
    )
    extract = read_source(tmp_path, "budget_monthly", MONEY + rows)
    assert rejects(extract) == []
    assert column(extract, "actual_eur") == [Fraction("-1234.5"), 1, UNKNOWN]
    assert column(extract, "budget_eur") == [-123, 2, UNKNOWN]
    assert column(extract, "budget_year_eur") == [UNKNOWN, None, 1]
    assert column(extract, "forecast_year_eur") == [12, None, 2]


def test_every_column_that_may_be_blank_says_what_that_means() -> None:
    silent = [
        f"{source.id}.{name}"
        for source in configs().sources.values()
        for name, column in source.column.items()
        if not column.required and column.blank is None
    ]
    assert silent == []


def test_every_number_that_is_added_is_unknown_when_blank_or_says_why_not() -> None:
    told = {
        "agency_person_days": "no",  # an empty cell: none was used that week
        "feedback_mean_1_5": "not_asked",  # a course without feedback
        "rating_1_5": "not_asked",  # a chat that nobody rated
        "free_14d_n": "not_asked",  # a booking system that does not count free times
    }
    for source in configs().sources.values():
        for fact in source.fact:
            for measure in configs().shapes[fact.id].numeric:
                for name in columns_read(source, fact.measure[measure]):
                    column = source.column[name]
                    if column.type in ("integer", "decimal", "eur") and not column.unknown_if_blank:
                        assert column.blank == told.get(name), f"{source.id}.{name}"
