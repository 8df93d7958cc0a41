"""What there is to decide on a topic stands beside its chart; where nothing is, that is said."""

from __future__ import annotations

from typing import Any

import pytest

from opti_reports.config import block as kinds
from opti_reports.model.card import Agenda
from opti_reports.packs.build import build
from opti_reports.packs.material import Material
from tests.extracts import shipped
from tests.packs import fixture
from tests.packs.test_cards import access, deviation, made
from tests.packs.test_outcomes import effect
from tests.packs.world import spec

BOTH = ["access_pct", "guarantee_pct"]
CALLS: dict[str, Any] = {"react_level": "palveluyksikko", "months": 3}


def agenda(found: Material, metrics: list[str], language: str = "fi", **more: Any) -> Agenda:
    """The agenda of a deck of a service unit."""
    block = {"kind": "agenda", "metrics": metrics} | more
    pack = spec("kokous", "palveluyksikko", {"kind": "cards", "limit": 1}, block, format="pptx")
    (one,) = [b for b in build(found, pack, "etela", language).sections[0].blocks if isinstance(b, Agenda)]
    return one


def test_the_law_comes_first_whatever_the_order_of_the_metrics() -> None:
    law = deviation("guarantee_pct", "etela", kind="statutory", breaches=1, **CALLS)
    found = made(deviation("access_pct", "etela", **CALLS), law, values=(access(60, 100, "etela"),))
    first, second = agenda(found, BOTH).items
    assert first.badge == "Laki"
    assert second.message == "Yhteyden sai 60,0\u00a0%"
    assert (second.action, second.role) == ("Toimenpide sopimatta", "Vetäjä palveluyksikko")


def test_what_is_beyond_the_limit_is_named() -> None:
    law = deviation("guarantee_pct", "etela", kind="statutory", breaches=1, **CALLS)
    found = agenda(made(deviation("access_pct", "etela", **CALLS), law), BOTH, limit=1)
    assert (len(found.items), found.more) == (1, "Lisäksi tavoitteesta jäivät: Yhteydensaanti.")


def test_only_its_own_metrics_are_spoken_of() -> None:
    found = made(deviation("access_pct", "etela", **CALLS))
    assert agenda(found, ["guarantee_pct"]).items == ()
    assert [card.action for card in agenda(found, ["access_pct"]).items] == ["Toimenpide sopimatta"]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fi", "Tästä aiheesta ei ole päätettävää."),
        ("sv", "I detta ämne finns inget att besluta om."),
        ("en", "There is nothing to decide on this topic."),
    ],
)
def test_where_nothing_is_decided_that_is_said(language: str, said: str) -> None:
    found = agenda(made(), ["access_pct"], language)
    assert (found.items, found.empty) == ((), said)


def test_then_it_tells_what_helped_and_what_is_under_way() -> None:
    rows = (
        fixture.action("ranta", "T1", "2026-07-15", metric_id="access_pct", started_at="2026-02-01"),
        fixture.action("metsa", "T2", "2026-09-15", metric_id="access_pct"),
        fixture.action("metsa", "T3", "2026-09-15", metric_id="guarantee_pct"),
    )
    found = made(lists={"actions": rows}, effects={"T1": effect("seen", 6)})
    helped, running = agenda(found, ["access_pct"]).also
    assert helped.tone == "good"
    assert helped.text.startswith("Paransi tulosta: Toimi T1 (T1), ")
    assert "(6\u00a0kk)" in helped.text
    assert "Toimi T1 (T1), myöhässä" in running.text
    decided = agenda(made(deviation("access_pct", "etela", **CALLS), lists={"actions": rows}), ["access_pct"])
    assert decided.also == (), "what is to be decided has the room"


def test_an_action_on_what_deviates_goes_before_others() -> None:
    rows = (
        fixture.action("ranta", "T1", "2026-09-15", metric_id="access_pct"),
        fixture.action("metsa", "T2", "2026-10-15", metric_id="access_pct"),
    )
    low = deviation("access_pct", "metsa", actions=("T2",))
    running, units = agenda(made(low, lists={"actions": rows}), ["access_pct"]).also
    assert running.text == "Toimenpide: Toimi T2 (T2), käynnissä, määräaika 15.10.2026 (Metsa)."
    assert units.text.startswith("Poikkeavat yksiköt: Yhteydensaanti: Metsa ")


def test_what_is_followed_is_told_beside_it() -> None:
    higher = deviation("access_pct", "etela", kind="special_cause", signals=("special_cause",))
    found = agenda(made(higher, values=(access(82, 100, "etela"),)), ["access_pct"])
    assert [line.text for line in found.also] == ["Seurataan: Yhteydensaanti 82,0\u00a0%."]


def test_whatever_the_service_unit_may_decide_on_has_its_topic() -> None:
    """As shipped: a matter named on the first slide stands beside the chart of one topic, and of one only."""
    own = shipped.configs()
    deck = own.packs["service_unit"]
    topics = [id for block in deck.blocks if isinstance(block, kinds.Agenda) for id in block.metrics]
    decided = {
        id
        for id, metric in own.metrics.items()
        if metric.target and deck.level in metric.levels and deck.level in own.theme_of[id].lead
    }
    assert decided - set(topics) == set()
    assert len(topics) == len(set(topics))
