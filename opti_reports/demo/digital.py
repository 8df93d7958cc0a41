"""Digital cases: chats, messages, forms and video appointments."""

from __future__ import annotations

import numpy as np

from opti_reports.demo.days import NONE, later
from opti_reports.demo.draw import Draw
from opti_reports.demo.layout import LAYOUTS
from opti_reports.demo.phone import (
    digital_share,
    dst_night,
    first_contacts,
    handled_by,
    languages,
    stations_of,
)
from opti_reports.demo.rows import Ints, Rows, Table, Times, only
from opti_reports.demo.source import Source

DIGI = LAYOUTS["digi_contacts"]
CHAT, MESSAGE, FORM, VIDEO = DIGI.positions("channel", "chat", "message", "form", "video")
RESOLVED, CONTINUED, ABANDONED, REDIRECTED, OPEN = DIGI.positions(
    "end_state", "resolved", "continued", "abandoned", "redirected", "open"
)


def make(draw: Draw) -> Rows:
    """Return all digital cases opened in the month."""
    world, month = draw.world, draw.month
    draw = draw.about(first_contacts(world, month) * digital_share(world, month))
    opened = np.sort(np.concatenate([draw.moments(0.22, weekend=2.0), dst_night(month)]))
    draw = draw.rows(len(opened))
    station, unit = stations_of(draw, 0.06)
    channel = draw.pick(0.45, 0.30, 0.20, 0.05, of=(CHAT, MESSAGE, FORM, VIDEO))
    return {
        "case_id": draw.serials(7),
        "unit_code": unit,
        "handling_unit_code": handled_by(draw, "digitiimi", 0.55, unit, empty=0.08),
        "channel": channel,
        "opened_at": opened,
        "client_age": _ages(draw, channel),
        "language": languages(draw, station),
    } | _handled(draw, station, channel, opened)


def _ages(draw: Draw, channel: Ints) -> Ints:
    """Return ages: younger than those of visits; anonymous chats have none."""
    age = np.clip(draw.rng.normal(42, 19, draw.n), 0, 97).astype(np.int64)
    return np.where(draw.chance(np.where(channel == CHAT, 0.45, 0.03)), -1, age)


def _handled(draw: Draw, station: Ints, channel: Ints, opened: Times) -> Rows:
    """Return the first response, the end and the rating of the cases."""
    rng, n = draw.rng, draw.n
    chat = channel == CHAT
    left = draw.chance(np.where(chat, 0.11, 0.03))
    unanswered = left & draw.chance(0.8)
    pace = draw.world.paces("digi.chat", 0.25)[station]
    wait = np.where(chat, rng.lognormal(5.4, 0.75, n) * pace, rng.lognormal(9.0, 0.9, n))
    wait = np.where(chat & draw.chance(0.002), 0, wait)
    response = later(opened, wait)
    response = np.where(chat | draw.chance(0.2), response, draw.office(response))
    length = np.where(chat, rng.lognormal(6.3, 0.6, n), rng.lognormal(9.5, 1.0, n))
    length = np.where(unanswered, rng.uniform(60, 1500, n), length)
    closed = later(np.where(unanswered, opened, response), length)
    state = draw.pick(0.62, 0.28, 0.10, of=(RESOLVED, CONTINUED, REDIRECTED))
    forgotten = ~left & draw.chance(0.003)
    rating = 1 + draw.pick(0.03, 0.04, 0.10, 0.28, 0.55)
    return {
        "first_response_at": only(response, ~unanswered),
        "closed_at": np.where(forgotten, NONE, closed),
        "end_state": np.where(forgotten, OPEN, np.where(left, ABANDONED, state)),
        "rating_1_5": only(draw.some(rating, 0.70), ~(left | forgotten)),
    }


def known(_table: Table, seen: Table, _moment: np.datetime64) -> Rows:
    """Return the cases that are not closed by the moment as open and unrated."""
    closed = ~np.isnat(seen["closed_at"])
    return {
        "end_state": np.where(closed, seen["end_state"], OPEN),
        "rating_1_5": only(seen["rating_1_5"], closed),
    }


SOURCE = Source(layout=DIGI, make=make, known=known)
