"""A released month ready to be mailed: its files checked, who gets what, the outbox of the workspace."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from opti_reports.algebra.expression import suggestion
from opti_reports.config.load import Configs, load
from opti_reports.deliver import released
from opti_reports.deliver.archive.verify import verify
from opti_reports.deliver.mail import letters, outbox, sending
from opti_reports.deliver.mail.plan import fates, plan
from opti_reports.errors import ArchiveError, ConfigError, Fault, UsageError
from opti_reports.model.mail import Fated, Held, Letter, MailPlan, Row
from opti_reports.model.period import month_text
from opti_reports.model.release import Release
from opti_reports.steps.held import held
from opti_reports.steps.standing import RECORD, standing
from opti_reports.workspace import ARCHIVE, Workspace

OUTBOX = "outbox"
DONE = ("accepted", "unchanged")
"""Fates of letters that need nothing more."""
Corrections = Mapping[int, frozenset[tuple[str, str, str]]]


@dataclass(frozen=True)
class Edge:
    """What comes from outside: the clock (aware times), waiting, and variables of the environment."""

    now: Callable[[], dt.datetime]
    sleep: Callable[[float], None]
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))

    def stamp(self) -> str:
        """The time as the outbox and the ledger keep it."""
        return self.now().isoformat(timespec="seconds")


@dataclass(frozen=True)
class Asked:
    """What is to be sent: a month, and of it only these packs and organisations (empty: all)."""

    workspace: Workspace
    month: int
    packs: tuple[str, ...] = ()
    orgs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Desk:
    """A released month, checked, and who gets what of it on the day."""

    asked: Asked
    configs: Configs
    release: Release
    folder: Path
    plan: MailPlan
    writer: letters.Writer

    @property
    def home(self) -> Path:
        """Where the outbox lies."""
        return self.asked.workspace.output / OUTBOX

    @property
    def archive(self) -> Path:
        """The archive with its ledger."""
        return self.asked.workspace.output / "archive"


@dataclass(frozen=True)
class Sent:
    """What a command did: each letter and its fate now, files written, who was told of failures."""

    month: int
    version: int
    letters: tuple[Fated, ...]
    held: tuple[Held, ...]
    unaddressed: tuple[str, ...]
    files: tuple[Path, ...] = ()
    told: str = ""
    fault: str = ""

    @property
    def undone(self) -> tuple[Fated, ...]:
        """Letters that their recipients have not got, or not for certain."""
        drafted = {path.stem.rpartition("_")[2] for path in self.files}
        return tuple(f for f in self.letters if f.fate not in DONE and f.letter.id not in drafted)


def desk(asked: Asked, edge: Edge) -> Desk:
    """The month's release with every file of it that would be mailed checked.

    Raises UsageError when the month is not released or the choice leaves nothing, ArchiveError when a file is
    not what was released, ConfigError for configs without recipients.
    """
    workspace, month = asked.workspace, asked.month
    configs = load(workspace.configs, workspace.demo)
    if not configs.recipients.recipient:
        fix = "Name them, with an [owner] and mail.toml; a fresh `opti init` has examples."
        raise ConfigError([Fault("recipients.toml", "recipient", "there are no recipients", fix)])
    release = _release(workspace, month)
    today = edge.now().astimezone(ZoneInfo(configs.settings.time_zone)).date()
    tree = configs.organisation.tree(month)
    found = plan(release, configs.recipients, tree, today, configs.settings.languages[0])
    folder = released.run_folder(workspace.output, release)
    made = Desk(
        asked, configs, release, folder, _chosen(asked, found), letters.Writer(configs, workspace.templates)
    )
    _proved(made)
    return made


def _release(workspace: Workspace, month: int) -> Release:
    """The month's release, the same as in the archive. Raises UsageError or ArchiveError."""
    text = month_text(month)
    place = workspace.output / text
    try:
        found = released.read(place)
    except (ValueError, KeyError, TypeError) as error:
        raise ArchiveError(
            "cannot be read", str(place / released.NAME), "Release the month again."
        ) from error
    if found is None:
        beside = standing(workspace.output, month) if (place / RECORD).exists() else None
        if beside and beside.same:
            return beside.release  # its release was ended before it was written here
        why = "was run again since it was released" if beside else "is not released"
        fix = f"Look at the packs, then: opti release --month {text}"
        raise UsageError(f"{text} {why}: only released packs are sent", "--month", fix)
    folder = released.run_folder(workspace.output, found)
    try:
        same = released.read(folder) == found
    except (ValueError, KeyError, TypeError):
        same = False
    if not same or found.month != month:
        fix = "Nothing is sent. `opti archive verify` says more; release the month again to send it."
        raise ArchiveError(
            f"is not the release that was archived as {found.run_id}", str(place / released.NAME), fix
        )
    return found


def _chosen(asked: Asked, found: MailPlan) -> MailPlan:
    """The letters and held ones of the packs and organisations asked for."""
    kinds = {letter.key.pack for letter in found.letters} | {held.pack for held in found.held}
    places = {letter.key.org for letter in found.letters} | {held.org for held in found.held}
    for names, known, option in ((asked.packs, kinds, "--pack"), (asked.orgs, places, "--org")):
        for name in names:
            if name not in known:
                what = f"nobody gets anything of '{name}' in this release{suggestion(name, known)}"
                raise UsageError(what, option)

    def wanted(pack: str, org: str) -> bool:
        return pack in (asked.packs or (pack,)) and org in (asked.orgs or (org,))

    return MailPlan(
        tuple(letter for letter in found.letters if wanted(letter.key.pack, letter.key.org)),
        tuple(held for held in found.held if wanted(held.pack, held.org)),
        tuple(pack for pack in found.unaddressed if wanted(pack.pack, pack.org)),
    )


def _proved(made: Desk) -> None:
    """Letters hold files of their own organisation, and the archived run is as the ledger knows it."""
    for letter in made.plan.letters:
        if not letters.of_its_own(letter):
            what = f"lists {letter.released.file} as {letter.key.pack} of {letter.key.org}"
            raise ArchiveError(what, released.NAME, "Nothing is sent. Release the month again.")
    run = f"{month_text(made.release.month)}/{made.release.run_id}"
    if faults := verify(made.asked.workspace.output / ARCHIVE, run).faults:
        fix = "Nothing is sent. `opti archive verify` says more; release the month again to send it."
        raise ArchiveError(f"is not as it was archived: {'; '.join(faults)}", run, fix)


def corrections(workspace: Workspace, month: int) -> Corrections:
    """By version of the month, the packs that it corrected, from the archived releases that can be read."""
    found: dict[int, frozenset[tuple[str, str, str]]] = {}
    for path in (workspace.output / ARCHIVE / month_text(month)).glob(f"*/{released.NAME}"):
        try:
            release = released.read(path.parent)
        except (ValueError, KeyError, TypeError):
            continue
        if release:
            found[release.version] = frozenset((p.pack, p.org, p.lang) for p in release.packs if p.corrected)
    return found


def rows(workspace: Workspace, month: int | None) -> tuple[Row, ...]:
    """The outbox of a month or of all; without an outbox none."""
    folder = workspace.output / OUTBOX
    if not (folder / outbox.NAME).exists():
        return ()
    with outbox.Outbox(folder) as box:
        return box.rows(month)


def report(
    made: Desk, known: Sequence[Row], files: Sequence[Path] = (), told: str = "", fault: str = ""
) -> Sent:
    """What became of the letters, given the outbox."""
    letters_now = fates(made.plan.letters, known, corrections(made.asked.workspace, made.release.month))
    alone = tuple(pack.file for pack in made.plan.unaddressed)
    release = made.release
    return Sent(release.month, release.version, letters_now, made.plan.held, alone, tuple(files), told, fault)


@contextmanager
def opened(made: Desk, edge: Edge) -> Iterator[outbox.Outbox]:
    """The outbox, the workspace locked, interrupted letters put right and the ledger caught up."""
    with held(made.asked.workspace), outbox.Outbox(made.home) as box:
        box.interrupted(edge.stamp())
        sending.tell(box, made.archive)
        yield box


def queue(made: Desk, box: outbox.Outbox, edge: Edge) -> dict[str, Fated]:
    """Queue what is to be sent; returns every letter's fate by id."""
    known = box.rows(made.release.month)
    found = fates(made.plan.letters, known, corrections(made.asked.workspace, made.release.month))
    fresh = [(one.letter, one.corrected) for one in found if one.fate in ("send", "queued")]
    box.queue(fresh, edge.stamp())
    return {one.letter.id: one for one in found}


def file_name(letter: Letter) -> str:
    """What a letter's draft is called; its id comes last."""
    key = letter.key
    return f"{key.pack}_{key.org}.{key.lang}_{letter.id}.eml"
