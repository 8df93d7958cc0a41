"""A disk that is full or may not be written: the old output stays, the message says so, and no traceback."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.warm import program
from tests.workspaces import LAST, ONE_PACK, ROOT, ask, digests, told

REMEDY = "  Nothing was changed; make room or give the right to write, then run again."


@pytest.mark.parametrize("after", [0, 3])
def test_a_full_disk_leaves_the_old_output(
    changed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    place = tmp_path / "full"
    shutil.copytree(changed, place)
    before = digests(place / "output" / LAST)
    written = []

    def full(descriptor: int) -> None:
        written.append(descriptor)
        if len(written) > after:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "values.csv")

    monkeypatch.setattr(os, "fsync", full)
    result = ask(place, *ONE_PACK)
    assert result.exit_code == 1
    assert told(result.stderr) == ["opti: No space left on device: values.csv", REMEDY]
    assert digests(place / "output" / LAST) == before
    assert not (place / "output" / f".{LAST}.new").exists(), "what was begun keeps no room"
    monkeypatch.undo()
    assert ask(place, *ONE_PACK).exit_code == 0
    assert sorted(p.name for p in (place / "output").iterdir()) == [".lock", ".store", LAST, "log"]


@pytest.mark.parametrize("kilobytes", [1, 64])
@pytest.mark.heavy
def test_files_that_may_not_grow_leave_the_old_output(changed: Path, tmp_path: Path, kilobytes: int) -> None:
    """A limit the system itself enforces, small enough to hit the store or the figures."""
    place = tmp_path / "limited"
    shutil.copytree(changed, place)
    for kept in ("values", "published"):
        shutil.rmtree(place / "output/.store" / kept)
    before = digests(place / "output" / LAST)
    limited = (
        "import resource, sys\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({kilobytes} << 10, {kilobytes} << 10))\n"
        "from opti_reports.cli import main\n"
        "main(sys.argv[1:])\n"
    )
    done = program(place, limited, *ONE_PACK)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert told(done.stderr)[0] == "opti: File too large"
    assert told(done.stderr)[1:] == [REMEDY]
    assert digests(place / "output" / LAST) == before
    assert ask(place, *ONE_PACK).exit_code == 0


def test_a_read_only_output_is_told(changed: Path, tmp_path: Path) -> None:
    place = tmp_path / "sealed"
    shutil.copytree(changed, place)
    drop = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
    if drop and not shutil.which("setpriv"):
        pytest.skip("root may write anywhere, and there is no setpriv to give that up")
    before = digests(place / "output" / LAST)
    (place / "output").chmod(0o555)
    try:
        done = subprocess.run(
            [*drop, sys.executable, "-m", "opti_reports.cli", *ONE_PACK],
            cwd=place,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            encoding="utf-8",
            timeout=300,
            check=False,
        )
    finally:
        (place / "output").chmod(0o755)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert told(done.stderr)[0].startswith("opti: Permission denied: ")
    assert told(done.stderr)[1:] == [REMEDY]
    assert digests(place / "output" / LAST) == before
