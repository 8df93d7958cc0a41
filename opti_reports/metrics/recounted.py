"""What is counted anew on every level: ids that several nodes have, and those that only one has."""

from __future__ import annotations

import numpy as np

from opti_reports.algebra.vector import Int


def apart(ids: Int, node: Int) -> tuple[Int, Int]:
    """Return the numbers of the rows whose id (a running number) only one node has rows of, and of the
    others.

    What the first make can be added up the tree. Most clients are seen at one unit alone: counting them for
    each level would take as many times as long for the same counts.
    """
    home = np.zeros(int(ids.max(initial=-1)) + 1, dtype=np.int64)
    home[ids] = node
    astray = np.zeros(len(home), dtype=bool)
    astray[ids[home[ids] != node]] = True
    moves = astray[ids]
    return np.flatnonzero(~moves), np.flatnonzero(moves)
