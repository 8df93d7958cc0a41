"""Reminders to those who deliver the extracts that are missing: drafts, one a mailbox."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from opti_reports.config.configs import Configs
from opti_reports.disk import replace
from opti_reports.mail import letters
from opti_reports.mail.mailing import OUTBOX, clear_drafts
from opti_reports.model.report import SourceReport
from opti_reports.periods.period import Period
from opti_reports.workspace import Workspace


@dataclass(frozen=True)
class Reminders:
    """The drafts written, the sources without a mailbox, and those that are not due yet."""

    files: tuple[Path, ...]
    nowhere: tuple[str, ...]
    not_due: tuple[SourceReport, ...]


def write(
    workspace: Workspace, configs: Configs, period: Period, reports: Sequence[SourceReport], now: dt.datetime
) -> Reminders:
    """Write a draft to each mailbox whose extracts are missing on their due day or after it.

    Optional ones need none. Drafts of an earlier call go: what has come since needs no reminder.
    """
    today = now.astimezone(ZoneInfo(configs.settings.time_zone)).date()
    missing = [r for r in reports if r.late and r.presence != "optional"]
    due = [r for r in missing if r.due <= today]
    folder = workspace.output / OUTBOX / "drafts" / period.text / "reminders"
    clear_drafts(folder)
    writer = letters.Writer(configs, workspace.templates)
    files = []
    for address, language, own in _by_mailbox(configs, due):
        path = folder / f"{own[0].source}.eml"
        replace(path, writer.reminder(own, period, address, language))
        files.append(path)
    placed = _placed(configs)
    return Reminders(
        tuple(files),
        tuple(r.source for r in due if r.source not in placed),
        tuple(r for r in missing if r.due > today),
    )


def _by_mailbox(
    configs: Configs, due: Sequence[SourceReport]
) -> Iterator[tuple[str, str, tuple[SourceReport, ...]]]:
    """Yield address, language and missing sources of each mailbox; a source without one comes alone."""
    for supplier in configs.recipients.supplier:
        own = tuple(r for r in due if r.source in supplier.sources)
        if own:
            yield supplier.address, supplier.language, own
    placed = _placed(configs)
    yield from (("", "", (r,)) for r in due if r.source not in placed)


def _placed(configs: Configs) -> set[str]:
    return {name for supplier in configs.recipients.supplier for name in supplier.sources}
