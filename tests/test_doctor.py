"""`opti doctor`: what is wrong with a machine or a workspace, each with what to do about it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from opti_reports.archive.ledger import record
from tests.workspaces import ask, edit


@pytest.fixture
def place(lean: Path) -> Path:
    """A lean workspace that names no mail server."""
    edit(lean / "configs/mail.toml", r"(?ms)^\[smtp\].*?(?=^\[(?!smtp)|\Z)", "")
    return lean


def signs(place: Path) -> dict[str, tuple[str, str]]:
    """State and sentence of each part."""
    done = ask(place, "doctor", "--json")
    found = {one["part"]: (one["health"], one["what"]) for one in json.loads(done.stdout)}
    assert done.exit_code == any(health == "ill" for health, _ in found.values())
    return found


def test_a_workspace_that_works_is_well_but_for_a_month_left_out(place: Path) -> None:
    found = signs(place)
    assert {part for part, (health, _) in found.items() if health == "ill"} == set()
    assert found["layout"][0] == found["fonts"][0] == found["rights"][0] == found["disk"][0] == "well"
    assert found["runs"] == ("look", "the newest month is 2026-08: one has been left out since")
    assert found["mail"] == ("well", "no server is named: letters are drafts that a person sends")


def test_each_ill_is_told_with_its_remedy(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(place / "configs/brand.toml", r'(?m)^text = ".*"', 'text = "Ei Olemassa"')
    record(place / "output/archive", "released", {"run": "x"}, "2048-01-31T12:00:00+02:00")
    (place / "output/.store").chmod(0o755)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1))
    done = ask(place, "doctor")
    assert done.exit_code == 1
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    ills = [lines[at] for at in range(len(lines)) if lines[at].startswith("ILL")]
    assert [line.split()[1] for line in ills] == ["fonts", "clock", "disk", "rights"]
    assert ills[0].endswith("not installed: Ei Olemassa. Documents would be set in another and be longer")
    assert ills[1].endswith("but the archive's last event is of 2048-01-31 12:00+02:00")
    assert "Take the rights of others away: chmod -R o-rwx output" in lines
    assert [line for line in lines if "archive" in line and "chain" in line]


def test_configs_with_faults_do_not_keep_it_from_the_rest(place: Path) -> None:
    edit(place / "configs/guards.toml", r"(?m)^implausible ", "implausibel ")
    found = signs(place)
    assert found["configs"] == ("ill", "one fault")
    assert {"layout", "clock", "disk", "rights", "archive"} <= found.keys()


def test_a_server_that_does_not_answer_is_named(lean: Path) -> None:
    edit(lean / "configs/mail.toml", r"(?m)^host\s*=.*$", 'host = "127.0.0.1"')
    edit(lean / "configs/mail.toml", r"(?m)^port\s*=.*$", "port = 9")
    health, what = signs(lean)["mail"]
    assert (health, what.startswith("127.0.0.1:9: ")) == ("ill", True)


def test_outside_a_workspace_it_says_so(tmp_path: Path) -> None:
    done = ask(tmp_path, "doctor")
    assert done.exit_code == 2
