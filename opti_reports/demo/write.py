"""Tables to files: CSV in the encodings of real exports, and workbooks; the same rows give the same bytes."""

from __future__ import annotations

import codecs
import datetime as dt
import io
from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import xlsxwriter

from opti_reports.demo.days import midnight
from opti_reports.demo.layout import UNSURE, Column, Layout
from opti_reports.demo.rows import Ints, Table, Times, rows_of, take
from opti_reports.periods.months import first_date, month_text, week_of, week_text, year_of

Labels = Mapping[str, pa.Array]
CHUNK = 200_000


def write(path: Path, layout: Layout, tables: Iterable[Table], labels: Labels) -> Path:
    """Write the tables one after another under one header, in the layout's form; returns the path."""
    (_write_xlsx if layout.xlsx else _write_csv)(path, layout, tables, labels)
    return path


def _write_csv(path: Path, layout: Layout, tables: Iterable[Table], labels: Labels) -> None:
    headers = (column.header for column in layout.columns)
    header = (f'"{it}"' if layout.quoted or layout.delimiter in it else it for it in headers)
    encode = codecs.getincrementalencoder(layout.encoding)().encode  # the mark of the order of bytes first
    with path.open("wb") as file:
        file.write(encode(f"{layout.delimiter.join(header)}{layout.line_end}"))
        for table in tables:
            for start in range(0, rows_of(table), CHUNK):
                lines = _lines(layout, take(table, slice(start, start + CHUNK)), labels)
                if not layout.encoding.startswith("utf-8"):
                    lines = encode(lines.decode("utf-8").replace("\n", layout.line_end))
                file.write(lines)


def _lines(layout: Layout, table: Table, labels: Labels) -> bytes:
    """Return the rows as lines of CSV in UTF-8."""
    arrays = [_text(column, table, labels) for column in layout.columns]
    batch = pa.Table.from_arrays(arrays, names=[column.name for column in layout.columns])
    options = pacsv.WriteOptions(
        include_header=False,
        delimiter=layout.delimiter,
        quoting_style="needed" if layout.quoted else "none",
        batch_size=65_536,
    )
    buffer = io.BytesIO()
    pacsv.write_csv(batch, buffer, options)
    return buffer.getvalue()


def _text(column: Column, table: Table, labels: Labels) -> pa.Array:
    """Return a column as it stands in a CSV file: strings, or what is written in that form anyway."""
    if column.kind == "fixed":
        return pa.array(column.spellings * rows_of(table))
    values = table[column.name]
    if column.kind in ("date", "datetime"):
        return _times(column, values)
    if column.kind in ("id", "integer"):
        return _numbers(column, values)
    if column.kind in ("decimal", "month", "week", "text"):
        return pa.array([_cell(column, value) for value in values.tolist()], pa.string())
    spellings = pa.array(column.spellings) if column.spellings else labels[column.form]
    return spellings.take(pa.array(values.astype(np.int32), mask=values < 0))


def _numbers(column: Column, values: Ints) -> pa.Array:
    """Return numbers; texts where they stand inside an id's form, or some for those who could not say."""
    numbers = pa.array(values, mask=values < 0)
    if column.kind == "id":
        before, zeros, after = column.number
        digits = pc.utf8_lpad(pc.cast(numbers, pa.string()), len(zeros), "0")
        return pc.binary_join_element_wise(before, digits, after, "")
    if column.spellings:
        return pc.if_else(pa.array(values == UNSURE), column.spellings[0], pc.cast(numbers, pa.string()))
    return numbers


def _cell(column: Column, value: Any) -> str | None:
    """Return one small cell: decimal, month, week or text."""
    if column.kind == "decimal":
        return None if np.isnan(value) else f"{value:.{column.form}f}".replace(".", ",")
    if column.kind == "month":
        return f"{value % 12 + 1:02}/{year_of(value)}" if column.form == "slash" else month_text(value)
    return week_text(week_of(value)) if column.kind == "week" else value


def _times(column: Column, values: Times) -> pa.Array:
    unit: Literal["s", "D"] = "s" if column.kind == "datetime" else "D"
    if column.form == "iso":
        return pa.array(values.astype(f"datetime64[{unit}]"))
    if column.form == "iso_t":
        return pa.array(np.datetime_as_string(values, unit=unit), mask=np.isnat(values))
    days = _each_once(midnight(values), lambda day: f"{day.day}.{day.month}.{day.year}" if day else None)
    if unit == "D":
        return days
    minutes = (values - midnight(values)).astype("timedelta64[m]").astype(np.int64)
    clocks = _each_once(minutes, lambda minute: f"{minute // 60}.{minute % 60:02}")
    return pc.binary_join_element_wise(days, clocks, " ")


def _each_once(values: Any, text: Callable[[Any], str | None]) -> pa.Array:
    """Return the values as text; each different one is put into words once."""
    different, positions = np.unique(values, return_inverse=True)
    return pa.array([text(value) for value in different.tolist()], pa.string()).take(pa.array(positions))


def _write_xlsx(path: Path, layout: Layout, tables: Iterable[Table], labels: Labels) -> None:
    """Write a workbook with real dates and numbers."""
    # Fixed dates inside the file: the bytes may depend on the rows alone.
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "default_date_format": "d.m.yyyy"})
    book.set_properties({"created": dt.datetime(2020, 1, 1), "title": layout.stem})
    sheet = book.add_worksheet("Tiedot")
    sheet.write_row(0, 0, [column.header for column in layout.columns])
    columns = ([_cells(column, table, labels) for column in layout.columns] for table in tables)
    rows = chain.from_iterable(zip(*cells, strict=True) for cells in columns)
    for line, row in enumerate(rows, start=1):
        sheet.write_row(line, 0, row)
    book.close()


def _cells(column: Column, table: Table, labels: Labels) -> list[Any]:
    """Return a column as the values of a workbook's cells; None is an empty cell."""
    if column.kind in ("date", "datetime"):
        return list(midnight(table[column.name]).tolist())
    if column.kind == "decimal":
        digits = int(column.form)
        return [None if np.isnan(value) else round(value, digits) for value in table[column.name].tolist()]
    if column.form == "day":
        return [first_date(month) for month in table[column.name].tolist()]
    cells: list[Any] = _text(column, table, labels).to_pylist()
    return cells
