"""A run whose work a real scheduler shares among workers of its own, over encrypted connections."""

from __future__ import annotations

import datetime as dt
import ipaddress
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from distributed import LocalCluster, Security

from opti_reports.cluster import CERTIFICATES, connected
from opti_reports.errors import ExtractError, OptiError, UsageError
from tests.test_parallel import dies_of_two, refuses, square
from tests.workspaces import LAST, ask, digests, edit

DAY = dt.timedelta(days=1)


def signed(name: str, key: Any, authority: x509.Certificate | None, by: Any) -> x509.Certificate:
    """A certificate of this machine, or of the authority itself."""
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    made = x509.CertificateBuilder(subject_name=subject, public_key=key.public_key())
    made = made.issuer_name(authority.subject if authority else subject)
    made = made.serial_number(x509.random_serial_number())
    now = dt.datetime.now(dt.UTC)
    made = made.not_valid_before(now - DAY).not_valid_after(now + DAY)
    made = made.add_extension(x509.BasicConstraints(ca=authority is None, path_length=None), critical=True)
    here = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = made.add_extension(x509.SubjectAlternativeName([here]), critical=False)
    return made.sign(by, hashes.SHA256())


def certificates(folder: Path) -> Path:
    """A folder as ``--tls`` names it."""
    folder.mkdir()
    authority_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = signed("authority", authority_key, None, authority_key)
    machine = signed("machine", key, authority, authority_key)
    pem = serialization.Encoding.PEM
    (folder / "ca.pem").write_bytes(authority.public_bytes(pem))
    (folder / "cert.pem").write_bytes(machine.public_bytes(pem))
    text = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(text)
    return folder


def started(tls: Path | None, workers: int = 2, threads: int = 1) -> LocalCluster:
    """A scheduler with workers, each a process of its own."""
    roles = ("scheduler", "worker", "client")
    files = {
        f"tls_{role}_{kind}": str(tls / f"{kind}.pem") for role in roles for kind in ("cert", "key") if tls
    }
    secure: Any = (
        Security(require_encryption=True, tls_ca_file=str(tls / "ca.pem"), **files)  # type: ignore[no-untyped-call]
        if tls
        else None
    )
    return LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=workers,
        threads_per_worker=threads,
        processes=True,
        security=secure,
        protocol="tls://" if tls else "tcp://",
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        silence_logs=True,
    )


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificates(tmp_path_factory.mktemp("tls") / "mine")


@pytest.fixture(scope="module")
def cluster(tls: Path) -> Iterator[LocalCluster]:
    with started(tls) as made:
        yield made


@pytest.mark.heavy
def test_a_run_shared_among_machines_makes_the_same_bytes(
    lean: Path, cluster: LocalCluster, tls: Path
) -> None:
    edit(lean / "configs/findings.toml", r"law_share = \d+", "law_share = 7")
    shared = ("--scheduler", cluster.scheduler_address, "--tls", str(tls))
    done = ask(lean, "run", "--month", LAST, "--fresh", *shared)
    assert done.exit_code == 0, done.output
    first = digests(lean / "output" / LAST)
    assert not list((lean / "output/.store").glob(".cluster*"))
    done = ask(lean, "run", "--month", LAST, "--fresh", "--jobs", "1")
    assert done.exit_code == 0, done.output
    assert digests(lean / "output" / LAST) == first


def test_results_come_in_order_and_errors_as_they_were_raised(
    cluster: LocalCluster, tls: Path, tmp_path: Path
) -> None:
    done: list[int] = []
    with connected(cluster.scheduler_address, tls, tmp_path) as jobs:
        assert jobs.each(square, [3, 1, 2], done.append) == [9, 1, 4]
        with pytest.raises(ExtractError, match="the file is empty"):
            jobs.each(refuses, [1, 2, 3, 4], done.append)
    assert done[:3] == [1, 2, 3]


def test_a_worker_that_dies_of_a_task_ends_the_run_with_a_remedy(tls: Path, tmp_path: Path) -> None:
    with (
        started(tls) as made,
        pytest.raises(OptiError, match="a worker was lost while it worked, twice"),
        connected(made.scheduler_address, tls, tmp_path) as jobs,
    ):
        jobs.each(dies_of_two, [1, 2, 3], lambda done: None)


@pytest.mark.parametrize("address", ["tcp://10.0.0.5:8786", "ucx://10.0.0.5:8786", "10.0.0.5:8786"])
def test_tasks_never_travel_in_the_clear(address: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught, connected(address, None, tmp_path):
        pass
    assert str(caught.value) == (
        f"--scheduler: tasks would travel in the clear to {address}: whoever can send one runs code there\n"
        "  Name a scheduler by tls://, or one of this machine by tcp://127.0.0.1."
    )
    assert caught.value.exit_code == 2


def test_certificates_are_asked_for_by_name(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as none, connected("tls://10.0.0.5:8786", None, tmp_path):
        pass
    assert str(none.value).startswith("--tls: a scheduler by tls:// is shown certificates\n")
    (tmp_path / "ca.pem").touch()
    with pytest.raises(UsageError) as some, connected("tls://10.0.0.5:8786", tmp_path, tmp_path):
        pass
    assert str(some.value).startswith(f"--tls: {tmp_path} lacks {CERTIFICATES['tls_client_cert']}, key.pem\n")


def test_a_scheduler_of_another_authority_is_not_spoken_to(cluster: LocalCluster, tmp_path: Path) -> None:
    with (
        pytest.raises(OptiError, match="the scheduler does not answer"),
        connected(cluster.scheduler_address, certificates(tmp_path / "other"), tmp_path),
    ):
        pass


def test_workers_that_would_draw_wrong_or_look_elsewhere_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(workers: int, threads: int) -> str:
        with (
            started(None, workers, threads) as made,
            pytest.raises(OptiError) as caught,
            connected(made.scheduler_address, None, tmp_path),
        ):
            pass
        return caught.value.what

    assert refused(1, 2) == "a worker does several tasks at once, and what draws cannot"
    assert refused(0, 1) == "the scheduler has no workers"
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(Path, "touch", lambda path: None)
        assert refused(1, 1) == f"a worker does not see {tmp_path}"
    monkeypatch.setattr("opti_reports.cluster.fonts", lambda: "others")
    assert refused(1, 1).startswith("a worker has another program, other libraries or other fonts")
