"""Rows of lists on a page: only audiences from whom single cases are not withheld read them one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from opti_reports.config.audiences import Audiences
from opti_reports.config.block import (
    AnyBlock,
    Crossed,
    Done,
    InOrder,
    Listing,
    Preparations,
    Proposals,
    StaffSummary,
)
from opti_reports.config.pack import PackSpec
from opti_reports.config.shown import NAMING, naming
from opti_reports.config.source import ListKind, RowList
from opti_reports.messages.message import Message, message
from opti_reports.messages.spelling import suggestion


@dataclass(frozen=True)
class Rows:
    """The lists that files define, and who may read their rows."""

    known: Mapping[str, RowList]
    audiences: Audiences

    def unfit(self, pack: PackSpec, block: AnyBlock) -> Iterator[tuple[str, Message]]:
        """Yield what of a block its pack's readers may not see, or its list has not, with the key."""
        yield from self.withheld(block, pack.audience)
        yield from self._unnamed(pack, block)
        if isinstance(block, Done | InOrder) and block.list in self.known:
            yield from _lacking(block, self.known[block.list])

    def _unnamed(self, pack: PackSpec, block: AnyBlock) -> Iterator[tuple[str, Message]]:
        """Yield a block that is no part of a web page, or that shows more than it names to an audience which
        is shown only that.
        """
        only = {one.id for one in self.audiences.audience if one.only_packs}
        if not isinstance(block, NAMING) and pack.audience in only:
            yield "kind", message("pack.naming", kind=block.kind, audience=pack.audience, kinds=naming())
        elif not isinstance(block, NAMING) and pack.web:
            yield "kind", message("pack.on_web", kind=block.kind, kinds=naming())

    def unknown_columns(self, block: AnyBlock) -> Iterator[tuple[str, Message]]:
        """Yield the columns that a block crosses and its list does not have, with the key."""
        rows = self.known.get(block.list) if isinstance(block, Crossed) else None
        if rows is None or not isinstance(block, Crossed):
            return
        for key, name in (("rows", block.rows), ("columns", block.columns)):
            if name not in rows.columns:
                near = suggestion(name, rows.columns)
                yield key, message("source.no_list_column", list=rows.id, name=name, near=near)

    def withheld(self, block: AnyBlock, audience: str) -> Iterator[tuple[str, Message]]:
        """Yield what a block shows row by row to an audience that sees no single cases, with the key."""
        for key, rows in _lists(block, self.known):
            if not self.audiences.reads(rows, audience):
                limit = self.audiences.limit(rows.sensitivity, audience)
                own = rows.sensitivity
                said = message("pack.rows", list=rows.id, sensitivity=own, audience=audience, limit=limit)
                yield key, said


def _lists(block: AnyBlock, known: Mapping[str, RowList]) -> Iterator[tuple[str, RowList]]:
    """Yield the lists whose rows a block shows, with the key that says so."""
    match block:
        case Done() | InOrder():
            own = known.get(block.list)
            yield from [("list", own)] if own else []
        case Listing() | Crossed() | Preparations() | Proposals():
            own = known.get(block.list)
            yield from [("list", own)] if own else []
            others: tuple[ListKind, ...] = ("actions",) if own and own.acted_on else ()
            yield from (("list", rows) for rows in known.values() if rows.kind in others)
        case StaffSummary():
            shown: tuple[ListKind, ...] = ("quotes", "actions")
            yield from (("kind", rows) for rows in known.values() if rows.kind in shown)


def _lacking(block: Done | InOrder, own: RowList) -> Iterator[tuple[str, Message]]:
    """Yield that a list is of another kind than a block shows, and the columns of it that there are not."""
    kind = "done" if isinstance(block, Done) else "register"
    if own.kind != kind:
        yield "list", message("pack.list_kind", list=own.id, kind=own.kind, wanted=kind)
    for item in block.item if isinstance(block, InOrder) else ():
        if item.column not in own.columns:
            near = suggestion(item.column, own.columns)
            yield "item", message("pack.list_column", list=own.id, name=item.column, near=near)
