"""What cannot be protected figure by figure with the work allowed is withheld together: a run always ends."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from opti_reports.config.audiences import Protection
from opti_reports.disclosure.cluster import Cluster, Month, Safe
from opti_reports.disclosure.coarse import Detail
from opti_reports.disclosure.gate import Gate, Published
from opti_reports.disclosure.tables import TooLargeError
from opti_reports.model.value import Values
from opti_reports.periods.cadence import MONTH
from opti_reports.periods.period import Period
from tests.disclosure.test_attacker import (
    KEYS,
    LEAVES,
    METRICS,
    MONTHS,
    TREE,
    Atom,
    published,
    small,
    works_out,
)
from tests.disclosure.test_shared import figure
from tests.findings.world import AUDIENCES, PROTECTION, metric
from tests.workspaces import ONE_PACK, ROOT, ask, edit, run_note

COUNTS = {
    Atom(u, m, k): {"n1": 3, "n2": 40, "n3": 4}.get(u, 50) for u in LEAVES for m in MONTHS for k in KEYS
}
EXACT = published(COUNTS, MONTHS[-1])


def masked(most_work: float, exact: Values = EXACT) -> Published:
    rules = AUDIENCES.model_copy(update={"most_work": most_work})
    return Gate(METRICS, TREE, Protection(rules, "all")).publish(exact)


def shown(found: Published) -> set[tuple[bool, str]]:
    """Whether figures are of a key, and their state."""
    return {(bool(value.key), value.state) for value in found.values}


def test_with_work_enough_each_figure_is_judged_by_itself() -> None:
    found = masked(10)
    assert (found.coarse, shown(found)) == ({}, {(False, "ok"), (True, "ok"), (True, "withheld")})


def test_with_less_no_key_is_shown_and_the_totals_are_still_protected() -> None:
    found = masked(0.002)
    assert found.coarse == {"m": Detail.HEADLINES}
    assert shown(found) == {(False, "ok"), (True, "withheld")}
    protected = small(EXACT)
    assert not [v for v in works_out([found.values], frozenset()) if (v.org, v.period, v.key) in protected]


@pytest.fixture
def joined(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if figures by key were always too much to protect."""
    showing = Cluster._showing

    def less(cluster: Cluster, kept: Detail, month: Month) -> Safe:
        if kept is Detail.ALL:
            raise TooLargeError
        return showing(cluster, kept, month)

    monkeypatch.setattr(Cluster, "_showing", less)


@pytest.mark.usefixtures("joined")
def test_a_key_shown_in_any_case_is_not_taken_for_the_whole_of_its_headline() -> None:
    """The reports of one month are too few to be shown; the other key of the table is joined with nothing."""
    few = {Atom("n1", MONTHS[1], "x"): 2, Atom("n1", MONTHS[1], "y"): 1}
    exact = published(
        {**COUNTS, **dict.fromkeys((a for a in COUNTS if a.unit == "n1"), 9), **few}, MONTHS[-1]
    )
    metrics = {"m": METRICS["m"].model_copy(update={"always_shown": {"k": ("y",)}})}
    found = Gate(metrics, TREE, PROTECTION).publish(exact)
    assert found.coarse == {"m": Detail.HEADLINES}
    assert {v.state for v in found.values if v.key == "y"} == {"ok"}
    protected = {place for place in small(exact) if place[2] != "y"}
    assert ("n1", Period(MONTH, MONTHS[1]), "") in protected
    assert not [v for v in works_out([found.values], frozenset()) if (v.org, v.period, v.key) in protected]


@pytest.mark.usefixtures("joined")
def test_what_two_totals_leave_of_joined_keys_is_protected_as_they_are() -> None:
    """Ten in all and eight of one kind: the two that are left are of the other."""
    found = two_totals()
    assert found.coarse == {"m": Detail.HEADLINES, "x": Detail.HEADLINES}
    held = {(v.metric, v.org) for v in found.values if v.state == "withheld" and not v.key}
    assert held & {("m", "n1"), ("x", "n1")}, "one of the two totals"


def two_totals() -> Published:
    count: dict[str, Any] = {"unit": "count", "kind": "total", "sensitivity": "five"}
    metrics = {"m": metric(num=["f.n"], by=["k"], **count), "x": metric(num=["f.n[k=x]"], **count)}
    units = {"n1": (8, 2), "n2": (30, 20), "n3": (25, 25), "s1": (40, 40)}
    values = []
    for org, (x, y) in units.items():
        values += [figure("m", org, x + y), figure("m", org, x, "x"), figure("m", org, y, "y")]
        values.append(figure("x", org, x))
    return Gate(metrics, TREE, PROTECTION).publish(Values(tuple(values)))


JOINED = """
from tests.disclosure import test_coarse as coarse
from opti_reports.disclosure.cluster import Cluster
showing = Cluster._showing
Cluster._showing = lambda one, kept, month: showing(one, coarse.Detail.HEADLINES, month)
found = coarse.two_totals()
print([(v.metric, v.org, v.key) for v in found.values if v.state == "withheld"])
"""


@pytest.mark.heavy
def test_what_is_withheld_of_joined_keys_is_the_same_in_every_process() -> None:
    said = {
        subprocess.run(
            [sys.executable, "-c", JOINED],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(said) == 1


def test_with_none_nothing_is_shown() -> None:
    """Totals too small to be shown would have to be protected by others."""
    few = published({atom: 1 if atom.unit == "n1" else n for atom, n in COUNTS.items()}, MONTHS[-1])
    found = masked(0.000_001, few)
    assert (found.coarse, shown(found)) == ({"m": Detail.NOTHING}, {(False, "withheld"), (True, "withheld")})
    assert (found.exposed, found.known_before) == ((), ())


def test_the_run_says_what_is_not_shown_to_whom(lean_run: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    shutil.copytree(lean_run, again)
    edit(again / "configs/audiences.toml", "most_work = .*", "most_work = 0.0001")
    done = ask(again, *ONE_PACK)
    assert done.exit_code == 0, done.output
    noted = {one for one in run_note(again)["warnings"] if "protected one by one" in one}
    assert {one for one in noted if one in done.output} == noted
    whose = {one.split(" too many")[0] for one in noted}
    assert any("sick_leave_pct, " in one and one.endswith("unit sees nothing of them:") for one in whose)
