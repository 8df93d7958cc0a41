"""Expressions over all rows of a delivery, some rows at a time."""

from __future__ import annotations

from collections.abc import Mapping

from opti_reports.algebra.aside import Shelf
from opti_reports.algebra.columns import Columns, Packed, parts, together
from opti_reports.algebra.expression import evaluate
from opti_reports.algebra.functions import Context
from opti_reports.algebra.vector import Vector

OWN = "the row's own date"
"""The name under which a row's own date is evaluated; no column is called so."""


def evaluated(
    texts: Mapping[str, str], rows: Mapping[str, Vector], size: int, context: Context, shelf: Shelf | None
) -> Columns:
    """Return the values of expressions by name, kept small; each may read those before it by their names."""
    found: dict[str, list[Packed]] = {name: [] for name in texts}
    for own, part in parts(rows, size):
        for name, text in texts.items():
            part[name] = evaluate(text, part, own.stop - own.start, context)
            found[name].append(Packed.of(part[name], shelf))
    return Columns({name: together(cells, shelf) for name, cells in found.items()}, shelf)
