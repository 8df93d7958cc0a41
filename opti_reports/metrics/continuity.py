"""The continuity-of-care index (Bice & Boxerman 1977) over rolling windows of client × professional."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from opti_reports.algebra.vector import Int
from opti_reports.config.metric import Continuity
from opti_reports.metrics.placed import Places, numbered
from opti_reports.metrics.windows import Frame

Index = dict[tuple[int, int], tuple[Fraction, int]]
"""By node and period: the mean index and the number of clients in it."""


@dataclass(frozen=True, eq=False)
class _Counts:
    """Visits of each (client, professional) pair of a level: by month, and which client each pair is of."""

    pair: Int
    month: Int
    visits: Int
    client_of_pair: Int
    node_of_client: Int


def indices(metric: Continuity, rows: pd.DataFrame, measure: str, frame: Frame, at: Places) -> Index:
    """Return the mean of the clients' indices ``(Σ n² − N) / (N (N − 1))`` for clients with enough contacts.

    A client's contacts are merged over the node and the window first, so every level is recomputed.
    """
    rows = rows[(rows[measure] > 0).to_numpy()]
    found: Index = {}
    for depth in range(at.chain.shape[1]):
        counts = _counts(metric, rows, measure, at, depth)
        if counts is not None:
            found |= dict(_rolled(metric, counts, frame))
    return found


def _counts(metric: Continuity, rows: pd.DataFrame, measure: str, at: Places, depth: int) -> _Counts | None:
    node = at.chain[rows["node"].to_numpy(), depth]
    here = node >= 0
    if not here.any():
        return None
    client, provider = rows[metric.client].to_numpy()[here], rows[metric.provider].to_numpy()[here]
    of_row, clients = numbered(client * len(at.ids) + node[here])
    width = int(provider.max()) + 1
    pair, pairs = numbered(of_row * width + provider)
    return _Counts(
        pair,
        rows["month"].to_numpy()[here],
        rows[measure].to_numpy()[here],
        pairs // width,
        clients % len(at.ids),
    )


def _rolled(
    metric: Continuity, counts: _Counts, frame: Frame
) -> Iterator[tuple[tuple[int, int], tuple[Fraction, int]]]:
    """Walk the windows in order: months that enter are added, months that leave taken away."""
    visits = np.zeros(len(counts.client_of_pair), dtype=np.int64)
    held: set[int] = set()
    by_month = {m: np.flatnonzero(counts.month == m) for m in np.unique(counts.month).tolist()}
    for number in range(len(frame.periods)):
        wanted = {int(s) + frame.span.start for s in np.flatnonzero(frame.given[:, number])} & set(by_month)
        for months, sign in ((wanted - held, 1), (held - wanted, -1)):
            for month in months:
                chosen = by_month[month]
                np.add.at(visits, counts.pair[chosen], sign * counts.visits[chosen])
        held = wanted
        for node, value in _means(metric.min_contacts, counts, visits):
            yield (node, number), value


def _means(least: int, counts: _Counts, visits: Int) -> Iterator[tuple[int, tuple[Fraction, int]]]:
    size = len(counts.node_of_client)
    total = np.bincount(counts.client_of_pair, weights=visits, minlength=size).astype(np.int64)
    squares = np.bincount(counts.client_of_pair, weights=visits * visits, minlength=size).astype(np.int64)
    enough = np.flatnonzero(total >= least)
    top = int(total.max(initial=0)) + 1
    place = counts.node_of_client[enough] * top + total[enough]
    groups, inverse = np.unique(place, return_inverse=True)
    excess = np.bincount(inverse, weights=(squares - total)[enough], minlength=len(groups)).astype(np.int64)
    clients = np.bincount(inverse, minlength=len(groups))
    sums: dict[int, tuple[Fraction, int]] = {}
    for group, part, count in zip(groups.tolist(), excess.tolist(), clients.tolist(), strict=True):
        node, contacts = divmod(group, top)
        sum_, number = sums.get(node, (Fraction(0), 0))
        sums[node] = sum_ + Fraction(part, contacts * (contacts - 1)), number + count
    for node, (sum_, number) in sums.items():
        yield node, (sum_ / number, number)
