"""``configs/mail.toml``: who mail comes from, how large it may be, and the server it goes through."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from opti_reports.config.base import Strict, Words
from opti_reports.config.recipients import Address

_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.:-]*[A-Za-z0-9])?\Z")
LINK_PARTS = frozenset({"month", "run", "file"})


def _host(name: str) -> str:
    if not _HOST.match(name):
        raise ValueError(f"'{name}' is not a server's name like smtp.example.fi")
    return name


def _link(text: str) -> str:
    unknown = sorted(set(re.findall(r"\{(\w*)\}", text)) - LINK_PARTS)
    if unknown or "{file}" not in text:
        raise ValueError(f"'{text}' needs {{file}}, and may hold {{month}} and {{run}}, no other braces")
    return text


class Smtp(Strict):
    """The server. A password is never written here: ``password_env`` names an environment variable,
    ``password_file`` a file.
    """

    host: Annotated[str, AfterValidator(_host)]
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    """Without ``none`` nothing is ever sent in the clear."""
    ca_file: str = ""
    """Certificates to trust instead of the system's, relative to the workspace."""
    user: str = ""
    password_env: str = ""
    password_file: str = ""
    timeout_seconds: float = Field(default=60, gt=0, le=600)
    attempts: int = Field(default=4, ge=1, le=10)
    """How often a mail is tried in one run of the command."""
    wait_seconds: float = Field(default=60, ge=0, le=3600)
    """Before the second attempt; each further wait is twice as long."""

    @model_validator(mode="after")
    def _password(self) -> Self:
        named = [name for name in (self.password_env, self.password_file) if name]
        if self.user and len(named) != 1:
            raise ValueError("a user needs either password_env or password_file")
        if named and not self.user:
            raise ValueError("a password needs a user")
        if self.user and self.security == "none":
            raise ValueError("a password is never sent without TLS: use starttls or tls")
        return self


class Mail(Strict):
    """``configs/mail.toml``."""

    sender: Address
    sender_name: Words
    message_megabytes: float = Field(default=20, gt=0, le=500)
    """A larger message goes with a link instead of its attachments (1 MB = 1 000 000 bytes, as sent)."""
    link: Annotated[str, AfterValidator(_link)]
    """Where a pack too large for mail is read: an address or a path with {month}, {run} and {file}."""
    smtp: Smtp | None = None
