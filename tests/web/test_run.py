"""The web page as a run leaves it: beside the packs it links to, whole after a partial run too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lxml import html

from tests.web.making import text
from tests.workspaces import LAST, ONE_PACK, ask, decided, edit, run_note

PAGES = ("index.html", "index.sv.html", "index.en.html")


def read(workspace: Path, name: str = "index.html") -> Any:
    """A page of the month's folder."""
    found: Any = html.document_fromstring((workspace / "output" / LAST / name).read_text(encoding="utf-8"))
    return found


def sections(page: Any) -> list[str]:
    """The parts of a page, in the order of reading."""
    found: list[str] = page.xpath("//main/section[@id]/@id")
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


def test_the_page_of_a_whole_county_is_small_enough_for_a_phone(shipped_run: Path) -> None:
    most = 1000 * decided(shipped_run).findings.shown.web_page_kb
    assert most == 400_000
    for name in PAGES:
        page = read(shipped_run, name)
        assert len(page.xpath("//table[@class='matrix']/thead//abbr")) > 20, "every unit is on it"
        (details,) = page.xpath("//table[@class='details']")
        assert len(details.xpath(".//tr[@id]")) > 40
        size = (shipped_run / "output" / LAST / name).stat().st_size
        more = 3 * len(html.tostring(details, encoding="utf-8"))
        assert size + more <= most, "real volumes withhold less: four times as many rows must fit"
    assert not [one for one in run_note(shipped_run)["warnings"] if "web_page_kb" in one]


def test_a_page_that_is_larger_is_whole_and_the_run_says_so(lean: Path) -> None:
    before = sections(read(lean))
    edit(lean / "configs/findings.toml", r"web_page_kb( *)= \d+", r"web_page_kb\1= 50")
    done = ask(lean, *ONE_PACK)
    assert done.exit_code == 0
    size = (lean / "output" / LAST / "index.html").stat().st_size
    said = f"index.html: {-(-size // 1000)} kB, more than the 50 kB that findings.toml allows a page"
    assert any(said in one for one in run_note(lean)["warnings"])
    assert said in " ".join(done.output.split())
    assert sections(read(lean)) == before


def test_the_handbook_beside_the_months_is_linked_from_the_next_run(lean: Path) -> None:
    assert ask(lean, "handbook", "--lang", "sv").exit_code == 0
    assert ask(lean, *ONE_PACK).exit_code == 0
    assert "../handbook/handbook.sv.html" in read(lean, "index.sv.html").xpath("//a/@href")
