"""The same arguments give the same bytes, whatever the process, its hash seed or its time zone."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from opti_reports.demo import generate
from opti_reports.errors import UsageError
from tests.demo.reading import ORGANISATION

PROGRAM = """
import sys
from pathlib import Path
from opti_reports.demo import generate
generate(Path(sys.argv[1]), "2025-04", organisation_file=Path(sys.argv[2]), months=3, scale=0.003, mess=True)
"""


def _hashes(target: Path) -> dict[str, str]:
    files = sorted(path for path in target.rglob("*") if path.is_file())
    return {str(path.relative_to(target)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _small(target: Path, *, seed: int = 1, months: int = 3, mess: bool = True) -> dict[str, str]:
    written = generate(
        target, "2025-04", organisation_file=ORGANISATION, months=months, scale=0.003, mess=mess, seed=seed
    )
    hashes = _hashes(target)
    assert sorted(str(path.relative_to(target)) for path in written) == sorted(hashes)
    return hashes


def test_two_processes_write_the_same_bytes(tmp_path: Path) -> None:
    here = _small(tmp_path / "here")
    environment = os.environ | {"PYTHONHASHSEED": "4711", "TZ": "Asia/Tokyo", "PYTHONPATH": str(Path.cwd())}
    command = [sys.executable, "-c", PROGRAM, str(tmp_path / "there"), str(ORGANISATION)]
    subprocess.run(command, check=True, env=environment)
    assert _hashes(tmp_path / "there") == here


def test_another_seed_writes_other_rows(tmp_path: Path) -> None:
    one, two = _small(tmp_path / "one"), _small(tmp_path / "two", seed=2)
    assert one.keys() == two.keys()
    assert all(one[name] != two[name] for name in one if "puhelut" in name)


def test_the_mess_touches_its_own_sources_only(tmp_path: Path) -> None:
    clean, messy = _small(tmp_path / "clean", mess=False), _small(tmp_path / "messy")
    changed = {name for name in clean if clean[name] != messy.get(name)}
    assert {name[:7] for name in changed} == {"2025-04"}
    stems = {Path(name).name.split("_")[0] for name in changed}
    assert stems == {"puhelut", "avohilmo", "haipro", "palaute", "asiat", "hr", "opiskelijat", "talous"}


@pytest.mark.parametrize(
    ("month", "months", "scale"),
    [("elokuu", 8, 1.0), ("2025-04", 0, 1.0), ("2025-04", 8, 0.0), ("2025-04", 8, float("nan"))],
)
def test_impossible_arguments_are_refused(tmp_path: Path, month: str, months: int, scale: float) -> None:
    with pytest.raises(UsageError):
        generate(tmp_path, month, organisation_file=ORGANISATION, months=months, scale=scale)


def test_months_before_the_organisation_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        generate(tmp_path, "2020-06", organisation_file=ORGANISATION, months=12, scale=0.01)
    assert str(caught.value) == (
        "the demo would begin in 2019-07, the organisation in 2020-01\n"
        "  Ask for a later month or fewer months."
    )
