"""A signature of a manifest: made with a key, checked by opti and by OpenSSL, told when it is not its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from tests.archive.released import archive_of, flip, run_of
from tests.workspaces import LAST, ask


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, Path]:
    """A private and a public key."""
    private = ed25519.Ed25519PrivateKey.generate()
    secret, public = tmp_path / "key.pem", tmp_path / "pub.pem"
    secret.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    public.write_bytes(
        private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )
    return secret, public


def signature_of(workspace: Path) -> Path:
    return archive_of(workspace) / "signatures" / LAST / f"{run_of(workspace).name}.sig"


def test_a_signed_run_verifies_with_the_public_key(kept: Path, keys: tuple[Path, Path]) -> None:
    secret, public = keys
    assert ask(kept, "archive", "sign", LAST, "--key", str(secret)).exit_code == 0
    result = ask(kept, "archive", "verify", "--public-key", str(public))
    assert result.exit_code == 0
    assert result.stdout.endswith(", 1 signature(s) good.\n")
    without = ask(kept, "archive", "verify").stdout.splitlines()
    assert without[0].endswith(": is signed; name the public key to check it (--public-key)")


def test_openssl_checks_it_too(kept: Path, keys: tuple[Path, Path]) -> None:
    if not shutil.which("openssl"):
        pytest.skip("there is no openssl here")
    secret, public = keys
    assert ask(kept, "archive", "sign", LAST, "--key", str(secret)).exit_code == 0
    manifest, signature = str(run_of(kept) / "manifest.json"), str(signature_of(kept))
    checked = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", str(public), "-rawin"]
    done = subprocess.run(
        [*checked, "-in", manifest, "-sigfile", signature], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_spoilt_signature_or_another_key_is_told(
    kept: Path, keys: tuple[Path, Path], tmp_path: Path
) -> None:
    secret, public = keys
    assert ask(kept, "archive", "sign", LAST, "--key", str(secret)).exit_code == 0
    flip(signature_of(kept))
    result = ask(kept, "archive", "verify", "--public-key", str(public))
    assert result.exit_code == 7
    assert result.stdout.startswith(
        f"{LAST}/{run_of(kept).name}: the signature is not that of this manifest and key\n"
    )


def test_a_signature_that_is_gone_is_a_fault(kept: Path, keys: tuple[Path, Path]) -> None:
    secret, public = keys
    told = f"{LAST}/{run_of(kept).name}: its signature is missing"
    assert ask(kept, "archive", "verify").exit_code == 0
    given = ask(kept, "archive", "verify", "--public-key", str(public))
    assert (given.exit_code, given.stdout.splitlines()[0]) == (7, told), "a key asks for signatures"
    assert ask(kept, "archive", "sign", LAST, "--key", str(secret)).exit_code == 0
    signature_of(kept).unlink()
    without = ask(kept, "archive", "verify")
    assert (without.exit_code, without.stdout.splitlines()[0]) == (7, told), "the ledger knows of one"


def test_another_kind_of_key_is_refused(kept: Path, tmp_path: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    path = tmp_path / "rsa.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    result = ask(kept, "archive", "sign", LAST, "--key", str(path))
    assert result.exit_code == 2
    assert result.stderr == (
        "opti: rsa.pem: is not an Ed25519 key\n"
        "  Make one with: openssl genpkey -algorithm ed25519 -out key.pem\n"
    )
    assert not signature_of(kept).exists()


def test_without_the_library_the_remedy_is_named(
    kept: Path, keys: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "cryptography", None)
    result = ask(kept, "archive", "sign", LAST, "--key", str(keys[0]))
    assert result.exit_code == 2
    assert result.stderr == (
        "opti: signatures need the library cryptography, which is not installed\n"
        "  Install it with: pip install 'opti-reports[signing]'\n"
    )
