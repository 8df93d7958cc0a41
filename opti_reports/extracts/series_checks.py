"""What in a file of figures is not one series: totals, several series in one, doubtful numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from opti_reports.config.source import fold
from opti_reports.errors import ExtractError
from opti_reports.extracts import dates
from opti_reports.extracts.numerals import either
from opti_reports.messages.message import Shown, message

Row = tuple[int, list[str]]
"""A line number and its cells."""
TOTALS = frozenset(
    fold(word)
    for word in (
        *("yhteensä", "yht", "summa", "loppusumma", "välisumma", "kokonaissumma", "keskiarvo", "mediaani"),
        *(
            "totalt",
            "total",
            "totals",
            "sum",
            "subtotal",
            "sammanlagt",
            "delsumma",
            "slutsumma",
            "medelvärde",
        ),
        *("medeltal", "average", "mean"),
    )
)
"""Words that say a row is made of the others, in any part of its label."""
WHOLES = frozenset(
    ["koko", "kaikki", "ka", "keskim", "hela", "alla", "samtliga", "medel", "all", "whole", "overall"]
)
"""Words that say so only beside dates: others' names may begin with them."""
FEWEST_ADDENDS, FEWEST_UNDER_A_DATE = 3, 6
"""How many rows must add up to the last for it to be their sum; the second where it has a date."""
TIMES_THE_LARGEST = 2
_YEAR = re.compile(r"(19|20)\d{2}\Z")
_SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?\Z")


def is_date(text: str) -> bool:
    """Return whether a label is a date, a week or a month; a number of five digits is rather a figure."""
    return not _SERIAL.match(text) and (dates.month(text) is not None or dates.week(text) is not None)


def label_column(rows: Sequence[Row], at: int) -> int | None:
    """Return the column of the labels: the first in which nearly all cells are dates, else the first there
    is.
    """
    width = len(rows[0][1])
    others = [i for i in range(width) if i != at]

    def dated(column: int) -> bool:
        cells = [cells[column] for _, cells in rows]
        return 2 * sum(map(is_date, cells)) > len(cells)

    return next((i for i in others if dated(i)), others[0] if others else None)


def refuse_totals(
    file: str, rows: Sequence[Row], label_at: int | None, numbers: Sequence[Decimal | None]
) -> None:
    """Refuse a row that is made of the others: by its label, or because the last is the sum of all others."""
    labels = ["" if label_at is None else cells[label_at] for _, cells in rows]
    dated = 2 * sum(map(is_date, labels)) > len(labels)
    for (line, _), label in zip(rows, labels, strict=True):
        words = {fold(word.strip(".:,()")) for word in label.split()}
        if words & TOTALS or (dated and (words & WHOLES or _YEAR.match(label))):
            raise _total(file, line, message("series.is_total", label=label[:40]))
    last, addends = numbers[-1], [number for number in numbers[:-1] if number is not None]
    fewest = FEWEST_UNDER_A_DATE if is_date(labels[-1]) else FEWEST_ADDENDS
    if last is None or len(addends) < fewest:
        return
    if sum(addends) == last and abs(last) > TIMES_THE_LARGEST * max(map(abs, addends)):
        raise _total(file, rows[-1][0], message("series.is_sum", total=str(last)))


def _total(file: str, line: int, what: Shown) -> ExtractError:
    return ExtractError("series.total", message("at.line", file=file, line=line), what=what)


def refuse_several(
    file: str, head: Sequence[str], rows: Sequence[Row], at: int, label_at: int | None
) -> None:
    """Refuse rows of several organisations (or whatever a column of a few words tells apart)."""
    if label_at is None:
        return
    labels = [cells[label_at] for _, cells in rows]
    repeated = len(set(labels)) < len(labels)
    for column in range(len(head)):
        cells = [cells[column] for _, cells in rows]
        distinct = list(dict.fromkeys(cells))
        if column in (at, label_at) or "" in distinct or not 1 < len(distinct) <= len(cells) / 2:
            continue
        words = not all(cell.replace(",", ".").replace(".", "", 1).isdigit() for cell in distinct)
        apart = len(set(zip(labels, cells, strict=True))) > len(set(labels))
        if (words and not any(map(is_date, distinct))) or (repeated and apart):
            raise ExtractError(
                "series.several",
                file,
                column=head[column],
                n=len(distinct),
                kinds=tuple(distinct[:3]),
                more=max(0, len(distinct) - 3),
                quoted=_quoted(head[column]),
            )


def _quoted(heading: str) -> str:
    return f'"{heading}"' if " " in heading else heading


def refuse_two_ways(file: str, cells: Sequence[tuple[int, str]]) -> None:
    """Refuse ``1.200`` unless another number shows that its mark stands before decimals."""
    plain = [text.removesuffix("%").strip() for _, text in cells]
    decimal = {mark for text in plain if not either(text) for mark in ".," if text.count(mark) == 1}
    thousands = {mark for text in plain for mark in ".," if text.count(mark) > 1}
    for (line, _), text in zip(cells, plain, strict=True):
        mark = either(text)
        if not mark or decimal - thousands == {mark}:
            continue
        whole, part = text.replace(mark, ""), text.replace(mark, ".").rstrip("0").rstrip(".")
        beside = next((other for other in plain if other.isdigit()), "")
        if decimal | thousands:
            raise ExtractError(
                "series.other_mark", message("at.line", file=file, line=line), text=text, whole=whole
            )
        raise ExtractError(
            "series.two_ways",
            message("at.line", file=file, line=line),
            text=text,
            beside=message("series.beside", text=repr(beside)) if beside else "",
            whole=whole,
            part=part,
        )
