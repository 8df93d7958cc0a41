"""Client experience: survey answers, and feedback with its handling."""

from __future__ import annotations

import numpy as np

from opti_reports.demo.data import read_tables
from opti_reports.demo.days import in_days, later
from opti_reports.demo.draw import Draw
from opti_reports.demo.layout import LAYOUTS, UNSURE
from opti_reports.demo.organisation import STATION
from opti_reports.demo.rows import NONE, Floats, Ints, Rows, Table, Texts, Times, only
from opti_reports.demo.source import Source, open_by

SURVEY, FEEDBACK = LAYOUTS["survey_responses"], LAYOUTS["client_feedback"]
QUOTES = read_tables("words.toml")["quotes"]
STATEMENTS = ("s1_help", "s2_cared", "s3_shared", "s4_safe", "s5_continuity", "s6_understand", "s7_benefit")
NEW, HANDLED, ANSWERED, CLOSED, SPAM = FEEDBACK.positions(
    "state", "uusi", "kasittelyssa", "vastattu", "suljettu", "roskaposti"
)
THANKS = FEEDBACK.code("feedback_kind", "kiitos")
SECONDS = 86400
"""Of a day."""


def make_survey(draw: Draw) -> Rows:
    """Return survey answers given in the month; a few on paper are entered weeks later."""
    world, unsure = draw.world, draw.world.rng("unsure", draw.month)
    draw = draw.about(2500 * world.slow_scale * world.season(draw.month))
    rng, n = draw.rng, draw.n
    unit = draw.units_by_size(0.75)
    answered = np.sort(draw.times(draw.days(weekend=8), 0.35, step=1))
    swedish = draw.chance(world.org.swedish()[unit] * 0.95)
    language = np.where(swedish, 1, draw.pick(0.94, 0.0, 0.04, 0.02))
    mood = rng.normal(0, 0.8, n) + world.effect("experience", 0.18)[unit] - 0.22 * swedish
    by_name = np.where(draw.chance(0.01), len(world.org.units), 0)
    unknown = draw.chance(0.06)
    return {
        "response_id": draw.serials(6),
        "unit_code": unit + by_name,
        "answered_at": answered,
        "service_date": np.where(unknown, NONE, answered - in_days(rng.integers(0, 30, n))),
        "service_channel": draw.pick(0.55, 0.22, 0.20, 0.03, empty=0.03),
        "language": language,
        "age_group": draw.pick(2, 9, 20, 26, 36, 7, empty=0.04),
        "nps_0_10": _unsure(unsure, draw.some(_whole(9.0 + 1.9 * mood, 0, 10), 0.03)),
        "entered_at": answered + in_days(np.where(draw.chance(0.02), rng.integers(5, 28, n), 0)),
    } | {name: _unsure(unsure, answers) for name, answers in _statements(draw, unit, mood).items()}


def _whole(answers: Floats, low: int, high: int) -> Ints:
    return np.clip(np.rint(answers), low, high).astype(np.int64)


def _unsure(rng: np.random.Generator, answers: Ints) -> Ints:
    """Return the answers, some of the empty ones as of a client who could not say."""
    return np.where((answers < 0) & (rng.random(len(answers)) < 0.3), UNSURE, answers)


def _statements(draw: Draw, unit: Ints, mood: Floats) -> Rows:
    """Return answers 1–5; some units ask only some of the statements, and clients skip some."""
    rows: Rows = {}
    for number, name in enumerate(STATEMENTS):
        answer = _whole(4.6 - 0.06 * number + 0.75 * mood + draw.rng.normal(0, 0.5, draw.n), 1, 5)
        not_asked = (unit % 5 == 2) & (number in (2, 3))
        rows[name] = np.where(not_asked, -1, draw.some(answer, 0.06))
    return rows


def make_feedback(draw: Draw) -> Rows:
    """Return feedback received in the month, with rerouting, handling, reply and reopening."""
    world = draw.world
    draw = draw.about(600 * world.slow_scale * world.season(draw.month))
    received = np.sort(draw.times(draw.days(weekend=10), 0.4, step=1))
    language = draw.pick(0.86, 0.10, 0.03, 0.01, empty=0.03)
    kind = draw.pick(0.38, 0.36, 0.14, 0.09, 0.03, empty=0.02)
    wanted = draw.flag(np.where(kind == THANKS, 0.12, 0.45), empty=0.04)
    unit = _addressed(draw)
    table: Rows = {
        "feedback_id": draw.serials(6),
        "unit_code": unit,
        "received_at": received,
        "channel": draw.pick(40, 24, 18, 6, 5, 5, 2, empty=0.02),
        "text": _texts(draw, language, kind),
        "feedback_kind": kind,
        "topic": draw.pick(5, 4, 4, 3, 3, 1, 1, 2, empty=0.05),
        "reply_wanted": wanted,
        "language": language,
    }
    marked = draw.chance(0.06) & (table["text"] != None)  # noqa: E711 - compared element by element
    table["quote_marked"] = draw.some(marked, 0.05)
    handling = _handling(draw, received, wanted, unit)
    ending = Draw.of(world, "feedback_ending", draw.month).rows(draw.n)
    return table | handling | {"closed_at": _closed(ending, handling)}


def _addressed(draw: Draw) -> Ints:
    """Return the unit the client chose: a station, a central unit, none, or a closed one."""
    org, month = draw.world.org, draw.month
    stations = org.of_kind(STATION)
    unit = draw.units_by_size(0.75)
    central = org.with_code("palaute", month)
    central = central[~np.isin(central, stations)]
    if len(central):
        unit = np.where(draw.chance(0.12), draw.one_of(central), unit)
    for number in stations:
        ended = org.units[number].ends
        if ended < month <= ended + 3:
            unit = np.where((unit == org.at(month)[number]) & draw.chance(0.05), number, unit)
    return draw.some(unit, 0.08)


def _texts(draw: Draw, language: Ints, kind: Ints) -> Texts:
    """Return sentences in the client's language: thanks for thanks, complaints for the rest."""
    texts = np.empty(draw.n, dtype=object)
    for i, (one, two) in enumerate(draw.rng.random((draw.n, 2))):
        chosen = QUOTES["sv" if language[i] == 1 else "fi"]["kiitos" if kind[i] == THANKS else "moite"]
        first, second = int(one * len(chosen)), int(two * len(chosen) * 3)
        more = f" {chosen[second]}" if second < len(chosen) and second != first else ""
        texts[i] = None if two > 0.93 else chosen[first] + more
    return texts


def _handling(draw: Draw, received: Times, wanted: Ints, unit: Ints) -> Rows:
    """Return handling after some hours or days of office time, and a reply where one is wanted."""
    world, rng, n = draw.world, draw.rng, draw.n
    pace = world.paces("feedback", 0.25)[np.maximum(unit, 0)]
    handled = draw.office(received, rng.lognormal(11.2, 1.0, n) * pace)
    replied = draw.office(handled, rng.lognormal(9.6, 0.9, n) * pace)
    rerouted = draw.chance(0.06) & (unit >= 0)
    elsewhere = draw.units_by_size(month=world.last)
    delay = np.where(draw.chance(0.3), rng.uniform(5, 30, n) * SECONDS, rng.lognormal(10.5, 1.2, n))
    reopened = (wanted == 1) & draw.chance(0.05)
    never = draw.chance(0.015)
    replies = (wanted == 1) | draw.chance(0.15)
    return {
        "first_handled_at": only(handled, ~never),
        "first_replied_at": only(replied, ~never & replies),
        "rerouted_at": only(draw.office(received, delay), rerouted),
        "rerouted_from_unit_code": only(elsewhere, rerouted & (elsewhere != unit)),
        "reopened_at": only(later(replied, rng.uniform(1, 30, n) * SECONDS), reopened),
        "spam": draw.chance(0.012),
        "closes": draw.chance(0.6) | ~replies,
    }


def _closed(draw: Draw, handling: Rows) -> Times:
    """Return when feedback is done: mostly soon after it was taken up, and answered where it is."""
    handled, replied = handling["first_handled_at"], handling["first_replied_at"]
    last = np.where(np.isnat(replied), handled, np.maximum(handled, replied))
    closed = draw.office(last, draw.rng.lognormal(9.3, 1.1, draw.n))
    return np.where(np.isnat(handled) | draw.chance(0.01), NONE, closed)


def known_feedback(table: Table, seen: Table, _moment: np.datetime64) -> Rows:
    """Return handling as far as it has come; before it is rerouted the feedback is at the first unit."""
    before, sender = np.isnat(seen["rerouted_at"]), table["rerouted_from_unit_code"]
    handled, replied = ~np.isnat(seen["first_handled_at"]), ~np.isnat(seen["first_replied_at"])
    waits = (table["reply_wanted"] == 1) & ~replied
    closed = ~np.isnat(seen["closed_at"]) & table["closes"] & ~waits & np.isnat(seen["reopened_at"])
    state = np.where(closed, CLOSED, np.where(replied, ANSWERED, np.where(handled, HANDLED, NEW)))
    return {
        "unit_code": np.where(before & (sender >= 0), sender, table["unit_code"]),
        "rerouted_from_unit_code": only(sender, ~before),
        "state": np.where(table["spam"], SPAM, state),
        "done_at": np.where(table["spam"], table["received_at"], seen["closed_at"]),
    }


SOURCES = (
    Source(layout=SURVEY, make=make_survey, since="entered_at"),
    Source(layout=FEEDBACK, make=make_feedback, known=known_feedback, still_open=open_by("done_at")),
)
