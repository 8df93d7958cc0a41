"""What differs between systems and where it stands; a program installed from its wheel works by itself."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from opti_reports import workspace
from opti_reports.disk import own
from opti_reports.errors import UsageError
from tests.test_upgrade import copy_of_sources

ROOT = Path(__file__).resolve().parent.parent
ALONE = {
    "algebra/memory.py": "memory given back, on Linux",
    "commands/schedule.py": "what a scheduler is called",
    "disk.py": "rights, syncing of folders, bytes as they are",
    "doctor/machine.py": "who may look into folders",
    "parallel.py": "how workers begin",
    "workspace.py": "groups, rights, exchanging folders",
}
"""The modules that know of systems, and what for."""
OF_SYSTEMS = re.compile(
    r"\bsys\.platform\b|\bos\.name\b|\bos\.(?:umask|chown|fchmod|fork|getuid|geteuid|kill|symlink|link|O_\w+)\b"
    r"|\bimport (?:grp|pwd|fcntl|resource|msvcrt|winreg|signal)\b|/dev/|/proc/|\bforkserver\b"
)


def test_few_modules_know_of_systems() -> None:
    found = {
        path.relative_to(ROOT / "opti_reports").as_posix()
        for path in (ROOT / "opti_reports").rglob("*.py")
        if OF_SYSTEMS.search(path.read_text(encoding="utf-8"))
    }
    assert found == set(ALONE)


def test_texts_are_read_and_written_in_the_same_encoding_on_every_system() -> None:
    found = [
        f"{path.name}:{call.lineno}"
        for path in (ROOT / "opti_reports").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
        if call.func.attr in ("read_text", "write_text") and _of_a_path(call)
        if "encoding" not in {keyword.arg for keyword in call.keywords}
    ]
    assert found == []


def _of_a_path(call: ast.Call) -> bool:
    """Whether it is no function of the program that has the same name."""
    return not (
        isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "data"
    )


def test_what_is_written_for_its_owner_alone_keeps_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    own(path, b"\n\r\n\x1a\n", 0o600)
    assert path.read_bytes() == b"\n\r\n\x1a\n"


def test_a_document_that_is_open_elsewhere_keeps_the_month_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows, where a folder of an open file cannot be renamed."""
    new, final = tmp_path / ".2026-08.new", tmp_path / "2026-08"
    for folder, text in ((new, "new"), (final, "old")):
        folder.mkdir()
        (folder / "values.csv").write_text(text, encoding="utf-8")

    def refused(self: Path, target: Path) -> Path:
        raise PermissionError(13, "Access is denied", str(self))

    monkeypatch.setattr(workspace, "_exchange", lambda *_: False)
    with monkeypatch.context() as windows:
        windows.setattr(Path, "rename", refused)
        with pytest.raises(UsageError) as caught:
            workspace.swap(new, final)
    assert "is open in another program" in str(caught.value)
    assert (final / "values.csv").read_text(encoding="utf-8") == "old"
    workspace.swap(new, final)
    assert (final / "values.csv").read_text(encoding="utf-8") == "new"


@pytest.mark.heavy
def test_a_wheel_in_a_clean_environment_goes_from_the_demo_to_packs(tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip"]
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(tmp_path)]
    subprocess.run([*pip, "wheel", *options, str(copy_of_sources(tmp_path))], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    home = tmp_path / "venv"
    venv.create(home, with_pip=False)
    scripts = home / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / ("python.exe" if os.name == "nt" else "python")
    # The libraries of this environment, but not what it has installed of this project.
    site = Path(subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True, capture_output=True, text=True,
    ).stdout.strip())  # fmt: skip
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    subprocess.run(
        [*pip, "--python", str(python), "install", "--quiet", "--no-deps", "--no-index", str(wheel)],
        check=True,
        capture_output=True,
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}

    def opti(*arguments: str, at: Path) -> str:
        command = [str(scripts / "opti"), *arguments]
        ended = subprocess.run(
            command, check=False, cwd=at, env=environment, capture_output=True, encoding="utf-8"
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    where = [str(python), "-c", "import opti_reports; print(opti_reports.__file__)"]
    told = subprocess.run(where, check=True, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert Path(told.stdout.strip()).is_relative_to(home)
    opti("init", "county", at=tmp_path)
    county = tmp_path / "county"
    opti("demo", "--months", "14", "--scale", "0.005", at=county)
    opti("run", "--month", "2026-08", "--pack", "unit", "--org", "tapiola", at=county)
    assert (county / "output/2026-08/packs/unit/tapiola.fi.pdf").read_bytes().startswith(b"%PDF")


def test_a_pipe_that_lacks_a_sign_gets_its_number(tmp_path: Path) -> None:
    script = (
        "import click\nfrom opti_reports import cli\nfrom opti_reports.cli import main\n"
        "cli.explained = lambda _: None\n"
        "@main.command()\ndef say(): click.echo('≥ ä')\nmain(['say'])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONIOENCODING": "cp1252:strict", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
        cwd=tmp_path,
    )
    assert ended.stdout.decode("cp1252").strip() == "\\u2265 ä"
