"""Client experience: survey answers, and feedback with its handling."""

from __future__ import annotations

import numpy as np

from opti_reports.demo.data import read_tables
from opti_reports.demo.days import DAY, DAYS, later
from opti_reports.demo.draw import Draw
from opti_reports.demo.layout import LAYOUTS, UNSURE
from opti_reports.demo.organisation import STATION
from opti_reports.demo.rows import NONE, Ints, Rows, Texts, Times, only

FEEDBACK = LAYOUTS["client_feedback"]
QUOTES = read_tables("words.toml")["quotes"]
STATEMENTS = ("s1_help", "s2_cared", "s3_shared", "s4_safe", "s5_continuity", "s6_understand", "s7_benefit")
THANKS = FEEDBACK.code("feedback_kind", "kiitos")


def make_survey(draw: Draw) -> Rows:
    """Return survey answers given in the month; a few on paper are entered weeks later."""
    world, unsure = draw.world, draw.world.rng("unsure", draw.month)
    draw = draw.about(2500 * world.slow_scale * draw.season)
    rng, n = draw.rng, draw.n
    unit = draw.units_by_size(0.75)
    answered = np.sort(draw.times(draw.days(weekend=8), 0.35, step=1))
    swedish = draw.chance(world.org.swedish()[unit] * 0.95)
    language = np.where(swedish, 1, draw.pick(0.94, 0.0, 0.04, 0.02))
    mood = rng.normal(0, 0.8, n) + world.effect("experience", 0.18)[unit] - 0.22 * swedish
    by_name = np.where(draw.chance(0.01), len(world.org.units), 0)
    unknown = draw.chance(0.06)
    rows: Rows = {
        "unit_code": unit + by_name,
        "answered_at": answered,
        "service_date": np.where(unknown, NONE, answered - rng.integers(0, 30, n) * DAY),
        "service_channel": draw.pick(0.55, 0.22, 0.20, 0.03, empty=0.03),
        "language": language,
        "age_group": draw.pick(2, 9, 20, 26, 36, 7, empty=0.04),
        "nps_0_10": draw.some(np.rint(9.0 + 1.9 * mood).clip(0, 10).astype(np.int64), 0.03),
        "entered_at": answered + np.where(draw.chance(0.02), rng.integers(5, 28, n), 0) * DAY,
    }
    for number, name in enumerate(STATEMENTS):
        answer = np.rint(4.6 - 0.06 * number + 0.75 * mood + rng.normal(0, 0.5, n)).clip(1, 5)
        asked = (unit % 5 != 2) | (number not in (2, 3))  # some units ask only some of the statements
        rows[name] = only(draw.some(answer.astype(np.int64), 0.06), asked)
    for name in ("nps_0_10", *STATEMENTS):  # of those who did not answer some could not say
        rows[name] = np.where((rows[name] < 0) & (unsure.random(n) < 0.3), UNSURE, rows[name])
    return rows


def make_invitations(draw: Draw) -> Rows:
    """Return how many each unit invited: of some four one answers; the paper forms of one are not counted."""
    world = draw.world
    units = world.org.with_code(draw.layout.shipped.system, draw.month)
    survey = Draw.of(world, LAYOUTS["survey_responses"], draw.month)
    answers = np.bincount(make_survey(survey)["unit_code"], minlength=2 * len(world.org.units))[units]
    apiece = draw.rng.uniform(3.2, 5.4, len(units))
    invited = 6 + np.rint(answers * apiece).astype(np.int64)
    counted = units % 7 != 3
    return {
        "unit_code": units[counted],
        "month": np.full(int(counted.sum()), draw.month),
        "invited_n": invited[counted],
    }


def make_feedback(draw: Draw) -> Rows:
    """Return feedback received in the month, with rerouting, handling, reply and reopening."""
    draw = draw.about(600 * draw.world.slow_scale * draw.season)
    received = np.sort(draw.times(draw.days(weekend=10), 0.4, step=1))
    language = draw.pick(0.86, 0.10, 0.03, 0.01, empty=0.03)
    kind = draw.pick(0.38, 0.36, 0.14, 0.09, 0.03, empty=0.02)
    wanted = draw.flag(np.where(kind == THANKS, 0.12, 0.45), empty=0.04)
    unit = _addressed(draw)
    table: Rows = {
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
    return table | _handling(draw, received, wanted, unit)


def _addressed(draw: Draw) -> Ints:
    """Return the unit the client chose: a station, a central unit, none, or a closed one."""
    org, month = draw.world.org, draw.month
    stations = org.of_kind(STATION)
    unit = draw.units_by_size(0.75)
    central = np.setdiff1d(org.with_code("palaute", month), stations)
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
    delay = np.where(draw.chance(0.3), rng.uniform(5, 30, n) * DAYS, rng.lognormal(10.5, 1.2, n))
    reopened = (wanted == 1) & draw.chance(0.05)
    never = draw.chance(0.015)
    replies = (wanted == 1) | draw.chance(0.15)
    handling = {
        "first_handled_at": only(handled, ~never),
        "first_replied_at": only(replied, ~never & replies),
        "rerouted_at": only(draw.office(received, delay), rerouted),
        "first_unit_code": elsewhere,
        "rerouted_from_unit_code": np.where(elsewhere == unit, -1, elsewhere),
        "reopened_at": only(later(replied, rng.uniform(1, 30, n) * DAYS), reopened),
        "spam": draw.chance(0.012),
        "closes": draw.chance(0.6) | ~replies,
    }
    # Mostly soon after it was taken up, and answered where it is.
    ending = Draw.of(world, draw.layout, draw.month, "feedback_ending").rows(n)
    last = np.fmax(handling["first_handled_at"], handling["first_replied_at"])
    closed = ending.office(last, ending.rng.lognormal(9.3, 1.1, n))
    closed = np.where(np.isnat(last) | ending.chance(0.01), NONE, closed)
    return handling | {"closed_at": closed, "done_at": np.where(handling["spam"], received, closed)}
