"""From the run to the meetings and back: what was written there stands in the next documents."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from tests.meetings.filling import fill_deck, fill_workbook
from tests.workspaces import LAST, ask, opti, pages


def tables(place: Path, pack: str) -> dict[str, list[list[str]]]:
    """The rows of every table of a pack by its caption."""
    made: dict[str, Any] = json.loads((place / f"output/{LAST}/packs/{pack}.json").read_text("utf-8"))
    blocks = [block for section in made["sections"] for block in section["blocks"]]
    return {block["caption"]: block["rows"] for block in blocks if block["kind"] == "table"}


def test_decisions_and_preparations_go_round(shipped_run: Path, tmp_path: Path) -> None:
    place = tmp_path / "place"
    shutil.copytree(shipped_run, place)
    packs = place / f"output/{LAST}/packs"
    assert sorted(p.name for p in packs.glob("*/*.xlsx")) == sorted(
        p.with_suffix(".xlsx").name for p in packs.glob("unit/*.pdf")
    )
    deck = fill_deck(
        packs / "service_unit/etela_espoo.fi.pptx",
        tmp_path / "deck.pptx",
        [
            ("Perehdytys uusitaan", "Tapiolan terveysasema", "ylilääkäri", "31.10.2026"),
            ("Yhteinen puhelinohje", "", "osastonhoitaja", "30.11.2026", "", "kyllä"),
        ],
    )
    answers = {"F6": "Muutto kesken =1+1", "J6": "Siirtokuljetus", "K6": "kyllä"}
    workbook = fill_workbook(packs / "unit/tapiola.fi.xlsx", tmp_path / "tapiola.fi.xlsx", answers)
    decided = ("--decided", "2026-08-20", "--yes")
    assert ask(place, "actions", "import", str(deck), "--month", LAST, *decided).exit_code == 0
    assert ask(place, "notes", "import", str(workbook), "--month", LAST, "--yes").exit_code == 0

    done = opti(place, "run", "--month", LAST, "--org", "tapiola", "--org", "etela_espoo", "--jobs", "2")
    assert done.returncode == 0, done.stderr
    register = tables(place, "unit/tapiola.fi")["Toimenpiteet, linjaukset ja vastaukset"]
    shown = {row[0]: row for row in register}
    assert shown["Perehdytys uusitaan (K2608-1)"][1] == "Palveluyksikkö"
    assert shown["Yhteinen puhelinohje (K2608-2)"][1] == "Palveluyksikkö"
    assert shown["Yhteinen puhelinohje (K2608-2)"][-1] == "johtoryhmä: odottaa vastausta, 11 vrk"
    assert "Yhteinen puhelinohje" in " ".join(pages(packs / "unit/tapiola.fi.pdf"))
    prepared = tables(place, "service_unit/etela_espoo.fi")["Yksiköiden valmistelut"]
    (first,) = [row for row in prepared if row[2] == "Muutto kesken =1+1"]
    assert (first[0], *first[4:]) == ("Tapiola", "Siirtokuljetus", "kyllä")
    assert any("Siirtokuljetus" in slide for slide in pages(packs / "service_unit/etela_espoo.fi.pptx"))
