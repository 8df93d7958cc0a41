"""Where a workspace is, making one, its lock between processes, and writes that a kill cannot halve."""

from __future__ import annotations

import os
import platform
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from opti_reports import workspace as ws
from opti_reports.config.load import load
from opti_reports.errors import LockError, UsageError
from opti_reports.starter import STARTER

HOLDER = """
import sys, time
from pathlib import Path
from opti_reports.workspace import Workspace, locked
with locked(Workspace(Path(sys.argv[1]))):
    print("held", flush=True)
    time.sleep(60)
"""
TRIES = """
import sys
from pathlib import Path
from opti_reports.errors import LockError
from opti_reports.workspace import Workspace, locked
try:
    with locked(Workspace(Path(sys.argv[1]))):
        print("free")
except LockError as error:
    print(error)
"""


def made(root: Path) -> ws.Workspace:
    """The least that is a workspace."""
    (root / "configs").mkdir(parents=True)
    (root / "configs" / "settings.toml").touch()
    return ws.Workspace(root.resolve())


def test_init_makes_a_workspace_whose_configs_load(tmp_path: Path) -> None:
    target = tmp_path / "new" / "area"
    workspace = ws.init(target)
    assert workspace == ws.find(target)
    assert sorted(path.name for path in target.iterdir()) == [
        ".opti.json",
        "configs",
        "data",
        "output",
        "templates",
    ]
    assert load(workspace.configs).metrics
    assert workspace.templates == target / "templates"
    assert list(workspace.data.iterdir()) == []


@pytest.mark.parametrize("name", ["configs", "templates"])
def test_init_never_writes_over_anything(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(UsageError) as caught:
        ws.init(tmp_path)
    assert (
        str(caught.value)
        == f"{tmp_path}: {name} is there already\n  Choose an empty folder; nothing was changed."
    )
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_what_is_no_workspace_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        ws.find(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path}: this is not a workspace: configs/settings.toml is missing\n"
        "  Go to your workspace, name it with --workspace DIR, or make one with `opti init DIR`."
    )
    assert caught.value.exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_the_folders_of_a_workspace(tmp_path: Path) -> None:
    workspace = made(tmp_path)
    assert ws.find(tmp_path) == workspace
    folders = (workspace.configs, workspace.data, workspace.output, workspace.store)
    assert [path.relative_to(tmp_path).as_posix() for path in folders] == [
        "configs",
        "data",
        "output",
        "output/.store",
    ]
    assert workspace.templates == STARTER / "templates"
    (tmp_path / "templates").mkdir()
    assert workspace.templates == tmp_path / "templates"


def started(code: str, root: Path) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", code, str(root)], stdout=subprocess.PIPE, text=True)


def test_only_one_process_holds_a_workspace_and_a_killed_one_holds_nothing(tmp_path: Path) -> None:
    workspace = made(tmp_path)
    holder = started(HOLDER, tmp_path)
    assert holder.stdout is not None
    try:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(LockError) as caught, ws.locked(workspace):
            pass
        who = f"process {holder.pid} of {platform.node()}, for 0 h 0 min"
        assert str(caught.value) == (
            f"{workspace.output / '.lock'}: another run holds this workspace ({who})\n"
            "  Wait for it to end, then run again."
        )
        os.utime(workspace.output / ".lock.owner", (time.time() - 7500,) * 2)
        with pytest.raises(LockError, match="for 2 h 5 min"), ws.locked(workspace):
            pass
        os.utime(workspace.output / ".lock.owner", (time.time() + 7500,) * 2)
        with pytest.raises(LockError, match="for 0 h 0 min"), ws.locked(workspace):
            pass
        assert caught.value.exit_code == 6
    finally:
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        holder.stdout.close()
    with ws.locked(workspace):
        pass


def test_another_process_waits_for_nobody_and_finds_the_lock_free_afterwards(tmp_path: Path) -> None:
    workspace = made(tmp_path)

    def tried() -> str:
        with started(TRIES, tmp_path) as process:
            assert process.stdout is not None
            return process.stdout.read()

    with ws.locked(workspace):
        assert tried().startswith(f"{workspace.output / '.lock'}: another run holds this workspace (process ")
    assert tried() == "free\n"


def test_the_lock_is_let_go_after_an_error(tmp_path: Path) -> None:
    workspace = made(tmp_path)
    with pytest.raises(ZeroDivisionError), ws.locked(workspace):
        raise ZeroDivisionError
    with ws.locked(workspace):
        assert (workspace.output / ".lock.owner").exists()
    assert not (workspace.output / ".lock.owner").exists()


def folder(path: Path, content: str) -> Path:
    path.mkdir(parents=True)
    (path / "a.txt").write_text(content, encoding="utf-8")
    return path


def seen(output: Path) -> dict[str, str]:
    """Every file below a folder with its text, but for the lock."""
    return {
        path.relative_to(output).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(output.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


@pytest.mark.parametrize("exchange", [True, False])
@pytest.mark.parametrize("there", [True, False])
def test_a_swap_puts_the_new_folder_in_the_place_of_the_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exchange: bool, there: bool
) -> None:
    if not exchange:
        monkeypatch.setattr(ws, "_exchange", lambda new, final: False)
    if there:
        folder(tmp_path / "2026-08", "old")
    folder(tmp_path / ".2026-08.old", "older still, left by a kill")
    ws.swap(folder(tmp_path / ".2026-08.new", "new"), tmp_path / "2026-08")
    assert seen(tmp_path) == {"2026-08/a.txt": "new"}
    assert [path.name for path in tmp_path.iterdir()] == ["2026-08"]


def test_a_kill_between_the_two_renames_is_put_right_by_the_next_command(tmp_path: Path) -> None:
    workspace = made(tmp_path)
    folder(workspace.output / ".2026-08.old", "old")
    folder(workspace.output / ".2026-08.new", "new")
    ws.find(tmp_path)
    assert seen(workspace.output) == {"2026-08/a.txt": "old"}


def test_a_kill_after_the_renames_leaves_only_the_new_folder(tmp_path: Path) -> None:
    workspace = made(tmp_path)
    folder(workspace.output / "2026-08", "new")
    folder(workspace.output / ".2026-08.old", "old")
    (workspace.output / ".index.html.new").write_text("half", encoding="utf-8")
    with ws.locked(workspace):
        assert "2026-08/a.txt" in seen(workspace.output)
    assert seen(workspace.output) == {"2026-08/a.txt": "new"}


def test_what_a_run_at_work_has_set_aside_is_left_alone(tmp_path: Path) -> None:
    workspace = made(tmp_path)
    with ws.locked(workspace):
        folder(workspace.output / ".2026-08.old", "old")
        folder(workspace.output / ".2026-08.new", "new")
        ws.find(tmp_path)
        assert set(seen(workspace.output)) >= {".2026-08.old/a.txt", ".2026-08.new/a.txt"}
