"""Verdicts with the numbers behind them, what nobody reported or handled, what is proposed to be decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from opti_reports.config.processes import Process, Proposals, Silence
from opti_reports.model.card import Remarks
from opti_reports.model.finding import Deviation, Silent, Standing
from opti_reports.model.pack import Block, Table
from opti_reports.model.report import ListRow
from opti_reports.packs.build import build
from opti_reports.packs.material import Material
from opti_reports.periods.cadence import TERTIAL
from opti_reports.periods.period import Period
from tests.packs import fixture
from tests.packs.fixture import value
from tests.packs.outline import outline
from tests.packs.test_cards import deviation
from tests.packs.world import DATA_MONTH, LANGUAGES, configs, spec, words

VERDICTS = {"kind": "verdicts", "processes": ["prosessi"]}
PENDING = {"kind": "pending"}
PROPOSALS = {"kind": "proposals", "list": "actions", "limit": 3}
PROCESS = Process.model_validate(
    {"id": "prosessi", "name": words("Käsittely"), "metrics": ["closed_pct", "access_pct"], "partly": 80}
)
SILENCE = Silence.model_validate({"metric": "calls_n", "months": 3, "meaning": words("Puheeksi.")})


def material(*changed: Any, proposals: Proposals | None = None, **more: Any) -> Material:
    made = fixture.material(*changed, **more)
    rules = made.configs.findings.model_copy(
        update={"process": (PROCESS,), "silence": (SILENCE,), "proposals": proposals or Proposals()}
    )
    return replace(made, configs=replace(configs(), findings=rules))


def blocks(
    made: Material, org: str, level: str, entry: dict[str, Any], language: str = "fi", **more: Any
) -> Sequence[Block]:
    sections = build(made, spec("m", level, entry, **more), org, language).sections
    return sections[0].blocks if sections else ()


def table(made: Material, entry: dict[str, Any], language: str = "fi", **more: Any) -> Table:
    (found,) = blocks(made, "alue", "alue", entry, language, **more)
    assert isinstance(found, Table)
    return found


def standings(**verdicts: str) -> dict[tuple[str, str, Period], Standing]:
    """The process of the whole area; by how many tertials ago as ``t0``, ``t1``."""
    found = {}
    for name, verdict in verdicts.items():
        period = Period(TERTIAL, DATA_MONTH - 4 * int(name[1:]))
        judged = ("closed_pct",) if verdict != "unjudged" else ()
        one = Standing(process="prosessi", org="alue", period=period, verdict=verdict, judged=judged)  # type: ignore[arg-type]
        found["prosessi", "alue", period] = one
    return found


def test_a_verdict_stands_beside_its_numbers_and_the_ones_before() -> None:
    tertial = Period(TERTIAL, DATA_MONTH)
    made = material(
        value("closed_pct", "alue", tertial, part=85),
        value("access_pct", "alue", tertial, "few", part=2, whole=3),
        standings=standings(t0="partly", t1="not_kept"),
    )
    found = table(made, VERDICTS, cadence="tertial")
    assert [column.label for column in found.columns[1:4]] == ["T2/26", "T1/26", "T3/25"]
    (row,) = found.rows
    assert row[:4] == ("Käsittely", "osittain", "ei toteudu", "ei arvioida")
    assert row[4].replace("\u00a0", " ") == (
        "Käsitellyt 85,0 % (85/100), ≥ 95 %; Yhteydensaanti liian vähän (n = 3), ≥ 80 % – ei arvioitu"
    )
    assert found.tones == ((0, 1, "watch"), (0, 2, "off"), (0, 3, "none"))
    assert "vähintään 80" in found.note
    assert "viimeisen kuukauden aineistosta" in found.note


def test_preliminary_figures_are_not_called_frozen() -> None:
    made = replace(material(standings=standings(t0="kept")), stage="preliminary")
    assert "viimeisen kuukauden aineistosta" not in table(made, VERDICTS, cadence="tertial").note


def test_the_actions_of_a_process_are_counted_by_what_became_of_them() -> None:
    done = {"done_at": "2026-07-20", "started_at": "2026-01-10"}
    actions = (
        fixture.action("ranta", "T1", "2026-09-15", metric_id="closed_pct"),
        fixture.action("kallio", "T2", "2026-06-30", metric_id="closed_pct", **done),
        fixture.action("kallio", "T3", "2026-06-30", metric_id="nps", **done),
    )
    made = material(lists=fixture.LISTS | {"actions": actions}, standings=standings(t0="kept"))
    (row,) = table(made, VERDICTS, cadence="tertial").rows
    assert row[5].startswith("avoimia 1, valmistunut 1, parantanut tulosta ")


def test_a_process_without_any_figure_is_not_judged() -> None:
    (row,) = table(material(), VERDICTS, cadence="tertial").rows
    assert row[1:4] == ("ei arvioida",) * 3


def said(found: Sequence[Block]) -> list[str]:
    return [item.text for block in found if isinstance(block, Remarks) for item in block.items]


def test_silence_is_a_finding_with_the_units_it_is_of() -> None:
    made = material(silences=(Silent("calls_n", "ranta", 4), Silent("calls_n", "kallio", 3)))
    register = fixture.LISTS | {"omavalvonta": (), "actions": ()}
    found = blocks(replace(made, lists=register), "alue", "alue", PENDING)
    assert said(found) == ["Puhelut: ei yhtään 3 kuukauteen. Yksiköt: Ranta; Kallio. Puheeksi."]
    own = blocks(replace(made, lists=register), "ranta", "yksikko", PENDING)
    assert said(own) == ["Puhelut: ei yhtään 4 kuukauteen. Puheeksi."]
    assert blocks(replace(made, lists=register), "metsa", "yksikko", PENDING) == ()


def test_what_was_not_handled_with_the_staff_for_two_months_is_a_finding() -> None:
    rows = tuple(
        ListRow(org, {"haipro_with_staff_on": day})
        for org, day in (("ranta", "2026-06-30"), ("metsa", "2026-07-01"), ("kallio", ""))
    )
    made = material(lists=fixture.LISTS | {"omavalvonta": rows})
    late = "HaiPro-ilmoitusten käsittely henkilöstön kanssa (ei 2 kuukauteen)"
    assert (
        said(blocks(made, "ranta", "yksikko", PENDING))[-1]
        == f"Lähde puhelut, tekemättä tai myöhässä: {late}"
    )
    above = said(blocks(made, "alue", "alue", PENDING))[-1]
    assert above == f"Lähde puhelut, tekemättä tai myöhässä: {late} 2 yksikössä"
    assert blocks(made, "metsa", "yksikko", PENDING) == ()


@pytest.mark.parametrize(
    ("due", "line"), [("2026-08-09", "3 kesken, 1 myöhässä"), ("2026-09-09", "3 kesken, kaikki ajallaan")]
)
def test_open_cases_of_which_none_is_late_are_told_so(due: str, line: str) -> None:
    told = {"waiting": words("{n} kesken, {late} myöhässä"), "waiting_one": words("Yksi kesken")}
    told |= {"waiting_in_time": words("{n} kesken, kaikki ajallaan")}
    source = configs().sources["puhelut"]
    lists = [one.model_copy(update=told) if one.id == "open_haipro" else one for one in source.list]
    cases = [
        ListRow("ranta", {"report_id": f"H{n}", "age_days": "9", "due_at": due * (n == 1)}) for n in range(3)
    ]
    made = material(lists={"open_haipro": tuple(cases)})
    sources = configs().sources | {"puhelut": source.model_copy(update={"list": lists})}
    made = replace(made, configs=replace(made.configs, sources=sources))
    shown = spec("m", "yksikko", PENDING, {"kind": "list", "list": "open_haipro"})
    assert said(build(made, shown, "ranta", "fi").sections[0].blocks) == [line]


def test_answers_come_first_the_oldest_before_the_rest_and_deviations_fill_up() -> None:
    raised = {"escalated_to": "alue"}
    actions = (
        fixture.action("ranta", "T1", "2026-09-15", opened_at="2026-05-02", **raised),
        fixture.action("kallio", "T2", "2026-09-15", opened_at="2026-02-02", **raised),
        fixture.action("kallio", "T3", "2026-09-15", opened_at="2026-06-02", **raised),
        fixture.action("kallio", "T4", "2026-06-15", opened_at="2026-01-02", done_at="2026-08-01", **raised),
        fixture.action("kallio", "T5", "2026-06-15", opened_at="2026-01-02", escalated_to="palveluyksikko"),
    )
    made = material(lists=fixture.LISTS | {"actions": actions}, proposals=Proposals(days=30, answers=2))
    found = table(made, PROPOSALS)
    assert [row[0] for row in found.rows] == [
        "Vastataan yksikölle: Toimi T2 (T2)",
        "Vastataan yksikölle: Toimi T1 (T1)",
        "Päätetään toimenpide: Hoitotakuu",
    ]
    assert found.rows[0][1] == "Kallio fi yksikko odottaa vastausta, 210 vrk (käynnissä, määräaika 15.9.2026)"
    assert {row[3] for row in found.rows} == {"30.9.2026"}
    assert found.note.startswith("Ensin enintään 2 pisimpään vastausta odottanutta asiaa")
    assert found.note.endswith("Lisäksi vastausta odottavia asioita: 1.")


def fallen(org: str, months: int, size: float, **more: Any) -> Deviation:
    """A target missed that is a special cause too, and has called on the highest level."""
    plain = {"kind": "off_target", "signals": ("off_target", "special_cause"), "react_level": "alue"}
    return deviation("access_pct", org, months, severity=size, **(plain | more))


@pytest.mark.parametrize(
    ("one", "proposed"),
    [
        (fallen("kallio", 3, 0.4), True),
        (fallen("kallio", 7, 0.4), False),  # the meeting before has seen it
        (fallen("kallio", 3, 0.4, actions=("T1",)), False),
        (fallen("kallio", 3, 0.4, signals=("off_target",)), False),
        (fallen("kallio", 3, 0.4, react_level="palveluyksikko"), False),
    ],
)
def test_what_fell_in_a_unit_since_the_last_meeting_is_proposed_before_what_is_old(
    one: Deviation, proposed: bool
) -> None:
    made = material(lists=fixture.LISTS | {"actions": ()})
    found = table(
        replace(made, deviations=(*made.deviations, one)), PROPOSALS | {"limit": 2}, cadence="tertial"
    )
    named = [row[0] for row in found.rows]
    new = "Päätetään toimenpide: Yhteydensaanti: Kallio fi yksikko"
    assert (named[0] == new) is proposed, named
    assert "Päätetään toimenpide: Hoitotakuu" in named, "the law is proposed beside it"
    assert ("heikentynyt edellisen kokouksen jälkeen" in found.note) is proposed


def test_a_deviation_with_actions_under_way_is_to_be_judged() -> None:
    made = material(lists=fixture.LISTS | {"actions": ()})
    worked_on = tuple(replace(one, actions=("T1",)) for one in made.deviations)
    found = table(replace(made, deviations=worked_on), PROPOSALS)
    assert found.rows[0][0] == "Arvioidaan, riittävätkö toimenpiteet: Hoitotakuu"
    assert found.rows[0][1].endswith("Avoimia toimenpiteitä: 1.")
    assert found.rows[0][2] == "Vetäjä alue"


def test_nothing_to_decide_is_said() -> None:
    made = material(lists=fixture.LISTS | {"actions": ()})
    found = table(replace(made, deviations=()), PROPOSALS)
    assert (found.rows, found.empty) == (
        (),
        "Ei päätettäviä poikkeamia eikä vastausta odottavia asioita.",
    )


@pytest.mark.parametrize(
    ("opened", "done", "told"),
    [
        ("2026-05-01", "2026-06-01", True),  # decided since the tertial before ended
        ("2026-04-30", "2026-06-01", False),
        ("2026-04-30", "", True),  # decided earlier and not done
    ],
)
def test_the_decisions_of_the_meeting_itself_since_the_last_review(
    opened: str, done: str, told: bool
) -> None:
    by = {"decided_by": "alue", "opened_at": opened, "done_at": done}
    actions = (
        fixture.action("ranta", "T1", "2026-09-15", **by),
        fixture.action("ranta", "T2", "2026-09-15", **(by | {"decided_by": "etela"})),
    )
    made = material(lists=fixture.LISTS | {"actions": actions})
    found = table(made, {"kind": "list", "list": "actions", "decided": True}, cadence="tertial")
    assert [row[0] for row in found.rows] == (["Toimi T1 (T1)"] if told else [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_opening_of_a_review_says(language: str, snapshot: SnapshotAssertion) -> None:
    made = material(
        value("closed_pct", "alue", Period(TERTIAL, DATA_MONTH), part=85),
        silences=(Silent("calls_n", "ranta", 3),),
        standings=standings(t0="partly", t1="kept"),
    )
    decided = {"kind": "list", "list": "actions", "decided": True}
    review = spec("m", "alue", PROPOSALS, decided, VERDICTS, PENDING, cadence="tertial")
    assert outline(build(made, review, "alue", language)) == snapshot


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything(language: str) -> None:
    silent = (Silent("calls_n", "ranta", 3),)
    made = material(silences=silent, standings=standings(t0="kept", t1="unjudged"))
    said = []
    for entry in (VERDICTS, PROPOSALS, PENDING):
        for block in blocks(made, "alue", "alue", entry, language, cadence="tertial"):
            if isinstance(block, Remarks):
                said += [block.caption, *(item.text for item in block.items)]
            else:
                assert isinstance(block, Table)
                said += [block.caption, block.note, *(text for row in block.rows for text in row)]
    assert all(said)
    assert not [text for text in said if "{" in text]
    kept = {"fi": "toteutuu", "sv": "följs", "en": "kept"}[language]
    assert kept in said
