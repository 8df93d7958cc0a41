"""Letters through a server: rounds with growing waits, each step written down before the next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from opti_reports.archive import ledger
from opti_reports.mail.outbox import Outbox
from opti_reports.mail.smtp import Reply, UnreachableError
from opti_reports.model.mail import Letter, Row, State, Way

AFTER: dict[str, State] = {
    "accepted": "accepted",
    "refused": "refused",
    "uncertain": "uncertain",
    "later": "queued",
}


class Post(Protocol):
    """Whatever hands a message over (``smtp.Server``)."""

    def largest(self) -> int | None:
        """Return the largest message it takes, if it says so."""

    def deliver(self, sender: str, to: str, message: bytes, begin: Callable[[], None]) -> Reply:
        """Hand over one message."""


@dataclass(frozen=True)
class Patience:
    """How often a letter is tried, how long before the second time (seconds; then twice as long each), and on
    how many letters in a row the server may hang up.
    """

    attempts: int
    wait: float
    lost_in_a_row: int
    sleep: Callable[[float], None]


@dataclass(frozen=True)
class Sender:
    """What sending needs beside the letters: the clock, the writer of a letter's bytes given the largest size
    the server takes, the sender's address and the archive folder whose ledger records it.
    """

    at: Callable[[], str]
    write: Callable[[Letter, int | None], bytes]
    sender: str
    archive: Path


def send(outbox: Outbox, post: Post, letters: Sequence[Letter], patience: Patience, desk: Sender) -> None:
    """Send queued letters. What the server puts off is tried again after a wait, and stays queued at the end.

    Raises MailError as ``post`` does; letters not yet sent stay queued then.
    """
    waiting = list(letters)
    for round_ in range(patience.attempts):
        if not waiting:
            return
        if round_:
            patience.sleep(patience.wait * 2 ** (round_ - 1))
        waiting = _round(outbox, post, waiting, patience.lost_in_a_row, desk)


def _round(
    outbox: Outbox, post: Post, letters: Sequence[Letter], most_lost: int, desk: Sender
) -> list[Letter]:
    """Attempt each letter once, and return those to try again.

    One letter that the server hangs up on does not keep the others back; a server that is not there, or hangs
    up on several in a row, ends the round.
    """
    later: list[Letter] = []
    lost = 0
    for i, letter in enumerate(letters):
        try:
            if not _one(outbox, post, letter, desk):
                later.append(letter)
            lost = 0
        except UnreachableError as error:
            lost += 1
            gone = not error.connected or lost == most_lost
            affected = letters[i:] if gone else [letter]
            for one in affected:
                outbox.note(one.id, str(error), desk.at())
            later += affected
            if gone:
                break
    return later


def _one(outbox: Outbox, post: Post, letter: Letter, desk: Sender) -> bool:
    """Try one letter; False when it is to be tried again."""
    content = desk.write(letter, post.largest())
    begun = False

    def begin() -> None:
        nonlocal begun
        outbox.move(letter.id, "queued", "sending", desk.at())
        begun = True
        hand(outbox, letter.id, "smtp", desk.archive, desk.at())

    reply = post.deliver(desk.sender, letter.address, content, begin)
    if reply.kind == "uncertain" and not begun:
        begin()
    if begun:
        outbox.move(letter.id, "sending", AFTER[reply.kind], desk.at(), reply.text)
    elif reply.kind == "later":
        outbox.note(letter.id, reply.text, desk.at())
    else:
        outbox.move(letter.id, "queued", AFTER[reply.kind], desk.at(), reply.text)
    record(outbox, desk.archive)
    return reply.kind != "later"


def record(outbox: Outbox, archive: Path) -> None:
    """Write what was accepted or refused into the ledger; what a killed command left unrecorded too."""
    for row in outbox.unrecorded():
        kind: ledger.Kind = "sent" if row.state == "accepted" else "refused"
        ledger.record(archive, kind, ledger_entry(row) | {"reply": row.reply}, row.changed_at)
        outbox.mark_recorded(row.id)


def hand(outbox: Outbox, id: str, way: Way, archive: Path, at: str) -> None:
    """Record in the ledger that a letter leaves, before it does, so that a lost outbox loses nothing."""
    row = outbox.row(id)
    if row is not None:
        ledger.record(archive, "handed", ledger_entry(row) | {"way": way}, at)


def ledger_entry(row: Row) -> dict[str, str | int | bool]:
    """Return what the ledger says of a letter: by role and organisation, no address."""
    key = row.key
    return {
        "letter": row.id,
        "month": key.period.text,
        "pack": key.pack,
        "org": key.org,
        "lang": key.lang,
        "version": key.version,
        "role": row.role,
        "sha256": row.sha256,
        "content": key.content,
        "corrected": row.corrected,
    }


def waiting(letters: Iterable[Letter], rows: Iterable[Row]) -> list[Letter]:
    """Return the letters whose rows are queued."""
    queued = {row.id for row in rows if row.state == "queued"}
    return [letter for letter in letters if letter.id in queued]
