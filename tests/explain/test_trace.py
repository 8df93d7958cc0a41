"""A row of an extract is followed to the figures it is in; what cannot be followed is named."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from opti_reports.config.load import load
from opti_reports.model.value import Value
from tests.pipeline import computed
from tests.workspaces import LAST, ask


def headlines(workspace: Path) -> dict[tuple[str, str, str], Value]:
    values = computed(load(workspace / "configs"), workspace / "data", workspace, LAST)
    return {(v.metric, v.org, v.period.text): v for v in values if not v.breakdown}


def calls(workspace: Path) -> Path:
    return min((workspace / "data" / LAST).glob("puhelut*"))


def test_a_row_is_in_the_figures_that_are_others_without_it(lean: Path, tmp_path: Path) -> None:
    path = calls(lean)
    shown = ask(lean, "trace", f"{path}:20", "--month", LAST, "--json").stdout
    text = ask(lean, "trace", f"{LAST}/{path.name}:20").stdout
    assert text.splitlines()[:2] == [
        f"data/{LAST}/{path.name}, line 20 (phone_contacts)",
        "Used. Without it these figures would be others:",
    ]
    before = headlines(lean)
    other = tmp_path / "other"
    shutil.copytree(lean, other)
    lines = calls(other).read_bytes().split(b"\n")
    calls(other).write_bytes(b"\n".join(lines[:19] + lines[20:]))
    after = headlines(other)
    moved = {place for place, value in before.items() if after.get(place) != value}
    assert {metric for metric, _, _ in moved} >= {"calls_n", "calls_handled_n", "digi_share_pct"}
    told = json.loads(shown)["figures"]
    assert {one["metric"] for one in told} == {metric for metric, _, _ in moved}
    for one in told:
        assert set(one["orgs"]) == {org for metric, org, _ in moved if metric == one["metric"]}
        assert set(one["periods"]) == {period for metric, _, period in moved if metric == one["metric"]}


def test_figures_that_may_lack_a_rejected_row_are_named(lean: Path) -> None:
    path = calls(lean)
    lines = path.read_bytes().rstrip(b"\n").split(b"\n")
    cells = lines[-1].split(b";")
    cells[0], cells[4] = b"ROW-OF-NO-DAY", b"soon"
    path.write_bytes(b"\n".join([*lines, b";".join(cells), b""]))
    done = ask(lean, "trace", f"data/{LAST}/{path.name}:{len(lines) + 1}")
    assert done.stdout.splitlines()[:3] == [
        f"data/{LAST}/{path.name}, line {len(lines) + 1} (phone_contacts)",
        "Rejected: no figure counts it, but these say that they may lack it:",
        "  bad date arrived_at",
    ]
    assert any(line.startswith("calls_n ") for line in done.stdout.splitlines()[3:])


def test_the_same_row_once_more_is_in_no_figure(lean: Path) -> None:
    path = calls(lean)
    lines = path.read_bytes().rstrip(b"\n").split(b"\n")
    path.write_bytes(b"\n".join([*lines, lines[-1], b""]))
    done = ask(lean, "trace", f"data/{LAST}/{path.name}:{len(lines) + 1}")
    assert done.stdout.splitlines()[1:] == ["Rejected: it is in no figure."]


def test_a_row_of_several_lines_is_followed_from_any_of_them(lean: Path) -> None:
    path = calls(lean)
    head, *rows = path.read_bytes().split(b"\n")
    cells = rows[10].split(b";")
    cells[-1] = b'"two\r\nlines"'
    rows[10] = b";".join(cells)
    path.write_bytes(b"\n".join([head, *rows]))
    for line in (12, 13):
        shown = ask(lean, "trace", f"{LAST}/{path.name}:{line}").stdout
        assert shown.startswith(f"data/{LAST}/{path.name}, lines 12 to 13 (phone_contacts)\nUsed.")


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("{file}", "name a file and a line\n  Like this: `opti trace data/2026-08/puhelut.csv:120`."),
        ("{file}:1", "line 1 is no row: headings, sums and titles are in no figure"),
        ("{file}:99999", "line 99999 is empty or not there; the file has {lines}"),
        ("{file}x:3", "there is no such file in data, did you mean '{file}'?"),
    ],
)
def test_what_is_no_row_is_named(lean: Path, place: str, said: str) -> None:
    path = calls(lean)
    lines = len(path.read_bytes().split(b"\n"))
    file = f"{LAST}/{path.name}"
    done = ask(lean, "trace", place.format(file=file))
    assert done.exit_code == 2
    where = file if "9999" in place else place.format(file=file)
    assert done.stderr == f"opti: {where}: {said.format(file=file, lines=lines)}\n"
