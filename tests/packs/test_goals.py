"""A goal and the goals that carry it: how each stands, who acts, and where the chain breaks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from opti_reports.config.goals import Goals
from opti_reports.model.goals import GoalChain, GoalState
from opti_reports.packs.build import build
from opti_reports.packs.material import Material
from opti_reports.periods.cadence import MONTH, TERTIAL
from opti_reports.periods.period import Period
from tests.packs import fixture
from tests.packs.fixture import value
from tests.packs.world import DATA_MONTH, configs, spec, words

BLOCK = {"kind": "goal_chain", "goal": "hoitoon"}
MONTHS = [Period(MONTH, DATA_MONTH - back) for back in range(4)]


def goal(id: str, metric: str, unit: str, under: str | None = "hoitoon", **more: Any) -> dict[str, Any]:
    """A goal; its owner acts at once, the management after three periods."""
    own = {
        "id": id,
        "name": words(id.capitalize()),
        "metric": metric,
        "unit": unit,
        "under": under,
        "owner": words(f"vetäjä {unit}"),
        "reaction": [{"periods": 1, "role": words("vetäjä")}, {"periods": 3, "role": words("johto")}],
    }
    return own | more


CHAIN = (
    goal("hoitoon", "closed_pct", "alue", None),
    goal("yhteys", "access_pct", "etela", area=words("Etelä")),
    goal("vastaus", "access_pct", "ranta", "yhteys"),
    goal("takuu", "guarantee_pct", "pohjoinen", area=words("Pohjoinen")),
)


def chain(*changed: Any, goals: tuple[dict[str, Any], ...] = CHAIN, language: str = "fi") -> GoalChain:
    made: Material = fixture.material(*changed)
    own = Goals.model_validate({"goal": goals})
    made = replace(made, configs=replace(configs(), goals=own))
    (block,) = build(made, spec("m", "alue", BLOCK), "alue", language).sections[0].blocks
    assert isinstance(block, GoalChain)
    return block


def parts(**of: int) -> list[Any]:
    """The newest month's share of each goal's figure, by the goal."""
    places = {one["id"]: (one["metric"], one["unit"]) for one in CHAIN}
    return [value(*places[name], MONTHS[0], part=part) for name, part in of.items()]


def states(block: GoalChain) -> dict[str, GoalState]:
    return {one.name: one for one in (block.top, *(one for line in block.lines for one in line.goals))}


def test_the_chain_breaks_at_the_lowest_goal_that_is_missed() -> None:
    block = chain(*parts(hoitoon=90, yhteys=70, vastaus=60, takuu=100))
    assert block.message == "Tavoite ei toteudu. Ketju katkeaa tässä: Vastaus."
    assert [line.label for line in block.lines] == ["Etelä", "Pohjoinen"]
    assert [[(one.name, one.depth) for one in line.goals] for line in block.lines] == [
        [("Yhteys", 1), ("Vastaus", 2)],
        [("Takuu", 1)],
    ]
    assert {name: one.breaks for name, one in states(block).items() if one.breaks} == {
        "Vastaus": "Ketju katkeaa tässä"
    }


def test_what_is_to_be_seen_is_said_in_a_sentence() -> None:
    def said(**of: int) -> str:
        return chain(*parts(**of)).message

    assert said(hoitoon=96, yhteys=81, vastaus=82, takuu=100) == (
        "Tavoite ja kaikki sitä kantavat tavoitteet toteutuvat."
    )
    assert said(hoitoon=96, yhteys=81, vastaus=60, takuu=99) == (
        "Tavoite toteutuu, mutta sitä kantavista ei toteudu: Vastaus; Takuu. "
        "Asiaan kannattaa puuttua ennen kuin se näkyy tavoitteessa."
    )
    assert said(hoitoon=94, yhteys=81, vastaus=82, takuu=100).startswith("Tavoite ei toteudu, vaikka kaikki")


def test_what_cannot_be_judged_is_not_called_met() -> None:
    month = MONTHS[0]
    withheld = value("access_pct", "ranta", month, "withheld")
    met = parts(hoitoon=94, yhteys=81, takuu=100)
    assert chain(*met, withheld).message == ("Tavoite ei toteudu. Sitä kantavista ei voi arvioida: Vastaus.")
    lost = chain(value("closed_pct", "alue", month, "missing"), *parts(yhteys=70, vastaus=81, takuu=100))
    assert lost.message == "Tavoitetta ei voi vielä arvioida. Sitä kantavista ei toteudu: Yhteys."
    assert (lost.top.value, lost.top.status) == ("ei tietoa", "ei arvioida")


def test_who_acts_follows_from_how_long_the_goal_has_been_missed() -> None:
    lasting = [value("access_pct", "ranta", month, part=60) for month in MONTHS[:3]]
    met = value("access_pct", "ranta", MONTHS[3], part=90)
    block = states(chain(*parts(takuu=100), *lasting, met))
    assert (block["Vastaus"].since, block["Vastaus"].acts) == (
        "Kesäkuusta 2026 alkaen",
        "Nyt toimii johto",
    )
    assert block["Takuu"].acts == "Toimii heti, kun tavoite ei toteudu: vetäjä"
    once = states(chain(*lasting[:1], value("access_pct", "ranta", MONTHS[1], part=90)))
    assert once["Vastaus"].acts == "Nyt toimii vetäjä"


def test_a_goal_that_is_looked_at_by_tertials_shows_the_last_one_that_ended() -> None:
    by_tertials = (goal("hoitoon", "closed_pct", "alue", None, cadence="tertial"),)
    ended = value("closed_pct", "alue", Period(TERTIAL, DATA_MONTH), part=97)
    block = chain(ended, goals=by_tertials)
    assert block.message == "Tavoite toteutuu."
    assert (block.top.measure, block.top.value) == ("Käsitellyt, 2. tertiaali 2026", "97,0\u00a0% (97/100)")


def test_it_is_said_in_every_language() -> None:
    for language, said in (("sv", "Kedjan brister här: Vastaus sv."), ("en", "breaks here: Vastaus en.")):
        block = chain(*parts(hoitoon=90, yhteys=70, vastaus=60, takuu=100), language=language)
        assert block.message.endswith(said)
