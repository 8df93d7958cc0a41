"""A released month or week ready to be mailed: its files checked, who gets what, the outbox."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from opti_reports.archive import ledger, released
from opti_reports.archive.held import held
from opti_reports.archive.standing import RECORD, standing
from opti_reports.archive.verify import verify
from opti_reports.config.configs import Configs
from opti_reports.config.load import load
from opti_reports.errors import ArchiveError, ConfigError, Fault, MailError, UsageError
from opti_reports.mail import letters, outbox, sending, witness
from opti_reports.mail.asked import Asked, Edge
from opti_reports.mail.plan import History, fates, known_as, other_bytes, plan
from opti_reports.mail.readers import audiences
from opti_reports.mail.sent import Sent
from opti_reports.messages.message import Message, Shown, message
from opti_reports.messages.spelling import suggestion
from opti_reports.model.mail import Fated, Letter, MailPlan, Row
from opti_reports.model.release import Release
from opti_reports.periods.period import Period
from opti_reports.workspace import ARCHIVE, Workspace

OUTBOX = "outbox"


@dataclass(frozen=True, kw_only=True)
class Mailing:
    """A released month or week, checked, and who gets what of it on the day."""

    asked: Asked
    configs: Configs
    release: Release
    folder: Path
    plan: MailPlan
    writer: letters.Writer
    at_start: witness.Settled
    """The outbox when the command began."""

    @property
    def home(self) -> Path:
        """Return where the outbox lies."""
        return self.asked.workspace.output / OUTBOX

    @property
    def archive(self) -> Path:
        """Return the archive with its ledger."""
        return self.asked.workspace.output / "archive"


def mailing(asked: Asked, edge: Edge) -> Mailing:
    """Return the period's release with every file of it that would be mailed checked.

    Raises UsageError when it is not released or the choice leaves nothing, ArchiveError when a file is
    not what was released, ConfigError for configs without recipients.
    """
    workspace, period = asked.workspace, asked.period
    configs = load(workspace.configs, workspace.demo)
    if not configs.recipients.recipient:
        raise ConfigError([Fault("recipients.toml", "recipient", "recipient.none")])
    for name in asked.packs:
        if name in configs.packs and configs.packs[name].apart:
            raise UsageError("letters.apart", "--pack", pack=name, which=period.asked)
    release = _release(workspace, period)
    today = edge.now().astimezone(ZoneInfo(configs.settings.time_zone)).date()
    tree = configs.organisation.tree(period.last_month)
    folder = released.run_folder(workspace.output, release)
    readers = audiences(configs.packs, period, folder)
    language = configs.settings.languages[0]
    found = plan(release, configs.recipients, tree, today, language, audiences=readers)
    chosen = _chosen(asked, found)
    known = read_outbox(workspace, period, chosen.letters)
    chosen = replace(chosen, letters=tuple(known_as(letter, known.rows) for letter in chosen.letters))
    writer = letters.Writer(configs, workspace.templates)
    made = Mailing(
        asked=asked,
        configs=configs,
        release=release,
        folder=folder,
        plan=chosen,
        writer=writer,
        at_start=known,
    )
    _proved(made)
    return made


def _release(workspace: Workspace, period: Period) -> Release:
    """Return the period's release, the same as in the archive. Raises UsageError or ArchiveError."""
    place = workspace.output / period.text
    try:
        found = released.read(place)
    except (ValueError, KeyError, TypeError) as error:
        raise ArchiveError("letters.unreadable", str(place / released.NAME)) from error
    if found is None:
        beside = standing(workspace.output, period) if (place / RECORD).exists() else None
        if beside and beside.same:
            return beside.release  # its release was ended before it was written here
        if beside:
            raise UsageError("letters.run_again", period.option, period=period.text, which=period.asked)
        raise UsageError("letters.not_released", period.option, period=period.text, which=period.asked)
    folder = released.run_folder(workspace.output, found)
    try:
        same = released.read(folder) == found
    except (ValueError, KeyError, TypeError):
        same = False
    if not same or found.period != period:
        raise ArchiveError("letters.other_release", str(place / released.NAME), run=found.run_id)
    return found


def _chosen(asked: Asked, found: MailPlan) -> MailPlan:
    """Return the letters and held ones of the packs and organisations asked for."""
    keys = [one.key for one in (*found.letters, *(refused.letter for refused in found.outsiders))]
    kinds = {key.pack for key in keys} | {held.pack for held in found.held}
    places = {key.org for key in keys} | {held.org for held in found.held}
    for names, known, option in ((asked.packs, kinds, "--pack"), (asked.orgs, places, "--org")):
        for name in names:
            if name not in known:
                raise UsageError("letters.nobody", option, name=name, near=suggestion(name, known))

    def wanted(pack: str, org: str) -> bool:
        return pack in (asked.packs or (pack,)) and org in (asked.orgs or (org,))

    return MailPlan(
        tuple(letter for letter in found.letters if wanted(letter.key.pack, letter.key.org)),
        tuple(held for held in found.held if wanted(held.pack, held.org)),
        tuple(pack for pack in found.unaddressed if wanted(pack.pack, pack.org)),
        tuple(one for one in found.outsiders if wanted(one.letter.key.pack, one.letter.key.org)),
    )


def _proved(made: Mailing) -> None:
    """Refuse files of another organisation in a letter, and an archived run that is not as in the ledger."""
    for letter in made.plan.letters:
        if not letters.of_its_own(letter):
            file, key = letter.released.file, letter.key
            raise ArchiveError("letters.lists", released.NAME, file=file, pack=key.pack, org=key.org)
    run = f"{made.release.period.text}/{made.release.run_id}"
    if faults := verify(made.asked.workspace.output / ARCHIVE, run).faults:
        raise ArchiveError("letters.not_archived", run, faults=faults)


def history(workspace: Workspace, period: Period) -> History:
    """Return the period's archived releases that can be read, by version."""
    found: dict[int, Release] = {}
    for path in (workspace.output / ARCHIVE / period.text).glob(f"*/{released.NAME}"):
        try:
            release = released.read(path.parent)
        except (ValueError, KeyError, TypeError):
            continue
        if release:
            found[release.version] = release
    return found


def rows(workspace: Workspace, period: Period | None) -> tuple[Row, ...]:
    """Return the outbox's rows of a period, or of all (None); none where there is no outbox."""
    folder = workspace.output / OUTBOX
    if not (folder / outbox.NAME).exists():
        return ()
    with outbox.Outbox(folder) as box:
        return box.rows(period)


def settled(
    workspace: Workspace, configs: Configs, box: outbox.Outbox | None, ours: Iterable[Letter] = ()
) -> witness.Settled:
    """Return the outbox as it and the ledger together have it; nothing is written."""
    mailboxes = [one.address for one in configs.recipients.recipient]
    lines = ledger.walk(workspace.output / ARCHIVE).lines
    rows, origin = (box.rows(), box.origin()) if box else ((), "")
    return witness.settle(rows, origin, lines, mailboxes, {letter.id for letter in ours})


def read_outbox(workspace: Workspace, period: Period | None, ours: Iterable[Letter] = ()) -> witness.Settled:
    """Return the settled outbox of a period, or of all (None), for commands that only show it."""
    folder, configs = workspace.output / OUTBOX, load(workspace.configs, workspace.demo)
    if (folder / outbox.NAME).exists():
        with outbox.Outbox(folder) as box:
            found = settled(workspace, configs, box, ours)
    else:
        found = settled(workspace, configs, None, ours)
    return replace(found, rows=tuple(row for row in found.rows if period in (None, row.key.period)))


def report(
    made: Mailing,
    known: Sequence[Row],
    files: Sequence[Path] = (),
    fault: Shown = "",
    notes: Sequence[Message] = (),
) -> Sent:
    """Return what became of the letters, given the outbox."""
    release = made.release
    letters_now = fated(made, known)
    return Sent(
        period=release.period,
        version=release.version,
        letters=letters_now,
        held=made.plan.held,
        unaddressed=tuple(pack.file for pack in made.plan.unaddressed),
        outsiders=made.plan.outsiders,
        files=tuple(files),
        broken=fault,
        notes=tuple(notes),
    )


def fated(made: Mailing, known: Sequence[Row]) -> tuple[Fated, ...]:
    """Return what will become of each letter.

    Raises ArchiveError for other bytes under a version that was sent.
    """
    period = made.release.period
    own = [row for row in known if row.key.period == period]
    if wrong := other_bytes(made.plan.letters, own, made.release.signed_at):
        names = tuple(message("mail.of", pack=row.key.pack, org=row.key.org) for row in wrong)
        where, version = f"{period.text}/{made.release.run_id}", made.release.version
        raise ArchiveError("letters.other_bytes", where, version=version, names=names)
    return fates(made.plan.letters, own, history(made.asked.workspace, period))


@contextmanager
def opened(
    workspace: Workspace, configs: Configs, edge: Edge, ours: Iterable[Letter] | None = None
) -> Iterator[tuple[outbox.Outbox, tuple[Message, ...]]]:
    """Yield the outbox, compared with the ledger and brought up to date under the workspace's lock, and what
    to report of it.

    Raises MailError for an outbox of another workspace where it is not known which letters are ``ours``.
    """
    home, archive = workspace.output / OUTBOX, workspace.output / ARCHIVE
    with held(workspace):
        box = outbox.Outbox(home)
        try:
            found = settled(workspace, configs, box, ours or ())
            if found.foreign and ours is None:
                raise MailError("outbox.other", str(home / outbox.NAME))
            if found.foreign:
                box.close()
                outbox.set_aside(home)
                box = outbox.Outbox(home)
            box.amend(found.changed, witness.origin_of(ledger.walk(archive).lines))
            box.interrupted(edge.stamp())
            sending.record(box, archive)
            yield box, found.notes
        finally:
            box.close()


def queue(made: Mailing, box: outbox.Outbox, edge: Edge) -> dict[str, Fated]:
    """Queue what is to be sent once every letter can be written; returns every letter's fate by id."""
    found = fated(made, box.rows(made.release.period))
    fresh = [one for one in found if one.fate in ("send", "queued")]
    for one in fresh:
        look = letters.LetterForm(draft=False, at=edge.now(), corrected=one.corrected, replaces=one.replaces)
        made.writer.letter(one.letter, made.release, made.folder, look)
    box.queue([(one.letter, one.corrected) for one in fresh], edge.stamp())
    return {one.letter.id: one for one in found}


def file_name(letter: Letter) -> str:
    """Return what a letter's draft is called; its id comes last."""
    key = letter.key
    return f"{key.pack}_{key.org}.{key.lang}_{letter.id}.eml"


def clear_drafts(folder: Path, pattern: str = "*.eml") -> None:
    """Remove drafts that are of no more use; each holds a whole pack."""
    for old in folder.glob(pattern):
        old.unlink()
