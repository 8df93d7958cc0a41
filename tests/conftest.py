"""Settings that make every test run the same way on every machine."""

from __future__ import annotations

import logging
import os
import pickle
import shutil
import time
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.workspaces import LAST, ONE_PACK, ask, change, make_lean, make_shipped, once, remove

# Set at import, before any test module can import matplotlib. The time zone is far from Finland on purpose:
# whatever leans on the machine's local time comes out wrong here.
os.environ["TZ"] = "Pacific/Auckland"
os.environ["MPLBACKEND"] = "Agg"
os.environ.pop("SOURCE_DATE_EPOCH", None)
time.tzset()

_parse = tomllib.loads


@lru_cache(maxsize=512)
def _parsed(text: str) -> bytes:
    return pickle.dumps(_parse(text))


def _loads(text: str) -> dict[str, Any]:
    """Parse a TOML text once a process: the shipped configs are read in a thousand tests, always alike."""
    found: dict[str, Any] = pickle.loads(_parsed(text))
    return found


tomllib.loads = _loads  # type: ignore[assignment]

settings.register_profile("opti", derandomize=True, deadline=None, database=None)
settings.load_profile("opti")


FIRST = (
    "test_agreement",
    "test_run",
    "test_crash",
    "test_kill",
    "test_figures",
    "test_oracle_agrees",
    "test_release",
)
"""Modules whose tests take longest: begun last, one would keep a worker busy while the others wait."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long tests."""
    items.sort(key=lambda item: item.path.stem not in FIRST)


class _Warnings(logging.Handler):
    """Keeps what is logged at WARNING or above."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@pytest.fixture(autouse=True)
def weasyprint_is_silent() -> Iterator[None]:
    """Fail a test during which WeasyPrint logs a warning: in a pack it would be a fault nobody sees."""
    logger = logging.getLogger("weasyprint")
    handler = _Warnings()
    logger.addHandler(handler)
    yield
    logger.removeHandler(handler)
    assert not handler.messages, "WeasyPrint warned:\n  " + "\n  ".join(handler.messages)


@pytest.fixture(scope="session")
def shipped_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of the shipped configs with the run of a small demo; tests only read it."""
    return once(tmp_path_factory, "shipped_run", make_shipped)


@pytest.fixture(scope="session")
def lean_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose runs take about a second, with its run; tests only read it."""
    return once(tmp_path_factory, "lean_run", make_lean)


@pytest.fixture(scope="session")
def preliminary_run(lean_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lean workspace whose run lacks a lagging source, and what it printed; tests only read it."""

    def make(root: Path) -> None:
        shutil.copytree(lean_run, root)
        remove(root, "talous*")
        done = ask(root, "run", "--month", LAST, "--jobs", "1")
        assert done.exit_code == 0, done.output
        (root / "printed.txt").write_text(done.stdout, encoding="utf-8")

    return once(tmp_path_factory, "preliminary_run", make)


@pytest.fixture(scope="session")
def changed(lean_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lean workspace whose next run makes another output than the one it has; tests copy it."""

    def make(root: Path) -> None:
        shutil.copytree(lean_run, root)
        assert ask(root, *ONE_PACK).exit_code == 0
        change(root)

    return once(tmp_path_factory, "changed", make)


@pytest.fixture
def store(shipped_run: Path, tmp_path: Path) -> Path:
    """A folder whose store holds the facts of the shipped run, as the extracts need not be read again."""
    shutil.copytree(shipped_run / "output/.store", tmp_path / "output/.store")
    return tmp_path


@pytest.fixture
def lean(lean_run: Path, tmp_path: Path) -> Path:
    """A lean workspace of one's own, its facts already in the store."""
    target = tmp_path / "lean"
    shutil.copytree(lean_run, target)
    return target
