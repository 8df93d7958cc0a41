"""Local times read many at a time mean what each means alone."""

from __future__ import annotations

import random

import pyarrow as pa
import pytest

from opti_reports.extracts.moments import Moments
from tests.algebra.rows import FINLAND
from tests.extracts.reading import SOURCE

PLAIN = (
    "2026-03-01 08:00",
    "2026-03-01T08:15",
    "2026-03-29 03:30:00",
    "2026-10-25T03:30:59",
    "1990-01-01 00:00",
)
SHAPED = (
    "2026-02-30 08:00",
    "2026-03-01 24:00",
    "2026-03-01 08:61:00",
    "1989-12-31 23:59",
    "2061-01-01 00:00:00",
)
"""Written as a plain moment, and none."""
ODD = (
    "1.3.2026 8:00",
    "2026-03-01",
    "46000,5",
    "To 5.3.2026 klo 9",
    "2026-03-01T08:00:00Z",
    "#N/A",
    "eilen",
    "",
    " ",
)


def read(texts: list[str]) -> list[tuple[int | None, int]]:
    """Each text's instant, None where there is none, and its problem."""
    data, filled, problem = Moments(SOURCE, SOURCE.column["ended_at"], FINLAND).read(
        pa.array(texts, pa.string())
    )
    cells = zip(data.tolist(), filled.tolist(), problem.tolist(), strict=True)
    return [(instant if there and not wrong else None, wrong) for instant, there, wrong in cells]


ALONE = {text: read([text])[0] for text in (*PLAIN, *SHAPED, *ODD)}


@pytest.mark.parametrize("kinds", [(PLAIN,), (PLAIN, ODD), (PLAIN, SHAPED), (ODD,), (PLAIN, SHAPED, ODD)])
def test_moments_read_together_are_those_read_alone(kinds: tuple[tuple[str, ...], ...]) -> None:
    chosen = random.Random(7)
    texts = [chosen.choice(chosen.choice(kinds)) for _ in range(500)]
    assert read(texts) == [ALONE[text] for text in texts]


def test_what_each_means() -> None:
    assert ALONE["2026-03-01 08:00"] == (1_772_344_800, 0)
    assert ALONE["2026-03-01 08:00"] == ALONE["1.3.2026 8:00"]
    assert all(instant is None for instant, _ in map(ALONE.get, SHAPED))  # type: ignore[misc]
