"""The program knows no name of the shipped configs: another service line is another configs folder."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from opti_reports.config.source import LIST_NEEDS

ROOT = Path(__file__).resolve().parent.parent
CONFIGS = (ROOT / "configs", *sorted((ROOT / "opti_reports" / "lines").glob("*/configs")))
"""The program's own, and those of each line that ships."""
OF_LINES = ("by_line", "deliver", "drawn", "line", "ready", "rules")
"""What makes the demo of any line."""
PROGRAM = sorted(
    path
    for path in (ROOT / "opti_reports").rglob("*.py")
    if path.parent.name != "demo" or path.stem in OF_LINES
)
"""All but what draws the demo of the default line."""
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix == ".j2")

OWN_WORDS = {
    "kinds of lists, of units and of tables": {"actions", "preparations", "quotes", "nps", "unit"},
    "the columns of actions and quotes where they are known": {
        "answer",
        "answered_at",
        "answered_by_role",
        "barrier",
        "decided_by",
        "escalated_to",
        "expected_effect",
        "first_due_at",
        "language",
        "metric_id",
        "opened_at",
        "owner_role",
        "passed_over",
        "source_ref",
        "started_at",
        "topic",
    },
    "types, windows and rules of the configs' own language": {
        "mean",
        "month",
        "text",
        "total",
        "wave",
        "week",
    },
    "roles of lines on a chart, tables of phrases": {"item", "target"},
    "languages, and what stands in a cell for no": {"en", "fi", "sv", "ei"},
    "a heading under which personal data may stand": {"puhelin"},
    "the program's name": {"opti"},
    "words of totals": {"kaikki"},
    "what is asked of who adopts a file, and how its dates are written": {"answered", "form"},
    "the key of a signature that everybody may have": {"public"},
    "what nobody can read, in configs and in reasons of figures": {"unknown"},
    "where people sign in, as its library calls it; an outbox that belongs elsewhere": {"authority", "other"},
    "tables of the terminal's sentences, and a field of the log": {"message", "open", "outcome"},
    "keys of recipients, and an answer about a letter": {"language", "supplier", "resolved"},
}
"""Words that shipped configs use as names and the program for something of its own."""
ALLOWED = {word for words in OWN_WORDS.values() for word in words} | {
    column for columns in LIST_NEEDS.values() for column in columns
}

OF_TEMPLATES = {"language", "other"}
"""Words of HTML and English in templates that are names in configs too."""


def read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def named() -> Iterator[tuple[str, str]]:
    """Every name the shipped configs give, with what it names."""
    for configs in CONFIGS:
        yield from named_in(configs)


def named_in(configs: Path) -> Iterator[tuple[str, str]]:
    """Every name that a folder of configs gives; a line need not have each kind of file."""
    organisation = read(configs / "organisation.toml")
    yield from ((level["id"], "level") for level in organisation["level"])
    for unit in organisation["unit"]:
        yield unit["id"], "unit"
        yield unit["type"], "type of unit"
        yield from ((system, "code system") for system in unit.get("codes", ()))
    yield from ((area["id"], "area") for area in read(configs / "areas.toml")["area"])
    yield from ((limit["id"], "limit") for limit in read(configs / "limits.toml").get("limit", ()))
    for theme in map(read, (configs / "themes").glob("*.toml")):
        yield theme["id"], "theme"
        yield from ((metric, "metric") for metric in theme["metric"])
    for source in map(read, (configs / "sources").glob("*.toml")):
        yield source["id"], "source"
        yield from ((column, "column") for column in source["column"])
        yield from (
            (code, "code") for column in source["column"].values() for code in column.get("codes", ())
        )
        yield from ((one["id"], kind) for kind in ("fact", "list") for one in source.get(kind, ()))
    for pack in map(read, (configs / "packs").glob("*.toml")):
        yield pack["id"], "pack"
        yield from ((section["id"], "section") for section in pack["section"])


@cache
def names() -> dict[str, str]:
    """What each name of the shipped configs names."""
    found: dict[str, set[str]] = {}
    for name, kind in named():
        found.setdefault(name, set()).add(kind)
    return {name: " and ".join(sorted(kinds)) for name, kinds in found.items()}


def strings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The texts of a module that do something: all but docstrings."""
    documents = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents:
            yield node.lineno, node.value


def words(text: str) -> set[str]:
    """The names a text may hold; of a sentence only those that are no words of English."""
    found = set(re.findall(r"\w+", text))
    return {word for word in found if "_" in word} if " " in text.strip() else found


@cache
def known_in(source: str) -> list[tuple[int, str]]:
    """Lines of Python that name something of the shipped configs, allowed or not."""
    return [
        (line, word)
        for line, text in strings(ast.parse(source))
        for word in sorted(words(text) & names().keys())
    ]


def test_the_names_are_those_of_every_kind() -> None:
    kinds = {"level", "type of unit", "unit", "code system", "area", "theme", "metric", "limit"}
    kinds |= {"source", "column", "code", "fact", "list", "pack", "section"}
    assert {kind for _, kind in named()} == kinds
    assert len(names()) > 400


def test_the_program_names_nothing_of_the_shipped_configs() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: '{word}' is a {names()[word]} of the shipped configs"
        for path in PROGRAM
        for line, word in known_in(path.read_text(encoding="utf-8"))
        if word not in ALLOWED
    ]
    assert found == []


def test_every_word_that_is_allowed_is_needed() -> None:
    used = {word for path in PROGRAM for _, word in known_in(path.read_text(encoding="utf-8"))}
    assert {word for words in OWN_WORDS.values() for word in words} - used == set()


def test_no_template_draws_anything_by_its_name() -> None:
    found = [
        f"{path.relative_to(ROOT)}: '{word}' is a {names()[word]} of the shipped configs"
        for path in TEMPLATES
        for word in sorted(set(re.findall(r"\w+", path.read_text(encoding="utf-8"))) & names().keys())
        if word not in ALLOWED | OF_TEMPLATES
    ]
    assert found == []


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("if level == 'toimintayksikko': pass", "toimintayksikko"),
        ("say(f'block.no_{x}.open_haipro')", "open_haipro"),
        ("raise Fault('Ask for haipro_reports again.')", "haipro_reports"),
        ("NAMES = {'terveysasema': 1}", "terveysasema"),
    ],
)
def test_a_name_is_found(source: str, word: str) -> None:
    assert known_in(source) == [(1, word)]


def test_prose_is_not_taken_for_names() -> None:
    assert known_in('"""The unit haipro_reports."""\nx = "the calls of the staff"') == []
