"""Rows of the atoms (unit, week, …) that every fact of a formula has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from opti_reports.algebra.vector import Bool
from opti_reports.metrics.known import doubted, unknown_keys
from opti_reports.model.fact import Shape


def aligned(
    rows: Mapping[str, pd.DataFrame], shapes: Mapping[str, Shape], names: Sequence[str]
) -> dict[str, pd.DataFrame]:
    """The rows of the atoms that all facts have.

    In doubt are rows of which a key is not known, and those of atoms that a fact has only unknown rows of.
    """
    keys = ["node" if name == "unit" else name for name in names]
    atoms = {fact: pd.MultiIndex.from_frame(frame[keys].astype(object)) for fact, frame in rows.items()}
    sure = {fact: atom[_sure(shapes[fact], rows[fact])] for fact, atom in atoms.items()}
    some, common = (_common(found) for found in (list(atoms.values()), list(sure.values())))
    found = {}
    for fact, frame in rows.items():
        lost = unknown_keys(frame, [key for key in keys if key in shapes[fact].by])
        kept = atoms[fact].isin(some) | lost
        doubt = lost | ~np.asarray(atoms[fact].isin(common))
        found[fact] = doubted(shapes[fact], frame[kept], doubt[kept])
    return found


def _common(atoms: Sequence[pd.MultiIndex]) -> pd.MultiIndex:
    common = atoms[0].unique()
    for other in atoms[1:]:
        common = common.intersection(other.unique())
    return common


def _sure(shape: Shape, rows: pd.DataFrame) -> Bool:
    """Which rows stand for more than rows of the extract whose part is not known."""
    held = [f"{name}__filled" if name in shape.numeric else name for name in shape.measures]
    unknown = rows[[f"{name}__unknown" for name in shape.measures]].to_numpy().any(axis=1)
    return np.asarray(~unknown | rows[held].to_numpy().any(axis=1))
