"""The lines of schedulers, read back by the rules of each: what starts is what was meant."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from opti_reports.errors import UsageError
from opti_reports.schedule.timers import MONTHLY, Start, cron, systemd, windows
from tests.workspaces import ask

SHOW = "import json, sys; print(json.dumps(sys.argv[1:]))"
NASTY = (
    "/srv/plain",
    "/srv/with a space",
    "/srv/100% done/%h %n",
    "/srv/$HOME/${USER}/`date`",
    '/srv/a "quoted" one',
    "/srv/an apostrophe's",
    "/srv/back\\slash\\n",
    "/srv/semicolon; rm #x & *",
    "/srv/Hyvinvointialue äöå",
)


def start(workspace: str, program: tuple[str, ...] = (sys.executable, "-c", SHOW)) -> Start:
    """A start on Finnish working weekdays."""
    return Start(
        program=program,
        workspace=workspace,
        weekdays=(1, 2, 3, 4, 5),
        hour=6,
        minute=30,
        zone="Europe/Helsinki",
        name="opti-test",
    )


@pytest.mark.parametrize("path", NASTY)
def test_cron_starts_what_was_meant(path: str) -> None:
    line = cron(start(path))
    *when, command = line.rstrip("\n").split(" ", 5)
    assert when == ["30", "6", "*", "*", "1,2,3,4,5"]
    assert "%" not in command.replace(r"\%", "")  # cron would end the command there
    shell = command.replace(r"\%", "%")
    done = subprocess.run(["/bin/sh", "-c", shell], capture_output=True, encoding="utf-8", check=True)
    assert json.loads(done.stdout) == [*MONTHLY, "--workspace", path]


def systemd_words(line: str) -> list[str]:
    """The words of an ExecStart line, by systemd.service(5) and systemd.syntax(7)."""
    words: list[str] = []
    word, inside, i = "", False, 0
    while i < len(line):
        sign = line[i]
        if inside and sign == "\\":
            i += 1
            word += line[i]
            assert line[i] in '\\"', "another escape would mean something else"
        elif sign == '"':
            inside = not inside
            if not inside:
                words.append(word)
                word = ""
        elif inside and sign == "%":
            i += 1
            assert line[i] == "%", "a specifier"
            word += "%"
        elif inside:
            word += sign
        else:
            assert sign == " "
        i += 1
    assert not inside
    return words


@pytest.mark.parametrize("path", NASTY)
def test_systemd_starts_what_was_meant(path: str, tmp_path: Path) -> None:
    text = systemd(start(path, ("/bin/true",)))
    (line,) = [line for line in text.splitlines() if line.startswith("ExecStart=")]
    assert line.startswith("ExecStart=:")  # no $ is read
    assert systemd_words(line.removeprefix("ExecStart=:")) == [
        "/bin/true",
        *MONTHLY,
        "--workspace",
        path,
    ]
    service, timer = text.split("# opti-test.timer: ")
    (tmp_path / "opti-test.service").write_text(service, encoding="utf-8")
    (tmp_path / "opti-test.timer").write_text("# " + timer, encoding="utf-8")
    if shutil.which("systemd-analyze"):
        units = [tmp_path / "opti-test.service", tmp_path / "opti-test.timer"]
        done = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", *units],
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        complaints = [line for line in done.stderr.splitlines() if "opti-test" in line]
        assert complaints == []


def windows_words(line: str) -> list[str]:
    """The words of a command line by the rules of Windows' C runtime."""
    words: list[str] = []
    word, inside, any_, i = "", False, False, 0
    while i < len(line):
        slashes = 0
        while i < len(line) and line[i] == "\\":
            slashes, i = slashes + 1, i + 1
        if i < len(line) and line[i] == '"':
            word += "\\" * (slashes // 2)
            if slashes % 2:
                word += '"'
            else:
                inside = not inside
            any_, i = True, i + 1
            continue
        word += "\\" * slashes
        any_ = any_ or bool(slashes)
        if i >= len(line):
            break
        if line[i] in " \t" and not inside:
            if any_:
                words.append(word)
            word, any_ = "", False
        else:
            word, any_ = word + line[i], True
        i += 1
    return [*words, word] if any_ else words


@pytest.mark.parametrize(
    "path", [r"C:\opti", r"C:\Program Files\opti (uusi)", r"\\palvelin\jako\Hyvinvointialue äöå", "D:\\x\\"]
)
def test_windows_starts_what_was_meant(path: str) -> None:
    program = (r"C:\Program Files\Python\Scripts\opti.exe",)
    words = windows_words(windows(start(path, program)).rstrip("\n"))
    assert words[:9] == [
        "schtasks",
        "/Create",
        "/F",
        "/TN",
        "opti-test",
        "/SC",
        "WEEKLY",
        "/D",
        "MON,TUE,WED,THU,FRI",
    ]
    assert words[9:12] == ["/ST", "06:30", "/TR"]
    assert windows_words(words[12]) == [*program, *MONTHLY, "--workspace", path]
    assert len(words) == 13


@pytest.mark.parametrize("path", ["C:\\100%", "C:\\a & b", "C:\\a^b", "C:\\" + "x" * 250])
def test_what_the_windows_command_line_would_read_itself_is_refused(path: str) -> None:
    with pytest.raises(UsageError):
        windows(start(path, ("opti.exe",)))


@pytest.mark.parametrize("write", [cron, systemd, windows])
def test_a_path_with_a_line_break_is_refused(write: object) -> None:
    assert callable(write)
    with pytest.raises(UsageError, match="control character"):
        write(start("/srv/a\nb"))


def test_the_command_prints_them_for_the_workspace(tmp_path: Path) -> None:
    root = tmp_path / "my area"
    shutil.copytree(Path(__file__).parent.parent / "configs", root / "configs")
    shown = ask(root, "schedule", "--systemd", "--at", "5:45")
    assert shown.exit_code == 0
    assert "OnCalendar=Mon,Tue,Wed,Thu,Fri *-*-* 05:45:00 Europe/Helsinki" in shown.stdout
    assert f'"--workspace" "{root}"' in shown.stdout
    line = ask(root, "schedule", "--cron").stdout
    assert line.startswith("30 6 * * 1,2,3,4,5 ")
    assert line.endswith(f"run --month last --when-ready --workspace '{root}'\n")
    assert ask(root, "schedule", "--at", "25:00").exit_code == 2
