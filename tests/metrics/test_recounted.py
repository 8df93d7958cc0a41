"""Clients and their continuity, counted anew on every level and in every window: set against plain sets."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from opti_reports.config.metric import Continuity
from opti_reports.metrics.continuity import indices
from opti_reports.metrics.distinct import distinct
from opti_reports.metrics.placed import PlacedFact, Places, places
from opti_reports.metrics.windows import frame, periods
from opti_reports.model.fact import Shape
from opti_reports.periods.cadence import CADENCES, ROLLING, Cadence
from opti_reports.periods.slots import Slot
from tests.pipeline import shipped

FIRST, LAST = 656, 679
LOST = {657, 658, 670}
"""Months that no delivery speaks of."""
MONTHLY = tuple(cadence for cadence in CADENCES if not cadence.weekly)


@pytest.fixture(scope="module")
def at() -> Places:
    return places(shipped().organisation.tree(LAST))


@pytest.fixture(scope="module", params=range(3))
def rows(request: pytest.FixtureRequest, at: Places) -> pd.DataFrame:
    """Visits of some clients, few of whom go to another unit, some of whom often."""
    chance = random.Random(request.param)
    parents = {node.parent for node in at.tree.nodes}
    leaves = [number for number, id in enumerate(at.ids) if id not in parents][:5]
    found = []
    for client in range(25):
        home = chance.choice(leaves)
        for _ in range(chance.randint(1, 25)):
            node = home if chance.random() < (0.6 if client % 5 == 0 else 1) else chance.choice(leaves)
            month, who = chance.randint(FIRST - 3, LAST + 2), chance.randint(0, 3)
            found.append((client, who, node, month, chance.randint(0, 2)))
    columns = ["client", "who", "node", "month", "n"]
    return pd.DataFrame(found, columns=columns).astype("int64").sample(frac=1, random_state=request.param)


def held(rows: pd.DataFrame, at: Places) -> dict[tuple[int, int], list[tuple[int, int, int]]]:
    """Client, professional and visits of every row by each node above it and its month, if delivered."""
    found = defaultdict(list)
    for client, who, node, month, visits in rows.to_numpy().tolist():
        for above in at.chain[node].tolist():
            if visits and above >= 0 and month not in LOST and month >= FIRST - 6:
                found[above, month].append((client, who, visits))
    return found


@pytest.mark.parametrize("far", [1, 10_000], ids=["near ids", "ids far apart"])
@pytest.mark.parametrize("cadence", MONTHLY, ids=lambda cadence: cadence.id)
def test_a_client_is_counted_once_on_each_level_in_each_period(
    cadence: Cadence, far: int, rows: pd.DataFrame, at: Places
) -> None:
    rows = rows.assign(client=rows["client"] * far)
    wanted = periods(cadence, FIRST, LAST)
    over = frame(Slot.MONTH, wanted, frozenset(range(FIRST - 6, LAST + 1)) - LOST, FIRST)
    shape = Shape(
        id="f",
        source="src",
        system="s",
        by={},
        codes={},
        measures={"n": 1},
        numeric=frozenset(),
        private=("client",),
        stock=False,
        weekly=False,
    )
    fact = PlacedFact(
        shape=shape, rows=rows, covered=frozenset(), settled=0, per_unit=False, system="", until=0
    )
    of = held(rows, at)
    for found in (
        distinct(fact=fact, rows=some, measure="n", key="client", frame=over, at=at)
        for some in (rows, rows.copy(), rows)  # of all a fact's rows it is kept
    ):
        assert found.tolist() == [
            [len({client for m in period.months for client, _, _ in of[node, m]}) for period in wanted]
            for node in range(len(at.ids))
        ]


def test_the_index_is_the_mean_of_clients_with_enough_visits(rows: pd.DataFrame, at: Places) -> None:
    metric = shipped().metrics["coc_index"].model_copy(update={"client": "client", "provider": "who"})
    assert isinstance(metric, Continuity)
    wanted = periods(ROLLING, FIRST, LAST)
    over = frame(Slot.MONTH, wanted, frozenset(range(FIRST - 6, LAST + 1)) - LOST, FIRST)
    naive, of = {}, held(rows, at)
    for node in range(len(at.ids)):
        for number, period in enumerate(wanted):
            pairs = Counter[tuple[int, int]]()
            for client, who, visits in (row for month in period.months for row in of[node, month]):
                pairs[client, who] += visits
            total = Counter[int]()
            for (client, _), visits in pairs.items():
                total[client] += visits
            enough = [client for client, visits in total.items() if visits >= metric.min_contacts]
            each = [
                Fraction(
                    sum(n * n for (one, _), n in pairs.items() if one == client) - total[client],
                    total[client] * (total[client] - 1),
                )
                for client in enough
            ]
            if each:
                naive[node, number] = sum(each, Fraction(0)) / len(each), len(each)
    assert naive
    assert indices(metric, rows, "n", over, at) == naive


def test_no_visits_make_no_index(at: Places) -> None:
    none = pd.DataFrame(
        {name: np.zeros(0, dtype=np.int64) for name in ("client", "who", "node", "month", "n")}
    )
    metric = shipped().metrics["coc_index"].model_copy(update={"client": "client", "provider": "who"})
    assert isinstance(metric, Continuity)
    over = frame(Slot.MONTH, periods(ROLLING, FIRST, LAST), frozenset(range(FIRST, LAST + 1)), FIRST)
    assert indices(metric, none, "n", over, at) == {}
