"""What is added to files of configs, their comments kept; tried before it is written, and taken back."""

from __future__ import annotations

import codecs
import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import Array

from opti_reports.adopt.plan import Addition, Plan
from opti_reports.config.check_organisation import FILE as ORGANISATION
from opti_reports.config.configs import Configs
from opti_reports.config.load import load
from opti_reports.disk import put, replace, rights
from opti_reports.errors import UsageError
from opti_reports.workspace import Workspace

RECORDS = ".adopted"
"""The folder of the output with what each change did, for taking it back."""
ALONE = ("wide",)
"""Tables whose texts stand by themselves, in no list."""


def texts(configs: Path, plan: Plan) -> dict[str, bytes]:
    """Return the files of configs as they would be, by name below the folder."""
    by_file: dict[str, list[Addition]] = {}
    for addition in plan.additions:
        by_file.setdefault(addition.file, []).append(addition)
    made = {new.file: new.text.encode() for new in plan.new}
    return made | {file: _added(configs / file, own) for file, own in by_file.items()}


def _added(path: Path, additions: Iterable[Addition]) -> bytes:
    content = path.read_bytes()
    document = tomlkit.parse(content.decode("utf-8-sig"))
    for addition in additions:
        if path.name == ORGANISATION:
            unit, *key = addition.key
            for version in (one for one in document["unit"] if one["id"] == unit):
                _add(version, key, addition.value)
        else:
            _add(document, addition.key, addition.value)
    mark = codecs.BOM_UTF8 if content.startswith(codecs.BOM_UTF8) else b""
    return mark + tomlkit.dumps(document).encode()


def _add(place: Any, key: Sequence[str], value: str | bool) -> None:
    """Add a text to the list of a key, made where there is none; a yes stands by itself, as some texts do."""
    *tables, last = key
    for table in tables:
        if table not in place:
            place[table] = tomlkit.inline_table()
        place = place[table]
    if isinstance(value, bool) or key[0] in ALONE:
        place[last] = value
        return
    if last not in place:
        place[last] = tomlkit.array()
    listed: Array = place[last]
    if value not in listed:
        listed.append(value)


def tried(place: Workspace, changed: Mapping[str, bytes]) -> Configs:
    """Return the configs as they would be. Raises ConfigError where they could not be read."""
    with tempfile.TemporaryDirectory(prefix="opti-adopt-") as folder:
        copy = Path(folder) / "configs"
        shutil.copytree(place.configs, copy)
        for name, content in changed.items():
            (copy / name).write_bytes(content)
        return load(copy, place.demo)


def write(place: Workspace, changed: Mapping[str, bytes]) -> None:
    """Write the files as one change that can be taken back."""
    record = []
    for name, content in sorted(changed.items()):
        path = place.configs / name
        before = path.read_bytes().decode("utf-8") if path.exists() else None
        record.append({"file": name, "before": before, "after": _sha(content)})
    folder = place.output / RECORDS
    number = len(list(folder.glob("*.json"))) + 1 if folder.is_dir() else 1
    text = json.dumps(record, ensure_ascii=False, indent=1)
    put(folder / f"{number:04}.json", text.encode(), rights()[0])
    for name, content in changed.items():
        replace(place.configs / name, content)


def undo(place: Workspace) -> tuple[str, ...]:
    """Take the newest change back, and return the files it was in.

    Raises UsageError where there is none, or a file is not as the change left it.
    """
    records = sorted((place.output / RECORDS).glob("*.json"))
    if not records:
        raise UsageError("adopt.nothing_to_undo")
    record = json.loads(records[-1].read_text(encoding="utf-8"))
    others = [one["file"] for one in record if not _as_left(place.configs / one["file"], one)]
    if others:
        raise UsageError("adopt.changed_since", files=tuple(others))
    for one in record:
        path = place.configs / one["file"]
        if one["before"] is None:
            path.unlink(missing_ok=True)
        else:
            replace(path, one["before"].encode())
    records[-1].unlink()
    return tuple(one["file"] for one in record)


def _as_left(path: Path, change: Mapping[str, Any]) -> bool:
    """Return whether a file is as the change left it, or as before: a killed command wrote some only."""
    content, before = path.read_bytes() if path.is_file() else None, change["before"]
    untouched = content == (None if before is None else before.encode())
    return untouched or _sha(content) == str(change["after"])


def _sha(content: bytes | None) -> str:
    return hashlib.sha256(content or b"").hexdigest()
