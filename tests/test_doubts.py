"""Extracts that do not tell their whole month: refused, or partial and named wherever somebody looks."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from opti_reports.config.guards import Guards
from opti_reports.messages.sentences import words
from opti_reports.stages import doubts as story
from tests.workspaces import LAST, ONE_PACK, ask, edit, run_note

WESTERN = f"puhelut_lantinen_{LAST}.csv"
UNITS = ("vihti", "lohja", "kirkkonummi", "tammisaari", "karjaa", "hanko", "karkkila", "inkoo")


def cut_off(workspace: Path) -> None:
    """The western phone export ends on 10 August; two months are history enough."""
    edit(workspace / "configs/guards.toml", r"least_months +=", "least_months = 2 #")
    path = workspace / "data" / LAST / WESTERN
    head, *rows = path.read_text(encoding="cp1252").splitlines()
    kept = [row for row in rows if _day(row) <= 10 or ".7.2026" in row.split(";")[4]]
    assert len(kept) < len(rows) - 20
    path.write_text("\n".join([head, *kept, ""]), encoding="cp1252")


def _day(row: str) -> int:
    return int(row.split(";")[4].partition(".")[0])


def states(workspace: Path, metric: str) -> dict[str, tuple[str, str]]:
    """State and value of a metric in the newest month by organisation."""
    text = (workspace / "output" / LAST / "values.csv").read_text(encoding="utf-8")
    return {
        row["org"]: (row["state"], row["value"])
        for row in csv.DictReader(text.splitlines())
        if row["metric"] == metric and row["period"] == LAST and not row["breakdown"]
    }


def test_a_regional_file_that_ends_early_is_partial_and_named_everywhere(lean: Path) -> None:
    cut_off(lean)
    done = ask(lean, *ONE_PACK)
    assert done.exit_code == 0, done.output
    why = f"{WESTERN} has no row from 2026-08-11 to the end of the month, where some "
    assert f"look at: phone_contacts: {why}" in done.output
    assert "if these are, write confirm_rows = [" in done.output
    doubts = next(s for s in run_note(lean)["sources"] if s["source"] == "phone_contacts")["doubts"]
    assert [(d["kind"], d["file"], d["first"], d["last"]) for d in doubts] == [
        ("ends_early", WESTERN, "2026-08-11", "2026-08-31")
    ]
    assert sorted(doubts[0]["units"]) == sorted(UNITS)
    told = states(lean, "calls_n")
    assert {told[unit][0] for unit in (*UNITS, "lantinen", "avosairaanhoito")} == {"partial"}
    assert told["tapiola"][0] == "ok"
    page = (lean / "output" / LAST / "index.html").read_text(encoding="utf-8")
    assert f"{WESTERN} loppuu kesken: ei rivejä 11.8.2026 alkaen, odotettiin noin" in page


def test_a_release_lists_doubted_extracts_first(lean: Path) -> None:
    path = lean / "output" / LAST / "run.json"
    note = json.loads(path.read_text(encoding="utf-8"))
    phone = next(source for source in note["sources"] if source["source"] == "phone_contacts")
    phone["doubts"] = [
        {"kind": kind, "why": why, "units": ["lohja", "vihti"]}
        for kind, why in (
            ("ends_early", "puhelut.csv has no row from 2026-08-11 on"),
            ("thinned", "column answered_at of the delivery is filled in 9 rows"),
        )
    ]
    path.write_text(json.dumps(note), encoding="utf-8")
    assert (
        "\nlook at these first: extracts that may lack part of their month\n"
        "  phone_contacts: puhelut.csv has no row from 2026-08-11 on; partial: lohja, vihti\n"
        "  phone_contacts: column answered_at of the delivery is filled in 9 rows; "
        "to be checked: lohja, vihti\n"
    ) in ask(lean, "release", "--month", LAST).output


def test_what_is_confirmed_is_whole(lean: Path) -> None:
    cut_off(lean)
    note = lean / "data" / LAST / "delivery.toml"
    note.write_text('[phone_contacts]\nconfirm_rows = ["avosairaanhoito"]\n', encoding="utf-8")
    done = ask(lean, *ONE_PACK)
    assert "confirm_rows" not in done.output
    assert states(lean, "calls_n")["lohja"][0] == "ok"


def test_a_confirmation_of_nobody_is_refused(lean: Path) -> None:
    note = lean / "data" / LAST / "delivery.toml"
    note.write_text('[phone_contacts]\nconfirm_rows = ["lohjaa"]\n', encoding="utf-8")
    done = ask(lean, *ONE_PACK)
    assert done.exit_code == 4
    assert (
        f"data/{LAST}/delivery.toml: [phone_contacts] confirm_rows: unknown organisation 'lohjaa', did you "
        "mean 'lohja'?\n  Write the ids of units in organisation.toml."
    ) in done.output


@pytest.mark.parametrize("crlf", [False, True])
def test_last_months_file_under_a_new_name_is_refused(lean: Path, crlf: bool) -> None:
    data = lean / "data"
    target = data / LAST / f"digi_{LAST}.csv"
    shutil.copy(data / "2026-07/digi_2026-07.csv", target)
    if crlf:
        target.write_bytes(b"\r\n".join(target.read_bytes().splitlines()))
    done = ask(lean, *ONE_PACK)
    assert done.exit_code == 4
    assert f"data/{LAST}: digi_contacts: the delivery has no row of {LAST}, where some " in done.output
    assert f"digi_{LAST}.csv has the same rows as 2026-07/digi_2026-07.csv\n" in done.output
    assert (
        'If there truly was nothing, write confirm_rows = ["avosairaanhoito"] under [digi_contacts] in '
        f"data/{LAST}/delivery.toml."
    ) in done.output


def test_one_file_of_several_that_is_last_months_is_named(lean: Path) -> None:
    data = lean / "data"
    shutil.copy(data / "2026-07/puhelut_lantinen_2026-07.csv", data / LAST / WESTERN)
    done = ask(lean, *ONE_PACK)
    assert done.exit_code == 0
    assert (
        f"phone_contacts: {WESTERN} has the same rows as 2026-07/puhelut_lantinen_2026-07.csv" in done.output
    )
    assert states(lean, "calls_n")["lohja"][0] in ("partial", "missing")


def test_the_same_file_twice_is_counted_once_and_told(lean: Path) -> None:
    before = states(lean, "calls_n")
    folder = lean / "data" / LAST
    shutil.copy(folder / WESTERN, folder / "puhelut_lantinen_kopio.csv")
    done = ask(lean, *ONE_PACK)
    assert done.exit_code == 0
    assert (
        f"phone_contacts: {WESTERN} and puhelut_lantinen_kopio.csv have the same rows, counted once; "
        "remove all but one"
    ) in done.output
    assert states(lean, "calls_n") == before


def test_totals_in_a_ledger_change_nothing_and_are_told(lean: Path) -> None:
    before = states(lean, "budget_ytd_pct")
    path = lean / "data" / LAST / f"talous_{LAST}.csv"
    lines = path.read_bytes().rstrip().splitlines()
    total = f"Yhteensä;{LAST};vuokrat;1,00;1,00;1,00;1,00;k".encode("cp1252")
    path.write_bytes(b"\r\n".join([*lines, total, "Tulostettu 3.9.2026".encode("cp1252")]) + b"\r\n")
    done = ask(lean, *ONE_PACK)
    assert done.exit_code == 0
    place = f"the first on line {len(lines) + 1} of talous_{LAST}.csv"
    assert f"budget_monthly: 1 rows are totals or averages, not counted; {place}" in done.output
    assert "budget_monthly: 1 rows are notes under the table, not counted" in done.output
    assert "budget_monthly: 2 of" not in done.output
    assert states(lean, "budget_ytd_pct") == before


@pytest.mark.parametrize(
    ("rows", "hint"),
    [(10_000, " (it has exactly 10000 rows: the export may be cut off there)"), (10_001, ""), (0, "")],
)
def test_a_round_number_of_rows_is_pointed_at(rows: int, hint: str) -> None:
    assert words(story.cut_off(rows, Guards())) == hint
