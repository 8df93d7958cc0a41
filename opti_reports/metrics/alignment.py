"""Rows of the atoms (unit, week, …) that every fact of a formula has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from opti_reports.algebra.term import Term
from opti_reports.algebra.vector import Bool
from opti_reports.metrics.placed import doubted, slots, unknown_keys
from opti_reports.model.fact import Shape
from opti_reports.periods.slots import Slot


def aligned(
    rows: Mapping[str, pd.DataFrame], shapes: Mapping[str, Shape], names: Sequence[str], by: Slot
) -> dict[str, pd.DataFrame]:
    """Return the rows of the atoms that all facts have.

    In doubt are rows of which a key is not known, and those of atoms that a fact has only unknown rows of.
    """
    atoms = {fact: _atoms(frame, names, by) for fact, frame in rows.items()}
    sure = {fact: atom[_sure(shapes[fact], rows[fact])] for fact, atom in atoms.items()}
    some, common = (_common(found) for found in (list(atoms.values()), list(sure.values())))
    found = {}
    for fact, frame in rows.items():
        lost = unknown_keys(frame, [name for name in names if name in shapes[fact].by])
        kept = atoms[fact].isin(some) | lost
        doubt = lost | ~np.asarray(atoms[fact].isin(common))
        found[fact] = doubted(shapes[fact], frame[kept], doubt[kept])
    return found


def aligned_to(
    rows: Mapping[str, pd.DataFrame],
    shapes: Mapping[str, Shape],
    names: Sequence[str],
    by: Slot,
    below: Sequence[Term],
) -> dict[str, pd.DataFrame]:
    """Return the denominator's rows whole, and the others' of the atoms in which the denominator has
    something.

    In doubt are rows of which a key is not known, and those of atoms of which only unknown rows may be there.
    """
    sure, some = [], []
    for term in below:
        frame = rows[term.fact]
        held, unknown = frame[term.measure].to_numpy() > 0, frame[f"{term.measure}__unknown"].to_numpy() > 0
        sure.append(frame[held])
        some.append(frame[held | unknown])
    certain, possible = (_atoms(pd.concat(parts), names, by).unique() for parts in (sure, some))
    found = {term.fact: rows[term.fact] for term in below}
    for fact, frame in rows.items():
        if fact not in found:
            atoms = _atoms(frame, names, by)
            lost = unknown_keys(frame, [name for name in names if name in shapes[fact].by])
            kept = np.asarray(atoms.isin(possible)) | lost
            doubt = lost | ~np.asarray(atoms.isin(certain))
            found[fact] = doubted(shapes[fact], frame[kept], doubt[kept])
    return {fact: found[fact] for fact in rows}


def _atoms(rows: pd.DataFrame, names: Sequence[str], by: Slot) -> pd.MultiIndex:
    """Return the atom of each row; the month of a metric of weeks is that of the week's Thursday."""
    keys = [
        slots(rows, by) if name == "month" else rows["node" if name == "unit" else name].astype(object)
        for name in names
    ]
    return pd.MultiIndex.from_arrays(keys)


def _common(atoms: Sequence[pd.MultiIndex]) -> pd.MultiIndex:
    common = atoms[0].unique()
    for other in atoms[1:]:
        common = common.intersection(other.unique())
    return common


def _sure(shape: Shape, rows: pd.DataFrame) -> Bool:
    """Return which rows stand for more than rows of the extract whose part is not known."""
    held = [f"{name}__filled" if name in shape.numeric else name for name in shape.measures]
    unknown = rows[[f"{name}__unknown" for name in shape.measures]].to_numpy().any(axis=1)
    return np.asarray(~unknown | rows[held].to_numpy().any(axis=1))
