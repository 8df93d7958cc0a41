"""A run that is killed: the old output stays whole, or the new one is; a rerun succeeds.

A kill is aimed at every step a run takes on disk: an audit hook counts what it opens, makes, renames and
removes below output/ and kills the whole process group at the n-th. Runs killed by the clock come on top.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pypdfium2
import pytest

from opti_reports import workspace as places
from opti_reports.output import folder as month_folder
from tests.warm import program
from tests.workspaces import LAST, LEAN_UNIT, ONE_PACK, ROOT, ask, digests, once, opti

AIMED = """
import os, signal, sys
from opti_reports.cli import main
at, output, tally = int(sys.argv[1]), sys.argv[2], sys.argv[3]
seen = 0
def hook(event, arguments):
    global seen
    if event not in ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir"):
        return
    if not isinstance(arguments[0], (str, os.PathLike)):
        return
    name = os.fspath(arguments[0])
    if not name.startswith(output) or event == "open" and not arguments[2] & (os.O_WRONLY | os.O_RDWR):
        return
    seen += 1
    if seen == at:
        os.killpg(0, signal.SIGKILL)
sys.addaudithook(hook)
try:
    main(sys.argv[4:])
finally:
    print(seen, file=open(tally, "w"))
"""


@pytest.fixture(scope="session")
def new(changed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same workspace after a run that nobody disturbed, with the number of its steps on disk."""

    def make(root: Path) -> None:
        shutil.copytree(changed, root)
        done = aimed(root, 0)
        assert done.returncode == 0, done.stderr
        before, after = digests(changed / "output" / LAST), digests(root / "output" / LAST)
        gone = {"rejects/students_term.csv"}  # its extract is no longer there
        assert before.keys() - after.keys() == gone
        assert after.keys() <= before.keys()
        mine = [name for name in after if LEAN_UNIT in name or not name.startswith(("packs/", "rejects/"))]
        same = {"deviations.csv", "changes.csv"} | {name for name in mine if name.startswith("bi/")}
        assert all(before[name] != after[name] for name in mine if name not in same - {"bi/values.parquet"})

    return once(tmp_path_factory, "new", make)


def aimed(workspace: Path, at: int, command: Sequence[str] = ONE_PACK) -> subprocess.CompletedProcess[str]:
    """A command that is killed at its n-th step on disk (0: never); it counts its steps into ``steps``."""
    return program(workspace, AIMED, str(at), str(workspace / "output"), str(workspace / "steps"), *command)


def steps(new: Path) -> int:
    """How many steps on disk a run takes."""
    return int((new / "steps").read_text())


def readable(folder: Path) -> bool:
    """Whether everything in a month's folder opens, and run.json names what is there."""
    note = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    for name in note["packs"]:
        path = folder / name
        json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        if path.suffix == ".pptx":
            with zipfile.ZipFile(path) as deck:
                assert deck.testzip() is None
        else:
            document = pypdfium2.PdfDocument(path)
            assert len(document) > 0
            document.close()
    return True


def stands(workspace: Path, old: dict[str, str], new: dict[str, str]) -> str:
    """Which output a killed run left; anything but the whole old or the whole new one fails."""
    folder = workspace / "output" / LAST
    found = digests(folder)
    assert found in (old, new), sorted(name for name in found if found[name] != old.get(name))
    assert readable(folder)
    return "new" if found == new else "old"


def kill_at(changed: Path, new: Path, place: Path, at: int) -> str:
    """Kill a run at a step, look at what it left, run again, and look again."""
    shutil.copytree(changed, place)
    done = aimed(place, at)
    assert done.returncode == -signal.SIGKILL, done.stderr
    before, after = digests(changed / "output" / LAST), digests(new / "output" / LAST)
    left = stands(place, before, after)
    assert ask(place, *ONE_PACK).exit_code == 0
    assert stands(place, before, after) == "new"
    hidden = {p.name for p in (place / "output").iterdir()} - {LAST, ".store", ".lock", "log"}
    assert hidden == set()
    assert not [p.name for p in (place / "output/.store").iterdir() if p.name.startswith(".")]
    shutil.rmtree(place)
    return left


@pytest.mark.parametrize("part", [0.1, 0.6, 0.8, 0.97])
@pytest.mark.heavy
def test_a_run_killed_on_its_way_loses_nothing(changed: Path, new: Path, tmp_path: Path, part: float) -> None:
    kill_at(changed, new, tmp_path / "killed", max(1, round(steps(new) * part)))


@pytest.mark.heavy
def test_a_run_killed_at_any_step_loses_nothing(changed: Path, new: Path, tmp_path: Path) -> None:
    left = [kill_at(changed, new, tmp_path / str(at), at) for at in range(1, steps(new) + 1)]
    assert left == sorted(left, reverse=True), "the new output came and went again"
    assert {"old", "new"} == set(left)


def kill_after(workspace: Path, seconds: float) -> int:
    """Run everything with two jobs and kill the group after so many seconds; the exit code."""
    running = subprocess.Popen(
        [sys.executable, "-m", "opti_reports.cli", "run", "--month", LAST, "--jobs", "2"],
        cwd=workspace,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return running.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(running.pid, signal.SIGKILL)
        return running.wait()


def full_outputs(changed: Path, place: Path) -> tuple[dict[str, str], dict[str, str]]:
    """The old output and the one of an undisturbed run of all packs."""
    shutil.copytree(changed, place)
    assert opti(place, "run", "--month", LAST, "--jobs", "2").returncode == 0
    return digests(changed / "output" / LAST), digests(place / "output" / LAST)


@pytest.mark.heavy
def test_runs_killed_by_the_clock_lose_nothing(changed: Path, tmp_path: Path) -> None:
    before, after = full_outputs(changed, tmp_path / "undisturbed")
    place = tmp_path / "killed"
    for number in range(200):
        shutil.copytree(changed, place)
        if number % 2:
            shutil.rmtree(place / "output/.store")
        kill_after(place, 0.2 + number * 0.04)
        stands(place, before, after)
        if number % 20 == 0:
            assert opti(place, "run", "--month", LAST, "--jobs", "2").returncode == 0
            assert stands(place, before, after) == "new"
        shutil.rmtree(place)


def test_a_killed_run_holds_no_lock_and_leaves_no_process(changed: Path, tmp_path: Path) -> None:
    place = tmp_path / "killed"
    shutil.copytree(changed, place)
    shutil.rmtree(place / "output/.store")
    assert kill_after(place, 2.0) == -signal.SIGKILL
    time.sleep(0.5)
    alive = [p for p in Path("/proc").glob("[0-9]*/cwd") if points_to(p, place)]
    assert alive == []
    assert ask(place, "check", "--month", LAST, "--jobs", "1").exit_code == 0


def points_to(link: Path, target: Path) -> bool:
    """Whether a process's working folder is the target; it may end while one looks."""
    try:
        return link.readlink() == target
    except OSError:
        return False


def test_without_an_atomic_exchange_the_folder_moved_aside_comes_back(
    lean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = lean / "output" / LAST
    before = digests(folder)
    made = lean / "output" / f".{LAST}.new"
    month_folder.build(made, folder, {"run.json": b"{}"}, ())
    rename = Path.rename

    def dies(path: Path, target: Path) -> Path:
        if path == made:
            raise KeyboardInterrupt
        return rename(path, target)

    monkeypatch.setattr(places, "_exchange", lambda new, final: False)
    monkeypatch.setattr(Path, "rename", dies)
    with pytest.raises(KeyboardInterrupt):
        places.swap(made, folder)
    monkeypatch.undo()
    assert not folder.exists()
    places.find(lean)
    assert digests(folder) == before
    assert sorted(p.name for p in (lean / "output").iterdir()) == [".lock", ".store", LAST, "log"]


@pytest.mark.parametrize("exchange", [True, False])
def test_a_swap_leaves_only_the_new_folder(
    lean: Path, monkeypatch: pytest.MonkeyPatch, exchange: bool
) -> None:
    folder, made = lean / "output" / LAST, lean / "output" / f".{LAST}.new"
    month_folder.build(made, folder, {"a": b"1"}, ())
    if not exchange:
        monkeypatch.setattr(places, "_exchange", lambda new, final: False)
    places.swap(made, folder)
    assert [p.name for p in folder.iterdir()] == ["a"]
    assert sorted(p.name for p in (lean / "output").iterdir()) == [".lock", ".store", LAST, "log"]
