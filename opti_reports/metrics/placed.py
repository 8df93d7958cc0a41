"""A fact's rows in a run, placed in the tree of the data month, and the months delivered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from opti_reports.algebra.calendar import month_of, thursday
from opti_reports.algebra.vector import Bool, Int
from opti_reports.catalogue.units import known_unit, unit_of
from opti_reports.config.source import Source
from opti_reports.model.delivery import UnitRows
from opti_reports.model.fact import UNKNOWN_KEY, Shape, some
from opti_reports.model.organisation import Organisation, Tree
from opti_reports.periods.slots import Slot

SMALL = 1 << 18
"""Rows of a fact whose parts, by their keys, are kept: those of millions would take the memory of two."""


class Seen(NamedTuple):
    """How many keys of a node are seen in a slot, by the slot in which they were seen before it."""

    node: Int
    slot: Int
    before: Int
    keys: Int


@dataclass(frozen=True, eq=False)
class Places:
    """The nodes of a tree by number. ``above[a, b]`` is 1 where node ``a`` is ``b`` or stands above it.

    ``chain[node]`` is the node's lineage from the root down, then in other trees; each of their levels has a
    place of its own, so that a node stands in one place in all lineages, and −1 where there is nothing.
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
    spots: dict[tuple[str, int], int] = {}
    spot = {id: spots.setdefault((tree.lineage(id)[-1], len(tree.lineage(id))), len(spots)) for id in ids}
    chain = np.full((len(ids), len(spots)), -1, dtype=np.int64)
    for i, id in enumerate(ids):
        for higher in tree.above(id):
            above[index[higher], i] = 1
            chain[i, spot[higher]] = index[higher]
    return Places(tree, ids, index, above, chain)


@dataclass(frozen=True, eq=False, kw_only=True)
class PlacedFact:
    """A fact's rows with ``node`` (number of the unit's node) added, and private ids as running numbers.

    ``covered`` are the months its source has delivered (of a source that each unit delivers: those in which
    any unit has rows), ``settled`` the first whose cohort is whole, ``until`` the data month, ``partly`` the
    measures that not every row has. Rows ``of_weeks`` are of whole weeks, any others of days.
    """

    shape: Shape
    rows: pd.DataFrame
    covered: frozenset[int]
    settled: int
    per_unit: bool
    system: str
    until: int
    of_weeks: bool = False
    delivered: frozenset[int] = frozenset()
    """The months that deliveries speak of, whether any unit has rows in them or not (none: those covered)."""
    partly: frozenset[str] = frozenset()
    seen: dict[tuple[str, str, Slot, frozenset[int]], tuple[Seen, Seen]] = field(default_factory=dict)
    """Where and when keys are seen that are counted once, by measure, key and slot, without some slots."""
    parts: dict[frozenset[int], PlacedFact] = field(default_factory=dict)
    """What was taken of it by weeks."""
    there: dict[Slot, tuple[Int, Int]] = field(default_factory=dict)
    """Nodes and slots that have rows."""
    chosen: dict[tuple[tuple[str, tuple[str, ...]], ...], pd.DataFrame] = field(default_factory=dict)
    """Rows by their keys' values."""

    def places(self, by: Slot) -> tuple[Int, Int]:
        """Return nodes and slots that have rows, each pair once."""
        if by not in self.there:
            node, slot = self.rows["node"].to_numpy(), slots(self.rows, by)
            first, last = (int(slot.min()), int(slot.max())) if len(slot) else (0, 0)
            width = last - first + 1
            held = np.zeros((int(node.max(initial=-1)) + 1) * width, dtype=bool)
            held[node * width + slot - first] = True
            node, slot = np.divmod(np.flatnonzero(held), width)
            self.there[by] = node, slot + first
        return self.there[by]

    def whole(self, weeks: Int) -> Bool:
        """Return which weeks it has every day of: whose months are delivered, and which do not go on."""
        first, own, last = (month_of(thursday(weeks) + days) for days in (-3, 0, 3))
        if self.of_weeks:
            first = last = own
        delivered = list(self.delivered or self.covered)
        had: Bool = np.isin(own, list(self.covered)) & np.isin(first, delivered) & np.isin(last, delivered)
        return had & (last <= self.until)

    def only(self, weeks: frozenset[int]) -> PlacedFact:
        """Return the fact with the rows of some weeks alone."""
        if not self.shape.weekly:
            return self
        if weeks not in self.parts:
            rows = some(self.rows, np.isin(self.rows["week"].to_numpy(), list(weeks)))
            self.parts[weeks] = replace(self, rows=rows, seen={}, there={}, chosen={}, parts={})
        return self.parts[weeks]


def placed_fact(
    shape: Shape,
    rows: pd.DataFrame,
    covered: frozenset[int],
    source: Source,
    organisation: Organisation,
    at: Places,
    until: int,
    since: int = 0,
) -> PlacedFact:
    """Place a fact's rows: what each unit code meant in its month, and who stands for that unit now.

    Rows of months before ``since`` are left out.
    """
    rows = some(rows, (rows["month"] <= until).to_numpy())
    delivered = covered
    if source.per_unit:
        covered &= frozenset(rows["month"].unique().tolist())
    rows = some(rows, (rows["month"] >= since).to_numpy()) if since else rows
    placed = rows.drop(columns=["since", "unit"]).assign(
        node=_nodes(rows, source, organisation, at),
        **{name: numbered(rows[name].to_numpy())[0] for name in shape.private},
    )
    spec = next(fact for fact in source.fact if fact.id == shape.id)
    settled = min(covered, default=0) + spec.lag_months
    column = source.column.get(source.date)
    return PlacedFact(
        shape=shape,
        rows=placed,
        covered=covered,
        settled=settled,
        per_unit=source.per_unit,
        system=shape.system,
        until=until,
        delivered=delivered,
        of_weeks=column is not None and column.type == "iso_week",
        partly=frozenset(spec.partly),
    )


def _nodes(rows: pd.DataFrame, source: Source, organisation: Organisation, at: Places) -> Int:
    """Return the node of each row."""
    units, month = rows["unit"].cat, rows["month"].to_numpy()
    if not len(rows):
        return np.zeros(0, dtype=np.int64)
    first = int(month.min())
    span = int(month.max()) - first + 1
    place = units.codes.to_numpy().astype(np.int64) * span + (month - first)
    codes = units.categories.tolist()
    nodes = np.zeros(len(codes) * span, dtype=np.int64)
    for one in np.flatnonzero(np.bincount(place)).tolist():
        unit = unit_of(organisation, source, codes[one // span], first + one % span)
        nodes[one] = at.index[at.tree.moved[unit]]
    found: Int = nodes[place]
    return found


def numbered(values: Int) -> tuple[Int, Int]:
    """Return values as running numbers, and the distinct values by number (by hashing: much faster than
    sorting).
    """
    numbers, distinct = pd.factorize(values)
    return numbers.astype(np.int64), np.asarray(distinct)


def unresolved(units: Iterable[UnitRows], source: Source, organisation: Organisation) -> dict[str, int]:
    """Return unit codes nobody knows with the number of their rows, of each code in the fact that has most of
    it.

    An empty code is one of them, unless the source says for whom such rows count.
    """
    found: Counter[tuple[str, str]] = Counter()
    for fact, code, month, rows in units:
        if not known_unit(organisation, source, code, month):
            found[code, fact] += rows
    most: dict[str, int] = {}
    for (code, _), rows in sorted(found.items()):
        most[code] = max(rows, most.get(code, 0))
    return most


def filtered(fact: PlacedFact, filters: Mapping[str, tuple[str, ...]]) -> pd.DataFrame:
    """Return the rows whose keys have one of the wanted values, and in doubt those whose key is not known.

    Those of a small fact are kept: many terms and kinds of period ask for the same ones.
    """
    asked = tuple(sorted(filters.items()))
    found = fact.chosen.get(asked)
    if found is None:
        kept = np.ones(len(fact.rows), dtype=bool)
        for name, values in asked:
            wanted = {*(_stored(value, fact.shape.by[name]) for value in values), UNKNOWN_KEY}
            kept &= having(fact.rows[name], wanted)
        rows = some(fact.rows, kept)
        found = doubted(fact.shape, rows, unknown_keys(rows, filters))
        if len(fact.rows) <= SMALL:
            fact.chosen[asked] = found
    return found


def having(keys: pd.Series[Any], values: Container[str]) -> Bool:
    """Return where a key has one of some values: each word is looked at once, not each row."""
    words = keys.cat
    wanted = np.array([word in values for word in words.categories.tolist()], dtype=bool)
    held: Bool = np.append(wanted, False)[words.codes.to_numpy()]
    return held


def unknown_keys(rows: pd.DataFrame, names: Iterable[str]) -> Bool:
    """Return which rows have a key among ``names`` that is not known."""
    found = np.zeros(len(rows), dtype=bool)
    for name in names:
        if UNKNOWN_KEY in rows[name].cat.categories:
            found |= having(rows[name], (UNKNOWN_KEY,))
    return found


def doubted(shape: Shape, rows: pd.DataFrame, where: Bool) -> pd.DataFrame:
    """Return the rows with all that some of them hold set among what is not known."""
    if not where.any():
        return rows
    rows = rows.copy()
    for name in shape.measures:
        held = f"{name}__filled" if name in shape.numeric else name
        rows[f"{name}__unknown"] += np.where(where, rows[held].to_numpy(), 0)
        for column in (name, held):
            rows[column] = np.where(where, 0, rows[column].to_numpy())
    return rows


def _stored(value: str, denominator: int) -> str:
    return value if denominator == 1 else str(int(value) * denominator)


def slots(rows: pd.DataFrame, by: Slot) -> Int:
    """Return the slot of each row: its month, its week, or the month of its week's Thursday."""
    if by is Slot.WEEK:
        return rows["week"].to_numpy()
    if by is Slot.MONTH_OF_WEEKS:
        return month_of(thursday(rows["week"].to_numpy()))
    return rows["month"].to_numpy()


def presence(fact: PlacedFact, span: range, by: Slot, size: int, measures: Iterable[str] = ()) -> Bool:
    """Return which nodes have rows of the fact in which slot, without an empty cell in any of the measures.

    Of a measure that not every row has (``partly``) one filled cell is enough. A row whose part is not known
    is no empty cell: its unit has reported it, unreadably.
    """

    def placed(node: Int, slot: Int) -> Bool:
        inside = (slot >= span.start) & (slot < span.stop)
        table = np.zeros((size, len(span)), dtype=bool)
        table[node[inside], slot[inside] - span.start] = True
        return table

    there = placed(*fact.places(by))
    if not measures:
        return there
    slot, node = slots(fact.rows, by), fact.rows["node"].to_numpy()
    numeric = fact.shape.numeric
    filled = {
        name: fact.rows[f"{name}__filled" if name in numeric else name].to_numpy()
        for name in fact.shape.measures
    }
    for name in measures:
        given = filled[name] > 0
        there &= placed(node[given], slot[given])
        if name not in fact.partly:
            known = filled[name] + fact.rows[f"{name}__unknown"].to_numpy()
            lacking = known < np.maximum.reduce([np.ones_like(known), *filled.values()])
            there &= ~placed(node[lacking], slot[lacking])
    return there
