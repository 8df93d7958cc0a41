"""The continuity-of-care index (Bice & Boxerman 1977) over rolling windows of client × professional."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from opti_reports.algebra.columns import narrow
from opti_reports.algebra.vector import Bool, Int
from opti_reports.config.metric import Continuity
from opti_reports.metrics.placed import Places
from opti_reports.metrics.recounted import apart
from opti_reports.metrics.windows import Frame

Index = dict[tuple[int, int], tuple[Fraction, int]]
"""By node and period: the mean index and the number of clients in it."""


@dataclass(frozen=True, eq=False)
class _Visits:
    """Visits of pairs of a client and a professional by month, sorted by pair: which client each pair is of,
    and the row of ``Tally`` that each client belongs to.
    """

    months: Mapping[int, tuple[Int, Int]]
    client_of_pair: Int
    row_of_client: Int

    @property
    def most(self) -> int:
        """Return one more than the visits of the client who ever had most."""
        ever = np.zeros(len(self.row_of_client), dtype=np.int64)
        for pair, visits in self.months.values():
            np.add.at(ever, self.client_of_pair[pair], visits)
        return int(ever.max(initial=0)) + 1


class Tally:
    """Clients by row and number of visits in a window: how many, and the sum of their ``Σ n² − N``."""

    def __init__(self, counted: _Visits, rows: int) -> None:
        self._of, self._n = counted, np.zeros(len(counted.client_of_pair), dtype=np.int64)
        size = len(counted.row_of_client)
        self._visits, self._squares = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
        self.clients = np.zeros((rows, counted.most), dtype=np.int64)
        self.excess = np.zeros_like(self.clients)

    def change(self, month: int, sign: int) -> None:
        """Add the visits of a month, or take them away: only its clients are looked at."""
        pair, visits = self._of.months[month]
        more = sign * visits
        client = self._of.client_of_pair[pair]
        starts = np.flatnonzero(np.append(True, client[1:] != client[:-1]))
        squares = more * (2 * self._n[pair] + more)
        self._n[pair] += more
        client = client[starts]
        self._put(client, -1)
        self._visits[client] += np.add.reduceat(more, starts)
        self._squares[client] += np.add.reduceat(squares, starts)
        self._put(client, 1)

    def _put(self, client: Int, sign: int) -> None:
        visits = self._visits[client]
        place = self._of.row_of_client[client] * self.clients.shape[1] + visits
        np.add.at(self.clients.reshape(-1), place, sign)
        np.add.at(self.excess.reshape(-1), place, sign * (self._squares[client] - visits))


def indices(metric: Continuity, rows: pd.DataFrame, measure: str, frame: Frame, at: Places) -> Index:
    """Return the mean of the clients' indices ``(Σ n² − N) / (N (N − 1))`` for clients with enough contacts.

    A client's contacts are merged over the node and the window first, so every level is recomputed.
    """
    size = len(at.ids)
    counted = _visits(metric, rows, measure, at)
    tally, found, held = Tally(counted, 2 * size), Index(), set[int]()
    for number in range(len(frame.periods)):
        wanted = {int(s) + frame.span.start for s in np.flatnonzero(frame.given[:, number])} & set(
            counted.months
        )
        for changed, sign in ((wanted - held, 1), (held - wanted, -1)):
            for month in changed:
                tally.change(month, sign)
        held = wanted
        clients, excess = (at.above @ one[:size] + one[size:] for one in (tally.clients, tally.excess))
        found |= {(node, number): mean for node, mean in _means(metric.min_contacts, clients, excess)}
    return found


def _visits(metric: Continuity, rows: pd.DataFrame, measure: str, at: Places) -> _Visits:
    """Return the visits by pair and month; clients of one node in its row, others in those after the last
    node's. Who never had enough visits is left out.
    """
    ids, all_visits = rows[metric.client].to_numpy(), rows[measure].to_numpy()
    ever = np.zeros(int(ids.max(initial=-1)) + 1, dtype=np.int64)
    np.add.at(ever, ids, all_visits)
    some = np.flatnonzero((all_visits > 0) & (ever >= metric.min_contacts)[ids])
    client, provider, node, month, visits = (
        rows[name].to_numpy()[some] for name in (metric.client, metric.provider, "node", "month", measure)
    )
    alone, others = apart(client, node)
    chains = at.chain[node[others]]
    moved, depth = np.nonzero(chains >= 0)
    rows_of = np.concatenate([alone, others[moved]])
    row = np.concatenate([node[alone], chains[moved, depth] + len(at.ids)])
    first, width = int(month.min() if len(month) else 0), int(provider.max(initial=0)) + 1
    span = int(month.max(initial=first)) - first + 1
    owner = (client[rows_of] * (2 * len(at.ids)) + row) * width
    order = np.argsort((owner + provider[rows_of]) * span + month[rows_of] - first, kind="stable")
    owner, row, chosen = owner[order], row[order], rows_of[order]
    provider, month = provider[chosen], month[chosen]
    new_client = _changes(owner)
    new_pair = new_client | _changes(provider)
    starts = np.flatnonzero(new_pair | _changes(month))
    pair, of = np.cumsum(new_pair) - 1, np.cumsum(new_client) - 1
    added = np.add.reduceat(visits[chosen], starts) if len(starts) else visits[chosen]
    pair, month = pair[starts], month[starts]
    order = np.argsort(narrow(month), kind="stable")
    parts = np.split(order, np.cumsum(np.bincount(month - first, minlength=span))[:-1])
    months = {first + m: (pair[part], added[part]) for m, part in enumerate(parts) if len(part)}
    return _Visits(months, of[new_pair], row[new_client])


def _changes(sorted_: Int) -> Bool:
    """Return where a value differs from the one before it."""
    return np.append(True, sorted_[1:] != sorted_[:-1]) if len(sorted_) else np.zeros(0, dtype=bool)


def _means(least: int, clients: Int, excess: Int) -> Iterator[tuple[int, tuple[Fraction, int]]]:
    """Yield the mean index of each node that has clients of enough visits, and how many they are."""
    for node in np.flatnonzero(clients[:, least:].any(axis=1)).tolist():
        visits = np.flatnonzero(clients[node, least:]) + least
        parts = zip(visits.tolist(), excess[node, visits].tolist(), strict=True)
        number = int(clients[node, visits].sum())
        yield node, (sum((Fraction(part, n * (n - 1)) for n, part in parts), Fraction(0)) / number, number)
