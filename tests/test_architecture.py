"""The house rules of imports and purity, read from the source (AST) without running it.

Who may import whom is the table ``MAY_IMPORT``; a new room begins with a line there. Rooms are packages or
single modules right under ``opti_reports``; any of them may import the root's ``__version__`` and itself.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "opti_reports"

GROUND = frozenset({"errors", "messages"})
BASE = frozenset({"errors", "disk", "parallel", "workspace", "starter"})
BELOW_STAGES = frozenset(
    {"algebra", "catalogue", "config", "errors", "language", "messages", "model", "periods"}
)
STAGES = frozenset({"extracts", "facts", "metrics", "disclosure", "findings", "packs", "render", "output"})
PURE = frozenset({"facts", "metrics", "findings", "disclosure", "packs"})
ARCHIVE = BELOW_STAGES | {"disk", "workspace", "archive"}
MAIL = ARCHIVE | {"mail"}
MONTH = STAGES | MAIL | BASE | {"store", "stages"}

# What people do with a month: each room opens only the doors that it goes through.
ABOVE = {
    room: frozenset(others.split())
    for room, others in {
        "adopt": "config disk errors extracts messages model starter workspace",
        "check": "archive config errors extracts mail messages model packs parallel periods render stages "
        "workspace",
        "release": "archive config disk errors mail messages metrics model output parallel periods render "
        "stages store workspace",
        "doctor": "archive config errors mail messages model store workspace",
        "explain": "algebra archive catalogue config disk errors facts messages metrics model output "
        "parallel periods release stages store workspace",
        "meetings": "archive config disk errors extracts messages model periods workspace",
        "spc": "config extracts findings language model render starter workspace",
        "schedule": "archive config errors model periods stages store workspace",
        "journal": "errors messages model",
        "terminal": "adopt archive check config doctor errors explain mail messages model periods release "
        "schedule spc stages starter",
        "commands": "adopt archive check demo doctor errors explain handbook journal line mail meetings "
        "messages model parallel periods release schedule stages starter terminal workspace",
        "cli": "archive check commands errors journal messages run run_week spc stages terminal workspace",
    }.items()
}

# From the ground up: each room may use what lies before it, and nothing else. config lies above algebra: it
# checks expressions, and above language, as it reads and checks the wording; language gets its wording as an
# argument. Stages are pure rooms that never see each other: ``stages`` gives each its store and its workers,
# and ``run`` alone knows their order. What they and their errors have to say are messages; stages never put
# them into sentences, who writes or shows them does. What people do with a month lies above.
MAY_IMPORT: dict[str, frozenset[str]] = {
    "messages": frozenset(),
    "errors": frozenset({"messages"}),
    "periods": GROUND,
    "algebra": GROUND,
    "model": GROUND | {"algebra", "periods"},
    "language": GROUND | {"periods"},
    "config": GROUND | {"algebra", "model", "language", "periods"},
    "catalogue": GROUND | {"algebra", "config", "language", "model", "periods"},
    "disk": frozenset(),
    **dict.fromkeys(STAGES, BELOW_STAGES),
    "render": BELOW_STAGES | {"parallel"},
    "output": BELOW_STAGES | {"disk"},
    "store": GROUND | {"model", "config", "disk", "periods"},
    "line": GROUND,
    "starter": GROUND | {"disk", "line"},
    "workspace": GROUND | {"line", "starter", "disk"},
    "parallel": GROUND,
    "cluster": GROUND | {"parallel", "store"},
    "archive": ARCHIVE,
    "mail": MAIL,
    "stages": MONTH - {"mail"},
    "run": BELOW_STAGES | {"archive", "cluster", "parallel", "stages", "store"},
    "run_week": BELOW_STAGES | {"archive", "cluster", "extracts", "parallel", "stages", "store"},
    "handbook": BELOW_STAGES | {"disk", "extracts", "packs", "render", "workspace"},
    **ABOVE,
    "demo": GROUND | {"config", "line", "model", "periods", "starter"},
    "__init__": frozenset(),
}
# What cli.py may import at the top; the rest waits in the function that needs it, so that --help is quick.
QUICK = frozenset({"cli", "commands", "terminal"})
AT_ONCE = ("console", "printing")
"""Of the terminal, what every command imports."""
SENTENCES = "opti_reports.messages.sentences"
LIGHT = frozenset({"opti_reports.errors", "opti_reports.messages.sentences", "opti_reports.messages.message"})
"""Modules that import nothing heavy themselves."""
EAGER_IN_CLI = frozenset({"click", *sys.stdlib_module_names})

IMPURE_MODULES = {
    "the clock": {"time"},
    "the network": {"aiosmtpd", "ftplib", "http", "httpx", "requests", "smtplib", "socket", "ssl", "urllib"},
    "the disk": {"shutil", "tempfile"},
    "the terminal": {"click"},
}
CLOCK_CALL = re.compile(r"\.(now|today|utcnow)$")
CLOCK_NAME = re.compile(r"\b(datetime|date|Timestamp)\.(now|today|utcnow)$")
DISK_CALL = re.compile(r"(^|\.)open$|\.(read|write)_\w+$")


def test_the_house_keeps_its_rules() -> None:
    found = violations(ROOT)
    assert not found, f"{len(found)} broken rule(s):\n" + "\n".join(found)


CHANGING = {
    "disclosure/tables.py": "Work counts down what may still be worked out",
    "extracts/pieces.py": "Skipped and _Lines are filled while a file is read",
    "extracts/biff.py": "Found counts formulas while a sheet is read",
    "extracts/opendocument.py": "Table and _Cell are filled while a document is read",
    "extracts/sheetxml.py": "Marks counts formulas while a sheet is read",
}
"""Modules with dataclasses that are not frozen, and why."""
FIELDS = 5
"""Dataclasses with more are made with named arguments only."""


def dataclasses_of(path: Path) -> Iterator[tuple[ast.ClassDef, str, int]]:
    """Yield a module's dataclasses, how each is decorated, and its number of fields."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        for made in map(ast.unparse, getattr(node, "decorator_list", ())):
            if isinstance(node, ast.ClassDef) and made.startswith("dataclass"):
                fields = [one for one in node.body if isinstance(one, ast.AnnAssign)]
                yield node, made, sum("ClassVar" not in ast.unparse(one.annotation) for one in fields)


def test_dataclasses_are_frozen_and_large_ones_made_by_name() -> None:
    changing, positional = set(), []
    for path in sorted((ROOT / PACKAGE).rglob("*.py")):
        place = path.relative_to(ROOT / PACKAGE).as_posix()
        for node, made, fields in dataclasses_of(path):
            changing |= set() if "frozen=True" in made else {place}
            positional += [f"{place}: {node.name}"] if fields > FIELDS and "kw_only=True" not in made else []
    assert positional == []
    assert changing == CHANGING.keys()


def test_a_room_above_the_stages_opens_no_door_that_it_does_not_go_through() -> None:
    used: dict[str, set[str]] = {room: set() for room in ABOVE}
    for path in (ROOT / PACKAGE).rglob("*.py"):
        relative = path.relative_to(ROOT)
        if (room := relative.parts[1].removesuffix(".py")) in used:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                used[room] |= {to for name in _imports(node, relative) if (to := _room_of(name))} - {room}
    assert used == ABOVE


def violations(root: Path) -> list[str]:
    """Every broken rule under ``root``/opti_reports as ``file:line: what, and the rule``, in file order."""
    found = []
    for path in sorted((root / PACKAGE).rglob("*.py")):
        relative = path.relative_to(root)
        room = relative.parts[1].removesuffix(".py")
        if room not in MAY_IMPORT:
            known = ", ".join(sorted(MAY_IMPORT))
            found.append(f"{relative}:1: {room} is not a room of the house (known: {known})")
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(relative))
        faults = [*_arrows(tree, relative, room)]
        if room in QUICK and (room != "terminal" or path.stem in AT_ONCE):
            faults += _eager(tree, relative, room)
        if room in PURE:
            faults += _impure(tree, relative, room)
        found += [f"{relative}:{line}: {text}" for line, text in sorted(set(faults))]
    return found


def _imports(node: ast.AST, file: Path) -> list[str]:
    """Absolute dotted names that an import statement brings in: ``from a import b`` gives ``a.b``."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    base = node.module or ""
    if node.level:
        here = file.with_suffix("").parts[: -node.level]
        base = ".".join([*here, *([base] if base else [])])
    return [f"{base}.{alias.name}" for alias in node.names]


def _room_of(name: str) -> str | None:
    """The room a dotted name lies in; None outside the package and for the root's own names."""
    parts = name.split(".")
    if parts[0] != PACKAGE or len(parts) == 1 or parts[1] == "__version__":
        return None
    return parts[1]


def _arrows(tree: ast.AST, file: Path, room: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        for name in _imports(node, file):
            target = _room_of(name)
            if target is None or target == room or target in MAY_IMPORT[room]:
                continue
            assert isinstance(node, ast.stmt)
            yield node.lineno, f"{room} must not import {target}: {_rule(room, target)}"
        for name in _imports(node, file) if room in STAGES else ():
            if name.startswith(SENTENCES):
                assert isinstance(node, ast.stmt)
                yield node.lineno, f"{room} must not put messages into words: who writes or shows them does"


def _rule(room: str, target: str) -> str:
    if room in STAGES and target in STAGES:
        return "stages never import each other; the room stages hands results on"
    if target in STAGES:
        return "stages are called by the room stages alone"
    allowed = ", ".join(sorted(MAY_IMPORT[room])) or "no other room"
    return f"{room} may import {allowed}"


def _eager(tree: ast.Module, file: Path, here: str) -> Iterator[tuple[int, str]]:
    for node in _top_level(tree.body):
        for name in _imports(node, file):
            room = _room_of(name)
            if name.split(".")[0] == PACKAGE:
                quick = room in {None, *QUICK} or name.rpartition(".")[0] in LIGHT
            else:
                quick = name.split(".")[0] in EAGER_IN_CLI
            if not quick:
                yield (
                    node.lineno,
                    f"{here} imports {name} at the top: import it in the function that needs it",
                )


def _top_level(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements run at import, through if/try/with, but not what is only for type checkers."""
    for node in body:
        yield node
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            continue
        if isinstance(node, ast.If | ast.Try | ast.With):
            inner = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt)]
            handlers = node.handlers if isinstance(node, ast.Try) else []
            yield from _top_level(inner + [child for handler in handlers for child in handler.body])


def _impure(tree: ast.AST, file: Path, room: str) -> Iterator[tuple[int, str]]:
    pure = f"{room} is a pure function of its arguments"
    for node in ast.walk(tree):
        for name in _imports(node, file):
            for what, modules in IMPURE_MODULES.items():
                if name.split(".")[0] in modules:
                    assert isinstance(node, ast.stmt)
                    yield node.lineno, f"{room} must not import {name.split('.')[0]} ({what}): {pure}"
        if isinstance(node, ast.Call):
            name = _dotted(node.func)
            if DISK_CALL.search(name):
                yield node.lineno, f"{room} must not call {name} (the disk): {pure}"
            elif CLOCK_CALL.search(name) and not CLOCK_NAME.search(name):
                yield node.lineno, f"{room} must not call {name} (the clock): {pure}"
        elif isinstance(node, ast.Attribute) and CLOCK_NAME.search(_dotted(node)):
            yield node.lineno, f"{room} must not use {_dotted(node)} (the clock): {pure}"


def _dotted(node: ast.expr) -> str:
    """``a.b.c`` of a chain of attributes; a base that is no plain name becomes ``…``."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return "…"


# One broken rule each: file, source, and what the message must say about it.
BROKEN = [
    (
        "facts/build.py",
        "import opti_reports.metrics.terms",
        ":1: facts must not import metrics: stages never",
    ),
    ("facts/build.py", "from opti_reports import render", ":1: facts must not import render: stages never"),
    ("packs/build.py", "\nfrom ..findings import spc", ":2: packs must not import findings: stages never"),
    ("packs/build.py", "def f():\n    from opti_reports.findings.spc import x", ":2: packs must not import"),
    ("render/pdf.py", "from opti_reports.store import load", ":1: render must not import store: render may"),
    (
        "render/pdf.py",
        "import opti_reports.workspace",
        "must not import workspace: render may import algebra",
    ),
    ("errors.py", "from opti_reports.model import pack", "errors may import messages"),
    ("messages/a.py", "from opti_reports.errors import Fault", "messages may import no other room"),
    ("packs/a.py", "from opti_reports.messages.sentences import say", "packs must not put messages into"),
    ("errors.py", "from .model import pack", ":1: errors must not import model"),
    ("algebra/merge.py", "from opti_reports.config.metric import Metric", "algebra may import errors"),
    ("model/pack.py", "from opti_reports.config import pack", "model may import algebra, errors"),
    (
        "config/load.py",
        "from opti_reports import store",
        "config may import algebra, errors, language, messages, model",
    ),
    ("language/format.py", "from opti_reports.config import Words", "language may import errors"),
    ("store.py", "from opti_reports.facts import build", "store must not import facts: stages are called"),
    ("workspace.py", "from opti_reports import run", "workspace may import disk, errors"),
    ("demo/phone.py", "from opti_reports.render import pdf", ":1: demo must not import render: stages are"),
    (
        "demo/phone.py",
        "from opti_reports.store import load",
        "demo may import config, errors, line, messages, model, periods, starter",
    ),
    ("run.py", "import opti_reports.cli", "run must not import cli"),
    (
        "cli.py",
        "def f():\n    from opti_reports.render import pdf",
        ":2: cli must not import render: stages are called",
    ),
    ("cli.py", "from opti_reports import run", "cli imports opti_reports.run at the top"),
    (
        "cli.py",
        "try:\n    import pandas\nexcept ImportError:\n    import polars",
        ":4: cli imports polars at the",
    ),
    ("__init__.py", "from opti_reports.run import month", "__init__ may import no other room"),
    ("helpers.py", "", "helpers is not a room of the house"),
    ("facts/a.py", "x = open('f')", "facts must not call open (the disk)"),
    ("metrics/a.py", "def f(p):\n    return p.open()", ":2: metrics must not call p.open (the disk)"),
    (
        "findings/a.py",
        "from pathlib import Path\nx = Path('f').read_text()",
        "findings must not call ….read_text",
    ),
    ("packs/a.py", "def f(p): p.write_bytes(b'')", "packs must not call p.write_bytes (the disk)"),
    ("disclosure/a.py", "import tempfile", "disclosure must not import tempfile (the disk)"),
    ("facts/a.py", "from time import monotonic", "facts must not import time (the clock)"),
    (
        "facts/a.py",
        "import datetime as dt\nx = dt.datetime.now()",
        "facts must not use dt.datetime.now (the clock)",
    ),
    (
        "facts/a.py",
        "from datetime import date\nclock = date.today",
        "facts must not use date.today (the clock)",
    ),
    (
        "facts/a.py",
        "from datetime import datetime as D\nx = D.utcnow()",
        "facts must not call D.utcnow (the clock)",
    ),
    ("packs/a.py", "import pandas as pd\nx = pd.Timestamp.today()", "packs must not use pd.Timestamp.today"),
    ("metrics/a.py", "import socket", "metrics must not import socket (the network)"),
    ("metrics/a.py", "from smtplib import SMTP", "metrics must not import smtplib (the network)"),
    ("metrics/a.py", "import urllib.request", "metrics must not import urllib (the network)"),
    ("metrics/a.py", "import requests", "metrics must not import requests (the network)"),
    ("findings/a.py", "import click", "findings must not import click (the terminal)"),
]

ALLOWED = [
    (
        "facts/build.py",
        "from opti_reports.algebra import merge\nfrom .links import link\nimport datetime as dt",
    ),
    ("metrics/a.py", "from datetime import time\nfrom opti_reports import __version__\nx = y.reopen()"),
    ("config/load.py", "from opti_reports.algebra.expression import parse\nfrom ..model import unit"),
    ("render/pdf.py", "from pathlib import Path\nx = Path('f').read_bytes()"),
    ("run.py", "from opti_reports import archive, parallel, stages, store"),
    ("cli.py", "import sys\nimport click\nfrom opti_reports.errors import OptiError"),
    ("cli.py", "def f():\n    import pandas\n    from opti_reports import run, stages, workspace"),
    ("cli.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from opti_reports.run import Month"),
]


def _tree(root: Path, file: str, source: str) -> Path:
    path = root / PACKAGE / file
    path.parent.mkdir(parents=True)
    path.write_text(source, encoding="utf-8")
    return root


@pytest.mark.parametrize(("file", "source", "message"), BROKEN)
def test_a_broken_rule_is_named_once(tmp_path: Path, file: str, source: str, message: str) -> None:
    found = [line for line in violations(_tree(tmp_path, file, source)) if message in line]
    assert len(found) == 1, violations(tmp_path)
    assert found[0].startswith(f"{PACKAGE}/{file}:")


@pytest.mark.parametrize(("file", "source"), ALLOWED)
def test_what_is_allowed_passes(tmp_path: Path, file: str, source: str) -> None:
    assert violations(_tree(tmp_path, file, source)) == []
