"""What is counted anew on every level: ids that several nodes have, and those that only one has."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from opti_reports.algebra.vector import Int
from opti_reports.metrics.placed import Places


@dataclass(frozen=True, eq=False)
class Recounted:
    """Rows by the node they count at, some of them more than once.

    ``rows`` are their numbers, ``node`` where each counts. The first ``alone`` are of ids that only one node
    has rows of: what they make can be added up the tree. The others stand once for every node of their
    lineage.
    """

    rows: Int
    node: Int
    alone: int


def recounted(ids: Int, node: Int, at: Places) -> Recounted:
    """Return where the rows of each id (a running number) count, given the node each row is of.

    Most clients are seen at one unit alone: repeating their rows for each level would take as many times as
    long for the same counts.
    """
    home = np.zeros(int(ids.max(initial=-1)) + 1, dtype=np.int64)
    home[ids] = node
    astray = np.zeros(len(home), dtype=bool)
    astray[ids[home[ids] != node]] = True
    moves = astray[ids]
    alone, others = np.flatnonzero(~moves), np.flatnonzero(moves)
    chains = at.chain[node[others]]
    row, depth = np.nonzero(chains >= 0)
    rows = np.concatenate([alone, others[row]])
    return Recounted(rows, np.concatenate([node[alone], chains[row, depth]]), len(alone))
