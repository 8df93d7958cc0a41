"""Tables to files: CSV in the encodings of real exports, and workbooks; the same rows give the same bytes."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import xlsxwriter
from numpy.typing import NDArray

from opti_reports.demo.days import Times
from opti_reports.demo.layout import UNSURE, Column, Layout
from opti_reports.demo.rows import Table, rows_of
from opti_reports.periods.months import month_text

Labels = Mapping[str, pa.Array]
ENCODED = {"utf-8": "utf-8", "utf-8-sig": "utf-8", "cp1252": "cp1252", "utf-16": "utf-16-le"}
MARKS = {"utf-8-sig": b"\xef\xbb\xbf", "utf-16": b"\xff\xfe"}
CHUNK = 200_000


def write_csv(path: Path, layout: Layout, tables: Iterable[Table], labels: Labels) -> Path:
    """Write the tables one after another under one header; returns the path."""
    with path.open("wb") as file:
        file.write(MARKS.get(layout.encoding, b""))
        quote = '"' if layout.quoted else ""
        header = layout.delimiter.join(
            f"{quote}{_header(column, layout)}{quote}" for column in layout.columns
        )
        file.write(f"{header}{layout.line_end}".encode(ENCODED[layout.encoding]))
        for table in tables:
            for start in range(0, rows_of(table), CHUNK):
                part = {name: values[start : start + CHUNK] for name, values in table.items()}
                _write_rows(file, layout, part, labels)
    return path


def _header(column: Column, layout: Layout) -> str:
    """Return the header; quoted where the delimiter stands in it."""
    return f'"{column.header}"' if layout.delimiter in column.header else column.header


def _write_rows(file: BinaryIO, layout: Layout, table: Table, labels: Labels) -> None:
    n = rows_of(table)
    arrays = [_text(column, layout, table.get(column.name), n, labels) for column in layout.columns]
    options = pacsv.WriteOptions(
        include_header=False,
        delimiter=layout.delimiter,
        quoting_style="needed" if layout.quoted else "none",
        batch_size=65_536,
    )
    batch = pa.Table.from_arrays(arrays, names=[column.name for column in layout.columns])
    if ENCODED[layout.encoding] == "utf-8":
        pacsv.write_csv(batch, file, options)
        return
    buffer = io.BytesIO()
    pacsv.write_csv(batch, buffer, options)
    text = buffer.getvalue().decode("utf-8").replace("\n", layout.line_end)
    file.write(text.encode(ENCODED[layout.encoding]))


def _text(column: Column, layout: Layout, values: NDArray[Any] | None, n: int, labels: Labels) -> pa.Array:
    """Return a column as it stands in a CSV file: strings, or numbers and times that are written in that
    form.
    """
    if column.kind == "fixed" or values is None:
        return pa.array([column.spellings[0]] * n)
    if column.kind in ("date", "datetime"):
        return _times(values, layout.dates, column.kind == "datetime")
    if column.kind == "integer":
        numbers = pa.array(values, mask=values < 0)
        return _with_unsure(column, values, numbers) if column.spellings else numbers
    if column.kind == "id":
        return _idents(column.form, values)
    found = _labels(column, layout, labels)
    if found is not None:
        positions = pa.array(values.astype(np.int32), mask=values < 0)
        return found.take(positions)
    return pa.array([_plain(column, layout, value) for value in values.tolist()], pa.string())


def _with_unsure(column: Column, values: NDArray[Any], numbers: pa.Array) -> pa.Array:
    """Return numbers as text, with the words of those who could not say."""
    return pc.if_else(pa.array(values == UNSURE), column.spellings[0], pc.cast(numbers, pa.string()))


def _labels(column: Column, layout: Layout, labels: Labels) -> pa.Array | None:
    if column.kind == "enum":
        return pa.array(column.spellings)
    if column.kind == "boolean":
        return pa.array([layout.booleans[1], layout.booleans[0]])
    if column.kind == "unit":
        return labels[f"unit:{column.form}"]
    return labels[column.kind] if column.kind in ("client", "professional") else None


def _plain(column: Column, layout: Layout, value: Any) -> str | None:
    """Return one small cell: decimal, month, week or text."""
    if column.kind == "decimal":
        if np.isnan(value):
            return None
        return f"{value:.{column.form}f}".replace(".", ",")
    if column.kind == "month":
        return month_cell(int(value), layout)
    if column.kind == "week":
        return week_text(value)
    return None if value is None else str(value)


def month_cell(month: int, layout: Layout) -> str:
    """Return a month as the layout writes it."""
    year, number = month_text(month).split("-")
    return f"{number}/{year}" if layout.months == "slash" else f"{year}-{number}"


def week_text(day: dt.date) -> str:
    """Return the ISO week of a day as "2026-W08"."""
    year, number, _ = day.isocalendar()
    return f"{year}-W{number:02}"


def _idents(form: str, values: NDArray[Any]) -> pa.Array:
    """Return the numbers in place of the form's first run of zeros."""
    found = re.search("0+", form)
    if found is None:
        raise ValueError(f"an id's form needs a run of zeros, got {form!r}")
    digits = pc.utf8_lpad(pc.cast(pa.array(values), pa.string()), len(found.group()), "0")
    return pc.binary_join_element_wise(form[: found.start()], digits, form[found.end() :], "")


def _times(values: Times, style: str, clock: bool) -> pa.Array:
    if style == "iso" and clock:
        return pa.array(values.astype("datetime64[s]"))
    if style == "iso":
        return pa.array(values.astype("datetime64[D]"))
    days, empty = values.astype("datetime64[D]"), np.isnat(values)
    parts = [_day_texts(days, empty, style)]
    if clock:
        parts.append(_clock_texts((values - days).astype("timedelta64[s]").astype(np.int64), empty, style))
    separator = "T" if style == "iso_t" else " "
    return pc.binary_join_element_wise(*parts, separator) if clock else parts[0]


def _day_texts(days: Times, empty: NDArray[np.bool_], style: str) -> pa.Array:
    """Return days as text; each different day is formatted once."""
    if empty.all():
        return pa.nulls(len(days), pa.string())
    low = days[~empty].min()
    every = np.arange(low, days[~empty].max() + 1).astype(dt.date)
    texts = [day.isoformat() if style == "iso_t" else f"{day.day}.{day.month}.{day.year}" for day in every]
    return pa.array(texts).take(pa.array((days - low).astype(np.int32), mask=empty))


def _clock_texts(seconds: NDArray[np.int64], empty: NDArray[np.bool_], style: str) -> pa.Array:
    unit = 1 if style == "iso_t" else 60
    return _clock(style).take(pa.array((seconds // unit).astype(np.int32), mask=empty))


@cache
def _clock(style: str) -> pa.Array:
    """Return every second of a day in ISO form, or every minute as Finns write it."""
    if style == "iso_t":
        return pa.array([f"{s // 3600:02}:{s // 60 % 60:02}:{s % 60:02}" for s in range(86400)])
    return pa.array([f"{m // 60}.{m % 60:02}" for m in range(1440)])


def write_xlsx(path: Path, layout: Layout, tables: Iterable[Table], labels: Labels) -> Path:
    """Write the tables under one header into a workbook with real dates and numbers; returns the path."""
    # Fixed dates inside the file: the bytes may depend on the rows alone.
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "default_date_format": "d.m.yyyy"})
    book.set_properties({"created": dt.datetime(2020, 1, 1), "title": layout.stem})
    sheet = book.add_worksheet("Tiedot")
    sheet.write_row(0, 0, [column.header for column in layout.columns])
    line = 0
    for table in tables:
        n = rows_of(table)
        columns = [_cells(column, layout, table.get(column.name), n, labels) for column in layout.columns]
        for cells in zip(*columns, strict=True):
            line += 1
            for position, value in enumerate(cells):
                if value is not None:
                    sheet.write(line, position, value)
    book.close()
    return path


def _cells(column: Column, layout: Layout, values: NDArray[Any] | None, n: int, labels: Labels) -> list[Any]:
    """Return a column as the values of a workbook's cells; None is an empty cell."""
    if values is not None and column.kind in ("date", "datetime"):
        return list(values.astype("datetime64[D]").tolist())
    if values is not None and column.kind == "decimal":
        return [None if np.isnan(value) else round(value, int(column.form)) for value in values.tolist()]
    if column.kind == "month" and layout.months == "day" and values is not None:
        return [dt.date.fromisoformat(f"{month_text(value)}-01") for value in values.tolist()]
    text: list[Any] = _text(column, layout, values, n, labels).to_pylist()
    return text


def write(path: Path, layout: Layout, tables: Iterable[Table], labels: Labels) -> Path:
    """Write a source's file in its form; returns the path."""
    return (
        write_xlsx(path, layout, tables, labels) if layout.xlsx else write_csv(path, layout, tables, labels)
    )
