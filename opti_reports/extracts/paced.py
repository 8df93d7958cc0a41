"""A file read only a little ahead of what is made of it: left alone, the reader takes in 32 blocks."""

from __future__ import annotations

from pathlib import Path
from threading import Semaphore
from types import TracebackType
from typing import IO, Self

from opti_reports.extracts.packed import File

AHEAD = 3
"""Blocks that may be read before the first is used up."""
PATIENCE = 5
"""Seconds after which a block is read all the same: a row may need more of them than one."""


class Paced:
    """A file read in blocks, each after an earlier one was ``used``."""

    def __init__(self, path: File) -> None:
        self._file: IO[bytes] = path.open("rb", buffering=0) if isinstance(path, Path) else path.open("rb")
        self._room = Semaphore(AHEAD)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def closed(self) -> bool:
        """Return whether the file is closed."""
        return self._file.closed

    def close(self) -> None:
        """Close the file, and let whoever waits for it go."""
        self._file.close()
        self._room.release(AHEAD)

    def readable(self) -> bool:
        """Return that it is read."""
        return True

    def read(self, size: int) -> bytes:
        """Return the next bytes."""
        self._room.acquire(timeout=PATIENCE)
        return b"" if self.closed else self._file.read(size)

    def used(self) -> None:
        """Let another block be read."""
        self._room.release()
