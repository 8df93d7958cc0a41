"""Whatever is done to an archive afterwards is named, and the command leaves with 7."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from opti_reports.archive import ledger
from opti_reports.archive.manifest import read
from tests.archive.released import archive_of, flip, ledger_of, run_of, spoil
from tests.workspaces import LAST, LEAN_UNIT, ask

PACK = f"packs/unit/{LEAN_UNIT}.fi.pdf"
FACT = f"facts/phone_contacts/{LAST}/calls.parquet"


def verified(workspace: Path, *arguments: str) -> tuple[int, list[str]]:
    """The exit code and the lines of a verification."""
    result = ask(workspace, "archive", "verify", *arguments)
    return result.exit_code, result.stdout.splitlines()


def test_an_untouched_archive_is_whole(kept: Path) -> None:
    code, lines = verified(kept)
    files = sum(path.is_file() for path in run_of(kept).rglob("*"))
    assert code == 0
    assert len(lines) == 1
    assert lines[0].startswith(f"The archive is whole: {files} files of 1 run(s), head ")


def test_every_file_is_read_only_and_recorded(kept: Path) -> None:
    run = run_of(kept)
    files = [path for path in run.rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o444}
    assert stat.S_IMODE((run / "facts").stat().st_mode) == 0o700, "unmasked counts"
    named = {*read(run).files, "manifest.json", "SHA256SUMS"}
    assert {path.relative_to(run).as_posix() for path in files} == named
    assert {PACK, PACK.replace(".pdf", ".xlsx"), FACT, "configs/targets.toml", "values.csv"} <= named


@pytest.mark.parametrize(
    "name", [PACK, FACT, "values.csv", "run.json", "configs/targets.toml", "release.json", "SHA256SUMS"]
)
def test_a_changed_bit_is_named(kept: Path, name: str) -> None:
    flip(run_of(kept) / name)
    code, lines = verified(kept)
    assert code == 7
    assert lines[0] == f"{LAST}/{run_of(kept).name}/{name}: was changed"
    assert lines[1].startswith("The archive does not verify: 1 fault(s); ")


def test_a_missing_and_an_added_file_are_named(kept: Path) -> None:
    run = run_of(kept)
    (run / PACK).unlink()
    (run / "packs/unit/other.fi.pdf").write_bytes(b"%PDF-1.7")
    code, lines = verified(kept)
    assert code == 7
    place = f"{LAST}/{run.name}"
    assert lines[:2] == [f"{place}/{PACK}: is missing", f"{place}/packs/unit/other.fi.pdf: was added"]


def test_a_link_in_place_of_a_file_is_named_and_not_followed(kept: Path, tmp_path: Path) -> None:
    shutil.copy(run_of(kept) / PACK, tmp_path / "elsewhere.pdf")
    (run_of(kept) / PACK).unlink()
    (run_of(kept) / PACK).symlink_to(tmp_path / "elsewhere.pdf")
    told = f"{LAST}/{run_of(kept).name}/{PACK}: is no file of its own: a link, a pipe or a device"
    assert verified(kept)[1][0] == told


@pytest.mark.parametrize("name", [PACK, "manifest.json", "SHA256SUMS", "signatures.sig"])
def test_a_pipe_is_named_and_not_waited_for(kept: Path, name: str) -> None:
    (run_of(kept) / name).unlink(missing_ok=True)
    os.mkfifo(run_of(kept) / name)
    code, lines = verified(kept)
    assert code == 7
    assert lines[0] == f"{LAST}/{run_of(kept).name}/{name}: is no file of its own: a link, a pipe or a device"


def test_what_lies_beside_the_runs_is_named(kept: Path, tmp_path: Path) -> None:
    archive = archive_of(kept)
    (archive / "notes.txt").write_text("x", encoding="utf-8")
    (archive / LAST / "values.csv").write_text("x", encoding="utf-8")
    (archive / "2020-01").symlink_to(tmp_path)
    (archive / "signatures" / LAST).mkdir(parents=True)
    (archive / "signatures" / LAST / "v9-0.sig").write_bytes(b"x")
    os.mkfifo(archive / "pipe")
    code, lines = verified(kept)
    assert code == 7
    assert lines[:5] == [
        f"{name}: was added: it is nothing of the archive's"
        for name in ("2020-01", f"{LAST}/values.csv", "notes.txt", "pipe", f"signatures/{LAST}/v9-0.sig")
    ]


def test_a_manifest_made_to_fit_a_changed_file_is_told_by_the_ledger(kept: Path) -> None:
    run = run_of(kept)
    flip(run / PACK)
    refit(run)
    assert subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=run, check=False).returncode == 0
    code, lines = verified(kept)
    assert code == 7
    assert lines[0] == (f"{LAST}/{run.name}/manifest.json: was changed: the ledger has another hash of it")


def refit(run: Path) -> str:
    """Write manifest and sums anew to fit the files as they are; the manifest's new hash."""
    note = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    note["files"] = {name: hashlib.sha256((run / name).read_bytes()).hexdigest() for name in note["files"]}
    spoil(
        run / "manifest.json",
        (json.dumps(note, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode(),
    )
    spoil(run / "SHA256SUMS", read(run).sums)
    return hashlib.sha256((run / "manifest.json").read_bytes()).hexdigest()


def test_a_whole_forgery_is_told_by_the_head_lodged_outside(kept: Path) -> None:
    head = ask(kept, "archive", "head").stdout.strip()
    assert verified(kept, "--head", head)[0] == 0
    run = run_of(kept)
    flip(run / PACK)
    digest = refit(run)
    (line,) = ledger.walk(archive_of(kept)).lines
    ledger_of(kept).unlink()
    ledger.record(archive_of(kept), "released", {**line.payload, "manifest": digest}, line.at)
    assert verified(kept)[0] == 0
    code, lines = verified(kept, "--head", head)
    assert code == 7
    assert lines[0] == (
        f"ledger.jsonl: the head {head[:12]}… lodged outside is not in it: it was cut or rewritten"
    )


def test_a_head_that_was_lodged_before_the_ledger_grew_is_in_order(kept: Path) -> None:
    head = ask(kept, "archive", "head").stdout.strip()
    ledger.record(archive_of(kept), "sent", {"pack": "unit"}, "2026-09-15T10:00:00+03:00")
    code, lines = verified(kept, "--head", head)
    assert code == 0
    assert lines[0] == "note: the head lodged outside is an earlier line of the ledger: it has grown since"


def test_a_missing_run_and_an_added_one_are_named(kept: Path) -> None:
    run = run_of(kept)
    ledger.record(archive_of(kept), "sent", {"pack": "unit"}, "2026-09-15T10:00:00+03:00")
    added = run.with_name("v9-000000000000")
    run.rename(added)
    code, lines = verified(kept)
    assert code == 7
    assert f"{LAST}/{run.name}: the run is missing, and the ledger has no line that it was deleted" in lines
    assert f"{LAST}/{added.name}: the ledger knows no such run: it was added" in lines


def test_a_line_taken_away_is_told_by_the_run_it_released(kept: Path) -> None:
    ledger_of(kept).unlink()
    code, lines = verified(kept)
    assert code == 7
    assert lines[0] == f"{LAST}/{run_of(kept).name}: the ledger knows no such run: it was added"


def test_a_released_run_that_is_still_aside_is_named_and_no_fault(kept: Path) -> None:
    run = run_of(kept)
    run.rename(run.with_name(f".{run.name}.new"))
    code, lines = verified(kept)
    assert code == 0
    assert lines[0] == (
        f"note: {LAST}/{run.name}: an interrupted release left it aside; the next puts it in its place"
    )


def test_a_later_format_is_refused_by_name_and_an_earlier_one_is_read(kept: Path) -> None:
    run = run_of(kept)
    note = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    spoil(run / "manifest.json", json.dumps({**note, "format": 2}).encode())
    assert verified(kept)[1][0] == (
        f"{LAST}/{run.name}/manifest.json: is of format 2; this program reads up to 1"
    )
    spoil(run / "manifest.json", json.dumps({**note, "later": "unknown"}).encode())
    assert read(run).run == run.name


def test_a_damaged_manifest_is_named(kept: Path) -> None:
    spoil(run_of(kept) / "manifest.json", b"{")
    code, lines = verified(kept)
    assert code == 7
    assert lines[0] == f"{LAST}/{run_of(kept).name}/manifest.json: cannot be read"


def test_sha256sum_checks_a_run_without_opti(kept: Path) -> None:
    def checked() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sha256sum", "-c", "--quiet", "SHA256SUMS"],
            cwd=run_of(kept),
            capture_output=True,
            encoding="utf-8",
            env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
            check=False,
        )

    assert checked().returncode == 0
    flip(run_of(kept) / "values.csv")
    assert checked().stdout == "values.csv: FAILED\n"


def test_an_export_holds_the_run_and_the_ledger_and_only_a_whole_one_goes_out(
    kept: Path, tmp_path: Path
) -> None:
    target = tmp_path / "auditor"
    assert ask(kept, "archive", "export", LAST, str(target)).exit_code == 0
    run = run_of(kept)
    assert (target / "ledger.jsonl").read_bytes() == ledger_of(kept).read_bytes()
    assert len(list((target / LAST / run.name).rglob("*"))) == len(list(run.rglob("*")))
    again = ask(kept, "archive", "export", LAST, str(target))
    assert again.exit_code == 2
    assert again.stderr == f"opti: {target}: is there already\n  Name a new or an empty folder.\n"
    flip(run / "values.csv")
    refused = ask(kept, "archive", "export", LAST, str(tmp_path / "other"))
    assert refused.exit_code == 7
    assert not (tmp_path / "other").exists()


def test_a_run_nobody_knows_is_refused(kept: Path) -> None:
    result = ask(kept, "archive", "verify", "2026-07")
    assert result.exit_code == 2
    assert result.stderr.startswith("opti: RUN: the archive has no run '2026-07'")
