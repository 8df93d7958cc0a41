"""Rows put aside while a delivery is read: in a file of the store that has no name and is never left."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

IN_MEMORY = 48 << 20
"""Bytes that stay in memory: deliveries of less than some hundred thousand rows need no file."""


class Shelf:
    """Bytes put aside one after another, read back from anywhere among them."""

    def __init__(self, file: BinaryIO, in_memory: int) -> None:
        self._file, self._left, self._end = file, in_memory, 0

    def spares(self, size: int) -> bool:
        """Return whether so many bytes more may stay in memory."""
        self._left -= size
        return self._left >= 0

    def put(self, content: memoryview) -> int:
        """Put bytes behind all others; return where they begin."""
        at = self._end
        self._file.seek(at)
        while content:
            written = self._file.write(content)
            content, self._end = content[written:], self._end + written
        return at

    def get(self, at: int, size: int) -> bytes:
        """Return so many of the bytes from a place on."""
        self._file.seek(at)
        return self._file.read(size)


@contextmanager
def shelf(folder: Path) -> Iterator[Shelf]:
    """Yield a shelf in a folder; what lies on it is gone afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
        yield Shelf(file, IN_MEMORY)
