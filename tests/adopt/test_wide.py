"""Files with a column for each month: known by what else they hold, their figures asked, written, undone."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from opti_reports.config.load import load
from opti_reports.config.wide import Wide
from opti_reports.extracts.pieces import open_file
from tests.adopt.test_files import fresh, own, plan_of, put
from tests.adopt.test_write import sources
from tests.extracts.test_workbooks import Cell, workbook
from tests.workspaces import ask, opti

__all__ = ["fresh", "own"]
BUDGET = "configs/sources/budget_monthly.toml"
MONTHS = "tammi-26;helmi-26;maalis-26"
UNITS = (41003, 41004, 41005, 41007)
ROWS = "\n".join(f"{u};{a};9,5;120,5;;10,5;11,25;;21,75" for u in UNITS for a in ("tuotot", "vuokrat"))
WHOLE = f"Kustannuspaikka;Tiliryhmä;Talousarvio;Vuosibudjetti;Ennuste;{MONTHS};Yhteensä\n{ROWS}\n"
"""Only the actual is in no column of its own."""
ACTUALS = f"Kustannuspaikka;Tiliryhmä;{MONTHS};YTD\n" + "\n".join(
    f"{u};{a};10,5;11,25;;21,75" for u in UNITS for a in ("tuotot", "vuokrat")
)
EACH = "each becomes a row, its figure in"


def said(workspace: Path, *arguments: str) -> str:
    return " ".join(ask(workspace, "adopt", *arguments).stdout.split())


def test_a_wide_file_is_found_and_shown(fresh: Path, tmp_path: Path) -> None:
    done = ask(fresh, "adopt", put(tmp_path, "talous_2026-03.csv", WHOLE))
    lines = [line.strip() for line in done.stdout.splitlines()]
    assert lines[0] == "talous_2026-03.csv: budget_monthly (found)"
    assert lines[1].startswith("8 rows; ")
    assert f"note: 3 months side by side (tammi-26–maalis-26): {EACH} actual_eur" in lines
    assert "note: left out, as they are totals: Yhteensä" in lines
    assert lines[-4:] == [
        "What would be added:",
        "configs/sources/budget_monthly.toml",
        'wide.month: "month"  (found: 3 months stand side by side)',
        'wide.value: "actual_eur"  (found: 3 months stand side by side)',
    ]
    assert "look at" not in done.stdout
    assert not any(line.startswith(("tammi-26", "maalis-26", "Yhteensä", "month ")) for line in lines)


def test_it_is_written_with_comments_kept_read_and_taken_back(own: Path, tmp_path: Path) -> None:
    before, file = sources(own), put(tmp_path, "talous_2026-03.csv", WHOLE)
    assert ask(own, "adopt", file, "--write").exit_code == 0
    after = sources(own)
    assert {name for name in after if after[name] != before[name]} == {BUDGET}
    old, new = (one[BUDGET].decode().splitlines() for one in (before, after))
    assert [line for line in new if line not in old] == ['wide = {month = "month", value = "actual_eur"}']
    assert [line for line in new if line in old] == old
    source = load(own / "configs").sources["budget_monthly"]
    assert source.wide == Wide(month="month", value="actual_eur")
    assert {"month", "actual_eur"} <= open_file(source, Path(file)).headings.names
    again = plan_of(own, file)
    assert (again["additions"], again["questions"]) == ([], [])
    assert [one["column"] for one in again["files"][0]["headings"]][-1] == "forecast_year_eur"
    assert ask(own, "adopt", "--undo").exit_code == 0
    assert sources(own) == before


def test_which_figures_they_are_is_asked(own: Path, tmp_path: Path) -> None:
    """What the answer leaves open stands in the way: the budget that the source must have."""
    file = put(tmp_path, "talous_2026-03.csv", ACTUALS)
    done = ask(own, "adopt", file)
    assert f"note: 3 months side by side (tammi-26–maalis-26): {EACH} actual_eur (a guess)" in done.stdout
    assert (
        "  1. Which column are the figures below tammi-26–maalis-26 of talous_2026-03.csv? "
        "[1 actual_eur (toteuma), 2 budget_eur (talousarvio), 3 budget_year_eur (vuosibudjetti), "
        "4 forecast_year_eur (ennuste)] Perhaps actual_eur." in done.stdout.splitlines()
    )
    assert "What would be added" not in done.stdout
    wanted = ask(own, "adopt", file, "--write")
    assert wanted.exit_code == 10
    assert '[wide]\nbudget_monthly = "actual_eur"' in wanted.stderr
    told = put(tmp_path, "answers.toml", '[wide]\nbudget_monthly = "budget_eur"\n')
    answered = ask(own, "adopt", file, "--answers", told).stdout
    assert f"{EACH} budget_eur" in answered
    assert 'wide.value: "budget_eur"  (answered: 3 months stand side by side)' in answered
    assert "look at: no heading is known for actual_eur, without which the file is refused" in answered


def test_an_answer_may_leave_them_alone_but_not_be_any(fresh: Path, tmp_path: Path) -> None:
    file = put(tmp_path, "talous_2026-03.csv", ACTUALS)
    left = said(fresh, file, "--answers", put(tmp_path, "a.toml", '[wide]\nbudget_monthly = ""\n'))
    assert "look at: 3 months stand side by side as columns (tammi-26 to maalis-26)" in left
    assert "What would be added" not in left
    wrong = put(tmp_path, "b.toml", '[wide]\nbudget_monthly = "actual"\n')
    refused = ask(fresh, "adopt", file, "--answers", wrong)
    assert refused.exit_code == 2
    assert "'actual' cannot be the answer, did you mean 'actual_eur'?" in refused.stderr


def test_units_alone_do_not_say_whose_a_file_is(fresh: Path, tmp_path: Path) -> None:
    """Any figure by unit and month would fit a source of nothing else."""
    rows = "\n".join(f"{unit};1;2;3;" for unit in ("Hanko", "Lohja", "Inkoo", "Karjaa"))
    file = put(tmp_path, "luvut_2026.csv", f"Toimipiste;Jan 2026;Feb 2026;Mar 2026;Apr 2026\n{rows}\n")
    done = said(fresh, file)
    assert done.startswith("luvut_2026.csv: nobody knows whose it is")
    assert (
        "4 months side by side (Jan 2026–Apr 2026): each becomes a row, once it is known whose file it is"
        in done
    )
    assert "1. Whose file is luvut_2026.csv?" in done
    told = put(tmp_path, "a.toml", '[source]\n"luvut_2026.csv" = "survey_invitations"\n')
    assert "[1 invited_n (kutsut)] Perhaps invited_n." in said(fresh, file, "--answers", told)


def test_a_file_without_a_source_is_proposed_as_one_that_comes_wide(own: Path, tmp_path: Path) -> None:
    rows = "\n".join(f"{unit};laji {k};2025;1;2;" for unit in ("Hanko", "Lohja", "Inkoo") for k in "ab")
    file = put(tmp_path, "maarat_2025.csv", f"Paikka;Laji;Vuosi;Tammi;Helmi;Maalis\n{rows}\n")
    lines = ('[source]\n"{0}" = "new"', '[id]\n"{0}" = "maarat"', '[unit_column]\n"{0}" = "Paikka"')
    told = put(tmp_path, "a.toml", "\n".join(lines).format("maarat_2025.csv"))
    shown = said(own, file, "--answers", told)
    assert "3 months side by side (Tammi–Maalis): each becomes a row, its figure in value" in shown
    assert "note: the year of each row stands in 'Vuosi'" in shown
    assert ask(own, "adopt", file, "--answers", told, "--write").exit_code == 0
    source = load(own / "configs").sources["maarat"]
    assert source.wide == Wide(month="month", value="value")
    assert source.key == ("paikka", "month", "laji")
    types = {name: column.type for name, column in source.column.items()}
    assert types == {"paikka": "code", "laji": "string", "month": "month", "value": "integer"}
    assert plan_of(own, file)["files"][0]["source"] == "maarat"


def test_a_workbook_with_dates_as_headings_below_a_title(own: Path, tmp_path: Path) -> None:
    heads: list[Cell] = ["Kustannuspaikka", "Tiliryhmä", "Talousarvio", "Vuosibudjetti", "Ennuste"]
    heads += [dt.date(2026, n, 1) for n in (1, 2, 3)]
    rows: list[list[Cell]] = [[unit, "vuokrat", 9, 120, 130, 1.5, 2, None] for unit in UNITS]
    file = workbook(tmp_path / "talous_2026-03.xlsx", ["Talous 2026"], heads, *rows)
    done = ask(own, "adopt", str(file), "--write")
    assert done.exit_code == 0
    assert "3 months side by side (2026-01–2026-03): each" in done.stdout
    source = load(own / "configs").sources["budget_monthly"]
    assert (source.titled, source.wide) == (True, Wide(month="month", value="actual_eur"))
    assert plan_of(own, str(file))["files"][0]["faults"] == []


LEFT = (
    "several numbers of each month stand side by side. "
    "Export one number of each month, or a row for each month."
)


@pytest.mark.parametrize(
    "heads",
    [
        ";;2026-01;;2026-02;;2026-03;\nKustannuspaikka;Tiliryhmä;Toteuma;Budjetti;Toteuma;Budjetti;Toteuma;Budjetti",
        "Kustannuspaikka;Tiliryhmä;2026-01;;2026-02;;2026-03;\n;;Toteuma;Budjetti;Toteuma;Budjetti;Toteuma;Budjetti",
        "Kustannuspaikka;Tiliryhmä;1/2026 a;1/2026 b;2/2026 a;2/2026 b;3/2026 a;3/2026 b",
    ],
)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_several_numbers_of_a_month_are_left_alone_and_named(
    fresh: Path, tmp_path: Path, heads: str, kind: str
) -> None:
    lines = [
        line.split(";") for line in f"{heads}\n41003;tuotot;1;2;3;4;5;6\n41004;tuotot;1;2;3;4;5;6".split("\n")
    ]
    if kind == "csv":
        put(tmp_path, "talous.csv", "\n".join(map(";".join, lines)))
    else:
        workbook(tmp_path / "talous.xlsx", *lines)
    done = ask(fresh, "adopt", str(tmp_path / f"talous.{kind}"))
    assert done.stdout == f"talous.{kind} is left alone: {LEFT}\n"


def test_weeks_side_by_side_are_no_months(fresh: Path, tmp_path: Path) -> None:
    weeks = ";".join(f"2026-{week:02}" for week in range(1, 20))
    text = f"Kustannuspaikka;Tiliryhmä;{weeks}\n41003;tuotot{';5' * 19}\n41004;tuotot{';5' * 19}\n"
    done = ask(fresh, "adopt", put(tmp_path, "talous.csv", text))
    assert done.stdout == (
        "talous.csv is left alone: '2026-13' is a week or a day, so headings like it beside it may be no "
        "months. Export a row for each week or day, or a column for each month.\n"
    )


@pytest.mark.parametrize(
    ("heads", "fault"),
    [
        ("2026-01;1/2026;2026-02", "look at: 3 months stand side by side as columns (2026-01 to 2026-02)"),
        (
            "tammi 2026;helmi;maalis",
            "would be refused: some months have a year, others like 'helmi' have none",
        ),
    ],
)
def test_months_that_could_mean_two_things_are_a_fault(
    fresh: Path, tmp_path: Path, heads: str, fault: str
) -> None:
    text = WHOLE.replace(MONTHS, heads)
    assert fault in said(fresh, put(tmp_path, "talous_2026-03.csv", text))


def test_months_without_a_year_are_told(fresh: Path, tmp_path: Path) -> None:
    shown = said(fresh, put(tmp_path, "talous_2026-03.csv", WHOLE.replace(MONTHS, "Tammi;Helmi;Maalis")))
    assert (
        "note: the months have no year: the last with figures must be the month of the delivery, "
        "else the file is refused" in shown
    )


@pytest.mark.parametrize(
    ("language", "note"),
    [
        ("fi", "kuukautta vierekkäin (tammi-26–maalis-26): jokaisesta tulee rivi, luku sarakkeeseen"),
        ("sv", "månader bredvid varandra (tammi-26–maalis-26): varje månad blir en rad, talet hamnar i"),
    ],
)
def test_it_is_told_in_every_language(fresh: Path, tmp_path: Path, language: str, note: str) -> None:
    file = put(tmp_path, "talous_2026-03.csv", WHOLE)
    done = opti(fresh, "--ui-lang", language, "adopt", file)
    assert f"3 {note} actual_eur\n" in done.stdout
