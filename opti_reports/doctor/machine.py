"""The machine: the library that sets text, fonts, clock, texts beyond ASCII, room on the disk, rights."""

from __future__ import annotations

import datetime as dt
import locale
import os
import platform
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from opti_reports import __version__
from opti_reports.archive.ledger import walk
from opti_reports.config.configs import Configs
from opti_reports.doctor.sign import Sign
from opti_reports.messages.message import message
from opti_reports.model.look import Fonts
from opti_reports.store.surroundings import pango
from opti_reports.workspace import ARCHIVE, Workspace

RUNS = 3
"""Runs that there should be room for: a month's, and those of corrections before somebody looks again."""
OTHERS = 0o007


def program() -> Iterator[Sign]:
    """Yield what runs, and whether the library is there that sets the text of PDFs."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    yield Sign(
        "program",
        "well",
        message("doctor.program", version=__version__, python=python, system=platform.system()),
    )
    if found := pango():
        yield Sign("layout", "well", message("doctor.pango", version=found))
    else:
        yield Sign("layout", "ill", message("doctor.no_pango"))


def fonts(wanted: Fonts) -> Iterator[Sign]:
    """Yield the brand's fonts that the machine lacks; slides name one that the readers' machines have."""
    families = _families()
    if families is None:
        yield Sign("fonts", "look", message("doctor.no_fontconfig"))
        return
    needed = dict.fromkeys((wanted.text, wanted.figures, wanted.fallback))
    lacking = tuple(name for name in needed if name.casefold() not in families)
    if lacking:
        yield Sign("fonts", "ill", message("doctor.no_font", fonts=lacking))
    else:
        yield Sign("fonts", "well", message("doctor.fonts", fonts=tuple(needed)))


def _families() -> set[str] | None:
    """Return every family that fontconfig knows, in small letters; None without fontconfig."""
    tool = shutil.which("fc-list")
    if tool is None:
        return None
    done = subprocess.run(
        [tool, ":", "family"], capture_output=True, encoding="utf-8", check=False, timeout=60
    )
    return {name.strip().casefold() for line in done.stdout.splitlines() for name in line.split(",")}


def clock(workspace: Workspace, configs: Configs | None, now: dt.datetime) -> Iterator[Sign]:
    """Yield whether the clock has gone back since the archive's last event, and the zone it is read in."""
    lines = walk(workspace.output / ARCHIVE).lines
    last = dt.datetime.fromisoformat(lines[-1].at) if lines else None
    if last is not None and now < last:
        said = now.isoformat(" ", "minutes")
        yield Sign(
            "clock", "ill", message("doctor.clock_back", now=said, last=last.isoformat(" ", "minutes"))
        )
        return
    zone = configs.settings.time_zone if configs else ""
    yield Sign("clock", "well", message("doctor.clock", now=now.isoformat(" ", "minutes"), zone=zone or "–"))


def texts() -> Iterator[Sign]:
    """Yield whether names and terminals hold letters beyond ASCII."""
    used = {sys.getfilesystemencoding().lower(), locale.getencoding().lower()}
    bad = sorted(used - {"utf-8", "utf8", "cp65001"})
    yield (
        Sign("locale", "look", message("doctor.encoding", found=tuple(bad)))
        if bad
        else Sign("locale", "well", message("doctor.utf8"))
    )


def disk(workspace: Workspace) -> Iterator[Sign]:
    """Yield whether there is room for some more runs: each writes a month beside the one that is there."""
    free = shutil.disk_usage(workspace.output if workspace.output.exists() else workspace.root).free
    months = [path for path in workspace.output.glob("20*") if path.is_dir()]
    run = max((_size(path) for path in months), default=0)
    kept = _size(workspace.store)
    left, month, store = map(_megabytes, (free, run, kept))
    if free < run + kept:
        yield Sign("disk", "ill", message("doctor.no_room", free=left, run=month, store=store))
    elif free < RUNS * (run + kept):
        yield Sign("disk", "look", message("doctor.little_room", free=left, run=month, store=store))
    else:
        yield Sign("disk", "well", message("doctor.room", free=left, run=month, store=store))


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _megabytes(size: int) -> int:
    return -(-size // 1_000_000)


def rights(workspace: Workspace) -> Iterator[Sign]:
    """Yield folders that cannot be read or written, and what others of the machine may look into."""
    shut = [name for name, wanted in _wanted(workspace) if not os.access(workspace.root / name, wanted)]
    if shut:
        yield Sign("rights", "ill", message("doctor.no_rights", folders=tuple(shut)))
    if os.name != "posix":
        yield Sign("rights", "look", message("doctor.windows_rights"))
        return
    months = (path.name for path in sorted(workspace.output.glob("20*")))
    inside = (f"output/{name}" for name in (".store", "outbox", "drafts", ARCHIVE, *months))
    seen = [name for name in inside if _open_to_others(workspace.root / name)]
    if seen:
        yield Sign("rights", "ill", message("doctor.others_look", folders=tuple(seen)))
    elif not shut:
        yield Sign("rights", "well", message("doctor.rights"))


def _wanted(workspace: Workspace) -> Iterator[tuple[str, int]]:
    yield "configs", os.R_OK
    yield "data", os.R_OK
    yield "output" if workspace.output.exists() else ".", os.W_OK | os.X_OK


def _open_to_others(folder: Path) -> bool:
    return folder.is_dir() and bool(stat.S_IMODE(folder.stat().st_mode) & OTHERS)
