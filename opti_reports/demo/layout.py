"""How a source's rows are written: columns with their Finnish headers and spellings, and the file's form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Table = Mapping[str, NDArray[Any]]
Kind = Literal[
    "id", "enum", "unit", "client", "professional", "integer", "decimal", "date", "datetime", "boolean",
    "month", "week", "text", "fixed",
]  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column.

    A table holds for it, by kind: ``id`` numbers; ``enum``, ``unit``, ``client``, ``professional`` positions
    in a list of labels (-1 is empty); ``integer`` counts (-1 is empty, -2 the answer
    that is none); ``boolean`` 1, 0, -1; ``decimal``
    floats (NaN is empty); ``date``, ``datetime`` and ``week`` datetime64 (NaT is empty); ``month`` month
    numbers; ``text`` objects (None is empty). ``fixed`` columns are no part of the table.
    """

    name: str
    header: str
    kind: Kind
    nullable: bool = False
    codes: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ()
    form: str = ""

    def code(self, name: str) -> int:
        """Position of a code; raises ValueError for a code the column does not have."""
        return self.codes.index(name)


@dataclass(frozen=True)
class Layout:
    """One source: its files' names and form, when it is extracted and how far back it reaches.

    ``timing``: working day of the next month, or minus the calendar day. ``window``: months.
    """

    source: str
    stem: str
    window: int
    timing: int
    columns: tuple[Column, ...]
    encoding: str = "utf-8"
    delimiter: str = ";"
    dates: Literal["iso", "iso_t", "finnish"] = "iso"
    months: Literal["iso", "slash", "day"] = "iso"
    booleans: tuple[str, str] = ("k", "e")
    comma: bool = True
    quoted: bool = False
    xlsx: bool = False

    @property
    def line_end(self) -> str:
        """Exports in UTF-8 come from other machines than those in Windows encodings."""
        return "\n" if self.encoding.startswith("utf-8") else "\r\n"

    def column(self, name: str) -> Column:
        """The column of this name; raises KeyError."""
        found = {column.name: column for column in self.columns}
        return found[name]

    def code(self, column: str, name: str) -> int:
        """Position of a code of a column."""
        return self.column(column).code(name)

    def codes(self, column: str, *names: str) -> NDArray[np.int64]:
        """Positions of several codes of a column."""
        return np.array([self.code(column, name) for name in names], dtype=np.int64)


# In these functions a name that ends with "?" is that of a column which may be empty.


def _column(name: str, header: str, kind: Kind, form: str = "") -> Column:
    return Column(name.rstrip("?"), header, kind, name.endswith("?"), form=form)


def ident(name: str, header: str, form: str) -> Column:
    """An id: the form's first part before its digits, then the number filled to as many digits ("P00000")."""
    return _column(name, header, "id", form)


def enum(name: str, header: str, codes: str) -> Column:
    """Codes separated by commas, ``code=spelling`` where the export spells it otherwise."""
    pairs = [part.strip().partition("=") for part in codes.split(",")]
    names = tuple(code for code, _, _ in pairs)
    spelled = tuple(spelling or code for code, _, spelling in pairs)
    return Column(name.rstrip("?"), header, "enum", name.endswith("?"), names, spelled)


def unit(name: str, header: str, system: str) -> Column:
    """A unit as the system calls it."""
    return _column(name, header, "unit", system)


def client(name: str, header: str) -> Column:
    """A client's pseudonym."""
    return _column(name, header, "client")


def professional(name: str, header: str) -> Column:
    """A professional's pseudonym."""
    return _column(name, header, "professional")


def integer(name: str, header: str, unsure: str = "") -> Column:
    """A count or a small whole number; ``unsure`` is what an answer says that is none."""
    column = _column(name, header, "integer")
    return replace(column, spellings=(unsure,)) if unsure else column


def decimal(name: str, header: str, digits: int = 2) -> Column:
    """A number with a fixed count of decimals."""
    return _column(name, header, "decimal", str(digits))


def date(name: str, header: str) -> Column:
    """A day."""
    return _column(name, header, "date")


def datetime(name: str, header: str) -> Column:
    """A local wall time."""
    return _column(name, header, "datetime")


def boolean(name: str, header: str) -> Column:
    """Yes, no or empty."""
    return _column(name, header, "boolean")


def month(name: str, header: str) -> Column:
    """A month."""
    return _column(name, header, "month")


def week(name: str, header: str) -> Column:
    """An ISO week, held as one of its days."""
    return _column(name, header, "week")


def text(name: str, header: str) -> Column:
    """Free text."""
    return _column(name, header, "text")


def fixed(header: str, value: str) -> Column:
    """A column that real exports have and nobody needs, with the same value on every row."""
    return Column(header, header, "fixed", spellings=(value,))
