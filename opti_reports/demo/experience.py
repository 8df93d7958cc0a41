"""Client experience: survey answers, and feedback with its handling."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

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
)
from opti_reports.demo.layout import Layout
from opti_reports.demo.quotes import QUOTES
from opti_reports.demo.source import Rows, Source, empty_some, hide, pick, serials
from opti_reports.demo.world import World
from opti_reports.demo.write import UNSURE

SURVEY = Layout(
    source="survey_responses",
    order="response_id, unit_code, answered_at=Vastausaika, service_date, service_channel, "
    "language=Vastauskieli, age_group, nps_0_10=Suositteluarvo, s1_help, s2_cared, s3_shared, s4_safe, "
    "s5_continuity, s6_understand, s7_benefit",
    forms={"response_id": "K0000000000"},
    unsure="En osaa sanoa",
    constant=("Kyselyversio", "2023"),
    encoding="utf-16",
    delimiter="\t",
    dates="finnish",
)
FEEDBACK = Layout(
    source="client_feedback",
    order="feedback_id, unit_code, received_at=Jätetty, channel=Palautekanava, text=Avoin palaute, "
    "quote_marked, feedback_kind, topic, reply_wanted, first_handled_at, closed_at=Käsittely päättynyt, "
    "first_replied_at=Vastine annettu, rerouted_at=Uudelleenohjattu, rerouted_from_unit_code, reopened_at, "
    "state=Status, language",
    forms={"feedback_id": "F0000000000"},
    codes={"topic": "yhteydensaanti, hoito, kohtelu, odotusaika, tiedonkulku, tilat, laskutus, digipalvelut"},
    dates="finnish",
    booleans=("kyllä", "ei"),
    quoted=True,
)
STATEMENTS = ("s1_help", "s2_cared", "s3_shared", "s4_safe", "s5_continuity", "s6_understand", "s7_benefit")
NEW, HANDLED, ANSWERED, CLOSED, SPAM = FEEDBACK.positions(
    "state", "uusi", "kasittelyssa", "vastattu", "suljettu", "roskaposti"
)
THANKS = FEEDBACK.code("feedback_kind", "kiitos")
DAY = 86400


def _station(world: World, rng: np.random.Generator, month: int, n: int) -> Ints:
    people = world.org.people(month) ** 0.75
    return rng.choice(len(people), n, p=people / people.sum())


def make_survey(world: World, month: int) -> Rows:
    """Survey answers given in the month; a few on paper are entered weeks later."""
    rng, unsure = world.rng("survey_responses", month), world.rng("unsure", month)
    n = int(rng.poisson(2500 * world.slow_scale * world.season(month)))
    unit = _station(world, rng, month, n)
    answered = np.sort(at(draw_days(rng, month, n, weekend=8), draw_seconds(rng, n, 0.35)))
    swedish = rng.random(n) < world.org.swedish()[unit] * 0.95
    language = np.where(swedish, 1, pick(rng, n, 0.94, 0.0, 0.04, 0.02))
    mood = rng.normal(0, 0.8, n) + world.effect("experience", 0.18)[unit] - 0.22 * swedish
    by_name = np.where(rng.random(n) < 0.01, len(world.org.units), 0)
    return {
        "response_id": serials(month, n, 6),
        "unit_code": unit + by_name,
        "answered_at": answered,
        "service_date": np.where(
            rng.random(n) < 0.06, NONE, answered - (rng.integers(0, 30, n) * DAY).astype("timedelta64[s]")
        ),
        "service_channel": empty_some(rng, pick(rng, n, 0.55, 0.22, 0.20, 0.03), 0.03),
        "language": language,
        "age_group": empty_some(rng, pick(rng, n, 2, 9, 20, 26, 36, 7), 0.04),
        "nps_0_10": _unsure(
            unsure, empty_some(rng, np.clip(np.rint(9.0 + 1.9 * mood), 0, 10).astype(np.int64), 0.03)
        ),
        "entered_at": answered
        + (np.where(rng.random(n) < 0.02, rng.integers(5, 28, n), 0) * DAY).astype("timedelta64[s]"),
    } | {name: _unsure(unsure, answers) for name, answers in _statements(rng, unit, mood).items()}


def _unsure(rng: np.random.Generator, answers: Ints) -> Ints:
    """Return the answers, some of the empty ones as of a client who could not say."""
    return np.where((answers < 0) & (rng.random(len(answers)) < 0.3), UNSURE, answers)


def _statements(rng: np.random.Generator, unit: Ints, mood: Floats) -> Rows:
    """Answers 1–5; some units ask only some of the statements, and clients skip some."""
    n = len(unit)
    rows: Rows = {}
    for number, name in enumerate(STATEMENTS):
        answer = np.clip(np.rint(4.6 - 0.06 * number + 0.75 * mood + rng.normal(0, 0.5, n)), 1, 5).astype(
            np.int64
        )
        not_asked = (unit % 5 == 2) & (number in (2, 3))
        rows[name] = np.where(not_asked, -1, empty_some(rng, answer, 0.06))
    return rows


def known_survey(_world: World, table: Rows, moment: np.datetime64) -> Rows:
    """Answers entered by the moment."""
    entered = table["entered_at"] <= moment
    return {name: values[entered] for name, values in table.items()}


def make_feedback(world: World, month: int) -> Rows:
    """Feedback received in the month, with rerouting, handling, reply and reopening."""
    rng = world.rng("client_feedback", month)
    n = int(rng.poisson(600 * world.slow_scale * world.season(month)))
    received = np.sort(at(draw_days(rng, month, n, weekend=10), draw_seconds(rng, n, 0.4)))
    language = empty_some(rng, pick(rng, n, 0.86, 0.10, 0.03, 0.01), 0.03)
    kind = empty_some(rng, pick(rng, n, 0.38, 0.36, 0.14, 0.09, 0.03), 0.02)
    wanted = empty_some(rng, rng.random(n) < np.where(kind == THANKS, 0.12, 0.45), 0.04)
    unit = _addressed(world, rng, month, n)
    table: Rows = {
        "feedback_id": serials(month, n, 6),
        "unit_code": unit,
        "received_at": received,
        "channel": empty_some(rng, pick(rng, n, 40, 24, 18, 6, 5, 5, 2), 0.02),
        "text": _texts(rng, language, kind),
        "feedback_kind": kind,
        "topic": empty_some(rng, pick(rng, n, 5, 4, 4, 3, 3, 1, 1, 2), 0.05),
        "reply_wanted": wanted,
        "language": language,
    }
    marked = (rng.random(n) < 0.06) & (table["text"] != None)  # noqa: E711 - compared element by element
    table["quote_marked"] = np.where(rng.random(n) < 0.05, -1, marked.astype(np.int64))
    handling = _handling(world, rng, received, wanted, unit)
    return table | handling | _ending(world.rng("feedback_ending", month), handling)


def _addressed(world: World, rng: np.random.Generator, month: int, n: int) -> Ints:
    """Return the unit the client chose: a station, a remote service, the administration, none, or a closed
    one.
    """
    org = world.org
    unit = _station(world, rng, month, n)
    central = org.alive(org.with_code("palaute"), month)
    central = central[~np.isin(central, org.of_kind("terveysasema"))]
    if len(central):
        unit = np.where(rng.random(n) < 0.12, central[rng.integers(0, len(central), n)], unit)
    for number in org.of_kind("terveysasema"):
        ended = org.units[number].ends
        if ended is not None and ended < month <= ended + 3:
            unit = np.where((unit == org.at(month)[number]) & (rng.random(n) < 0.05), number, unit)
    return empty_some(rng, unit, 0.08)


def _texts(rng: np.random.Generator, language: Ints, kind: Ints) -> NDArray[np.object_]:
    """Everyday sentences in the client's language: thanks for thanks, complaints for the rest."""
    draw = rng.random((len(kind), 2))
    texts = np.empty(len(kind), dtype=object)
    for i, (one, two) in enumerate(draw):
        chosen = QUOTES["sv" if language[i] == 1 else "fi", "kiitos" if kind[i] == THANKS else "moite"]
        first, second = int(one * len(chosen)), int(two * len(chosen) * 3)
        text = (
            chosen[first] if second >= len(chosen) or first == second else f"{chosen[first]} {chosen[second]}"
        )
        texts[i] = None if two > 0.93 else text
    return texts


def _handling(world: World, rng: np.random.Generator, received: Times, wanted: Ints, unit: Ints) -> Rows:
    """Handling after some hours or days of office time, a reply where one is wanted."""
    n = len(received)
    pace = np.exp(world.effect("feedback", 0.25))[np.maximum(unit, 0)]
    handled = into_office(rng, later(received, rng.lognormal(11.2, 1.0, n) * pace))
    replied = into_office(rng, later(handled, rng.lognormal(9.6, 0.9, n) * pace))
    rerouted = (rng.random(n) < 0.06) & (unit >= 0)
    people = world.org.people(world.last)
    elsewhere = rng.choice(len(people), n, p=people / people.sum())
    delay = np.where(rng.random(n) < 0.3, rng.uniform(5, 30, n) * DAY, rng.lognormal(10.5, 1.2, n))
    reopened = (wanted == 1) & (rng.random(n) < 0.05)
    never = rng.random(n) < 0.015
    replies = (wanted == 1) | (rng.random(n) < 0.15)
    return {
        "first_handled_at": np.where(never, NONE, handled),
        "first_replied_at": np.where(never | ~replies, NONE, replied),
        "rerouted_at": np.where(rerouted, into_office(rng, later(received, delay)), NONE),
        "rerouted_from_unit_code": np.where(rerouted, np.where(elsewhere == unit, -1, elsewhere), -1),
        "reopened_at": np.where(reopened, later(replied, rng.uniform(1, 30, n) * DAY), NONE),
        "spam": rng.random(n) < 0.012,
        "closes": (rng.random(n) < 0.6) | ~replies,
    }


def _ending(rng: np.random.Generator, handling: Rows) -> Rows:
    """Most feedback is done soon after it was taken up, and answered before that where it is."""
    n = len(handling["spam"])
    handled, replied = handling["first_handled_at"], handling["first_replied_at"]
    last = np.where(np.isnat(replied), handled, np.maximum(handled, replied))
    closed = into_office(rng, later(last, rng.lognormal(9.3, 1.1, n)))
    return {"closed_at": np.where(np.isnat(handled) | (rng.random(n) < 0.01), NONE, closed)}


def known_feedback(_world: World, table: Rows, moment: np.datetime64) -> Rows:
    """Handling as far as it has come; before it is rerouted the feedback stands at the first unit."""
    seen = hide(FEEDBACK, table, moment)
    before = np.isnat(seen["rerouted_at"])
    old = before & (table["rerouted_from_unit_code"] >= 0)
    handled, replied = ~np.isnat(seen["first_handled_at"]), ~np.isnat(seen["first_replied_at"])
    state = np.where(replied, ANSWERED, np.where(handled, HANDLED, NEW))
    waits = (table["reply_wanted"] == 1) & ~replied
    closed = ~np.isnat(seen["closed_at"])
    state = np.where(closed & table["closes"] & ~waits & np.isnat(seen["reopened_at"]), CLOSED, state)
    return seen | {
        "unit_code": np.where(old, table["rerouted_from_unit_code"], table["unit_code"]),
        "rerouted_from_unit_code": np.where(before, -1, table["rerouted_from_unit_code"]),
        "state": np.where(table["spam"], SPAM, state),
    }


def _open_feedback(table: Rows, end: np.datetime64) -> Bools:
    return ~table["spam"] & (np.isnat(table["closed_at"]) | (table["closed_at"] >= end))


SOURCES = (
    Source(layout=SURVEY, make=make_survey, known=known_survey),
    Source(layout=FEEDBACK, make=make_feedback, known=known_feedback, still_open=_open_feedback),
)
