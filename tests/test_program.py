"""The program's part of an address: whatever a stage imports, and nothing that it does not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from opti_reports.store import program

FILES = {
    "__init__": "",
    "stage": "from opti_reports.room import work\n",
    "room/__init__": "",
    "room/work": "def f():\n    from opti_reports.room.late import g\n    return g\n",
    "room/late": "import pyarrow\ng = 1\n",
    "room/other": "",
}


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package of its own in place of this one."""
    root = tmp_path / "opti_reports"
    for name, text in FILES.items():
        path = root / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(program, "ROOT", tmp_path)
    forget()
    yield root
    forget()


def forget() -> None:
    """Read the files anew, as another run of the program does."""
    program.code.cache_clear()
    program._imported.cache_clear()


@pytest.mark.parametrize(
    ("name", "moves"),
    [("stage", True), ("room/work", True), ("room/late", True), ("room/other", False)],
)
def test_a_changed_module_moves_what_imports_it(package: Path, name: str, moves: bool) -> None:
    before = program.code("opti_reports.stage")
    path = package / f"{name}.py"
    path.write_text(path.read_text(encoding="utf-8") + "x = 1\n", encoding="utf-8")
    forget()
    assert (program.code("opti_reports.stage") != before) == moves


def test_another_version_of_a_library_moves_it(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = program.code("opti_reports.stage")
    monkeypatch.setattr(program, "version", lambda name: "99" if name == "pyarrow" else "1")
    forget()
    assert program.code("opti_reports.stage") != before


def test_stages_reach_their_rooms_and_no_renderer() -> None:
    own, others = program._reached("opti_reports.stages.values")
    assert {"opti_reports.metrics.formulas", "opti_reports.facts.slices", "opti_reports.config.metric"} <= own
    assert not [name for name in own if name.startswith(("opti_reports.render", "opti_reports.packs"))]
    assert {"numpy", "pandas"} <= others
    assert "opti_reports.disclosure.suppression" in program._reached("opti_reports.stages.disclosure")[0]
