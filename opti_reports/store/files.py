"""Files as the store knows them: their hashes, and the workspace's secret."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import time
from pathlib import Path
from typing import Any

from opti_reports.disk import own, replace, rights
from opti_reports.errors import ExtractError

SECRET_BYTES = 32
GRAIN = 2_000_000_000
"""Nanoseconds within which two changes of a file may bear the same time, on any disk in use."""
SETTLED = "settled"


def secret(store: Path) -> bytes:
    """Return the workspace's secret for re-hashing pseudonyms; made on first use, readable by
    its owner only.
    """
    path = store / "secret"
    if not path.exists() or path.stat().st_size != SECRET_BYTES:  # lost power may have left it empty
        own_file, own_folder = rights()
        store.mkdir(parents=True, exist_ok=True, mode=own_folder)
        store.chmod(own_folder)
        temporary = store / f".secret.{os.getpid()}"
        own(temporary, secrets.token_bytes(SECRET_BYTES), own_file)
        temporary.replace(path)
    return path.read_bytes()


class Hashes:
    """File hashes, remembered by path, size and time of change, so that a warm run reads no extract."""

    def __init__(self, store: Path) -> None:
        self._path = store / "hashes.json"
        self._known: dict[str, list[str]] = {
            path: known for path, known in readable(self._path).items() if _sound(known)
        }
        self._seen: dict[str, list[str]] = {}

    def __call__(self, path: Path) -> str:
        """Return the file's sha256. Raises ExtractError for one that changes meanwhile.

        What is remembered is trusted as git trusts it: size, times and inode are the same, and the file was
        not touched so shortly before it was hashed that a later change could bear the same time.
        """
        known = self._known.get(str(path))
        if known and known[0] == _mark(path.stat()) and known[2:] == [SETTLED]:
            self._seen[str(path)] = known
            return known[1]
        with path.open("rb") as file:
            before = os.fstat(file.fileno())
            now = time.time_ns()
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            after = os.fstat(file.fileno())
        if _mark(before) != _mark(after):
            raise ExtractError("store.changing", path.name)
        settled = max(after.st_mtime_ns, after.st_ctime_ns) + GRAIN < now
        self._seen[str(path)] = [_mark(after), digest, SETTLED if settled else ""]
        return digest

    def save(self) -> None:
        """Remember what was hashed."""
        replace(self._path, json.dumps(self._known | self._seen, sort_keys=True).encode())


def _sound(known: object) -> bool:
    """Return whether what is remembered of a file is a mark, a hash and whether it had settled."""
    return isinstance(known, list) and [type(part) for part in known] == [str, str, str]


def _mark(stat: os.stat_result) -> str:
    return f"{stat.st_size}-{stat.st_mtime_ns}-{stat.st_ctime_ns}-{stat.st_ino}"


def readable(path: Path) -> dict[str, Any]:
    """Return what a JSON file of the store holds; nothing where there is none or a crash has
    left it damaged.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
