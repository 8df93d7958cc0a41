"""A published value is explained down to its files, a withheld one by its rule; what changed is listed."""

from __future__ import annotations

import csv
import json
import random
import shutil
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from opti_reports.algebra.exact import decimal
from opti_reports.explain.question import Question
from opti_reports.explain.value import Behind, behind
from opti_reports.messages.sentences import sentence, words
from opti_reports.periods.months import parse_month
from opti_reports.terminal.explain import explanation_text
from opti_reports.workspace import Workspace
from tests.workspaces import LAST, ask

TOP = "avosairaanhoito"


@pytest.fixture(scope="module")
def asked(lean_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lean workspace that questions may lock."""
    place = tmp_path_factory.mktemp("asked") / "ws"
    shutil.copytree(lean_run, place)
    return place


@pytest.fixture(scope="module")
def known(asked: Path) -> Behind:
    """What the values of its month rest on."""
    return behind(Workspace(asked), parse_month(LAST))


def every_row(workspace: Path) -> Iterator[dict[str, str]]:
    """The rows of values.csv."""
    with (workspace / "output" / LAST / "values.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def question(row: dict[str, str]) -> Question:
    """The question that a row of values.csv answers."""
    return Question(
        metric=row["metric"],
        org=row["org"],
        month=parse_month(LAST),
        breakdown=row["breakdown"],
        key=row["key"],
        window=row["period_kind"],
        period=row["period"],
    )


def spread(workspace: Path, state: str) -> list[dict[str, str]]:
    """Rows of a state: the last of each metric, window and breakdown."""
    found = {
        (row["metric"], row["period_kind"], row["breakdown"]): row
        for row in every_row(workspace)
        if row["state"] == state
    }
    return list(found.values())


def test_every_kind_of_value_is_explained_with_the_files_behind_it(asked: Path, known: Behind) -> None:
    rows = [*spread(asked, "ok"), *spread(asked, "partial"), *spread(asked, "few")]
    assert len(rows) > 150
    for row in rows:
        found = known.answer(question(row))
        assert found.row == row
        assert found.again == "same"
        assert found.deliveries, row
        for one in found.deliveries:
            assert one.files
            assert one.read == one.used + one.rejected + one.outside
        text = explanation_text(found)
        assert found.name in text
        assert not row["value"] or row["value"] in text


def test_terms_by_month_add_up_to_the_published_figure(asked: Path, known: Behind) -> None:
    checked = set()
    for row in spread(asked, "ok"):
        found = known.answer(question(row))
        metric = known.configs.metrics[row["metric"]]
        sums = all(sentence(a.words).removeprefix("minus ").startswith("the sum of") for a in found.addends)
        if metric.kind not in ("ratio", "total") or not sums or not found.addends[0].amounts:
            continue
        for side, column in (
            ("numerator", "numerator"),
            ("sum", "numerator"),
            ("denominator", "denominator"),
        ):
            amounts = [Fraction(x) for a in found.addends if a.side == side for x in a.amounts]
            if amounts:
                assert decimal(sum(amounts, Fraction(0))) == row[column], row
        checked.add(row["metric"])
    assert len(checked) >= 15


def test_a_withheld_value_is_explained_by_its_rule_and_never_told(asked: Path, known: Behind) -> None:
    rows = spread(asked, "withheld")
    assert len(rows) > 20
    for row in rows:
        found = known.answer(question(row))
        assert found.again == ""
        assert words(found.why).startswith("withheld, because ")
        assert words(found.why).endswith("which of these is not said")
        assert all(addend.amounts == () for addend in found.addends)
        text = explanation_text(found)
        assert "withheld: no figure" in text
        for month in found.months:
            if month["state"] == "withheld":
                assert month["value"] == month["numerator"] == month["denominator"] == month["n"] == ""


def test_nothing_is_split_whose_facts_stand_behind_a_protected_figure(asked: Path, known: Behind) -> None:
    """Also where the value itself is shown: its terms might tell another that is not."""
    row = next(r for r in every_row(asked) if r["metric"] == "contacts_n" and r["state"] == "ok")
    found = known.answer(question(row))
    assert all(addend.amounts == () for addend in found.addends)
    assert any("could reveal figures that are withheld" in words(note) for note in found.notes)


def test_a_score_says_its_formula_filters_and_rows(asked: Path) -> None:
    text = ask(asked, "explain", "nps", "--org", TOP, "--month", LAST).stdout
    lines = text.splitlines()
    assert lines[0] == "Suositteluindeksi (NPS) (nps)"
    assert lines[1] == f"Avosairaanhoito ({TOP}), month {LAST}"
    assert "value = 100 × numerator / denominator" in lines
    assert "  numerator: the sum of nps.n where nps_0_10 is 9 or 10" in lines
    assert "  numerator: minus the sum of nps.n where nps_0_10 is 0 or 1 or 2 or 3 or 4 or 5 or 6" in lines
    assert "      nps: rows of survey_responses where 0 <= nps_0_10 <= 10" in lines
    assert any(line.startswith("survey_responses  2026-08   kysely_2026-08.csv  2026-08 ") for line in lines)


def test_a_cost_a_median_and_a_comparison_say_their_formula(known: Behind) -> None:
    def said(metric: str) -> str:
        return sentence(known.answer(Question(metric=metric, org=TOP, month=parse_month(LAST))).formula)

    assert said("cost_per_contact_eur") == "value = numerator / denominator"
    assert said("chat_wait_median_min").endswith(" the median of wait over all cases")
    assert said("access_gap_between_units").startswith("value = the spread among units of ")
    cost = known.answer(Question(metric="cost_per_contact_eur", org=TOP, month=parse_month(LAST)))
    assert {one.source for one in cost.deliveries} == {"avohilmo_events", "budget_monthly"}
    assert cost.deliveries[0].stands_for == ("2026-06", "2026-07", "2026-08")


def test_a_breakdown_names_its_key_among_the_filters(asked: Path, known: Behind) -> None:
    row = next(
        r for r in every_row(asked) if r["breakdown"] and r["state"] == "ok" and r["metric"] == "calls_n"
    )
    found = known.answer(question(row))
    assert f"{row['breakdown']} is {row['key']}" in sentence(found.addends[0].words)
    assert found.months[-1]["key"] == row["key"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("npss", "--org", TOP), "opti: METRIC: no metric 'npss', did you mean 'nps'?"),
        (("nps", "--org", "avosairanhoito"), "opti: --org: no organisation 'avosairanhoito', did you mean"),
        (
            ("nps", "--org", TOP, "--breakdown", "languge"),
            "opti: --breakdown: nps has no breakdown 'languge'",
        ),
        (
            ("nps", "--org", TOP, "--breakdown", "language", "--key", "xx"),
            "opti: --key: no key 'xx' of language",
        ),
        (("nps", "--org", TOP, "--window", "wave"), "opti: --window: values.csv has no wave value of nps at"),
        (("nps", "--org", TOP, "--period", "2020-01"), "opti: --period: there is no month '2020-01' of it"),
    ],
)
def test_a_value_that_is_not_there_is_refused(asked: Path, arguments: tuple[str, ...], message: str) -> None:
    result = ask(asked, "explain", *arguments, "--month", LAST)
    assert result.exit_code == 2
    assert result.stderr.startswith(message)


def test_a_figure_put_into_values_csv_by_hand_is_not_explained(lean: Path) -> None:
    path = lean / "output" / LAST / "values.csv"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    result = ask(lean, "explain", "nps", "--org", TOP, "--month", LAST)
    assert result.exit_code == 7
    assert result.stderr == f"opti: output/{LAST}/values.csv: is not what the run made\n  Run again.\n"


def test_restatements_say_what_was_and_is_and_by_which_extract(asked: Path) -> None:
    found = json.loads(ask(asked, "changes", "--month", LAST, "--json").stdout)
    revised = {
        (row["metric"], row["org"], row["period"]): (row["revised"], row["value"])
        for row in every_row(asked)
        if row["revised"] and row["period_kind"] != "tertial"
    }
    told = {(r["metric"], r["org"], r["period"]): (r["old"], r["new"]) for r in found["restated"]}
    assert revised
    assert {place: told[place] for place in revised} == revised
    assert all(r["sources"] for r in found["restated"])
    assert found["since"] == ""
    assert (
        "moved: nothing has been released yet to compare with"
        in ask(asked, "changes", "--month", LAST).stdout
    )


def test_what_moved_since_the_last_release_is_listed_with_how(lean: Path) -> None:
    assert ask(lean, "release", "--month", LAST, "--sign", "Laatupäällikkö").exit_code == 0
    assert "moved since 2026-08/v1-" in ask(lean, "changes", "--month", LAST).stdout
    (path,) = (lean / "output/archive" / LAST).glob("v1-*/values.csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    hidden = next(r for r in rows if is_newest(r, "calls_n"))
    other = next(r for r in rows if is_newest(r, "nps"))
    hidden["state"] = "withheld"
    other["value"] = "12"
    path.chmod(0o644)
    with path.open("w", encoding="utf-8", newline="") as written:
        writer = csv.DictWriter(written, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    found = json.loads(ask(lean, "changes", "--month", LAST, "--json").stdout)
    assert [(m["metric"], m["org"], m["how"]) for m in found["moved"]] == [
        ("nps", other["org"], "another value of the same period"),
        ("calls_n", hidden["org"], "withheld before, ok now"),
    ]


def is_newest(row: dict[str, str], metric: str) -> bool:
    """Whether a row is a headline figure of the metric in the month."""
    place = row["metric"], row["period_kind"], row["period"], row["breakdown"], row["state"]
    return place == (metric, "month", LAST, "", "ok")


def test_any_row_of_the_figures_is_explained_and_comes_out_the_same(asked: Path, known: Behind) -> None:
    rows = list(every_row(asked))
    for row in random.Random(20260831).sample(rows, 200):
        found = known.answer(question(row))
        assert found.row == row
        assert found.again == ("" if row["state"] == "withheld" else "same"), row


def test_a_figure_that_its_facts_do_not_give_is_told(asked: Path, known: Behind) -> None:
    row = next(row for row in every_row(asked) if row["state"] == "ok" and row["value"] not in ("", "0"))
    rows = {(row["metric"], row["org"]): [{**row, "value": "12345"}]}
    found = replace(known, rows=rows).answer(question(row))
    assert found.again == "another"
    assert "computed again from the facts: another" in explanation_text(found)
    assert "computed again from the facts as they are now it comes out otherwise" in map(words, found.notes)
