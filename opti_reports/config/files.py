"""Which files of a workspace are configs and templates, and which should not lie among them: secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from opti_reports.errors import Fault

FILES = frozenset(
    {"settings", "areas", "limits", "organisation", "targets", "findings", "recipients", "brand", "mail"}
    | {"archive", "guards", "audiences", "goals", "groupings", "sources"}
)
FOLDERS = frozenset({"sources", "themes", "packs", "languages", "labels"})
TEMPLATES = frozenset({".j2", ".css", ".html", ".pptx", ".svg", ".png", ".jpg", ".ttf", ".otf", ".woff2"})
_NAMED = re.compile(
    r"password|passwd|salasana|l[oö]senord|secret|credential|(^|[._-])(token|env|netrc|pgpass|htpasswd)($|[._-])"
    r"|id_(rsa|dsa|ecdsa|ed25519)|\.(key|p12|pfx|jks|kdbx|ppk)$",
    re.IGNORECASE,
)
_PRIVATE_KEY = b"PRIVATE KEY-----"
_LOOKED_INTO = 1 << 20
"""Bytes of a file that are searched for a key."""


def config_files(folder: Path) -> Iterator[str]:
    """Yield the config files that opti reads, by their path in the folder, in order."""
    for name in _files(folder):
        path = PurePosixPath(name)
        own = str(path.parent) in FOLDERS if len(path.parts) > 1 else path.stem in FILES
        if own and len(path.parts) <= 2 and path.suffix == ".toml":
            yield name


def template_files(folder: Path) -> Iterator[str]:
    """Yield the templates and the pictures and fonts beside them, by their path in the folder, in order."""
    for name in _files(folder):
        if PurePosixPath(name).suffix.lower() in TEMPLATES and not _NAMED.search(PurePosixPath(name).name):
            yield name


def secret_faults(folder: Path, room: str) -> Iterator[Fault]:
    """Yield a fault for each secret, and each link out of the workspace, under a folder of the workspace."""
    for path in sorted(folder.rglob("*")):
        name = f"{room}/{path.relative_to(folder).as_posix()}"
        if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
            yield Fault(name, "", "secret.link")
        elif path.is_file() and not path.is_symlink() and _secret(path):
            yield Fault(name, "", "secret.key")


def leaves(name: str) -> bool:
    """Return whether a file's name in a config leads out of its folder."""
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in name


def _secret(path: Path) -> bool:
    if _NAMED.search(path.name):
        return True
    with path.open("rb") as file:
        return _PRIVATE_KEY in file.read(_LOOKED_INTO)


def _files(folder: Path) -> list[str]:
    """Return the files of a folder and its folders, without links and what is hidden."""
    found = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    names = (path.relative_to(folder) for path in found)
    return sorted(name.as_posix() for name in names if not any(part.startswith(".") for part in name.parts))
