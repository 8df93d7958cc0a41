"""An import killed anywhere is in the file and the ledger, or in neither, once a command has run."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from opti_reports import disk
from opti_reports.archive import held, ledger
from opti_reports.meetings import imports
from opti_reports.meetings.imports import Preview
from opti_reports.model.imports import Plan
from opti_reports.workspace import Workspace

AT = "2026-09-15T10:00:00+03:00"
OLD, NEW = b"old register", b"new register"


class KilledError(BaseException):
    """Stands for a process that ends at once."""


def preview(root: Path) -> Preview:
    target = root / "data/2026-09/toimenpiteet_kokouksista.xlsx"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(OLD)
    return Preview(Plan((), ()), target, NEW, disk.sha256(target), {"deck.pptx": "0" * 64})


def killed_at(monkeypatch: pytest.MonkeyPatch, at: int) -> Callable[[], int]:
    """Kill at the n-th step on disk (0: never); returns how many steps there were so far."""
    steps = [0]

    def counted(function: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any, **named: Any) -> Any:
            steps[0] += 1
            if steps[0] == at:
                raise KilledError
            done = function(*arguments, **named)
            steps[0] += 1
            if steps[0] == at:
                raise KilledError
            return done

        return step

    monkeypatch.setattr(os, "fsync", counted(os.fsync))
    for name in ("replace", "chmod", "mkdir", "unlink"):
        monkeypatch.setattr(Path, name, counted(getattr(Path, name)))
    return lambda: steps[0]


def test_killed_at_any_step_the_file_and_the_ledger_agree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcomes = []
    at = 0
    while True:
        root = tmp_path / str(at)
        place, shown = Workspace(root), preview(root)
        with monkeypatch.context() as patch:
            steps = killed_at(patch, at)
            try:
                imports.write(place, shown, AT)
                every = steps()
            except KilledError:
                pass
        with held.held(place):
            pass
        lines = [line for line in ledger.walk(root / "output/archive").lines if line.kind == "imported"]
        content = shown.target.read_bytes()
        assert content == (NEW if lines else OLD), f"killed at step {at}"
        assert [path.name for path in shown.target.parent.iterdir()] == [shown.target.name]
        outcomes.append(bool(lines))
        shutil.rmtree(root)
        if at == every:
            break
        at += 1
    assert outcomes[0], "an undisturbed import is written"
    assert outcomes[1:] == sorted(outcomes[1:])
    assert set(outcomes[1:]) == {True, False}


def test_what_waits_aside_without_a_line_is_removed(tmp_path: Path) -> None:
    shown = preview(tmp_path)
    left = held.aside(shown.target, disk.sha256(shown.target))
    left.write_bytes(b"half")
    with held.held(Workspace(tmp_path)):
        assert not left.exists()
        assert shown.target.read_bytes() == OLD
