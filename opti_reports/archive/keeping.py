"""How long what was archived is kept: what is due to be deleted, what is held, and deleting it."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from opti_reports.archive import ledger, write
from opti_reports.archive.held import held
from opti_reports.archive.manifest import MANIFEST, Manifest, read
from opti_reports.config.archive import EVERY, Archive, Hold
from opti_reports.config.load import load
from opti_reports.disk import sha256
from opti_reports.messages.message import message
from opti_reports.messages.sentences import recorded, say
from opti_reports.model.release import period_of
from opti_reports.periods.months import YEAR, month_text
from opti_reports.workspace import ARCHIVE, Workspace


@dataclass(frozen=True, kw_only=True)
class Retention:
    """The packs of a kind in a run (``*``: the whole run): until when, and what holds them.

    ``files`` to their sha256; ``held`` are the reasons of holds, with the roles that asked for them.
    """

    run: str
    kind: str
    files: dict[str, str]
    until: str
    due: bool
    held: tuple[str, ...]

    @property
    def deletable(self) -> bool:
        """Return whether it may be deleted now."""
        return self.due and not self.held


def retentions(workspace: Workspace, today: dt.date) -> tuple[Retention, ...]:
    """Return everything archived with how long it is kept.

    Raises ArchiveError for a run that cannot be read.
    """
    rules = load(workspace.configs, workspace.demo).archive
    archive = workspace.output / ARCHIVE
    known = write.released(ledger.walk(archive).lines)
    folders = [path for path in write.runs(archive) if f"{path.parent.name}/{path.name}" in known]
    return tuple(one for folder in folders for one in _of_run(folder, read(folder), rules, today))


def _of_run(folder: Path, said: Manifest, rules: Archive, today: dt.date) -> Iterator[Retention]:
    month = month_text(period_of(said.month).end)
    packs = [name for name in said.files if name.startswith("packs/") and (folder / name).is_file()]
    for kind in sorted({name.split("/")[1] for name in packs}):
        own = {name: said.files[name] for name in packs if name.split("/")[1] == kind}
        holds = [h for h in rules.hold if any(h.covers(month, kind, _org(name)) for name in own)]
        held = tuple(_hold(hold) for hold in holds)
        yield _kept(said=said, kind=kind, files=own, years=rules.years(kind), held=held, today=today)
    holds = [hold for hold in rules.hold if hold.covers(month, EVERY, "")]
    held = tuple(_hold(hold) for hold in holds)
    yield _kept(
        said=said,
        kind=EVERY,
        files={EVERY: sha256(folder / MANIFEST)},
        years=rules.run_years,
        held=held,
        today=today,
    )


def _org(name: str) -> str:
    return name.split("/")[2].partition(".")[0]


def _kept(
    said: Manifest, kind: str, files: dict[str, str], years: int, held: tuple[str, ...], today: dt.date
) -> Retention:
    until = month_text(period_of(said.month).end + YEAR * years)
    return Retention(
        run=said.name, kind=kind, files=files, until=until, due=f"{today:%Y-%m}" > until, held=held
    )


def _hold(hold: Hold) -> str:
    return say("kept.hold", reason=hold.reason, role=hold.by_role)


def _reason(gone: Retention) -> str:
    return recorded(message("kept.reason", until=gone.until))


def delete(workspace: Workspace, today: dt.date, at: str) -> tuple[Retention, ...]:
    """Delete everything whose time is over and that nothing holds; the line in the ledger comes first."""
    archive = workspace.output / ARCHIVE
    with held(workspace):
        going = [one for one in retentions(workspace, today) if one.deletable]
        whole = {one.run for one in going if one.kind == EVERY}
        going = [one for one in going if one.kind == EVERY or one.run not in whole]
        events: list[tuple[ledger.Kind, dict[str, object]]] = [
            ("deleted", {"run": one.run, "kind": one.kind, "files": one.files, "reason": _reason(one)})
            for one in going
        ]
        if events:
            ledger.record_all(archive, events, at)
        for one in going:
            if one.kind == EVERY:
                shutil.rmtree(archive / one.run)
            else:
                for name in one.files:
                    (archive / one.run / name).unlink()
    return tuple(going)
