"""A time stamp authority of the tests' own: its certificates, and its replies by RFC 3161.

Tokens are built with asn1crypto and signed with cryptography; nothing here is of the program that is judged.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CLOCK = dt.datetime(2026, 9, 3, 8, 12, 11, tzinfo=dt.UTC)
"""The authority's clock, unless a test says otherwise."""
YEAR = dt.timedelta(days=365)


@dataclass(frozen=True)
class Authority:
    """A root, and below it the certificate and key that sign tokens."""

    root: x509.Certificate
    leaf: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def roots(self) -> bytes:
        """The file of its root that others may trust."""
        return self.root.public_bytes(serialization.Encoding.PEM)

    def reply(
        self,
        query: bytes,
        *,
        at: dt.datetime = CLOCK,
        nonce: int | None = None,
        imprint: bytes | None = None,
        status: str = "granted",
    ) -> bytes:
        """A time stamp for a query; ``nonce`` and ``imprint`` other than those it asks for, for a fraud."""
        asked = tsp.TimeStampReq.load(query)
        info = {
            "version": "v1",
            "policy": "1.2.3.4.1",
            "message_imprint": asked["message_imprint"]
            if imprint is None
            else {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": imprint},
            "serial_number": x509.random_serial_number(),
            "gen_time": at,
            "nonce": asked["nonce"].native if nonce is None else nonce,
        }
        token = self._signed(tsp.TSTInfo(info).dump(), at)
        return bytes(tsp.TimeStampResp({"status": {"status": status}, "time_stamp_token": token}).dump())

    def _signed(self, content: bytes, at: dt.datetime) -> cms.ContentInfo:
        sha256 = algos.DigestAlgorithm({"algorithm": "sha256"})
        der = self.leaf.public_bytes(serialization.Encoding.DER)
        own = asn1_x509.Certificate.load(der)
        essential = tsp.SigningCertificateV2({"certs": [{"cert_hash": hashlib.sha256(der).digest()}]})
        attributes = cms.CMSAttributes(
            [
                {"type": "content_type", "values": ["tst_info"]},
                {"type": "signing_time", "values": [cms.Time({"utc_time": at})]},
                {"type": "message_digest", "values": [hashlib.sha256(content).digest()]},
                {"type": "signing_certificate_v2", "values": [essential]},
            ]
        )
        signer = {
            "version": "v1",
            "sid": {"issuer_and_serial_number": {"issuer": own.issuer, "serial_number": own.serial_number}},
            "digest_algorithm": sha256,
            "signed_attrs": attributes,
            "signature_algorithm": {"algorithm": "sha256_ecdsa"},
            "signature": self.key.sign(attributes.untag().dump(), ec.ECDSA(hashes.SHA256())),
        }
        data = {
            "version": "v3",
            "digest_algorithms": [sha256],
            "encap_content_info": {
                "content_type": "tst_info",
                "content": core.ParsableOctetString(content),
            },
            "certificates": [own],
            "signer_infos": [signer],
        }
        return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(data)})


def refusal(words: str) -> bytes:
    """A reply without a time stamp: the request was rejected, in the authority's words."""
    status = {"status": "rejection", "status_string": [words], "fail_info": {"time_not_available"}}
    content: bytes = tsp.PKIStatusInfo(status).dump()
    assert len(content) < 128, "its length takes one byte"
    return bytes([0x30, len(content)]) + content  # asn1crypto makes no reply without a token


def established(
    name: str = "Test Time Stamps",
    *,
    since: dt.datetime = CLOCK - YEAR,
    until: dt.datetime = CLOCK + YEAR,
    purpose: x509.ObjectIdentifier = ExtendedKeyUsageOID.TIME_STAMPING,
) -> Authority:
    """Make an authority whose certificates hold from a day to another."""
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = (
        _certificate(f"{name} Root", f"{name} Root", root_key, since, until)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    leaf = (
        _certificate(name, f"{name} Root", key, since, until)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([purpose]), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    return Authority(root, leaf, key)


def _certificate(
    name: str, issuer: str, key: ec.EllipticCurvePrivateKey, since: dt.datetime, until: dt.datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
    )
