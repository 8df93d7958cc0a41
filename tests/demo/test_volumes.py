"""Volumes, shares and the organisation's changes in the raw rows."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from opti_reports.demo import generate
from opti_reports.demo.layout import LAYOUTS
from opti_reports.errors import UsageError
from tests.demo.reading import FIRST, LAST, files_of, month_of, rows_of, share

SCALE = 0.02
# Rows a month at scale 1.0; sources that shrink slower are given as they are at scale 0.02.
MONTHLY = {
    ("phone_contacts", "arrived_at"): (35_000 * SCALE, 90_000 * SCALE),
    ("digi_contacts", "opened_at"): (5_000 * SCALE, 26_000 * SCALE),
    ("avohilmo_events", "visit_start"): (60_000 * SCALE, 120_000 * SCALE),
    ("referrals", "sent_at"): (3_000 * SCALE, 7_000 * SCALE),
    ("survey_responses", "answered_at"): (200, 500),
    ("client_feedback", "received_at"): (45, 130),
    ("haipro_reports", "reported_at"): (60, 150),
    ("legal_cases", "received_at"): (5, 40),
}


@pytest.mark.parametrize(("source", "column"), MONTHLY)
def test_rows_a_month(demo: Path, source: str, column: str) -> None:
    low, high = MONTHLY[source, column]
    months = Counter(month_of(row[column]) for row in rows_of(demo, source, FIRST) if row[column])
    for month in (f"{year}-{number:02}" for year in (2024, 2025) for number in range(1, 13)):
        assert low <= months[month] <= high, (month, months[month])


def test_every_delivery_has_every_source_but_surveys_between_waves(demo: Path) -> None:
    for month in sorted(path.name for path in demo.iterdir() if path.is_dir()):
        for source in LAYOUTS:
            expected = source != "wellbeing_survey" or month in (FIRST, "2026-04", LAST)
            assert bool(files_of(demo, source, month)) == expected, (month, source)


def test_swedish_speakers_live_in_the_west(demo: Path) -> None:
    rows = [row for row in rows_of(demo, "phone_contacts", FIRST) if row["language"]]
    assert 0.08 < share([row["language"] == "sv" for row in rows]) < 0.16
    for queue in ("TA Hanko", "TA Tammisaari", "TA Karjaa", "TA Inkoo"):
        assert share([row["language"] == "sv" for row in rows if row["unit_code"] == queue]) > 0.45, queue


def test_codes_of_a_merged_station_stop_and_its_successor_takes_over(demo: Path) -> None:
    visits = rows_of(demo, "avohilmo_events", FIRST)
    kilo = [
        month_of(row["visit_start"])
        for row in visits
        if row["visit_start"] and row["unit_code"].endswith(".10.8")
    ]
    assert min(kilo) == "2023-09"
    assert max(kilo) == "2025-03"
    calls = Counter(
        (row["unit_code"], month_of(row["arrived_at"])) for row in rows_of(demo, "phone_contacts", FIRST)
    )
    assert calls["TA Kilo", "2025-03"]
    assert not calls["TA Kilo", "2025-04"]
    assert calls["TA Leppävaara", "2025-04"] > calls["TA Leppävaara", "2025-03"]


def test_another_organisation_works_too(tmp_path: Path) -> None:
    small = tmp_path / "organisation.toml"
    small.write_text(
        """
[[unit]]
id = "all"
level = "avosairaanhoito"
type = "palvelulinja"
name = { fi = "Kaikki" }
valid_from = 2020-01-01

[[unit]]
id = "one"
level = "toimintayksikko"
type = "terveysasema"
parent = "all"
name = { fi = "Ykkönen" }
valid_from = 2020-01-01
codes = { puhelin = ["P1"], hr = ["1"], opti = ["one"], haipro = ["H1"], sopimus = ["S1"] }
""",
        encoding="utf-8",
    )
    generate(tmp_path / "data", "2025-04", organisation_file=small, months=3, scale=0.01)
    assert {row["unit_code"] for row in rows_of(tmp_path / "data", "phone_contacts", "2025-04")} == {"P1"}


def test_an_organisation_without_stations_is_refused(tmp_path: Path) -> None:
    empty = tmp_path / "organisation.toml"
    empty.write_text("unit = []\n", encoding="utf-8")
    with pytest.raises(UsageError, match="no health station"):
        generate(tmp_path, "2025-04", organisation_file=empty)
