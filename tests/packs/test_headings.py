"""Slides are called by what they show; where nothing is found in them they keep their topic."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from opti_reports.model.value import Value
from opti_reports.packs.build import build
from opti_reports.packs.material import Material
from tests.packs import fixture
from tests.packs.test_cards import NOW, access, deviation, made
from tests.packs.test_meetings import note, with_notes
from tests.packs.world import spec, words

TRENDS = {"kind": "trends", "metrics": ["access_pct"]}
LATE = tuple(fixture.action("ranta", f"T{n}", f"2026-06-0{n}") for n in (1, 2))


def title(found: Material, *blocks: dict[str, Any], language: str = "fi", kind: str = "pptx") -> str:
    section = {"id": "osa", "title": words("Aihe"), "block": list(blocks)}
    pack = spec("kokous", "palveluyksikko", {"kind": "tiles"}, format=kind)
    whole = type(pack).model_validate(pack.model_dump() | {"section": [section]})
    return build(found, whole, "etela", language).sections[0].message


@pytest.mark.parametrize(
    ("found", "block", "said"),
    [
        (made(lists={"actions": LATE}), {"kind": "pending"}, "asiaa on kesken tai myöhässä"),
        (made(deviation("access_pct")), TRENDS,
         "Yhteydensaanti: tavoite ei täyttynyt yhdessä yksikössä (Ranta)"),
        (made(deviation("access_pct"), deviation("access_pct", "metsa", signals=("special_cause",))), TRENDS,
         "Yhteydensaanti: tulos heikkeni yhdessä yksikössä (Metsa)"),
        (made(deviation("access_pct", months=3), deviation("access_pct", "metsa")), TRENDS,
         "Yhteydensaanti: tavoite ei täyttynyt kahdessa yksikössä (Ranta, Metsa)"),
        (made(deviation("access_pct"), values=(access(155, 200, "metsa"),)), TRENDS,
         "Yhteydensaanti: tavoite ei täyttynyt kahdessa yksikössä (Ranta, Metsa)"),
        (made(deviation("access_pct", "etela")), TRENDS, "Yhteydensaanti: tavoite ei täyttynyt"),
        (made(values=(access(190, 200, "etela"),)), TRENDS, "Aihe – tavoitteet täyttyivät"),
        (made(deviation("access_pct")), {"kind": "decisions", "limit": 4}, ""),
        (made(deviation("access_pct", react_level="palveluyksikko")), {"kind": "decisions", "limit": 4},
         "Yhdestä asiasta on sovittava toimenpide"),
    ],
    ids=["late", "one", "worse", "two", "close to it", "own", "met", "nothing to decide", "to decide"],
)  # fmt: skip
def test_a_slide_says_what_it_shows(found: Material, block: dict[str, Any], said: str) -> None:
    assert title(found, block).endswith(said)
    assert bool(title(found, block)) == bool(said)


def test_the_configs_say_how_many_units_a_title_names() -> None:
    found = made(deviation("access_pct", months=3), deviation("access_pct", "metsa"))
    findings = found.configs.findings
    fewer = findings.model_copy(update={"shown": findings.shown.model_copy(update={"named": 1})})
    said = title(replace(found, configs=replace(found.configs, findings=fewer)), TRENDS)
    assert said.endswith("tavoite ei täyttynyt kahdessa yksikössä")


def test_languages_say_it_their_own_way() -> None:
    found = made(deviation("access_pct", months=3), deviation("access_pct", "metsa"))
    assert title(found, TRENDS, language="sv").endswith("målet nåddes inte vid två enheter (Ranta, Metsa)")
    assert title(found, TRENDS, language="en").endswith("the target was missed at two units (Ranta, Metsa)")


def test_a_page_keeps_its_topic_as_heading() -> None:
    assert title(made(deviation("access_pct")), TRENDS, kind="pdf") == ""


def test_a_section_whose_metrics_are_not_judged_keeps_its_topic() -> None:
    unjudged = Value(
        metric="access_pct",
        org="etela",
        period=NOW,
        state="few",
        value=Fraction(50),
        num=Fraction(1),
        den=Fraction(2),
    )
    assert title(made(values=(unjudged,)), TRENDS) == ""


def test_a_section_of_several_metrics_says_how_many_are_on_target() -> None:
    both = {"kind": "trends", "metrics": ["access_pct", "closed_pct"]}
    found = made(values=(access(190, 200, "etela"),))
    assert found.statuses["closed_pct", "etela", NOW].tone == "off"
    assert title(found, both) == "Aihe: mittareista 1/2 on tavoitteessa"


def test_what_a_unit_s_type_is_not_shown_is_not_spoken_of() -> None:
    others = TRENDS | {"unit_types": ["muu"]}
    assert title(made(deviation("access_pct")), others, {"kind": "cards"}) == ""


def test_preparations_say_how_many_units_answered() -> None:
    found = with_notes(note("metsa", "access_pct", cause="Ruuhka"))
    found = replace(found, deviations=(deviation("access_pct"), deviation("access_pct", "metsa")))
    block = {"kind": "preparations", "list": "preparations"}
    assert title(found, block) == "1/2 yksikköä on vastannut poikkeamiinsa"


def test_a_topic_without_a_message_says_how_much_there_is_to_decide() -> None:
    block = {"kind": "agenda", "metrics": ["access_pct"]}
    assert title(made(), block) == "Aihe – ei päätettävää"
    due = made(deviation("access_pct", react_level="palveluyksikko", months=3))
    assert title(due, block) == "Aihe – yksi asia päätettävänä"
    assert title(due, TRENDS, block).startswith("Yhteydensaanti: tavoite ei täyttynyt")
