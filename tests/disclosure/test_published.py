"""What residents are shown is what the packs for them name, and nothing that is withheld follows from it."""

from __future__ import annotations

import csv
import shutil
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

from opti_reports.config.configs import Configs
from opti_reports.config.load import load
from opti_reports.disclosure.gate import Gate
from opti_reports.disclosure.publication import Earlier
from opti_reports.metrics.evaluate import Inputs
from opti_reports.model.value import Value, Values
from opti_reports.parallel import Jobs
from opti_reports.periods.cadence import MONTH
from opti_reports.periods.months import parse_month
from opti_reports.periods.period import Period
from opti_reports.stages.disclosure import periods_of, publish, withheld
from opti_reports.stages.groups import together
from opti_reports.stages.values import compute, exact
from opti_reports.workspace import Workspace
from tests.disclosure.linear import Attack, only
from tests.disclosure.test_run_attack import published
from tests.pipeline import known_inputs, taken_until
from tests.workspaces import LAST, stored

READER, BEFORE = "public", "2026-04"
COUNTED = ("legal_cases_n", "feedback_n", "haipro_reports_n")
"""What its pages show by keys, the quickest first: cases of which few may be of somebody who is known."""
SHARES = ("feedback_answered_5wd_pct", "resourcing_fill_pct", "vacancy_pct", "nps", "survey_statements_mean")
Place = tuple[str, str, Period, str, str]


def place_of(value: Value) -> Place:
    return value.metric, value.org, value.period, value.breakdown, value.key


def table(run: Path) -> Path:
    return run / "output" / LAST / f"values.{READER}.csv"


def test_the_table_of_its_figures_holds_what_its_pages_name_and_no_other(shipped_run: Path) -> None:
    configs = load(shipped_run / "configs")
    level = {unit.id: unit.level for unit in configs.organisation.units}
    with table(shipped_run).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    of_units = {row["metric"] for row in rows if level[row["org"]] == "toimintayksikko"}
    assert of_units == {
        "immediate_access_pct",
        "care_need_same_day_pct",
        "care_guarantee_u23_pct",
        "care_guarantee_23plus_pct",
        "t3_days",
    }, "no report, answer or complaint of a single station"
    split = {(row["metric"], row["breakdown"]) for row in rows if row["breakdown"]}
    assert split == {
        ("feedback_n", "topic"),
        ("haipro_reports_n", "event_type"),
        ("legal_cases_n", "case_kind"),
        ("survey_statements_mean", "statement"),
    }
    kinds = {row["metric"]: {r["period_kind"] for r in rows if r["metric"] == row["metric"]} for row in rows}
    assert all(kinds[metric] == {"rolling_12m"} for metric in COUNTED), "whole years alone"
    assert not {"sick_leave_pct", "enps", "contacts_n", "budget_ytd_pct"} & set(kinds)


def test_a_page_that_names_more_shows_it_though_no_figure_is_new(shipped_run: Path, tmp_path: Path) -> None:
    place = Workspace(stored(shipped_run, tmp_path))
    shutil.copytree(shipped_run / "configs", place.configs)

    def keys() -> set[str]:
        configs = load(place.configs)
        counted = taken_until(configs, shipped_run / "data", tmp_path, LAST)
        with Jobs(1) as jobs:
            every = compute(place.store, configs, counted, parse_month(LAST), jobs, lambda *_: None)
            cases = [one for one in every if "legal_cases_n" in one.metrics]
            shown = publish(place.store, configs, cases, parse_month(LAST), jobs)
        return {value.breakdown for value in shown[READER].now if value.metric == "legal_cases_n"}

    assert keys() == {"", "case_kind"}
    page = place.configs / "packs/public.toml"
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace('keys = ["case_kind"]', 'keys = ["case_kind", "topic"]'), encoding="utf-8")
    assert keys() == {"", "case_kind", "topic"}


class Publication(NamedTuple):
    """A month's facts, what residents were shown of it, and what is protected in itself."""

    inputs: Inputs
    shown: Values
    exact: Values
    small: set[Place]


def publication(
    configs: Configs, run: Path, store: Path, month: str, group: tuple[str, ...], *before: Publication
) -> Publication:
    number, protection = parse_month(month), configs.protection(READER)
    facts = taken_until(configs, run / "data", store, month)
    inputs = known_inputs(configs, run / "data", store, month)
    made = exact(configs, facts, number, group)
    releases = {
        READER: [
            (Period(MONTH, parse_month(BEFORE)), Earlier.of(one.shown, one.exact, one.inputs.at.tree))
            for one in before
        ]
    }
    found = dict(withheld(configs, made, number, releases))[READER]
    assert not found.exposed
    were = periods_of(configs, protection, made.now)
    gate = Gate(configs.metrics, inputs.at.tree, protection)
    return Publication(inputs, Values(found.now), were, {place_of(v) for v in were if gate.least(v)})


@pytest.mark.parametrize(
    "metric", [COUNTED[0], *(pytest.param(id, marks=pytest.mark.heavy) for id in (*COUNTED[1:], *SHARES))]
)
def test_no_withheld_figure_follows_from_two_publications(
    shipped_run: Path, tmp_path: Path, metric: str
) -> None:
    configs = load(shipped_run / "configs")
    (group,) = (ids for ids in together(configs) if metric in ids)
    store = stored(shipped_run, tmp_path)
    first = publication(configs, shipped_run, store, BEFORE, group)
    second = publication(configs, shipped_run, store, LAST, group, first)
    ids = [id for id in group if configs.metrics[id].kind in ("ratio", "total")]
    seen = {place_of(v) for v in first.shown if v.state != "withheld"}
    then = first._replace(inputs=replace(first.inputs, at=second.inputs.at))
    for tried, told in ((first, [first]), (second, [then, second])):
        attack = Attack([only(one.inputs, one.shown, ids) for one in told])
        assert attack.works_out(tried.small - (seen if len(told) > 1 else set())) == []


def test_the_attack_has_a_target(shipped_run: Path) -> None:
    hidden = [value for value in published(table(shipped_run)) if value.state == "withheld"]
    assert {value.metric for value in hidden} & set(COUNTED)


def test_a_month_that_names_everything_would_tell_it(shipped_run: Path, tmp_path: Path) -> None:
    """Were only what is small withheld, the totals would tell it: so the attack is able to."""
    configs = load(shipped_run / "configs")
    (group,) = (ids for ids in together(configs) if COUNTED[0] in ids)
    made = publication(configs, shipped_run, stored(shipped_run, tmp_path), LAST, group)
    bare = Values(
        tuple(
            v._replace(state="withheld", num=None, den=None, n=None) if place_of(v) in made.small else v
            for v in made.exact
        )
    )
    assert Attack([only(made.inputs, bare, [COUNTED[0]])]).works_out(made.small)
