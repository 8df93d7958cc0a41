"""What sets a month's figures apart from what was published before."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from opti_reports.periods.period import Period

ChangeKind = Literal["withheld", "restated", "breach", "jump"]
CHANGES: tuple[ChangeKind, ...] = ("breach", "withheld", "jump", "restated")
"""The gravest first; restatements are the most common."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """A headline figure that stands otherwise than it was published before.

    ``withheld``: shown a month ago, no longer; ``restated``: published before, changed by a later extract
    (``sources``); ``breach``: a law broken that was not a month ago; ``jump``: beyond the limits of ordinary
    variation. ``old`` is the newest figure before, of the period ``before`` (of a restatement: the
    published one, of the same). ``look_at``: it makes the organisation's packs differ in kind, so they are
    looked at first.
    """

    kind: ChangeKind
    metric: str
    org: str
    period: Period
    old: Fraction | None
    new: Fraction | None
    sources: tuple[str, ...] = ()
    look_at: bool = False
    before: Period | None = None
