"""Processes of the program that start warm: forked from one that has imported it, killed like any other.

A process of its own spends three seconds on imports; where only what it does on disk, or its death, is
looked at, a fork of one that has them will do.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import traceback
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.workspaces import ROOT

READY = "ready\n"


def program(cwd: Path, code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run code in a process, and process group, of its own with ``sys.argv[1:]`` set to the arguments."""
    with TemporaryDirectory() as place:
        out, err = Path(place, "out"), Path(place, "err")
        asked = {"cwd": str(cwd), "code": code, "argv": arguments, "out": str(out), "err": str(err)}
        server = _server()
        assert server.stdin
        assert server.stdout
        server.stdin.write(json.dumps(asked) + "\n")
        server.stdin.flush()
        status = int(server.stdout.readline())
        said = (path.read_text(encoding="utf-8") for path in (out, err))
        return subprocess.CompletedProcess(arguments, os.waitstatus_to_exitcode(status), *said)


@cache
def _server() -> subprocess.Popen[str]:
    """Return the process that forks, started when it is first needed; it ends with its input."""
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.warm"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    assert server.stdout
    assert server.stdout.readline() == READY
    return server


def _serve() -> None:
    """Fork a process for every line of the input, and say how it ended."""
    # What a run imports when it gets there; nothing is read or started by importing it.
    import opti_reports.cli
    import opti_reports.render.page
    import opti_reports.render.pdf
    import opti_reports.render.pptx
    import opti_reports.render.workbook
    import opti_reports.run  # noqa: F401

    print(READY, end="", flush=True)
    for line in sys.stdin:
        child = os.fork()
        if not child:
            os._exit(_become(json.loads(line)))
        print(os.waitpid(child, 0)[1], flush=True)


def _become(asked: dict[str, Any]) -> int:
    """Run the code as the program's own process would; the exit code."""
    os.setsid()
    os.chdir(asked["cwd"])
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    for descriptor, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(asked[name], os.O_WRONLY | os.O_CREAT), descriptor)
    sys.argv = ["-c", *asked["argv"]]
    try:
        exec(asked["code"], {"__name__": "__main__"})
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except Exception:  # noqa: BLE001 - as an interpreter ends
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


if __name__ == "__main__":
    _serve()
