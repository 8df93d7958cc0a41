"""Every document of a whole run: archival, accessible, valid, of the length its meeting has time for."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from pptx import Presentation

from tests.render.deck_faults import deck_faults
from tests.render.pdf_faults import pdf_faults
from tests.workspaces import LAST, opti

LENGTHS = {"unit": (4, 7), "management_review": (10, 20), "service_unit": (8, 24)}
LENGTHS |= {"public": (1, 3), "public_access": (1, 2)}
"""Pages or slides with their appendix; what has few metrics or units has fewer than planned."""


def documents(workspace: Path, suffix: str) -> list[Path]:
    return sorted((workspace / "output" / LAST / "packs").glob(f"*/*.{suffix}"))


def length(path: Path) -> int:
    if path.suffix == ".pptx":
        return len(Presentation(str(path)).slides)
    with pikepdf.open(path) as document:
        return len(document.pages)


def test_packs_are_as_long_as_their_meetings_have_time_for(shipped_run: Path) -> None:
    found = [*documents(shipped_run, "pdf"), *documents(shipped_run, "pptx")]
    assert {path.parent.name for path in found} == set(LENGTHS)
    wrong = {}
    for path in found:
        least, most = LENGTHS[path.parent.name]
        if not least <= (count := length(path)) <= most:
            wrong[path.name] = count
    assert wrong == {}


def before_appendix(deck: Path) -> list[Any]:
    slides = list(Presentation(str(deck)).slides)
    return slides[: [slide.shapes.title.text_frame.text.startswith("Liite") for slide in slides].index(True)]


def test_a_room_reads_every_table_of_a_deck_s_ten_slides(shipped_run: Path) -> None:
    """Text of 18 points; of 17 where a word of a small county's many "liian vähän" would be cut."""
    small = {}
    for deck in documents(shipped_run, "pptx"):
        slides = before_appendix(deck)
        assert 8 <= len(slides) <= 10, deck.name
        tables = [shape.table for slide in slides for shape in slide.shapes if shape.has_table]
        rows = (row for table in tables for row in list(table.rows)[1:])
        runs = [run for row in rows for cell in row.cells for run in cell.text_frame.paragraphs[0].runs]
        if least := sorted({run.font.size.pt for run in runs if run.font.size.pt < 17}):
            small[deck.name] = least
    assert small == {}


def test_the_guarantee_of_the_young_stands_beside_that_of_adults(shipped_run: Path) -> None:
    for deck in documents(shipped_run, "pptx"):
        tables = [shape.table for slide in before_appendix(deck) for shape in slide.shapes if shape.has_table]
        heads = [[cell.text for cell in table.rows[0].cells] for table in tables]
        (units,) = (names for names in heads if "Talousarvio" in names)
        assert ("Hoitotakuu alle 23" in units) == ("Hoitotakuu 23+" in units) == ("T3, vrk" in units), (
            deck.name
        )


def test_a_block_for_a_type_of_unit_is_in_its_packs_alone(shipped_run: Path) -> None:
    title = "Yhteydenotot, jotka yksikkö käsitteli"
    packs = (shipped_run / "output" / LAST / "packs/unit").glob("*.fi.json")
    with_it = [path.name for path in packs if title in path.read_text(encoding="utf-8")]
    assert with_it == ["puhelinpalvelu.fi.json"]


def test_one_document_of_each_kind_is_archival_accessible_and_valid(shipped_run: Path) -> None:
    for kind in ("unit", "management_review"):
        path = next(p for p in documents(shipped_run, "pdf") if p.parent.name == kind)
        assert pdf_faults(path.read_bytes()) == [], path.name
    path = documents(shipped_run, "pptx")[0]
    assert deck_faults(path.read_bytes()) == [], path.name


@pytest.mark.heavy
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_document_is_archival_accessible_and_valid(
    shipped_run: Path, tmp_path: Path, language: str
) -> None:
    place = shipped_run
    if language != "fi":
        place = tmp_path / "place"
        shutil.copytree(shipped_run, place)
        shutil.rmtree(place / "output" / LAST / "packs")
        assert opti(place, "run", "--month", LAST, "--lang", language, "--jobs", "2").returncode == 0
    faults = {path.name: pdf_faults(path.read_bytes()) for path in documents(place, "pdf")}
    faults |= {path.name: deck_faults(path.read_bytes()) for path in documents(place, "pptx")}
    assert len(faults) > 15
    assert {name: found for name, found in faults.items() if found} == {}


@pytest.mark.heavy
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_another_program_draws_every_slide(shipped_run: Path, tmp_path: Path) -> None:
    for deck in documents(shipped_run, "pptx")[:2]:
        profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
        command = [
            "soffice",
            profile,
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(tmp_path),
            str(deck),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        drawn = pypdfium2.PdfDocument(tmp_path / f"{deck.stem}.pdf")
        slides = list(Presentation(str(deck)).slides)
        assert len(drawn) == len(slides)
        for page, slide in zip(drawn, slides, strict=True):
            text = page.get_textpage().get_text_range()
            title = slide.shapes.title.text_frame.text
            assert "".join(title.split())[:20] in "".join(text.split())
            colours = page.render(scale=0.4).to_pil().convert("L").getcolors()
            assert colours is not None
            assert len(colours) > 20, title
        drawn.close()
