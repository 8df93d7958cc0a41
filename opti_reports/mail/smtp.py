"""One mail server: what it says to a message is accepted, later, refused or uncertain (RFC 5321).

Everything before the answer to DATA leaves no doubt: the server has not got the message. From then on, only
a clear yes (250) or no (4xx, 5xx) to the final dot says what became of it; anything else, and a connection
lost before that, leaves it uncertain.
"""

from __future__ import annotations

import base64
import binascii
import re
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Self

from opti_reports.config.mail import Smtp
from opti_reports.errors import CodedError, MailError
from opti_reports.mail.wire import Bounded, BoundedTLS, answer_text, words
from opti_reports.messages.message import Shown
from opti_reports.messages.sentences import say

ACCEPTED, FORWARDED, BEGIN, SERVICE_GONE = 250, 251, 354, 421
AUTHENTICATED, GOES_ON = 235, 334


@dataclass(frozen=True)
class Reply:
    """What became of a message, and in which words."""

    kind: Literal["accepted", "later", "refused", "uncertain"]
    text: str


@dataclass(frozen=True)
class ServerOffer:
    """What the server offers to whoever may send through it; ``tls`` is empty in the clear."""

    place: str
    tls: str
    login: str
    largest: int | None


class UnreachableError(CodedError):
    """The server cannot be reached, or (``connected``) went away before it got the message."""

    def __init__(self, code: str, /, *, connected: bool = False, **values: Shown) -> None:
        super().__init__(code, **values)
        self.connected = connected


class Server:
    """A connection that is opened when first needed, and again after it was lost.

    ``secret`` gives the password, or the access token of the moment.
    """

    def __init__(self, config: Smtp, secret: Callable[[], str], ca_file: str | None = None) -> None:
        self._config, self._secret, self._ca_file = config, secret, ca_file
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
        """Return the size of the largest message the server takes, if it says so. Raises as ``deliver``."""
        size = self._open().esmtp_features.get("size", "")
        return int(size) if re.fullmatch("[0-9]{1,12}", size) and int(size) else None

    def check(self, sender: str) -> ServerOffer:
        """Open the door and say who would send, without a letter. Raises as ``deliver``."""
        largest, connection = self.largest(), self._open()
        try:
            code, answer = connection.mail(sender)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise UnreachableError("server.said", why=words(error), connected=True) from error
        if code != ACCEPTED:
            raise MailError("server.sender", sender=sender, answer=answer_text(code, answer))
        self._declined(code, answer)
        tls = connection.sock.version() if isinstance(connection.sock, ssl.SSLSocket) else ""
        return ServerOffer(f"{self._config.host}:{self._config.port}", tls or "", self._config.login, largest)

    def deliver(self, sender: str, to: str, message: bytes, begin: Callable[[], None]) -> Reply:
        """Hand over one message; ``begin`` is called when the server waits for it, before a byte leaves.

        Raises UnreachableError when the server cannot be talked to, and MailError for what waiting does not
        mend: no TLS, a certificate nobody trusts, a password that is not taken.
        """
        connection = self._open()
        try:
            options = [f"size={len(message)}"] if connection.has_extn("size") else []
            steps: tuple[tuple[Callable[[], tuple[int, bytes]], tuple[int, ...]], ...] = (
                (lambda: connection.mail(sender, options), (ACCEPTED,)),
                (lambda: connection.rcpt(to), (ACCEPTED, FORWARDED)),
                (lambda: connection.docmd("DATA"), (BEGIN,)),
            )
            for step, goes_on in steps:
                code, answer = step()
                if code in goes_on:
                    continue
                if code // 100 in (4, 5):
                    return self._declined(code, answer)
                self._drop()
                if BEGIN in goes_on:
                    return Reply("uncertain", say("reply.unclear_data", answer=answer_text(code, answer)))
                raise UnreachableError("server.unclear", answer=answer_text(code, answer), connected=True)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise UnreachableError("server.lost", why=words(error), connected=True) from error
        try:
            begin()
        except BaseException:
            self._drop()  # the server waits for a message that does not come
            raise
        try:
            connection.send(_ended(message))
            code, answer = connection.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return Reply("uncertain", say("reply.none", why=words(error)))
        if code == ACCEPTED:
            return Reply("accepted", answer_text(code, answer))
        if code // 100 in (4, 5):
            return self._declined(code, answer)
        self._drop()
        return Reply("uncertain", say("reply.unclear", answer=answer_text(code, answer)))

    def _declined(self, code: int, answer: bytes) -> Reply:
        """Return what a refusal means: 4xx is for now, 5xx for good; the next message can still be sent."""
        if code == SERVICE_GONE:
            self._drop()
        elif self._connection is not None:
            try:
                self._connection.rset()
            except (OSError, smtplib.SMTPException):
                self._drop()
        return Reply("later" if code // 100 == 4 else "refused", answer_text(code, answer))

    def _open(self) -> smtplib.SMTP:
        if self._connection is None:
            self._connection = self._connected()
        return self._connection

    def _connected(self) -> smtplib.SMTP:
        """Return a connection ready for mail, or the fault of whoever can mend it."""
        place = f"{self._config.host}:{self._config.port}"
        try:
            return self._safe(self._greeted())
        except smtplib.SMTPAuthenticationError as error:
            if error.smtp_code // 100 != 5:
                raise UnreachableError("server.said", why=words(error)) from None
            if self._config.login == "oauth":
                raise MailError("server.token", place, why=words(error)) from None
            raise MailError("server.password", place, why=words(error)) from None
        except smtplib.SMTPNotSupportedError as error:
            raise MailError("server.no_support", place, why=words(error)) from error
        except ssl.SSLError as error:
            raise MailError("server.unsafe", place, why=words(error)) from error
        except (OSError, smtplib.SMTPException, binascii.Error) as error:
            raise UnreachableError("server.gone", place=place, why=words(error)) from error

    def _greeted(self) -> smtplib.SMTP:
        """Connect, with TLS from the first byte where the config says so."""
        config = self._config
        if config.security == "tls":
            return BoundedTLS(
                config.host, config.port, timeout=config.timeout_seconds, context=self._context()
            )
        return Bounded(config.host, config.port, timeout=config.timeout_seconds)

    def _safe(self, made: smtplib.SMTP) -> smtplib.SMTP:
        """Return the connection under TLS if it must be, and logged in; closed if that fails."""
        try:
            if self._config.security == "starttls":
                made.starttls(context=self._context())
            made.ehlo_or_helo_if_needed()
            if self._config.login == "password":
                made.login(self._config.user, self._secret())
            elif self._config.login == "oauth":
                _xoauth2(made, self._config.user, self._secret())
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


def _xoauth2(connection: smtplib.SMTP, user: str, token: str) -> None:
    """Log in with an access token. Raises SMTPException as ``login`` does, without the token in it."""
    if "XOAUTH2" not in connection.esmtp_features.get("auth", "").upper().split():
        raise smtplib.SMTPNotSupportedError(say("wire.xoauth2"))
    first = base64.b64encode(f"user={user}\x01auth=Bearer {token}\x01\x01".encode()).decode()
    code, answer = connection.docmd("AUTH", f"XOAUTH2 {first}")
    if code == GOES_ON:  # what is wrong, in base64; an empty line asks for the answer itself
        code, answer = connection.docmd("")
    if code != AUTHENTICATED:
        raise smtplib.SMTPAuthenticationError(code, answer)


def _ended(message: bytes) -> bytes:
    """Return the message as DATA carries it: lines that begin with a dot get another, a lone dot ends it."""
    whole = message if message.endswith(b"\r\n") else message + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", whole) + b".\r\n"
