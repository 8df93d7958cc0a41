"""How a system's extract looks: its columns as the configs declare them, in the form of its export."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from pathlib import Path
from typing import Literal

import numpy as np

from opti_reports.config import source as declared
from opti_reports.config.base import Strict
from opti_reports.demo.data import COUNTY, read_config, read_tables
from opti_reports.demo.days import first_day
from opti_reports.demo.rows import Bools, Floats, Ints, Table, Times
from opti_reports.errors import ConfigError, Fault
from opti_reports.messages.message import Shown
from opti_reports.starter import STARTER

# What a column of these types holds; other types are called by what they hold.
KINDS = {"code": "unit", "eur": "decimal", "iso_week": "week"} | dict.fromkeys(
    ("string", "quote", "title", "label", "role"), "text"
)
UNSURE = -2
"""Stands in an integer column for the answer of a client who could not say."""
ABBREVIATIONS = {"id": "ID", "haipro": "HaiPro", "cles": "CLES", "htv2": "HTV2", "jyl": "JYL"}


def read_source(folder: Path, source: str) -> declared.Source:
    """Return a source as a folder of configs declares it."""
    return read_config(folder / f"{source}.toml", f"sources/{source}.toml", declared.Source)


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column.

    A table holds for it, by kind: ``id`` numbers; ``enum``, ``unit``, ``client``, ``professional`` positions
    in a list of labels (-1 is empty); ``integer`` counts (-1 is empty, -2 the answer that is none);
    ``boolean`` 1, 0, -1; ``decimal`` floats (NaN is empty); ``date``, ``datetime`` and ``week`` datetime64
    (NaT is empty); ``month`` month numbers; ``text`` objects (None is empty). ``fixed`` columns are no part
    of the table.
    """

    name: str
    header: str
    kind: str
    nullable: bool = False
    codes: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ()
    form: str = ""

    @property
    def number(self) -> tuple[str, str, str]:
        """Return of an id's form what stands before its number, the zeros it replaces, and what follows."""
        before, zeros, after = re.split("(0+)", self.form, maxsplit=1)
        return before, zeros, after


class Layout(Strict):
    """One source's extract: what layouts.toml and rows.toml say of it, and what follows from its config.

    ``own`` is the config if it is not the shipped one.
    """

    source: str
    order: tuple[str, ...]
    spoken: bool = True
    forms: Mapping[str, str] = {}
    decimals: str = "2"
    codes: Mapping[str, tuple[str, ...]] = {}
    in_words: tuple[str, ...] = ()
    spelled: Mapping[str, str] = {}
    unsure: str = ""
    constant: tuple[str, str] | None = None
    encoding: Literal["utf-8", "utf-8-sig", "utf-16", "cp1252"] = "utf-8"
    delimiter: str = ";"
    dates: Literal["iso", "iso_t", "finnish"] = "iso"
    months: Literal["iso", "slash", "day"] = "iso"
    booleans: tuple[str, str] = ("k", "e")
    quoted: bool = False
    xlsx: bool = False
    grid: str = ""
    since: str = ""
    not_before: Mapping[str, tuple[str, ...]] = {}
    not_after: Mapping[str, tuple[str, ...]] = {}
    before: Mapping[str, Mapping[str, str | int]] = {}
    state: Mapping[str, tuple[str, ...]] = {}
    ahead: int = 0
    every: int = 1
    open_until: str = ""
    ended: tuple[str, ...] = ()
    by_area: bool = False
    elsewhere: str = ""
    own: declared.Source | None = None

    @cached_property
    def shipped(self) -> declared.Source:
        """Return the source as the configs that come along with the program declare it."""
        return read_source(STARTER / "configs" / "sources", self.source)

    @property
    def config(self) -> declared.Source:
        """Return the source as it is declared where the extract will be read."""
        return self.own or self.shipped

    @property
    def suffix(self) -> str:
        """Return the end of its files' names."""
        return ".xlsx" if self.xlsx else ".csv"

    @cached_property
    def stem(self) -> str:
        """Return the beginning of its files' names; raises ConfigError if the config knows no such file."""
        for pattern in self.config.files:
            if pattern.endswith(f"*{self.suffix}"):
                return pattern.removesuffix(f"*{self.suffix}")
        raise self._refusal("files", "demo.no_pattern", suffix=self.suffix)

    @property
    def line_end(self) -> str:
        """Return the end of a line: exports in UTF-8 come from other machines than those in cp1252."""
        return "\n" if self.encoding.startswith("utf-8") else "\r\n"

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Return the columns from left to right; raises ConfigError for the first that the config lacks."""
        found = [self._column(*part.partition("=")[::2]) for part in self.order]
        if self.constant:
            heading, value = self.constant
            found.append(Column(name=heading, header=heading, kind="fixed", spellings=(value,)))
        return tuple(found)

    def column(self, name: str) -> Column:
        """Return the column of this name; raises KeyError."""
        return {column.name: column for column in self.columns}[name]

    def code(self, column: str, name: str) -> int:
        """Return the position of a code of a column; raises ValueError if the column does not have it."""
        return self.column(column).codes.index(name)

    def positions(self, column: str, *names: str) -> Ints:
        """Return the positions of several codes of a column."""
        return np.array([self.code(column, name) for name in names], dtype=np.int64)

    def first(self, column: str, **conditions: Bools | bool) -> Ints:
        """Return for each row the code of a column whose condition is the first that holds."""
        return np.select([*map(np.asarray, conditions.values())], [*self.positions(column, *conditions)], -1)

    def numbers(self, table: str, column: str) -> Floats:
        """Return the county's numbers of the codes of a column: a row for each kind, by code."""
        return np.array([list(COUNTY[table][code].values()) for code in self.column(column).codes]).T

    @cached_property
    def dated(self) -> tuple[str, ...]:
        """Return the columns that give a row its own date: of those that are filled the first."""
        words = re.findall(r"\w+", self.shipped.date)
        return tuple(word for word in words if word in self.shipped.column)

    def dates_of(self, table: Table) -> list[Times]:
        """Return the columns of a table that give a row its own date, months by their first day."""
        found = (table[name] for name in self.dated)
        return [first_day(values) if values.dtype.kind == "i" else values for values in found]

    def own_dates(self, table: Table) -> Times:
        """Return each row's own date: of the columns that give it the first that is filled."""
        return reduce(lambda one, other: np.where(np.isnat(one), other, one), self.dates_of(table))

    @cached_property
    def happenings(self) -> tuple[str, ...]:
        """Return the columns whose times an extract holds once they have come."""
        timed = {name: it for name, it in self.shipped.column.items() if it.type in ("date", "datetime")}
        return tuple(name for name, it in timed.items() if not (it.required or it.future))

    def read_by(self, own: declared.Source) -> Layout:
        """Return the layout as another config reads it; raise ConfigError where that one lacks something."""
        found = Layout(**self.model_dump(exclude={"own"}), own=own)
        _ = found.columns, found.stem  # refused here, before a file is written
        return found

    def _column(self, name: str, heading: str) -> Column:
        known = self.config.column.get(name)
        if known is None:
            raise self._refusal(f"column.{name}", "demo.no_column")
        shipped = self.shipped.column[name]
        if known.type != shipped.type:
            raise self._refusal(f"column.{name}.type", "demo.type", type=known.type, wanted=shipped.type)
        codes = self.codes.get(name, shipped.codes)
        spellings = tuple(self._spelling(name, known, code) for code in codes)
        kind = "enum" if codes else self._kind(name, known)
        if kind == "boolean":
            spellings = self.booleans[1], self.booleans[0]
        if kind == "integer" and self.unsure:
            spellings = (self.unsure,)
        forms: dict[str, str] = {"date": self.dates, "datetime": self.dates, "month": self.months}
        forms["unit"] = f"unit:{self.config.system}"
        if known.private and kind != "id":
            forms[kind] = kind
        return Column(
            name=name,
            header=self._heading(name, known, heading),
            kind=kind,
            nullable=not known.required or known.blank not in (None, "unknown"),
            codes=codes,
            spellings=spellings,
            form=forms.get(kind) or self.forms.get(name, self.decimals),
        )

    def _kind(self, name: str, known: declared.Column) -> str:
        if known.type == "string" and name in self.forms:
            return "id"
        if known.type == "string" and known.private:
            return "client" if name.startswith("client") else "professional"
        return KINDS.get(known.type, known.type)

    def _heading(self, name: str, known: declared.Column, heading: str) -> str:
        if heading and declared.fold(heading) not in map(declared.fold, known.aliases):
            raise self._refusal(f"column.{name}.aliases", "demo.lacks", name=heading)
        first = heading or (known.aliases or (name,))[0]
        if heading or not self.spoken:
            return first
        words = " ".join(ABBREVIATIONS.get(word, word) for word in first.split("_"))
        return words[:1].upper() + words[1:]

    def _spelling(self, name: str, known: declared.Column, code: str) -> str:
        aliases = known.code_aliases.get(code, ())
        spelled = self.spelled.get(code) or (aliases[0] if name in self.in_words and aliases else code)
        if known.codes and declared.fold(spelled) not in map(declared.fold, (code, *aliases)):
            raise self._refusal(f"column.{name}.code_aliases.{code}", "demo.lacks", name=spelled)
        if known.codes and code not in known.codes:
            raise self._refusal(f"column.{name}.codes", "demo.lacks", name=code)
        return spelled

    def _refusal(self, key: str, code: str, /, **values: Shown) -> ConfigError:
        return ConfigError([Fault(f"sources/{self.source}.toml", key, code, **values)])


ROWS = read_tables("rows.toml")
LAYOUTS = {
    name: Layout(source=name, **look, **ROWS.get(name, {}))
    for name, look in read_tables("layouts.toml").items()
}
"""The layouts by source, in the order the sources are written."""
