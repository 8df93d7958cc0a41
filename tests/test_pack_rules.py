"""`opti check` fails what no month makes right: a page too many, a long title, a card without a role."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from opti_reports.check import packs
from opti_reports.config.configs import Configs
from opti_reports.config.pack import PackSpec
from opti_reports.messages.sentences import sentence
from tests.extracts.shipped import configs
from tests.render import fixture

TEMPLATES = fixture.look().templates


def changed(id: str, change: Callable[[PackSpec], PackSpec]) -> Configs:
    """Return the shipped configs in Finnish with one pack, changed."""
    own = configs()
    settings = own.settings.model_copy(update={"languages": ("fi",)})
    return replace(own, settings=settings, packs={id: change(own.packs[id])})


def told(own: Configs, templates: Path = TEMPLATES) -> list[str]:
    return [sentence(fault.said) for fault in packs.faults(own, templates)]


def more_pages(spec: PackSpec) -> PackSpec:
    first, second, *others = spec.section
    again = second.model_copy(update={"id": "lisaa", "title": dict.fromkeys(second.title, "Lisää")})
    return spec.model_copy(update={"section": (first, second, again, *others)})


def text_of_a_page(spec: PackSpec) -> PackSpec:
    opened = spec.section[0].block[0]
    long = dict.fromkeys(("fi", "sv", "en"), "Tämä lukee joka kuukausi. " * 400)
    words = type(spec).model_validate(
        spec.model_dump()
        | {"section": [{"id": "x", "title": long, "block": [{"kind": "text", "text": long}]}]}
    )
    section = spec.section[0].model_copy(update={"block": (opened, *words.section[0].block)})
    return spec.model_copy(update={"section": (section, *spec.section[1:])})


@pytest.mark.parametrize("id", ["unit", "service_unit", "management_review"])
def test_what_ships_keeps_the_rules(id: str) -> None:
    assert told(changed(id, lambda spec: spec)) == []


@pytest.mark.parametrize("change", [more_pages, text_of_a_page])
def test_a_page_too_many_is_named_with_the_section_beyond(change: Callable[[PackSpec], PackSpec]) -> None:
    (said,) = told(changed("unit", change))
    assert said.startswith("packs/unit.toml: unit/toimintayksikko.fi: 6 pages or slides before the appendix")
    assert "'Henkilöstökokouksen sivu' is beyond them" in said


def test_a_title_over_two_lines_is_named(tmp_path: Path) -> None:
    def longer(spec: PackSpec) -> PackSpec:
        title = dict.fromkeys(("fi", "sv", "en"), "Yhteydensaanti ja sen seuranta " * 9)
        section = spec.section[1].model_copy(update={"title": title})
        return spec.model_copy(update={"section": (spec.section[0], section, *spec.section[2:])})

    (said,) = told(changed("service_unit", longer))
    assert "the title of slide 2 is cut, it has two lines: 'Yhteydensaanti" in said


def test_a_heading_of_phrases_over_two_lines_is_named() -> None:
    own = changed("unit", lambda spec: spec)
    fi = own.wordings["fi"]
    phrases = fi.phrases | {"card.helped_many": "{count} toimenpidettä paransi tulosta. " * 6}
    (said,) = told(replace(own, wordings={"fi": replace(fi, phrases=phrases)}))
    assert "the heading of the first page takes more than two lines: 'viisi asiaa" in said


@pytest.mark.parametrize(
    ("id", "file"), [("unit", "pdf/blocks.html.j2"), ("service_unit", "pptx/blocks.xml.j2")]
)
def test_a_template_whose_cards_name_nobody_is_told(id: str, file: str, tmp_path: Path) -> None:
    shutil.copytree(TEMPLATES, tmp_path / "templates")
    template = tmp_path / "templates" / file
    before, cards, after = re.split(
        r"(macro cards.*?endmacro)", template.read_text(encoding="utf-8"), flags=re.S
    )
    template.write_text(before + cards.replace("item.role", "item.value") + after, encoding="utf-8")
    (said,) = told(changed(id, lambda spec: spec), tmp_path / "templates")
    assert said.endswith("a card of 'Päätettävä tässä kokouksessa' does not show whose move it is")
