"""Tables to files: CSV in the encodings of real exports, and workbooks; the same rows give the same bytes."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterable, Mapping
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
from opti_reports.periods.months import month_text

Labels = Mapping[str, pa.Array]
ENCODED = {"utf-8": "utf-8", "utf-8-sig": "utf-8", "cp1252": "cp1252", "utf-16": "utf-16-le"}
MARKS = {"utf-8-sig": b"\xef\xbb\xbf", "utf-16": b"\xff\xfe"}
CHUNK = 200_000


def write(path: Path, layout: Layout, tables: Iterable[Table], labels: Labels) -> Path:
    """Write the tables one after another under one header, in the layout's form; returns the path."""
    if layout.xlsx:
        _write_xlsx(path, layout, tables, labels)
    else:
        _write_csv(path, layout, tables, labels)
    return path


def _write_csv(path: Path, layout: Layout, tables: Iterable[Table], labels: Labels) -> None:
    encoding = ENCODED[layout.encoding]
    with path.open("wb") as file:
        file.write(MARKS.get(layout.encoding, b""))
        header = layout.delimiter.join(_header(column, layout) for column in layout.columns)
        file.write(f"{header}{layout.line_end}".encode(encoding))
        for table in tables:
            for start in range(0, rows_of(table), CHUNK):
                lines = _lines(layout, take(table, slice(start, start + CHUNK)), labels)
                if encoding != "utf-8":
                    lines = lines.decode("utf-8").replace("\n", layout.line_end).encode(encoding)
                file.write(lines)


def _header(column: Column, layout: Layout) -> str:
    quote = '"' if layout.quoted or layout.delimiter in column.header else ""
    return f"{quote}{column.header}{quote}"


def _lines(layout: Layout, table: Table, labels: Labels) -> bytes:
    """Return the rows as lines of CSV in UTF-8."""
    arrays = [_text(column, layout, table, labels) for column in layout.columns]
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


def _text(column: Column, layout: Layout, table: Table, labels: Labels) -> pa.Array:
    """Return a column as it stands in a CSV file: strings, or what is written in that form anyway."""
    if column.kind == "fixed":
        return pa.array([column.spellings[0]] * rows_of(table))
    values = table[column.name]
    if column.kind in ("date", "datetime"):
        return _times(values, layout.dates, column.kind == "datetime")
    if column.kind == "integer":
        return _numbers(column, values)
    if column.kind == "id":
        before, zeros, after = column.number
        digits = pc.utf8_lpad(pc.cast(pa.array(values), pa.string()), len(zeros), "0")
        return pc.binary_join_element_wise(before, digits, after, "")
    spellings = _spellings(column, layout, labels)
    if spellings is not None:
        return spellings.take(pa.array(values.astype(np.int32), mask=values < 0))
    return pa.array([_cell(column, layout, value) for value in values.tolist()], pa.string())


def _numbers(column: Column, values: Ints) -> pa.Array:
    """Return numbers, or texts where some stand for those who could not say."""
    numbers = pa.array(values, mask=values < 0)
    if not column.spellings:
        return numbers
    return pc.if_else(pa.array(values == UNSURE), column.spellings[0], pc.cast(numbers, pa.string()))


def _spellings(column: Column, layout: Layout, labels: Labels) -> pa.Array | None:
    """Return what the positions of such a column stand for; None for other columns."""
    if column.kind == "enum":
        return pa.array(column.spellings)
    if column.kind == "boolean":
        return pa.array([layout.booleans[1], layout.booleans[0]])
    return labels.get(f"unit:{column.form}" if column.kind == "unit" else column.kind)


def _cell(column: Column, layout: Layout, value: Any) -> str | None:
    """Return one small cell: decimal, month, week or text."""
    if column.kind == "decimal":
        return None if np.isnan(value) else f"{value:.{column.form}f}".replace(".", ",")
    if column.kind == "month":
        year, number = month_text(int(value)).split("-")
        return f"{number}/{year}" if layout.months == "slash" else f"{year}-{number}"
    if column.kind == "week":
        year, number, _ = value.isocalendar()
        return f"{year}-W{number:02}"
    return None if value is None else str(value)


def _times(values: Times, style: str, clock: bool) -> pa.Array:
    unit: Literal["s", "D"] = "s" if clock else "D"
    if style == "iso":
        return pa.array(values.astype(f"datetime64[{unit}]"))
    if style == "iso_t":
        return pa.array(np.datetime_as_string(values, unit=unit), mask=np.isnat(values))
    days = _each_once(midnight(values), lambda day: f"{day.day}.{day.month}.{day.year}" if day else None)
    if not clock:
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
    line = 0
    for table in tables:
        columns = [_cells(column, layout, table, labels) for column in layout.columns]
        for cells in zip(*columns, strict=True):
            line += 1
            for position, value in enumerate(cells):
                if value is not None:
                    sheet.write(line, position, value)
    book.close()


def _cells(column: Column, layout: Layout, table: Table, labels: Labels) -> list[Any]:
    """Return a column as the values of a workbook's cells; None is an empty cell."""
    if column.kind in ("date", "datetime"):
        return list(midnight(table[column.name]).tolist())
    if column.kind == "decimal":
        digits = int(column.form)
        return [None if np.isnan(value) else round(value, digits) for value in table[column.name].tolist()]
    if column.kind == "month" and layout.months == "day":
        return [dt.date.fromisoformat(f"{month_text(month)}-01") for month in table[column.name].tolist()]
    cells: list[Any] = _text(column, layout, table, labels).to_pylist()
    return cells
