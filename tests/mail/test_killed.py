"""Sending that is killed at any step: nothing goes out twice, and what nobody knows is called uncertain.

A profile hook counts the calls that reach SQLite, the server and the disk, before and after each, and kills
the process at the n-th. A sample is tried with every change, all of them in `make test-all`.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from opti_reports.archive import ledger
from opti_reports.mail import post
from opti_reports.mail.mailing import rows
from opti_reports.workspace import Workspace
from tests.mail.fixture import MONTH, Handler, asked, edge, made, release, serving, use
from tests.warm import program
from tests.workspaces import ROOT

AIMED = """
import os, signal, socket, sqlite3, sys
from opti_reports.cli import main
at, tally = int(sys.argv[1]), sys.argv[2]
seen = 0
def hook(frame, event, called):
    global seen
    if event not in ("c_call", "c_return"):
        return
    if called not in (os.fsync, os.replace) and not isinstance(
        getattr(called, "__self__", None), (sqlite3.Connection, socket.socket)
    ):
        return
    seen += 1
    if seen == at:
        os.kill(os.getpid(), signal.SIGKILL)
sys.setprofile(hook)
try:
    main(sys.argv[3:])
finally:
    sys.setprofile(None)
    print(seen, file=open(tally, "w"))
"""
ORGS = ("tapiola", "matinkyla")


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A released month of which nothing has been sent."""
    place = made(tmp_path_factory.mktemp("killed") / "w")
    release(place, units=ORGS)
    return place


@pytest.fixture(scope="module")
def server(fresh: Workspace) -> Iterator[Handler]:
    handler = Handler()
    with serving(handler) as port:
        use(fresh, port)
        yield handler


def aimed(root: Path, at: int) -> subprocess.CompletedProcess[str]:
    """Send, killed at the n-th step (0: never); the number of steps goes into ``steps``."""
    orgs = [part for org in ORGS for part in ("--org", org)]
    command = ("send", "--month", "2026-08", "--smtp", *orgs)
    return program(root, AIMED, str(at), str(root / "steps"), *command)


@pytest.fixture(scope="module")
def many(fresh: Workspace, server: Handler, tmp_path_factory: pytest.TempPathFactory) -> int:
    """How many steps an undisturbed command takes."""
    root = tmp_path_factory.mktemp("steps") / "w"
    shutil.copytree(fresh.root, root)
    done = aimed(root, 0)
    assert done.returncode == 0, done.stderr
    return int((root / "steps").read_text(encoding="utf-8"))


def endure(fresh: Workspace, server: Handler, root: Path, at: int) -> str:
    """Kill a command at a step, run it again to its end, and hold it to its promises; says what was left."""
    shutil.copytree(fresh.root, root)
    place = Workspace(root.resolve())
    server.kept.clear()
    killed = aimed(root, at)
    assert killed.returncode == -signal.SIGKILL, f"step {at}: {killed.stdout}{killed.stderr}"
    post.post(asked(place, *ORGS), edge())
    delivered = Counter(to for to, _ in server.kept)
    known = rows(place, MONTH)
    assert len(known) == len(ORGS)
    for row in known:
        times = delivered[row.address]
        assert times <= 1, f"step {at}: delivered {times} times"
        assert row.state in ("accepted", "uncertain"), f"step {at}: {row.state}"
        assert row.state == "uncertain" or times == 1, f"step {at}: accepted, not delivered"
    uncertain = [row for row in known if row.state == "uncertain"]
    assert len(uncertain) <= 1, f"step {at}: only the letter under way can be in doubt"
    walk = ledger.walk(root / "output" / "archive")
    assert walk.faults == ()
    told = {line.payload["letter"] for line in walk.lines if line.kind == "sent"}
    assert told == {row.id for row in known if row.state == "accepted"}
    return f"uncertain, delivered {delivered[uncertain[0].address]}" if uncertain else "accepted"


@pytest.mark.heavy
def test_a_killed_command_sends_nothing_twice(
    fresh: Workspace, server: Handler, many: int, tmp_path: Path
) -> None:
    assert many > 40
    left = {endure(fresh, server, tmp_path / str(at), at) for at in range(many // 8, many, many // 4)}
    assert "accepted" in left


@pytest.mark.heavy
def test_a_command_killed_at_every_step_sends_nothing_twice(
    fresh: Workspace, server: Handler, many: int, tmp_path: Path
) -> None:
    left = {endure(fresh, server, tmp_path / str(at), at) for at in range(1, many)}
    assert left == {"accepted", "uncertain, delivered 0", "uncertain, delivered 1"}


def test_a_kill_while_the_server_thinks_leaves_one_letter_uncertain(
    fresh: Workspace, server: Handler, tmp_path: Path
) -> None:
    root = tmp_path / "w"
    shutil.copytree(fresh.root, root)
    place = Workspace(root.resolve())
    server.kept.clear()
    server.answers = {"johtotiimi.tapiola@example.fi": [20.0]}
    orgs = [part for org in ORGS for part in ("--org", org)]
    command = [sys.executable, "-m", "opti_reports.cli", "send", "--month", "2026-08", "--smtp", *orgs]
    with subprocess.Popen(command, cwd=root, env={**os.environ, "PYTHONPATH": str(ROOT)}) as running:
        while not any(to.startswith("johtotiimi.tapiola") for to, _ in server.kept):
            assert running.poll() is None
            time.sleep(0.02)
        running.kill()
    done = post.post(asked(place, *ORGS), edge())
    assert [(one.letter.key.org, one.fate, one.why) for one in done.undone] == [
        ("tapiola", "uncertain", "interrupted before the server's answer was written down")
    ]
    assert Counter(to for to, _ in server.kept if "johtotiimi" in to) == {
        "johtotiimi.matinkyla@example.fi": 1,
        "johtotiimi.tapiola@example.fi": 1,
    }
