"""How large a file, a function, a call and a list of imports may be; what is larger says why here."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "opti_reports"
FILE, BODY, POSITIONAL, NAMES = 300, 40, 5, 25
"""Lines of a file, lines of a function below its docstring, arguments by position, names of this package."""
MANY = {"pick", "typed"}
"""Functions that take any number of like arguments."""
EVERY_COMMAND = "every command is declared here, and imports what it needs when it runs"
EVERY_KIND = "one of each kind of its room meets here"
ONE_STORY = "a story of named steps that reads best in one piece"
LARGER = {
    "archive/verify.py verify": ONE_STORY,
    "check/samples.py": EVERY_KIND,
    "check/samples.py imports": EVERY_KIND,
    "check/samples.py page": "a web page with one of everything that can stand on it",
    "cli.py imports": EVERY_COMMAND,
    "commands/archive.py imports": EVERY_COMMAND,
    "commands/mail.py imports": EVERY_COMMAND,
    "commands/mail.py send": "one command with ways that exclude each other, refused in one place",
    "config/block.py": EVERY_KIND,
    "config/check.py imports": EVERY_KIND,
    "config/configs.py imports": EVERY_KIND,
    "config/gathered.py imports": EVERY_KIND,
    "config/gathered.py gather": "every file of the folder is read here",
    "config/source.py": "all that a source's file may say",
    "explain/value.py imports": "an explanation follows a figure through every room",
    "extracts/read.py imports": "a delivery passes every reader of a cell here",
    "extracts/usable.py usable": ONE_STORY,
    "facts/build.py imports": EVERY_KIND,
    "findings/signals.py imports": "a signal is the metric's cases, season, rarity, target and chart",
    "mail/mailing.py imports": "configs, release, ledger and outbox meet in a mailing",
    "mail/post.py imports": "configs, release, ledger and outbox meet on the way out",
    "mail/sample.py _mails": "one of each kind of mail, in the ways it can look",
    "meetings/imports.py imports": EVERY_KIND,
    "metrics/evaluate.py imports": EVERY_KIND,
    "metrics/formulas.py imports": EVERY_KIND,
    "metrics/quantiles.py quantiles": "one computation over arrays that share their order",
    "packs/build.py imports": EVERY_KIND,
    "packs/build.py _blocks_of": "two lines for each kind of block, and mypy misses none",
    "packs/page.py imports": EVERY_KIND,
    "render/pdf.py imports": EVERY_KIND,
    "run.py _run": "the month, stage by stage",
    "run_week.py _run": "the week, stage by stage",
    "stages/output.py imports": EVERY_KIND,
}
"""What is larger, and why it may be."""


def found(root: Path) -> Iterator[tuple[str, str]]:
    """Yield the name of everything too large under ``root``/opti_reports, and what is wrong with it."""
    for path in sorted((root / PACKAGE).rglob("*.py")):
        name = path.relative_to(root / PACKAGE).as_posix()
        text = path.read_text(encoding="utf-8")
        if (lines := text.count("\n")) > FILE:
            yield name, f"{lines} lines, more than {FILE}"
        tree = ast.parse(text)
        if (imported := _imported(tree)) > NAMES:
            yield f"{name} imports", f"{imported} names of this package, more than {NAMES}"
        own = _own(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and (lines := _body(node)) > BODY:
                yield f"{name} {node.name}", f"{lines} lines, more than {BODY}"
            if isinstance(node, ast.Call) and _by_position(node, own) > POSITIONAL:
                yield (
                    f"{name} calls {ast.unparse(node.func)}",
                    f"more than {POSITIONAL} arguments by position",
                )


def _imported(tree: ast.Module) -> int:
    """How many names of this package a module imports."""
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    return sum(len(node.names) for node in imports if (node.module or "").startswith(PACKAGE))


def _body(node: ast.FunctionDef) -> int:
    """The lines of a function below its docstring."""
    first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
    return (node.end_lineno or 0) - first.lineno + 1


def _own(tree: ast.Module) -> frozenset[str]:
    """The functions, classes and modules of this package that a module may call, and what its classes call of
    their own; libraries have their own ways.
    """
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    ours = (node for node in imports if (node.module or "").startswith(PACKAGE))
    found = {alias.asname or alias.name for node in ours for alias in node.names} | {"self"}
    found |= {node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    return frozenset(found - MANY)


def _by_position(node: ast.Call, own: frozenset[str]) -> int:
    """The arguments by position of a call of this package's: ``f(…)``, ``module.f(…)``, ``self.f(…)``."""
    called = node.func
    of = called.value if isinstance(called, ast.Attribute) else called
    name = called.attr if isinstance(called, ast.Attribute) else ""
    return len(node.args) if isinstance(of, ast.Name) and of.id in own and name not in MANY else 0


def test_nothing_is_larger_than_is_good_for_its_reader() -> None:
    large = dict(found(ROOT))
    assert {name: what for name, what in large.items() if name not in LARGER} == {}
    assert sorted(LARGER.keys() - large.keys()) == [], "no longer too large: take it from the list"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("x = 1\n" * 301, "new.py"),
        ("def f() -> None:\n" + "    x = 1\n" * 41, "new.py f"),
        (f"from opti_reports.a import {', '.join(f'a{n}' for n in range(26))}\n", "new.py imports"),
        ("from opti_reports.a import f\nf(1, 2, 3, 4, 5, 6)\n", "new.py calls f"),
        ("from opti_reports import a\na.f(1, 2, 3, 4, 5, 6)\n", "new.py calls a.f"),
        ("class A:\n    def f(self): self.g(1, 2, 3, 4, 5, 6)\n", "new.py calls self.g"),
    ],
)
def test_the_look_sees_what_is_too_large(tmp_path: Path, text: str, name: str) -> None:
    folder = tmp_path / PACKAGE
    folder.mkdir()
    (folder / "new.py").write_text(text, encoding="utf-8")
    assert [one for one, _ in found(tmp_path)] == [name]
