"""A workspace brought up to new configs and templates: what the user has edited stays."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from opti_reports import __version__, starter
from opti_reports.cli import main
from opti_reports.config.load import load
from opti_reports.errors import UsageError
from tests.pipeline import ROOT
from tests.workspaces import ask

KEPT = ("yours", "differs", "not_shipped")
"""What becomes of a user's own files."""


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What comes along with the program: a few files instead of all."""
    place = tmp_path / "program"
    for name in ("configs/settings.toml", "configs/same.toml", "configs/gone.toml", "templates/page.j2"):
        write(place / name, f"{name} of old")
    monkeypatch.setattr(starter, "STARTER", place)
    return place


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def workspace(tmp_path: Path) -> Path:
    root = tmp_path / "mine"
    root.mkdir()
    starter.copy(root)
    return root


def texts(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name != ".opti.json"
    }


def test_a_workspace_of_the_version_before_is_brought_up_with_what_was_edited(tmp_path: Path) -> None:
    """Somebody changed a setting, limits, recipients and units: nothing of it is lost, and all fits."""
    root = tmp_path / "county"
    with zipfile.ZipFile(ROOT / "tests/workspaces/earlier.zip") as kept:
        kept.extractall(root)
    edited = [f"configs/{name}.toml" for name in ("settings", "audiences", "recipients", "organisation")]
    for name in edited:
        path = root / name
        text = path.read_text(encoding="utf-8").replace("history_months = 36", "history_months = 24")
        path.write_text(f"{text}\n# of our own\n", encoding="utf-8")
    mine = {name: (root / name).read_bytes() for name in edited}
    done = ask(root, "upgrade")
    assert done.exit_code == 0, done.stderr
    assert {name: (root / name).read_bytes() for name in edited} == mine
    differ = [line.split()[0] for line in done.stdout.splitlines() if line.endswith(" differs")]
    assert set(differ) <= set(edited)
    assert {name: (root / f"upgrade-{__version__}" / name).is_file() for name in differ} == dict.fromkeys(
        differ, True
    )
    shipped = {path.relative_to(ROOT).as_posix(): path for path in (ROOT / "templates").rglob("*.j2")}
    assert {
        name for name, path in shipped.items() if (root / name).read_bytes() != path.read_bytes()
    } == set()
    assert load(root / "configs").settings.history_months == 24
    assert starter.plan(root) == tuple(change for change in starter.plan(root) if change.what in KEPT)


def test_a_new_workspace_needs_no_upgrade(tmp_path: Path, shipped: Path) -> None:
    assert starter.plan(workspace(tmp_path)) == ()


def test_what_was_edited_stays_and_the_rest_is_renewed(tmp_path: Path, shipped: Path) -> None:
    root = workspace(tmp_path)
    write(root / "configs/settings.toml", "mine")
    write(root / "configs/same.toml", "mine too")
    write(root / "configs/own.toml", "a file of my own")
    write(shipped / "configs/settings.toml", "new settings")
    write(shipped / "templates/page.j2", "new page")
    write(shipped / "configs/extra.toml", "extra")
    (shipped / "configs/gone.toml").unlink()

    changes = starter.plan(root)
    assert {change.path: change.what for change in changes} == {
        "configs/extra.toml": "added",
        "configs/gone.toml": "dropped",
        "configs/same.toml": "yours",
        "configs/settings.toml": "differs",
        "templates/page.j2": "renewed",
    }
    aside = starter.upgrade(root, changes)
    assert aside == root / f"upgrade-{__version__}"
    assert texts(root) == {
        "configs/extra.toml": "extra",
        "configs/own.toml": "a file of my own",
        "configs/same.toml": "mine too",
        "configs/settings.toml": "mine",
        "templates/page.j2": "new page",
        f"upgrade-{__version__}/configs/settings.toml": "new settings",
    }
    again = {change.path: change.what for change in starter.plan(root)}
    assert again == {"configs/same.toml": "yours", "configs/settings.toml": "yours"}


def test_an_edited_file_no_longer_shipped_and_a_deleted_one_are_told(tmp_path: Path, shipped: Path) -> None:
    root = workspace(tmp_path)
    write(root / "configs/gone.toml", "mine")
    (shipped / "configs/gone.toml").unlink()
    (root / "configs/same.toml").unlink()
    changes = starter.plan(root)
    assert {change.path: change.what for change in changes} == {
        "configs/gone.toml": "not_shipped",
        "configs/same.toml": "deleted",
    }
    assert starter.upgrade(root, changes) is None
    assert (root / "configs/gone.toml").read_text(encoding="utf-8") == "mine"
    assert not (root / "configs/same.toml").exists()


def test_a_workspace_without_a_note_keeps_everything_that_differs(tmp_path: Path, shipped: Path) -> None:
    root = workspace(tmp_path)
    (root / ".opti.json").unlink()
    write(root / "templates/page.j2", "of an older version, or mine")
    changes = starter.plan(root)
    assert [(change.path, change.what) for change in changes] == [("templates/page.j2", "unclear")]
    told = CliRunner().invoke(main, ["upgrade", "--workspace", str(root)])
    aside = root / f"upgrade-{__version__}"
    assert told.output == (
        "file               upgrade\n"
        "templates/page.j2  unclear\n"
        "unclear: no note says what this file was made from, so nobody can tell whether you edited\n"
        "it or it is of an earlier version. It stays as it is.\n"
        f"This version's texts of them are in {aside}.\n"
        "Take from them what you need, delete the folder, then: opti check\n"
    )
    assert (root / "templates/page.j2").read_text(encoding="utf-8") == "of an older version, or mine"
    assert (aside / "templates/page.j2").read_text(encoding="utf-8") == "templates/page.j2 of old"


def test_a_note_that_cannot_be_read_is_told(tmp_path: Path, shipped: Path) -> None:
    root = workspace(tmp_path)
    write(root / ".opti.json", "{")
    with pytest.raises(UsageError) as caught:
        starter.plan(root)
    assert str(caught.value) == (
        f"{root / '.opti.json'}: this note of what the workspace was made from cannot be read\n"
        "  Delete it and run again: every file that differs then stays as it is."
    )


def test_the_command_says_what_it_would_do_and_does_it(tmp_path: Path, shipped: Path) -> None:
    root = workspace(tmp_path)
    write(root / "configs/settings.toml", "mine")
    write(shipped / "configs/settings.toml", "new settings")
    before = texts(root)

    dry = CliRunner().invoke(main, ["upgrade", "--dry-run", "--workspace", str(root)])
    assert dry.exit_code == 0
    assert "configs/settings.toml  differs" in dry.output
    assert "differs: edited by you, and changed in this version. It stays as it is." in dry.output
    assert "Nothing was changed. To do it: opti upgrade" in dry.output
    assert texts(root) == before

    done = CliRunner().invoke(main, ["upgrade", "--json", "--workspace", str(root)])
    assert json.loads(done.output) == [{"path": "configs/settings.toml", "what": "differs"}]
    aside = root / f"upgrade-{__version__}"
    assert (aside / "configs/settings.toml").read_text(encoding="utf-8") == "new settings"


def test_the_programs_own_workspace_is_not_upgraded(shipped: Path) -> None:
    told = CliRunner().invoke(main, ["upgrade", "--workspace", str(shipped)])
    assert told.exit_code == 2
    assert "there is nothing newer" in told.output


@pytest.mark.heavy
def test_an_installed_program_carries_configs_and_templates_along(tmp_path: Path) -> None:
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(tmp_path)]
    command = [sys.executable, "-m", "pip", "wheel", *options, str(copy_of_sources(tmp_path))]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    environment = {**os.environ, "PYTHONPATH": str(site)}

    def opti(*arguments: str) -> str:
        command = [sys.executable, "-P", "-m", "opti_reports.cli", *arguments]
        ended = subprocess.run(
            command, check=False, cwd=tmp_path, env=environment, capture_output=True, text=True
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    opti("init", "county")
    assert "configs are in order" in opti("check", "--workspace", "county")
    assert "Nothing to change" in opti("upgrade", "--workspace", "county")
    assert (site / "opti_reports/starter/templates").is_dir()
    opti("init", "small", "--line", "tyhja")
    opti("demo", "--months", "13", "--workspace", "small")
    assert "yhteydenotot" in opti("check", "--month", "2026-08", "--workspace", "small")


def copy_of_sources(tmp_path: Path) -> Path:
    """The sources as a checkout has them: a build in place would leave its traces there."""
    target = tmp_path / "sources"
    kept = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\0")
    for name in filter(None, kept):
        if not name.startswith("tests/") and (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes((ROOT / name).read_bytes())
    return target
