"""The way to a time stamp authority: one question, one answer, within a time and a size."""

from __future__ import annotations

from http.client import HTTPException
from queue import Empty, SimpleQueue
from ssl import SSLCertVerificationError
from threading import Thread
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from opti_reports.errors import StampError
from opti_reports.language.replies import clean
from opti_reports.messages.message import Shown, message

LONGEST = 65_536
"""Bytes of an answer; a time stamp with its chain of certificates has some thousands."""
HEADERS = {
    "Content-Type": "application/timestamp-query",
    "Accept": "application/timestamp-reply",
    "User-Agent": "opti-reports",
}


class _Straight(HTTPRedirectHandler):
    """Opens what it is asked for and follows no redirect."""

    def redirect_request(self, *_: Any) -> None:
        """Follow nothing: the answer stays what it is, a refusal."""


def ask(url: str, query: bytes, *, seconds: float) -> bytes:
    """Post a query to an authority and return its answer, whatever it is.

    Goes through the proxy of the environment (``https_proxy``, ``no_proxy``), follows no redirect. Raises
    StampError where no answer comes, or none in time: of the names' look-up to the last byte.
    """
    answers: SimpleQueue[bytes | StampError] = SimpleQueue()
    # A thread, because neither the look-up of a name nor a server that drips ends by a socket's time limit.
    Thread(target=lambda: answers.put(_answer(url, query, seconds)), daemon=True).start()
    try:
        found = answers.get(timeout=seconds)
    except Empty:
        found = _late(url, seconds)
    if isinstance(found, StampError):
        raise found
    return found


def _answer(url: str, query: bytes, seconds: float) -> bytes | StampError:
    request = Request(url, data=query, headers=HEADERS, method="POST")
    try:
        with build_opener(_Straight).open(request, timeout=seconds) as reply:
            body: bytes = reply.read(LONGEST + 1)
    except HTTPError as error:
        with error:
            return StampError("tsa.refused", url, answer=_refused(error))
    except (OSError, HTTPException, ValueError) as error:
        why = error.reason if isinstance(error, URLError) else error
        if isinstance(why, TimeoutError):
            return _late(url, seconds)
        return StampError("tsa.no_contact", url, why=_words(why))
    if len(body) > LONGEST:
        return StampError("tsa.too_long", url, bytes=LONGEST)
    return body


def _refused(error: HTTPError) -> Shown:
    to, answer = clean(error.headers.get("Location", "")), clean(f"{error.code} {error.reason}")
    return message("tsa.points", answer=answer, to=to) if to else answer


def _words(why: object) -> str:
    if isinstance(why, SSLCertVerificationError):
        return clean(why.verify_message)
    said = why.strerror if isinstance(why, OSError) and why.strerror else str(why)
    return clean(said) or type(why).__name__


def _late(url: str, seconds: float) -> StampError:
    return StampError("tsa.late", url, seconds=seconds)
