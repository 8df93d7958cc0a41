"""Units beside each other: each with its interval, and where it lies among the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from opti_reports.model.organisation import Tree, Unit

Of = Literal["children", "units"]
"""Which nodes below one are set side by side: those right below it, or all its units."""
Position = Literal["too_few", "within", "alert_low", "alert_high", "alarm_low", "alarm_high"]
"""Where a unit lies: ``alert`` beyond the inner limits, ``alarm`` beyond the outer ones."""
Pair = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A unit in the comparison. Without a value (too few cases) it has neither interval nor limits."""

    org: str
    n: float
    position: Position
    value: float | None = None
    interval: Pair | None = None
    alert: Pair | None = None
    alarm: Pair | None = None


@dataclass(frozen=True)
class Edge:
    """The limits at a number of cases."""

    n: float
    alert: Pair
    alarm: Pair


@dataclass(frozen=True)
class Funnel:
    """The units around the value of all of them; all are shares of 1.

    ``phi`` is the overdispersion; when above 1 the limits are wider by its root, and the page says so.
    ``edges`` are the limits from the fewest cases of a judged unit to the most, to draw them by.
    """

    centre: float | None
    phi: float
    units: tuple[Placed, ...]
    edges: tuple[Edge, ...] = ()

    @property
    def adjusted(self) -> bool:
        """Return whether the limits were widened."""
        return self.phi > 1

    @property
    def judged(self) -> int:
        """Return how many units are judged: those with enough cases."""
        return sum(unit.position != "too_few" for unit in self.units)


def beneath(tree: Tree, org: str, of: Of, hidden: str) -> tuple[Unit, ...]:
    """Return the nodes set side by side under one; never ``hidden``, the node of rows that belong nowhere."""
    nodes = tree.below(org) if of == "units" else tree.children(org)
    return tuple(node for node in nodes if node.id not in (hidden, org))


def alike(tree: Tree, org: str, of: Of, hidden: str) -> tuple[tuple[str, ...], ...]:
    """Return the nodes set side by side in groups of one type, as only such are compared; no group of one."""
    groups: dict[str, list[str]] = {}
    for node in beneath(tree, org, of, hidden):
        groups.setdefault(node.type, []).append(node.id)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)
