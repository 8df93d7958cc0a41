"""Nothing is deleted that is held or not due, and nothing without a line in the ledger."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from opti_reports.archive import ledger
from opti_reports.terminal import console
from tests.archive.released import archive_of, run_of
from tests.workspaces import LAST, ask


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seven years on."""
    monkeypatch.setattr(console, "today", lambda: dt.date(2033, 9, 1))


def kinds(workspace: Path) -> dict[str, tuple[str, bool]]:
    """Until when each kind is kept, and whether it is due."""
    rows = json.loads(ask(workspace, "archive", "retention", "--json").stdout)
    return {row["kind"]: (row["until"], row["due"]) for row in rows}


def test_each_kind_is_kept_as_long_as_the_configs_say(kept: Path, later: None) -> None:
    assert kinds(kept) == {
        "*": ("2036-08", False),
        "management_review": ("2036-08", False),
        "service_unit": ("2032-08", True),
        "unit": ("2032-08", True),
    }


def test_what_is_due_is_deleted_with_a_line_and_the_archive_still_verifies(kept: Path, later: None) -> None:
    before = sum(path.is_file() for path in (run_of(kept) / "packs/unit").iterdir())
    result = ask(kept, "archive", "retention", "--delete")
    assert result.stderr == "Nothing was deleted. Say --yes to delete without asking.\n"
    assert ask(kept, "archive", "retention", "--delete", "--yes").stderr == "2 deleted; the ledger says so.\n"
    assert list((run_of(kept) / "packs/unit").iterdir()) == []
    assert list((run_of(kept) / "packs/management_review").iterdir()) != []
    deleted = [line for line in ledger.walk(archive_of(kept)).lines if line.kind == "deleted"]
    assert [line.payload["kind"] for line in deleted] == ["service_unit", "unit"]
    assert len(deleted[1].payload["files"]) == before
    assert ask(kept, "archive", "verify").exit_code == 0
    assert ask(kept, "archive", "rebuild", LAST, "--jobs", "1").exit_code == 0


def test_a_held_pack_stays(kept: Path, later: None) -> None:
    path = kept / "configs/archive.toml"
    hold = '[[hold]]\npack = "unit"\norganisation = "digitiimi"\nreason = "selvitys"\nby_role = "Lakimies"\n'
    path.write_text(path.read_text(encoding="utf-8") + hold, encoding="utf-8")
    held = json.loads(ask(kept, "archive", "hold", "--json").stdout)
    assert [(one["kind"], one["held"]) for one in held] == [
        ("unit", ["selvitys (Lakimies)"]),
        ("*", ["selvitys (Lakimies)"]),
    ]
    assert ask(kept, "archive", "retention", "--delete", "--yes").stderr == "1 deleted; the ledger says so.\n"
    assert list((run_of(kept) / "packs/unit").iterdir()) != []
    assert list((run_of(kept) / "packs/service_unit").iterdir()) == []


def test_a_whole_run_goes_with_its_proof_in_the_ledger(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "today", lambda: dt.date(2036, 9, 1))
    name = run_of(kept).name
    assert ask(kept, "archive", "retention", "--delete", "--yes").exit_code == 0
    assert not (archive_of(kept) / LAST / name).exists()
    last = ledger.walk(archive_of(kept)).lines[-1]
    assert last.payload["run"] == f"{LAST}/{name}"
    assert last.payload["files"].keys() == {"*"}
    assert ask(kept, "archive", "verify").exit_code == 0


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('[[retention]]\npack = "units"\nyears = 2', "archive.toml: retention.6.pack: unknown pack 'units'"),
        ('[[retention]]\npack = "unit"\nyears = 2', "retention.6.pack: 'unit' has a retention already"),
        (
            '[[hold]]\nreason = "x"\nby_role = "Lakimies"\nfirst = "2026-13"',
            "hold.1.first: '2026-13' must be a month",
        ),
        (
            '[[hold]]\nreason = "x"\nby_role = "Lakimies"\nfirst = "2026-08"\nlast = "2026-01"',
            "hold.1.last: '2026-01' is before first, '2026-08'",
        ),
        ('[[hold]]\nreason = "x"\norganisation = "lohjja"\nby_role = "y"', "hold.1.organisation: no unit"),
        ('[[hold]]\nreason = "x"', "hold.1.by_role: is missing"),
    ],
)
def test_a_wrong_archive_config_is_told_by_check(kept: Path, text: str, fault: str) -> None:
    path = kept / "configs/archive.toml"
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{text}\n", encoding="utf-8")
    result = ask(kept, "check")
    assert result.exit_code == 3
    assert fault in result.stderr


def test_a_workspace_without_the_file_keeps_everything_ten_years(kept: Path) -> None:
    (kept / "configs/archive.toml").unlink()
    assert {until for until, _ in kinds(kept).values()} == {"2036-08"}
