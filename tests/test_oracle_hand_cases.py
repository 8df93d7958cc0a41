"""The oracle gives what was worked out by hand, for each of the metrics."""

from pathlib import Path

import pytest

from tests.hand_cases import Expected, HandCase, load_cases, write_files
from tests.oracle import Cell, Key, compute

ORGANISATION = Path(__file__).parents[1] / "configs" / "organisation.toml"
CASES = load_cases()


def disagreement(expected: Expected, cells: dict[Key, Cell]) -> str | None:
    """Say how a cell differs from what was worked out, None when it agrees."""
    key = Key(expected.metric, expected.org, expected.kind, expected.period, expected.breakdown, expected.key)
    cell = cells.get(key)
    if cell is None:
        return f"{key} is absent, expected {expected.value}"
    stated = [name for name in ("numerator", "denominator") if getattr(expected, name) is not None]
    wrong = [name for name in (*stated, "value") if getattr(cell, name) != getattr(expected, name)]
    told = [f"{name} {getattr(cell, name)}, expected {getattr(expected, name)}" for name in wrong]
    return f"{key}: {'; '.join(told)}" if told else None


@pytest.mark.parametrize("case", CASES, ids=[case.metric for case in CASES])
def test_oracle_agrees_with_the_hand(case: HandCase, tmp_path: Path) -> None:
    write_files(case, tmp_path)
    cells = compute(tmp_path, ORGANISATION, case.month)
    assert case.expected
    assert [told for expected in case.expected if (told := disagreement(expected, cells))] == []
