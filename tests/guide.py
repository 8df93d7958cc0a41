"""The examples of docs/contributing.md, carried out on a copy of a workspace and of the program."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.workspaces import ROOT

GUIDE = (ROOT / "docs/contributing.md").read_text(encoding="utf-8")
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_FIRST = re.compile(r"(?:# |\{# )(?P<path>[\w/.]+\w)(?:, (?P<where>[\w ]+?))?(?: #\})?\n")
PLACES = {None, "at the end", "each line into its table"}


def blocks(heading: str) -> list[tuple[str, str]]:
    """The fenced blocks of a part of the guide: language and text."""
    return _BLOCK.findall(GUIDE.split(f"\n## {heading}\n")[1].split("\n## ")[0])


def said(heading: str) -> list[str]:
    """The messages that a part of the guide quotes."""
    return [text.strip() for kind, text in blocks(heading) if kind == "text"]


def carry_out(heading: str, root: Path, *languages: str) -> None:
    """Do what the examples of a part of the guide say, in a folder that holds configs, templates or program.

    Phrases that go into a table are put into those of other ``languages`` too.
    """
    for kind, text in blocks(heading):
        if kind == "sh":
            subprocess.run(["bash", "-euc", text], cwd=root, check=True)
        elif kind == "diff":
            changed(root, text)
        elif kind != "text":
            written(root, text, *languages)


def written(root: Path, example: str, *languages: str) -> None:
    """Write a new file, or add to one, as the first line of an example says."""
    first = _FIRST.match(example)
    assert first is not None, f"names no file: {example.splitlines()[0]}"
    assert first["where"] in PLACES, first[0]
    path, text = root / first["path"], example[first.end() :]
    if first["where"] is None:
        assert not path.exists(), f"{first['path']} is there already"
        path.write_text(example if path.suffix == ".toml" else text, encoding="utf-8")
    elif first["where"] == "at the end":
        with path.open("a", encoding="utf-8") as file:
            file.write(f"\n{text}" if path.suffix == ".toml" else text)
    else:
        for own in (path, *(path.with_stem(language) for language in languages)):
            into_tables(own, text)


def into_tables(path: Path, text: str) -> None:
    """Put each line under the heading of its table, in the place of one with the same key."""
    made = path.read_text(encoding="utf-8")
    for table, lines in re.findall(r"^(\[\w+\])\n((?:\w.*\n)+)", text, re.MULTILINE):
        for line in lines.splitlines():
            before, start, rest = made.partition(f"\n{table}\n")
            assert start, f"{path.name}: no {table}"
            own, after = re.match(r"((?:(?!\[).*\n)*)(.*)", rest, re.DOTALL).groups()  # type: ignore[union-attr]
            own = re.sub(rf"(?m)^{line.split()[0]} *=.*\n", "", own)
            made = f"{before}{start}{line}\n{own}{after}"
    path.write_text(made, encoding="utf-8")


def changed(root: Path, diff: str) -> None:
    """Make the changes of a diff: lines known by those before them, each the only one like it in its file."""
    for name, part in re.findall(r"^--- (\S+)\n((?:[ +-].*\n)+?)(?=--- |\Z)", diff, re.MULTILINE):
        path = root / name
        made = path.read_text(encoding="utf-8")
        for old, new in _hunks(part):
            assert made.count(f"\n{old}") == 1, f"{name}: not one place has {old!r}"
            made = made.replace(f"\n{old}", f"\n{new}")
        path.write_text(made, encoding="utf-8")


def _hunks(part: str) -> Iterator[tuple[str, str]]:
    """Old and new lines: each old one, kept or taken away, with what is added after it."""
    for old, added in re.findall(r"^([ -].*\n)((?:\+.*\n)+)", part, re.MULTILINE):
        kept = old[1:] if old[0] == " " else ""
        yield old[1:], kept + "".join(line[1:] for line in added.splitlines(keepends=True))
