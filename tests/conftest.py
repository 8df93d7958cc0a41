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

from tests.workspaces import LAST, ONE_PACK, ask, change, make_lean, make_shipped, once, remove, stored

# Set at import, before any test module can import matplotlib. The time zone is far from Finland on purpose:
# whatever leans on the machine's local time comes out wrong here.
os.environ["TZ"] = "Pacific/Auckland"
os.environ["MPLBACKEND"] = "Agg"
os.environ["OPTI_UI_LANG"] = "en"
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


LONG = {
    "test_weeks": 200,
    "test_run": 90,
    "test_renamed": 60,
    "test_aikuissosiaali": 90,
    "test_broken_extracts": 50,
    "test_release": 47,
    "test_oracle_agrees": 45,
    "test_contributing": 44,
    "test_sources": 55,
    "test_loop": 40,
    "test_released_figures": 40,
    "test_selka": 40,
    "test_agreement": 40,
    "test_property": 35,
    "test_doubts": 33,
    "test_kill": 28,
    "test_run_attack": 25,
    "test_refusals": 25,
    "test_figures": 25,
    "test_full_disk": 25,
    "test_cli": 22,
    "test_handbook": 20,
    "test_quiet_demo": 19,
    "test_free_text": 19,
    "test_crash": 30,
    "test_actions_import": 17,
    "test_due": 16,
    "test_explain": 16,
    "test_damage": 16,
    "test_nhs": 16,
    "test_witness": 15,
    "test_coverage": 15,
}
"""Seconds that the tests of a module take, of those that take longest."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let each worker begin with its share of the long modules, and give all as many tests.

    A worker gets the tests one after another from one place of the list, and who has done his takes from the
    ends of others: what is long must stand at the beginnings.
    """
    bins: list[list[pytest.Item]] = [[] for _ in range(int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))]
    load = [0] * len(bins)
    for name in sorted(LONG, key=lambda name: -LONG[name]):
        lightest = load.index(min(load))
        bins[lightest] += [item for item in items if item.path.stem == name]
        load[lightest] += LONG[name]
    short = [item for item in items if item.path.stem not in LONG]
    for number, own in enumerate(bins):
        left = sum(map(len, bins[number:])) + len(short)
        wanted = max(0, left // (len(bins) - number) - len(own))
        own.extend(short[:wanted])
        del short[:wanted]
    items[:] = [item for own in bins for item in own] + short


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
    return stored(shipped_run, tmp_path)


@pytest.fixture
def lean(lean_run: Path, tmp_path: Path) -> Path:
    """A lean workspace of one's own, its facts already in the store."""
    target = tmp_path / "lean"
    shutil.copytree(lean_run, target)
    return target
