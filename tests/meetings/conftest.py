"""A workspace of the shipped configs with a small register, and the deck of a service unit, not filled in."""

from __future__ import annotations

from pathlib import Path

import pytest

from opti_reports.model.meeting import DECISION_COLUMNS
from opti_reports.model.pack import Column, Section, Table
from opti_reports.render.pptx import render_pptx
from tests.extracts.shipped import configs
from tests.render import fixture

ROOT = Path(__file__).parents[2]
MARK = "decisions:service_unit/etela_espoo/2026-08"
REGISTER = (
    "nro;yksikkö;toimenpide;lähde;mittari;avattu;määräaika;valmis;tila;vastuurooli\n"
    "T1;tapiola;Perehdytys;haipro;;1.3.2026;31.10.2026;;sovittu;ylilääkäri\n"
    "T2;lohja;Opasteet;palaute;nps;1.4.2026;30.9.2026;;käynnissä;osastonhoitaja\n"
)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """The workspace, with the register of September."""
    root = tmp_path / "place"
    (root / "data/2026-09").mkdir(parents=True)
    (root / "configs").symlink_to(ROOT / "configs")
    (root / "data/2026-09/toimenpiteet.csv").write_text(REGISTER, encoding="utf-8")
    return root


def make_deck(target: Path, mark: str = MARK, language: str = "fi", without: str = "barrier") -> Path:
    """A deck whose decisions table has six rows left open; earlier ones had barriers where offers stand."""
    wording = configs().wordings[language]
    heads = tuple(Column(wording.say(f"column.{head}")) for head in DECISION_COLUMNS if head != without)
    other = Table(caption="Toimenpiteet", columns=heads[:2], rows=(("Perehdytys", "Tapiola"),), empty="")
    table = Table(caption="Uudet päätökset", columns=heads, rows=(), empty="", blank_rows=6, mark=mark)
    pack = fixture.a_pack(
        (
            Section(id="muut", title="Muut", blocks=(other,)),
            Section(id="paatokset", title="Päätökset", blocks=(table,)),
        )
    )
    target.write_bytes(render_pptx(pack, fixture.look()))
    return target


@pytest.fixture(scope="session")
def deck(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The deck of Etelä-Espoo about August."""
    return make_deck(tmp_path_factory.mktemp("deck") / "etela_espoo.fi.pptx")
