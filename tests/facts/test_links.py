"""Columns found among the other rows of the same client."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opti_reports.config.source import Link
from opti_reports.facts.links import linked
from tests.algebra.rows import Answer, context, date, shown, text
from tests.facts.counting import private

Contact = tuple[int | None, str | None, str | None]
"""A client's hash, the day of the contact and its kind."""
NEXT = Link(id="next", key="client", of="day", where="kind == 'visit'")


def found(link: Link, contacts: list[Contact], rank: list[int] | None = None) -> list[Answer]:
    rows = {
        "client": private(*(c[0] for c in contacts)),
        "day": date(*(c[1] for c in contacts)),
        "kind": text(*(c[2] for c in contacts)),
    }
    return shown(linked(link, rows, np.array(rank or range(len(contacts))), context()))


CONTACTS: list[Contact] = [
    (1, "2026-03-01", "call"),
    (1, "2026-03-01", "visit"),
    (1, "2026-03-05", "visit"),
    (1, "2026-03-09", "call"),
    (2, "2026-03-02", "call"),
    (2, "2026-03-02", "visit"),
    (None, "2026-03-01", "call"),
    (None, "2026-03-03", "visit"),
    (3, None, "call"),
    (3, "2026-03-03", "visit"),
]


def test_the_next_contact_is_strictly_later_and_of_the_same_client() -> None:
    assert found(NEXT, CONTACTS) == ["2026-03-05", "2026-03-05", *[None] * 8]


def test_with_same_day_the_day_itself_counts() -> None:
    same = NEXT.model_copy(update={"same_day": True})
    assert found(same, CONTACTS) == [
        "2026-03-01",
        "2026-03-01",
        "2026-03-05",
        None,
        "2026-03-02",
        "2026-03-02",
        *[None] * 3,
        "2026-03-03",
    ]


def test_the_day_asked_from_may_be_another_expression() -> None:
    late = NEXT.model_copy(update={"after": "add_days(day, 4)"})
    assert found(late, CONTACTS)[:3] == [None, None, None]
    early = NEXT.model_copy(update={"after": "add_days(day, -1)"})
    assert found(early, CONTACTS)[:4] == ["2026-03-01", "2026-03-01", "2026-03-05", None]


def test_one_row_of_each_client_and_day_is_the_first() -> None:
    first = Link(id="first", kind="first", key="client", of="day")
    assert found(first, CONTACTS) == [True, False, True, True, True, False, False, False, False, True]
    by_rank = found(first, CONTACTS, [9, 0, 1, 2, 3, 4, 5, 6, 7, 8])
    assert by_rank[:2] == [False, True]
    only_visits = first.model_copy(update={"where": "kind == 'visit'"})
    assert found(only_visits, CONTACTS) == [False, True, True, False, False, True, False, False, False, True]


@pytest.mark.parametrize("kind", ["first", "first_after"])
def test_no_rows_give_no_links(kind: str) -> None:
    assert found(NEXT.model_copy(update={"kind": kind}), []) == []


@given(
    st.lists(
        st.tuples(
            st.sampled_from([1, 2, 2**62, None]),
            st.sampled_from(["2026-02-27", "2026-02-28", "2026-03-01", None]),
            st.sampled_from(["visit", "call", None]),
        ),
        max_size=14,
    ),
    st.booleans(),
)
def test_links_are_what_a_plain_search_finds(contacts: list[Contact], same: bool) -> None:
    later = [
        min(
            (
                day
                for client, day, kind in contacts
                if day and kind == "visit" and client is not None and client == own
                if asked and (day > asked or (same and day == asked))
            ),
            default=None,
        )
        for own, asked, _ in contacts
    ]
    assert found(NEXT.model_copy(update={"same_day": same}), contacts) == later
    rank = list(range(len(contacts)))[::-1]
    first = Link(id="first", kind="first", key="client", of="day", where="kind == 'visit'")
    chosen = {}
    for row, (client, day, kind) in enumerate(contacts):
        if client is not None and day and kind == "visit":
            chosen[client, day] = row  # the last row has the lowest rank
    assert found(first, contacts, rank) == [row in chosen.values() for row in range(len(contacts))]
