"""A fact's rows in a run, placed in the tree of the data month, and the months delivered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from opti_reports.algebra.calendar import month_of, thursday
from opti_reports.algebra.vector import Bool, Int
from opti_reports.model.fact import Shape
from opti_reports.model.organisation import Organisation, Tree


@dataclass(frozen=True, eq=False)
class Places:
    """The nodes of a tree by number. ``above[a, b]`` is 1 where node ``a`` is ``b`` or stands above it.

    ``chain[node]`` is the node's lineage from the root down, filled up with −1.
    """

    tree: Tree
    ids: tuple[str, ...]
    index: dict[str, int]
    above: Int
    chain: Int


def places(tree: Tree) -> Places:
    """Number the nodes of a tree."""
    ids = tuple(node.id for node in tree.nodes)
    index = {id: i for i, id in enumerate(ids)}
    above = np.zeros((len(ids), len(ids)), dtype=np.int64)
    lineages = [tree.lineage(id)[::-1] for id in ids]
    chain = np.full((len(ids), max(map(len, lineages))), -1, dtype=np.int64)
    for i, lineage in enumerate(lineages):
        for depth, id in enumerate(lineage):
            above[index[id], i] = 1
            chain[i, depth] = index[id]
    return Places(tree, ids, index, above, chain)


@dataclass(frozen=True, eq=False)
class Known:
    """A fact's rows with ``node`` (number of the unit's node) added, and private ids as running numbers.

    ``covered`` are the months its source has delivered, ``settled`` the first whose cohort is whole.
    """

    shape: Shape
    rows: pd.DataFrame
    covered: frozenset[int]
    settled: int
    per_unit: bool
    system: str


def known(
    shape: Shape,
    rows: pd.DataFrame,
    covered: frozenset[int],
    per_unit: bool,
    organisation: Organisation,
    at: Places,
    empty_unit: str,
    until: int,
) -> Known:
    """Place a fact's rows: what each unit code meant in its month, and who stands for that unit now."""
    rows = rows[rows["month"] <= until]
    units = rows["unit"].cat
    pair = units.codes.to_numpy().astype(np.int64) * 100_000 + rows["month"].to_numpy()
    distinct, inverse = np.unique(pair, return_inverse=True)
    nodes = np.array(
        [
            at.index[
                at.tree.moved[
                    _unit(units.categories[p // 100_000], p % 100_000, shape.system, organisation, empty_unit)
                ]
            ]
            for p in distinct.tolist()
        ],
        dtype=np.int64,
    )
    placed = rows.assign(
        node=nodes[inverse] if len(distinct) else np.zeros(0, dtype=np.int64),
        **{name: numbered(rows[name].to_numpy())[0] for name in shape.private},
    )
    lag = int((rows["month"] - rows["since"]).max()) if len(rows) else 0
    return Known(shape, placed, covered, min(covered, default=0) + max(lag, 0), per_unit, shape.system)


def numbered(values: Int) -> tuple[Int, Int]:
    """Values as running numbers, and the distinct values by number (by hashing: much faster than sorting)."""
    numbers, distinct = pd.factorize(values)
    return numbers.astype(np.int64), np.asarray(distinct)


def _unit(code: str, month: int, system: str, organisation: Organisation, empty_unit: str) -> str:
    if not code:
        return empty_unit or organisation.unallocated
    return organisation.resolve(system, code, month) or organisation.unallocated


def unresolved(rows: pd.DataFrame, system: str, organisation: Organisation) -> dict[str, int]:
    """Unit codes nobody knows, with the number of their rows' groups."""
    found: dict[str, int] = {}
    groups = rows.groupby(["unit", "month"], observed=True).size().reset_index(name="groups")
    for code, month, count in groups.itertuples(index=False):
        if code and organisation.resolve(system, str(code), int(month)) is None:
            found[str(code)] = found.get(str(code), 0) + int(count)
    return found


def filtered(fact: Known, filters: Mapping[str, tuple[str, ...]]) -> pd.DataFrame:
    """The rows whose keys have one of the wanted values."""
    rows = fact.rows
    for name, values in filters.items():
        wanted = [_stored(value, fact.shape.by[name]) for value in values]
        rows = rows[rows[name].isin(wanted).to_numpy()]
    return rows


def _stored(value: str, denominator: int) -> str:
    return value if denominator == 1 else str(int(value) * denominator)


def slots(rows: pd.DataFrame, by: str) -> Int:
    """The slot of each row: its month, its week, or the month of its week's Thursday."""
    if by == "iso_week":
        return rows["week"].to_numpy()
    if by == "weeks":
        return month_of(thursday(rows["week"].to_numpy()))
    return rows["month"].to_numpy()


def presence(fact: Known, span: range, by: str, size: int) -> Bool:
    """Which nodes have any row of the fact in which slot."""
    there = np.zeros((size, len(span)), dtype=bool)
    slot = slots(fact.rows, by) - span.start
    inside = (slot >= 0) & (slot < len(span))
    there[fact.rows["node"].to_numpy()[inside], slot[inside]] = True
    return there
