"""The run that starts by itself: when it runs, when it waits, when it complains; reminders, and its log."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from opti_reports.commands import mail, month
from opti_reports.messages.sentences import sentence
from opti_reports.periods.months import parse_month
from opti_reports.periods.period import month_or_week
from opti_reports.schedule.due import decide
from opti_reports.terminal import console
from opti_reports.terminal.month import due_message
from opti_reports.workspace import Workspace
from tests.mail.fixture import parsed, text
from tests.workspaces import LAST, ONE_PACK, ask, digests, edit, remove

HELSINKI = dt.timezone(dt.timedelta(hours=3))


def on(day: int, hour: int = 6) -> dt.datetime:
    """A morning in September."""
    return dt.datetime(2026, 9, day, hour, 30, tzinfo=HELSINKI)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[dt.datetime], None]:
    """Sets the clock of the commands."""

    def set_to(moment: dt.datetime) -> None:
        for module in (console, month, mail):
            monkeypatch.setattr(module, "clock", lambda: moment)

    return set_to


def verdict(lean: Path, now: dt.datetime) -> str:
    """What a start would do."""
    return decide(Workspace(lean.resolve()), month_or_week(LAST), now)[1].verdict


def test_it_runs_when_something_has_come_since_the_last_whole_run(lean: Path) -> None:
    assert verdict(lean, on(21)) == "nothing"
    edit(lean / "configs/languages/fi.toml", "(?m)^yes( *)= .*", r'yes\1= "on"')
    assert verdict(lean, on(21)) == "go"
    note = lean / "output" / LAST / "run.json"
    note.unlink()
    assert verdict(lean, on(21)) == "go"


def test_it_waits_for_what_is_required_until_the_day_after_its_due_day(lean: Path) -> None:
    remove(lean, "haipro*")  # due 3 September 2026
    assert [verdict(lean, on(day)) for day in (1, 3, 4)] == ["wait", "wait", "late"]
    assert verdict(lean, dt.datetime(2026, 9, 3, 20, 59, tzinfo=dt.UTC)) == "wait"
    assert verdict(lean, dt.datetime(2026, 9, 3, 21, 1, tzinfo=dt.UTC)) == "late"


def test_a_lagging_source_stops_nothing_and_is_told(lean: Path) -> None:
    remove(lean, "talous*")  # due 15 September 2026
    configs, due = decide(Workspace(lean.resolve()), month_or_week(LAST), on(8))
    assert due.verdict == "go"
    assert sentence(due_message(configs, due, month_or_week(LAST))).splitlines() == [
        "2026-08: running, for something has come.",
        "  to come: budget_monthly (lagging), due 2026-09-15, Talouscontroller",
    ]


def test_the_scheduled_command(lean: Path, at: Callable[[dt.datetime], None]) -> None:
    before = digests(lean / "output" / LAST)
    at(on(21))
    command = ("run", "--month", "last", "--when-ready", "--jobs", "1")
    result = ask(lean, *command)
    assert (result.exit_code, result.stdout) == (0, "2026-08: nothing has come since the last run.\n")
    remove(lean, "haipro*")
    at(on(3))
    result = ask(lean, *command)
    assert result.exit_code == 0
    assert result.stdout.startswith(
        "2026-08: waiting for what is required; nothing is late.\n  to come: haipro_"
    )
    at(on(4))
    result = ask(lean, *command)
    assert result.exit_code == 4
    assert result.stdout.splitlines()[-1] == "  Remind them: opti ready --month 2026-08 --drafts"
    assert digests(lean / "output" / LAST) == before
    with FileLock(lean / "output/.lock"):
        assert ask(lean, *command).exit_code == 6


def test_last_is_the_month_that_ended(at: Callable[[dt.datetime], None]) -> None:
    at(dt.datetime(2027, 1, 1, 0, 30, tzinfo=HELSINKI))
    assert console.Month().convert("last", None, None) == parse_month("2026-12")
    at(dt.datetime(2026, 12, 31, 23, 30, tzinfo=HELSINKI))
    assert console.Month().convert("last", None, None) == parse_month("2026-11")


def test_reminders_go_to_those_whose_extracts_are_missing(
    lean: Path, at: Callable[[dt.datetime], None]
) -> None:
    remove(lean, "haipro*", "avohilmo*", "lahetteet*", "talous*", "opiskelijat*")
    at(on(11))
    result = ask(lean, "ready", "--month", LAST, "--drafts")
    assert result.exit_code == 4
    folder = lean / "output/outbox/drafts" / LAST / "reminders"
    assert result.stderr.splitlines() == [
        f"2 reminder(s) written in {folder}.",
        "not due yet, no reminder: budget_monthly, 2026-09-15",
    ]
    mails = {path.name: parsed(path.read_bytes()) for path in folder.iterdir()}
    assert set(mails) == {"avohilmo_events.eml", "haipro_reports.eml"}
    mail = mails["haipro_reports.eml"]
    assert (mail["x-unsent"], mail["to"]) == ("1", "HaiPro-pääkäyttäjä <haipro@example.fi>")
    assert mail["subject"] == "Raportin aineisto puuttuu: elokuu 2026"
    said = text(mail)
    assert "haipro*.csv, haipro*.xlsx, määräpäivä 3.9.2026" in said
    assert "Raportteja ei voida tehdä ilman tätä aineistoa." in said
    both = text(mails["avohilmo_events.eml"])
    assert both.count("määräpäivä") == 2
    assert "ei voida tehdä" not in both


def test_reminders_of_what_has_come_since_are_gone(lean: Path, at: Callable[[dt.datetime], None]) -> None:
    kept = {path.name: path.read_bytes() for path in (lean / "data" / LAST).glob("haipro*")}
    remove(lean, "haipro*")
    at(on(11))
    ask(lean, "ready", "--month", LAST, "--drafts")
    for name, content in kept.items():
        (lean / "data" / LAST / name).write_bytes(content)
    assert ask(lean, "ready", "--month", LAST, "--drafts").stderr == "0 reminder(s) written.\n"
    assert list((lean / "output/outbox/drafts" / LAST / "reminders").iterdir()) == []


def events(workspace: Path) -> list[dict[str, Any]]:
    """The newest log."""
    path = max((workspace / "output/log").glob("*.jsonl"), key=lambda p: p.stat().st_mtime_ns)
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_run_writes_down_what_it_does(lean: Path) -> None:
    remove(lean, "talous*")
    assert ask(lean, *ONE_PACK).exit_code == 0
    found = events(lean)
    assert [e["stage"] for e in found if e["level"] == "info"] == [
        "start", "extracts", "values", "packs", "documents", "web page", "end",
    ]  # fmt: skip
    by_stage = {e["stage"]: e for e in found}
    assert by_stage["extracts"]["counts"]["late"] == 1
    assert by_stage["documents"]["counts"] == {"made": 1, "failed": 0}
    assert all(by_stage[stage]["seconds"] >= 0 for stage in ("extracts", "values", "packs", "documents"))
    assert by_stage["end"]["counts"] == {"packs": 1, "failed": 0, "exit_code": 0}
    assert {e["code"] for e in found if e["level"] == "warning"} >= {"warning.late"}
    late = next(e for e in found if e.get("code") == "warning.late")
    assert late["values"] == {"source": "budget_monthly", "month": LAST, "due": "2026-09-15"}
    assert late["text"] == "budget_monthly: not delivered for 2026-08, due 2026-09-15"
    assert all(dt.datetime.fromisoformat(e["at"]).tzinfo for e in found)
    (human,) = [
        p for p in (lean / "output/log").glob("*.log") if "budget_monthly" in p.read_text(encoding="utf-8")
    ]
    assert len(human.read_text(encoding="utf-8").splitlines()) == len(found)


def test_a_run_that_is_refused_writes_down_why(lean: Path) -> None:
    remove(lean, "haipro*")
    assert ask(lean, *ONE_PACK).exit_code == 4
    last = events(lean)[-1]
    assert (last["stage"], last["level"], last["counts"]) == ("end", "error", {"exit_code": 4})
    assert "1 required source(s) of 2026-08 are missing" in last["text"]


def test_a_log_that_cannot_be_written_stops_nothing(lean: Path) -> None:
    for path in (lean / "output/log").iterdir():
        path.unlink()
    (lean / "output/log").rmdir()
    (lean / "output/log").write_text("in the way", encoding="utf-8")
    result = ask(lean, *ONE_PACK)
    assert result.exit_code == 0
    assert "look at: no log was written: " in result.stderr


def printed(workspace: Path) -> list[str]:
    """The lines that the run of a prepared workspace printed."""
    return (workspace / "printed.txt").read_text(encoding="utf-8").splitlines()


def test_a_run_says_what_to_do_next(lean_run: Path, preliminary_run: Path, tmp_path: Path) -> None:
    assert printed(lean_run)[-2:] == [
        "next: look at the packs, then release them: opti release --month 2026-08",
        "next: then send them: opti send --month 2026-08 --drafts",
    ]
    assert printed(preliminary_run)[-3:] == [
        "next: run again for the final packs when these have come: budget_monthly (due 2026-09-15)",
        "next: look at the packs, then release them: opti release --month 2026-08 --preliminary",
        "next: then send them: opti send --month 2026-08 --drafts",
    ]
    place = tmp_path / "part"
    shutil.copytree(lean_run, place)
    edit(place / "configs/languages/fi.toml", "(?m)^yes( *)= .*", r'yes\1= "on"')
    result = ask(place, *ONE_PACK)
    assert result.stdout.splitlines()[-1] == (
        "next: only a whole run can be released: opti run --month 2026-08"
    )
