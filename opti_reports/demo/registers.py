"""Registers kept by hand, as they stood on the extraction day: actions, self-monitoring, incidents."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from opti_reports.demo.days import NONE, Bools, Ints, Times, days_of, first_day, is_workday
from opti_reports.demo.layout import Layout
from opti_reports.demo.quality import HAIPRO, make_haipro
from opti_reports.demo.source import Rows, Source, empty_some, hide, only, pick, serials
from opti_reports.demo.stories import story, story_unit
from opti_reports.demo.world import World

ACTIONS = Layout(
    source="action_register",
    order="action_id=Nro, unit_code, title, source_kind, source_ref, metric_id, opened_at, started_at, "
    "first_due_at, due_at, done_at=Toteutettu, state, expected_effect, owner_role=Vastuurooli, decided_by, "
    "escalated_to, answer, answered_at, answered_by_role",
    forms={"action_id": "T000000"},
    codes={
        "owner_role": "ylilääkäri, osastonhoitaja, apulaisosastonhoitaja, palveluyksikön johtaja",
        "answered_by_role": "johtava ylilääkäri, palveluyksikön johtaja, johtoryhmä",
    },
    xlsx=True,
)
OMAVALVONTA = Layout(
    source="omavalvonta",
    order="unit_code, plan_updated_on, plan_published, next_review_on, haipro_handler_named, "
    "haipro_deputy_named, feedback_handler_named, feedback_deputy_named, access_rights_checked_on, "
    "haipro_with_staff_on, feedback_with_staff_on",
    booleans=("x", "ei"),
    xlsx=True,
)
SERIOUS = Layout(
    source="serious_incidents",
    order="incident_id, unit_code, opened_at, state, recommendations_n, recommendations_done_n",
    forms={"incident_id": "V00000"},
    xlsx=True,
)
# Title, expected effect, source, metric (empty: none) of the actions taken in turn.
TEMPLATES = (
    ("Takaisinsoittoihin oma vuoro iltapäivään", "Takaisinsoitto 24 tunnissa", "mittari", "callback_24h_pct"),
    ("Puhelinvuorot lisätään maanantaiaamuihin", "Viiveetön yhteys", "mittari", "immediate_access_pct"),
    ("HaiPro-ilmoitukset käsitellään viikkopalaverissa", "Käsittely määräajassa",
     "haipro", "haipro_closed_60d_pct"),
    ("Lääkehoidon kaksoistarkastus otetaan käyttöön", "", "haipro", ""),
    ("Palautteille nimetään varakäsittelijä", "Vastaus 5 arkipäivässä",
     "palaute", "feedback_answered_5wd_pct"),
    ("Ajanvarauskirjoihin varataan kiireettömiä aikoja", "T3 lyhenee", "mittari", "t3_days"),
    ("Odotustilan opasteet uusitaan kahdella kielellä", "", "palaute", "nps"),
    ("Varhaisen tuen keskustelut käydään kaikkien kanssa", "Poissaolot vähenevät",
     "mittari", "sick_leave_pct"),
    ("Vuokratyövoiman käyttö rajataan päivystysaikoihin", "Menot talousarviossa",
     "mittari", "budget_ytd_pct"),
    ("Muistutusten vastauspohja ja määräaikojen seuranta", "",
     "muistutus_kantelu", "legal_replies_on_time_pct"),
    ("Tietosuojaohje kerrataan henkilöstökokouksessa", "", "auditointi", ""),
    ("Lääkäriajat jaetaan uudelleen viikonpäiville", "Lääkärille 7 vuorokaudessa",
     "mittari", "doctor_wait_7d_pct"),
    ("Perehdytyskansio päivitetään", "", "muu", ""),
)  # fmt: skip
OF_REPORTS = tuple(i for i, (_, _, source, _) in enumerate(TEMPLATES) if source == "haipro")
REPORTED = 4
"""How many actions a month come of incident reports beside those taken in turn."""
PROPOSED, AGREED, RUNNING, DONE, DROPPED = ACTIONS.positions(
    "state", "ehdotettu", "sovittu", "kaynnissa", "valmis", "peruttu"
)
WAITING = ACTIONS.code("answer", "odottaa")
DAYS = "timedelta64[D]"


def make_actions(world: World, month: int) -> Rows:
    """Return actions decided in the month, with every later change."""
    rng = world.rng("action_register", month)
    story_start = story("callback_recovery").from_month - 1
    begins = month - world.last == story_start and story_unit(world, "callback_recovery") >= 0
    n = 6 + int(rng.integers(0, 4)) + begins + REPORTED
    template = rng.integers(0, len(TEMPLATES), n)
    template[-REPORTED:] = rng.choice(OF_REPORTS, REPORTED)
    unit, reports = _of_reports(world, month, template, _units(world, rng, month, n))
    if begins:
        template[0], unit[0] = 0, story_unit(world, "callback_recovery")
    opened = np.sort(rng.choice(days_of(month)[is_workday(days_of(month))], n))
    started = opened + rng.integers(0, 25, n).astype(DAYS)
    due = opened + rng.integers(30, 150, n).astype(DAYS)
    if begins:
        opened[0], started[0], due[0] = first_day(month), first_day(month), first_day(month + 3)
    story_one = begins & (np.arange(n) == 0)
    moved = (rng.random(n) < 0.14) & ~story_one
    done = due + np.where(rng.random(n) < 0.82, -rng.integers(0, 25, n), rng.integers(1, 60, n)).astype(DAYS)
    done = np.where(story_one, due - 5, done)
    rows = {
        "action_id": serials(month, n, 2),
        "unit_code": unit,
        "opened_at": opened,
        "started_at": np.where(rng.random(n) < 0.05, NONE, started),
        "first_due": due,
        "moved_due": due + rng.integers(20, 90, n).astype(DAYS),
        "moved_at": only(due - rng.integers(3, 20, n).astype(DAYS), moved),
        "done_at": np.maximum(np.where(moved, due + rng.integers(5, 80, n).astype(DAYS), done), started),
        "dropped_at": np.where(
            (rng.random(n) < 0.05) & (template > 0), opened + rng.integers(20, 60, n).astype(DAYS), NONE
        ),
        "owner_role": pick(rng, n, 0.3, 0.4, 0.2, 0.1),
    }
    words = _words(rng, template)
    words["source_ref"] = np.where(reports != None, reports, words["source_ref"])  # noqa: E711 - by element
    return rows | words | _escalation(rng, opened) | _decided(world, rng, unit)


def _of_reports(world: World, month: int, template: Ints, unit: Ints) -> tuple[Ints, NDArray[np.object_]]:
    """Return actions that come of incident reports of this month or the last, in the reports' units."""
    rng = world.rng("actions_of_reports", month)
    found = [make_haipro(world, m) for m in (month - 1, month) if m >= world.first]
    ids, units, proposals = (
        np.concatenate([table[name] for table in found])
        for name in ("report_id", "handler_unit_code", "action_proposal")
    )
    fit = np.flatnonzero(proposals >= HAIPRO.code("action_proposal", "kehittamistoimenpide"))
    refs = np.full(len(template), None, dtype=object)
    if not len(fit):
        return unit, refs
    chosen = fit[rng.integers(0, len(fit), len(template))]
    ours = np.isin(template, OF_REPORTS)
    refs[ours] = [f"H{number:08d}" for number in ids[chosen[ours]]]
    return np.where(ours, units[chosen], unit), refs


def _units(world: World, rng: np.random.Generator, month: int, n: int) -> Ints:
    """Mostly operating units, now and then a service unit."""
    org = world.org
    own = org.alive(org.with_code("opti"), month)
    service = org.of_kind("palveluyksikko")
    chosen = own[rng.integers(0, len(own), n)]
    if not len(service):
        return chosen
    return np.where(rng.random(n) < 0.08, service[rng.integers(0, len(service), n)], chosen)


def _words(rng: np.random.Generator, template: Ints) -> Rows:
    titles, effects, sources, metrics = zip(*(TEMPLATES[i] for i in template), strict=True)
    numbers = np.where(rng.random(len(template)) < 0.6, rng.integers(100, 999, len(template)), 0)
    refs = [f"{source.upper()[:3]}-{n}" if n else None for source, n in zip(sources, numbers, strict=True)]
    return {
        "title": np.array(titles, dtype=object),
        "expected_effect": np.array([effect or None for effect in effects], dtype=object),
        "source_kind": ACTIONS.positions("source_kind", *sources),
        "source_ref": np.array(refs, dtype=object),
        "metric_id": np.array([metric or None for metric in metrics], dtype=object),
    }


def _escalation(rng: np.random.Generator, opened: Times) -> Rows:
    n = len(opened)
    level = np.where(rng.random(n) < 0.22, pick(rng, n, 0.7, 0.3), -1)
    answers = rng.random(n) < 0.8
    return {
        "escalated_to": level,
        "decision": pick(rng, n, 0.7, 0.3),
        "answered_at": np.where((level >= 0) & answers, opened + rng.integers(10, 70, n).astype(DAYS), NONE),
    }


def _decided(world: World, rng: np.random.Generator, unit: Ints) -> Rows:
    """Return the level that decided each action: some its service unit, a few the management group."""
    units = world.org.units
    above = np.array([world.org.number(units[at].parent) for at in unit], dtype=np.int64)
    service, draw = np.isin(above, world.org.of_kind("palveluyksikko")), rng.random(len(unit))
    whole = world.org.of_kind("palvelulinja")
    top = whole[0] if len(whole) else -1
    return {"decided_by": np.where(service & (draw < 0.12), above, np.where(draw > 0.88, top, -1))}


def known_actions(_world: World, table: Rows, moment: np.datetime64) -> Rows:
    """Return the register on the day: a moved due date shows the new one and keeps the first."""
    seen = hide(ACTIONS, table, moment, "dropped_at", "moved_at")
    dropped, moved = ~np.isnat(seen["dropped_at"]), ~np.isnat(seen["moved_at"])
    done = np.where(dropped, NONE, seen["done_at"])
    agreed = table["opened_at"] + np.timedelta64(7, "D") <= moment
    state = np.where(agreed, AGREED, PROPOSED)
    state = np.where(~np.isnat(seen["started_at"]), RUNNING, state)
    state = np.where(dropped, DROPPED, np.where(~np.isnat(done), DONE, state))
    answered = ~np.isnat(seen["answered_at"])
    role = np.where(table["escalated_to"] == 1, 2, table["action_id"] % 2)
    rows = seen | {
        "first_due_at": np.where(moved, table["first_due"], NONE),
        "due_at": np.where(moved, table["moved_due"], table["first_due"]),
        "done_at": done,
        "state": state,
        "answer": np.where(table["escalated_to"] < 0, -1, np.where(answered, table["decision"], WAITING)),
        "answered_by_role": np.where(answered, role, -1),
    }
    return {name: values[table["opened_at"] <= moment] for name, values in rows.items()}


def _open_actions(table: Rows, _end: np.datetime64) -> Bools:
    waiting: Bools = np.isnat(table["done_at"]) & (table["state"] != DROPPED)
    return waiting


def make_omavalvonta(world: World, month: int) -> Rows:
    """Return one row per unit: what is in order at the end of the month."""
    rng = world.rng("omavalvonta", month)
    org = world.org
    unit = org.alive(org.with_code("opti"), month)
    n = len(unit)
    end = first_day(month + 1)
    steady = world.rng("omavalvonta")
    age = steady.integers(0, 360, len(org.units))[unit] + (month - world.first) * 30
    updated = end - (age % 390 + 1).astype(DAYS)
    return {
        "unit_code": unit,
        "plan_updated_on": empty_some(rng, updated, 0.05),
        "plan_published": empty_some(rng, steady.random(len(org.units))[unit] < 0.85, 0.05),
        "next_review_on": empty_some(rng, updated + np.timedelta64(365, "D"), 0.08),
        "haipro_handler_named": _named(rng, n, 0.95),
        "haipro_deputy_named": _named(rng, n, 0.80),
        "feedback_handler_named": _named(rng, n, 0.93),
        "feedback_deputy_named": _named(rng, n, 0.72),
        "access_rights_checked_on": empty_some(rng, end - rng.integers(1, 300, n).astype(DAYS), 0.10),
        "haipro_with_staff_on": empty_some(rng, end - rng.integers(1, 60, n).astype(DAYS), 0.10),
        "feedback_with_staff_on": empty_some(rng, end - rng.integers(1, 90, n).astype(DAYS), 0.12),
    }


def _named(rng: np.random.Generator, n: int, share: float) -> Ints:
    return empty_some(rng, rng.random(n) < share, 0.04)


def make_serious(world: World, month: int) -> Rows:
    """Serious incidents found in the month: none in most months, each of a service unit."""
    rng = world.rng("serious_incidents", month)
    service = world.org.of_kind("palveluyksikko")
    n = int(rng.poisson(0.7)) if len(service) else 0
    opened = np.sort(rng.choice(days_of(month), n))
    steps = np.cumsum(rng.integers(12, 70, (n, 5)), axis=1)
    return {
        "incident_id": serials(month, n, 1),
        "unit_code": service[rng.integers(0, max(len(service), 1), n)],
        "opened_at": opened,
        "recommended": rng.integers(1, 7, n),
        **{f"step{i}": opened + steps[:, i].astype(DAYS) for i in range(5)},
    }


def known_serious(_world: World, table: Rows, moment: np.datetime64) -> Rows:
    """Return the state reached by the day; recommendations exist once the investigation is ready."""
    reached = sum((table[f"step{i}"] <= moment).astype(np.int64) for i in range(5))
    state = np.asarray(reached, dtype=np.int64)
    ready = SERIOUS.code("state", "selvitys_valmis")
    done = np.where(
        state > ready + 1, table["recommended"], np.where(state == ready + 1, table["recommended"] // 2, 0)
    )
    return table | {
        "state": state,
        "recommendations_n": np.where(state >= ready, table["recommended"], -1),
        "recommendations_done_n": np.where(state >= ready, done, -1),
    }


def _open_serious(table: Rows, _end: np.datetime64) -> Bools:
    return table["state"] < SERIOUS.code("state", "arvioitu")


SOURCES = (
    Source(layout=ACTIONS, make=make_actions, known=known_actions, still_open=_open_actions),
    Source(layout=OMAVALVONTA, make=make_omavalvonta, snapshot=True),
    Source(layout=SERIOUS, make=make_serious, known=known_serious, still_open=_open_serious),
)
