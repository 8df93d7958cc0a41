"""What an extract shows of records at a moment, as rows.toml says it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from opti_reports.demo.layout import LAYOUTS
from opti_reports.demo.sources import as_known

NEVER = "NaT"


def times(*days: str) -> Any:
    return np.array(days, dtype="datetime64[s]")


@pytest.mark.parametrize(
    ("moment", "outcomes"),
    [("2026-01-31", ["", ""]), ("2026-02-15", ["kesken", ""]), ("2026-05-01", ["korvattu", "korvattu"])],
)
def test_a_code_is_empty_then_another_then_itself(moment: str, outcomes: list[str]) -> None:
    layout = LAYOUTS["legal_cases"]
    truth = {
        "replied_at": times("2026-02-01", "2026-03-01"),
        "settled_at": times("2026-04-02", "2026-04-30"),
        "outcome": layout.positions("outcome", "korvattu", "korvattu"),
    }
    found = as_known(layout, truth, np.datetime64(moment))
    names = layout.column("outcome").codes
    assert [names[code] if code >= 0 else "" for code in found["outcome"]] == outcomes
    assert np.isnat(found["replied_at"]).tolist() == [outcome == "" for outcome in outcomes]


@pytest.mark.parametrize(
    ("moment", "state", "unit"),
    [("2026-01-02", "odottaa", 4), ("2026-01-06", "siirretty", 7), ("2026-01-11", "kasittelyssa", 7)],
)
def test_a_state_follows_from_times_and_a_unit_from_a_transfer(moment: str, state: str, unit: int) -> None:
    layout = LAYOUTS["haipro_reports"]
    truth = {name: times(NEVER) for name in layout.happenings} | {
        "transferred_at": times("2026-01-05"),
        "received_at": times("2026-01-10"),
        "handler_unit_code": np.array([7]),
        "event_unit_code": np.array([4]),
        "transferred_from_unit_code": np.array([4]),
        "void": np.array([False]),
        "asks": np.array([False]),
    }
    truth |= {name: np.array([1]) for name in ("consequence", "risk_class", "action_proposal")}
    found = as_known(layout, truth, np.datetime64(moment))
    assert layout.column("state").codes[found["state"][0]] == state
    assert found["handler_unit_code"].tolist() == [unit]
    assert found["transferred_from_unit_code"].tolist() == [4 if unit == 7 else -1]
    assert found["risk_class"].tolist() == [-1]


def test_what_is_dropped_is_not_done() -> None:
    layout = LAYOUTS["action_register"]
    truth = {
        "opened_at": times("2026-01-01", "2026-01-01", "2026-03-01"),
        "agreed_at": times("2026-01-08", "2026-01-08", "2026-03-08"),
        "started_at": times("2026-01-10", NEVER, NEVER),
        "first_due_at": times("2026-02-01", "2026-02-01", "2026-04-01"),
        "due_at": times("2026-02-20", "2026-02-01", "2026-04-01"),
        "moved_at": times("2026-01-20", NEVER, NEVER),
        "done_at": times("2026-02-01", "2026-02-01", NEVER),
        "dropped_at": times(NEVER, "2026-02-05", NEVER),
        "answered_at": times(NEVER, NEVER, NEVER),
        "answer": np.array([-1, -1, -1]),
        "answered_by_role": np.array([1, 1, 1]),
    }
    found = as_known(layout, truth, np.datetime64("2026-02-10"))
    assert [layout.column("state").codes[code] for code in found["state"]] == ["valmis", "peruttu"]
    assert np.isnat(found["done_at"]).tolist() == [False, True]
    assert found["due_at"].astype("datetime64[D]").astype(str).tolist() == ["2026-02-20", "2026-02-01"]
    assert np.isnat(found["first_due_at"]).tolist() == [False, True]
    assert found["answered_by_role"].tolist() == [-1, -1]
