"""The rows of a delivery that a list shows, as text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from opti_reports.algebra.calendar import DAY, date_of
from opti_reports.algebra.expression import evaluate
from opti_reports.algebra.functions import Context
from opti_reports.algebra.vector import Bool, Vector, concatenate, possible, truth
from opti_reports.config.source import RowList
from opti_reports.facts.placing import Delivered
from opti_reports.model.report import UNKNOWN_CELL

SURE = ("quotes", "references", "done")
"""Lists without the rows of which it is not known whether they belong; elsewhere that would hide a case."""
UNIT = "unit"


def listed(spec: RowList, given: Delivered) -> tuple[dict[str, Vector], Bool]:
    """Return the cells of a list, the unit's first, and which rows it shows."""
    found = evaluate(spec.where, given.columns, given.size, given.context)
    where = (truth(found) if spec.kind in SURE else possible(found)) & ~given.lost
    rows = np.flatnonzero(where)
    texts = [(UNIT, spec.unit), *((f"{UNIT} {name}", text) for name, text in spec.columns.items())]
    cells = {
        name: evaluate(text, given.columns, given.size, given.context).take(rows) for name, text in texts
    }
    return cells, where


def shown(spec: RowList, parts: Sequence[Mapping[str, Vector]], context: Context) -> pd.DataFrame:
    """Return a list as text: dates in ISO form, numbers as they are, empty cells empty."""
    vectors = {name: concatenate([part[name] for part in parts]) for name in parts[0]}
    unit = vectors.pop(UNIT)
    named = {name.removeprefix(f"{UNIT} "): vector for name, vector in vectors.items()}
    order = _order(spec, named, len(unit))
    cells = {UNIT: _cells(unit.take(order), context)}
    cells |= {name: _cells(vector.take(order), context) for name, vector in named.items()}
    return pd.DataFrame(cells, dtype="str")


def _order(spec: RowList, vectors: Mapping[str, Vector], size: int) -> NDArray[np.intp]:
    """Return the rows in the order a list asks for: numbers and dates by size, texts by letter, empty cells
    last.
    """
    order = np.arange(size)
    for name in reversed(spec.order):
        vector = vectors[name.lstrip("-")].take(order)
        data = vector.data
        if vector.kind == "text" and vector.words:
            rank = np.argsort(np.argsort(np.array(vector.words, dtype=object)))
            data = rank[np.where(vector.filled, data, 0)]
        data = -data if name.startswith("-") else data
        order = order[np.lexsort((data, ~vector.filled))]
    return order


def _cells(vector: Vector, context: Context) -> list[str]:
    show: dict[str, Callable[[int], str]] = {
        "text": lambda v: vector.words[v],
        "boolean": lambda v: "true" if v else "false",
        "date": lambda v: date_of(v).isoformat(),
        "number": lambda v: str(v) if vector.denominator == 1 else str(v / vector.denominator),
    }
    if vector.kind == "datetime":
        vector = replace(vector, kind="date", data=context.calendar.to_wall(vector.data) // DAY)
    cell = show[vector.kind]
    shown = [cell(int(v)) if filled else "" for v, filled in zip(vector.data, vector.filled, strict=True)]
    if vector.unknown is None:
        return shown
    return [UNKNOWN_CELL if unknown else text for text, unknown in zip(shown, vector.unknown, strict=True)]
