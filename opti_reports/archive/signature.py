"""Detached Ed25519 signatures of manifests, by the library ``cryptography`` where it is installed.

A signature is the 64 raw bytes of ``signatures/<month>/<run>.sig``, so that OpenSSL can check it too.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from opti_reports.archive.files import replace
from opti_reports.archive.manifest import MANIFEST
from opti_reports.errors import ArchiveError, UsageError
from opti_reports.messages.message import Message, message

FOLDER = "signatures"


@dataclass(frozen=True)
class Checked:
    """How many signatures of a run are good, and what is to be said of them."""

    good: int = 0
    faults: tuple[Message, ...] = ()
    notes: tuple[Message, ...] = ()


def place(archive: Path, run: str) -> Path:
    """Return where the signature of a run lies."""
    return archive / FOLDER / f"{run}.sig"


def sign(archive: Path, run: str, key: Path, password: str | None = None) -> Path:
    """Sign a run's manifest with a private key (PEM, Ed25519) and return the signature's file.

    Raises UsageError without the library or for another kind of key.
    """
    crypto = _library()
    if not (archive / run / MANIFEST).is_file():
        raise ArchiveError("signature.no_manifest", f"{run}/{MANIFEST}")
    try:
        private = crypto.serialization.load_pem_private_key(
            key.read_bytes(), password.encode() if password else None
        )
    except (ValueError, TypeError) as error:
        raise UsageError("signature.no_private", key.name, why=str(error)) from None
    if not isinstance(private, crypto.ed25519.Ed25519PrivateKey):
        raise UsageError("signature.other_kind", key.name)
    target = place(archive, run)
    target.parent.mkdir(parents=True, exist_ok=True)
    replace(target, private.sign((archive / run / MANIFEST).read_bytes()))
    return target


def check(archive: Path, run: str, public_key: Path | None, *, wanted: bool) -> Checked:
    """Return whether the signature of a run is that of its manifest; ``wanted``: it is a fault if
    there is none.
    """
    path = place(archive, run)
    if path.is_symlink() or not path.is_file():
        return Checked(faults=(message("signature.missing", run=run),) if wanted else ())
    if not (archive / run / MANIFEST).is_file():
        return Checked()
    if public_key is None:
        return Checked(notes=(message("signature.unchecked", run=run),))
    crypto = _library()
    try:
        public = crypto.serialization.load_pem_public_key(public_key.read_bytes())
    except ValueError:
        raise UsageError("signature.no_public", public_key.name) from None
    if not isinstance(public, crypto.ed25519.Ed25519PublicKey):
        raise UsageError("signature.other_kind", public_key.name)
    try:
        public.verify(path.read_bytes(), (archive / run / MANIFEST).read_bytes())
    except crypto.exceptions.InvalidSignature:
        return Checked(faults=(message("signature.wrong", run=run),))
    return Checked(good=1)


class _Crypto:
    """The parts of ``cryptography`` that are used."""

    serialization: ModuleType
    ed25519: ModuleType
    exceptions: ModuleType


def _library() -> _Crypto:
    try:
        from cryptography import exceptions  # noqa: PLC0415
        from cryptography.hazmat.primitives import serialization  # noqa: PLC0415
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415
    except ImportError:
        raise UsageError("signature.no_library") from None
    found = _Crypto()
    found.serialization, found.ed25519, found.exceptions = serialization, ed25519, exceptions
    return found
