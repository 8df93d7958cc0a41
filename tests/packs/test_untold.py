"""What an extract cannot tell is said on the page where it lacks the column, and only there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

import pytest

from opti_reports.config.configs import Configs
from opti_reports.config.metric import AnyMetric
from opti_reports.config.saying import Untold
from opti_reports.model.card import Law
from opti_reports.model.pack import MetricTable, Table
from opti_reports.packs.build import build
from tests.packs import fixture
from tests.packs.world import SPECS, configs, words

UNIT = SPECS[0]
REASON = Untold(column="puhelut.reason", caveat=words("Syytä ei kerrota."))
SAID = "Hoitotakuu: Syytä ei kerrota."


def blocks(lacking: tuple[str, ...], changes: Mapping[str, Mapping[str, Any]]) -> tuple[Any, ...]:
    """The blocks of a unit's pack where its phone extract lacks these columns."""
    made, known = fixture.material(), configs()
    metrics: dict[str, AnyMetric] = {
        id: metric.model_copy(update=changes.get(id, {})) for id, metric in known.metrics.items()
    }
    own: Configs = replace(known, metrics=metrics)
    reports = (replace(one, lacking=lacking if one.source == "puhelut" else ()) for one in made.sources)
    made = replace(made, configs=own, sources=tuple(reports))
    return build(made, UNIT, "ranta", "fi").sections[0].blocks


def notes(found: tuple[Any, ...]) -> str:
    """The small print of all tables."""
    return " ".join(one.note for one in found if isinstance(one, Table))


@pytest.mark.parametrize(("lacking", "said"), [(("reason",), True), ((), False), (("other",), False)])
def test_what_is_not_told_apart_is_said_where_the_column_lacks(lacking: tuple[str, ...], said: bool) -> None:
    assert (SAID in notes(blocks(lacking, {"guarantee_pct": {"untold": (REASON,)}}))) is said


def test_metrics_of_which_it_is_the_same_are_named_together() -> None:
    both = {id: {"untold": (REASON,)} for id in ("closed_pct", "guarantee_pct")}
    assert "Käsitellyt; Hoitotakuu: Syytä ei kerrota." in notes(blocks(("reason",), both))


@pytest.mark.parametrize(("lacking", "shown"), [((), True), (("reason",), False)])
def test_a_metric_is_on_no_page_without_the_column_that_it_needs(
    lacking: tuple[str, ...], shown: bool
) -> None:
    needing = {id: {"needs": ("puhelut.reason",)} for id in ("guarantee_pct", "reached_pct")}
    found = blocks(lacking, needing)
    rows = [row for one in found if isinstance(one, MetricTable) for row in one.rows]
    assert any(isinstance(one, Law) for one in found) is shown
    assert any(row.name == "Hoitotakuu" for row in rows) is shown
    assert any("Tavoitetut" in row.note for row in rows) is shown
    assert any(row.name == "Yhteydensaanti" for row in rows)


@pytest.mark.parametrize(("presence", "shown"), [("optional", False), ("lagging", True)])
def test_a_metric_of_an_optional_source_that_never_came_is_on_no_page_and_not_called_missing(
    presence: Literal["optional", "lagging"], shown: bool
) -> None:
    made, known = fixture.material(), configs()
    (source,) = {one.source for one in made.sources} & {"puhelut"}
    column = next(iter(known.sources[source].column))
    needing = {
        id: metric.model_copy(update={"needs": (f"{source}.{column}",)} if id == "guarantee_pct" else {})
        for id, metric in known.metrics.items()
    }
    never = (
        replace(one, newest=None, late=True, presence=presence) if one.source == source else one
        for one in made.sources
    )
    own = replace(made, configs=replace(known, metrics=needing), sources=tuple(never))
    found = build(own, UNIT, "ranta", "fi").sections[0].blocks
    rows = [row for one in found if isinstance(one, MetricTable) for row in one.rows]
    assert any(row.name == "Hoitotakuu" for row in rows) is shown
    assert "Raportista puuttuu" not in notes(found)
