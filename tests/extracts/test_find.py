"""Which files belong to which delivery, what delivery.toml may say, and what is missing when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pytest

from opti_reports.config.due import Due
from opti_reports.config.source import Source
from opti_reports.errors import ExtractError
from opti_reports.extracts import find, ready
from opti_reports.messages.sentences import sentence
from opti_reports.model.delivery import Delivery
from opti_reports.model.report import SourceReport
from opti_reports.periods.months import parse_month
from tests.algebra.rows import FINLAND
from tests.extracts.reading import SOURCE

BUDGET = SOURCE.model_copy(
    update={"id": "budget", "files": ("talous*.csv",), "presence": "lagging", "due": Due(day=15)}
)
SOURCES: Mapping[str, Source] = {"visits": SOURCE, "budget": BUDGET}
MARCH = parse_month("2026-03")


def put(data: Path, *names: str, note: str = "") -> None:
    """Empty files in data folders, and a note in March's."""
    for name in names:
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).touch()
    if note:
        (data / "2026-03" / find.NOTE).write_text(note, encoding="utf-8")


def found(data: Path, until: int = MARCH) -> tuple[Delivery, ...]:
    return find.deliveries(data, until, SOURCES, FINLAND, lambda path: path.name)


def test_files_are_matched_by_name_whatever_the_case(tmp_path: Path) -> None:
    put(
        tmp_path,
        "2026-02/visits.csv",
        "2026-03/VISITS_b.XLSX",
        "2026-03/visits_a.csv",
        "2026-03/Talous.csv",
        "2026-04/visits.csv",
        "archive/visits.csv",
        "2026-03/.visits.csv",
        "2026-03/~$visits.xlsx",
        "2026-03/visits.txt",
    )
    deliveries = [(d.source, d.month, [p.name for p in d.files]) for d in found(tmp_path)]
    assert deliveries == [
        ("visits", MARCH - 1, ["visits.csv"]),
        ("visits", MARCH, ["VISITS_b.XLSX", "visits_a.csv"]),
        ("budget", MARCH, ["Talous.csv"]),
    ]
    assert find.unclaimed(tmp_path, MARCH, SOURCES) == ("visits.txt",)
    assert find.unclaimed(tmp_path, MARCH + 9, SOURCES) == ()
    assert found(tmp_path / "nowhere") == ()


def test_names_written_with_combining_marks_are_known(tmp_path: Path) -> None:
    source = SOURCE.model_copy(update={"files": ("käynnit*.csv",)})
    put(tmp_path, "2026-03/ka\u0308ynnit.csv")
    assert find.unclaimed(tmp_path, MARCH, {"visits": source}) == ()


def test_an_extract_is_made_on_its_due_day_unless_the_note_says_otherwise(tmp_path: Path) -> None:
    put(tmp_path, "2026-03/visits.csv", "2026-03/talous.csv")
    # Good Friday is 3 April and Easter Monday the 6th: the third working day is the 7th.
    assert [d.extracted_on for d in found(tmp_path)] == [dt.date(2026, 4, 7), dt.date(2026, 4, 15)]
    note = '[visits]\nextracted_on = 2026-05-02\ncovers = ["2025-12", "2026-03"]\nconfirm_shrink = true\n'
    put(tmp_path, note=note)
    visits, budget = found(tmp_path)
    assert (visits.extracted_on, visits.covers, visits.confirm_shrink) == (
        dt.date(2026, 5, 2),
        (MARCH - 3, MARCH),
        True,
    )
    assert (budget.covers, budget.confirm_shrink) == (None, False)


@pytest.mark.parametrize(
    ("note", "message"),
    [
        ("[visits", "not valid TOML: Expected ']' at the end of a table declaration (at end of document)\n"
         "  Correct the file, or remove it."),
        ("[visit]\n", "unknown source 'visit', did you mean 'visits'?\n  Sources: budget, visits."),
        ("visits = 1\n", "'visits' is not a table\n  Write [visits] on a line of its own."),
        ("[visits]\ncover = []\n",
         "[visits] unknown key 'cover', did you mean 'covers'?\n"
         "  Known keys: covers, extracted_on, confirm_shrink, confirm_rows."),
        ('[visits]\ncovers = ["2026-13", "2026-03"]\n',
         "[visits] covers: '2026-13' is not a month; write it like 2026-08\n"
         '  Write covers = ["2026-03", "2026-10"].'),
        ('[visits]\ncovers = ["2026-03"]\n',
         "[visits] covers: must be two months, the first and the last\n"
         '  Write covers = ["2026-03", "2026-10"].'),
        ('[visits]\ncovers = ["2026-03", "2026-02"]\n',
         "[visits] covers: must run from the first month to the last, this month at the latest\n"
         '  Write covers = ["2026-03", "2026-10"].'),
        ('[visits]\ncovers = ["2026-03", "2026-04"]\n',
         "[visits] covers: must run from the first month to the last, this month at the latest\n"
         '  Write covers = ["2026-03", "2026-10"].'),
        ("[visits]\nextracted_on = 2025-04-05\n", "[visits] extracted_on = 2025-04-05 is before the month\n"
         "  Write the day of the extract."),
        ('[visits]\nextracted_on = "5.4.2026"\n', "[visits] extracted_on = '5.4.2026' cannot be\n"
         "  Write extracted_on = 2026-11-05."),
        ('[visits]\nconfirm_shrink = "no"\n', "[visits] confirm_shrink = 'no' cannot be\n"
         "  Write confirm_shrink = true."),
        ('[visits]\nconfirm_rows = "lohja"\n', "[visits] confirm_rows = 'lohja' cannot be\n"
         '  Write the ids of the units, like confirm_rows = ["lohja"].'),
    ],
)  # fmt: skip
def test_a_note_that_cannot_be_followed_is_refused(tmp_path: Path, note: str, message: str) -> None:
    put(tmp_path, "2026-03/visits.csv", note=note)
    with pytest.raises(ExtractError) as caught:
        found(tmp_path)
    assert str(caught.value) == f"data/2026-03/delivery.toml: {message}"


def test_a_note_saved_by_a_windows_editor_is_read(tmp_path: Path) -> None:
    put(tmp_path, "2026-03/visits.csv", note="\ufeff[visits]\r\nconfirm_shrink = true\r\n")
    assert [delivery.confirm_shrink for delivery in found(tmp_path)] == [True]
    (tmp_path / "2026-03/delivery.toml").write_bytes("[visits] # länsi".encode("cp1252"))
    with pytest.raises(ExtractError) as caught:
        found(tmp_path)
    assert str(caught.value) == "data/2026-03/delivery.toml: is not UTF-8 text\n  Save the file as UTF-8."


def test_what_is_not_read_for_its_name_is_told(tmp_path: Path) -> None:
    put(tmp_path, "2026-03/visit.csv", "2026-03/länsi/visits.csv", "2026-3/visits.csv", "vanhat/visits.csv")
    told = find.unread(tmp_path, MARCH, SOURCES, {})
    assert tuple(map(sentence, told)) == (
        "data/2026-3/: not read; the folder of a month is named like 2026-08, that of a week like 2026-W35",
        "data/2026-03/länsi/: no source has files of this name",
        "data/2026-03/visit.csv: no source has files of this name",
    )
    with pytest.raises(ExtractError) as caught:
        ready.stage_of(reports(tmp_path), None, MARCH, SOURCES, "fi", told[2:])
    assert str(caught.value).splitlines()[1:] == [
        "  visits: visits*.csv or visits*.xlsx, due 2026-04-07, Pääkäyttäjä",
        "  data/2026-03/visit.csv: no source has files of this name",
        "  Put the files into data/2026-03/ and run again. Not your source? opti sources --drop NAME",
    ]


def reports(data: Path) -> tuple[SourceReport, ...]:
    return ready.readiness(found(data), MARCH, SOURCES, FINLAND)


def test_what_has_not_come_is_late_with_its_due_day(tmp_path: Path) -> None:
    put(tmp_path, "2026-02/talous.csv", "2026-03/visits.csv")
    visits, budget = reports(tmp_path)
    assert (visits.late, visits.newest, visits.files) == (False, MARCH, ("visits.csv",))
    assert (budget.late, budget.newest, budget.due) == (True, MARCH - 1, dt.date(2026, 4, 15))
    assert ready.stage_of([visits, budget], None, MARCH, SOURCES, "fi") == "preliminary"
    put(tmp_path, "2026-03/talous.csv")
    assert ready.stage_of(reports(tmp_path), None, MARCH, SOURCES, "fi") == "final"
    assert ready.stage_of(reports(tmp_path), "preliminary", MARCH, SOURCES, "fi") == "preliminary"


def test_a_run_without_a_required_source_says_what_is_missing_from_whom(tmp_path: Path) -> None:
    with pytest.raises(ExtractError) as caught:
        ready.stage_of(reports(tmp_path), None, MARCH, SOURCES, "fi")
    assert str(caught.value) == (
        "1 required source(s) of 2026-03 are missing:\n"
        "  visits: visits*.csv or visits*.xlsx, due 2026-04-07, Pääkäyttäjä\n"
        "  Put the files into data/2026-03/ and run again. Not your source? opti sources --drop NAME"
    )
    assert caught.value.exit_code == 4


def test_a_final_run_waits_for_what_lags(tmp_path: Path) -> None:
    put(tmp_path, "2026-03/visits.csv")
    with pytest.raises(ExtractError) as caught:
        ready.stage_of(reports(tmp_path), "final", MARCH, SOURCES, "fi")
    assert str(caught.value) == (
        "a final run needs every source; still to come:\n"
        "  budget: talous*.csv, due 2026-04-15, Pääkäyttäjä\n"
        "  Wait for them, or run with --stage preliminary."
    )
