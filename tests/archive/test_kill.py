"""A release killed at any of its steps on disk: no archive or a whole one; the next puts it right."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path

import pytest

from opti_reports.archive import write
from tests.archive.released import ROLE, archive_of, ledger_of, run_of
from tests.test_crash import aimed
from tests.workspaces import LAST, ask, digests

SIGN = ("release", "--month", LAST, "--sign", ROLE)


def steps(lean_run: Path, place: Path) -> int:
    """How many steps on disk an undisturbed release takes."""
    shutil.copytree(lean_run, place)
    done = aimed(place, 0, SIGN)
    assert done.returncode == 0, done.stderr
    return int((place / "steps").read_text())


def kill_at(lean_run: Path, place: Path, at: int) -> str:
    """Kill a release at a step, look at what it left, release again, and look again."""
    shutil.copytree(lean_run, place)
    before = digests(place / "output" / LAST)
    done = aimed(place, at, SIGN)
    assert done.returncode == -signal.SIGKILL, done.stderr
    left = "released" if ledger_of(place).exists() else "not released"
    verdict = ask(place, "archive", "verify")
    assert verdict.exit_code == 0, verdict.stdout
    after = digests(place / "output" / LAST)
    after.pop("release.json", None)
    after.pop(".release.json.new", None)
    assert after == before
    again = ask(place, *SIGN)
    assert again.exit_code == 0, again.output
    assert ("Nothing has changed since version 1" in again.output) == (left == "released")
    assert ask(place, "archive", "verify").stdout.startswith("The archive is whole: ")
    assert [path.name for path in (archive_of(place) / LAST).iterdir()] == [run_of(place).name]
    assert (place / "output" / LAST / "release.json").read_bytes() == (
        run_of(place) / "release.json"
    ).read_bytes()
    shutil.rmtree(place)
    return left


@pytest.mark.heavy
def test_a_release_killed_on_its_way_leaves_a_whole_archive(lean_run: Path, tmp_path: Path) -> None:
    every = steps(lean_run, tmp_path / "undisturbed")
    left = [kill_at(lean_run, tmp_path / str(at), at) for at in (every // 2, every - 6, every - 2)]
    assert left == sorted(left)
    assert set(left) == {"released", "not released"}


def test_what_an_interrupted_release_left_is_named(lean: Path) -> None:
    folder = archive_of(lean) / LAST / ".v1-aaaaaaaaaaaa.new"
    folder.mkdir(parents=True)
    (folder / "values.csv").write_text("half", encoding="utf-8")
    said = ask(lean, "archive", "verify").stdout.splitlines()[0]
    assert said.startswith(f"note: {LAST}/.v1-aaaaaaaaaaaa.new: was left by an interrupted release; ")
    page = ask(lean, "release", "--month", LAST).stdout.splitlines()
    assert page[-2:] == [
        "left by an interrupted release, removed with the next sign-off:",
        f"  {LAST}/.v1-aaaaaaaaaaaa.new",
    ]
    assert folder.exists()
    assert ask(lean, *SIGN).exit_code == 0
    assert not folder.exists()


def test_a_release_ended_after_its_line_is_finished_by_the_next(
    lean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(target: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(write, "finish", ended)
    assert ask(lean, *SIGN).exit_code == 1
    monkeypatch.undo()
    assert ask(lean, "archive", "verify").exit_code == 0
    assert not (lean / "output" / LAST / "release.json").exists()
    again = ask(lean, *SIGN)
    assert again.stderr == "Nothing has changed since version 1; no new version was made.\n"
    assert (lean / "output" / LAST / "release.json").exists()
    assert ask(lean, "archive", "verify").stdout.startswith("The archive is whole: ")


@pytest.mark.heavy
def test_a_release_killed_at_any_step_leaves_a_whole_archive(lean_run: Path, tmp_path: Path) -> None:
    every = steps(lean_run, tmp_path / "undisturbed")
    left = [kill_at(lean_run, tmp_path / str(at), at) for at in range(1, every + 1)]
    assert left == sorted(left), "the release came and went again"
