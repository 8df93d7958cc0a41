"""Rows told apart by their keys: equal keys in order, and rows that share one."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from opti_reports.algebra.columns import Taken
from opti_reports.algebra.functions import Context
from opti_reports.algebra.vector import Int, Vector
from opti_reports.config.guards import Guards
from opti_reports.config.source import Source
from opti_reports.extracts import rows as rules
from opti_reports.extracts.duplicates import Delivered, duplicates, pairwise_of, refuse
from opti_reports.extracts.gathered import Gathered
from opti_reports.model.delivery import TWICE, Delivery


def mark_repeated(
    source: Source,
    delivery: Delivery,
    context: Context,
    rows: Mapping[str, Vector],
    own: Vector,
    gathered: Gathered,
    rank: Int,
    reasons: rules.Why,
    guards: Guards,
) -> dict[int, tuple[str, str]]:
    """Mark rows that a later one replaces, then rows of a case that contradict one another.

    ``own`` is each row's own date. Return where the row stands that is used, by the row it replaces. Raises
    ExtractError when too many rows replace others.
    """
    valid = np.flatnonzero(reasons == "")
    cells = rows if len(valid) == len(reasons) else Taken(rows, valid)
    twice, instead = duplicates(rank[valid], cells), {}
    if len(twice.replaced) or (len(delivery.files) > 1 and len(twice.identical)):
        pairs = _pairs(
            source=source,
            delivery=delivery,
            context=context,
            cells=cells,
            own=own.take(valid),
            gathered=gathered,
            rank=rank,
            valid=valid,
        )
        refuse(twice, pairs, guards)
        for old, new in pairwise_of(twice.replaced, twice.by):
            instead[int(valid[old])] = "", f"line {pairs.line[new]} of {pairs.name(new)}"
    identical, replaced = TWICE
    reasons[valid[twice.identical]] = identical
    reasons[valid[twice.replaced]] = replaced
    if source.same_within is not None:
        valid = np.flatnonzero(reasons == "")
        apart = rules.disagreeing(source, Taken(rows, valid))
        reasons[valid[apart]] = "disagrees"
    return instead


def _pairs(
    source: Source,
    delivery: Delivery,
    context: Context,
    cells: Mapping[str, Vector],
    own: Vector,
    gathered: Gathered,
    rank: Int,
    valid: NDArray[np.intp],
) -> Delivered:
    """Return the rows beside one another, for finding out why they share keys."""
    day = context.calendar.to_day(own.data) if own.kind == "datetime" else own.data
    shown = [name for name in source.key if not source.column[name].private]
    keys = {name: pa.chunked_array(gathered.keys[name], pa.string()) for name in shown}
    return Delivered(
        source=source,
        paths=delivery.files,
        file=np.concatenate(gathered.files)[valid],
        line=np.concatenate(gathered.lines)[valid],
        key=rank[valid],
        text=lambda row: " ".join(str(keys[name][int(valid[row])]) for name in shown),
        own=own,
        day=day,
        cells=cells,
    )


def ranks(source: Source, rows: Mapping[str, Vector], gathered: Gathered) -> Int:
    """Equal keys get equal numbers, in the order of the keys.

    Keys are compared as they were read, so that two spellings of a code or a month are one.
    """
    rank, count = _places(rows.get(source.key[0]), gathered.keys[source.key[0]])
    for name in source.key[1:]:
        place, count = _places(rows.get(name), gathered.keys[name])
        _, rank = np.unique(rank * count + place, return_inverse=True)
    return rank


def _places(vector: Vector | None, texts: list[pa.Array]) -> tuple[Int, int]:
    """Return each cell's place among the distinct cells of a key column, and how many there are.

    Pseudonyms go by their text (their hashes are in another order in every workspace), and so do ids that
    nothing else reads.
    """
    if vector is None or vector.kind == "private":
        every = pa.chunked_array(texts, pa.string())
        ranked = pc.rank(every, sort_keys="ascending", tiebreaker="dense").to_numpy().astype(np.int64) - 1
        return ranked, int(ranked.max(initial=-1)) + 1
    if vector.kind == "text":
        words, codes = pa.array(["", *vector.words]), np.where(vector.filled, vector.data + 1, 0)
    else:
        distinct, found = np.unique(np.where(vector.filled, vector.data, rules.EMPTY), return_inverse=True)
        return found.astype(np.int64), len(distinct)
    place = pc.rank(words, sort_keys="ascending").to_numpy().astype(np.int64) - 1
    return place[codes], len(place)
