"""A released month to look at and to spoil, and a small ledger to be stamped."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from opti_reports import workspace as places
from tests.archive.authority import Authority, established
from tests.archive.released import ROLE, archive_of, run_of
from tests.archive.stamping import Desk
from tests.archive.tsa import serving
from tests.workspaces import LAST, ask, once


@pytest.fixture(scope="session")
def released_run(lean_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lean workspace whose month has been released; tests only read it."""

    def make(root: Path) -> None:
        shutil.copytree(lean_run, root)
        done = ask(root, "release", "--month", LAST, "--sign", ROLE)
        assert done.exit_code == 0, done.output

    return once(tmp_path_factory, "released_run", make)


@pytest.fixture
def kept(released_run: Path, tmp_path: Path) -> Path:
    """The configs and the archive of a released workspace, one's own."""
    place = tmp_path / "kept"
    shutil.copytree(released_run / "configs", place / "configs")
    shutil.copytree(archive_of(released_run), archive_of(place))
    assert run_of(place).is_dir()
    return place


@pytest.fixture
def released(released_run: Path, tmp_path: Path) -> Path:
    """A whole released workspace of one's own."""
    place = tmp_path / "released"
    shutil.copytree(released_run, place)
    return place


@pytest.fixture(scope="session")
def authority() -> Authority:
    """The authority that the configs trust."""
    return established()


@pytest.fixture
def desk(tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk of one's own."""
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    place = tmp_path / "workspace"
    places.init(place)
    with serving(authority.reply) as server:
        made = Desk(place, authority, server)
        made.grow(3)
        made.trust(authority.roots)
        made.configure(f'url = "{server.url}"\nroots = "stamp-roots.pem"\ntimeout_seconds = 20\n')
        yield made
