"""What was released counts as known: it is read back from the archive, with the exact values of then."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from opti_reports.config.load import load
from opti_reports.disclosure.publication import same
from opti_reports.model.value import Value
from opti_reports.periods.period import Period
from opti_reports.stages import groups, released
from opti_reports.stages.released import Released, releases
from opti_reports.store import entries, figures
from opti_reports.workspace import Workspace
from tests.archive.released import ROLE
from tests.workspaces import LAST, ask, edit, run_note

SIGN = ("release", "--month", LAST, "--sign", ROLE)


def place_of(value: Value) -> tuple[str, str, Period, str, str]:
    return value.metric, value.org, value.period, value.breakdown, value.key


def the_release(workspace: Path) -> Released:
    """The one release of a workspace, as a run on another basis finds it."""
    place = Workspace(workspace)
    (found,) = releases(place, load(place.configs, place.demo), "another basis")
    return found


def test_what_an_audience_was_shown_is_read_back_and_is_as_exact_as_then(lean: Path) -> None:
    place = Workspace(lean)
    configs = load(place.configs, place.demo)
    assert releases(place, configs, "another basis") == ()  # nothing is released yet
    assert ask(lean, *SIGN).exit_code == 0
    assert releases(place, configs, run_note(lean)["basis"]) == ()  # it would be itself
    found = the_release(lean)
    assert found.period.text == LAST
    (group,) = (ids for ids in found.shown["unit"] if "nps" in ids)
    shown = figures.load(place.store / released.FOLDER, found.shown["unit"][group]).now
    exact = {place_of(v): v for v in figures.load(place.store / groups.FOLDER, found.exact[group]).now}
    hidden = [value for value in shown if value.state == "withheld" and value.metric == "nps"]
    assert {(exact[place_of(value)].n or 0) > 0 for value in hidden if not value.breakdown} == {True}
    seen = [value for value in shown if value.state == "ok"]
    assert len(seen) > 100
    assert all(same(value, exact[place_of(value)]) for value in seen), "to the digits that stand there"
    assert not same(seen[0], seen[0]._replace(num=Fraction(12345)))


def test_the_values_a_release_rests_on_stay_in_the_store(lean: Path) -> None:
    """A later run works out others, and removes those that nothing rests on any more."""
    assert ask(lean, *SIGN).exit_code == 0
    before = the_release(lean)
    for months in (14, 15):
        edit(lean / "configs/settings.toml", r"history_months = \d+", f"history_months = {months}")
        assert ask(lean, "run", "--month", LAST, "--jobs", "1").exit_code == 0
    assert the_release(lean) == before
    store = Workspace(lean).store / groups.FOLDER
    assert all(entries.has(store, address) for address in before.exact.values())
    kept = {path.name for path in store.iterdir() if path.is_dir()}
    assert len(kept) <= 2 * len(before.exact)  # of the release and of the last run, none of the run between


@pytest.mark.heavy
def test_a_release_damaged_in_the_store_is_read_from_the_archive_again(lean: Path) -> None:
    assert ask(lean, *SIGN).exit_code == 0
    edit(lean / "configs/settings.toml", r"history_months = \d+", "history_months = 14")
    for address in the_release(lean).shown["unit"].values():
        path = Workspace(lean).store / released.FOLDER / address / "now.parquet"
        path.write_bytes(path.read_bytes()[:-40])
    done = ask(lean, "run", "--month", LAST, "--jobs", "1")
    assert done.exit_code == 0, done.stderr
    (group, address), *_ = the_release(lean).shown["unit"].items()
    assert figures.load(Workspace(lean).store / released.FOLDER, address).now, group
