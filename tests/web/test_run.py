"""The web page as a run leaves it: beside the packs it links to, whole after a partial run too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lxml import html

from tests.web.making import text
from tests.workspaces import LAST, ONE_PACK, ask, edit, run_note

PAGES = ("index.html", "index.sv.html", "index.en.html")


def read(workspace: Path, name: str = "index.html") -> Any:
    """A page of the month's folder."""
    found: Any = html.document_fromstring((workspace / "output" / LAST / name).read_text(encoding="utf-8"))
    return found


def documents(page: Any) -> set[str]:
    """The documents a page links to."""
    return {link for link in page.xpath("//dl[@class='packs']//a/@href") if not link.endswith(".xlsx")}


def test_every_link_leads_to_a_file_and_every_pack_is_linked(lean_run: Path) -> None:
    folder = lean_run / "output" / LAST
    for name in PAGES:
        page = read(lean_run, name)
        links = {link for link in page.xpath("//@href") if not link.startswith("#")}
        assert [link for link in sorted(links) if not (folder / link).is_file()] == []
        assert documents(page) == set(run_note(lean_run)["packs"])


def test_a_partial_run_keeps_the_page_whole(lean: Path) -> None:
    before = documents(read(lean))
    edit(lean / "configs/brand.toml", r"name = \{.*\}", 'name = "Muu"')
    assert ask(lean, *ONE_PACK).exit_code == 0
    page = read(lean)
    assert documents(page) == before
    old = [text(item) for item in page.xpath("//dl[@class='packs']//li") if "vanhoista" in text(item)]
    assert len(old) == len(run_note(lean)["outdated"]) == len(before) - 1


def test_a_page_that_cannot_be_made_fails_by_its_name_and_leaves_the_packs(lean: Path) -> None:
    packs = run_note(lean)["packs"]
    with (lean / "templates/html/page.html.j2").open("a", encoding="utf-8") as file:
        file.write("{{ nobody_knows }}\n")
    done = ask(lean, *ONE_PACK)
    assert done.exit_code == 5
    assert set(run_note(lean)["failed"]) == set(PAGES)
    assert run_note(lean)["packs"] == packs
    assert "page.html.j2, line" in run_note(lean)["failed"]["index.html"]
    assert not (lean / "output" / LAST / "index.html").exists()
