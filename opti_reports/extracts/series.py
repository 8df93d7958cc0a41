"""One series from a CSV file: a column of labels and a column of values, with or without a heading row."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from itertools import pairwise
from pathlib import Path

from opti_reports.algebra.calendar import date_of
from opti_reports.errors import ExtractError, UsageError
from opti_reports.extracts.dates import month, week
from opti_reports.extracts.decode import encoding_of, first_line
from opti_reports.extracts.numerals import decimal_of
from opti_reports.extracts.series_checks import (
    Row,
    is_date,
    label_column,
    refuse_several,
    refuse_totals,
    refuse_two_ways,
)
from opti_reports.messages.message import Message, message
from opti_reports.messages.spelling import suggestion
from opti_reports.periods.months import month_of_day

GAPS = frozenset({"", "na", "nan", "null", "none"})
"""What stands in a cell without a value, the words of statistics programs among them."""
VALUE_NAMES = frozenset({"value", "arvo", "värde"})
LARGEST = 1e300
MOST_DECIMALS = 9
EXACT = Context(prec=15)
"""The digits that a float's sums leave exact."""
_SCIENTIFIC = re.compile(r"-?[0-9]+(\.[0-9]+)?[eE][+-]?[0-9]{1,4}\Z")


@dataclass(frozen=True)
class Series:
    """The values of a column in the file's order, None for a gap; ``decimals``: the most that one has."""

    name: str
    labels: tuple[str, ...]
    values: tuple[float | None, ...]
    decimals: int

    def place(self, label: str) -> int:
        """Return the index of a label. Raises UsageError when there is none or more than one."""
        found = [index for index, name in enumerate(self.labels) if name == label]
        if len(found) == 1:
            return found[0]
        near = suggestion(label, set(self.labels) - {label})
        raise UsageError("series.label", "--rebase", rows=len(found), label=label, near=near)

    def cautions(self) -> tuple[Message, ...]:
        """Return what looks wrong with the labels: the rows are taken as they stand.

        Of labels that are dates, in any form that extracts write them, an order that runs back or months left
        out; a label that stands twice; labels that are no dates beside others that are.
        """
        dated = [label for label in self.labels if is_date(label)]
        odd = [label for label in self.labels if label not in dated]
        mixed = 0 < len(odd) < len(dated)
        undated = [message("caution.undated", label=odd[0], more=len(odd) - 1)] if mixed else []
        return (*undated, *self._order(dated))

    def _order(self, dated: Sequence[str]) -> tuple[Message, ...]:
        found = [month_of_day(date_of(day)) for label in dated if (day := _day(label)) is not None]
        steps = [later - earlier for earlier, later in pairwise(found)]
        if any(step < 0 for step in steps):
            return (message("caution.backwards"),)
        twice = [label for label, n in Counter(self.labels).items() if n > 1]
        if twice:
            return (message("caution.twice", label=twice[0]),)
        missing = sum(step - 1 for step in steps if step > 1) if all(step > 0 for step in steps) else 0
        if missing:
            return (message("caution.missing", months=missing),)
        return ()


def _day(label: str) -> int | None:
    found = month(label)
    return week(label) if found is None else found


def read_series(path: Path, column: str | None = None) -> Series:
    """Return the series of a column, named by its heading or its number from 1; without a name the only one.

    An empty cell is a gap, an empty row is none. Raises ExtractError naming the line that cannot be used or
    what makes the file more than one series, UsageError when it is not clear which column is meant.
    """
    return _read(path, column, None)[0]


def read_each(path: Path, column: str | None, by: str) -> tuple[Series, ...]:
    """Return a series for each text of the column ``by``, in the file's order."""
    return _read(path, column, by)


def _read(path: Path, column: str | None, by: str | None) -> tuple[Series, ...]:
    rows = _even(path, _rows(path))
    number, head = rows[0]
    by_at = None if by is None else _named(head, by, path)
    at = _column(head, rows, column, path, by_at)
    headed = _is_heading(head[at]) or (column is not None and head[at] == column)
    body = rows[1:] if headed else rows
    if not body:
        raise ExtractError("series.no_rows", message("at.line", file=path.name, line=number))
    refuse_two_ways(path.name, [(line, cells[at]) for line, cells in body])
    name = head[at] if headed else f"column {at + 1}"
    if by_at is None:
        return (_series(path, name, head, body, at),)
    groups: dict[str, list[Row]] = {}
    for line, cells in body:
        left = [cell for i, cell in enumerate(cells) if i != by_at]
        groups.setdefault(cells[by_at], []).append((line, left))
    rest = [cell for i, cell in enumerate(head) if i != by_at]
    place = at - (by_at < at)
    return tuple(_series(path, f"{name}, {group}", rest, own, place) for group, own in groups.items())


def _series(path: Path, name: str, head: Sequence[str], body: Sequence[Row], at: int) -> Series:
    label_at = label_column(body, at)
    numbers = _numbers(path, [(line, cells[at]) for line, cells in body])
    refuse_totals(path.name, body, label_at, numbers)
    refuse_several(path.name, head, body, at, label_at)
    return Series(
        name,
        tuple(str(i) if label_at is None else cells[label_at] for i, (_, cells) in enumerate(body, 1)),
        tuple(None if found is None else float(found) for found in numbers),
        max((_decimals(found) for found in numbers if found is not None), default=0),
    )


def _rows(path: Path) -> list[Row]:
    encoding = encoding_of(path)
    first = first_line(path, encoding, lambda _: False)
    rows: list[Row] = []
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=first.delimiter, strict=True)
        before = 0
        try:
            for cells in reader:
                trimmed = [cell.strip() for cell in cells]
                if any(trimmed) and before + 1 >= first.lines:
                    rows.append((before + 1, trimmed))
                before = reader.line_num
        except csv.Error as error:
            raise ExtractError(
                "series.not_csv", message("at.line", file=path.name, line=before + 1), why=str(error)
            ) from None
    if not rows:
        raise ExtractError("series.empty", path.name)
    return rows


def _even(path: Path, rows: Sequence[Row]) -> list[Row]:
    """Return the rows as long as the first; only empty cells may follow. Raises ExtractError for others."""
    first, head = rows[0]
    width = len(head)
    for line, cells in rows:
        if len(cells) < width or any(cells[width:]):
            raise ExtractError(
                "series.cells",
                message("at.line", file=path.name, line=line),
                cells=len(cells),
                first=first,
                width=width,
            )
    return [(line, cells[:width]) for line, cells in rows]


def _column(
    head: list[str], rows: Sequence[Row], column: str | None, path: Path, by_at: int | None = None
) -> int:
    """Return the index of the column that is meant; never that of the groups."""
    if column is not None:
        return _named(head, column, path)
    left = [i for i in range(len(head)) if i != by_at]
    body = [cells for _, cells in rows[1:]] or [head]
    dated = [i for i in left if sum(is_date(cells[i]) for cells in body) * 2 > len(body)]
    if len(left) <= 2:
        return next((i for i in reversed(left) if i not in dated), left[-1])
    known = [i for i in left if head[i].casefold() in VALUE_NAMES]
    labels = dated[:1] or left[:1]
    numeric = known or [i for i in left if i not in labels and _all_numbers(cells[i] for cells in body)]
    if len(numeric) == 1:
        return numeric[0]
    raise UsageError("series.which_column", "--column", file=path.name, n=len(head), headings=_listed(head))


def _named(head: list[str], column: str, path: Path) -> int:
    folded = [cell.casefold() for cell in head]
    if folded.count(column.casefold()) == 1:
        return folded.index(column.casefold())
    if column.isdecimal() and 1 <= int(column) <= len(head):
        return int(column) - 1
    raise UsageError(
        "series.column",
        "--column",
        file=path.name,
        column=column,
        near=suggestion(column, head),
        headings=_listed(head),
    )


def _listed(head: list[str]) -> tuple[str, ...]:
    return tuple(cell[:30] for cell in head[:12])


def _all_numbers(cells: Iterable[str]) -> bool:
    texts = [cell for cell in cells if cell.casefold() not in GAPS]
    return bool(texts) and all(_number(text) is not None for text in texts)


def _is_heading(cell: str) -> bool:
    return cell.casefold() not in GAPS and _number(cell) is None


def _number(text: str) -> Decimal | None:
    plain = text.removesuffix("%").strip()
    return Decimal(plain) if _SCIENTIFIC.match(plain) else decimal_of(plain)


def _numbers(path: Path, cells: Sequence[tuple[int, str]]) -> list[Decimal | None]:
    """Return the numbers of a column.

    Raises ExtractError with the first line that holds none, and how many more.
    """
    numbers = [None if text.casefold() in GAPS else _number(text) for _, text in cells]
    wrong = [
        (line, text, message("series.no_number") if found is None else message("series.too_large"))
        for (line, text), found in zip(cells, numbers, strict=True)
        if (found is None and text.casefold() not in GAPS) or (found is not None and abs(found) > LARGEST)
    ]
    if wrong:
        line, text, what = wrong[0]
        raise ExtractError(
            "series.value",
            message("at.line", file=path.name, line=line),
            text=text[:40],
            what=what,
            more=len(wrong) - 1,
        )
    return numbers


def _decimals(number: Decimal) -> int:
    """Return how many decimals a number has, but for the rounding of floats: 64.30000000000001 has one."""
    exponent = number.normalize(EXACT).as_tuple().exponent
    return min(max(0, -exponent), MOST_DECIMALS) if isinstance(exponent, int) else 0
