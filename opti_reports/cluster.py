"""Work spread over machines: a dask.distributed scheduler in the place of a pool of processes.

Tasks travel as pickles, and whoever sends one runs code on the other side: so both sides show certificates.
"""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from opti_reports.errors import OptiError, UsageError
from opti_reports.parallel import Jobs
from opti_reports.store import program
from opti_reports.store.surroundings import fonts

CERTIFICATES = {"tls_ca_file": "ca.pem", "tls_client_cert": "cert.pem", "tls_client_key": "key.pem"}
"""The files of the folder that ``--tls`` names."""
PATIENCE = "15 s"


class Worker(NamedTuple):
    """What a worker says of itself: the hash of its program, its fonts, and whether it sees the store."""

    program: str
    fonts: Any
    sees: bool


def workers(jobs: int, scheduler: str, tls: Path | None, store: Path) -> AbstractContextManager[Jobs]:
    """Return what shares the work: so many processes of this machine, or a scheduler's workers."""
    return connected(scheduler, tls, store) if scheduler else Jobs(jobs)


@contextmanager
def connected(address: str, tls: Path | None, store: Path) -> Iterator[Jobs]:
    """Share work among the workers of a scheduler.

    Raises UsageError for an address that would send tasks in the clear, OptiError where the scheduler does
    not answer or a worker would make something else.
    """
    certificates = _certificates(address, tls)
    distributed = _library()
    secure = distributed.Security(require_encryption=True, **certificates) if certificates else None
    try:
        client = distributed.Client(address, security=secure, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise OptiError("cluster.no_answer", address, why=str(error)) from None
    with client:
        _check(client, store)
        executor = client.get_executor(retries=1)
        try:
            yield Jobs(len(client.nthreads()), executor)
        except distributed.KilledWorker as error:
            raise OptiError("cluster.lost", str(error.last_worker.address)) from None


def _library() -> Any:
    """Return the library, which only who shares work among machines has installed."""
    try:
        import distributed  # noqa: PLC0415
    except ImportError:
        raise OptiError("cluster.not_installed") from None
    return distributed


def _certificates(address: str, tls: Path | None) -> dict[str, str]:
    """Return the files to show; none on this machine itself."""
    found = urlsplit(address)
    if found.scheme == "tcp" and _loopback(found.hostname or ""):
        return {}
    if found.scheme != "tls":
        raise UsageError("cluster.plain", "--scheduler", address=address)
    if tls is None:
        raise UsageError("cluster.no_certificates", "--tls")
    files = {name: tls / file for name, file in CERTIFICATES.items()}
    missing = [path.name for path in files.values() if not path.is_file()]
    if missing:
        raise UsageError("cluster.certificates", "--tls", folder=str(tls), files=tuple(missing))
    return {name: str(path) for name, path in files.items()}


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _check(client: Any, store: Path) -> None:
    """Refuse workers that would make something else of a task, or not where this program looks for it."""
    threads: Mapping[str, int] = client.nthreads()
    if not threads:
        raise OptiError("cluster.no_workers")
    if many := [address for address, count in threads.items() if count > 1]:
        raise OptiError("cluster.threads", many[0])
    mark = store / f".cluster.{secrets.token_hex(8)}"
    store.mkdir(parents=True, exist_ok=True)
    mark.touch()
    try:
        found: Mapping[str, Worker] = client.run(_seen, str(mark))
    except (ImportError, AttributeError) as error:
        raise OptiError("cluster.no_program", why=str(error)) from None
    finally:
        mark.unlink(missing_ok=True)
    own = Worker(program.code("opti_reports.run"), fonts(), sees=True)
    for address, worker in found.items():
        if not worker.sees:
            raise OptiError("cluster.no_store", address, store=str(store))
        if worker != own:
            raise OptiError("cluster.other_program", address)


def _seen(mark: str) -> Worker:
    return Worker(program.code("opti_reports.run"), fonts(), Path(mark).is_file())
