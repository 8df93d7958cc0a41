"""Entries of the store: folders by address that appear whole or not at all, and are removed when unused."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from opti_reports.disk import sha256
from opti_reports.store.files import readable

KINDS = VALUES, PUBLISHED, RELEASED, DOCUMENTS = "values", "published", "released", "documents"
"""Folders of the store with entries of their own: exact values, published ones, releases', documents."""
NOTE = "note.json"
"""Written last: an entry with a note is whole."""
Only = tuple[str, frozenset[int]]
"""A column, and the values of it that are read."""
GROUP = 1 << 16
"""Rows that are read or left out together: about a month of a county's visits."""
END = b"PAR1"
"""The last bytes of a table."""
DAMAGED = (ValueError, KeyError, TypeError, OSError)
"""What reading an entry raises where lost power has cut its files short."""


def address(parts: Sequence[Any]) -> str:
    """Return the address of what depends on the parts (all of them JSON)."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]


def write(path: Path, table: pa.Table) -> None:
    """Write a table of an entry."""
    pq.write_table(table, path, compression="zstd", row_group_size=GROUP)


def ends(path: Path) -> None:
    """Do nothing for a table that is written to its end. Raises DAMAGED for one that was cut short."""
    with path.open("rb") as file:
        file.seek(-len(END), os.SEEK_END)
        if file.read() != END:
            raise ValueError(f"{path.name} is cut short")


def read(path: Path, note: Mapping[str, Any], only: Only | None = None) -> pa.Table:
    """Read a table of an entry, or ``only`` some of its rows. Raises DAMAGED when it is not the one that its
    ``note`` has the hash of.
    """
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != note["files"][path.name]:
        raise ValueError(f"{path.name} is not as it was written")
    file = pq.ParquetFile(pa.BufferReader(content))
    if only is None:
        return file.read(use_threads=False)
    name, values = only
    rows = file.read_row_groups(_groups(file.metadata, name, values), use_threads=False)
    wanted = pc.is_in(rows[name], value_set=pa.array(sorted(values), pa.int64()))
    return rows if pc.all(wanted).as_py() else rows.filter(wanted)


def _groups(file: pq.FileMetaData, name: str, values: frozenset[int]) -> list[int]:
    """Return the groups of rows that may have one of the values, by the least and most each says it has; the
    first one where none may: a table without rows has its types all the same.
    """
    column = file.schema.names.index(name)
    found = []
    for number in range(file.num_row_groups):
        said = file.row_group(number).column(column).statistics
        if said is None or not said.has_min_max or any(said.min <= value <= said.max for value in values):
            found.append(number)
    return found or list(range(file.num_row_groups))[:1]


def has(store: Path, address: str) -> bool:
    """Return whether the entry is there, whole."""
    return (store / address / NOTE).exists()


def note_of(store: Path, address: str) -> dict[str, Any]:
    """Return an entry's note. Raises DAMAGED when a crash has left it damaged."""
    found: dict[str, Any] = json.loads((store / address / NOTE).read_text(encoding="utf-8"))
    return found


def save(
    store: Path, address: str, month: int, note: Mapping[str, Any], fill: Callable[[Path], None]
) -> None:
    """Write an entry of a month: ``fill`` puts its files into a folder, which then appears at once."""
    temporary = store / f".{address}.{os.getpid()}"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    fill(temporary)
    files = {path.name: sha256(path) for path in sorted(temporary.iterdir())}
    text = json.dumps({"month": month, "files": files, **note}, ensure_ascii=False)
    (temporary / NOTE).write_text(text, encoding="utf-8")
    if has(store, address):
        shutil.rmtree(temporary)
    else:
        shutil.rmtree(store / address, ignore_errors=True)
        temporary.rename(store / address)


def prune(store: Path, used: frozenset[str], until: int) -> None:
    """Remove the entries of months up to ``until`` that are used no more, and what a crash left."""
    for path in store.iterdir():
        if not path.is_dir() or path.name in used or path.name in KINDS:
            continue
        note = readable(path / NOTE)
        if path.name.startswith(".") or note.get("month", until) <= until:
            shutil.rmtree(path)


def forget_damaged(store: Path) -> None:
    """Remove every entry of a workspace's store that is not as it was written."""
    for folder in (store, *(store / name for name in KINDS)):
        for path in list(folder.iterdir()) if folder.is_dir() else ():
            if path.is_dir() and not _whole(path):
                shutil.rmtree(path, ignore_errors=True)


def _whole(entry: Path) -> bool:
    """Return whether an entry's files are those its note has the hashes of; a folder of entries is none
    itself.
    """
    if not (entry / NOTE).exists():
        return True
    try:
        note = json.loads((entry / NOTE).read_text(encoding="utf-8"))
        return all(sha256(entry / name) == digest for name, digest in note["files"].items())
    except DAMAGED:
        return False


def forget(store: Path, address: str) -> None:
    """Remove an entry; what it held is worked out anew when it is next asked for."""
    shutil.rmtree(store / address, ignore_errors=True)
