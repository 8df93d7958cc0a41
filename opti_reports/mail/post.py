"""Letters of what was released on their way: drafts for a person, a server, previews, people's answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Literal

from opti_reports.archive import ledger
from opti_reports.config.load import load
from opti_reports.config.recipients import single_address
from opti_reports.disk import replace as put
from opti_reports.errors import MailError, OptiError, UnfitError, UsageError
from opti_reports.mail import letters, outbox, sending, smtp
from opti_reports.mail import server as servers
from opti_reports.mail.asked import Asked, Edge
from opti_reports.mail.mailing import (
    OUTBOX,
    Mailing,
    clear_drafts,
    fated,
    file_name,
    mailing,
    opened,
    queue,
    read_outbox,
    report,
)
from opti_reports.mail.sent import Sent
from opti_reports.messages.message import Shown, message
from opti_reports.messages.sentences import say, words
from opti_reports.messages.spelling import suggestion
from opti_reports.model.mail import Fated, Letter, Row
from opti_reports.periods.period import Period
from opti_reports.workspace import Workspace

Verdict = Literal["accepted", "again"]


def foreseen(asked: Asked, edge: Edge) -> Sent:
    """Return who would get what (``--dry-run``); nothing is written."""
    made = mailing(asked, edge)
    return report(made, made.at_start.rows, notes=made.at_start.notes)


def draft(asked: Asked, edge: Edge) -> Sent:
    """Write drafts for whoever sends them by hand; each becomes uncertain until someone says that it went.

    Drafts written before are written again, those of earlier versions that they replace go, and so do those
    of letters that are refused; what a server took, refused or may have taken is left alone.
    """
    made = mailing(asked, edge)
    home = made.home / "drafts" / made.release.period.text
    files: list[Path] = []
    with opened(asked.workspace, made.configs, edge, made.plan.letters) as (box, notes):
        found = queue(made, box, edge)
        known = box.rows(made.release.period)
        state = {row.id: row for row in known}
        for letter in made.plan.letters:
            row = state.get(letter.id)
            if row is None or not (row.state == "queued" or (row.state, row.way) == ("uncertain", "draft")):
                continue
            if row.state == "queued":
                # First: a draft that the outbox does not know of could go by a server too.
                box.move(letter.id, "queued", "uncertain", edge.stamp(), say("reply.draft"), way="draft")
                sending.hand(box, letter.id, "draft", made.archive, edge.stamp())
            one = found[letter.id]
            look = letters.LetterForm(
                draft=True, at=edge.now(), corrected=one.corrected, replaces=one.replaces
            )
            files.append(home / f"v{made.release.version}" / file_name(letter))
            put(files[-1], made.writer.letter(letter, made.release, made.folder, look))
            for old in known:
                if old.key != letter.key and old.key.place == letter.key.place:
                    clear_drafts(home, f"v{old.key.version}/*_{old.id}.eml")
        refused = {one.letter.key.place for one in made.plan.outsiders}
        for old in (row for row in known if row.key.place in refused):
            clear_drafts(home, f"v*/*_{old.id}.eml")
        return report(made, box.rows(made.release.period), files, notes=notes)


def post(asked: Asked, edge: Edge) -> Sent:
    """Send through the server of mail.toml; the owner is informed of what was not accepted."""
    made = mailing(asked, edge)
    server = servers.server(asked.workspace, made.configs, edge)
    fault: Shown = ""
    with server, opened(asked.workspace, made.configs, edge, made.plan.letters) as (box, notes):
        found = queue(made, box, edge)
        rows_of = {row.id: row for row in box.rows(made.release.period)}

        def write(letter: Letter, largest: int | None) -> bytes:
            at = dt.datetime.fromisoformat(rows_of[letter.id].queued_at)
            one = found[letter.id]
            look = letters.LetterForm(
                draft=False, at=at, corrected=one.corrected, replaces=one.replaces, largest=largest
            )
            return made.writer.letter(letter, made.release, made.folder, look)

        config = servers.settings(made.configs)
        try:
            sending.send(
                box,
                server,
                sending.waiting(made.plan.letters, rows_of.values()),
                sending.Patience(config.attempts, config.wait_seconds, config.lost_in_a_row, edge.sleep),
                sending.Sender(edge.stamp, write, made.writer.sender, made.archive),
            )
        except MailError as error:
            fault = error.said
        known = box.rows(made.release.period)
        result = report(made, known, fault=fault, notes=notes)
        lacking = {one.letter.id for one in result.undone}
        failed = [row for row in known if row.id in lacking]
        if not failed and not fault:
            return result
        try:
            informed, file = _inform_owner(made, server, failed, fault, edge)
        except (OptiError, OSError) as error:
            why = error.said if isinstance(error, OptiError) else str(error)
            return replace(result, notes=(*result.notes, message("outbox.owner_not_told", why=why)))
        return replace(result, informed=informed, files=(file,) if file else ())


def _inform_owner(
    made: Mailing, server: smtp.Server, failed: Sequence[Row], fault: Shown, edge: Edge
) -> tuple[str, Path | None]:
    """Mail the owner what failed, or leave a draft where that mail fails too."""
    period, address = made.release.period, made.writer.owner.address
    if not fault:
        content = made.writer.failures(
            failed, period, words(fault), letters.LetterForm(draft=False, at=edge.now())
        )
        try:
            reply = server.deliver(made.writer.sender, address, content, lambda: None)
        except (smtp.UnreachableError, MailError):
            reply = smtp.Reply("later", "")
        if reply.kind == "accepted":
            return address, None
    path = made.home / "drafts" / period.text / "failures.eml"
    put(
        path,
        made.writer.failures(failed, period, words(fault), letters.LetterForm(draft=True, at=edge.now())),
    )
    return address, path


def _delivered(server: smtp.Server, sender: str, to: str, write: Callable[[int | None], bytes]) -> None:
    """Deliver a letter to one address. Raises MailError when the server does not take it."""
    try:
        reply = server.deliver(sender, to, write(server.largest()), lambda: None)
    except smtp.UnreachableError as error:
        raise MailError("mail.preview_failed", to, why=error.message) from error
    if reply.kind != "accepted":
        raise MailError("mail.preview_failed", to, why=reply.text)


def preview(asked: Asked, to: str, way: Literal["draft", "smtp"], edge: Edge) -> Sent:
    """Send every letter to one address instead of its recipient, marked, and record it nowhere.

    Raises UsageError for an address that is none, MailError when the server does not take one.
    """
    try:
        single_address(to)
    except UnfitError as error:
        raise UsageError("mail.no_address", "--to", why=error.message) from None
    made = mailing(asked, edge)
    if not made.configs.recipients.allowed(to):
        raise UsageError("mail.not_allowed", "--to", address=to)
    known = fated(made, made.at_start.rows)
    files: list[Path] = []
    look = letters.LetterForm(draft=way == "draft", at=edge.now(), preview_to=to)
    folder = made.home / "drafts" / made.release.period.text / "preview"

    def write(one: Fated, largest: int | None = None) -> bytes:
        own = letters.LetterForm(
            draft=look.draft,
            at=look.at,
            corrected=one.corrected,
            replaces=one.replaces,
            preview_to=to,
            largest=largest,
        )
        return made.writer.letter(one.letter, made.release, made.folder, own)

    clear_drafts(folder)
    if way == "draft":
        for one in known:
            files.append(folder / file_name(one.letter))
            put(files[-1], write(one))
    else:
        with servers.server(asked.workspace, made.configs, edge) as server:
            for one in known:
                _delivered(server, made.writer.sender, to, partial(write, one))
    return report(made, made.at_start.rows, files)


def resolve(workspace: Workspace, id: str, verdict: Verdict, period: Period | None, edge: Edge) -> int:
    """Record what a person found out about an uncertain or refused letter, or about all of a month or week.

    Returns how many letters it was. Raises UsageError for a letter that is neither, or not there.
    """
    if id == "all" and period is None:
        raise UsageError("mail.all_of_period", "--resolve")
    configs = load(workspace.configs, workspace.demo)
    if not (workspace.output / OUTBOX / outbox.NAME).exists() and not read_outbox(workspace, None).rows:
        raise UsageError("mail.nothing_sent", "--resolve")
    with opened(workspace, configs, edge) as (box, _):
        known = box.rows(period)
        found = [row for row in known if row.state == "uncertain" or row.id == id]
        chosen = found if id == "all" else [row for row in found if row.id == id]
        if not chosen:
            near = suggestion(id, [row.id for row in known])
            raise UsageError("mail.no_uncertain", "--resolve", id=id, near=near)
        for row in chosen:
            if row.state not in ("uncertain", "refused"):
                raise UsageError(
                    "mail.no_answer_needed",
                    message("at.option", option="--resolve", value=row.id),
                    state=row.state,
                )
            payload = sending.ledger_entry(row) | {"verdict": verdict, "was": row.state}
            ledger.record(workspace.output / "archive", "uncertain_resolved", payload, edge.stamp())
            said = say("reply.resolved", verdict=verdict)
            if verdict == "accepted":
                box.move(row.id, row.state, "accepted", edge.stamp(), said, way=row.way, recorded=True)
            else:
                box.move(row.id, row.state, "queued", edge.stamp(), said, way="")
            made = workspace.output / OUTBOX / "drafts" / row.key.period.text
            clear_drafts(made, f"v*/*_{row.id}.eml")
        return len(chosen)
