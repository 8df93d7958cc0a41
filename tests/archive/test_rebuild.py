"""A run made again from its archive is the same; what was altered comes out otherwise."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from opti_reports.archive import ledger
from opti_reports.model.pack import to_json
from opti_reports.model.unpack import from_json
from opti_reports.release import rebuild as rebuilding
from opti_reports.release import surroundings
from tests.archive.released import archive_of, flip, ledger_of, run_of, spoil
from tests.archive.test_verify import refit
from tests.workspaces import LAST, LEAN_UNIT, ask


def test_an_untouched_archive_is_rebuilt_byte_by_byte(released_run: Path) -> None:
    result = ask(released_run, "archive", "rebuild", LAST, "--jobs", "1")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "9 documents come out the same, byte by byte."
    assert lines[2].startswith("Not computed again, because their facts hold pseudonyms: clients_n, ")
    assert lines[3] == f"{LAST}/{run_of(released_run).name} is rebuilt."


def forge(workspace: Path) -> None:
    """Make manifest and ledger fit whatever was changed in the run."""
    digest = refit(run_of(workspace))
    (line,) = ledger.walk(archive_of(workspace)).lines
    ledger_of(workspace).unlink()
    ledger.record(archive_of(workspace), "released", {**line.payload, "manifest": digest}, line.at)
    assert ask(workspace, "archive", "verify").exit_code == 0


def test_an_altered_figure_and_an_altered_document_come_out_otherwise(kept: Path) -> None:
    run = run_of(kept)
    rows = (run / "values.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    number, row = next((i, r) for i, r in enumerate(rows) if ",month,2026-08,ok," in r and "answer" in r)
    cells = row.split(",")
    cells[8] = "99.9"
    rows[number] = ",".join(cells)
    spoil(run / "values.csv", "".join(rows).encode())
    content = run / f"packs/unit/{LEAN_UNIT}.fi.json"
    spoil(content, content.read_text(encoding="utf-8").replace("2026", "2025", 1).encode())
    forge(kept)
    result = ask(kept, "archive", "rebuild", LAST, "--jobs", "1")
    assert result.exit_code == 7
    lines = result.stdout.splitlines()
    assert f"packs/unit/{LEAN_UNIT}.fi.pdf: comes out otherwise" in lines
    assert f"values.csv: {cells[0]} {cells[4]} month 2026-08 comes out otherwise" in lines
    assert lines[-1].startswith(f"{LAST}/{run.name} differs in ")


def test_elsewhere_documents_are_not_compared_and_the_reason_is_named(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = surroundings.software

    def other(*arguments: object) -> dict[str, object]:
        return {**here(*arguments), "pango": "1.0.0"}  # type: ignore[arg-type]

    monkeypatch.setattr(rebuilding, "software", other)
    result = ask(kept, "archive", "rebuild", LAST, "--jobs", "1")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].startswith("This is not the recorded environment, so documents are not compared")
    assert lines[1].endswith("then, 1.0.0 here")
    assert "documents come out the same" not in result.stdout
    assert " values come out the same; " in result.stdout


def test_only_a_whole_run_is_rebuilt(kept: Path) -> None:
    (run_of(kept) / "configs/limits.toml").unlink()
    result = ask(kept, "archive", "rebuild", LAST)
    assert result.exit_code == 7
    place = f"{LAST}/{run_of(kept).name}"
    assert result.stderr == (
        f"opti: archive/{place}: {place}/configs/limits.toml: is missing\n"
        "  Only a whole run can be rebuilt.\n"
    )


def test_a_changed_fact_is_named_before_anything_is_computed(kept: Path) -> None:
    flip(run_of(kept) / f"facts/phone_contacts/{LAST}/calls.parquet")
    result = ask(kept, "archive", "rebuild", LAST)
    assert result.exit_code == 7
    assert f"facts/phone_contacts/{LAST}/calls.parquet: was changed" in result.stderr


def test_every_shipped_pack_reads_back_from_its_content(shipped_run: Path) -> None:
    paths = sorted((shipped_run / "output" / LAST / "packs").rglob("*.json"))
    assert len(paths) > 15
    kinds = set()
    for path in paths:
        text = path.read_text(encoding="utf-8")
        assert to_json(from_json(text)) == text, path.name
        kinds |= {b["kind"] for s in json.loads(text)["sections"] for b in s["blocks"]}
    assert {"tiles", "findings", "metric_table", "trend", "bars", "table", "stacked"} <= kinds
