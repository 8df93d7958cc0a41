"""The outbox: one row a letter in SQLite, every change a transaction that is on disk before the next step.

queued → sending → accepted | refused | uncertain. A row found ``sending`` at the start was interrupted: the
server may have it or not, so it is uncertain and waits for a person. ``witness`` compares
it with the ledger.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from itertools import count
from pathlib import Path
from typing import Any, Self

from opti_reports.errors import MailError
from opti_reports.messages.message import Message, message
from opti_reports.messages.sentences import say
from opti_reports.model.mail import STATES, Key, Letter, Row, State, Way
from opti_reports.periods.period import Period, month_or_week

NAME = "outbox.sqlite"
VERSION = 2
_STATES = ", ".join(f"'{state}'" for state in STATES)
TABLE = f"""
CREATE TABLE letter (
  id TEXT PRIMARY KEY,
  month TEXT NOT NULL, pack TEXT NOT NULL, org TEXT NOT NULL, lang TEXT NOT NULL,
  version INTEGER NOT NULL, recipient TEXT NOT NULL, content TEXT NOT NULL,
  role TEXT NOT NULL, address TEXT NOT NULL, sha256 TEXT NOT NULL, corrected INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ({_STATES})),
  way TEXT NOT NULL CHECK (way IN ('', 'smtp', 'draft')),
  attempts INTEGER NOT NULL, reply TEXT NOT NULL, queued_at TEXT NOT NULL, changed_at TEXT NOT NULL,
  told INTEGER NOT NULL,  -- Row.recorded
  UNIQUE (month, pack, org, lang, version, recipient, content)
)
"""
ORIGIN = "CREATE TABLE origin (ledger TEXT NOT NULL)"
"""Which ledger the outbox belongs to (``witness.origin_of``): no two workspaces share it."""
_PLACE = ("id", "month", *Key._fields[1:])
_REST = {name.name: "told" if name.name == "recorded" else name.name for name in fields(Row)[2:]}
"""The columns of a letter beside its place, by the field of ``Row``: what outboxes have is never renamed,
so that a letter's period, month or week, is the month there."""
_COLUMNS = ", ".join((*_PLACE, *_REST.values()))
_PUT = f"INSERT OR REPLACE INTO letter ({_COLUMNS}) VALUES ({', '.join('?' * len((*_PLACE, *_REST)))})"


class Outbox:
    """The letters of a workspace; used by whoever holds its lock."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        with self._faults():
            folder.mkdir(parents=True, exist_ok=True)
            self._base = sqlite3.connect(self._path, isolation_level=None)
            try:
                self._base.execute("PRAGMA synchronous = FULL")
                self._prepare()
            except BaseException:
                self._base.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._base.close()

    def _prepare(self) -> None:
        with self._change():
            (found,) = self._base.execute("PRAGMA user_version").fetchone()
            if found < VERSION:
                old = self._of_version_1() if found == 1 else []
                self._base.execute(TABLE)
                self._base.execute(ORIGIN)
                self._base.executemany(_PUT, [_cells(row) for row in old])
                self._base.execute(f"PRAGMA user_version = {VERSION}")
        if found > VERSION:
            raise MailError("outbox.newer", str(self._path))

    def _of_version_1(self) -> list[Row]:
        """Return the letters of a version 1, which knew only the packs' hashes, and drop its table."""
        columns = _COLUMNS.replace("content", "sha256", 1)
        found = [_row(one) for one in self._base.execute(f"SELECT {columns} FROM letter").fetchall()]
        self._base.execute("DROP TABLE letter")
        return [replace(row, id=row.key.id) for row in found]

    @contextmanager
    def _faults(self) -> Iterator[None]:
        """Raise MailError where SQLite cannot work: the disk is full, or the file is no outbox."""
        try:
            yield
        except sqlite3.Error as error:
            raise MailError(
                "outbox.unusable", str(self._path), why=str(error), remedy=_remedy(error)
            ) from error

    @contextmanager
    def _change(self) -> Iterator[None]:
        """Run one transaction: at its end all of it is on disk, or none."""
        with self._faults():
            self._base.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._base.rollback()
                raise
            self._base.commit()

    def rows(self, period: Period | None = None) -> tuple[Row, ...]:
        """Return every letter, of one month or week or of all, in a fixed order."""
        where = "" if period is None else "WHERE month = ?"
        order = "ORDER BY month, version, pack, org, lang, recipient, queued_at, id"
        with self._faults():
            found = self._base.execute(
                f"SELECT {_COLUMNS} FROM letter {where} {order}",
                () if period is None else (period.text,),
            ).fetchall()
        return tuple(_row(one) for one in found)

    def row(self, id: str) -> Row | None:
        """Return one letter."""
        return next((row for row in self.rows() if row.id == id), None)

    def origin(self) -> str:
        """Return which ledger the outbox belongs to; empty until that is known."""
        with self._faults():
            found = self._base.execute("SELECT ledger FROM origin").fetchone()
        return str(found[0]) if found else ""

    def amend(self, rows: Iterable[Row], origin: str) -> None:
        """Replace the rows of the same ids, and note which ledger they were compared with."""
        with self._change():
            self._base.executemany(_PUT, [_cells(row) for row in rows])
            self._base.execute("DELETE FROM origin")
            self._base.execute("INSERT INTO origin (ledger) VALUES (?)", (origin,))

    def interrupted(self, at: str) -> None:
        """Mark letters that a killed command was handing over as uncertain."""
        with self._change():
            self._base.execute(
                "UPDATE letter SET state = 'uncertain', reply = ?, changed_at = ? WHERE state = 'sending'",
                (say("reply.interrupted"), at),
            )

    def queue(self, letters: Iterable[tuple[Letter, bool]], at: str) -> None:
        """Add letters, each with whether it corrects one; those that wait already get today's address."""
        with self._change():
            for letter, corrected in letters:
                fresh = Row(
                    id=letter.id,
                    key=letter.key,
                    role=letter.role,
                    address=letter.address,
                    sha256=letter.released.sha256,
                    corrected=corrected,
                    queued_at=at,
                    changed_at=at,
                )
                self._base.execute(_PUT.replace("REPLACE", "IGNORE"), _cells(fresh))
                self._base.execute(
                    "UPDATE letter SET role = ?, address = ? WHERE id = ? AND state = 'queued'",
                    (letter.role, letter.address, letter.id),
                )

    def move(
        self,
        id: str,
        before: State,
        after: State,
        at: str,
        reply: str = "",
        *,
        way: Way = "smtp",
        recorded: bool = False,
    ) -> None:
        """Change a letter's state, if it is still the one it is thought to be. Raises MailError if not.

        Each time that it is handed to a server, or to whoever opens a draft, is an attempt.
        """
        attempts = int(after == "sending" or (before, way) == ("queued", "draft"))
        with self._change():
            done = self._base.execute(
                "UPDATE letter SET state = ?, way = ?, attempts = attempts + ?, reply = ?, changed_at = ?, "
                "told = ? WHERE id = ? AND state = ?",
                (after, way, attempts, reply, at, int(recorded), id, before),
            )
            if done.rowcount != 1:
                raise MailError("outbox.moved", id, state=before)

    def note(self, id: str, reply: str, at: str) -> None:
        """Write down why a letter still waits."""
        with self._change():
            self._base.execute(
                "UPDATE letter SET reply = ?, changed_at = ? WHERE id = ? AND state = 'queued'",
                (reply, at, id),
            )

    def unrecorded(self) -> tuple[Row, ...]:
        """Return letters that the server took or refused and the ledger does not hold yet."""
        return tuple(row for row in self.rows() if not row.recorded and row.state in ("accepted", "refused"))

    def mark_recorded(self, id: str) -> None:
        """Note that the ledger holds how a letter ended."""
        with self._change():
            self._base.execute("UPDATE letter SET told = 1 WHERE id = ?", (id,))


def set_aside(folder: Path) -> None:
    """Give an outbox that belongs elsewhere another name, so that nothing of it is lost."""
    path = folder / NAME
    free = (path.with_name(f"{path.stem}.other-{number}{path.suffix}") for number in count(1))
    path.rename(next(one for one in free if not one.exists()))


def _remedy(error: sqlite3.Error) -> Message:
    if isinstance(error, sqlite3.OperationalError):
        return message("outbox.make_room")
    return message("outbox.move_away")


def _cells(row: Row) -> tuple[object, ...]:
    """Return a letter as it lies in the table."""
    return (row.id, row.key.period.text, *row.key[1:], *(getattr(row, name) for name in _REST))


def _row(cells: Sequence[Any]) -> Row:
    id, period, pack, org, lang, version, recipient, content, *rest = cells
    key = Key._make((month_or_week(period), pack, org, lang, version, recipient.casefold(), content))
    own = dict(zip(_REST, rest, strict=True))
    flags = {name: bool(own[name]) for name in ("corrected", "recorded")}
    return Row(id=id, key=key, **own | flags)
