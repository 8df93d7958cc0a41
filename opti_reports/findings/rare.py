"""Counts too rare for limits: shown as sums of twelve months instead, and the chart says so."""

from __future__ import annotations

from collections.abc import Sequence

RARE_BELOW = 2.0
"""A month's mean count below which limits from moving ranges mislead: most months are 0 or 1."""
MONTHS = 12


def is_rare(counts: Sequence[float | None]) -> bool:
    """Whether a monthly count has a mean below 2; gaps are left out, and nothing is rare without a value."""
    known = [count for count in counts if count is not None]
    return bool(known) and sum(known) < RARE_BELOW * len(known)


def rolling(counts: Sequence[float | None]) -> tuple[float | None, ...]:
    """At each month the sum of the twelve that end with it; None where one of them is a gap or missing.

    Neighbouring sums share eleven months, so the rules of a process behaviour chart do not apply to them.
    """
    sums: list[float | None] = []
    for end in range(1, len(counts) + 1):
        window = [count for count in counts[max(end - MONTHS, 0) : end] if count is not None]
        sums.append(sum(window) if len(window) == MONTHS else None)
    return tuple(sums)
