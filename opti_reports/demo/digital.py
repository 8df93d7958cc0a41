"""Digital cases: chats, messages, forms and video appointments."""

from __future__ import annotations

import numpy as np

from opti_reports.demo.days import NONE, Bools, Ints, Times, at, draw_days, draw_seconds, into_office, later
from opti_reports.demo.layout import Layout
from opti_reports.demo.phone import digital_share, dst_night, first_contacts, languages, stations_of
from opti_reports.demo.source import Rows, Source, empty_some, hide, pick, serials
from opti_reports.demo.world import World

DIGI = Layout(
    source="digi_contacts",
    order="case_id, unit_code, handling_unit_code, channel, opened_at, first_response_at, closed_at, "
    "end_state, client_age=asiakkaan_ikä, language, rating_1_5=tähdet",
    spoken=False,
    forms={"case_id": "D00000000000"},
    in_words=("channel", "end_state"),
    spelled={"chat": "chat"},
    constant=("sovellus", "Lunna"),
    encoding="utf-8-sig",
    dates="iso_t",
)
CHAT, MESSAGE, FORM, VIDEO = DIGI.positions("channel", "chat", "message", "form", "video")
RESOLVED, CONTINUED, ABANDONED, REDIRECTED, OPEN = DIGI.positions(
    "end_state", "resolved", "continued", "abandoned", "redirected", "open"
)
HOUR = 3600


def make(world: World, month: int) -> Rows:
    """Return all digital cases opened in the month."""
    rng = world.rng("digi_contacts", month)
    n = int(rng.poisson(first_contacts(world, month) * digital_share(world, month)))
    drawn = at(draw_days(rng, month, n, weekend=2.0), draw_seconds(rng, n, 0.22))
    opened = np.sort(np.concatenate([drawn, dst_night(month)]))
    n = len(opened)
    station, unit = stations_of(world, rng, month, n, 0.06)
    channel = pick(rng, n, 0.45, 0.30, 0.20, 0.05, of=(CHAT, MESSAGE, FORM, VIDEO))
    table: Rows = {
        "case_id": serials(month, n, 7),
        "unit_code": unit,
        "handling_unit_code": _handling(world, rng, unit),
        "channel": channel,
        "opened_at": opened,
        "client_age": _ages(rng, channel),
        "language": languages(world, rng, station),
    }
    return table | _handled(world, rng, station, channel, opened)


def _handling(world: World, rng: np.random.Generator, unit: Ints) -> Ints:
    team = world.org.number("digitiimi")
    return empty_some(rng, np.where(rng.random(len(unit)) < (0.55 if team >= 0 else 0), team, unit), 0.08)


def _ages(rng: np.random.Generator, channel: Ints) -> Ints:
    """Younger than clients of visits; anonymous chats have no age."""
    n = len(channel)
    age = np.clip(rng.normal(42, 19, n), 0, 97).astype(np.int64)
    return np.where(rng.random(n) < np.where(channel == CHAT, 0.45, 0.03), -1, age)


def _handled(world: World, rng: np.random.Generator, station: Ints, channel: Ints, opened: Times) -> Rows:
    n = len(opened)
    chat = channel == CHAT
    left = rng.random(n) < np.where(chat, 0.11, 0.03)
    unanswered = left & (rng.random(n) < 0.8)
    pace = np.exp(world.effect("digi.chat", 0.25))[station]
    wait = np.where(chat, rng.lognormal(5.4, 0.75, n) * pace, rng.lognormal(9.0, 0.9, n))
    wait = np.where(chat & (rng.random(n) < 0.002), 0, wait)
    response = later(opened, wait)
    response = np.where(chat | (rng.random(n) < 0.2), response, into_office(rng, response))
    response = np.where(unanswered, NONE, response)
    length = np.where(chat, rng.lognormal(6.3, 0.6, n), rng.lognormal(9.5, 1.0, n))
    closed = later(
        np.where(unanswered, opened, response), np.where(unanswered, rng.uniform(60, 1500, n), length)
    )
    state = pick(rng, n, 0.62, 0.28, 0.10, of=(RESOLVED, CONTINUED, REDIRECTED))
    state = np.where(left, ABANDONED, state)
    forgotten = ~left & (rng.random(n) < 0.003)
    return {
        "first_response_at": response,
        "closed_at": np.where(forgotten, NONE, closed),
        "end_state": np.where(forgotten, OPEN, state),
        "rating_1_5": _ratings(rng, left | forgotten),
    }


def _ratings(rng: np.random.Generator, silent: Bools) -> Ints:
    n = len(silent)
    return np.where(silent, -1, empty_some(rng, 1 + pick(rng, n, 0.03, 0.04, 0.10, 0.28, 0.55), 0.70))


def known(_world: World, table: Rows, moment: np.datetime64) -> Rows:
    """Return the contacts as known by a moment: those not closed by then are open and unrated."""
    seen = hide(DIGI, table, moment)
    hidden = np.isnat(seen["closed_at"])
    return seen | {
        "end_state": np.where(hidden, OPEN, seen["end_state"]),
        "rating_1_5": np.where(hidden, -1, seen["rating_1_5"]),
    }


SOURCE = Source(layout=DIGI, make=make, known=known)
