"""Where a workspace's configs, templates, data and output are; its lock; and making a new one."""

from __future__ import annotations

import ctypes
import os
import platform
import shutil
import stat
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from opti_reports import starter
from opti_reports.disk import PRIVATE, SHARED, rights
from opti_reports.errors import LockError, UsageError
from opti_reports.line import line_named
from opti_reports.messages.message import Message, message

if os.name == "posix":
    import grp

ARCHIVE = "archive"
"""The folder of the output that holds what was released, and the ledger."""


@dataclass(frozen=True)
class Workspace:
    """The four folders of a workspace."""

    root: Path

    @property
    def configs(self) -> Path:
        """Return what the organisation decides."""
        return self.root / "configs"

    @property
    def templates(self) -> Path:
        """Return how documents look; a workspace without its own uses the ones that came along."""
        own = self.root / "templates"
        return own if own.is_dir() else starter.STARTER / "templates"

    @property
    def data(self) -> Path:
        """Return the folder of extracts, by month."""
        return self.root / "data"

    @property
    def demo(self) -> Path:
        """Return what the demo's organisation has decided, beside the demo's extracts; goes when they go."""
        return self.data / "demo.toml"

    @property
    def output(self) -> Path:
        """Return packs, archive and facts."""
        return self.root / "output"

    @property
    def store(self) -> Path:
        """Return facts already computed; holds personal pseudonyms, so nobody else may look in."""
        return self.output / ".store"


def find(root: Path) -> Workspace:
    """Return the workspace in a folder; what a killed run moved aside is put back. Raises UsageError without
    one.
    """
    workspace = Workspace(root.resolve())
    if not (workspace.configs / "settings.toml").is_file():
        raise UsageError("workspace.none", str(root))
    guard(workspace)
    if any(workspace.output.glob(".*.old")):
        with suppress(LockError), locked(workspace):
            pass  # whoever takes the lock puts it right
    return workspace


def guard(workspace: Workspace) -> None:
    """Let nobody else look into what this process writes, whatever the system's mask of rights.

    With ``group`` in the settings its members may read. Raises UsageError for a group the system lacks.
    """
    if os.name != "posix":
        return
    name = _group(workspace.configs / "settings.toml")
    os.umask(SHARED if name else PRIVATE)
    private = [workspace.output, *(workspace.output / part for part in (".store", "outbox", "drafts", "log"))]
    for folder in (path for path in private if name and path.is_dir() and path.stat().st_uid == os.getuid()):
        os.chown(folder, -1, _number(name))
        folder.chmod(rights()[1] | stat.S_ISGID)  # what is made in it later is the group's too


def _group(settings: Path) -> str:
    """Return the group of the settings; what is wrong with the file is found where the configs are read."""
    try:
        return str(tomllib.loads(settings.read_text(encoding="utf-8-sig")).get("group", ""))
    except (ValueError, OSError, RecursionError):
        return ""


def _number(group: str) -> int:
    try:
        return grp.getgrnam(group).gr_gid
    except KeyError:
        raise UsageError(
            "workspace.group", message("at.key", file="configs/settings.toml", key="group"), group=group
        ) from None


def init(target: Path, line: str = "") -> Workspace:
    """Make a workspace: a line's configs and templates, empty data and output.

    Raises UsageError if one is there, and for a line that nobody knows.
    """
    line_named(line)
    if target.exists() and not target.is_dir():
        raise UsageError("workspace.no_folder", str(target))
    for name in starter.FOLDERS:
        if (target / name).exists():
            raise UsageError("workspace.taken", str(target), name=name)
    target.mkdir(parents=True, exist_ok=True)
    starter.copy(target, line)
    for name in ("data", "output"):
        (target / name).mkdir(parents=True, exist_ok=True)
    return Workspace(target.resolve())


@contextmanager
def locked(workspace: Workspace) -> Iterator[None]:
    """Hold the workspace for one run; a killed run holds nothing. Raises LockError while another has it."""
    workspace.output.mkdir(parents=True, exist_ok=True)
    path = workspace.output / ".lock"
    owner = workspace.output / ".lock.owner"
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise LockError("workspace.held", str(path), holder=_holder(owner)) from None
    try:
        owner.write_text(f"process {os.getpid()} of {platform.node()}", encoding="utf-8")
        recover(workspace.output)
        yield
    finally:
        owner.unlink(missing_ok=True)
        lock.release()


def _holder(owner: Path) -> Message:
    """Return who holds the lock, and for how long by the machine's clock (which may have been set back)."""
    try:
        who, since = owner.read_text(encoding="utf-8"), owner.stat().st_mtime
    except OSError:
        return message("workspace.another")
    minutes = max(0, round((time.time() - since) / 60))
    return message("workspace.holder", who=who, hours=minutes // 60, minutes=minutes % 60)


def swap(new: Path, final: Path) -> None:
    """Put a finished folder in the place of the old one in one step where the system can, else in two.

    Raises UsageError where another program has a file of the old one open and the system minds (Windows).
    """
    old = final.with_name(f".{final.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if not final.exists():
        new.rename(final)
        return
    if _exchange(new, final):
        shutil.rmtree(new)
        return
    try:
        final.rename(old)
    except PermissionError:
        raise UsageError("workspace.open", str(final)) from None
    new.rename(final)
    shutil.rmtree(old, ignore_errors=True)  # what is still open goes with the next command


def recover(output: Path) -> None:
    """Finish what a killed run left: a folder moved aside comes back, unfinished folders and files go.

    Only who holds the lock may do it: what looks left behind may be a run at work.
    """
    for old in output.glob(".*.old"):
        final = old.with_name(old.name[1:-4])
        if final.exists():
            shutil.rmtree(old, ignore_errors=True)
        else:
            old.rename(final)
    for new in output.glob(".*.new"):
        if new.is_dir():
            shutil.rmtree(new)
        else:
            new.unlink()


def _exchange(new: Path, final: Path) -> bool:
    """Swap two folders atomically (Linux ``renameat2``); False where the system has no such call."""
    if not sys.platform.startswith("linux"):
        return False
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    here, exchange = -100, 2
    return call is not None and call(here, os.fsencode(new), here, os.fsencode(final), exchange) == 0
