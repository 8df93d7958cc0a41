"""Files as the store knows them: their hashes, and the workspace's secret."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Any

from opti_reports.disk import replace, sha256

SECRET_BYTES = 32


def secret(store: Path) -> bytes:
    """The workspace's secret for re-hashing pseudonyms; made on first use, readable by its owner only."""
    path = store / "secret"
    if not path.exists() or path.stat().st_size != SECRET_BYTES:  # lost power may have left it empty
        store.mkdir(parents=True, exist_ok=True, mode=0o700)
        store.chmod(0o700)
        temporary = store / f".secret.{os.getpid()}"
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(SECRET_BYTES))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    return path.read_bytes()


class Hashes:
    """File hashes, remembered by path, size and time of change, so that a warm run reads no extract."""

    def __init__(self, store: Path) -> None:
        self._path = store / "hashes.json"
        self._known: dict[str, list[str]] = readable(self._path)
        self._seen: dict[str, list[str]] = {}

    def __call__(self, path: Path) -> str:
        """The file's sha256."""
        stat = path.stat()
        mark = f"{stat.st_size}-{stat.st_mtime_ns}-{stat.st_ino}"
        known = self._known.get(str(path))
        digest = known[1] if known and known[0] == mark else sha256(path)
        self._seen[str(path)] = [mark, digest]
        return digest

    def save(self) -> None:
        """Remember what was hashed."""
        replace(self._path, json.dumps(self._known | self._seen, sort_keys=True).encode())


def readable(path: Path) -> dict[str, Any]:
    """What a JSON file of the store holds; nothing where there is none or a crash has left it damaged."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
