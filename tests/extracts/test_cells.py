"""Cells as real exports write them: numbers, yes and no, codes, dates, months and weeks."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from opti_reports.config.source import Column
from opti_reports.extracts.meanings import number
from opti_reports.model.delivery import UnknownCells
from tests.algebra.rows import UNKNOWN
from tests.extracts.reading import HEADER, column, one_column, read_text, rejects, unknown

GOOD: dict[str, dict[str, object]] = {
    "persons": {"0": 0, " 12 ": 12, "1 234": 1234, "1\u00a0234": 1234, "12,0": 12, "12.00": 12, "": None,
                "+12": 12, "1\u2009234": 1234, "1 234 567": 1234567, "1.234.567": 1234567, "007": 7},
    "change": {"-3": -3, "−3": -3, "–3": -3, "- 3": -3, "-0": 0},
    "hours": {"0.500": Fraction(1, 2), "1234.500": Fraction(2469, 2),
              "7,5": Fraction(15, 2), "7.5": Fraction(15, 2), "8": 8, "7,50": Fraction(15, 2), "": None,
              ",5": Fraction(1, 2), "1\u00a0234,5": Fraction(2469, 2), "+7,5": Fraction(15, 2)},
    "cost": {
        "1 234,5": Fraction("1234.5"),
        "1.234,5": Fraction("1234.5"),
        "1.234.567,89": Fraction("1234567.89"),
        "1'234,50": Fraction("1234.5"),
        "1\u202f234,05": Fraction("1234.05"),
        "-12,30": Fraction("-12.3"),
        "0,1": Fraction(1, 10),
        "12 €": 12,
        "€ 12": 12,
        "1 234,50 EUR": Fraction("1234.5"),
        "-12,30\u00a0€": Fraction("-12.3"),
        "1 234,50-": Fraction("-1234.5"),
        "1,234.50": Fraction("1234.5"),
        "1,234,567.5": Fraction("1234567.5"),
        "1.234.567": 1234567,
        "123-": -123,
        "(1 234,50)": Fraction("-1234.5"),
        "(1.234,50 €)": Fraction("-1234.5"),
        "(12) €": -12,
        "(EUR 12)": -12,
    },
    "urgent": {"Kyllä": True, "k": True, "X": True, "TRUE": True, "ja": True, "yes": True, "1": True,
               "J": True, "Y": True, "1,0": True,
               "SANT": True, "tosi": True, "kylla\u0308": True, "✓": True, "Ei": False, "N": False,
               "FALSKT": False, "Epätosi": False, "0.0": False, "no": False,
               "e": False, "false": False, "nej": False, "0": False, "": None},
    "kind": {"call": "call", "PUHELU": "call", " samtal ": "call", "käynti  vastaanotolla": "visit",
             "Kaynti-vastaanotolla": "visit", "": None},
    "score": {"5": 5, "En osaa sanoa": None, "-": None, "": None},
    "due_on": {
        "2026-03-05": "2026-03-05",
        "5.3.2026": "2026-03-05",
        "05.03.2026": "2026-03-05",
        "2026-3-5": "2026-03-05",
        "2026-03-05 00:00:00": "2026-03-05",
        "2026-03-05T12:30": "2026-03-05",
        "46086": "2026-03-05",
        "29.2.2024": "2024-02-29",
        "5.3.2026 klo 9.05": "2026-03-05",
        "5.3.2026 klo\u00a09:05": "2026-03-05",
        "5. 3. 2026": "2026-03-05",
        "to 5.3.2026": "2026-03-05",
        "Torstai 5.3.2026": "2026-03-05",
        "tors. 5.3.2026": "2026-03-05",
        "20260305": "2026-03-05",
        "2026/03/05": "2026-03-05",
        "": None,
    },
    "month": {
        "2026-03": "2026-03-01", "202603": "2026-03-01", "2026/3": "2026-03-01", "3/2026": "2026-03-01",
        "03.2026": "2026-03-01", "2026-03-17": "2026-03-01", "17.3.2026": "2026-03-01",
        "17.3.2026 0.00": "2026-03-01", "46086": "2026-03-01", "": None,
        "maaliskuu 2026": "2026-03-01", "Maalis 2026": "2026-03-01", "mars 2026": "2026-03-01",
        "March 2026": "2026-03-01", "okt. 2025": "2025-10-01", "heina\u0308kuu 2025": "2025-07-01",
        "2026M03": "2026-03-01", "3 / 2026": "2026-03-01",
    },
    "week": {
        "2026-W08": "2026-02-19", "2026W8": "2026-02-19", "2026-08": "2026-02-19", "202608": "2026-02-19",
        "8/2026": "2026-02-19", "vko 8/2026": "2026-02-19", "vk. 8/2026": "2026-02-19",
        "2026 vko 8": "2026-02-19", "2026/8": "2026-02-19", "w8-2026": "2026-02-19",
        "2026-53": "2026-12-31", "2026-01": "2026-01-01", "22.2.2026": "2026-02-19",
        "2026-02-16": "2026-02-19", "": None,
        "viikko 8/2026": "2026-02-19", "vecka 8/2026": "2026-02-19", "Week 8 2026": "2026-02-19",
        "8 / 2026": "2026-02-19", "2026 vecka 8": "2026-02-19",
    },
    "ended_at": {
        "2026-03-05T12:30": "2026-03-05 12:30",
        "2026-03-05 12:30:59": "2026-03-05 12:30",
        "2026-03-05 12:30:59.123": "2026-03-05 12:30",
        "5.3.2026 12.30": "2026-03-05 12:30",
        "5.3.2026 9:05": "2026-03-05 09:05",
        "5.3.2026 klo 9.05": "2026-03-05 09:05",
        "5.3.2026": "2026-03-05 00:00",
        "5.3.2026 klo 9:05": "2026-03-05 09:05",
        "5.3.2026 klo\u00a09.05": "2026-03-05 09:05",
        "5.3.2026 Klo 9": "2026-03-05 09:00",
        "5.3.2026 kl. 9.05": "2026-03-05 09:05",
        "5.3.2026 kl 09.05.30": "2026-03-05 09:05",
        "5.3.2026, klo 9.05": "2026-03-05 09:05",
        "5.3.2026, 9.05": "2026-03-05 09:05",
        "5.3.2026\u00a09.05": "2026-03-05 09:05",
        "5.3.2026  9.05": "2026-03-05 09:05",
        "5. 3. 2026 9.05": "2026-03-05 09:05",
        "To 5.3.2026 klo 9.05": "2026-03-05 09:05",
        "2026/03/05 9:05": "2026-03-05 09:05",
        "46086": "2026-03-05 00:00",
        "46086.5": "2026-03-05 12:00",
        "46086,521": "2026-03-05 12:30",
        "46086.999999999": "2026-03-06 00:00",
        "": None,
    },
}  # fmt: skip

BAD: dict[str, dict[str, list[str]]] = {
    "persons": {
        "bad_number": ["12,5", "1.234", "1.000", "12,000", "x", "1e5", "1E+05", "NaN",
                       "Infinity", "1_000", "1,2,3", "1 234 kpl",
                       "12,", "75 %",
                       "--1", "9999999999999", "1e999999999", "٣", "0x10", "½"],
        "negative": ["-1", "−1"],
    },
    "hours": {"too_many_digits": ["7,55", "7.501", "7.500"], "negative": ["-1,5"],
              "bad_number": ["1.234.5", "7,5 h", "75 %", "7,5\u00a0%"]},
    "cost": {"too_many_digits": ["1.234", "1,234", "0,001", "1.200", "-12,500", "100.000 €"],
             "bad_number": ["12 $", "1.23.456,7", "12,-", "1,23.4", "(-12)", "(12",
                            "(12)-", "()", "(12 kpl)"]},
    "urgent": {"bad_boolean": ["ehkä", "2", "-"]},
    "kind": {"unknown_code": ["cal", "puhelut"]},
    "due_on": {
        "bad_date": ["30.2.2026", "2026-02-30", "29.2.2025", "5.3.26", "26-03-05", "05/03/2026", "3/5/2026",
                     "20261305", "ennen 5.3.2026", "5.3.2026 9", "2026/03-05",
                     "2026-03-05T25:00", "2026-03-05 12:60", "huomenna", "Tänään", "2061-01-01",
                     "2061-01-01", "12345", "0.0.2026"],
    },
    "month": {"bad_date": ["2026-13", "13/2026", "2026-00", "maaliskuu", "mars 26", "kuu 2026", "3/26",
                           "20263", "1899-05"]},
    "week": {"bad_date": ["2025-W53", "53/2025", "2026-W54", "2026-00", "vko 8", "8/26", "1800-W05",
                          "20268"]},
    "ended_at": {"bad_date": ["5.3.2026 24.00", "5.3.2026 12", "5.3.2026 klo 25", "Tuntematon",
                              "jälkeen 5.3.2026 9.05",
                              "2026-03-05T12:30X", "2026-03-05T12:30+2", "2026-03-05T12:30+20:00",
                              "2026-02-30T12:30Z", "1785751500",
                              "30.2.2026 12.00", "12:30"]},
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_what_is_written_is_read(tmp_path: Path, name: str) -> None:
    cells, refused = one_column(tmp_path, name, *GOOD[name])
    assert refused == []
    assert dict(zip(GOOD[name], cells, strict=True)) == GOOD[name]


@pytest.mark.parametrize(("name", "reason"), [(name, reason) for name, bad in BAD.items() for reason in bad])
def test_what_cannot_be_read_is_unknown_and_told_with_the_first_of_its_kind(
    tmp_path: Path, name: str, reason: str
) -> None:
    texts = BAD[name][reason]
    cells, told = one_column(tmp_path, name, *texts)
    assert cells == [UNKNOWN] * len(texts)
    assert told == [(line, reason, name, texts[0]) for line, _ in enumerate(texts, 2)]


def test_unknown_cells_are_counted_by_file_column_and_reason(tmp_path: Path) -> None:
    first = f"{HEADER};cost;persons\nv1;A;2026-03-01;y;1\nv2;A;2026-03-01;z;-1\nv3;A;2026-03-01;;x\n"
    extract = read_text(tmp_path, first, f"{HEADER};cost\nv4;A;2026-03-01;y\n")
    assert extract.cells == (
        UnknownCells(file="visits1.csv", line=4, column="persons", reason="bad_number", cells=1, value="x"),
        UnknownCells(file="visits1.csv", line=3, column="persons", reason="negative", cells=1, value="-1"),
        UnknownCells(file="visits1.csv", line=2, column="cost", reason="bad_number", cells=2, value="y"),
        UnknownCells(file="visits2.csv", line=2, column="cost", reason="bad_number", cells=1, value="y"),
    )


def test_a_row_is_rejected_for_its_key_and_its_own_date_in_the_order_of_the_source(tmp_path: Path) -> None:
    extract = read_text(
        tmp_path,
        f"{HEADER};cost;kind\nv1;A;x;y;z\nv2;A;2026-03-01;y;z\n;A;2026-03-01;1;call\n;A;x;1;call\n",
    )
    assert rejects(extract) == [
        (2, "bad_date", "arrived_at", "x"),
        (4, "missing_required", "visit_id", ""),
        (5, "missing_required", "visit_id", ""),
    ]
    assert [reject.key for reject in extract.rejects] == ["v1", "", ""]
    assert unknown(extract) == [(3, "bad_number", "cost", "y"), (3, "unknown_code", "kind", "z")]


def test_an_empty_unit_is_kept_because_it_is_only_unknown(tmp_path: Path) -> None:
    extract = read_text(tmp_path, f"{HEADER}\nv1;;2026-03-01\n")
    assert column(extract, "unit_code") == [None]


def test_a_cell_of_signs_nobody_sees_is_empty(tmp_path: Path) -> None:
    extract = read_text(tmp_path, f"{HEADER}\n\u200b\u0007;A;2026-03-01\nv2;\u200b;2026-03-01\n")
    assert rejects(extract) == [(2, "missing_required", "visit_id", "\u200b\u0007")]
    assert column(extract, "unit_code") == [None]


def test_texts_are_composed_and_their_spaces_single(tmp_path: Path) -> None:
    extract = read_text(tmp_path, f"{HEADER}\nv1; Tapiolan  terveysasema\u0007a\u0308 ;2026-03-01\n")
    assert column(extract, "unit_code") == ["Tapiolan terveysasemaä"]


def test_a_title_may_be_120_signs_long_and_a_longer_one_is_not_shown(tmp_path: Path) -> None:
    cells, refused = one_column(tmp_path, "title", "x" * 120, "y" * 121)
    assert cells == ["x" * 120, UNKNOWN]
    assert refused == [(3, "too_long", "title", "")]


def test_pseudonyms_are_hashed_with_the_secret_and_never_shown(tmp_path: Path) -> None:
    text = f"{HEADER};client\nv1;A;2026-03-01;abc\nv2;A;2026-03-02;abc\nv3;A;2026-03-02;abd\nv4;A;x;abc\n"
    extract = read_text(tmp_path, text)
    first, second, third = extract.rows["client"].data.tolist()
    assert first == second != third
    assert min(first, third) >= 0
    assert extract.rows["client"].words == ()
    assert "abc" not in repr(extract.rejects)


def test_times_twice_a_year_are_the_first_of_two_and_the_old_clock(tmp_path: Path) -> None:
    cells, _ = one_column(tmp_path, "ended_at", "2026-03-29 03:30", "2026-03-29 04:00")
    assert cells == ["2026-03-29 04:30", "2026-03-29 04:00"]


@pytest.mark.parametrize(
    ("text", "cell"),
    [("2000", (200_000, "")), ("2000,01", (0, "too_large")), ("46145", (0, "too_large")), ("3,5", (350, ""))],
)
def test_what_is_more_than_a_column_can_hold_is_unknown(text: str, cell: tuple[int, str]) -> None:
    """A date's serial number under person-days would be 46 145 of them."""
    assert number(text, Column(type="decimal", most=2000)) == cell


def test_only_numbers_have_a_most() -> None:
    with pytest.raises(ValueError, match="most belongs to numbers: integer, decimal or eur"):
        Column(type="date", most=5)
