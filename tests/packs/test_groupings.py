"""What others ask to be measured: how the metrics that answer it stand, and what nothing answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from opti_reports.config.groupings import Grouping
from opti_reports.model.pack import Block, Table, Tiles
from opti_reports.model.value import Value, Values
from opti_reports.packs.build import build
from opti_reports.packs.handbook import handbook
from opti_reports.packs.material import Material
from tests.packs import fixture
from tests.packs.world import configs, spec, words

ACCESS = {"name": words("Saatavuus"), "metrics": ["access_pct", "closed_pct"]}
BUDGET = {"name": words("Raha"), "metrics": ["budget_pct"], "missing": words("Velat puuttuvat.")}
DEBT = {"name": words("Terveys"), "missing": words("Tietoa ei tule.")}
ASKED = Grouping.model_validate(
    {
        "id": "maalit",
        "name": words("Maalit"),
        "origin": words("Muualta"),
        "group": [
            {"name": words("Asiakas"), "measure": [ACCESS]},
            {"name": words("Muu"), "measure": [BUDGET, DEBT]},
            {"name": words("Tyhjä"), "measure": [DEBT]},
        ],
    }
)


def material(values: tuple[Value, ...] = ()) -> Material:
    """The fixture's month, which asks for the grouping."""
    found = replace(fixture.material(), configs=replace(configs(), groupings=(ASKED,)))
    return replace(found, values=Values(values)) if values else found


def page(language: str = "fi", found: Material | None = None, **more: Any) -> tuple[Block, ...]:
    one = spec("koe", "yksikko", {"kind": "grouping", "grouping": "maalit", **more})
    return build(found or material(), one, "ranta", language).sections[0].blocks


def test_each_measure_has_its_metrics_with_the_figure_and_status_of_the_month() -> None:
    clients, other, _ = page()
    assert isinstance(clients, Table)
    assert isinstance(other, Table)
    assert clients.caption == "Maalit: Asiakas"
    assert [column.label for column in clients.columns] == ["Mitattava asia", "Mittari", "Nyt", "Tila"]
    assert clients.rows == (
        ("Saatavuus", "Yhteydensaanti", "82,0\xa0%", "tavoitteessa"),
        ("Saatavuus", "Käsitellyt", "88,0\xa0%", "ei tavoitteessa"),
    )
    assert clients.tones == ((0, 3, "good"), (1, 3, "off"))
    assert clients.note == "Näistä mitataan 1/1."


def test_what_has_no_metric_says_why_and_what_a_metric_leaves_out_is_said_below() -> None:
    _, other, _ = page("en")
    assert isinstance(other, Table)
    assert other.rows[1] == ("Terveys en", "Tietoa ei tule. en", "–", "no metric")
    assert other.tones[1] == (1, 3, "none")
    assert other.note == "1/2 of these are measured. Raha en: Velat puuttuvat. en"


def test_a_metric_without_a_figure_says_so_and_stays() -> None:
    found = material()
    none = tuple(one for one in found.values if one.metric != "closed_pct")
    clients, *_ = page(found=material(none))
    assert isinstance(clients, Table)
    assert clients.rows[1] == ("Saatavuus", "Käsitellyt", "ei tietoa", "ei arvioida")
    assert clients.tones[1] == (1, 3, "none")


@pytest.mark.parametrize(
    ("language", "lacking"),
    [("fi", "ei mittaria: 1/1"), ("sv", "ingen mätare: 1/1"), ("en", "no metric: 1/1")],
)
def test_a_strip_has_a_tile_a_group_with_the_gravest_status(language: str, lacking: str) -> None:
    (strip,) = page(language, strip=True)
    assert isinstance(strip, Tiles)
    assert [tile.tone for tile in strip.items] == ["off", "off", "none"]
    assert strip.items[2].lines == (lacking,)
    assert lacking not in strip.items[0].lines


def test_the_handbook_lists_them_with_links_to_the_cards() -> None:
    (part,) = handbook(replace(configs(), groupings=(ASKED,)), "fi").groupings
    assert part.about == "Muualta. Näistä mitataan 2/4."
    measures = [measure for group in part.groups for measure in group.measures]
    assert measures[0].metrics == (("access_pct", "Yhteydensaanti"), ("closed_pct", "Käsitellyt"))
    assert (measures[0].lack, measures[0].note) == ("", "")
    assert (measures[1].lack, measures[1].note) == ("", "Velat puuttuvat.")
    assert (measures[2].lack, measures[2].note) == ("ei mittaria", "Tietoa ei tule.")


def test_a_measure_whose_extract_is_not_in_use_says_so_instead_of_a_figure() -> None:
    found = material()
    source = next(iter(found.sources)).source
    column = next(iter(found.configs.sources[source].column))
    needing = found.configs.metrics | {
        id: metric.model_copy(update={"needs": (f"{source}.{column}",)})
        for id, metric in found.configs.metrics.items()
        if id in ("access_pct", "closed_pct")
    }
    never = (
        replace(report, newest=None, presence="optional") if report.source == source else report
        for report in found.sources
    )
    own = replace(found, configs=replace(found.configs, metrics=needing), sources=tuple(never))
    clients, *_ = page(found=own)
    assert isinstance(clients, Table)
    assert clients.rows == (("Saatavuus", "–", "–", "poiminta ei ole vielä käytössä"),)
    assert clients.note == "Näistä mitataan 0/1."
    (strip,) = page(found=own, strip=True)
    assert isinstance(strip, Tiles)
    assert (strip.items[0].tone, strip.items[0].lines) == ("none", ("ei mittaria: 1/1",))
