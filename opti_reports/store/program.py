"""This program as part of an address: what a stage imports, and the versions of the libraries among it.

A changed line that a stage could run gives its results another address; nobody keeps a list of modules.
"""

from __future__ import annotations

import ast
import hashlib
import sys
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib.metadata import packages_distributions, version
from pathlib import Path

PACKAGE = "opti_reports"
ROOT = Path(__file__).parent.parent.parent
DATA = ("tzdata",)
"""Distributions that hold what a library reads and nobody imports."""


@lru_cache
def code(module: str) -> str:
    """Return the hash of a module of this package, of all it imports, and of its libraries' versions."""
    own, others = _reached(module)
    digest = hashlib.sha256()
    for name in sorted(own):
        digest.update(name.encode())
        digest.update(_path(name).read_bytes())
    known = _distributions()
    names = {dist for other in others - sys.stdlib_module_names for dist in known.get(other, ())}
    for name in sorted({*names, *DATA}):
        digest.update(f"{name} {version(name)}".encode())
    return digest.hexdigest()


@cache
def _distributions() -> Mapping[str, list[str]]:
    """Return the installed distributions by what is imported of them."""
    return packages_distributions()


def _reached(module: str) -> tuple[set[str], set[str]]:
    """Return the modules of this package that one reaches by imports, itself among them, and the others."""
    own, others, open_ = set[str](), set[str](), [module]
    while open_:
        name = open_.pop()
        if name in own:
            continue
        own.add(name)
        for found in _imported(name):
            if found.split(".")[0] != PACKAGE:
                others.add(found.split(".")[0])
            else:
                open_.append(found)
    return own, others


@cache
def _imported(module: str) -> frozenset[str]:
    """Return the modules that one imports, at its top or within a function."""
    found = set[str]()
    for node in _statements(ast.parse(_path(module).read_bytes())):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            found.update(name if _path(name).is_file() else node.module for name in inner)
    return frozenset(found)


def _statements(node: ast.AST) -> Iterator[ast.stmt]:
    """Yield the statements of a module and those within them: imports stand in no expression."""
    for name in ("body", "orelse", "handlers", "finalbody", "cases"):
        for inner in getattr(node, name, ()) if not isinstance(node, ast.expr) else ():
            if isinstance(inner, ast.stmt):
                yield inner
            yield from _statements(inner)


def _path(module: str) -> Path:
    """Return the file of a module of this package."""
    path = ROOT / module.replace(".", "/")
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
