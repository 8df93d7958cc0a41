"""A reader who keeps every release, corrections too, tells no withheld count closer than its limit.

The attack reckons with whole cases that are not below nothing, and knows which cases were corrected between
two releases; nothing of it comes from the gate.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from opti_reports.disclosure.gate import Gate
from opti_reports.disclosure.publication import Earlier
from opti_reports.model.value import Value, Values
from tests.disclosure.test_attacker import (
    KEYS,
    LEAVES,
    LIMIT,
    METRICS,
    MONTHS,
    TREE,
    Atom,
    parts,
    published,
    small,
)
from tests.findings.world import PROTECTION

SIZES = (0, 1, 3, 4, 5, 9, 30)
EVERY = [Atom(u, m, k) for u in LEAVES for m in MONTHS for k in KEYS]
Versions = dict[Atom, int]
"""How often an atom was corrected, up to a release."""


class Reader:
    """All figures shown in the releases, as sums of atoms in their versions."""

    def __init__(self, releases: Sequence[Values], versions: Sequence[Versions]) -> None:
        self._columns: dict[tuple[Atom, int], int] = {}
        for known in versions:
            for atom in EVERY:
                self._columns.setdefault((atom, known.get(atom, 0)), len(self._columns))
        shown = {
            tuple(self.row(value, known)): value.n
            for values, known in zip(releases, versions, strict=True)
            for value in values
            if value.state == "ok"
        }
        counts = np.array(list(shown.values()))
        self._agrees = LinearConstraint(np.array(list(shown)), counts, counts)

    def row(self, value: Value, known: Versions) -> NDArray[np.int64]:
        row = np.zeros(len(self._columns), dtype=np.int64)
        for atom in parts(value.org, value.period, value.key):
            row[self._columns[atom, known.get(atom, 0)]] += 1
        return row

    def apart(self, value: Value, known: Versions) -> int:
        """How far apart the lowest and highest count lie that a figure may have."""
        aim, ends = self.row(value, known), []
        for sign in (1, -1):
            counts = np.ones(len(aim), dtype=np.int64)
            found = milp(sign * aim, constraints=self._agrees, integrality=counts, bounds=Bounds(0, 500))
            assert found.success
            ends.append(round(float(aim @ found.x)))
        return ends[1] - ends[0]


def tell(seed: int, releases: int) -> tuple[int, list[Value]]:
    """How many withheld figures of the last release were attacked, and those told closer than the limit."""
    chance = random.Random(seed)
    counts = {atom: chance.choice(SIZES) for atom in EVERY}
    gate, versions = Gate(METRICS, TREE, PROTECTION), dict[Atom, int]()
    exact: list[Values] = []
    shown: list[Values] = []
    known: list[Versions] = []
    for until in range(MONTHS[-1] - releases, MONTHS[-1]):
        for _ in range(chance.randrange(3) if exact else 0):
            atom = Atom(chance.choice(LEAVES), chance.randrange(MONTHS[0], until), chance.choice(KEYS))
            correct = chance.choice(SIZES)
            if correct != counts[atom]:
                counts, versions = {**counts, atom: correct}, {**versions, atom: versions.get(atom, 0) + 1}
        exact.append(published(counts, until))
        earlier = [Earlier.of(told, were) for told, were in zip(shown, exact, strict=False)]
        masked = gate.publish(exact[-1], earlier)
        shown.append(masked.values)
        known.append(versions)
    told_before = {(cell[0], cell[1], cell[3]) for _, cell in masked.known_before}
    assert masked.exposed == ()
    seen = {(v.org, v.period, v.key, v.n) for values in shown[:-1] for v in values if v.state == "ok"}
    sizes = {(v.org, v.period, v.key): v.n for v in exact[-1]}
    wanted = small(exact[-1]) - told_before
    wanted = {place for place in wanted if (*place, sizes[place]) not in seen}
    reader = Reader(shown, known)
    attacked = [v for v in shown[-1] if (v.org, v.period, v.key) in wanted]
    assert all(v.state == "withheld" for v in attacked)
    return len(attacked), [v for v in attacked if reader.apart(v, known[-1]) < LIMIT]


@pytest.mark.parametrize(
    ("releases", "seed"),
    [
        (2, 5),
        (2, 7),
        (6, 2),
        *(pytest.param(6, seed, marks=pytest.mark.heavy) for seed in range(10, 20)),
        *(pytest.param(2, seed, marks=pytest.mark.heavy) for seed in range(10, 20)),
    ],
)
def test_who_keeps_every_release_tells_nothing(releases: int, seed: int) -> None:
    attacked, told = tell(seed, releases)
    assert attacked
    assert told == []
