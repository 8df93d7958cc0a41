"""``[stamp]`` of ``configs/archive.toml``: the time stamp authority, and whose certificates are trusted."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from opti_reports.config.base import Strict
from opti_reports.config.files import leaves
from opti_reports.errors import Fault, UnfitError

KEY = "stamp.roots"


def _address(url: str) -> str:
    try:
        parts = urlsplit(url)
        whole = bool(parts.scheme in ("http", "https") and parts.hostname and parts.port != 0)
    except ValueError:  # a port that is no number, brackets that do not close
        whole = False
    if not whole or not url.isascii() or not url.isprintable() or " " in url:
        raise UnfitError("authority.url", url=url)
    if parts.username is not None:
        raise UnfitError("authority.secret")
    return url


class Stamp(Strict):
    """The authority that ``opti archive stamp`` asks, by RFC 3161.

    Plain ``http`` is allowed: nothing goes out but a hash, and what comes back is signed and checked.
    """

    url: Annotated[str, AfterValidator(_address)]
    roots: str = Field(min_length=1)
    """The file, in configs/, of the certificates that time stamps must lead to."""
    timeout_seconds: float = Field(default=30, gt=0, le=300)
    """For the whole of the answer."""


def check_stamp(stamp: Stamp | None, folder: Path, file: str) -> Iterator[Fault]:
    """Yield roots that are not in the configs folder, or are no certificates."""
    if stamp is None:
        return
    if leaves(stamp.roots):
        yield Fault(file, KEY, "authority.outside", path=stamp.roots)
    elif not (folder / stamp.roots).is_file():
        yield Fault(file, KEY, "authority.missing", path=stamp.roots)
    elif not _certificates(folder / stamp.roots):
        yield Fault(file, KEY, "authority.no_certificate", path=stamp.roots)


def _certificates(path: Path) -> bool:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=path)
    except ssl.SSLError:
        return False
    return True
