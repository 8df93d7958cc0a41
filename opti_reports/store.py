"""What is known already: facts of deliveries by the hash of everything they depend on."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from opti_reports.config.settings import Limits, Settings
from opti_reports.config.source import Source
from opti_reports.disk import sha256
from opti_reports.model.delivery import Delivery, Reject, RowCounts, UnitRows
from opti_reports.model.fact import FactTable, Shape

SECRET_BYTES = 32
CODE = ("algebra", "extracts", "facts", "config/expressions.py", "model/fact.py", "store.py")
DAMAGED = (ValueError, KeyError, TypeError, FileNotFoundError)
"""What reading facts raises where lost power has cut their files short."""
CALENDAR = {"time_zone", "country", "free_days", "free_weekdays", "office_hours"}
"""The settings that facts depend on."""
LIBRARIES = ("pandas", "numpy", "pyarrow", "holidays", "python-calamine", "tzdata")


@dataclass(frozen=True)
class Kept:
    """One delivery's facts, lists, row counts and rejects as they lie in the store."""

    tables: dict[str, FactTable]
    lists: dict[str, pd.DataFrame]
    counts: RowCounts
    rejects: tuple[Reject, ...]


def secret(store: Path) -> bytes:
    """The workspace's secret for re-hashing pseudonyms; made on first use, readable by its owner only."""
    path = store / "secret"
    if not path.exists() or path.stat().st_size != SECRET_BYTES:  # lost power may have left it empty
        store.mkdir(parents=True, exist_ok=True, mode=0o700)
        store.chmod(0o700)
        temporary = store / f".secret.{os.getpid()}"
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(SECRET_BYTES))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    return path.read_bytes()


class Hashes:
    """File hashes, remembered by path, size and time of change, so that a warm run reads no extract."""

    def __init__(self, store: Path) -> None:
        self._path = store / "hashes.json"
        self._known: dict[str, list[str]] = _readable(self._path)
        self._seen: dict[str, list[str]] = {}

    def __call__(self, path: Path) -> str:
        """The file's sha256."""
        stat = path.stat()
        mark = f"{stat.st_size}-{stat.st_mtime_ns}-{stat.st_ino}"
        known = self._known.get(str(path))
        digest = known[1] if known and known[0] == mark else sha256(path)
        self._seen[str(path)] = [mark, digest]
        return digest

    def save(self) -> None:
        """Remember what was hashed."""
        temporary = self._path.with_suffix(".new")
        temporary.write_text(json.dumps(self._known | self._seen, sort_keys=True))
        temporary.replace(self._path)


def _readable(path: Path) -> dict[str, Any]:
    """What a JSON file of the store holds; nothing where there is none or a crash has left it damaged."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


@lru_cache(maxsize=1)
def _code() -> str:
    """The hash of the code that makes facts, and of the libraries it uses."""
    root = Path(__file__).parent
    digest = hashlib.sha256()
    for part in CODE:
        paths = [root / part] if part.endswith(".py") else sorted((root / part).glob("*.py"))
        for path in paths:
            digest.update(path.read_bytes())
    digest.update(" ".join(f"{name} {version(name)}" for name in LIBRARIES).encode())
    return digest.hexdigest()


def key(delivery: Delivery, source: Source, limits: Limits, settings: Settings, hidden: bytes) -> str:
    """The address of a delivery's facts: everything they depend on, and nothing else."""
    relevant = source.model_dump(
        mode="json", exclude={"name", "owner_role", "presence", "due", "per_unit", "empty_unit"}
    )
    for check in relevant["check"].values():
        check.pop("reason")
    for spec in relevant["list"]:
        del spec["kind"], spec["empty"]
    parts = (
        [p.name for p in delivery.files],
        delivery.hashes,
        delivery.month,
        delivery.extracted_on.isoformat(),
        relevant,
        limits.model_dump(mode="json"),
        settings.model_dump(mode="json", include=CALENDAR),
        _code(),
        hashlib.sha256(hidden).hexdigest(),
    )
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]


def has(store: Path, address: str) -> bool:
    """Whether the facts of an address are there, whole."""
    return (store / address / "counts.json").exists()


def save(store: Path, address: str, month: int, kept: Kept) -> None:
    """Write the facts of a delivery; they appear all at once or not at all."""
    temporary = store / f".{address}.{os.getpid()}"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    for name, table in kept.tables.items():
        pq.write_table(_arrow(table), temporary / f"{name}.parquet", compression="zstd")
    for name, frame in kept.lists.items():
        pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), temporary / f"{name}.list.parquet")
    counts = {
        "month": month,
        "counts": dataclasses.asdict(kept.counts),
        "lists": sorted(kept.lists),
        "rejects": [dataclasses.astuple(reject) for reject in kept.rejects],
    }
    (temporary / "counts.json").write_text(json.dumps(counts, ensure_ascii=False), encoding="utf-8")
    if has(store, address):
        shutil.rmtree(temporary)
    else:
        shutil.rmtree(store / address, ignore_errors=True)
        temporary.rename(store / address)


def _arrow(table: FactTable) -> pa.Table:
    """A fact's rows with an explicit type for every column, also when there are no rows."""
    shape = table.shape
    text = pa.dictionary(pa.int32(), pa.string())
    fields = [pa.field(k, text if k == "unit" or k in shape.by else pa.int64()) for k in shape.keys]
    schema = pa.schema([*fields, *(pa.field(name, pa.int64()) for name in shape.sums)])
    return pa.Table.from_pandas(table.rows, schema=schema, preserve_index=False)


def packed(table: FactTable) -> bytes:
    """A fact's rows as the bytes of a Parquet file."""
    target = pa.BufferOutputStream()
    pq.write_table(_arrow(table), target, compression="zstd")
    return bytes(target.getvalue())


def unpacked(path: Path, shape: Shape) -> FactTable:
    """A fact's rows from a Parquet file."""
    return FactTable(shape, pq.read_table(path).to_pandas())


def load(store: Path, address: str, shapes: Iterable[Shape]) -> Kept:
    """Read the facts of a delivery. Raises DAMAGED when a crash has left them damaged."""
    folder = store / address
    note = json.loads((folder / "counts.json").read_text(encoding="utf-8"))
    raw = note["counts"]
    raw["by_month"] = {int(month): count for month, count in raw["by_month"].items()}
    raw["ignored_columns"] = tuple(raw["ignored_columns"])
    raw["units"] = tuple(UnitRows(*fields) for fields in raw["units"])
    return Kept(
        {shape.id: unpacked(folder / f"{shape.id}.parquet", shape) for shape in shapes},
        {name: pq.read_table(folder / f"{name}.list.parquet").to_pandas() for name in note["lists"]},
        RowCounts(**raw),
        tuple(Reject(*fields) for fields in note["rejects"]),
    )


def prune(store: Path, used: frozenset[str], until: int) -> None:
    """Remove the facts of months up to ``until`` that no delivery uses any more, and what a crash left."""
    for path in store.iterdir():
        if not path.is_dir() or path.name in used:
            continue
        note = _readable(path / "counts.json")
        if path.name.startswith(".") or note.get("month", until) <= until:
            shutil.rmtree(path)


def forget(store: Path, address: str) -> None:
    """Remove the facts of an address, which are read anew when they are next asked for."""
    shutil.rmtree(store / address, ignore_errors=True)
