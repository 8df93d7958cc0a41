"""One mail server: what it says to a message is accepted, later, refused or uncertain (RFC 5321).

Everything before the answer to DATA leaves no doubt: the server has not got the message. From then on, only
its answer to the final dot says what became of it; a connection lost before that leaves it uncertain.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Self

from opti_reports.config.mail import Smtp
from opti_reports.errors import MailError

SHOWN = 300
"""Signs of a server's answer that are kept."""
ACCEPTED, SERVICE_GONE = 250, 421
GOES_ON = frozenset({250, 251, 354})
"""Answers to MAIL, RCPT and DATA after which the next step follows."""


@dataclass(frozen=True)
class Reply:
    """What became of a message, and in which words."""

    kind: Literal["accepted", "later", "refused", "uncertain"]
    text: str


class UnreachableError(Exception):
    """The server cannot be reached, or (``connected``) went away before it got the message."""

    def __init__(self, text: str, *, connected: bool = False) -> None:
        super().__init__(text)
        self.connected = connected


class Server:
    """A connection that is opened when first needed, and again after it was lost."""

    def __init__(self, config: Smtp, password: str, ca_file: str | None = None) -> None:
        self._config, self._password, self._ca_file = config, password, ca_file
        self._connection: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._connection is not None:
            try:
                self._connection.quit()
            except (OSError, smtplib.SMTPException):
                self._connection.close()
            self._connection = None

    def largest(self) -> int | None:
        """The size of the largest message the server takes, if it says so. Raises as ``deliver``."""
        told = self._open().esmtp_features.get("size", "")
        return int(told) if told.isdigit() and int(told) else None

    def deliver(self, sender: str, to: str, message: bytes, begin: Callable[[], None]) -> Reply:
        """Hand over one message; ``begin`` is called when the server waits for it, before a byte leaves.

        Raises UnreachableError when the server cannot be talked to, and MailError for what waiting does not
        mend: no TLS, a certificate nobody trusts, a password that is not taken.
        """
        connection = self._open()
        try:
            options = [f"size={len(message)}"] if connection.has_extn("size") else []
            steps: tuple[Callable[[], tuple[int, bytes]], ...] = (
                lambda: connection.mail(sender, options),
                lambda: connection.rcpt(to),
                lambda: connection.docmd("DATA"),
            )
            for step in steps:
                code, said = step()
                if code not in GOES_ON:
                    return self._declined(code, said)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            text = f"the connection was lost before the message left: {_words(error)}"
            raise UnreachableError(text, connected=True) from error
        try:
            begin()
        except BaseException:
            self._drop()  # the server waits for a message that does not come
            raise
        try:
            connection.send(_ended(message))
            code, said = connection.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return Reply("uncertain", f"no answer after the message left: {_words(error)}")
        return Reply("accepted", _said(code, said)) if code == ACCEPTED else self._declined(code, said)

    def _declined(self, code: int, said: bytes) -> Reply:
        """4xx is for now, 5xx for good; the connection is made ready for the next message."""
        if code == SERVICE_GONE:
            self._drop()
        elif self._connection is not None:
            try:
                self._connection.rset()
            except (OSError, smtplib.SMTPException):
                self._drop()
        return Reply("later" if code // 100 == 4 else "refused", _said(code, said))

    def _open(self) -> smtplib.SMTP:
        if self._connection is None:
            self._connection = self._connected()
        return self._connection

    def _connected(self) -> smtplib.SMTP:
        """A connection ready for mail, or the fault of whoever can mend it."""
        place = f"{self._config.host}:{self._config.port}"
        try:
            return self._safe(self._greeted())
        except smtplib.SMTPAuthenticationError as error:
            if error.smtp_code // 100 == 4:
                raise UnreachableError(_words(error)) from error
            fix = "Check user and password_env or password_file in configs/mail.toml."
            raise MailError(f"the server does not take the password: {_words(error)}", place, fix) from None
        except smtplib.SMTPNotSupportedError as error:
            fix = "Ask whoever runs the server; `security` in configs/mail.toml says what is required."
            raise MailError(f"nothing was sent: {_words(error)}", place, fix) from error
        except ssl.SSLError as error:
            fix = "Check host, port, security and ca_file in configs/mail.toml."
            raise MailError(f"no safe connection, nothing was sent: {_words(error)}", place, fix) from error
        except (OSError, smtplib.SMTPException) as error:
            raise UnreachableError(f"{place} cannot be reached: {_words(error)}") from error

    def _greeted(self) -> smtplib.SMTP:
        """Connected, with TLS from the first byte where the config says so."""
        config = self._config
        if config.security == "tls":
            return smtplib.SMTP_SSL(
                config.host, config.port, timeout=config.timeout_seconds, context=self._context()
            )
        return smtplib.SMTP(config.host, config.port, timeout=config.timeout_seconds)

    def _safe(self, made: smtplib.SMTP) -> smtplib.SMTP:
        """The connection under TLS if it must be, and logged in; closed if that fails."""
        try:
            if self._config.security == "starttls":
                made.starttls(context=self._context())
            made.ehlo_or_helo_if_needed()
            if self._config.user:
                made.login(self._config.user, self._password)
        except BaseException:
            made.close()
            raise
        return made

    def _context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._ca_file)

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _ended(message: bytes) -> bytes:
    """The message as DATA carries it: lines that begin with a dot get another, a lone dot ends it."""
    whole = message if message.endswith(b"\r\n") else message + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", whole) + b".\r\n"


def _said(code: int, said: bytes) -> str:
    text = " ".join(said.decode("utf-8", errors="replace").split())
    return f"{code} {text}"[:SHOWN]


def _words(error: Exception) -> str:
    """What an error says, without what it says about Python."""
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return _said(error.smtp_code, said if isinstance(said, bytes) else str(said).encode())
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    return (" ".join(str(error).split()) or type(error).__name__)[:SHOWN]
