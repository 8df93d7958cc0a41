"""Rows of which a page says what they are and not whose."""

from __future__ import annotations

from dataclasses import replace

import pytest

from opti_reports.config.load import load
from tests.packs import fixture
from tests.packs.test_blocks import table
from tests.packs.world import SOURCES, configs
from tests.workspaces import ROOT


@pytest.mark.parametrize("named", [True, False])
def test_a_list_may_leave_out_whose_its_rows_are(named: bool) -> None:
    name = next(id for id, one in SOURCES.items() for rows in one.list if rows.id == "open_haipro")
    lists = tuple(rows.model_copy(update={"units_named": named}) for rows in SOURCES[name].list)
    sources = {**SOURCES, name: SOURCES[name].model_copy(update={"list": lists})}
    made = fixture.material(configs=replace(configs(), sources=sources))
    found = table(made, "etela", "palveluyksikko", {"kind": "list", "list": "open_haipro"})
    assert ("Yksikkö" in [column.label for column in found.columns]) == named
    assert found.rows
    assert {len(row) for row in found.rows} == {len(found.columns)}
    text = " ".join(cell for row in found.rows for cell in row)
    assert any(unit.names["fi"] in text for unit in made.tree.below("etela")) == named


def test_serious_incidents_and_what_is_published_name_no_unit() -> None:
    lists = load(ROOT / "configs").lists
    assert [id for id, rows in lists.items() if not rows.units_named] == [
        "published_actions",
        "serious_incidents",
    ]
