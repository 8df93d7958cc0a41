"""A chart or table with one target for all says whose target is another."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from opti_reports.model.charts import Bars
from opti_reports.model.finding import Basis, Status, TargetInForce
from opti_reports.model.pack import Table
from opti_reports.packs.build import build
from opti_reports.packs.material import Material
from opti_reports.periods.cadence import MONTH
from opti_reports.periods.period import Period
from tests.packs import fixture
from tests.packs.world import DATA_MONTH, spec

NOW = Period(MONTH, DATA_MONTH)
COMPARISON = {"kind": "comparison", "metrics": ["access_pct"]}
MATRIX = {"kind": "matrix", "metrics": ["closed_pct", "access_pct"]}


def agreed(level: float, org: str, basis: Basis = "agreed") -> Material:
    """The ordinary month, in which Ranta follows a target of ``org``."""
    found = fixture.material()
    aim = TargetInForce(">=", (level,), basis, org)
    own = Status("good", aim, found.statuses["access_pct", "ranta", NOW].target, "off")
    return replace(found, statuses={**found.statuses, ("access_pct", "ranta", NOW): own})


def note(found: Material, block: dict[str, Any], language: str = "fi", kind: str = "pptx") -> str:
    pack = build(found, spec("kokous", "palveluyksikko", block, format=kind), "etela", language)
    (shown,) = (one for section in pack.sections for one in section.blocks if isinstance(one, Bars | Table))
    return shown.note


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fi", "oma tavoite: Ranta ≥ 70 %"),
        ("sv", "eget mål: Ranta ≥ 70 %"),
        ("en", "own target: Ranta ≥ 70%"),
    ],
)
def test_a_chart_of_units_says_first_whose_target_is_its_own(language: str, said: str) -> None:
    assert note(agreed(70, "ranta"), COMPARISON, language).replace("\u00a0", " ").startswith(said)


@pytest.mark.parametrize(
    "found",
    [fixture.material(), agreed(70, "alue"), agreed(70, "ranta", "proposed")],
    ids=["one for all", "of the level above", "not decided"],
)
@pytest.mark.parametrize("block", [COMPARISON, MATRIX], ids=["chart", "table"])
def test_a_target_that_is_not_the_unit_s_own_decision_is_not_called_so(
    found: Material, block: dict[str, Any]
) -> None:
    assert "oma tavoite" not in note(found, block)


@pytest.mark.parametrize("kind", ["pptx", "pdf"])
def test_a_table_of_units_and_metrics_names_the_metric_too(kind: str) -> None:
    said = note(agreed(70, "ranta"), MATRIX, kind=kind).replace("\u00a0", " ")
    assert said.startswith("Yhteydensaanti: oma tavoite: Ranta")
    assert said.endswith("≥ 70 %")
