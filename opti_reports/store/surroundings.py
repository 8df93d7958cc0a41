"""What documents depend on beside the program: the fonts of the machine and the library that sets text."""

from __future__ import annotations

import ctypes
from pathlib import Path

FONTS = (
    "~/.fonts",
    "~/.local/share/fonts",
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/Library/Fonts",
    "/Library/Fonts",
)
"""Where fontconfig looks for fonts, on Linux and on macOS."""
PANGO = ("libpango-1.0.so.0", "libpango-1.0.dylib")


def fonts() -> list[tuple[str, int, int] | str]:
    """Return every installed font by name, size and time of change, and the version of Pango."""
    folders = (Path(folder).expanduser() for folder in FONTS)
    files = sorted({path for folder in folders for path in folder.rglob("*") if path.is_file()})
    known = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    return [*known, pango()]


def pango() -> str:
    """Return the version of the library that breaks and sets lines; nothing where it cannot be found."""
    for name in PANGO:
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        library.pango_version_string.restype = ctypes.c_char_p
        found: bytes = library.pango_version_string()
        return found.decode()
    return ""
