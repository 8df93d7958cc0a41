"""Rows that share a key: a few corrections replace, more stop the delivery with their cause."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from opti_reports.config.guards import Guards
from opti_reports.errors import ExtractError
from opti_reports.extracts.duplicates import stem
from opti_reports.extracts.judge import Judge
from opti_reports.extracts.read import read
from opti_reports.model.delivery import Delivery
from opti_reports.periods.months import last_date, parse_month
from tests.extracts.reading import HEADER, MONTH, SECRET, SOURCE, context, read_files
from tests.extracts.shipped import configs

EARLIER, LATER = 1_700_000_000, 1_700_100_000


def rows(start: int, end: int, unit: str = "A", day: int = 2) -> list[str]:
    """Visits v<start> to v<end - 1> of a unit on a day."""
    return [f"v{n};{unit};2026-03-{day:02} 10:{n % 60:02}" for n in range(start, end)]


def put(folder: Path, name: str, lines: list[str], at: int = EARLIER) -> Path:
    """A file of visits, last changed at a moment."""
    path = folder / name
    path.write_text("\n".join([HEADER, *lines, ""]), encoding="utf-8")
    os.utime(path, (at, at))
    return path


def refusal(*files: Path) -> str:
    """What is said of a delivery that is refused."""
    month = parse_month(MONTH)
    delivery = Delivery(
        source="visits", month=month, files=files, hashes=("",) * len(files), extracted_on=last_date(month)
    )
    with pytest.raises(ExtractError) as caught:
        read(SOURCE, delivery, context(), SECRET, Judge(configs().guards))
    return str(caught.value)


def test_a_few_rows_that_replace_others_are_corrections(tmp_path: Path) -> None:
    first = put(tmp_path, "visits1.csv", rows(0, 100))
    second = put(tmp_path, "visits2.csv", rows(0, 10, "B"))
    assert [r.reason for r in read_files(first, second).rejects] == ["duplicate_replaced"] * 10


def test_identical_rows_are_dropped_however_many(tmp_path: Path) -> None:
    first, second = (put(tmp_path, f"visits{n}.csv", rows(0, 100)) for n in (1, 2))
    extract = read_files(first, second)
    assert [r.reason for r in extract.rejects] == ["duplicate_identical"] * 100
    assert extract.files[0].keys == extract.files[1].keys != ""


def test_ids_in_scientific_notation_are_named(tmp_path: Path) -> None:
    lines = [*rows(0, 50), *(f"2,60702E+11;A;2026-03-03 11:{n:02}" for n in range(12))]
    assert refusal(put(tmp_path, "visits.csv", lines)) == (
        "visits: 11 rows have an id that a spreadsheet has shortened, like 2,60702E+11: different rows have "
        "become one (such as 2,60702E+11 on line 52 of visits.csv and line 53 of visits.csv)\n"
        "  Export again and do not open the file in Excel, or give the column the format Text before."
    )


def test_long_ids_that_lost_their_last_digits_are_named(tmp_path: Path) -> None:
    lines = [f"260702123456789000;A;2026-03-03 11:{n:02}" for n in range(12)]
    assert refusal(put(tmp_path, "visits.csv", lines)).startswith(
        "visits: 11 rows have an id that a spreadsheet has shortened, like 260702123456789000"
    )


@pytest.mark.parametrize("many", [11, 40])
def test_ids_that_begin_anew_in_each_file_are_named(tmp_path: Path, many: int) -> None:
    north = put(tmp_path, "visits_north.csv", rows(0, many))
    south = put(tmp_path, "visits_south.csv", rows(0, many, "B", 5))
    assert refusal(north, south) == (
        f"visits: {many} rows have the visit_id of another row and other contents: the ids of "
        "visits_north.csv and visits_south.csv begin anew in each file (such as v0 on line 2 of "
        "visits_north.csv and line 2 of visits_south.csv)\n"
        "  Make visit_id unique over the files, for instance by a prefix for each region."
    )


def test_legs_of_one_case_are_named(tmp_path: Path) -> None:
    legs = [f"v{n};A;2026-03-02 12:{n:02}" for n in range(11)]
    assert refusal(put(tmp_path, "visits.csv", [*rows(0, 60), *legs])) == (
        "visits: 11 rows have the visit_id of another row and other contents in the same file, at another "
        "time or unit (such as v0 on line 2 of visits.csv and line 62 of visits.csv): legs of a case, or ids "
        "used twice\n"
        "  Deliver one row for each visit_id: the first leg with the times of the whole case."
    )


def test_one_label_for_two_things_is_named(tmp_path: Path) -> None:
    path = tmp_path / "visits.csv"
    lines = [f"v{n};A;2026-03-02 10:00;{cost}" for cost in (1, 2) for n in range(11)]
    path.write_text("\n".join([f"{HEADER};kustannus", *lines, ""]), encoding="utf-8")
    assert "two periods, units or versions under one label\n  Deliver one row for each visit_id." in refusal(
        path
    )


@pytest.mark.parametrize(
    "name", ["visits (1).csv", "visits - kopio.csv", "visits_v2.csv", "visits_korjattu.csv"]
)
def test_a_copy_beside_its_correction_is_refused_and_the_newer_named(tmp_path: Path, name: str) -> None:
    """One row differs: the copies are told by their keys, whatever they are called."""
    old = put(tmp_path, "visits.csv", rows(0, 40))
    new = put(tmp_path, name, [*rows(0, 39), "v39;A;2026-03-09 10:39"], LATER)
    told = refusal(*sorted((old, new)))
    assert "two versions of one extract: 40 rows have the same key, 1 of them filled otherwise" in told
    assert f"{name} looks the newer" in told
    assert f"If it is the right one, remove visits.csv; else remove {name}." in told


def test_two_versions_whose_dates_disagree_are_not_guessed_at(tmp_path: Path) -> None:
    old = put(tmp_path, "visits.csv", rows(0, 40), LATER)
    new = put(tmp_path, "visits2.csv", [*rows(0, 39), "v39;A;2026-03-09 10:39"])
    assert "Which is the newer cannot be told (visits.csv: newest row 2026-03-02" in refusal(old, new)


def test_a_copy_that_lacks_rows_is_a_version_too(tmp_path: Path) -> None:
    old, new = (
        put(tmp_path, "visits.csv", rows(0, 40)),
        put(tmp_path, "visits_korjattu.csv", rows(0, 30), LATER),
    )
    assert "30 rows have the same key; 10 rows are in one of them only" in refusal(old, new)


def test_files_of_regions_share_no_stem() -> None:
    guards = configs().guards
    names = ("puhelut_lantinen_2026-08.csv", "puhelut_etela_espoo_2026-08.csv")
    assert stem(names[0], guards) != stem(names[1], guards)
    assert stem("puhelut_2026-08 (2).csv", guards) == stem("puhelut_2026-08_KORJATTU.csv", guards)
    assert stem("puhelut_uusi.csv", Guards()) == "puhelut uusi"
