"""The month's figures as a star of Parquet tables: what values.csv says, and a table for each of its keys."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from opti_reports.output.tables import VALUE_COLUMNS

_NUMBERS = ("value", "numerator", "denominator", "ci_low", "ci_high", "revised")
_COUNTS = ("n", "unknown_rows")
_TYPES = dict.fromkeys(_NUMBERS, pa.float64()) | dict.fromkeys(_COUNTS, pa.int64())
_LEVELS = r"^(?P<op>\S+) (?P<first>-?[0-9.]+)(?: (?P<second>-?[0-9.]+))? \("
"""A target as values.csv writes it: ``>= 80 (law)``, ``between 95 105 (agreed)``."""
_KINDS = {str: pa.string(), float: pa.float64(), bool: pa.bool_(), int: pa.int64(), dt.date: pa.date32()}


def fact_table(values: bytes) -> pa.Table:
    """Return values.csv with types, so that it says the same; a target also as its levels.

    ``period`` holds cadence and period, as a year and a month may end together.
    """
    types = {name: _TYPES.get(name, pa.string()) for name in VALUE_COLUMNS}
    read = pacsv.read_csv(
        io.BytesIO(values),
        convert_options=pacsv.ConvertOptions(
            column_types=types, null_values=[""], strings_can_be_null=True, true_values=[], false_values=[]
        ),
    )
    low, high = _levels(read["target"])
    columns = {
        "metric": read["metric"],
        "organisation": read["org"],
        "period": pc.binary_join_element_wise(read["period_kind"], read["period"], ":"),
        **{name: read[name] for name in ("breakdown", "key", "state", "value", "numerator", "denominator")},
        **{name: read[name] for name in ("n", "unknown_rows", "ci_low", "ci_high", "target")},
        "target_low": low,
        "target_high": high,
        **{name: read[name] for name in ("status", "variation", "assurance", "revised")},
    }
    return pa.table(columns)


def _levels(targets: pa.ChunkedArray) -> tuple[pa.ChunkedArray, pa.ChunkedArray]:
    """Return from which level on, and up to which, a value is at each target."""
    found = pc.extract_regex(targets, _LEVELS)
    op, first, second = (pc.struct_field(found, name) for name in ("op", "first", "second"))
    second = pc.if_else(pc.equal(second, ""), None, second)
    from_first, up_to_first = pc.not_equal(op, "<="), pc.equal(op, "<=")
    low, high = pc.if_else(from_first, first, None), pc.if_else(up_to_first, first, second)
    return pc.cast(low, pa.float64()), pc.cast(high, pa.float64())


def dimension(columns: Mapping[str, type], rows: Iterable[Sequence[Any]]) -> pa.Table:
    """Return rows as a table with these columns, each of a kind: text, number, day or yes and no."""
    found = list(zip(*rows, strict=True)) or [()] * len(columns)
    return pa.table(
        {
            name: pa.array(cells, _KINDS[kind])
            for (name, kind), cells in zip(columns.items(), found, strict=True)
        }
    )


def parquet(table: pa.Table) -> bytes:
    """Return a table as Parquet that any program reads: plain types, no notes of the writer's, no clock."""
    file = pa.BufferOutputStream()
    pq.write_table(table.replace_schema_metadata(), file, compression="snappy", store_schema=False)
    content: bytes = file.getvalue().to_pybytes()
    return content
