"""What holds personal or unreleased content is its owner's alone, or a named group's; secrets stay out."""

from __future__ import annotations

import grp
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from opti_reports.config.files import config_files, template_files
from opti_reports.errors import UsageError
from opti_reports.workspace import find
from tests.pipeline import ROOT
from tests.workspaces import ask


@pytest.fixture
def open_mask() -> Iterator[None]:
    """A system whose mask of rights lets everybody look."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "configs", tmp_path / "configs")
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    (tmp_path / "output").mkdir()
    return tmp_path


def written(folder: Path) -> tuple[int, int]:
    """The rights of a folder and a file that are made now."""
    (folder / "new").mkdir()
    (folder / "new/file").write_bytes(b"x")
    return stat.S_IMODE((folder / "new").stat().st_mode) & 0o777, stat.S_IMODE(
        (folder / "new/file").stat().st_mode
    )


def test_nobody_else_may_look_whatever_the_systems_mask(place: Path, open_mask: None) -> None:
    find(place)
    assert written(place / "output") == (0o700, 0o600)


def test_a_group_of_the_settings_may_read(place: Path, open_mask: None) -> None:
    settings = place / "configs/settings.toml"
    group = grp.getgrgid(os.getgid()).gr_name
    settings.write_text(f'group = "{group}"\n' + settings.read_text(encoding="utf-8"), encoding="utf-8")
    find(place)
    assert written(place / "output") == (0o750, 0o640)
    assert (place / "output/new").stat().st_gid == os.getgid()


def test_a_group_that_is_none_is_named(place: Path) -> None:
    settings = place / "configs/settings.toml"
    settings.write_text('group = "nobodys"\n' + settings.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(UsageError, match="this system has no group 'nobodys'"):
        find(place)


@pytest.mark.parametrize(
    "name",
    ["configs/.env", "configs/smtp_password.txt", "templates/mail/server.key", "configs/id_rsa"],
)
def test_a_secret_among_configs_is_refused(place: Path, name: str) -> None:
    (place / name).write_text("x", encoding="utf-8")
    result = ask(place, "check")
    assert result.exit_code == 3
    told = f"{name}: looks like a password or a private key. Keep it outside configs/ and templates/."
    assert told in result.output


def test_a_private_key_by_any_name_and_a_link_outside_are_refused(place: Path, tmp_path: Path) -> None:
    (place / "configs/notes.txt").write_text("-----BEGIN PRIVATE KEY-----\nx\n", encoding="utf-8")
    (place / "templates/shared").symlink_to("/usr")
    output = ask(place, "check").output
    assert "configs/notes.txt: looks like a password or a private key." in output
    assert "templates/shared: is a link out of the workspace. Put the file itself here." in output


@pytest.mark.parametrize("key", ["../key.pem", "/etc/key.pem", "a/../../key.pem", "..\\key.pem"])
def test_a_path_that_leaves_the_workspace_is_refused(place: Path, key: str) -> None:
    (place / "configs/archive.toml").write_text(f"public_key = '{key}'\n", encoding="utf-8")
    result = ask(place, "check")
    assert result.exit_code == 3
    assert f"archive.toml: public_key: '{key}' leads out of configs/. Put the key there." in result.output


def test_only_what_opti_reads_is_taken_for_the_archive(place: Path) -> None:
    before = list(config_files(place / "configs")), list(template_files(place / "templates"))
    for name in ("configs/.env", "configs/other.toml", "configs/sources/old.txt", "configs/a/b.toml"):
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).write_text("x", encoding="utf-8")
    (place / "templates/notes.docx").write_text("x", encoding="utf-8")
    (place / "templates/linked.j2").symlink_to(place / "configs/.env")
    assert (list(config_files(place / "configs")), list(template_files(place / "templates"))) == before
    assert {"settings.toml", "sources/phone_contacts.toml", "labels/fi.toml"} <= set(before[0])
    assert {"pptx/base.pptx", "mail/pack.txt.j2"} <= set(before[1])
    shipped = {p.relative_to(ROOT / "configs").as_posix() for p in (ROOT / "configs").rglob("*.toml")}
    assert set(before[0]) == shipped, "every shipped config is archived"
