"""Every broken config of tests/broken/configs is refused with exactly its message, and nothing beside it.

A case is a TOML file: a comment that says what is wrong, the lines of ``message``, and ``[[change]]`` tables
laid over the shipped configs: ``file`` with ``find`` and ``put``, or with ``add`` for its end.
"""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from opti_reports.config.load import load
from opti_reports.errors import ConfigError

ROOT = Path(__file__).resolve().parents[2]
CASES = sorted((ROOT / "tests" / "broken" / "configs").glob("*.toml"))


def lay_over(folder: Path, change: dict[str, str]) -> None:
    """Make one change in a copy of the configs."""
    path = folder / change["file"]
    text = path.read_text(encoding="utf-8")
    if "add" in change:
        path.write_text(text + "\n" + change["add"], encoding="utf-8")
        return
    assert text.count(change["find"]) == 1, (
        f"{change['file']} has {text.count(change['find'])} × {change['find']!r}"
    )
    path.write_text(text.replace(change["find"], change["put"]), encoding="utf-8")


def read_case(path: Path) -> dict[str, Any]:
    """One case; its messages as a list."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", CASES, ids=[path.stem for path in CASES])
def test_a_broken_config_is_refused_with_its_message(path: Path, tmp_path: Path) -> None:
    case = read_case(path)
    folder = tmp_path / "configs"
    shutil.copytree(ROOT / "configs", folder)
    for change in case["change"]:
        lay_over(folder, change)
    with pytest.raises(ConfigError) as caught:
        load(folder)
    assert [str(fault) for fault in caught.value.faults] == case["message"]
    assert caught.value.exit_code == 3


def test_every_case_says_what_is_wrong() -> None:
    assert len(CASES) >= 30
    assert [path.name for path in CASES if not path.read_text(encoding="utf-8").startswith("# ")] == []
