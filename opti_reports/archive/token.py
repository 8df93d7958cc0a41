"""Time stamps by RFC 3161, with the library ``rfc3161-client`` where it is installed (the extra ``stamp``).

A time stamp is kept as the authority's whole answer, so that OpenSSL can check it too.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from opti_reports.errors import CodedError, UsageError
from opti_reports.language.replies import clean
from opti_reports.messages.message import Message, message

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from rfc3161_client import TimeStampResponse

_SHA256 = "2.16.840.1.101.3.4.2.1"
_CAUSE = re.compile(r"Verify error: ([A-Za-z -]+)")
"""Where OpenSSL says in words what is wrong with a chain of certificates."""


class TokenError(CodedError):
    """An answer is no time stamp that counts; its text says why, as the end of a sentence."""


@dataclass(frozen=True)
class Query:
    """What an authority is asked, and the number that its answer has to repeat."""

    content: bytes
    nonce: int


@dataclass(frozen=True)
class Judged:
    """What a time stamp that counts says: when, and who says so."""

    time: dt.datetime
    authority: str


def installed() -> bool:
    """Return whether the library is there."""
    try:
        import rfc3161_client  # noqa: F401, PLC0415 - an optional extra
    except ImportError:
        return False
    return True


def need() -> None:
    """Raise UsageError without the library."""
    if not installed():
        raise UsageError("token.no_library")


def roots(path: Path) -> tuple[Certificate, ...]:
    """Return the certificates of a file. Raises UsageError where it holds none."""
    from cryptography.x509 import load_pem_x509_certificates  # noqa: PLC0415 - an optional extra

    try:
        return tuple(load_pem_x509_certificates(path.read_bytes()))
    except ValueError:
        raise UsageError("token.no_certificate", path.name) from None


def query(content: bytes) -> Query:
    """Ask for a time stamp of a content: of its sha256, with a new nonce and the authority's certificate."""
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder  # noqa: PLC0415 - an optional extra

    made = TimestampRequestBuilder().data(content).hash_algorithm(HashAlgorithm.SHA256).build()
    assert made.nonce is not None
    return Query(made.as_bytes(), made.nonce)


def judge(
    answer: bytes, content: bytes, trusted: tuple[Certificate, ...], *, nonce: int | None = None
) -> Judged:
    """Return what an answer proves of a content, judged as of the time stamp's own time.

    ``trusted`` is where its chain of certificates must end, ``nonce`` what it must repeat. Raises TokenError.
    """
    from rfc3161_client import (  # noqa: PLC0415 - an optional extra
        VerificationError,
        VerifierBuilder,
        decode_timestamp_response,
    )

    try:
        found = decode_timestamp_response(answer)
        if found.status != 0:
            raise TokenError("token.refused", why=_words(found))
        info = found.tst_info
        imprint = info.message_imprint
        if imprint.hash_algorithm.dotted_string != _SHA256 or imprint.message != _sha256(content):
            raise TokenError("token.other_content")
        if nonce is not None and info.nonce != nonce:
            raise TokenError("token.other_request")
        VerifierBuilder(roots=list(trusted)).build().verify(found, imprint.message)
        return Judged(info.gen_time.replace(microsecond=0), _signer(found))
    except VerificationError as error:
        cause = _CAUSE.search(str(error))
        why = cause[1] if cause else message("token.signature")
        raise TokenError("token.untrusted", why=why) from None
    except ValueError:
        raise TokenError("token.unreadable") from None


def _sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def _words(found: TimeStampResponse) -> Message:
    from rfc3161_client import PKIStatus  # noqa: PLC0415 - an optional extra

    kinds = {status.value: status.name.lower().replace("_", " ") for status in PKIStatus}
    said = clean(" ".join(found.status_string))
    status = kinds.get(found.status) or message("token.status", number=found.status)
    if said:
        return message("token.status_said", status=status, said=said)
    return message("token.status_only", status=status)


def _signer(found: TimeStampResponse) -> str:
    """Return the name of who signed, of the certificate that the signature names."""
    from cryptography.x509 import NameOID, load_der_x509_certificate  # noqa: PLC0415 - an optional extra

    (signed,) = found.signed_data.signer_infos
    certificates = [load_der_x509_certificate(one) for one in found.signed_data.certificates]
    own = next(
        c for c in certificates if (c.issuer, c.serial_number) == (signed.issuer, signed.serial_number)
    )
    names = own.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return clean(str(names[0].value) if names else own.subject.rfc4514_string())
