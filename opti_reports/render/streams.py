"""Streams of a PDF that end in no carriage return, whose length could be doubted.

PDF/A wants the length of each stream to be what lies between its marks. The writer ends a stream with a line
feed; where the compressed bytes happen to end with a carriage return, a validator reads both as the end of a
line and finds one byte too few. One document in three would have such a stream.
"""

from __future__ import annotations

import base64
import zlib
from functools import partial
from typing import Any

import pydyf  # type: ignore[import-untyped]


def settle_streams(pdf: pydyf.PDF) -> None:
    """Compress every stream now, so that none ends so, and have the writer avoid it too, in place."""
    for item in pdf.objects:
        if isinstance(item, pydyf.Stream) and item.compress:
            _settle(item)
    pdf.write = partial(_write, pdf)


def _settle(stream: Any) -> None:
    """Compressed bytes end in a sum of the content, the same at every level: a doubted one is spelled out.

    The highest level takes twice as long, for a hundredth of the size.
    """
    packed = zlib.compress(b"\n".join(pydyf._to_bytes(part) for part in stream.stream), 6)
    stream.compress, filters = False, "/FlateDecode"
    if packed.endswith(b"\r"):
        packed, filters = base64.a85encode(packed) + b"~>", "[/ASCII85Decode /FlateDecode]"
    stream.stream, stream.extra["Filter"] = [packed], filters


class _Said(pydyf.Object):  # type: ignore[misc]
    """An object in the bytes of its file: the writer asks for them, and for a sum of them all."""

    def __init__(self, item: Any) -> None:
        super().__init__()
        self.number, self.generation, self.free = item.number, item.generation, item.free
        self._held, self._loose = item.data, item.compressible

    @property
    def data(self) -> bytes:
        """Return the bytes."""
        held: bytes = self._held
        return held

    @property
    def compressible(self) -> bool:
        """Return whether it may lie in a stream of objects."""
        return bool(self._loose)


def _write(pdf: pydyf.PDF, output: Any, *how: Any) -> None:
    """Write the file, with the writer's own streams settled as they come."""
    pdf.objects = [item if item.free == "f" else _Said(item) for item in pdf.objects]
    pdf.add_object = partial(_add, pdf)
    type(pdf).write(pdf, output, *how)


def _add(pdf: pydyf.PDF, item: Any) -> None:
    if isinstance(item, pydyf.Stream) and item.compress:
        _settle(item)
    type(pdf).add_object(pdf, item)
