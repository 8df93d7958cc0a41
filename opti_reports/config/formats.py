"""The kinds of files that extracts come in: a source's patterns name its files, whichever kind each is of."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

TEXT = ".csv"
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
PARQUET = ".parquet"
PACKED = ".zip"
TABLES = (TEXT, *WORKBOOKS, PARQUET)


def stem(name: str) -> str:
    """Return a file's name, or a pattern, in small letters without what says its kind: ``visits.csv.zip``."""
    bare = name.casefold()
    packed = bare.endswith(PACKED)
    bare = bare.removesuffix(PACKED)
    kind = next((suffix for suffix in TABLES if bare.endswith(suffix)), "")
    return bare.removesuffix(kind) if kind or packed else bare


def fits(name: str, patterns: Iterable[str]) -> bool:
    """Return whether a file is one of the patterns': of any kind that is read, where a pattern names one."""
    return any(
        fnmatchcase(name.casefold(), pattern.casefold())
        or (readable(pattern) and readable(name) and fnmatchcase(stem(name), stem(pattern)))
        for pattern in patterns
    )


def readable(name: str) -> bool:
    """Return whether a name, or a pattern, says that the file is of a kind that is read."""
    return name.casefold().endswith((*TABLES, PACKED))
