"""The workspace's work: its configs, a run in progress, the last run, the mail server, the archive."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator

from filelock import FileLock, Timeout

from opti_reports.archive.ledger import walk
from opti_reports.config.configs import Configs
from opti_reports.config.load import load
from opti_reports.doctor.sign import Sign
from opti_reports.errors import ConfigError, OptiError
from opti_reports.mail.asked import Edge
from opti_reports.mail.server import check
from opti_reports.messages.message import message
from opti_reports.workspace import ARCHIVE, Workspace

LATE = 45
"""Days since the end of the newest month that was run, after which a month has been left out."""


def read(workspace: Workspace) -> tuple[Configs | None, Sign]:
    """Return the configs, None where they have faults, and what was found of them."""
    try:
        configs = load(workspace.configs, workspace.demo)
    except ConfigError as error:
        return None, Sign("configs", "ill", message("doctor.configs_faults", n=len(error.faults)))
    sources, metrics, packs = len(configs.sources), len(configs.metrics), len(configs.packs)
    said = message("doctor.configs", sources=sources, metrics=metrics, packs=packs)
    return configs, Sign("configs", "well", said)


def running(workspace: Workspace) -> Iterator[Sign]:
    """Yield whether a run is at work."""
    path = workspace.output / ".lock"
    if not path.exists():
        return
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        yield Sign("runs", "look", message("doctor.running"))
        return
    lock.release()


def runs(workspace: Workspace, today: dt.date) -> Iterator[Sign]:
    """Yield the newest month that was run, and whether one has been left out since."""
    found = sorted(path.parent.name for path in workspace.output.glob("20[0-9][0-9]-[0-9][0-9]/run.json"))
    if not found:
        yield Sign("runs", "look", message("doctor.no_run"))
        return
    year, month = map(int, found[-1].split("-"))
    over = dt.date(year + month // 12, month % 12 + 1, 1)
    try:
        stage = str(
            json.loads((workspace.output / found[-1] / "run.json").read_text(encoding="utf-8"))["stage"]
        )
    except (OSError, ValueError, KeyError):
        yield Sign("runs", "ill", message("doctor.run_unreadable", month=found[-1]))
        return
    if (today - over).days > LATE:
        yield Sign("runs", "look", message("doctor.run_late", month=found[-1]))
    else:
        yield Sign("runs", "well", message("doctor.run", month=found[-1], stage=stage))


def mail(workspace: Workspace, configs: Configs, edge: Edge) -> Iterator[Sign]:
    """Yield whether the mail server would take a letter; none is sent."""
    if configs.mail is None or configs.mail.smtp is None:
        yield Sign("mail", "well", message("doctor.no_server"))
        return
    try:
        offer = check(workspace, edge, lambda _: None)
    except OptiError as error:
        place = f"{configs.mail.smtp.host}:{configs.mail.smtp.port}"
        yield Sign("mail", "ill", message("doctor.server", place=place, why=error.message))
        return
    yield Sign("mail", "well", message("doctor.offer", place=offer.place, tls=offer.tls or "–"))


def archive(workspace: Workspace) -> Iterator[Sign]:
    """Yield whether the ledger's chain is whole; `opti archive verify` looks at every file."""
    folder = workspace.output / ARCHIVE
    if not folder.is_dir():
        yield Sign("archive", "well", message("doctor.no_archive"))
        return
    walked = walk(folder)
    if walked.faults:
        yield Sign(
            "archive", "ill", message("doctor.ledger", why=walked.faults[0], more=len(walked.faults) - 1)
        )
    else:
        yield Sign("archive", "well", message("doctor.archive", n=len(walked.lines)))
