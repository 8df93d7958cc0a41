"""What the demo knows besides its code: the TOML files beside this one."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ConfigDict, TypeAdapter

Kind = TypeVar("Kind")
STRICT = ConfigDict(extra="forbid")
"""Of a type of what stands in the files: a key it does not know is refused."""


def read_text(name: str) -> str:
    """Return the text of one of the files."""
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def read_tables(name: str) -> dict[str, Any]:
    """Return one of the files, parsed."""
    return tomllib.loads(read_text(name))


def fit(kind: type[Kind], tables: Iterable[Mapping[str, Any]]) -> tuple[Kind, ...]:
    """Return each table as this type; raise ValidationError where one lacks or has what it should not."""
    adapter = TypeAdapter(kind)
    return tuple(adapter.validate_python(dict(table)) for table in tables)
