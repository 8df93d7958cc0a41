"""Facts of deliveries, by the hash of everything they depend on."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Generic, TypeVar

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from opti_reports.config.limits import Limits
from opti_reports.config.settings import Settings
from opti_reports.config.source import Source
from opti_reports.errors import DamagedError
from opti_reports.model.delivery import (
    Delivery,
    FileRows,
    Reject,
    RowCounts,
    UnitCells,
    UnitDays,
    UnitRows,
    UnknownCells,
)  # fmt: skip
from opti_reports.model.fact import FactTable, Shape
from opti_reports.store import entries

CALENDAR = {"time_zone", "country", "free_days", "free_weekdays", "office_hours"}
"""The settings that facts depend on."""
Table = TypeVar("Table")

REJECT = tuple(field.name for field in dataclasses.fields(Reject))


@dataclass(frozen=True)
class StoredDelivery:
    """One delivery's facts, lists, row counts and rejects; ``address`` says where they lie in the store."""

    tables: Mapping[str, FactTable]
    lists: Mapping[str, pd.DataFrame]
    counts: RowCounts
    rejects: tuple[Reject, ...]
    address: str = ""


class Stored(Mapping[str, Table], Generic[Table]):
    """Tables in files, each read when it is first asked for."""

    def __init__(self, names: Iterable[str], read: Callable[[str, entries.Only | None], Table]) -> None:
        self._names, self._read = tuple(names), read
        self._only: Mapping[str, entries.Only] = {}
        self._known: dict[str, Table] = {}

    def only(self, rows: Mapping[str, entries.Only]) -> Stored[Table]:
        """Return the same tables, of some of which only some rows are read."""
        narrowed = Stored(self._names, self._read)
        narrowed._only = rows
        return narrowed

    def __getitem__(self, name: str) -> Table:
        if name not in self._names:
            raise KeyError(name)
        if name not in self._known:
            self._known[name] = self._read(name, self._only.get(name))
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def key(
    delivery: Delivery,
    source: Source,
    limits: Limits,
    settings: Settings,
    hidden: bytes,
    program: str,
    judged: Sequence[Any] = (),
) -> str:
    """Return the address of a delivery's facts: everything they depend on, and nothing else.

    ``program`` is the hash of what reads, ``judged`` is what reading is held against beside the source.
    """
    aside = {"name", "owner_role", "presence", "due", "weekly", "per_unit", "empty_unit", "may_repeat"}
    relevant = source.model_dump(mode="json", exclude=aside)
    for check in relevant["check"].values():
        check.pop("reason")
    for spec in relevant["list"]:
        del spec["kind"], spec["empty"]
    return entries.address(
        (
            [p.name for p in delivery.files],
            delivery.hashes,
            delivery.month,
            delivery.extracted_on.isoformat(),
            relevant,
            limits.model_dump(mode="json"),
            settings.model_dump(mode="json", include=CALENDAR),
            program,
            hashlib.sha256(hidden).hexdigest(),
            judged,
        )
    )


def save(
    store: Path, address: str, month: int, kept: StoredDelivery, written: Mapping[str, Path] | None = None
) -> None:
    """Write the facts of a delivery; they appear all at once or not at all. Tables that are ``written``
    already are taken from where they lie.
    """

    def fill(folder: Path) -> None:
        for name, path in (written or {}).items():
            path.rename(folder / f"{name}.parquet")
        for name, table in kept.tables.items():
            entries.write(folder / f"{name}.parquet", _arrow(table))
        for name, frame in kept.lists.items():
            entries.write(folder / f"{name}.list.parquet", pa.Table.from_pandas(frame, preserve_index=False))

    note = {
        "counts": _plain(kept.counts),
        "lists": sorted(kept.lists),
        "rejects": [dataclasses.astuple(reject) for reject in kept.rejects],
    }
    entries.save(store, address, month, note, fill)


def _plain(counts: RowCounts) -> dict[str, object]:
    """Return the counts as JSON takes them; the many rows of tuples need no copy."""
    found = {field.name: getattr(counts, field.name) for field in dataclasses.fields(counts)}
    return found | {"unknown_cells": [dataclasses.asdict(cells) for cells in counts.unknown_cells]}


def write(path: Path, shape: Shape, pieces: Iterable[pd.DataFrame]) -> None:
    """Write a fact's table that comes in pieces; the file is the one of the whole table."""
    groups = _groups(_arrow(FactTable(shape, piece)) for piece in pieces)
    first = next(groups)
    with pq.ParquetWriter(path, first.schema, compression="zstd") as target:
        target.write_table(first)
        for group in groups:
            target.write_table(group)


def _groups(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """Yield the rows of tables in the groups in which they are read."""
    held: list[pa.Table] = []
    left = entries.GROUP
    for table in tables:
        rest = table
        while len(rest) > left:
            yield pa.concat_tables([*held, rest.slice(0, left)])
            held, rest, left = [], rest.slice(left), entries.GROUP
        held.append(rest)
        left -= len(rest)
    yield pa.concat_tables(held)


def _arrow(table: FactTable) -> pa.Table:
    """Return a fact's rows with an explicit type for every column, also when there are no rows."""
    shape = table.shape
    text = pa.dictionary(pa.int32(), pa.string())
    fields = [pa.field(k, text if k == "unit" or k in shape.by else pa.int64()) for k in shape.keys]
    schema = pa.schema([*fields, *(pa.field(name, pa.int64()) for name in shape.sums)])
    return pa.Table.from_pandas(table.rows, schema=schema, preserve_index=False)


def packed(table: FactTable) -> bytes:
    """Return a fact's rows as the bytes of a Parquet file."""
    target = pa.BufferOutputStream()
    pq.write_table(_arrow(table), target, compression="zstd")
    return bytes(target.getvalue())


def unpacked(path: Path, shape: Shape) -> FactTable:
    """Return a fact's rows from a Parquet file; one archived before unknown parts were counted has none."""
    rows = pq.read_table(path).to_pandas()
    missing = [name for name in shape.sums if name not in rows and name.endswith("__unknown")]
    return FactTable(shape, rows.assign(**dict.fromkeys(missing, 0))[[*shape.keys, *shape.sums]])


def of_months(kept: StoredDelivery, facts: Iterable[str], months: frozenset[int]) -> StoredDelivery:
    """Return a delivery with some facts of the rows of some months alone; no others are read."""
    assert isinstance(kept.tables, Stored)
    return replace(kept, tables=kept.tables.only(dict.fromkeys(facts, ("since", months))))


def load(store: Path, address: str, shapes: Iterable[Shape]) -> StoredDelivery:
    """Return a delivery's counts and rejects, and its facts to be read when needed.

    Raises DAMAGED when a crash has cut its files short; what is damaged otherwise raises DamagedError when
    it is read, and is removed.
    """
    folder, by_id = store / address, {shape.id: shape for shape in shapes}
    note = entries.note_of(store, address)
    for name in [*by_id, *(f"{name}.list" for name in note["lists"])]:
        entries.ends(folder / f"{name}.parquet")
    raw = note["counts"]
    raw["by_month"] = {int(month): count for month, count in raw["by_month"].items()}
    raw["ignored_columns"] = tuple(raw["ignored_columns"])
    raw["lacking"] = tuple(raw["lacking"])
    raw["units"] = tuple(UnitRows(*fields) for fields in raw["units"])
    raw["unknown_cells"] = tuple(UnknownCells(**fields) for fields in raw["unknown_cells"])
    raw["files"] = tuple(FileRows(*fields) for fields in raw["files"])
    raw["cells"] = tuple(
        UnitCells(code, month, rows, tuple(filled)) for code, month, rows, filled in raw["cells"]
    )
    raw["days"] = tuple(UnitDays(file, code, tuple(days)) for file, code, days in raw["days"])

    def read(name: str, only: entries.Only | None) -> pd.DataFrame:
        try:
            table = entries.read(folder / f"{name}.parquet", note, only)
            frame: pd.DataFrame = table.to_pandas(split_blocks=True)
        except entries.DAMAGED as error:
            entries.forget(store, address)
            raise DamagedError("store.damaged", str(folder)) from error
        return frame

    return StoredDelivery(
        Stored(by_id, lambda id, only: FactTable(by_id[id], read(id, only))),
        Stored(note["lists"], lambda id, only: read(f"{id}.list", only)),
        RowCounts(**raw),
        tuple(Reject(**dict(zip(REJECT, cells, strict=True))) for cells in note["rejects"]),
        address,
    )
