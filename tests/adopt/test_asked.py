"""What files do not tell is asked, with every answer that may be right; a guess that misleads is none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from opti_reports.adopt.units import Units
from opti_reports.config.load import load
from tests.adopt.test_files import fresh, own, plan_of, put
from tests.workspaces import ROOT, ask

__all__ = ["fresh", "own"]
STATIONS = ("Alberga hvs", "Mattby hvs", "Hagalunds hvs", "Kilo hvs", "Lojo hvs", "Esbo centrums hvs")
FEEDBACK = "Respons-id;Kundens ställe;Mottagen;Tila\n" + "\n".join(
    f"P{n};{STATIONS[n % 6]};{1 + n % 28}.8.2026 8.10;uusi" for n in range(30)
)
MONEY = ("Kp;Kuukausi;Tiliryhmä;Toteuma;Talousarvio/kk;Talousarvio/v\n") + "\n".join(
    f"4100{n};{month}/2026;{group};90;100;1200"
    for n in (3, 4, 5, 7)
    for month in (6, 7, 8)
    for group in ("henkilöstökulut", "vuokrat", "vuokratyö")
)


def questions(workspace: Path, *arguments: str) -> dict[tuple[str, ...], dict[str, Any]]:
    return {tuple(one["key"]): one for one in plan_of(workspace, *arguments)["questions"]}


def told(folder: Path, text: str) -> tuple[str, str]:
    return "--answers", put(folder, "answers.toml", text)


def test_a_column_of_units_in_other_words_may_be_the_unit(fresh: Path, tmp_path: Path) -> None:
    file = put(tmp_path, "kundrespons.csv", FEEDBACK.replace("hvs", "Z"))
    asked = questions(fresh, file, *told(tmp_path, '[source]\n"kundrespons.csv" = "client_feedback"\n'))
    assert "unit_code" in asked["column", "client_feedback", "Kundens ställe"]["options"]


def test_units_behind_an_abbreviation_nobody_knows_are_guessed_and_asked(fresh: Path, tmp_path: Path) -> None:
    file = put(tmp_path, "kundrespons.csv", FEEDBACK)
    heading = '[column.client_feedback]\n"Kundens ställe" = "unit_code"\n'
    source = '[source]\n"kundrespons.csv" = "client_feedback"\n'
    asked = questions(fresh, file, *told(tmp_path, source + heading))
    assert {key[2]: one["guess"] for key, one in asked.items() if key[0] == "unit"} == dict(
        zip(STATIONS, ("leppavaara", "matinkyla", "tapiola", "kilo", "lohja", "espoon_keskus"), strict=True)
    )


def test_an_answer_of_a_unit_counts_also_where_hardly_any_is_known(own: Path, tmp_path: Path) -> None:
    other = FEEDBACK
    for number, name in enumerate(STATIONS):
        other = other.replace(name, f"Ställe {'ABCDEF'[number]}")
    answers = told(
        tmp_path,
        '[source]\n"kundrespons.csv" = "client_feedback"\n'
        '[column.client_feedback]\n"Kundens ställe" = "unit_code"\n[unit.palaute]\n"Ställe A" = "lohja"\n'
        + "".join(f'"Ställe {letter}" = ""\n' for letter in "BCDEF"),
    )
    done = ask(own, "adopt", put(tmp_path, "kundrespons.csv", other), "--write", *answers)
    assert done.exit_code == 0, done.output
    lohja = next(unit for unit in load(own / "configs").organisation.units if unit.id == "lohja")
    assert "Ställe A" in lohja.codes["palaute"]


def test_any_source_may_be_the_answer(fresh: Path, tmp_path: Path) -> None:
    asked = questions(fresh, put(tmp_path, "luvut.csv", "Alue;Luku\nA;2\nB;4\n"))["source", "luvut.csv"]
    assert {"new", "haipro_reports", "client_feedback"} <= set(asked["options"])


def test_a_month_s_budget_and_a_year_s_are_told_apart(fresh: Path, tmp_path: Path) -> None:
    file = put(tmp_path, "talous_2026-08.csv", MONEY)
    asked = questions(fresh, file)
    guesses = [asked["column", "budget_monthly", f"Talousarvio/{per}"]["guess"] for per in ("kk", "v")]
    assert guesses == ["budget_eur", "budget_year_eur"]


def test_a_code_that_another_text_means_already_is_no_guess(fresh: Path, tmp_path: Path) -> None:
    asked = questions(fresh, put(tmp_path, "talous_2026-08.csv", MONEY))
    assert asked["code", "budget_monthly", "account_group", "vuokratyö"]["guess"] == ""


def test_free_text_may_be_said_to_be_the_feedback(fresh: Path, tmp_path: Path) -> None:
    rows = FEEDBACK.splitlines()
    text = "\n".join(
        [f"{rows[0]};Fritext", *(f"{row};Tack för hjälpen {n}" for n, row in enumerate(rows[1:]))]
    )
    file = put(tmp_path, "kundrespons.csv", text)
    source = '[source]\n"kundrespons.csv" = "client_feedback"\n'
    asked = questions(fresh, file, *told(tmp_path, source))
    assert "text" in asked["column", "client_feedback", "Fritext"]["options"]
    refusal = "the column 'Fritext' may hold personal data or free text"
    assert refusal in ask(fresh, "adopt", file, *told(tmp_path, source)).stdout
    answered = f'{source}[column.client_feedback]\n"Fritext" = "text"\n'
    done = ask(fresh, "adopt", file, *told(tmp_path, answered))
    assert refusal not in done.stdout
    assert "Tack" not in done.output


def test_a_file_that_is_still_refused_says_so_after_writing(own: Path, tmp_path: Path) -> None:
    file = put(tmp_path, "kulut_2026-08.csv", MONEY.replace(";Talousarvio/kk;", ";Muu;"))
    answers = told(
        tmp_path,
        '[column.budget_monthly]\n"Muu" = ""\n"Talousarvio/v" = "budget_year_eur"\n'
        '[code.budget_monthly.account_group]\n"vuokratyö" = "vuokratyovoima"\n',
    )
    done = ask(own, "adopt", file, "--write", *answers)
    assert done.exit_code == 4, done.output
    assert "Written: " in done.stderr
    assert done.stderr.splitlines()[-1] == (
        "kulut_2026-08.csv still cannot be read: what is in the way stands with it above."
    )


def test_answers_that_belong_to_no_question_are_named(fresh: Path, tmp_path: Path) -> None:
    file = put(tmp_path, "talous_2026-08.csv", MONEY)
    done = ask(
        fresh, "adopt", file, *told(tmp_path, '[column.budget_monthly]\n"Talousarviot" = "budget_eur"\n')
    )
    assert "Nothing of these files asks for these answers: column.budget_monthly.Talousarviot." in done.stderr
    assert 'Talousarviot = "budget_eur"' in done.stderr, "and the file of answers that is wanted keeps them"


@pytest.mark.parametrize(
    ("text", "unit", "sure"),
    [("Alberga hvs", "leppavaara", False), ("Alberga", "leppavaara", True), ("hvs", None, False)],
)
def test_short_words_that_nobody_knows_leave_a_guess(text: str, unit: str | None, sure: bool) -> None:
    match = Units(load(ROOT / "configs").organisation).match(text)
    assert (match.unit if match else None, bool(match and match.sure)) == (unit, sure)
