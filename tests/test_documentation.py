"""The documentation holds together: links lead somewhere, pages have a place, commands are told of."""

from __future__ import annotations

import re
import runpy
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from PIL import Image

from opti_reports.cli import main
from tests.workspaces import ROOT

DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]
_FENCE = re.compile(r"^( *)```.*?^\1```$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)|<img src=\"([^\"]+)\"")
_NAMED = re.compile(r"\bdocs/[\w/.-]+\.(?:md|png)\b")
LARGEST = 150_000
"""Bytes of a picture."""


def prose(page: Path) -> str:
    """A page without its examples."""
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def anchors(page: Path) -> set[str]:
    """The headings of a page as links name them: small letters, dashes for blanks, no other signs."""
    heads = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def broken(page: Path) -> Iterator[str]:
    """The links of a page that lead nowhere."""
    for found in _LINK.finditer(prose(page)):
        link = found[1] or found[2]
        if re.match(r"\w+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.is_file() or (anchor and anchor not in anchors(target)):
            yield link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    assert list(broken(page)) == []


def test_a_link_that_leads_nowhere_is_told(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# Here it is: so\n[a](#here-it-is-so) [b](#there) [c](none.md) [d](page.md#here)\n"
        "```\n[e](example.md)\n```\n[f](https://example.fi/)\n",
        encoding="utf-8",
    )

    assert list(broken(page)) == ["#there", "none.md", "page.md#here"]


def test_every_page_has_one_place_in_the_navigation() -> None:
    parts: dict[str, list[str]] = runpy.run_path(str(ROOT / "scripts/site/navigation.py"))["PARTS"]
    listed = sorted(page for pages in parts.values() for page in pages)

    there = [path.relative_to(DOCS).with_suffix("").as_posix() for path in DOCS.rglob("*.md")]
    assert listed == sorted(name for name in there if name != "index" and not name.startswith("adr/0"))


def test_pages_that_the_program_and_its_configs_name_are_there() -> None:
    files = [path for room in ("opti_reports", "configs", "templates") for path in (ROOT / room).rglob("*")]
    texts = [path for path in files if path.suffix in {".py", ".toml", ".j2"}]
    named = {name for path in texts for name in _NAMED.findall(path.read_text(encoding="utf-8"))}

    assert "docs/mail.md" in named
    assert [name for name in sorted(named) if not (ROOT / name).is_file()] == []


def test_every_command_is_told_of() -> None:
    told = (DOCS / "commands.md").read_text(encoding="utf-8")
    assert [name for name in main.commands if f"`opti {name}" not in told] == []
    archive = main.commands["archive"]
    assert isinstance(archive, click.Group)
    assert [name for name in archive.commands if f"`{name}`" not in told.replace("opti archive ", "")] == []


def test_pictures_are_small_shown_somewhere_and_know_what_they_show() -> None:
    pictures = sorted((DOCS / "pictures").iterdir())
    everything = "".join(page.read_text(encoding="utf-8") for page in PAGES)

    for picture in pictures:
        assert picture.stat().st_size < LARGEST, f"{picture.name}: draw it smaller (scripts/pictures.py)"
        assert f"pictures/{picture.name})" in everything, f"no page shows {picture.name}"
        with Image.open(picture) as opened:
            assert "shows" in opened.info, f"{picture.name} was not drawn by `make pictures`"
