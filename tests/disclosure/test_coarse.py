"""What cannot be protected figure by figure with the work allowed is withheld together: a run always ends."""

from __future__ import annotations

import shutil
from pathlib import Path

from opti_reports.config.audiences import Protection
from opti_reports.disclosure.coarse import Detail
from opti_reports.disclosure.gate import Gate, Published
from opti_reports.model.value import Values
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
from tests.findings.world import AUDIENCES
from tests.workspaces import ONE_PACK, ask, edit, run_note

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
