"""What findings say of values: codes and evidence, no sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from opti_reports.model.period import Period

Basis = Literal["agreed", "law", "process", "baseline", "proposed", "example"]
"""Where a target comes from. ``proposed`` and ``example`` ones give no status."""
BINDING: tuple[Basis, ...] = ("agreed", "law", "process", "baseline")


@dataclass(frozen=True)
class TargetInForce:
    """A target of an organisation in a period: one value, or two for a band; pro-rated where so agreed."""

    op: Literal[">=", "<=", "between"]
    value: tuple[float, ...]
    basis: Basis
    org: str


@dataclass(frozen=True)
class Status:
    """How a value stands; ``none`` means no binding target, or no value to judge."""

    tone: Literal["good", "watch", "off", "none"]
    target: TargetInForce | None


@dataclass(frozen=True)
class Deviation:
    """Something a level must react to.

    ``since`` is the first of the months in a row it has lasted, ``months`` how many they are; ``breaches``
    are the cases over a statutory or process limit (``den − num``) where the metric counts cases.
    """

    kind: Literal["off_target", "statutory", "process_limit"]
    metric: str
    org: str
    period: Period
    since: Period
    months: int
    breaches: int | None
    severity: float
