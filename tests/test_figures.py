"""Figures by groups and from the store: as all at once, and worked out only when something is new."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import pytest

from opti_reports.catalogue.graph import used
from opti_reports.config.configs import Configs
from opti_reports.config.load import load
from opti_reports.disclosure.amounts import concerned
from opti_reports.model.value import Reason, Value, Values
from opti_reports.parallel import Jobs
from opti_reports.periods.cadence import MONTH, TERTIAL, TO_DATE, WAVE, WEEK
from opti_reports.periods.months import parse_month
from opti_reports.periods.period import Period
from opti_reports.stages import disclosure, extracts
from opti_reports.stages import facts as stage
from opti_reports.stages import values as step
from opti_reports.stages.counted import Facts
from opti_reports.stages.groups import together
from opti_reports.store import figures as store
from opti_reports.store.figures import Figures
from opti_reports.workspace import Workspace
from tests.pipeline import shipped
from tests.workspaces import LAST, LEAN_UNIT, ask

DATA_MONTH = parse_month(LAST)
VALUES = (
    Value(
        metric="a",
        org="x",
        period=Period(MONTH, 679),
        state="ok",
        value=Fraction(1, 3),
        num=Fraction(10**30),
        den=Fraction(3 * 10**30),
        n=7,
    ),
    Value(
        metric="a",
        org="x",
        period=Period(WEEK, 679, 2955),
        state="ok",
        value=Fraction(-2),
        num=Fraction(-2),
        interval=(0.1, 1 / 3),
    ),
    Value(
        metric="b",
        org="y",
        period=Period(TERTIAL, 679),
        state="withheld",
        breakdown="kind",
        key="Å, ä; ö",
        reason=Reason("withheld", of=5),
    ),
    Value(
        metric="b",
        org="y",
        period=Period(WAVE, 679),
        state="partial",
        value=Fraction(0),
        n=0,
        reason=Reason("months", 3, 4),
    ),
    Value(
        metric="b",
        org="y",
        period=Period(TO_DATE, 679),
        state="ok",
        value=Fraction(1),
        unknown=2,
        range=(Fraction(1, 3), Fraction(1)),
    ),
)


def silent(done: int, total: int) -> None:
    del done, total


def taken(place: Workspace, configs: Configs) -> Facts:
    found = extracts.arrive(place, configs, DATA_MONTH, None).deliveries
    with Jobs(1) as jobs:
        return stage.count(place, configs, found, jobs, silent)


def made(place: Workspace, configs: Configs) -> Figures:
    with Jobs(1) as jobs:
        exact = step.compute(place.store, configs, taken(place, configs), DATA_MONTH, jobs, silent)
        shown = disclosure.publish(place.store, configs, exact, DATA_MONTH, jobs)
        return shown[configs.audiences.files.values]


def addresses(place: Workspace) -> dict[tuple[str, ...], str]:
    """Where the figures of each group lie."""
    configs = load(place.configs, place.demo)
    found = step.groups(place.store, configs, taken(place, configs), DATA_MONTH)
    return {task.metrics: task.address for task in found}


def test_every_metric_is_in_one_group_with_those_that_could_tell_it() -> None:
    configs = shipped()
    groups = together(configs)
    assert sorted(id for ids in groups for id in ids) == sorted(configs.metrics)
    guarded = concerned(configs.metrics, configs.protections)
    places: dict[tuple[str, str], set[int]] = {}
    for number, ids in enumerate(groups):
        for id in guarded & set(ids):
            for fact, measures in used(id, configs.metrics):
                for measure in measures:
                    places.setdefault((fact, measure), set()).add(number)
    assert {count for numbers in places.values() for count in [len(numbers)]} == {1}


def test_figures_by_groups_are_those_of_all_metrics_at_once(lean: Path) -> None:
    place = Workspace(lean)
    configs = load(place.configs, place.demo)
    exact = step.exact(configs, taken(place, configs), DATA_MONTH, configs.metrics)
    whole = dict(disclosure.withheld(configs, exact, DATA_MONTH))["unit"]  # they all see the same
    parts = made(place, configs)

    def told(values: Iterable[Value]) -> list[str]:
        return sorted(map(repr, values))

    assert told(parts.now) == told(whole.now)
    now = Values(whole.now)
    changed = [v for v in whole.before if now.get(v.metric, v.org, v.period).value != v.value]
    assert told(parts.before) == told(v for v in changed if not v.breakdown)
    assert parts.before
    assert dict(parts.newest) == dict(whole.newest)
    assert {v.state for v in parts.now} >= {"ok", "withheld", "missing"}


def test_a_second_run_works_nothing_out(lean: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Workspace(lean)
    configs = load(place.configs, place.demo)
    made(place, configs)
    for module in (step, disclosure):
        monkeypatch.setattr(module, "work", lambda task: pytest.fail(f"{task} is worked out again"))
    made(place, configs)


def test_a_delivery_moves_only_the_figures_that_rest_on_it(lean: Path) -> None:
    place = Workspace(lean)
    before = addresses(place)
    cases = next((lean / "data" / LAST).glob("asiat*.csv"))
    text = cases.read_bytes()
    cases.write_bytes(text[: text.rstrip().rfind(b"\n") + 1])  # a case less
    after = addresses(place)
    moved = [metrics for metrics, address in before.items() if after[metrics] != address]
    assert moved == [("legal_cases_n", "legal_replies_on_time_pct")]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("settings.toml", "history_months = 13", "history_months = 14"),
        ("organisation.toml", "small_staff_group = true", "small_staff_group = false"),
    ],
)
def test_changed_configs_move_the_figures(lean: Path, file: str, old: str, new: str) -> None:
    place = Workspace(lean)
    before = addresses(place)
    path = place.configs / file
    assert old in path.read_text(encoding="utf-8")
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    after = addresses(place)
    assert all(after[metrics] != address for metrics, address in before.items())


def test_a_changed_metric_moves_the_figures_worked_out_with_it(lean: Path) -> None:
    place = Workspace(lean)
    before = addresses(place)
    for old, new, moves in (("min_n = 10", "min_n = 11", True), ("name.fi = ", "name.fi = 'Uusi' #", False)):
        path = place.configs / "themes/ajantasaisuus.toml"
        text = path.read_text(encoding="utf-8")
        at = text.index("[metric.doctor_wait_7d_pct]")
        path.write_text(text[:at] + text[at:].replace(old, new, 1), encoding="utf-8")
        after = addresses(place)
        moved = [metrics for metrics, address in before.items() if after[metrics] != address]
        assert [("doctor_wait_7d_pct" in metrics) for metrics in moved] == [True] * moves
        before = after


def test_a_phrase_moves_no_figures(lean: Path) -> None:
    place = Workspace(lean)
    before = addresses(place)
    phrases = place.configs / "languages/fi.toml"
    phrases.write_text(phrases.read_text(encoding="utf-8").replace("Havainnot", "Huomiot"), encoding="utf-8")
    assert addresses(place) == before


@pytest.mark.parametrize(
    ("harm", "kept"),
    [
        ("emptied", "published"),
        ("a byte changed", "published"),
        ("removed", "published"),
        ("a byte changed", "values"),
    ],
)
def test_damaged_figures_are_worked_out_once_more(lean: Path, harm: str, kept: str) -> None:
    table = lean / "output" / LAST / "values.csv"
    before = table.read_bytes()
    file = max(lean.glob(f"output/.store/{kept}/*/now.parquet"), key=lambda path: path.stat().st_size)
    if kept == "values":
        shutil.rmtree(lean / "output/.store/published")
    content = bytearray(file.read_bytes())
    content[len(content) // 3] ^= 1
    if harm == "removed":
        file.unlink()
    else:
        file.write_bytes(b"" if harm == "emptied" else bytes(content))
    (lean / "output" / LAST / "run.json").unlink()  # else nothing is new, and the store is not asked
    run = ask(lean, "run", "--month", LAST, "--pack", "unit", "--org", LEAN_UNIT, "--jobs", "1")
    assert run.exit_code == 0, run.stderr
    assert table.read_bytes() == before
    (log,) = sorted((lean / "output/log").glob("*.log"))[-1:]
    assert f"damaged entries are made anew: {file.parent}" in log.read_text(encoding="utf-8")


def test_values_come_back_from_the_store_as_they_were(tmp_path: Path) -> None:
    before = Figures(now=VALUES, before=VALUES[:1], months={"a": (678, 679), "b": ()})
    store.save(tmp_path, "x", DATA_MONTH, before)
    assert store.load(tmp_path, "x") == before
    store.save(tmp_path, "none", DATA_MONTH, Figures(now=(), before=(), months={}))
    assert store.load(tmp_path, "none") == Figures(now=(), before=(), months={})
