"""A stamp that is ended on its way: the archive verifies, and the next stamp puts it right."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path

import pytest

from opti_reports.archive import ledger
from tests.archive.stamping import EXISTED, Desk
from tests.test_crash import aimed

STAMP = ("archive", "stamp")


def ended(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_stamp_ended_before_its_line_is_noted_by_the_next(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as killed:
        killed.setattr(ledger, "record", ended)
        assert desk.stamp()[0] == 1
    (token,) = desk.tokens
    code, lines = desk.verify()
    left = "was left by an interrupted stamp; the next notes it in the ledger"
    assert (code, lines[0]) == (0, f"note: stamps/{token.name}: {left}")
    desk.grow()
    assert desk.stamp()[1].startswith("Lines 1–5 of the ledger existed at ")
    assert [line.payload.get("line") for line in ledger.walk(desk.archive).lines] == [
        *(None,) * 4,
        3,
        5,
    ]
    assert desk.verify()[0] == 0


def test_a_stamp_ended_before_its_line_is_not_asked_for_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as killed:
        killed.setattr(ledger, "record", ended)
        assert desk.stamp()[0] == 1
    (token,) = desk.tokens
    assert desk.stamp() == (
        0,
        f"The head is stamped already. Lines 1–3 of the ledger {EXISTED}: stamps/{token.name}\n",
    )
    assert len(desk.server.asked) == 1
    assert desk.verify()[1][-1].endswith(", 1 time stamp(s) good.")


def test_a_half_file_is_no_tampering_and_goes(desk: Desk) -> None:
    half = desk.archive / f"stamps/.3-{desk.head}.tsr.new"
    half.parent.mkdir()
    half.write_bytes(b"\x30\x82")
    desk.grow()
    code, lines = desk.verify()
    assert (code, lines[0]) == (
        0,
        f"note: stamps/{half.name}: was left by an interrupted stamp; the next removes it",
    )
    assert desk.stamp()[0] == 0
    assert not half.exists()


@pytest.mark.heavy
def test_a_stamp_killed_at_any_step_leaves_a_whole_archive(desk: Desk, tmp_path: Path) -> None:
    shutil.copytree(desk.place, tmp_path / "undisturbed")
    assert aimed(tmp_path / "undisturbed", 0, STAMP).returncode == 0
    every = int((tmp_path / "undisturbed/steps").read_text())
    assert every > 5
    for at in range(1, every + 1):
        place = tmp_path / str(at)
        shutil.copytree(desk.place, place)
        assert aimed(place, at, STAMP).returncode == -signal.SIGKILL
        one = Desk(place, desk.authority, desk.server)
        assert one.verify()[0] == 0, at
        assert one.stamp()[0] == 0, at
        assert one.verify()[1][-1].endswith(", 1 time stamp(s) good."), at
        assert [path.name[0] for path in (one.archive / "stamps").iterdir()] == ["3"], at
