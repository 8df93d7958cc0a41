"""Work in this process or in several: the same results in the same order."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from opti_reports.errors import ExtractError, OptiError
from opti_reports.parallel import Jobs, default_jobs
from tests.pipeline import ROOT


def square(number: int) -> int:
    return number * number


def refuses(number: int) -> int:
    if number == 3:
        raise ExtractError("decode.empty", "a.csv")
    return number


def dies_of_two(number: int) -> int:
    if number == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def dies_the_first_time(path: str) -> str:
    if path.endswith("b") and not Path(path).exists():
        Path(path).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return Path(path).name


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_the_order_of_the_items_and_progress_is_told(jobs: int) -> None:
    told: list[int] = []
    with Jobs(jobs) as pool:
        assert pool.each(square, [3, 1, 2], told.append) == [9, 1, 4]
        assert pool.each(square, [5], told.append) == [25]
        assert pool.each(square, [], told.append) == []
    assert told == [1, 2, 3, 1]


def test_one_item_starts_no_process() -> None:
    with Jobs(2) as pool:
        assert pool.each(lambda number: number + os.getpid(), [0], lambda done: None) == [os.getpid()]


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_error_of_a_task_arrives_as_it_was_raised(jobs: int) -> None:
    with pytest.raises(ExtractError) as caught, Jobs(jobs) as pool:
        pool.each(refuses, [1, 2, 3, 4], lambda done: None)
    assert str(caught.value) == "a.csv: the file is empty\n  Deliver the file again."
    assert caught.value.exit_code == 4


def test_an_item_whose_worker_the_system_ends_is_named_with_a_remedy() -> None:
    with pytest.raises(OptiError) as caught, Jobs(2) as pool:
        pool.each(dies_of_two, [1, 2, 3], lambda done: None, lambda item: f"file {item}")
    assert str(caught.value) == (
        "the system ended the process that worked on file 2\n"
        "  Most likely memory ran out: make what it works on smaller (fewer months in a file, no stray "
        "cells), or run on a machine with more memory."
    )


def test_what_an_ended_worker_left_is_done_one_by_one(tmp_path: Path) -> None:
    told: list[int] = []
    items = [str(tmp_path / name) for name in ("a", "b", "c")]
    with Jobs(2) as pool:
        assert pool.each(dies_the_first_time, items, told.append) == ["a", "b", "c"]
        assert pool.each(square, [2, 3], told.append) == [4, 9], "a new pool is started"


def test_the_default_is_what_processors_and_memory_allow() -> None:
    assert 1 <= default_jobs() <= (os.cpu_count() or 1)


ENDLESS = """
import time
from opti_reports.parallel import Jobs
if __name__ == "__main__":
    with Jobs(2) as pool:
        pool.each(time.sleep, [0.1] * 10_000, lambda done: print(done, flush=True))
"""


def in_session(leader: int) -> list[int]:
    """The living processes of a session, but for its leader."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, session = path.read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue  # it ended meanwhile
        if int(session) == leader and state != "Z" and path.parent.name != str(leader):
            found.append(int(path.parent.name))
    return found


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are read from /proc")
def test_workers_end_with_a_run_that_is_killed(tmp_path: Path) -> None:
    """Killed alone, as the system does when memory runs out; each worker holds hundreds of megabytes."""
    program = tmp_path / "endless.py"
    program.write_text(ENDLESS, encoding="utf-8")
    run = subprocess.Popen(
        [sys.executable, str(program)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        assert run.stdout is not None
        assert run.stdout.readline() == b"1\n"
        assert len(in_session(run.pid)) >= 2
        run.kill()
        until = time.monotonic() + 60
        while in_session(run.pid) and time.monotonic() < until:
            time.sleep(0.2)
        assert in_session(run.pid) == []
    finally:
        for left in in_session(run.pid):
            os.kill(left, signal.SIGKILL)
        run.kill()
        run.wait()
        if run.stdout is not None:
            run.stdout.close()
