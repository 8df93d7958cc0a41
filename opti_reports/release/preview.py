"""What a release of a month or week would be: its packs, what is held back and why, what to look at first."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from opti_reports.archive import ledger, standing, write
from opti_reports.archive import released as release_file
from opti_reports.archive.files import inside
from opti_reports.archive.held import held
from opti_reports.config.configs import Configs
from opti_reports.config.load import load
from opti_reports.disk import sha256
from opti_reports.errors import ArchiveError, UsageError
from opti_reports.mail import readers
from opti_reports.mail.plan import plan
from opti_reports.messages.message import Message, message
from opti_reports.messages.spelling import suggestion
from opti_reports.model.mail import Held
from opti_reports.model.release import Release
from opti_reports.periods.period import Period
from opti_reports.release import looked
from opti_reports.stages import output
from opti_reports.stages.basis import basis
from opti_reports.stages.extracts import arrived
from opti_reports.workspace import ARCHIVE, Workspace


@dataclass(frozen=True, kw_only=True)
class FigureToCheck:
    """A figure to look at before the sign-off, as in changes.csv: ``kind`` as in ``model/change.py``."""

    kind: str
    metric: str
    period: str
    old: str
    new: str
    sources: str


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What a release would be on a day. ``looks`` are by organisation, ``receivers`` (roles) by document,
    ``held`` are recipients that get nothing.

    ``why`` says of a blocked pack what went wrong; ``waiting`` are extracts or configs that came after the
    run: nothing is released until they are in one. ``unchanged``: the newest release is the same. ``before``:
    its releases so far. ``doubts`` are extracts that may not hold their whole month. ``first`` is what each
    document opens with.
    """

    day: dt.date
    release: Release
    basis: str
    looks: Mapping[str, tuple[FigureToCheck, ...]]
    receivers: Mapping[str, tuple[str, ...]]
    held: tuple[Held, ...]
    why: Mapping[str, str]
    waiting: tuple[Message, ...]
    unchanged: bool
    before: tuple[standing.Earlier, ...]
    leftovers: tuple[str, ...]
    doubts: tuple[Message, ...] = ()
    first: Mapping[str, str] = field(default_factory=dict)


def prepare(
    workspace: Workspace, period: Period, now: dt.datetime, *, preliminary: bool = False, pack: str = ""
) -> Preview:
    """Return what a release of the month or week would be, or of a ``pack`` that is released apart; nothing
    is written.

    Raises UsageError without a whole run of it, for a preliminary one unless asked for, or where a
    pack would go to a role that is not of its audience; ArchiveError where its files are not what
    the run made.
    """
    with held(workspace):
        configs = load(workspace.configs, workspace.demo)
        day = now.astimezone(ZoneInfo(configs.settings.time_zone)).date()
        return prepared(workspace, configs, period, day, preliminary=preliminary, pack=pack)


def record_of(folder: Path, period: Period) -> dict[str, Any]:
    """Return the run's record. Raises UsageError where there is none."""
    text = period.text
    try:
        note: dict[str, Any] = json.loads((folder / standing.RECORD).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError("run.none", period.option, period=text, which=period.asked) from None
    except ValueError:
        raise ArchiveError("run.unreadable", f"output/{text}/{standing.RECORD}", which=period.asked) from None
    if "files" not in note:
        raise _of_an_earlier_version(period)
    return note


def _of_an_earlier_version(period: Period) -> UsageError:
    return UsageError("run.earlier_version", period.option, period=period.text, which=period.asked)


def _finished(archive: Path) -> tuple[ledger.Line, ...]:
    """Finish releases that were ended after their line, and return the ledger's lines."""
    walked = ledger.walk(archive)
    if walked.faults:
        raise ArchiveError("release.ledger", f"output/{ARCHIVE}", faults=walked.faults)
    for target in write.unfinished(archive, walked.lines):
        write.finish(target)
    _all_known(archive, walked.lines)
    return walked.lines


def prepared(
    workspace: Workspace,
    configs: Configs,
    period: Period,
    day: dt.date,
    *,
    preliminary: bool,
    pack: str = "",
) -> Preview:
    """Return the preview; the caller holds the workspace's lock."""
    folder, archive = workspace.output / period.text, workspace.output / ARCHIVE
    _apart(configs, pack)
    note = record_of(folder, period)
    _whole(note, period, pack)
    _untouched(folder, note["files"], period)
    if note["stage"] == "preliminary" and not preliminary:
        late = tuple(s["source"] for s in note["sources"] if s["late"] and s["presence"] == "lagging")
        raise UsageError("release.preliminary", period.option, period=period.text, n=len(late), sources=late)
    lines = _finished(archive)
    before = standing.newest(archive, lines, period, pack)
    last = release_file.read(before) if before else None
    history = tuple(standing.earlier(lines, period, pack))
    release = standing.release_of(period, len(history) + 1, note, pack)
    if before is not None and last is not None:
        said = standing.corrected(folder, release, before, last)
        release = replace(release, packs=tuple(replace(p, corrected=p.file in said) for p in release.packs))
    unchanged = last is not None and standing.same(last, release)
    roles, held = _receivers(configs, release, day) if not pack else ({}, ())
    return Preview(
        day=day,
        release=last if last is not None and unchanged else release,
        basis=note["basis"],
        looks={} if period.cadence.weekly else _looks(folder, period),
        receivers=roles,
        held=held,
        why=note["failed"],
        waiting=tuple(_waiting(workspace, configs, period, note)),
        unchanged=unchanged,
        before=history,
        doubts=tuple(looked.doubts(note)),
        first=dict(looked.first_matters(folder, release.packs)),
        leftovers=tuple(p.relative_to(archive).as_posix() for p in write.leftovers(archive, lines)),
    )


def _all_known(archive: Path, lines: tuple[ledger.Line, ...]) -> None:
    """Refuse an archive with a run that was never released."""
    known = write.released(lines)
    names = [f"{path.parent.name}/{path.name}" for path in write.runs(archive)]
    if added := [name for name in names if name not in known]:
        raise ArchiveError("release.run_added", f"output/{ARCHIVE}", runs=tuple(added))


def _receivers(
    configs: Configs, release: Release, day: dt.date
) -> tuple[dict[str, tuple[str, ...]], tuple[Held, ...]]:
    """Return the roles that would get each document on a day, and who would get none, as `opti send` decides
    it. Raises UsageError where a letter would be refused.
    """
    language, tree = configs.settings.languages[0], configs.organisation.tree(release.period.last_month)
    audiences = readers.audiences(configs.packs, release.period)
    found = plan(release, configs.recipients, tree, day, language, audiences=audiences)
    if found.outsiders:
        letters = readers.outside(found.outsiders)
        raise UsageError("release.outsiders", release.period.text, letters=letters)
    roles: dict[str, tuple[str, ...]] = {}
    for letter in found.letters:
        name = configs.recipients.role[letter.role].name[language]
        roles[letter.released.file] = tuple(dict.fromkeys((*roles.get(letter.released.file, ()), name)))
    return roles, tuple(one for one in found.held if one.reason in ("revoked", "not_yet", "language"))


def _apart(configs: Configs, pack: str) -> None:
    """Refuse a pack that nobody knows, and one that is released with its month."""
    known = [spec.id for spec in configs.packs.values() if spec.apart]
    if pack and pack not in configs.packs:
        raise UsageError("unknown.pack", "--pack", name=pack, near=suggestion(pack, known))
    if pack and pack not in known:
        raise UsageError("release.not_apart", "--pack", pack=pack, packs=tuple(known))


def _whole(note: Mapping[str, Any], period: Period, pack: str) -> None:
    """Refuse a run of which only some packs were made, or not the one that is asked for."""
    there = {*note["packs"], *note["failed"]}
    if pack and not any(standing.belongs(file, note, pack) for file in there):
        raise UsageError("release.no_pack", "--pack", pack=pack, which=period.asked)
    due = {file for file in note["due"] if standing.belongs(file, note, pack)}
    missing = due - there
    if missing:
        made = len(due) - len(missing)
        raise UsageError(
            "release.not_whole",
            period.option,
            period=period.text,
            which=period.asked,
            made=made,
            due=len(due),
        )


def _untouched(folder: Path, files: Mapping[str, str], period: Period) -> None:
    """Refuse a folder that is not what its run made."""
    there = dict(inside(folder))
    faults = [message("verify.missing", file=name) for name in files if name not in there]
    faults += [
        message("verify.changed", file=name)
        for name, was in files.items()
        if name in there and sha256(there[name]) != was
    ]
    faults += [
        message("verify.added", file=name)
        for name in there
        if name.startswith("packs/") and name not in files
    ]
    faults.sort(key=lambda one: str(one.values["file"]))
    if faults:
        raise ArchiveError(
            "release.changed",
            f"output/{folder.name}",
            faults=tuple(faults),
            which=period.asked,
        )


def _waiting(
    workspace: Workspace, configs: Configs, period: Period, note: Mapping[str, Any]
) -> Iterator[Message]:
    """Yield what came after the run: extracts, configs, releases whose readers know more since."""
    for name in standing.since(workspace.output / ARCHIVE, note):
        yield message("waiting.released", name=name)
    found = arrived(workspace, configs, period, note["stage"])
    week = period.text if period.cadence.weekly else ""
    if basis(workspace, found, week) == note["basis"]:
        return
    now, then = output.inputs(found), note["inputs"]
    names = sorted({*now, *then})
    changed = [name for name in names if now.get(name) != then.get(name)]
    for name in changed:
        yield message("waiting.changed", name=name) if name in now else message("waiting.gone", name=name)
    if not changed:
        yield message("waiting.configs")


def _looks(folder: Path, period: Period) -> dict[str, tuple[FigureToCheck, ...]]:
    """Return what to look at first, by organisation, from the run's changes.csv.

    Raises UsageError for one without the column that says so.
    """
    found: dict[str, tuple[FigureToCheck, ...]] = {}
    text = (folder / "changes.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(io.StringIO(text))
    if "look_at" not in (rows.fieldnames or ()):
        raise _of_an_earlier_version(period)
    for row in rows:
        if not row["look_at"]:
            continue
        look = FigureToCheck(
            kind=row["kind"],
            metric=row["metric"],
            period=row["period"],
            old=row["old"],
            new=row["new"],
            sources=row["sources"],
        )
        found[row["org"]] = (*found.get(row["org"], ()), look)
    return found
