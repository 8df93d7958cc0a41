"""What happens to extracts on their way, as functions that change the newest month of a workspace."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.demo.reading import moment
from tests.outside.extract import Cell, Change, Chosen, Extract, files, opened
from tests.workspaces import LAST

Damage = Callable[[Path, str], None]
"""Changes a workspace's files of a source."""
Edit = Callable[[Extract], object]
Which = Callable[[Extract], Chosen]
"""Which rows of a file are meant."""
BEFORE = "2026-07"


def rewritten(*edits: Edit, part: str = "", **saving: Any) -> Damage:
    """Change the cells of the files whose names hold a part, and write them as text."""
    return _edited(edits, part, lambda extract: extract.save(**saving))


def workbook(*edits: Edit, part: str = "", **saving: Any) -> Damage:
    """The same, written as workbooks."""
    return _edited(edits, part, lambda extract: extract.workbook(**saving))


def _edited(edits: tuple[Edit, ...], part: str, write: Edit) -> Damage:
    def damage(root: Path, source: str) -> None:
        for path in files(root, source, part):
            extract = opened(path, source)
            for edit in edits:
                edit(extract)
            write(extract)

    return damage


def raw(change: Callable[[bytes], bytes], part: str = "") -> Damage:
    """Change the bytes of files."""

    def damage(root: Path, source: str) -> None:
        for path in files(root, source, part):
            path.write_bytes(change(path.read_bytes()))

    return damage


def cells(column: str, change: Change, where: Which | None = None, most: int = 10**9) -> Edit:
    """Change the cells of a column, of some rows if wanted."""
    return lambda extract: extract.set(column, change, where(extract) if where else None, most)


def filled(change: Change) -> Change:
    """Change what is filled, leave what is empty."""
    return lambda cell: change(cell) if cell != "" else cell


def empty(word: Cell) -> Change:
    """Put a word where nothing stands."""
    return lambda cell: word if cell == "" else cell


def times(form: Callable[[dt.datetime], str], *columns: str, where: Which | None = None) -> Edit:
    """Write moments in another form."""

    def edit(extract: Extract) -> None:
        pick = where(extract) if where else None
        meant = {id(row) for row in extract.rows if pick is None or pick(row)}
        for column in columns:
            extract.set(column, filled(lambda cell: form(moment(cell))), lambda row: id(row) in meant)

    return edit


def newest(column: str) -> Which:
    """The rows of the data month."""
    return lambda extract: extract.of_month(column)


def days(column: str, first: int, last: int) -> Which:
    """The rows of some days of the data month."""

    def chosen(extract: Extract) -> Chosen:
        at, month = extract.at(column), extract.of_month(column)
        return lambda row: month(row) and first <= moment(str(row[at])).day <= last

    return chosen


def without(where: Which) -> Edit:
    """Leave rows out."""

    def edit(extract: Extract) -> None:
        gone = where(extract)
        before = len(extract.rows)
        extract.rows = [row for row in extract.rows if not gone(row)]
        assert len(extract.rows) < before, "no row was left out"

    return edit


def each(change: Callable[[list[Cell]], list[Cell]], where: Which | None = None) -> Edit:
    """Change whole rows."""

    def edit(extract: Extract) -> None:
        chosen = where(extract) if where else lambda row: True
        extract.rows = [change(row) if chosen(row) else row for row in extract.rows]

    return edit


def more(make: Callable[[Extract], list[list[Cell]]], at: int | None = None) -> Edit:
    """Add rows, at the end or at a place."""

    def edit(extract: Extract) -> None:
        place = len(extract.rows) if at is None else at
        extract.rows[place:place] = make(extract)

    return edit


def headings(change: Callable[[str], str]) -> Edit:
    """Change the headings."""

    def edit(extract: Extract) -> None:
        extract.head = [change(text) for text in extract.head]

    return edit


def swapped(one: str, other: str, *, rows: bool) -> Edit:
    """Let two columns change places: headings alone (a fault), or with their rows."""

    def edit(extract: Extract) -> None:
        a, b = extract.at(one), extract.at(other)
        for row in [extract.head, *(extract.rows if rows else [])]:
            row[a], row[b] = row[b], row[a]

    return edit


def total(word: str, *sums: str) -> Callable[[Extract], list[list[Cell]]]:
    """One row whose first cell is a word and that adds up some columns; in the others nothing."""

    def make(extract: Extract) -> list[list[Cell]]:
        row: list[Cell] = [""] * len(extract.head)
        row[0] = word
        for column in sums:
            at = extract.at(column)
            numbers = [float(str(r[at]).replace(",", ".")) for r in extract.rows if r[at] != ""]
            row[at] = f"{sum(numbers):.2f}".replace(".", ",")
        return [row]

    return make


def copied(name: str, *edits: Edit, part: str = "") -> Damage:
    """Put a second file beside the first: ``name`` is what comes after its stem."""

    def damage(root: Path, source: str) -> None:
        (path,) = files(root, source, part)
        target = path.with_name(f"{path.stem}{name}{path.suffix}")
        shutil.copy(path, target)
        extract = opened(target, source)
        for edit in edits:
            edit(extract)
        extract.save()

    return damage


def last_months(part: str = "") -> Damage:
    """The files of the month before under the names of this month."""

    def damage(root: Path, source: str) -> None:
        for path in files(root, source, part):
            shutil.copy(path.parent.parent / BEFORE / path.name.replace(LAST, BEFORE), path)

    return damage


def pattern(found: str, put: str) -> Callable[[str], str]:
    """Replace what fits a pattern."""
    return lambda cell: re.sub(found, put, cell)
