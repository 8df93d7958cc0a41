"""A connection to a mail server whose answers end: within a time, within a size, and as clean text.

Python's own client reads as long as a server goes on with its answer, and takes "2500" for "250".
"""

from __future__ import annotations

import re
import smtplib
import ssl
import time
from typing import Any

from opti_reports.language.replies import clean
from opti_reports.messages.sentences import say

LONGEST = 65_536
"""Bytes of one answer, all its lines together, after which it counts as endless."""
UNCLEAR = -1
"""The code of an answer that is none of RFC 5321: not three digits, or lines that contradict each other."""
_LINE = re.compile(rb"([2-5][0-9][0-9])(?:([ -])(.*))?\Z", re.DOTALL)


class Bounded(smtplib.SMTP):
    """A connection in the clear, or one that STARTTLS makes safe."""

    def getreply(self) -> tuple[int, bytes]:
        """Return the server's answer: its code, ``UNCLEAR`` where it has none, and its text.

        Raises SMTPServerDisconnected when the connection ends or the answer does not.
        """
        if self.file is None:
            self.file = _Lines(self.sock)
        codes, texts = set(), []
        try:
            self.file.begin(self.timeout)
            while True:
                line = self.file.line()
                found = _LINE.match(line)
                codes.add(int(found[1]) if found else UNCLEAR)
                texts.append((found[3] or b"") if found else line)
                if found is None or found[2] != b"-":
                    break
        except OSError as error:
            self.close()
            raise smtplib.SMTPServerDisconnected(str(error) or type(error).__name__) from error
        finally:
            if self.sock is not None:
                self.sock.settimeout(self.timeout)
        return (codes.pop() if len(codes) == 1 else UNCLEAR), b"\n".join(texts)


class BoundedTLS(Bounded, smtplib.SMTP_SSL):
    """One that is safe from the first byte."""


class _Lines:
    """The lines that a server sends, each answer within a time and a size."""

    def __init__(self, sock: Any) -> None:
        self._sock, self._left = sock, b""
        self._until, self._size = 0.0, 0

    def begin(self, seconds: float) -> None:
        """Begin an answer. Raises OSError where the server has said more than it was asked."""
        if self._left:
            raise OSError(say("wire.unasked"))
        self._until, self._size = time.monotonic() + seconds, 0

    def line(self) -> bytes:
        """Return the next line without its end. Raises OSError when it does not come."""
        while b"\n" not in self._left:
            remaining = self._until - time.monotonic()
            if remaining <= 0:
                raise TimeoutError(say("wire.late"))
            if self._size > LONGEST:
                raise OSError(say("wire.endless"))
            self._sock.settimeout(remaining)
            more = self._sock.recv(4096)
            if not more:
                raise OSError(say("wire.closed"))
            self._size += len(more)
            self._left += more
        line, _, self._left = self._left.partition(b"\n")
        return line.removesuffix(b"\r")

    def close(self) -> None:
        """Nothing to let go of: the socket is the connection's."""


def answer_text(code: int, text: bytes) -> str:
    """Return a server's answer for people, logs and the ledger: its code and its cleaned text."""
    words = clean(text.decode("utf-8", errors="replace"))
    return words if code == UNCLEAR else f"{code} {words}".rstrip()


def words(error: Exception) -> str:
    """Return what an error says, without what it says about Python."""
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        return answer_text(error.smtp_code, text if isinstance(text, bytes) else str(text).encode())
    if isinstance(error, ssl.SSLCertVerificationError):
        return clean(error.verify_message)
    return clean(str(error)) or type(error).__name__
