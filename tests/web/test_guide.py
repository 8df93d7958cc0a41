"""The guide to templates: each of its examples is carried out as it is written, and does what it says."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from opti_reports.check import samples
from opti_reports.check.templates import faults
from opti_reports.config.block import Text
from opti_reports.config.load import load
from opti_reports.errors import ConfigError
from opti_reports.model.look import Look
from opti_reports.render.page import render_page
from opti_reports.render.pdf import render_html
from tests.web.making import ROOT
from tests.workspaces import edit

GUIDE = (ROOT / "docs/templates.md").read_text(encoding="utf-8")
LOGO = "<svg xmlns='http://www.w3.org/2000/svg' width='60' height='20'><path d='M0 0h60v20H0z'/></svg>"


def example(heading: str, number: int = 0) -> str:
    """The text of an example in a part of the guide."""
    part = GUIDE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    found: list[str] = re.findall(r"```(?:toml|html)\n(.*?)```", part, re.DOTALL)
    return found[number]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The configs and templates of a new workspace."""
    for name in ("configs", "templates"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def page_of(own: Path) -> str:
    """The page of a PDF with one of everything; the check must have nothing to say."""
    configs = load(own / "configs")
    assert [str(fault) for fault in faults(configs, own / "templates")] == []
    look = Look(configs.brand.brand(), own / "templates")
    return render_html(samples.pack(configs, "fi"), look)


def web_of(own: Path) -> str:
    """The web page with one of everything."""
    configs = load(own / "configs")
    look = Look(configs.brand.brand(), own / "templates")
    return render_page(samples.page(configs, look, "fi"), look).decode()


def test_a_logo(own: Path) -> None:
    (own / "templates/logo.svg").write_text(LOGO, encoding="utf-8")
    edit(own / "configs/brand.toml", r"\n\[colours\]", f"\n{example('A logo')}\n[colours]")
    assert '<img class="logo" src="logo.svg"' in page_of(own)
    assert 'src="data:image/svg+xml;base64,' in web_of(own)


def test_a_colour(own: Path) -> None:
    edit(own / "configs/brand.toml", r"(?m)^accent .*\n", example("A colour"))
    assert page_of(own)
    assert "color: #00543c" in web_of(own)


def test_the_order_of_sections(own: Path) -> None:
    path = own / "configs/packs/unit.toml"
    head, *parts = re.split(r"(?m)^(?=\[\[section\]\])", path.read_text(encoding="utf-8"))
    (moved,) = [part for part in parts if part.startswith(example("The order of sections"))]
    parts.remove(moved)
    path.write_text(head + parts[0] + moved + "".join(parts[1:]), encoding="utf-8")
    ids = [section.id for section in load(own / "configs").packs["unit"].section]
    assert ids[:3] == ["tilanne", "henkilosto", "saatavuus"]


def test_a_new_section_with_a_new_sentence(own: Path) -> None:
    path = own / "configs/packs/unit.toml"
    before = len(load(own / "configs").packs["unit"].section)
    first, second = re.split(
        r"(?m)^(?=\[\[section\]\]\nid = \"saatavuus\")", path.read_text(encoding="utf-8")
    )
    added = f"{example('A new section')}\n{example('A new sentence')}\n\n"
    path.write_text(first + added + second, encoding="utf-8")
    sections = load(own / "configs").packs["unit"].section
    assert len(sections) == before + 1
    assert sections[1].title["fi"] == "Jonot ja takaisinsoitot"
    assert [block.kind for block in sections[1].block] == ["metric_table", "trends", "text"]
    text = sections[1].block[2]
    assert isinstance(text, Text)
    assert text.text["sv"] == "Siffrorna behandlas i ledningsteamet."


def test_a_new_phrase(own: Path) -> None:
    phrase, line = example("A new phrase for a template"), example("A new phrase for a template", 1)
    edit(own / "templates/pdf/pack.html.j2", "</h1>\n", f"</h1>\n{line}")
    (missing,) = [str(fault) for fault in faults(load(own / "configs"), own / "templates")]
    assert missing.startswith("templates/pdf/pack.html.j2: line ")
    assert "no attribute 'contact'" in missing
    for number, language in enumerate(("fi", "sv", "en"), 1):
        with (own / f"configs/labels/{language}.toml").open("a", encoding="utf-8") as file:
            file.write(f"\n{phrase}")
        if number == 1:
            with pytest.raises(ConfigError, match=r"labels/sv\.toml: words\.contact: is missing"):
                load(own / "configs")


def test_a_new_phrase_is_on_the_page(own: Path) -> None:
    phrase, line = example("A new phrase for a template"), example("A new phrase for a template", 1)
    edit(own / "templates/pdf/pack.html.j2", "</h1>\n", f"</h1>\n{line}")
    for language in ("fi", "sv", "en"):
        with (own / f"configs/labels/{language}.toml").open("a", encoding="utf-8") as file:
            file.write(f"\n{phrase}")
    assert '<p class="small">Kysymykset: laatukoordinaattori</p>' in page_of(own)


def test_every_file_the_guide_names_is_there() -> None:
    names = set(re.findall(r"`((?:configs|templates)/[\w/.]+\.\w+)`", GUIDE))
    assert len(names) >= 10
    assert [name for name in sorted(names) if not (ROOT / name).is_file()] == ["templates/logo.svg"]
