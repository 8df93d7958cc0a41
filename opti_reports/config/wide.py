"""Months that stand side by side as columns of a source's files: what they and the cells below them mean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from opti_reports.config.base import Identifier, Strict
from opti_reports.errors import Fault
from opti_reports.messages.spelling import suggestion

if TYPE_CHECKING:
    from opti_reports.config.source import Source

NUMERIC = ("integer", "decimal", "eur")


class Wide(Strict):
    """A file may have a column for each month, where another has a row for each month.

    It is taken for such a file where no heading is of the column ``month`` and some are months.
    """

    month: Identifier
    """The column of months that these headings stand for."""
    value: Identifier
    """The column of numbers that the cells below them belong to; an empty cell is no row."""
    year: tuple[str, ...] = ()
    """Headings of a column with the year of its row, where months are named without one, beside the word for
    a year in the languages of exports.
    """


def check_wide(source: Source) -> Iterator[Fault]:
    """Yield columns that cannot hold months or numbers."""
    wide, file = source.wide, f"sources/{source.id}.toml"
    if wide is None:
        return
    for key, name, types in (("month", wide.month, ("month",)), ("value", wide.value, NUMERIC)):
        column = source.column.get(name)
        if column is None:
            yield Fault(file, f"wide.{key}", "unknown.this_column", near=suggestion(name, source.column))
        elif column.type not in types:
            yield Fault(file, f"wide.{key}", "source.wide", name=name, types=types, type=column.type)
