"""Results as JSON for other programs, and as aligned columns for a person at a terminal."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from opti_reports.messages.message import Message
from opti_reports.messages.sentences import sentence
from opti_reports.model.report import SourceReport
from opti_reports.periods.months import month_text

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?\Z|-?\Z")
"""A number, or a cell without one."""


def to_json(value: object) -> str:
    """Return any result as JSON: months of reports as text, dates in ISO form, messages as sentences."""
    return json.dumps(_plain(value), ensure_ascii=False, indent=1)


def _plain(value: Any) -> Any:
    if isinstance(value, SourceReport):
        plain = {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return plain | {"newest": None if value.newest is None else month_text(value.newest)}
    if dataclasses.is_dataclass(value) and not isinstance(value, type | Message):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    return _leaf(value)


def _leaf(value: Any) -> Any:
    if isinstance(value, Message):
        return sentence(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, Path) else value


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return aligned columns, numbers to the right."""
    text = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(line[i]) for line in [list(headings), *text]) for i in range(len(headings))]
    right = [bool(text) and all(_NUMBER.match(line[i]) for line in text) for i in range(len(headings))]
    lines = []
    for line in [list(headings), *text]:
        cells = [c.rjust(w) if r else c.ljust(w) for c, w, r in zip(line, widths, right, strict=True)]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)
