"""Cases too rare for limits: shown over twelve months instead, and the chart says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from opti_reports.periods.months import YEAR

Month = TypeVar("Month")


@dataclass(frozen=True)
class Cases:
    """A month of a share: ``hits`` of ``all`` cases, which may be none."""

    hits: float
    all: float


def is_rare(counts: Sequence[float | None], below: float) -> bool:
    """Tell whether a monthly count's mean is lower; gaps are left out, and nothing is rare without a value.

    Of rare counts most months are 0 or 1, and limits from moving ranges mislead.
    """
    known = [count for count in counts if count is not None]
    return bool(known) and sum(known) < below * len(known)


def is_rare_share(months: Sequence[Cases | None], below: float) -> bool:
    """Return whether the hits of a share, or its misses, are a rare count: then single cases move it.

    At 98 % of 20 cases limits from moving ranges call every fifth month of pure chance a signal.
    """
    hits = [None if month is None else month.hits for month in months]
    misses = [None if month is None else month.all - month.hits for month in months]
    return is_rare(hits, below) or is_rare(misses, below)


def rolling(counts: Sequence[float | None]) -> tuple[float | None, ...]:
    """Return for each month the sum of the twelve that end with it; None where one of them is a gap or
    missing.

    Neighbouring sums share eleven months, so the rules of a process behaviour chart do not apply to them.
    """
    return tuple(None if window is None else sum(window) for window in _windows(counts))


def rolling_share(months: Sequence[Cases | None], least: float) -> tuple[float | None, ...]:
    """Return for each month the share (0–1) of the twelve that end with it, likewise.

    None also where the twelve have fewer than ``least`` cases, or none.
    """
    shares: list[float | None] = []
    for window in _windows(months):
        cases = 0.0 if window is None else sum(month.all for month in window)
        enough = window is not None and cases > 0 and cases >= least
        shares.append(sum(month.hits for month in window or ()) / cases if enough else None)
    return tuple(shares)


def _windows(months: Sequence[Month | None]) -> Iterator[list[Month] | None]:
    """Yield the twelve months that end with each; None where they are not all there."""
    for end in range(1, len(months) + 1):
        window = [month for month in months[max(end - YEAR, 0) : end] if month is not None]
        yield window if len(window) == YEAR else None
