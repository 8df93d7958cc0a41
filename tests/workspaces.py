"""Workspaces for tests of the whole command: the shipped one, and a lean one that runs in a second."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from click.testing import CliRunner, Result
from filelock import FileLock

from opti_reports import workspace as places
from opti_reports.cli import main
from opti_reports.config.configs import Configs
from opti_reports.config.load import load
from opti_reports.demo import generate

ROOT = Path(__file__).resolve().parent.parent
LAST = "2026-08"
SCALE = 0.005
LEAN_UNIT = "puhelinpalvelu"
LEAN_METRICS = ("immediate_access_pct", "haipro_closed_60d_pct")
"""What a lean deck sets side by side, and so what the web page draws of every unit."""
WHOLE_KEYS = "profession_class|account_group|education_level|statement|source_kind"
LEAN_AS_WHOLE = rf'(?m)^by = \["({WHOLE_KEYS})"\]\n(beside = .*\n)?'
"""The breakdowns that lean metrics lack: half of all figures are of them."""
PRIVATE = (
    ("digi*.csv", ";", ("asiakas_pseudo",)),
    ("avohilmo*.csv", ";", ("asiakas_pseudo", "kaynti_toteuttaja", "omalääkäri")),
    ("asiat*.csv", "\t", ("Diaarinumero",)),
)
"""The demo's files with private columns, their delimiter and the headings."""
ONE_PACK = ("run", "--month", LAST, "--pack", "unit", "--org", LEAN_UNIT, "--jobs", "1")
"""The quickest run of a lean workspace."""


def opti(
    workspace: Path, *arguments: str, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own, in the workspace's folder; never a traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "opti_reports.cli", *arguments],
        cwd=workspace,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
        capture_output=True,
        encoding="utf-8",
        timeout=600,
        check=False,
    )
    assert "Traceback" not in done.stdout + done.stderr, done.stderr
    return done


def ask(workspace: Path, *arguments: str, typed: str = "") -> Result:
    """Run a command in this process, with what a person types; an exception that is not handled fails the
    test.
    """
    where = [] if arguments[0] == "init" else ["--workspace", str(workspace)]
    return CliRunner().invoke(main, [*arguments, *where], input=typed, catch_exceptions=False)


def decided(workspace: Path) -> Configs:
    """The configs of a workspace as a run reads them: with what the demo's organisation has decided."""
    place = places.Workspace(workspace)
    return load(place.configs, place.demo)


def told(stderr: str) -> list[str]:
    """What was said on the error stream beside the progress."""
    return [line for line in stderr.splitlines() if not line.endswith(" done")]


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder made by the first test process that asks, whole, and shared by all of this test run."""
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    target = shared / name
    with FileLock(shared / f"{name}.lock"):
        if not target.exists():
            work = shared / f"{name}.making"
            shutil.rmtree(work, ignore_errors=True)
            make(work)
            work.rename(target)
    return target


def stored(run: Path, folder: Path) -> Path:
    """Put the store of a run into a folder: its extracts need not be read again."""
    shutil.copytree(run / "output/.store", folder / "output/.store")
    return folder


def make_shipped(root: Path) -> None:
    """The shipped configs, fourteen months of the demo, the last month's run and what it printed."""
    place = places.init(root)
    generate(place.data, LAST, organisation_file=place.configs / "organisation.toml", months=14, scale=SCALE)
    done = opti(root, "run", "--month", LAST, "--jobs", "2")
    assert done.returncode == 0, done.stderr
    (root / "printed.txt").write_text(done.stdout, encoding="utf-8")
    (root / "progress.txt").write_text(done.stderr, encoding="utf-8")


def make_lean(root: Path) -> None:
    """Three months of the demo, packs of one section for seven organisations but none that is published, the
    run and what it said.
    """
    place = places.init(root)
    generate(place.data, LAST, organisation_file=place.configs / "organisation.toml", months=3, scale=SCALE)
    settings = place.configs / "settings.toml"
    edit(settings, r"history_months\s*= \d+", "history_months = 13")
    for theme in (place.configs / "themes").glob("*.toml"):
        text = re.sub(LEAN_AS_WHOLE, "", theme.read_text(encoding="utf-8"))
        theme.write_text(text, encoding="utf-8")
    for path in (place.configs / "packs").glob("public*.toml"):
        path.unlink()  # an audience more would be another run of everything
    for path in (place.configs / "packs").glob("*.toml"):
        head, *sections = path.read_text(encoding="utf-8").split("[[section]]")
        beside = [own for own in sections if path.stem == "service_unit" and 'kind = "matrix"' in own]
        kept = [*sections[:1], *beside]
        path.write_text("[[section]]".join([head.replace('"terveysasema", ', ""), *kept]), encoding="utf-8")
    edit(place.configs / "audiences.toml", "county = 3, public", "county = 0, public")  # one run, not two
    edit(
        place.configs / "audiences.toml", r"whole_years     = \[\"county\", ", "whole_years     = ["
    )  # likewise
    few = ", ".join(f'"{metric}"' for metric in LEAN_METRICS)
    edit(
        place.configs / "packs/service_unit.toml",
        r'(?s)(kind = "matrix"[^\[]*?yields.*?metrics = \[).*?\]',
        rf"\1{few}]",
    )
    done = opti(root, "run", "--month", LAST, "--jobs", "1")
    assert done.returncode == 0, done.stderr
    (root / "printed.txt").write_text(done.stdout, encoding="utf-8")


def edit(path: Path, pattern: str, put: str) -> None:
    """Replace the one place of a file that fits the pattern."""
    text, count = re.subn(pattern, put, path.read_text(encoding="utf-8"))
    assert count == 1, f"{path.name}: {count} places fit {pattern}"
    path.write_text(text, encoding="utf-8")


def remove(workspace: Path, *patterns: str, month: str = LAST) -> None:
    """Take files out of a delivery."""
    for pattern in patterns:
        found = list((workspace / "data" / month).glob(pattern))
        assert found, f"no {pattern} in {month}"
        for path in found:
            path.unlink()


def run_note(workspace: Path, month: str = LAST) -> dict[str, Any]:
    """The month's run.json."""
    note: dict[str, Any] = json.loads((workspace / "output" / month / "run.json").read_text(encoding="utf-8"))
    return note


def digests(folder: Path) -> dict[str, str]:
    """Every file below a folder by its hash; of run.json what it says of the month and its packs."""
    found = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        content = path.read_bytes()
        if path.name == "run.json":
            note = json.loads(content)
            left_out = ("seconds", "files", "made_of")
            content = json.dumps({k: v for k, v in note.items() if k not in left_out}).encode()
        found[path.relative_to(folder).as_posix()] = hashlib.sha256(content).hexdigest()
    return found


def change(root: Path) -> None:
    """Change a lean workspace so that a run makes another output."""
    edit(root / "configs/languages/fi.toml", '(?m)^watermark( *)= ".*"', r'watermark\1= "LUONNOS"')
    remove(root, "talous*", "opiskelijat*")


def pages(path: Path) -> list[str]:
    """The text of every page or slide."""
    if path.suffix == ".pptx":
        with zipfile.ZipFile(path) as deck:
            slides = [n for n in deck.namelist() if n.startswith("ppt/slides/slide") and n.endswith(".xml")]
            return [deck.read(name).decode("utf-8") for name in slides]
    document = pypdfium2.PdfDocument(path)
    found = []
    for page in document:
        text = page.get_textpage()
        found.append(text.get_text_range())
        text.close()
        page.close()
    document.close()
    return found


def private_cells(workspace: Path) -> set[str]:
    """Every private cell of the extracts."""
    found: set[str] = set()
    for pattern, delimiter, columns in PRIVATE:
        paths = sorted((workspace / "data").glob(f"*/{pattern}"))
        assert paths, pattern
        for path in paths:
            with path.open(encoding="utf-8-sig", newline="") as file:
                for row in csv.DictReader(file, delimiter=delimiter):
                    found |= {row[column] for column in columns}
    return found - {""}
