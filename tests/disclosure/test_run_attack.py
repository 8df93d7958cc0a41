"""Nobody works a protected figure out from all others of a run, and of the run before, whatever he adds."""

from __future__ import annotations

import csv
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import pytest

from opti_reports.config.configs import Configs
from opti_reports.config.load import load
from opti_reports.disclosure.gate import Gate
from opti_reports.metrics.evaluate import Inputs, values
from opti_reports.model.value import State, Value, Values
from opti_reports.periods.cadence import cadence
from opti_reports.periods.period import Period, parse_period
from opti_reports.stages.disclosure import periods_of, withheld
from opti_reports.stages.groups import together
from opti_reports.stages.values import exact
from tests.disclosure.linear import Attack, only
from tests.pipeline import known_inputs, taken_until
from tests.workspaces import LAST, stored

Protected = set[tuple[str, str, Period, str, str]]
BEFORE = "2026-07"
HAIPRO, LEGAL = ["haipro_closed_60d_pct"], ["legal_cases_n", "legal_replies_on_time_pct"]
FEEDBACK = ["feedback_n", "feedback_to_improve_n", "feedback_rerouted_n", "feedback_reopened_n"]
QUICK = [HAIPRO, LEGAL, FEEDBACK]
SLOW = [
    ["nps"],
    ["survey_statements_mean", "share_4_5_pct", "perceived_benefit_mean"],
    ["haipro_reports_n"],
    ["cles_mean"],
    ["feedback_answered_5wd_pct", "feedback_started_5wd_pct"],
    ["haipro_occ_safety_10wd_pct"],
    ["vacancy_pct", "turnover_out_pct", "sick_leave_pct"],
    ["wellbeing_index", "wellbeing_response_pct", "enps"],
    [
        f"training_{name}"
        for name in ("participation_pct", "days_per_person", "feedback_mean", "cost_per_person")
    ],
    ["mandatory_competence_valid_pct"],
    ["resourcing_fill_pct", "agency_share_pct", "contacts_per_workday"],
    ["chat_rating_mean"],
    ["chat_rating_handled_mean"],
    ["survey_response_pct"],
]
"""Metrics that count the same; apart from the others, as they have no case in common."""


def published(path: Path) -> Values:
    """The figures of a values.csv; which of them are shown is what counts, not how large they are."""
    with path.open(encoding="utf-8", newline="") as file:
        return Values(tuple(_value(row) for row in csv.DictReader(file)))


def _value(row: dict[str, str]) -> Value:
    num, den = (Fraction(row[name]) if row[name] else None for name in ("numerator", "denominator"))
    state: State = row["state"]  # type: ignore[assignment]
    n = int(row["n"]) if row["n"] else None
    return Value(
        metric=row["metric"],
        org=row["org"],
        period=_period(row["period_kind"], row["period"]),
        state=state,
        num=num,
        den=den,
        n=n,
        breakdown=row["breakdown"],
        key=row["key"],
    )


def _period(kind: str, text: str) -> Period:
    return parse_period(cadence(kind), text)


class Known(NamedTuple):
    """The facts of a run, its values before masking, and which of them are protected in themselves."""

    configs: Configs
    inputs: Inputs
    plain: Values
    small: Protected


@pytest.fixture(scope="module")
def known(shipped_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Known:
    """What the run rests on."""
    configs = load(shipped_run / "configs")
    place = stored(shipped_run, tmp_path_factory.mktemp("facts"))
    inputs = known_inputs(configs, shipped_run / "data", place, LAST)
    gate = Gate(configs.metrics, inputs.at.tree, configs.protection("county"))
    found = periods_of(configs, gate.protection, values(inputs))
    small = {(v.metric, v.org, v.period, v.breakdown, v.key) for v in found if gate.least(v)}
    return Known(configs, inputs, found, small)


@pytest.mark.parametrize(
    "ids", [*QUICK, *(pytest.param(ids, marks=pytest.mark.heavy) for ids in SLOW)], ids="+".join
)
def test_no_protected_figure_of_a_run_follows_from_the_others(
    shipped_run: Path, known: Known, ids: list[str]
) -> None:
    _, inputs, _, small = known
    masked = published(shipped_run / "output" / LAST / "values.csv")
    newest = only(inputs, masked, ids)
    assert any(v.state == "withheld" for v in newest.masked), "the attack has a target"
    assert Attack([newest]).works_out(small) == []


@pytest.mark.parametrize(
    ("ids", "most"),
    [(HAIPRO, 3), *(pytest.param(ids, 40, marks=pytest.mark.heavy) for ids in (*QUICK, *SLOW[:3]))],
    ids=lambda one: "+".join(one) if isinstance(one, list) else str(one),
)
def test_nor_do_bounds_tell_it_closer_than_its_limit(
    shipped_run: Path, known: Known, ids: list[str], most: int
) -> None:
    configs, inputs, plain, small = known
    protection = configs.protection("county")
    counts = {(v.metric, v.org, v.period, v.breakdown, v.key): v.n or 0 for v in plain}
    limits = {
        place: protection.limit(configs.metrics[place[0]], place[3], place[4])
        for place in small
        if place[0] in ids and counts[place]
    }

    def always(value: Value) -> bool:
        return not protection.limit(configs.metrics[value.metric], value.breakdown, value.key)

    newest = only(inputs, published(shipped_run / "output" / LAST / "values.csv"), ids)
    tried, told = Attack([newest]).too_close(limits, always, most)
    assert tried
    assert told == []


def test_the_attack_is_able_to_tell(known: Known) -> None:
    """Withholding just what is protected, or each metric by itself, tells figures of every kind."""
    configs, inputs, plain, small = known
    bare = Values(
        tuple(
            v._replace(state="withheld", num=None, den=None, n=None)
            if (v.metric, v.org, v.period, v.breakdown, v.key) in small
            else v
            for v in plain
        )
    )
    for ids in QUICK[:2]:
        assert Attack([only(inputs, bare, ids)]).works_out(small)
    apart = {id: Values(tuple(v for v in plain if v.metric == id)) for id in QUICK[2]}
    gate = Gate(configs.metrics, inputs.at.tree, configs.protection("county"))
    alone = Values(tuple(v for own in apart.values() for v in gate.publish(own).values))
    assert Attack([only(inputs, alone, QUICK[2])]).works_out(small)


def test_every_withheld_metric_is_attacked(shipped_run: Path, known: Known) -> None:
    masked = published(shipped_run / "output" / LAST / "values.csv")
    attacked = {id for ids in (*QUICK, *SLOW) for id in ids}
    configs = known.configs
    withheld = {v.metric for v in masked if v.state == "withheld"}
    assert {id for id in withheld - attacked if configs.metrics[id].kind in ("ratio", "total")} == set()


@pytest.fixture(scope="module")
def earlier(
    shipped_run: Path,
    known: Known,
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Inputs, Values]:
    """What the month before knew, placed in the tree of this one, and what was shown of it."""
    configs, inputs, _, _ = known
    place = stored(shipped_run, tmp_path_factory.mktemp("before"))
    then = known_inputs(configs, shipped_run / "data", place, BEFORE)
    facts = taken_until(configs, shipped_run / "data", place, LAST)
    tried = {id for ids in (*QUICK, *SLOW) for id in ids}
    shown: list[Value] = []
    for group in together(configs):
        if tried.intersection(group):
            audiences = dict(withheld(configs, exact(configs, facts, inputs.month, group), inputs.month))
            shown.extend(audiences["county"].before)
    return replace(then, at=inputs.at), Values(tuple(shown))


@pytest.mark.heavy
@pytest.mark.parametrize("ids", [*QUICK, *SLOW], ids="+".join)
def test_nor_from_those_of_two_runs_together(
    shipped_run: Path,
    known: Known,
    earlier: tuple[Inputs, Values],
    ids: list[str],
) -> None:
    _, inputs, _, small = known
    then, first = earlier
    second = only(inputs, published(shipped_run / "output" / LAST / "values.csv"), ids)
    known_before = {(v.metric, v.org, v.period, v.breakdown, v.key) for v in first if v.state != "withheld"}
    assert Attack([only(then, first, ids), second]).works_out(small - known_before) == []
