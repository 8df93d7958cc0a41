"""Incident reports and legal cases with their handling."""

from __future__ import annotations

import numpy as np

from opti_reports.demo.days import (
    NONE,
    Bools,
    Floats,
    Ints,
    Times,
    at,
    draw_days,
    draw_seconds,
    into_office,
    later,
    workdays_in,
)
from opti_reports.demo.layout import Layout
from opti_reports.demo.source import Rows, Source, empty_some, hide, only, pick, serials
from opti_reports.demo.stories import touched
from opti_reports.demo.world import World
from opti_reports.demo.write import join, take

HAIPRO = Layout(
    source="haipro_reports",
    order="report_id, report_type, event_unit_code, handler_unit_code, reported_at, arrived_at, "
    "transferred_at, transferred_from_unit_code, received_at, classified_at, analysed_at, "
    "closed_at=Käsittely päättynyt, state=Käsittelyn tila, nature, event_type=Tapahtuman tyyppi, "
    "consequence, risk_class, action_proposal, serious_process",
    forms={"report_id": "H00000000"},
    spelled={
        "patient_safety": "Asiakas- ja potilasturvallisuus",
        "occupational_safety": "Työturvallisuusilmoitus",
        "data_security": "Tietoturva",
    },
    constant=("Lomakeversio", "7"),
    encoding="cp1252",
    dates="finnish",
)
LEGAL = Layout(
    source="legal_cases",
    order="case_id, case_kind, unit_code, authority, received_at=Vireilletulo, due_at, "
    "replied_at=Selvitys annettu, from_complaint, topic, outcome",
    forms={"case_id": "ASIA/0000000/12.00"},
    delimiter="\t",
    dates="finnish",
    booleans=("1", "0"),
)
WAITING, HANDLING, ASKING, MOVED, DONE, VOID = HAIPRO.positions(
    "state", "odottaa", "kasittelyssa", "lisatietopyynto", "siirretty", "kasitelty", "mitatoity"
)
PATIENT, STAFF, DATA, OTHER = HAIPRO.positions(
    "report_type", "patient_safety", "occupational_safety", "data_security", "other"
)
LVV_FROM = (2026 - 1970) * 12
DAY = 86400


def make_haipro(world: World, month: int) -> Rows:
    """Incident reports made in the month."""
    rng = world.rng("haipro_reports", month)
    n = int(rng.poisson(140 * max(world.slow_scale, 0.6) * workdays_in(month) / 21)) + 12
    kind = pick(rng, n, 0.66, 0.26, 0.05, 0.03, of=(PATIENT, STAFF, DATA, OTHER))
    silent = touched(world, "haipro_silence", month)
    event = _event_unit(world, rng, month, n, silent)
    reported = np.sort(at(draw_days(rng, month, n, weekend=3), draw_seconds(rng, n, 0.15)))
    lag = np.where(rng.random(n) < 0.2, rng.uniform(0, 2 * DAY, n), 0)
    arrived = later(reported, lag)
    moved = rng.random(n) < 0.09
    table: Rows = {
        "report_id": serials(month, n, 4),
        "report_type": kind,
        "event_unit_code": event,
        "handler_unit_code": np.where(moved, _event_unit(world, rng, month, n, silent), event),
        "reported_at": reported,
        "arrived_at": np.where(rng.random(n) < 0.08, NONE, arrived),
        "transferred_at": only(into_office(rng, later(arrived, rng.uniform(0.3, 14, n) * DAY)), moved),
        "transferred_from_unit_code": only(event, moved),
        "nature": empty_some(rng, np.where(kind == PATIENT, pick(rng, n, 0.36, 0.54, 0.10), 2), 0.03),
        "event_type": empty_some(rng, pick(rng, n, 24, 20, 9, 6, 8, 14, 3, 6, 6, 4), 0.02),
        "void": rng.random(n) < 0.02,
        "asks": rng.random(n) < 0.06,
    }
    return table | _classes(rng, kind) | _handling(world, rng, month, table, arrived)


def _event_unit(
    world: World, rng: np.random.Generator, month: int, n: int, silent: Floats | None = None
) -> Ints:
    """Return units by size; remote services and the administration have some too, those that
    are silent none.
    """
    units = world.org.alive(world.org.with_code("haipro"), month)
    weights = world.org.people(month)[units] ** 0.6
    weights = np.where(weights > 0, weights, 4.0)
    if silent is not None:
        weights = weights * (1 - silent[units])
    return units[rng.choice(len(units), n, p=weights / weights.sum())]


def _classes(rng: np.random.Generator, kind: Ints) -> Rows:
    """Consequence, risk class, proposal and the serious process."""
    n = len(kind)
    harm = np.where(kind == PATIENT, pick(rng, n, 0.52, 0.30, 0.11, 0.025, 0.045), -1)
    risk = np.where(harm == 3, 3 + pick(rng, n, 0.7, 0.3), pick(rng, n, 0.40, 0.38, 0.18, 0.04))
    return {
        "consequence": empty_some(rng, harm, 0.03),
        "risk_class": empty_some(rng, risk, 0.05),
        "action_proposal": empty_some(rng, pick(rng, n, 0.22, 0.47, 0.26, 0.05), 0.02),
        "serious_process": np.where(rng.random(n) < 0.30, -1, (harm == 3).astype(np.int64)),
    }


def _slowness(world: World, month: int) -> Floats:
    """Per unit how slowly reports are handled."""
    usual = np.exp(world.effect("haipro", 0.2))
    return np.where(touched(world, "haipro_late", month) > 0, usual * 7, usual)


def _handling(world: World, rng: np.random.Generator, month: int, table: Rows, arrived: Times) -> Rows:
    """Received, classified, analysed, closed: each after the one before, in office hours."""
    n = len(arrived)
    pace = _slowness(world, month)[table["handler_unit_code"]]
    received = into_office(rng, later(arrived, rng.exponential(0.7 * DAY, n) * pace))
    classified = into_office(rng, later(received, rng.lognormal(-0.1, 0.65, n) * DAY * pace))
    analysed = into_office(rng, later(classified, rng.exponential(0.15 * DAY, n) * pace))
    days = rng.lognormal(3.2, 0.48, n) * np.minimum(pace, 2.5)
    closed = into_office(rng, later(analysed, days * DAY))
    moved = table["transferred_at"]
    after = np.where(np.isnat(moved), received, np.maximum(received, moved + np.timedelta64(3600, "s")))
    shift = (after - received).astype(np.int64)
    waits = rng.random(n) < 0.012
    return {
        "received_at": np.where(waits, NONE, after),
        "classified_at": np.where(waits, NONE, later(classified, shift)),
        "analysed_at": np.where(waits | (rng.random(n) < 0.02), NONE, later(analysed, shift)),
        "closed_at": np.where(waits, NONE, later(closed, shift)),
    }


def known_haipro(_world: World, table: Rows, moment: np.datetime64) -> Rows:
    """Handling as far as it has come: classes after classification, the proposal with the analysis."""
    seen = hide(HAIPRO, table, moment)
    before = np.isnat(seen["transferred_at"]) & ~np.isnat(table["transferred_at"])
    sender = table["transferred_from_unit_code"]
    received, classified = ~np.isnat(seen["received_at"]), ~np.isnat(seen["classified_at"])
    closed = ~np.isnat(seen["closed_at"])
    state = np.where(received, np.where(table["asks"], ASKING, HANDLING), WAITING)
    state = np.where(~received & ~np.isnat(seen["transferred_at"]), MOVED, np.where(closed, DONE, state))
    classes = ("consequence", "risk_class", "action_proposal")
    return seen | {name: only(table[name], classified) for name in classes} | {
        "handler_unit_code": np.where(before, sender, table["handler_unit_code"]),
        "transferred_from_unit_code": np.where(before, -1, sender),
        "state": np.where(table["void"], VOID, state),
    }  # fmt: skip


def _open_haipro(table: Rows, end: np.datetime64) -> Bools:
    return np.isnat(table["closed_at"]) | (table["closed_at"] >= end)


def make_legal(world: World, month: int) -> Rows:
    """Objections, complaints and enquiries received in the month; some concern two units."""
    rng, slow = world.rng("legal_cases", month), world.rng("slow_cases", month)
    n = int(rng.poisson(30 * max(world.slow_scale, 0.4))) + 5
    kind = pick(rng, n, 0.58, 0.18, 0.19, 0.05)
    received = np.sort(draw_days(rng, month, n))
    # A few authorities give most of a year: such a case is due, and answered, long after it came in.
    given = np.where(slow.random(n) < 0.08, slow.integers(200, 401, n), rng.integers(14, 43, n)).astype(
        "timedelta64[D]"
    )
    has_due = (kind > 0) & (rng.random(n) < 0.95) | (rng.random(n) < 0.3)
    due = only(received + np.where(kind == 0, np.timedelta64(28, "D"), given), has_due)
    limit = np.where(np.isnat(due), received + np.timedelta64(28, "D"), due)
    early = np.where(rng.random(n) < 0.94, -rng.integers(0, 13, n), rng.integers(1, 25, n))
    first = {
        "case_id": serials(month, n, 3),
        "case_kind": kind,
        "unit_code": _event_unit(world, rng, month, n),
        "authority": _authority(rng, kind, month),
        "received_at": received,
        "due_at": due,
        "replied_at": limit + early.astype("timedelta64[D]"),
        "from_complaint": only(empty_some(rng, rng.random(n) < 0.1, 0.1), kind == 0),
        "topic": empty_some(rng, pick(rng, n, 22, 35, 16, 9, 6, 4, 8), 0.03),
        "outcome": _outcome(rng, kind),
    }
    return _second_units(world, rng, month, first)


def _second_units(world: World, rng: np.random.Generator, month: int, first: Rows) -> Rows:
    n = len(first["case_id"])
    double = take(first, np.flatnonzero(rng.random(n) < 0.10))
    other = _event_unit(world, rng, month, len(double["case_id"]))
    differs = other != double["unit_code"]
    both = join([first, take(double | {"unit_code": other}, differs)])
    return take(both, np.argsort(both["case_id"], kind="stable"))


def _authority(rng: np.random.Generator, kind: Ints, month: int) -> Ints:
    """Supervision moved to the new agency in January 2026."""
    names = (
        ("lvv", "eoa", "okv", "tietosuojavaltuutettu")
        if month >= LVV_FROM
        else ("avi", "valvira", "eoa", "okv")
    )
    supervisor = LEGAL.positions("authority", *names)[pick(rng, len(kind), 0.6, 0.2, 0.12, 0.08)]
    insurer, nobody = LEGAL.positions("authority", "pvk", "ei")
    found = np.where(
        kind == 1, supervisor, np.where(kind == 2, insurer, np.where(kind == 3, supervisor, nobody))
    )
    return empty_some(rng, found, 0.03)


def _outcome(rng: np.random.Generator, kind: Ints) -> Ints:
    """Return outcomes: the insurer pays or does not; the others end with or without measures."""
    n = len(kind)
    paid = np.where(
        rng.random(n) < 0.35, LEGAL.code("outcome", "korvattu"), LEGAL.code("outcome", "ei_korvattu")
    )
    return np.where(kind == 2, paid, pick(rng, n, 0.55, 0.33, 0.12))


def known_legal(_world: World, table: Rows, moment: np.datetime64) -> Rows:
    """Replies given by the moment; an outcome is known 60 days after the reply."""
    seen = hide(LEGAL, table, moment)
    settled = table["replied_at"] + np.timedelta64(60, "D") <= moment
    pending = np.where(np.isnat(seen["replied_at"]), -1, LEGAL.code("outcome", "kesken"))
    return seen | {"outcome": np.where(settled, table["outcome"], pending)}


def _open_legal(table: Rows, end: np.datetime64) -> Bools:
    return np.isnat(table["replied_at"]) | (table["replied_at"] >= end)


SOURCES = (
    Source(layout=HAIPRO, make=make_haipro, known=known_haipro, still_open=_open_haipro),
    Source(layout=LEGAL, make=make_legal, known=known_legal, still_open=_open_legal),
)
