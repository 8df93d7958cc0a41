"""Parquet files as columns of text, some rows at a time: dates, numbers and truths as people write them."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from opti_reports.config.formats import PARQUET
from opti_reports.errors import ExtractError
from opti_reports.extracts.celltext import text_of, unlike_thousands
from opti_reports.extracts.packed import File, held

SUFFIX = PARQUET
ROWS = 65_536
"""How many rows are read at a time."""
MOST_COLUMNS = 1000
MOST_BYTES = 4 << 30
"""How large the columns may be once they are unpacked."""


def headings(path: File) -> list[str]:
    """Return the names of the columns. Raises ExtractError where the file cannot be read, or not rightly."""
    try:
        with parquet.ParquetFile(held(path)) as file:
            schema, groups = file.schema_arrow, file.metadata
            size = sum(groups.row_group(at).total_byte_size for at in range(groups.num_row_groups))
    except (pa.ArrowException, OSError) as error:
        raise ExtractError("parquet.unreadable", path.name, why=str(error)) from None
    if size > MOST_BYTES or len(schema) > MOST_COLUMNS:
        raise ExtractError("parquet.large", path.name, mb=size >> 20, columns=len(schema))
    nested = [one.name for one in schema if pa.types.is_nested(one.type) or pa.types.is_binary(one.type)]
    if nested:
        raise ExtractError("parquet.nested", path.name, column=nested[0])
    return [name.strip() for name in schema.names]


def batches(path: File) -> Iterator[list[pa.Array]]:
    """Yield the columns as text, some rows at a time."""
    try:
        with parquet.ParquetFile(held(path)) as file:
            for batch in file.iter_batches(batch_size=ROWS):
                yield [_texts(batch.column(at)) for at in range(batch.num_columns)]
    except (pa.ArrowException, OSError) as error:
        raise ExtractError("parquet.unreadable", path.name, why=str(error)) from None


def _texts(array: pa.Array) -> pa.Array:
    """Return the cells as text; one without a value is empty."""
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if pa.types.is_timestamp(array.type):
        # With a zone a moment is one in UTC, and says so.
        form = "%Y-%m-%dT%H:%M:%SZ" if array.type.tz else "%Y-%m-%d %H:%M:%S"
        zone = "UTC" if array.type.tz else None
        texts = pc.strftime(pc.cast(array, pa.timestamp("s", zone), safe=False), form)
    elif pa.types.is_floating(array.type):
        texts = pa.array([None if one is None else _plain(one) for one in array.to_pylist()], pa.string())
    elif pa.types.is_decimal(array.type):
        texts = pa.array([None if one is None else unlike_thousands(f"{one:f}") for one in array.to_pylist()])
    else:
        texts = pc.cast(array, pa.string())
    return pc.fill_null(texts, "")


def _plain(number: float) -> str | None:
    """Return a number in plain digits; one that is none is empty."""
    return None if math.isnan(number) else str(number) if math.isinf(number) else text_of(number)
