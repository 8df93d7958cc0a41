"""The demo's own files are read strictly: what nobody would read is refused."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from opti_reports.demo.data import fit, read_tables
from opti_reports.demo.layout import Layout
from opti_reports.demo.mess import Mess
from opti_reports.demo.registers import Action, Answer
from opti_reports.demo.world import Story

TABLES = [
    (
        Layout,
        {"source": "referrals"}
        | read_tables("layouts.toml")["referrals"]
        | read_tables("rows.toml")["referrals"],
    ),
    (Mess, {"source": "legal_cases"} | read_tables("mess.toml")["legal_cases"][0]),
    (Story, read_tables("stories.toml")["story"][0]),
    (Action, read_tables("words.toml")["actions"][0]),
    (Answer, read_tables("words.toml")["answers"][0]),
]


@pytest.mark.parametrize(("kind", "table"), TABLES)
def test_a_key_nobody_knows_is_refused(kind: type, table: dict[str, Any]) -> None:
    assert fit(kind, [table])
    with pytest.raises(ValidationError, match="unread"):
        fit(kind, [table | {"unread": 1}])


@pytest.mark.parametrize(("kind", "table"), TABLES)
def test_a_key_that_is_missing_is_named(kind: type, table: dict[str, Any]) -> None:
    first = next(iter(table))
    with pytest.raises(ValidationError, match=first):
        fit(kind, [{key: value for key, value in table.items() if key != first}])
