"""The ledger as second witness of the outbox: whichever knows more of a letter is believed.

An outbox that was lost, emptied or put back from an older copy never leads to a second sending: what the
ledger has as accepted stays accepted, and a letter that it has as handed over once more often than the outbox
knows is uncertain. An outbox of another workspace is set aside; what it has of our letters is uncertain too.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any

from opti_reports.archive.ledger import Line
from opti_reports.messages.message import Message, message
from opti_reports.messages.sentences import say
from opti_reports.model.mail import Key, Row, State, Way
from opti_reports.periods.period import month_or_week

ENDS: Mapping[str, State] = {"handed": "uncertain", "sent": "accepted", "refused": "refused"}
VERDICTS: Mapping[str, State] = {"accepted": "accepted", "again": "queued"}


@dataclass(frozen=True, kw_only=True)
class Account:
    """What the ledger says of a letter: its last word, and how often the letter was handed over."""

    said: Mapping[str, Any]
    state: State
    way: Way
    handed: int
    reply: str
    first: str
    last: str


@dataclass(frozen=True)
class Settled:
    """The outbox as both witnesses have it: all rows, those that differ from the file, what to say of it."""

    rows: tuple[Row, ...]
    changed: tuple[Row, ...]
    foreign: bool
    notes: tuple[Message, ...]


def settle(
    rows: Sequence[Row], origin: str, lines: Sequence[Line], mailboxes: Iterable[str], ours: AbstractSet[str]
) -> Settled:
    """Hold the rows of an outbox against the ledger's lines.

    ``mailboxes``: addresses that a letter without a row may have gone to (the ledger knows none); ``ours``:
    ids of letters to be sent, the only ones heeded of an outbox that belongs to another ledger (``origin``).
    """
    foreign = bool(origin and rows) and origin != origin_of(lines)
    there = list(rows)
    if foreign:
        there = [_doubted(row) for row in rows if row.id in ours and row.state != "queued"]
    known = accounts(lines)
    held = [(row, _account(row.key, known)) for row in there]
    amended = [_amended(row, account) for row, account in held]
    missing = tuple(_missing(known, {row.id for row in there}, mailboxes))
    changed = tuple(new for new, (old, _) in zip(amended, held, strict=True) if foreign or new != old)
    states = [new for new, (old, _) in zip(amended, held, strict=True) if new.state != old.state]
    notes = _notes([*states, *missing], [row for row in there if foreign], foreign=foreign)
    return Settled((*amended, *missing), (*changed, *missing), foreign, tuple(notes))


def origin_of(lines: Sequence[Line]) -> str:
    """Return what tells a ledger from others: what its first line says, but for the hash of files.

    A ledger that somebody has rewritten over other files stays the same one, and its outbox goes on to bear
    witness against it.
    """
    if not lines:
        return ""
    said = {name: value for name, value in lines[0].payload.items() if name != "manifest"}
    text = json.dumps([lines[0].at, lines[0].kind, said], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def accounts(lines: Iterable[Line]) -> dict[str, Account]:
    """Return what the ledger says of each letter, by id; an acceptance is never taken back."""
    found: dict[str, Account] = {}
    for line in lines:
        if line.kind not in (*ENDS, "uncertain_resolved"):
            continue
        said, before = line.payload, found.get(str(line.payload["letter"]))
        state = ENDS[line.kind] if line.kind in ENDS else VERDICTS[said["verdict"]]
        found[str(said["letter"])] = Account(
            said=said,
            state="accepted" if before and before.state == "accepted" else state,
            way=said.get("way", before.way if before else "smtp"),
            handed=(before.handed if before else 0) + (line.kind == "handed"),
            reply=str(said.get("reply", say("reply.unknown_end") if line.kind == "handed" else "")),
            first=before.first if before else line.at,
            last=line.at,
        )
    return found


def _account(key: Key, known: Mapping[str, Account]) -> Account | None:
    return known.get(key.id) or known.get(key.earlier_id)


def _amended(row: Row, account: Account | None) -> Row:
    """Return a row as the two witnesses have it together."""
    if account is None:
        return replace(row, recorded=False)  # an archive put back from a copy: what it lost is recorded again
    known = account.state == row.state and row.state in ("accepted", "refused")
    if account.state == "accepted" and row.state != "accepted":
        return _of(account, row)
    if account.state == "refused" and row.state == "queued":
        return _of(account, row)
    if account.state == "uncertain" and account.handed > row.attempts:
        return _of(account, row)
    if row.state == "accepted":
        return replace(row, recorded=known)
    return replace(row, recorded=row.recorded or known)


def _of(account: Account, row: Row) -> Row:
    """Return a row with what the ledger says of it."""
    return replace(
        row,
        state=account.state,
        way=account.way,
        attempts=max(account.handed, row.attempts),
        reply=account.reply,
        changed_at=account.last,
        recorded=account.state != "uncertain",
    )


def _missing(
    noted: Mapping[str, Account], there: AbstractSet[str], mailboxes: Iterable[str]
) -> Iterator[Row]:
    """Yield rows of letters that only the ledger knows, and that went to one of the mailboxes."""
    known = {name for one in mailboxes for name in (one, one.casefold())}
    for id, account in noted.items():
        if account.state == "queued":
            continue
        for mailbox in sorted(known):
            key = _key(account.said, mailbox)
            if id in (key.id, key.earlier_id):
                own = key._replace(recipient=mailbox.casefold())
                if own.id not in there and own.earlier_id not in there:
                    yield _rebuilt(own, mailbox, account)
                break


def _key(said: Mapping[str, Any], mailbox: str) -> Key:
    return Key(
        period=month_or_week(said["month"]),
        pack=said["pack"],
        org=said["org"],
        lang=said["lang"],
        version=said["version"],
        recipient=mailbox,
        content=said.get("content", said["sha256"]),
    )


def _rebuilt(key: Key, mailbox: str, account: Account) -> Row:
    said = account.said
    bare = Row(
        id=key.id,
        key=key,
        role=said["role"],
        address=mailbox,
        sha256=said["sha256"],
        corrected=said["corrected"],
        queued_at=account.first,
        changed_at=account.last,
    )
    return _of(account, bare)


def _doubted(row: Row) -> Row:
    return replace(row, state="uncertain", reply=say("reply.elsewhere", state=row.state), recorded=False)


def _notes(amended: Sequence[Row], doubted: Sequence[Row], *, foreign: bool) -> Iterator[Message]:
    """Yield what was found, what was done about it, and what is left to do."""
    if foreign:
        yield message("outbox.foreign", letters=len(doubted))
    if amended:
        yield message("outbox.lost", letters=len(amended), counts=in_states(amended))
    if any(row.state == "uncertain" for row in (*amended, *doubted)):
        yield message("outbox.uncertain")


def in_states(rows: Sequence[Row]) -> tuple[Message, ...]:
    """Return how many letters are in each state."""
    counts = Counter(row.state for row in rows)
    return tuple(message("outbox.in_state", letters=n, state=state) for state, n in sorted(counts.items()))
