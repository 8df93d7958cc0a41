"""Lists whose rows are counts that somebody else made: what their totals are of, what makes them up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from pydantic import Field

from opti_reports.config.base import Identifier, ListId, Strict
from opti_reports.errors import Fault
from opti_reports.messages.spelling import suggestion

if TYPE_CHECKING:
    from opti_reports.config.source import RowList, Source


class Totals(Strict):
    """What the rows of a list are totals of: the rows of another with the same text in the column ``by``."""

    of: ListId
    by: Identifier
    whole: str = ""
    """The text there of the row that is the total of all others."""
    columns: tuple[Identifier, ...] = Field(min_length=1)
    """The columns of numbers that both lists have."""


class Beside(Strict):
    """A column more: how many rows another list has with the same text in the column ``by``."""

    of: ListId
    by: Identifier


def check_delivered(sources: Iterable[Source], lists: Mapping[str, RowList]) -> Iterator[Fault]:
    """Yield columns that totals, parts or counted rows name, and a list does not have."""
    for source in sources:
        for spec in source.list:
            for key, other, names in _named(spec):
                rows = lists.get(other)
                for name in names if rows else ():
                    if rows and name not in rows.columns:
                        yield Fault(
                            f"sources/{source.id}.toml",
                            f"list.{spec.id}.{key}",
                            "source.no_list_column",
                            list=rows.id,
                            name=name,
                            near=suggestion(name, rows.columns),
                        )


def _named(spec: RowList) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield key, list and columns of everything a list says of columns."""
    if spec.totals:
        for other in (spec.id, spec.totals.of):
            yield "totals.columns", other, spec.totals.columns
            yield "totals.by", other, (spec.totals.by,)
    if spec.beside:
        for other in (spec.id, spec.beside.of):
            yield "beside.by", other, (spec.beside.by,)
    for whole, parts in spec.parts.items():
        yield f"parts.{whole}", spec.id, (whole, *parts)
