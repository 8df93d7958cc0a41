"""Rows that share a key: identical ones count once, a few others are corrections, more stop the delivery."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from opti_reports.algebra.calendar import date_of
from opti_reports.algebra.columns import Packed, slices
from opti_reports.algebra.vector import Bool, Int, Vector
from opti_reports.config.guards import Guards
from opti_reports.config.source import Source
from opti_reports.errors import ExtractError
from opti_reports.extracts.rows import plain as comparable
from opti_reports.extracts.totals import plain
from opti_reports.messages.message import Message, message

Rows = NDArray[np.intp]
SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?e\+?\d+", re.IGNORECASE)
ROUNDED = re.compile(r"\d{15}0+")
"""An id of more digits than a spreadsheet keeps: those after the fifteenth became zeros."""
_NUMBERED = re.compile(r"\(\d+\)")


class KeyPrint:
    """The hash of a file's rows in their order (keys, dates and numbers), whatever its heading or format."""

    def __init__(self, columns: int, secret: bytes) -> None:
        self._hashes = [hashlib.blake2b(key=secret, digest_size=16) for _ in range(columns + 1)]
        self._rows = 0

    def add(self, column: int, texts: pa.Array) -> None:
        """Some more cells of a column of the key."""
        _, offsets, data = texts.buffers()
        ends = np.frombuffer(offsets, dtype=np.int32)[texts.offset : texts.offset + len(texts) + 1]
        if data is not None:
            self._hashes[column].update(memoryview(data)[int(ends[0]) : int(ends[-1])])
        self._rows += len(texts)

    def finish(self, cells: Iterable[Packed], first: int, own: Bool) -> None:
        """Take the numbers and dates of its ``own`` rows, which begin at the ``first``; words have other
        numbers in each delivery.
        """
        for column in cells:
            for some in slices(len(own)) if column.like.kind not in ("text", "private") else ():
                numbers = comparable(column.vector(first + some.start, first + some.stop))
                data = numbers if own[some].all() else numbers[own[some]]
                self._hashes[-1].update(data.astype(np.int64).tobytes())

    def __str__(self) -> str:
        return "".join(one.hexdigest() for one in self._hashes) if self._rows else ""


@dataclass(frozen=True)
class Duplicates:
    """Rows not used because a later one has the same key: the same in every cell, or replaced by it."""

    identical: Rows
    replaced: Rows
    by: Rows
    """The rows that stand for the replaced ones."""


def duplicates(key: Int, rows: Mapping[str, Vector]) -> Duplicates:
    """Return rows that share a key with a later row; the last one is used."""
    order = np.argsort(key, kind="stable")
    follows = np.flatnonzero(key[order][1:] == key[order][:-1])
    earlier, later = order[follows], order[follows + 1]
    same = np.ones(len(earlier), dtype=bool)
    for vector in rows.values() if len(earlier) else ():
        cells = comparable(vector)
        same &= cells[earlier] == cells[later]
    replaced, by = earlier[~same], later[~same]
    sorted_by_row = np.argsort(replaced)
    return Duplicates(np.sort(earlier[same]), replaced[sorted_by_row], by[sorted_by_row])


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """The rows of a delivery beside one another: file, line, key as a number and as text, own date."""

    source: Source
    paths: Sequence[Path]
    file: NDArray[np.int32]
    line: Int
    key: Int
    text: Callable[[int], str]
    own: Vector
    day: Int
    cells: Mapping[str, Vector]

    def name(self, row: int) -> str:
        """Return the name of a row's file."""
        return str(self.paths[self.file[row]].name)


def refuse(found: Duplicates, rows: Delivered, guards: Guards) -> None:
    """Refuse a delivery with two versions of a file, or in which too many rows replace others of their key.

    What imports wrote for a source replaces rows on purpose. Raises ExtractError with the cause.
    """
    kept = rows.source.kept and rows.source.kept.file.casefold()
    ours = np.array([path.name.casefold() == kept for path in rows.paths])
    counted = ~(ours[rows.file[found.replaced]] | ours[rows.file[found.by]])
    replaced, by = found.replaced[counted], found.by[counted]
    for one, other in _pairs(rows):
        _refuse_versions(rows=rows, one=one, other=other, replaced=replaced, by=by, guards=guards)
    few = max(guards.differing_rows, guards.differing_share * len(rows.key))
    if len(replaced) > few:
        raise _cause(rows, replaced, by)


def _pairs(rows: Delivered) -> list[tuple[int, int]]:
    """Return the files of a delivery by twos, but those that imports wrote."""
    kept = rows.source.kept and rows.source.kept.file.casefold()
    own = [at for at, path in enumerate(rows.paths) if path.name.casefold() != kept]
    return [(one, other) for at, one in enumerate(own) for other in own[at + 1 :]]


def _refuse_versions(rows: Delivered, one: int, other: int, replaced: Rows, by: Rows, guards: Guards) -> None:
    """Refuse two files that are versions of one extract, by their names or by the keys they share."""
    mine, theirs = np.unique(rows.key[rows.file == one]), np.unique(rows.key[rows.file == other])
    if not len(mine) or not len(theirs):
        return
    shared = len(np.intersect1d(mine, theirs, assume_unique=True))
    between = np.isin(rows.file[replaced], (one, other)) & np.isin(rows.file[by], (one, other))
    between &= rows.file[replaced] != rows.file[by]
    differing = int(between.sum())
    same = shared == len(mine) == len(theirs) and not differing
    names = [rows.paths[one].name, rows.paths[other].name]
    named = stem(names[0], guards) == stem(names[1], guards) and _bare(names[0]) != _bare(names[1])
    many = shared > guards.differing_rows and shared >= guards.same_share * max(len(mine), len(theirs))
    if same or not ((many and differing) or (named and shared)):
        return
    if not named and 2 * _apart(rows, replaced[between], by[between]).sum() > shared:
        raise _cause(rows, replaced[between], by[between])
    first = next(iter(zip(replaced[between], by[between], strict=True)), None)
    example = "" if first is None else _otherwise(rows, differing, *map(int, first))
    raise ExtractError(
        "duplicates.versions",
        rows.source.id,
        one=names[0],
        other=names[1],
        shared=shared,
        example=example,
        also=message("duplicates.alone", rows=len(mine) + len(theirs) - 2 * shared),
        which=_which(rows, one, other),
    )


def _bare(name: str) -> str:
    return unicodedata.normalize("NFC", name.rpartition(".")[0])


def stem(name: str, guards: Guards) -> str:
    """Return a file's name without what a copy or a later version adds to it."""
    text = _NUMBERED.sub(" ", _bare(name))
    words = [word for word in re.split(r"[\s_\-.]+", plain(text)) if word]
    marks = frozenset(part for mark in guards.copy_words for part in plain(mark).split())
    return " ".join(word for word in words if word not in marks)


def _which(rows: Delivered, one: int, other: int) -> Message:
    """Return what to remove: the older file by its rows and by its date, where both say the same."""
    inside = [_newest(rows, at) for at in (one, other)]
    outside = [int(rows.paths[at].stat().st_mtime) for at in (one, other)]
    signs = [(a > b) - (a < b) for a, b in (inside, outside)]
    files = [rows.paths[at].name for at in (one, other)]
    listed = tuple(
        message(
            "duplicates.file",
            file=name,
            day=date_of(day).isoformat() if day else message("duplicates.undated"),
            at=f"{dt.datetime.fromtimestamp(at, dt.UTC):%Y-%m-%d %H:%M}",
        )
        for name, day, at in zip(files, inside, outside, strict=True)
    )
    if sum(signs) and not (1 in signs and -1 in signs):
        newer, older = files if sum(signs) > 0 else files[::-1]
        return message("duplicates.newer", newer=newer, older=older, files=listed)
    return message("duplicates.either", files=listed)


def _newest(rows: Delivered, file: int) -> int:
    days = rows.day[(rows.file == file) & rows.own.filled]
    return int(days.max()) if len(days) else 0


def _apart(rows: Delivered, replaced: Rows, by: Rows) -> Bool:
    """Return which pairs differ in their own date or in a code of a unit."""
    codes = [v for n, v in rows.cells.items() if rows.source.column[n].type == "code"]
    found = np.zeros(len(replaced), dtype=bool)
    for vector in (rows.own, *codes):
        cells = comparable(vector)
        found |= cells[replaced] != cells[by]
    return found


def _otherwise(rows: Delivered, differing: int, old: int, new: int) -> Message:
    """Return how many rows two files fill otherwise, with an example."""
    return message(
        "duplicates.otherwise",
        rows=differing,
        row=rows.text(old),
        line=int(rows.line[old]),
        file=rows.name(old),
        other_line=int(rows.line[new]),
        other_file=rows.name(new),
    )


def _such(rows: Delivered, old: int, new: int) -> Message:
    """Return an example of two rows of one key."""
    return message(
        "duplicates.such",
        row=rows.text(old),
        line=int(rows.line[old]),
        file=rows.name(old),
        other_line=int(rows.line[new]),
        other_file=rows.name(new),
    )


def _cause(rows: Delivered, replaced: Rows, by: Rows) -> ExtractError:
    """Return why so many rows share a key with another."""
    source, key, n = rows.source.id, rows.source.key, len(replaced)
    example = _such(rows, int(replaced[0]), int(by[0]))
    texts = [rows.text(int(row)) for row in replaced]
    ruined = [text for text in texts if any(map(_is_ruined, text.split()))]
    if 2 * len(ruined) > len(texts):
        return ExtractError("duplicates.shortened", source, rows=len(ruined), id=ruined[0], example=example)
    apart, across = rows.file[replaced] != rows.file[by], _apart(rows, replaced, by)
    if 2 * apart.sum() > n:
        pair = Counter(
            frozenset((rows.name(int(a)), rows.name(int(b)))) for a, b in pairwise_of(replaced, by)
        )
        files = tuple(sorted(pair.most_common(1)[0][0]))
        if 2 * across.sum() > n:
            return ExtractError("duplicates.anew", source, rows=n, key=key, files=files, example=example)
        return ExtractError("duplicates.states", source, rows=n, key=key, files=files, example=example)
    if 2 * across.sum() > n:
        return ExtractError("duplicates.legs", source, rows=n, key=key, example=example)
    return ExtractError("duplicates.label", source, rows=n, key=key, example=example)


def _is_ruined(text: str) -> bool:
    return bool(SCIENTIFIC.fullmatch(text) or ROUNDED.fullmatch(text))


def pairwise_of(replaced: Rows, by: Rows) -> list[tuple[int, int]]:
    """Return the pairs as plain numbers."""
    return list(zip(replaced.tolist(), by.tolist(), strict=True))
