"""Totals as delivered beside what their rows and parts add up to: small cases worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from opti_reports.config.source import RowList
from opti_reports.findings.delivered import held
from opti_reports.model.report import UNKNOWN_CELL, ListRow
from tests.packs.world import TREE

PLAIN = {"kind": "delivered", "sensitivity": "open", "where": "true", "unit": "u"}
COLUMNS = {name: name for name in ("system", "n", "happy", "sad")}
TOTALS = {"of": "rows", "by": "system", "whole": "all", "columns": ["n"]}
ROWS = RowList.model_validate({**PLAIN, "id": "rows", "columns": COLUMNS, "parts": {"n": ["happy", "sad"]}})
SUMS = RowList.model_validate({**PLAIN, "id": "sums", "columns": COLUMNS, "totals": TOTALS})


def row(org: str, system: str, n: str, happy: str = "", sad: str = "") -> ListRow:
    return ListRow(org, {"system": system, "n": n, "happy": happy, "sad": sad})


def found(rows: Mapping[str, tuple[ListRow, ...]]) -> list[tuple[Any, ...]]:
    every = held([ROWS, SUMS], rows, TREE)
    return [(one.list, one.name, one.to, one.told, one.summed, one.difference, one.unread) for one in every]


def test_a_total_is_held_against_the_rows_of_its_system_and_the_whole_against_all() -> None:
    rows = (row("ranta", "a", "10"), row("kallio", "a", "5"), row("ranta", "b", "7"))
    sums = (row("alue", "a", "15"), row("alue", "b", "9"), row("alue", "all", "25"))
    assert found({"rows": rows, "sums": sums}) == [
        ("sums", "a", "rows", 15, 15, 0, 0),
        ("sums", "b", "rows", 9, 7, 2, 0),
        ("sums", "all", "totals", 25, 24, 1, 0),
        ("sums", "all", "rows", 25, 22, 3, 0),
    ]


def test_a_total_of_an_organisation_is_of_the_rows_below_it() -> None:
    rows = (row("ranta", "a", "10"), row("metsa", "a", "1"), row("kallio", "a", "5"))
    assert found({"rows": rows, "sums": (row("etela", "a", "11"),)}) == [("sums", "a", "rows", 11, 11, 0, 0)]


def test_what_nobody_gave_or_can_read_is_not_taken_for_nothing() -> None:
    rows = (row("ranta", "a", ""), row("ranta", "a", "4"), row("ranta", "a", UNKNOWN_CELL))
    sums = (row("alue", "a", "9"), row("alue", "b", ""), row("alue", "c", "3"))
    assert found({"rows": rows, "sums": sums}) == [("sums", "a", "rows", 9, 4, 5, 1)]


def test_parts_are_held_against_their_whole_where_all_were_given() -> None:
    rows = (
        row("ranta", "a", "10", "6", "3"),
        row("ranta", "b", "10", "6", ""),
        row("ranta", "c", "4", "5", "1"),
    )
    assert found({"rows": rows}) == [
        ("rows", "a", "parts", 10, 9, 1, 0),
        ("rows", "c", "parts", 4, 6, -2, 0),
    ]
