"""Memory that is free again, given back to the system: otherwise a process stays as large as it ever was."""

from __future__ import annotations

import ctypes
import sys

import pyarrow as pa


def give_back() -> None:
    """Give free memory back to the system, where it can be told to."""
    pa.default_memory_pool().release_unused()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # of glibc; musl gives back by itself
        if trim is not None:
            trim(0)
