"""Messages as bytes: the same letter, made on the same day, gives the same bytes and the same Message-ID."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import unicodedata
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import quote

POLICY = SMTP.clone(cte_type="7bit")
"""CRLF, and nothing a server without 8BITMIME could not carry."""
TYPES = {
    ".pdf": ("application", "pdf"),
    ".pptx": ("application", "vnd.openxmlformats-officedocument.presentationml.presentation"),
    ".xlsx": ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
_ENCODED = re.compile(r"(?<![= ])[= ]*=[= ]*\?")
OTHER = ("application", "octet-stream")
CONTROL = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Unicode's categories of signs that end lines or steer a terminal, and of halves of signs."""


@dataclass(frozen=True)
class Party:
    """A mailbox with what it is called: a role or a service, never a person."""

    name: str
    address: str

    def header(self) -> Address:
        """Return the mailbox as a header holds it."""
        return Address(display_name=one_line(self.name), addr_spec=self.address)


@dataclass(frozen=True)
class Part:
    """An attached file."""

    name: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Message:
    """A mail before it is written out. ``key`` makes its Message-ID; without ``sender`` it is a draft."""

    key: str
    subject: str
    to: Party | None
    text: str
    language: str
    parts: tuple[Part, ...] = ()
    sender: Party | None = None
    reply_to: Party | None = None
    at: dt.datetime | None = None


def message_id(key: str, domain: str) -> str:
    """Return a Message-ID that is the same for the same letter, whenever and wherever it is made."""
    return f"<opti.{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"


def write(message: Message, domain: str) -> bytes:
    """Return the message in the form of RFC 5322; one without a sender is marked as a draft (``X-Unsent``).

    Mail programs open such a draft ready to be sent, from the address of whoever opens it.
    """
    mail = EmailMessage(policy=POLICY)
    if message.sender:
        mail["From"] = message.sender.header()
        mail["Auto-Submitted"] = "auto-generated"
    else:
        mail["X-Unsent"] = "1"
    if message.to:
        mail["To"] = message.to.header()
    if message.reply_to:
        mail["Reply-To"] = message.reply_to.header()
    mail["Subject"] = one_line(message.subject)
    if message.at:
        mail["Date"] = format_datetime(message.at)
    mail["Message-ID"] = message_id(message.key, domain)
    mail["Content-Language"] = message.language
    mail.set_content(message.text)
    for part in message.parts:
        main, sub = TYPES.get(part.name[part.name.rfind(".") :], OTHER)
        mail.add_attachment(part.content, maintype=main, subtype=sub, filename=one_line(part.name))
    if message.parts:
        mail.set_boundary(f"=_opti_{hashlib.sha256(message.key.encode()).hexdigest()[:24]}")
    return mail.as_bytes()


def link(pattern: str, month: str, run: str, file: str) -> str:
    """Return where a file too large for mail is read: the pattern of ``mail.toml`` filled in."""
    values = {"month": month, "run": run, "file": file}
    if "\\" in pattern:
        values["file"] = file.replace("/", "\\")
    elif "://" in pattern:
        values = {name: quote(value) for name, value in values.items()}
    return pattern.format(**values)


def attached_name(file: str, month: str) -> str:
    """Return what an archived file is called in a mail: pack, organisation, month; letters every system
    takes.
    """
    pack, name = file.split("/")[-2:]
    stem, _, rest = name.partition(".")
    return f"{pack}_{stem}_{month}.{rest}"


def one_line(text: str) -> str:
    """Return a text as a header may hold it: on one line, without control characters, and never taken as
    encoded.

    ``=?utf-8?Q?…=0D=0A…?=`` in a name is a line break to every program that decodes it, and Pythons before
    3.11.10 write it out as one (CVE-2024-6923). So an equals sign before a question mark is left out, also
    with a space between: a long header is folded there, and not every program keeps the space.
    """
    plain = "".join(" " if unicodedata.category(sign) in CONTROL else sign for sign in text)
    return _ENCODED.sub("?", " ".join(plain.split()))
