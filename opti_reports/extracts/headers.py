"""Headings of real exports matched to columns, ignoring case, spaces, underscores and å/ä/ö spelling."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from opti_reports.config.source import Column, Source, fold
from opti_reports.errors import ExtractError
from opti_reports.extracts.redact import refuse_identity_codes
from opti_reports.extracts.wide import Sides, instead, sides
from opti_reports.messages.message import message
from opti_reports.messages.spelling import closest

LOOKED_BELOW = 20
"""How many rows below the first are searched for headings, to say where they stand."""
REFUSED = frozenset(
    {
        "hetu",
        "henkilotunnus",
        "sotu",
        "sosiaaliturvatunnus",
        "syntymaaika",
        "nimi",
        "etunimi",
        "sukunimi",
        "puhelinnumero",
        "puhelin",
        "sahkoposti",
        "kuvaus",
        "vapaateksti",
        "personbeteckning",
        "personnummer",
        "namn",
        "fornamn",
        "efternamn",
        "telefonnummer",
        "epost",
        "fritext",
        "ssn",
        "name",
        "firstname",
        "lastname",
        "phonenumber",
        "email",
        "freetext",
    }
)


@dataclass(frozen=True)
class Headings:
    """A file's headings: the canonical name of each used column by position, and the ignored headings."""

    used: dict[int, str]
    ignored: tuple[str, ...]
    count: int
    cells: tuple[str, ...] = ()
    wide: Sides | None = None
    """The months that stand side by side, if any do."""

    @property
    def names(self) -> frozenset[str]:
        """Return the columns that the file has, those that its months stand for among them."""
        return frozenset(self.used.values()) | ({self.wide.month, self.wide.value} if self.wide else set())

    @property
    def read(self) -> dict[int, str]:
        """Return the column that each cell is read as, by position."""
        return self.used | (dict.fromkeys(self.wide.places, self.wide.value) if self.wide else {})

    def of(self, name: str) -> str:
        """Return the heading that the file gives a column, empty where it has none."""
        return next((self.cells[i] for i, used in self.used.items() if used == name), "")

    def shown(self, name: str) -> str:
        """Return a column as messages name it: by the file's heading, with its own name where
        that differs.
        """
        return named(self.of(name), name)


def named(heading: str, name: str) -> str:
    """Return a column as messages name it."""
    return name if heading in ("", name) else f"{heading} ({name})"


def spellings(source: Source) -> dict[str, str]:
    """Return every heading a source's columns may have, folded, to the canonical name."""
    found = {fold(alias): name for name, column in source.column.items() for alias in column.aliases}
    return found | {fold(name): name for name in source.column}


def of_column(name: str, column: Column) -> frozenset[str]:
    """Return every heading a column may have, folded."""
    return frozenset(map(fold, (name, *column.aliases)))


def match(
    source: Source, cells: list[str], file: str, below: Iterable[tuple[int, list[str]]] = ()
) -> Headings:
    """Match a heading row; ``below`` are the next rows with their numbers.

    Raises ExtractError for private headings, doubled or missing columns. A row without any heading may be a
    row of clients: it is never quoted.
    """
    known = spellings(source)
    refuse_identity_codes(file, message("redact.first_row"), pa.array(cells, pa.string()))
    used: dict[int, str] = {}
    for i, cell in enumerate(cells):
        name = known.get(fold(cell))
        if name is None:
            continue
        if name in used.values():
            raise ExtractError("header.twice", file, name=name, cell=cell)
        used[i] = name
    if not used:
        raise _headless(source, file, below)
    wide = sides(source, cells, used.values(), file)
    found = Headings(used, (), len(cells), tuple(cells), wide)
    read = found.read
    ignored = tuple(cell for i, cell in enumerate(cells) if i not in read and cell)
    private = [cell for cell in ignored if fold(cell) in REFUSED]
    if private:
        raise ExtractError("header.private", file, heading=private[0])
    missing = [name for name, column in source.column.items() if column.required and name not in found.names]
    if missing:
        aliases = ", ".join(source.column[missing[0]].aliases[:3])
        meant = closest(missing[0], ignored)
        raise ExtractError(
            "header.missing",
            file,
            column=missing[0],
            like=aliases or missing[0],
            headings=tuple(cells[:12]),
            near=message("header.meant", word=meant) if meant else "",
        )
    return replace(found, ignored=ignored)


def refuse_rows_above(cells: list[str], above: int, number: int, file: str) -> None:
    """Refuse headings with a row above that has half as many filled cells: a title has fewer, rows of data do
    not.
    """
    if above > 1 and 2 * above >= sum(map(bool, cells)):
        raise ExtractError("header.row", file, number=number)


def complete(source: Source, cells: Sequence[str]) -> bool:
    """Return whether a row holds a heading of every required column."""
    known = spellings(source)
    found = {known.get(fold(cell)) for cell in cells}
    found |= instead(source, found, cells)
    return all(name in found for name, column in source.column.items() if column.required)


def _headless(source: Source, file: str, below: Iterable[tuple[int, list[str]]]) -> ExtractError:
    """Return what to say of a file whose first row holds no heading: where the headings are, or should be."""
    for number, cells in below:
        if complete(source, cells):
            return ExtractError("header.row", file, number=number)
    required = [name for name, column in source.column.items() if column.required]
    like = ", ".join((source.column[name].aliases or (name,))[0] for name in required[:4])
    return ExtractError("header.none", file, like=like)
