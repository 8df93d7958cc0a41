"""Columns that an export lacks: the delivery notes them, for what it then cannot tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hand_cases import HandCase, load_cases, write_files
from tests.pipeline import shipped, taken_until

TOLD = {"visit_reason", "licensed", "own_wish", "therapy_guarantee", "age_at_hta", "plan_based"}


def case(*columns: str) -> HandCase:
    """The first case of the care guarantee whose export has these columns, or none of ours."""
    return next(
        one
        for one in load_cases()
        if one.metric == "care_guarantee_u23_pct" and set(columns) == TOLD & set(one.sources[0].header)
    )


@pytest.mark.parametrize("there", [tuple(sorted(TOLD)), ("plan_based",)])
def test_the_delivery_notes_what_the_export_lacks(tmp_path: Path, there: tuple[str, ...]) -> None:
    made = case(*there)
    write_files(made, tmp_path / "data")
    ((_, kept),) = taken_until(shipped(), tmp_path / "data", tmp_path, made.month).of("avohilmo_events")
    assert TOLD & set(kept.counts.lacking) == TOLD - set(there)


def test_a_column_read_instead_of_another_leaves_nothing_lacking(tmp_path: Path) -> None:
    (made,) = (one for one in load_cases() if one.metric == "feedback_started_5wd_pct")
    write_files(made, tmp_path / "data")
    ((_, kept),) = taken_until(shipped(), tmp_path / "data", tmp_path, made.month).of("client_feedback")
    assert "first_handled_at" not in kept.counts.lacking
    assert "topic" in kept.counts.lacking
