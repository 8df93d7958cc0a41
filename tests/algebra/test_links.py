"""Columns found among the other rows of the same client."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opti_reports.algebra.links import linked
from opti_reports.config.source import Link
from tests.algebra.rows import UNKNOWN, Answer, Unknown, context, date, shown, text
from tests.facts.counting import private

Contact = tuple[int | None, str | None, str | None]
Spoilt = tuple[int | Unknown | None, str | Unknown | None, str | Unknown | None]
"""A client's hash, the day of the contact and its kind."""
NEXT = Link(id="next", key="client", of="day", where="kind == 'visit'")


def found(link: Link, contacts: Sequence[Spoilt], rank: list[int] | None = None) -> list[Answer]:
    rows = {
        "client": private(*(c[0] for c in contacts)),
        "day": date(*(c[1] for c in contacts)),
        "kind": text(*(c[2] for c in contacts)),
    }
    return shown(linked(link, rows, np.array(rank or range(len(contacts))), context()).vector())


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


FIRST = Link(id="first", kind="first", key="client", of="day", where="kind == 'visit'")


@pytest.mark.parametrize(
    ("contacts", "expected"),
    [
        # Whether the call in between was a visit is not known: the first contact's next one is open.
        (
            [(1, "2026-03-01", "visit"), (1, "2026-03-03", UNKNOWN), (1, "2026-03-05", "visit")],
            [UNKNOWN, "2026-03-05", None],
        ),
        # One later than the next visit, or of another client, changes nothing.
        (
            [(1, "2026-03-01", "visit"), (1, "2026-03-05", "visit"), (1, "2026-03-07", UNKNOWN)],
            ["2026-03-05", UNKNOWN, None],
        ),
        ([(1, "2026-03-01", "visit"), (2, "2026-03-03", UNKNOWN)], [None, None]),
        # A visit of an unknown day may be the next of any; one that names no client is nobody's.
        ([(1, "2026-03-01", "visit"), (1, UNKNOWN, "visit")], [UNKNOWN, UNKNOWN]),
        ([(1, "2026-03-01", "visit"), (UNKNOWN, "2026-03-03", "visit")], [None, UNKNOWN]),
    ],
)
def test_the_next_contact_is_unknown_where_an_unknown_cell_could_change_it(
    contacts: list[Spoilt], expected: list[Answer]
) -> None:
    assert found(NEXT, contacts) == expected


@pytest.mark.parametrize(
    ("contacts", "expected"),
    [
        ([(1, "2026-03-01", UNKNOWN), (1, "2026-03-01", "visit")], [UNKNOWN, UNKNOWN]),
        ([(1, "2026-03-01", "visit"), (1, "2026-03-01", UNKNOWN)], [True, False]),
        ([(1, "2026-03-01", "visit"), (1, "2026-03-02", UNKNOWN)], [True, UNKNOWN]),
        (
            [(1, "2026-03-01", "visit"), (1, UNKNOWN, "visit"), (2, "2026-03-01", "visit")],
            [UNKNOWN, UNKNOWN, True],
        ),
    ],
)
def test_the_first_of_a_day_is_unknown_where_an_unknown_cell_could_change_it(
    contacts: list[Spoilt], expected: list[Answer]
) -> None:
    assert found(FIRST, contacts) == expected


KINDS = ("visit", "call", None)
DAYS = ("2026-02-28", "2026-03-01", None)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([1, 2, None]),
            st.sampled_from([*DAYS, UNKNOWN]),
            st.sampled_from([*KINDS, UNKNOWN]),
        ),
        max_size=5,
    ).filter(lambda rows: sum(isinstance(cell, Unknown) for row in rows for cell in row) <= 4),
    st.sampled_from([NEXT, NEXT.model_copy(update={"same_day": True}), FIRST]),
)
def test_a_link_that_is_known_is_the_same_whatever_the_unknown_cells_hold(
    contacts: list[Spoilt], link: Link
) -> None:
    said = found(link, contacts)
    open_ = [(row, at) for row, cells in enumerate(contacts) for at in (1, 2) if cells[at] is UNKNOWN]
    for cells in product(*(DAYS if at == 1 else KINDS for _, at in open_)):
        whole = [list(row) for row in contacts]
        for (row, at), cell in zip(open_, cells, strict=True):
            whole[row][at] = cell
        true = found(link, [(a, b, c) for a, b, c in whole])  # type: ignore[misc]
        assert [t if s is not UNKNOWN else s for s, t in zip(said, true, strict=True)] == said


def test_a_rejected_row_may_have_been_the_next_contact() -> None:
    rows = {
        "client": private(1, 1, 1),
        "day": date("2026-03-01", "2026-03-09", "2026-03-05"),
        "kind": text("visit", "visit", "visit"),
    }
    lost = np.array([False, False, True])
    assert shown(linked(NEXT, rows, np.arange(3), context(), lost).vector()) == [UNKNOWN, None, "2026-03-09"]
    lost = np.array([False, True, False])
    assert shown(linked(NEXT, rows, np.arange(3), context(), lost).vector())[0] == "2026-03-05"


START = Link(id="start", kind="carried", key="client", of="kind", where="kind != 'call'", order="day")
"""The kind of a client's first row that is no call, carried to all its rows."""


def test_what_a_clients_first_row_says_is_carried_to_all_its_rows() -> None:
    contacts: list[Contact] = [
        (1, "2026-03-09", "visit"),
        (2, "2026-03-01", "call"),
        (1, "2026-03-05", "video"),
        (1, "2026-03-01", "call"),
        (3, "2026-03-02", "video"),
        (None, "2026-03-01", "visit"),
    ]
    assert found(START, contacts) == ["video", None, "video", "video", "video", None]
    day = START.model_copy(update={"of": "day"})
    assert found(day, contacts) == ["2026-03-05", None, "2026-03-05", "2026-03-05", "2026-03-02", None]


def test_of_rows_of_one_day_the_key_says_which_is_the_first_and_an_empty_cell_is_carried() -> None:
    contacts: list[Contact] = [(1, "2026-03-05", "visit"), (1, "2026-03-05", None), (1, None, "video")]
    every = START.model_copy(update={"where": "true"})
    assert found(every, contacts) == ["visit"] * 3
    assert found(every, contacts, [1, 0, 2]) == [None] * 3
    assert found(every.model_copy(update={"order": ""}), contacts, [2, 1, 0]) == ["video"] * 3


def test_what_a_row_in_doubt_could_say_is_unknown() -> None:
    first = (1, "2026-03-05", "visit")
    earlier: list[Spoilt] = [first, (1, "2026-03-01", UNKNOWN)]
    later: list[Spoilt] = [first, (1, "2026-03-09", UNKNOWN)]
    undated: list[Spoilt] = [first, (1, UNKNOWN, "video")]
    nobodys: list[Spoilt] = [first, (UNKNOWN, "2026-03-01", "video")]
    assert found(START, earlier) == [UNKNOWN, UNKNOWN]
    assert found(START, later) == ["visit", "visit"]
    assert found(START, undated) == [UNKNOWN, UNKNOWN]
    assert found(START, nobodys) == ["visit", UNKNOWN]
    said = START.model_copy(update={"where": "true"})
    assert found(said, [(1, "2026-03-05", UNKNOWN), (1, "2026-03-09", "visit")]) == [UNKNOWN, UNKNOWN]


def test_a_rejected_row_may_be_the_one_that_is_carried() -> None:
    contacts = [(1, "2026-03-01", "video"), (1, "2026-03-05", "visit"), (2, "2026-03-01", "call")]
    rows = {
        "client": private(*(c[0] for c in contacts)),
        "day": date(*(c[1] for c in contacts)),
        "kind": text(*(c[2] for c in contacts)),
    }
    lost = np.array([True, False, False])
    cells = linked(START, rows, np.arange(3), context(), lost).vector()
    assert shown(cells) == [UNKNOWN, UNKNOWN, None]


@given(
    contacts=st.lists(
        st.tuples(
            st.sampled_from([None, 1, 2]),
            st.sampled_from([None, "2026-03-01", "2026-03-02"]),
            st.sampled_from([None, "call", "visit", "video"]),
        ),
        max_size=8,
    ),
    data=st.data(),
)
def test_carried_values_agree_with_a_look_at_every_row(contacts: list[Contact], data: st.DataObject) -> None:
    rank = data.draw(st.permutations(range(len(contacts))))
    wanted: list[str | None] = []
    for client, _, _ in contacts:
        own = [
            (day, rank[place], kind)
            for place, (other, day, kind) in enumerate(contacts)
            if client is not None and other == client and day is not None and kind != "call"
        ]
        wanted.append(min(own)[2] if own else None)
    assert found(START, contacts, list(rank)) == wanted
