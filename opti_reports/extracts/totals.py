"""Rows that are no rows of data: totals and averages, notes, headings once more, sums of other rows."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from opti_reports.algebra.columns import Columns
from opti_reports.algebra.vector import Bool, Int, Vector
from opti_reports.config.guards import Guards
from opti_reports.config.source import Column, Source, fold
from opti_reports.extracts.headers import of_column
from opti_reports.extracts.pieces import Piece
from opti_reports.model.delivery import HEADING_ROW, NOTE_ROW, PERHAPS_TOTAL, TOTAL_ROW, Delivery
from opti_reports.model.organisation import Organisation

NUMERIC = ("integer", "decimal", "eur")
LABELLED = ("code", "enum", "date", "datetime", "month", "iso_week")
"""Types of columns in which a total carries its name, beside those of the key."""
LEAST_SUMMED = 2
"""One row alone has no sum."""


def plain(text: str) -> str:
    """Return a text as compared with words: no case, no signs around it, single spaces."""
    return " ".join(unicodedata.normalize("NFC", text.casefold()).split()).strip(" :.;,*-–—=()[]\"'")


@dataclass(frozen=True)
class Labels:
    """What names a total or begins a note; ``real`` are units' codes and names that look like a total."""

    total: frozenset[str]
    note: frozenset[str]
    real: frozenset[str] = frozenset()
    _known: dict[str, bool] = field(default_factory=dict, compare=False)

    def is_total(self, text: str) -> bool:
        """Return whether a cell names a total or an average."""
        if text not in self._known:
            words = plain(text)
            self._known[text] = words not in self.real and _at_an_end(words, self.total)
        return self._known[text]

    def is_note(self, text: str) -> bool:
        """Return whether a text alone in its row is a note."""
        words = plain(text)
        return words in self.note or words.startswith(_beginnings(self.note))

    def of_line(self, text: str) -> str:
        """Return why a line of too few cells is no row of data, by its first cell; empty where
        it may be one.
        """
        if self.is_total(text):
            return TOTAL_ROW
        return NOTE_ROW if self.is_note(text) else ""


def _at_an_end(words: str, known: frozenset[str]) -> bool:
    return words in known or words.startswith(_beginnings(known)) or words.endswith(_ends(known))


@lru_cache
def _beginnings(known: frozenset[str]) -> tuple[str, ...]:
    return tuple(f"{word}{sign}" for word in known for sign in " :")


@lru_cache
def _ends(known: frozenset[str]) -> tuple[str, ...]:
    return tuple(f" {word}" for word in known)


def labels(guards: Guards, organisation: Organisation | None, system: str) -> Labels:
    """Return the labels of the guards; codes and names of the units of a system are never one."""
    total = frozenset(map(plain, guards.total_words))
    units = organisation.units if organisation else ()
    spelt = (text for unit in units for text in (*unit.codes.get(system, ()), *unit.names.values()))
    real = frozenset(words for words in map(plain, spelt) if _at_an_end(words, total))
    return Labels(total, frozenset(map(plain, guards.note_words)), real)


def aside(labels: Labels, source: Source, piece: Piece, rows: Int) -> dict[int, str]:
    """Return which of a piece's unreadable rows are totals, notes or headings, with the reason."""
    wanted = pa.array(rows)
    filled = np.zeros(len(rows), dtype=np.int64)
    total, note = np.zeros(len(rows), dtype=bool), np.zeros(len(rows), dtype=bool)
    heading, own = np.ones(len(rows), dtype=bool), set(piece.headings.used.values())
    named = [(source.column[name], name, texts) for name, texts in piece.columns.items()]
    unused = [(None, "", texts) for texts in piece.unused]
    for column, name, texts in [*named, *unused]:
        encoded = pc.utf8_trim_whitespace(texts.take(wanted)).dictionary_encode()
        words, place = encoded.dictionary.to_pylist(), encoded.indices.to_numpy(zero_copy_only=False)
        filled += _of(words, place, bool)
        if column is None or column.type in LABELLED or name in source.key:
            total |= _of(words, place, labels.is_total) & ~_of(words, place, _coded(column).__contains__)
        note |= _of(words, place, labels.is_note)
        if column is not None and name in own and heading.any():
            heading &= _of([fold(word) for word in words], place, of_column(name, column).__contains__)
    note &= filled == 1
    return {
        int(row): HEADING_ROW if is_heading else TOTAL_ROW if is_total else NOTE_ROW
        for row, is_heading, is_total, is_note in zip(rows, heading, total, note, strict=True)
        if is_heading or is_total or is_note
    }


def _of(words: list[str], place: Int, test: Callable[[str], bool]) -> Bool:
    found: Bool = np.array([test(word) for word in words] or [False])[place]
    return found


def _coded(column: Column | None) -> frozenset[str]:
    return frozenset(column.codes) if column else frozenset()


def labelled(labels: Labels, source: Source, rows: Columns, size: int) -> Bool:
    """Return which readable rows carry the name of a total as their unit or in their key."""
    found = np.zeros(size, dtype=bool)
    for name in rows:
        column, like = source.column[name], rows.kept(name).like
        if like.kind != "text" or column.codes or not (name in source.key or _unit_like(column)):
            continue
        words = np.array([labels.is_total(word) for word in like.words] or [False])
        if words.any():
            vector = rows[name]
            found |= words[np.where(vector.filled, vector.data, 0)] & vector.filled
    return found


def _unit_like(column: Column) -> bool:
    return column.type == "code" and column.required


def unit_of_key(source: Source) -> str | None:
    """Return the column of the key that names the unit, where rows are counts of units; None elsewhere."""
    numbers = any(column.type in NUMERIC for column in source.column.values())
    codes = (name for name in source.key if source.column[name].type == "code")
    return next(codes, None) if numbers else None


def sums_of_others(
    source: Source,
    delivery: Delivery,
    rows: Mapping[str, Vector],
    size: int,
    organisation: Organisation,
    guards: Guards,
) -> NDArray[np.object_]:
    """Return which rows of an upper organisation, or of one nobody knows, are the sum of others of the same
    key, and which may be: as large as a sum, yet none. Empty where a row is a unit's own.
    """
    found = np.full(size, "", dtype=object)
    name = unit_of_key(source)
    numbers = [n for n, v in rows.items() if source.column[n].type in NUMERIC and v.kind == "number"]
    if name is None or name not in rows or not numbers or not size:
        return found
    unit = rows[name]
    group = _groups([rows[key] for key in source.key if key != name and key in rows], size)
    code = np.where(unit.filled, unit.data, -1)
    exact = [source.column[n].type == "integer" for n in numbers]
    summed = list(zip([rows[n] for n in numbers], exact, strict=True))
    for candidate in _candidates(source, unit.words, organisation, delivery):
        own, others = np.flatnonzero(code == candidate.at), np.flatnonzero(np.isin(code, candidate.members))
        if not len(own) or len(candidate.members) < LEAST_SUMMED:
            continue
        same, like = _summed(group, own, others, summed, candidate.range(guards))
        beside = np.flatnonzero(np.isin(code, candidate.beside))
        if not candidate.known:  # a unit of another organisation is no total of a file that has many of them
            _, like = _summed(group, own, beside, summed, candidate.range(guards))
        if same.sum() >= guards.total_groups * len(own):
            found[own[same]] = TOTAL_ROW
        elif len(set(group[own])) < guards.total_groups * len(set(group[beside])):
            continue  # a total stands in nearly every group
        elif like.sum() >= guards.total_groups * len(own) and not candidate.confirmed:
            found[own] = PERHAPS_TOTAL
    return found


@dataclass(frozen=True)
class _Candidate:
    """A code that may stand for a sum, those it may be the sum of, and all that stand beside it.

    ``known`` ones are upper organisations'.
    """

    at: int
    members: list[int]
    beside: list[int]
    known: bool
    confirmed: bool

    def range(self, guards: Guards) -> tuple[float, float]:
        """Return between which multiples of the sum of the others a row may be a total of them.

        An upper organisation has rows of its own, so only what is nearly the sum is doubted.
        """
        near = guards.total_near
        return (1 - near, 1 + near) if self.known else (guards.total_share, float("inf"))


def _candidates(
    source: Source, words: Iterable[str], organisation: Organisation, delivery: Delivery
) -> Iterator[_Candidate]:
    """Yield the codes that may stand for a sum."""
    month, said = delivery.month, set(delivery.confirm_rows)
    tree = organisation.tree(month)
    units = [organisation.resolve(source.system, word, month) for word in words]
    placed = [tree.moved.get(unit) if unit else None for unit in units]
    parents = tree.parents
    leaves = [at for at, unit in enumerate(placed) if unit and unit not in parents]
    for at, unit in enumerate(placed):
        if unit is None:
            beside = [one for one in range(len(units)) if one != at and units[one] not in parents]
            yield _Candidate(at, leaves, beside, known=False, confirmed=tree.root.id in said)
        elif unit in parents:
            below = [leaf for leaf in leaves if unit in tree.lineage(placed[leaf] or unit)]
            yield _Candidate(at, below, below, known=True, confirmed=bool(said & set(tree.lineage(unit))))


def _groups(keys: list[Vector], size: int) -> Int:
    """Return rows that share the rest of the key get one number."""
    group = np.zeros(size, dtype=np.int64)
    for vector in keys:
        _, place = np.unique(np.where(vector.filled, vector.data, -1), return_inverse=True)
        _, group = np.unique(group * (int(place.max()) + 1) + place, return_inverse=True)
    return group


def _summed(
    group: Int, own: Int, others: Int, numbers: list[tuple[Vector, bool]], like: tuple[float, float]
) -> tuple[Bool, Bool]:
    """Return whether each own row holds the sums of the others of its group, and whether it may.

    It does if at least half of its numbers are sums (a mean may lie among theirs), whole ones exactly, others
    as far as each was rounded; it may if most lie between the multiples ``like`` of the sums.
    """
    fits, given, sums = np.ones(len(own), dtype=bool), np.zeros(len(own)), np.zeros(len(own))
    nearly = np.zeros(len(own))
    for vector, exact in numbers:
        there = others[vector.filled[others]]
        by_group = pd.Series(vector.data[there]).groupby(group[there]).agg(["sum", "min", "max", "count"])
        of = by_group.reindex(group[own]).to_numpy(dtype=float)
        value, asked = vector.data[own].astype(float), vector.filled[own] & (vector.data[own] != 0)
        many = of[:, 3] >= LEAST_SUMMED
        equal = many & (np.abs(value - of[:, 0]) <= (0 if exact else of[:, 3]))
        among = many & (of[:, 1] <= value) & (value <= of[:, 2])
        fits &= ~asked | equal | among
        given += asked
        sums += asked & equal
        most = np.where(of[:, 0] == 0, 0, like[1]) * of[:, 0]  # of nothing any multiple is nothing
        nearly += asked & many & (like[0] * of[:, 0] <= value) & (value <= most)
    return fits & (sums > 0) & (2 * sums >= given), 2 * nearly > given
