"""A file of data alone in a zip archive, read as it lies there: nothing of it is ever written to a disk."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, Literal, overload

from opti_reports.config.formats import PACKED, TABLES, TEXT
from opti_reports.errors import ExtractError

MOST_TEXT, MOST_HELD = 4 << 30, 400 << 20
"""How large a text may be that is read as it unpacks, and what is held in memory whole."""
SHOWN, LONGEST = 5, 60
"""How many names a message shows, and how many signs of each."""
AS_TEXT = (TEXT, ".txt", ".tsv")
READ = (*TABLES, *AS_TEXT[1:])
BESIDE = ("__macosx/",)
"""Folders that programs pack along."""
DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError)


@dataclass(frozen=True)
class Packed:
    """The file in an archive, opened like a path; messages call it by the archive's name."""

    path: Path
    member: str

    @property
    def name(self) -> str:
        """Return the archive's name."""
        return self.path.name

    @property
    def suffix(self) -> str:
        """Return what says of which kind the file is."""
        return PurePosixPath(self.member).suffix

    @overload
    def open(self, mode: Literal["rb"]) -> IO[bytes]: ...

    @overload
    def open(
        self,
        mode: Literal["r"] = "r",
        encoding: str = "utf-8",
        newline: str | None = None,
    ) -> IO[str]: ...

    def open(
        self,
        mode: Literal["r", "rb"] = "r",
        encoding: str = "utf-8",
        newline: str | None = None,
    ) -> IO[str] | IO[bytes]:
        """Return the file as it unpacks, for reading: its bytes, or its text."""
        with zipfile.ZipFile(self.path) as archive:
            raw = archive.open(self.member)
        if mode == "rb":
            return raw
        return io.TextIOWrapper(raw, encoding=encoding, newline=newline)

    def read_bytes(self) -> bytes:
        """Return the whole file."""
        with zipfile.ZipFile(self.path) as archive:
            return archive.read(self.member)


File = Path | Packed


def contents(path: Path) -> File:
    """Return the file itself, or what an archive holds. Raises ExtractError where that is not one file."""
    if path.suffix.casefold() != PACKED:
        return path
    try:
        with zipfile.ZipFile(path) as archive:
            found = [one for one in archive.infolist() if _counts(one)]
    except (*DAMAGED, OSError, ValueError) as error:
        raise ExtractError("packed.unreadable", path.name, why=str(error)) from None
    data = [one for one in found if one.filename.casefold().endswith(READ)]
    names = tuple(_shown(one.filename) for one in found[:SHOWN])
    if not data:
        raise ExtractError("packed.none", path.name, n=len(found), names=names)
    if len(found) > 1:
        raise ExtractError("packed.several", path.name, n=len(found), names=names)
    (only,) = data
    if only.flag_bits & 1:
        raise ExtractError("packed.password", path.name)
    most = MOST_TEXT if only.filename.casefold().endswith(AS_TEXT) else MOST_HELD
    if only.file_size > most:
        raise ExtractError("packed.large", path.name, mb=only.file_size >> 20, most=most >> 20)
    return Packed(path, only.filename)


def _counts(item: zipfile.ZipInfo) -> bool:
    """Return whether an entry is a file that somebody packed: no folder, no lock, nothing of a system."""
    name = PurePosixPath(item.filename).name
    return not (item.is_dir() or name.startswith((".", "~")) or item.filename.casefold().startswith(BESIDE))


def _shown(name: str) -> str:
    """Return a name as a message shows it: whoever packed it may have given it any."""
    return "".join(sign if sign.isprintable() else "?" for sign in name[:LONGEST])


def held(file: File) -> Path | BinaryIO:
    """Return what readers take that move about in a file: its path, or its bytes out of the archive."""
    return file if isinstance(file, Path) else io.BytesIO(file.read_bytes())


@contextmanager
def whole(file: File) -> Iterator[None]:
    """Raise ExtractError where what is packed turns out to be damaged while it is read."""
    try:
        yield
    except DAMAGED as error:
        if isinstance(file, Path):
            raise
        raise ExtractError("packed.unreadable", file.name, why=str(error)) from None
