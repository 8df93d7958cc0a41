"""The command line from outside: help, results as text and JSON, progress, exit codes of what was made."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from opti_reports.cli import main
from opti_reports.errors import PackError
from opti_reports.messages.message import Message
from opti_reports.stages import documents, packs
from tests.workspaces import LAST, LEAN_UNIT, ONE_PACK, ROOT, ask, digests, edit, opti, remove, run_note, told

HEAVY = (
    "pandas", "pyarrow", "numpy", "scipy", "matplotlib", "weasyprint", "pydantic", "jinja2", "pptx",
    "opti_reports.run",
)  # fmt: skip


@pytest.mark.parametrize("name", sorted(main.commands))
def test_a_command_explains_itself(name: str) -> None:
    command = main.commands[name]
    result = CliRunner().invoke(main, [name, "--help"])
    assert result.exit_code == 0
    assert "Example" in result.stdout
    assert f"opti {name}" in result.stdout
    unexplained = [p.name for p in command.params if isinstance(p, click.Option) and not p.help]
    assert unexplained == []


def test_help_is_quick_and_imports_nothing_heavy() -> None:
    program = (
        "import sys, time, json\n"
        "from click.testing import CliRunner\n"
        "from opti_reports.cli import main\n"
        "assert CliRunner().invoke(main, ['--help']).exit_code == 0\n"
        f"print(json.dumps([time.process_time(), [m for m in {HEAVY!r} if m in sys.modules]]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    seconds, imported = json.loads(done.stdout)
    assert imported == []
    assert seconds < 0.3


def test_a_failing_pack_leaves_the_others_complete(lean: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    judged = documents.judged

    def failing(document: documents.Document) -> documents.Judged | Message:
        if document.pack.org != LEAN_UNIT:
            return judged(document)
        return PackError("unfit.missing", "templates/pdf/pack.html.j2").said

    monkeypatch.setattr(documents, "judged", failing)
    result = ask(lean, "run", "--month", LAST, "--pack", "unit", "--jobs", "1", "--fresh")
    why = "templates/pdf/pack.html.j2: is missing"
    assert result.exit_code == 5
    assert f"failed: packs/unit/{LEAN_UNIT}.fi.pdf: {why}" in result.stdout
    note = run_note(lean)
    assert note["failed"] == {f"packs/unit/{LEAN_UNIT}.fi.pdf": why}
    said = note["failed_messages"][f"packs/unit/{LEAN_UNIT}.fi.pdf"]
    assert said["values"]["what"] == {"code": "unfit.missing", "values": {}}
    assert note["exit_code"] == 5
    assert (lean / "output" / LAST / "packs/unit/digitiimi.fi.pdf").read_bytes().startswith(b"%PDF")


def test_a_broken_template_is_a_failed_pack(lean: Path) -> None:
    template = lean / "templates/pdf/pack.html.j2"
    template.write_text("{{ nothing.at.all }}" + template.read_text(encoding="utf-8"), encoding="utf-8")
    result = ask(lean, "run", "--month", LAST, "--jobs", "1")
    assert result.exit_code == 5
    note = run_note(lean)
    assert {Path(name).suffix for name in note["failed"]} == {".pdf"}
    assert {Path(name).suffix for name in note["packs"]} == {".pptx"}
    assert all("pack.html.j2" in why for why in note["failed"].values())


def test_an_unexpected_fault_is_told_and_its_place_kept_for_whoever_tends_the_program(
    lean: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = digests(lean / "output" / LAST)

    def faulty(*arguments: object) -> None:
        raise ZeroDivisionError("no such luck")

    monkeypatch.setattr(packs, "build", faulty)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    result = ask(lean, *ONE_PACK)
    (kept,) = tmp_path.glob("opti-error-*.txt")
    assert result.exit_code == 1
    assert told(result.stderr) == [
        "opti: an unexpected fault: ZeroDivisionError: no such luck",
        f"  Nothing was changed. {kept} says where; pass it on to whoever tends the program.",
    ]
    assert kept.stat().st_mode & 0o077 == 0
    assert "in faulty" in kept.read_text(encoding="utf-8")
    assert digests(lean / "output" / LAST) == before


def test_ready_lists_every_source(lean_run: Path) -> None:
    result = ask(lean_run, "ready", "--month", LAST)
    assert result.exit_code == 0
    heading, *rows, summary = result.stdout.splitlines()
    assert heading.split() == ["source", "presence", "state", "due", "from"]
    assert sorted(row.split()[0] for row in rows) == sorted(
        p.stem
        for p in (ROOT / "configs/sources").glob("*")
        if p.stem != "own_pairs"  # needs an approval
    )
    assert next(row for row in rows if row.startswith("phone")).split()[1:5] == [
        "required", "4", "file(s)", "2026-09-03",
    ]  # fmt: skip
    assert summary == "25 of 25 sources of 2026-08 have arrived."


def test_check_without_and_with_a_month(lean: Path) -> None:
    result = ask(lean, "check")
    assert result.exit_code == 0
    sources = len(list((ROOT / "configs/sources").glob("*.toml"))) - 1  # one needs an approval
    assert re.fullmatch(
        rf"The configs are in order: {sources} sources, \d+ metrics, 5 packs\.\n", result.stdout
    )
    before = digests(lean / "output" / LAST)
    result = ask(lean, "check", "--month", LAST, "--jobs", "1")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0].split() == ["source", "files", "read", "used", "rejected", "outside"]
    assert re.search(r"avohilmo_events: unknown unit codes Tuntematon 99 \(\d+\)\n", result.stdout)
    assert "look at: avohilmo_events: unknown unit codes Tuntematon 99" in result.stdout
    assert digests(lean / "output" / LAST) == before


def test_every_json_can_be_parsed(lean: Path) -> None:
    assert json.loads(ask(lean, "check", "--json").stdout)["packs"] == 5
    ready = json.loads(ask(lean, "ready", "--month", LAST, "--json").stdout)
    assert {report["newest"] for report in ready} == {LAST}
    assert {report["due"][:7] for report in ready} == {"2026-09"}
    checked = json.loads(ask(lean, "check", "--month", LAST, "--json", "--jobs", "1").stdout)
    assert all(r["read"] == r["used"] + r["rejected"] + r["outside"] for r in checked)
    made = json.loads(ask(lean, *ONE_PACK, "--json").stdout)
    assert made["packs"] == [f"packs/unit/{LEAN_UNIT}.fi.pdf"]
    assert made["folder"] == str(lean / "output" / LAST)


def test_init_makes_a_workspace_once(tmp_path: Path) -> None:
    place = tmp_path / "new"
    result = ask(tmp_path, "init", str(place))
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == f"A workspace is ready in {place}."
    assert sorted(p.name for p in place.iterdir()) == [".opti.json", "configs", "data", "output", "templates"]
    edit(place / "configs/settings.toml", "history_months", "history_months ")
    before = digests(place)
    result = ask(tmp_path, "init", str(place))
    assert result.exit_code == 2
    assert told(result.stderr) == [
        f"opti: {place}: configs is there already",
        "  Choose an empty folder; nothing was changed.",
    ]
    assert digests(place) == before


def test_a_reader_that_has_enough_is_no_fault(lean_run: Path) -> None:
    """As in ``opti ready … | head -1``."""
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "opti_reports.cli", "ready", "--month", LAST],
        cwd=lean_run,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=writing,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    os.close(writing)
    assert done.stderr == ""


def test_what_cannot_be_written_is_told_as_it_is(tmp_path: Path) -> None:
    series = tmp_path / "calls.csv"
    series.write_text("kk;n\n2026-01;1\n2026-02;2\n", encoding="utf-8")
    picture = tmp_path / "none" / "calls.svg"
    result = ask(tmp_path, "spc", str(series), "--chart", str(picture))
    assert result.exit_code == 1
    assert told(result.stderr) == [
        f"opti: No such file or directory: {picture}",
        "  Nothing was changed; name a folder that is there, then run again.",
    ]
    result = ask(tmp_path, "init", str(series))
    assert result.exit_code == 2
    assert told(result.stderr) == [
        f"opti: {series}: is not a folder",
        "  Choose an empty folder; nothing was changed.",
    ]
    result = ask(tmp_path, "init", str(series / "opti"))
    assert result.exit_code == 1
    assert told(result.stderr) == [
        f"opti: Not a directory: {series}/opti",
        "  What was written is not whole; name a folder that is there, then run again.",
    ]


def test_progress_in_a_log_is_a_line_a_step(shipped_run: Path) -> None:
    said = (shipped_run / "progress.txt").read_text(encoding="utf-8").splitlines()
    assert [line.split(":")[0] for line in said] == ["extracts", "values", "packs"]
    assert all(line.endswith(" done") for line in said)
    printed = (shipped_run / "printed.txt").read_text(encoding="utf-8")
    assert f"packs (final) are in {shipped_run.with_suffix('.making')}/output/2026-08/packs" in printed


def test_the_command_of_a_process_of_its_own(lean: Path) -> None:
    """What only a real process shows: its exit code, its folder as the workspace, nothing left running."""
    remove(lean, "haipro*")
    done = opti(lean, "run", "--month", LAST)
    assert done.returncode == 4
    assert done.stderr.startswith("opti: 1 required source(s) of 2026-08 are missing:\n")
    shutil.rmtree(lean / "configs")
    assert opti(lean, "check").returncode == 2
