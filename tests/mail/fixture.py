"""A workspace with a hand-made release of tiny files, and a mail server in the test's own process."""

from __future__ import annotations

import asyncio
import datetime as dt
import email
import hashlib
import json
import shutil
import socket
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from opti_reports.archive import ledger, released, write
from opti_reports.archive.manifest import FORMAT, Manifest
from opti_reports.mail.asked import Asked, Edge
from opti_reports.model.release import Attachment, Blocked, Release, ReleasedPack
from opti_reports.periods.period import month_or_week
from opti_reports.starter import STARTER
from opti_reports.workspace import Workspace
from tests.workspaces import edit

MONTH = month_or_week("2026-08")
NOW = dt.datetime(2026, 9, 21, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=3)))
UNITS = ("tapiola", "matinkyla", "leppavaara")
DECK = ("service_unit", "etela_espoo", "pptx")


def made(root: Path) -> Workspace:
    """A workspace with the shipped configs and a server without TLS in mail.toml."""
    shutil.copytree(STARTER / "configs", root / "configs")
    server = root / "configs" / "mail.toml"
    edit(server, r"host +=.*", 'host = "127.0.0.1"')
    edit(server, r"security +=.*", 'security = "none"')
    edit(server, r"timeout_seconds +=.*", "timeout_seconds = 5")
    return Workspace(root.resolve())


def use(workspace: Workspace, port: int, *lines: str) -> None:
    """Let mail.toml name a port, and add lines to its server."""
    path = workspace.configs / "mail.toml"
    edit(path, r"(?m)^port +=.*", "port = " + str(port) + "".join(f"\n{line}" for line in lines))


def edge(slept: list[float] | None = None, now: dt.datetime = NOW) -> Edge:
    """A clock that stands still and waits that are only noted."""
    return Edge(lambda: now, (slept if slept is not None else []).append, {})


def asked(workspace: Workspace, *orgs: str) -> Asked:
    """The month, or some organisations of it."""
    return Asked(workspace, MONTH, (), orgs)


def release(
    workspace: Workspace,
    *,
    version: int = 1,
    units: Sequence[str] = UNITS,
    langs: Sequence[str] = ("fi",),
    corrected: Iterable[str] = (),
    blocked: Iterable[Blocked] = (),
    content: bytes = b"%PDF-1.7 of ",
    book: bytes = b"PK ",
    at: dt.datetime = NOW,
    role: str = "Laatupäällikkö",
    cards: Sequence[tuple[str, str, str]] = (),
) -> Release:
    """Release units' PDFs with their workbooks and one deck; the files hold their own names."""
    run_id = f"v{version}-0123456789ab"
    files: dict[str, bytes] = {}
    packs = []
    for pack, org, kind in (*(("unit", unit, "pdf") for unit in units), DECK):
        for lang in langs:
            stem = f"packs/{pack}/{org}.{lang}"
            made = {f"{stem}.{kind}": content + f"{stem} {version}".encode()}
            made |= {f"{stem}.xlsx": book + stem.encode()} if pack == "unit" else {}
            main, *more = (Attachment(name, hashlib.sha256(body).hexdigest()) for name, body in made.items())
            packs.append(
                ReleasedPack(
                    pack=pack,
                    org=org,
                    lang=lang,
                    file=main.file,
                    sha256=main.sha256,
                    kind=kind,  # type: ignore[arg-type]
                    corrected=org in corrected,
                    attached=tuple(more),
                )
            )
            files |= made
            if cards:
                files[f"{stem}.json"] = _content(cards)
    found = Release(
        period=MONTH,
        version=version,
        run_id=run_id,
        stage="final",
        signed_by_role=role,
        signed_at=at.isoformat(),
        packs=tuple(packs),
        blocked=tuple(blocked),
    )
    _archive(workspace.output / "archive", found, files)
    place = workspace.output / MONTH.text
    place.mkdir(parents=True, exist_ok=True)
    released.write(place, found)
    return found


def _content(cards: Sequence[tuple[str, str, str]]) -> bytes:
    """A pack's content that has these cards: their message, action and role."""
    items = [dict(zip(("message", "action", "role"), card, strict=True)) for card in cards]
    said = {"sections": [{"blocks": [{"kind": "law"}, {"kind": "cards", "items": items}]}]}
    return json.dumps(said, ensure_ascii=False).encode()


def _archive(archive: Path, found: Release, files: dict[str, bytes]) -> None:
    """The release's run folder and its line in the ledger, as `opti release` makes them."""
    month = found.period.text

    def said(listed: Mapping[str, str]) -> Manifest:
        return Manifest(
            format=FORMAT,
            month=month,
            run=found.run_id,
            version=found.version,
            stage="final",
            role=found.signed_by_role,
            at=found.signed_at,
            command="",
            basis="",
            software={},
            inputs={},
            left_out=(),
            ledger="",
            files=listed,
        )

    target = archive / month / found.run_id
    every = {**files, released.NAME: released.to_bytes(found)}
    digest = write.build(target, every.items(), said)
    line = {"month": month, "run": found.run_id, "manifest": digest, "role": found.signed_by_role}
    ledger.record_all(archive, [("released", line)], found.signed_at)
    write.finish(target)


def archived(workspace: Workspace, file: str, version: int = 1) -> Path:
    """A file of the archived run."""
    return workspace.output / "archive" / MONTH.text / f"v{version}-0123456789ab" / file


def parsed(content: bytes) -> EmailMessage:
    """A message as Python's parser reads it, without a defect."""
    found = email.message_from_bytes(content, policy=policy.default)
    assert isinstance(found, EmailMessage)
    assert [part.defects for part in found.walk() if part.defects] == []
    return found


def text(mail: EmailMessage) -> str:
    """The words of a message."""
    body = mail.get_body(("plain",))
    assert body is not None
    found: str = body.get_content()
    return found.replace("\r\n", "\n")


def attachments(mail: EmailMessage) -> dict[str, bytes]:
    """The attached files of a message by name."""
    return {str(part.get_filename()): part.get_content() for part in mail.iter_attachments()}


Answer = str | float | None
"""What the server says to a message: a reply, None to hang up without one, seconds to be silent for."""


@dataclass
class Handler:
    """Takes mail, or does what it is told to: the next answer of the list for an address, then 250.

    ``at`` says when: to RCPT or to the end of DATA. A message is kept when its DATA has ended, unless it is
    answered with 4xx or 5xx.
    """

    answers: dict[str, list[Answer]] = field(default_factory=dict)
    at: str = "data"
    kept: list[tuple[str, bytes]] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    tls: list[bool] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.tried.append(address)
        answer = self._next(address) if self.at == "rcpt" else "250 OK"
        if answer is None:
            return await _hang_up(server)
        if isinstance(answer, float):
            await asyncio.sleep(answer)
            answer = "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        (address,) = envelope.rcpt_tos
        answer = self._next(address) if self.at == "data" else "250 OK"
        assert isinstance(envelope.content, bytes)
        if answer is None or isinstance(answer, float) or answer.startswith("250"):
            self.kept.append((address, envelope.content))
            self.tls.append(session.ssl is not None)
        if answer is None:
            return await _hang_up(server)
        if isinstance(answer, float):
            await asyncio.sleep(answer)
            answer = "250 OK"
        return answer

    def _next(self, address: str) -> Answer:
        left = self.answers.get(address)
        return left.pop(0) if left else "250 OK"

    def got(self, address: str) -> list[EmailMessage]:
        """The messages kept for an address."""
        return [parsed(content) for to, content in self.kept if to == address]


async def _hang_up(server: SMTP) -> str:
    assert isinstance(server.transport, asyncio.Transport)
    server.transport.abort()
    return "421 gone"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextmanager
def serving(handler: Handler, **options: Any) -> Iterator[int]:
    """A mail server on a port of its own."""
    controller = Controller(handler, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield int(controller.port)
    finally:
        controller.stop()
