"""What a refusal says of a delivery's rows: cause, example, line and heading, the most frequent first."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from opti_reports.extracts import refusals
from opti_reports.extracts.blanks import PROBLEMS
from opti_reports.messages.sentences import sentence
from opti_reports.model.delivery import PERHAPS_TOTAL, TWICE
from tests.extracts.reading import SOURCE, read_text

DAY = dt.date(2026, 3, 31)
HEADINGS = "Käynti ID;Yksikkö;Saapunut;Päättynyt;Henkilöt"


def causes(folder: Path, *rows: str) -> list[str]:
    extract = read_text(folder, "\n".join((HEADINGS, *rows)).replace("Käynti ID", "käynti_id") + "\n")
    return list(map(sentence, refusals.causes(SOURCE, extract.rejects, DAY)))


@pytest.mark.parametrize(
    ("arrived", "said"),
    [
        ("2026/31/08", ""),
        ("1785751500", "; these are seconds since 1970"),
        ("1785751500123", "; these are milliseconds since 1970"),
        ("03/05/2026 10:00", "; which number is the month is not certain"),
        ("5.3.26 10:00", "; the year has two digits"),
    ],
)
def test_a_date_that_is_not_read_is_shown_with_what_it_looks_like(
    tmp_path: Path, arrived: str, said: str
) -> None:
    assert causes(tmp_path, f"v1;A;{arrived};;", f"v2;A;{arrived};;", "v3;A;2026-03-01;;") == [
        f"2 row(s) of visits1.csv: date not readable, e.g. '{arrived}' on line 2 in column "
        f"Saapunut (arrived_at){said}"
    ]


def test_causes_are_ordered_and_the_rest_is_counted(tmp_path: Path) -> None:
    assert causes(
        tmp_path,
        *("v1;A;x;;", "v2;A;#N/A;;", "v3;A;#N/A;;"),
        *(
            "v4;A;2026-04-01;;",
            "v5;A;2026-03-02;2026-03-01;",
            "v6;A",
            "v7;A;2026-03-01;;",
            "v7;A;2026-03-01;;",
        ),
    ) == [
        "2 row(s) of visits1.csv: an error of the spreadsheet, e.g. '#N/A' on line 3 in column "
        "Saapunut (arrived_at)",
        "1 row(s) of visits1.csv: date not readable, e.g. 'x' on line 2 in column Saapunut (arrived_at)",
        "1 row(s) of visits1.csv: date later than 2026-03-31 (see extracted_on in delivery.toml), "
        "e.g. line 5",
        "3 more row(s) are rejected for other reasons",
    ]


def test_rules_and_days_after_the_extract_are_told_without_an_example(tmp_path: Path) -> None:
    assert causes(tmp_path, "v4;A;2026-04-01;;", "v5;A;2026-03-02;2026-03-01;") == [
        "1 row(s) of visits1.csv: date later than 2026-03-31 (see extracted_on in delivery.toml), "
        "e.g. line 2",
        "1 row(s) of visits1.csv: päättynyt ennen saapumista, e.g. line 3",
    ]


def test_only_rows_that_are_not_read_explain_a_loss(tmp_path: Path) -> None:
    text = f"{HEADINGS}\nv1;A;x;;\nv2;A;2026-03-01;;\nv2;A;2026-03-01;;\n".replace("Käynti ID", "käynti_id")
    rejects = read_text(tmp_path, text).rejects
    assert len(rejects) == 2
    assert (refusals.explain(rejects, 2), refusals.explain(rejects, 3)) == (True, False)


def test_every_reason_has_words() -> None:
    """But for days after the extract: their sentence needs the day."""
    expected = {*PROBLEMS[1:], *TWICE, PERHAPS_TOTAL, "column_count", "disagrees"}
    assert expected == set(refusals.REASONS)
