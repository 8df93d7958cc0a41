"""No word a reader sees is written in a template or in Python, and none is left in another language."""

from __future__ import annotations

import ast
import dataclasses
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from babel.dates import get_month_names
from pptx import Presentation
from pydantic import AfterValidator, StringConstraints

from opti_reports.config.base import Identifier, Strict, Words
from opti_reports.config.configs import Configs
from opti_reports.config.load import load
from opti_reports.language.wording import Wording, flatten
from opti_reports.messages.message import message
from opti_reports.model.page import MonthFiles
from opti_reports.packs.build import build
from opti_reports.packs.handbook import handbook
from opti_reports.packs.material import Material
from opti_reports.packs.page import page
from tests.packs import fixture
from tests.packs.world import LANGUAGES, SPECS

ROOT = Path(__file__).resolve().parents[2]
WORD = re.compile(r"[^\W\d_]{3,}")
SAID = ("alt", "title", "aria-label", "placeholder", "label", "summary", "name")
"""Attributes of which a reader sees or hears the value."""
SAME = {
    "index 0–1": "the same word in Swedish and English",
    "index −100…100": "the same word in Swedish and English",
    "Period": "the same word in Swedish and English",
    "Definition": "the same word in Swedish and English",
    "Variation": "the same word in Swedish and English",
    "€/person": "the same word in Swedish and English",
    "Budget": "the same word in Swedish and English",
    "Summa.": "the same word in Finnish and Swedish",
    "eNPS": "an international abbreviation",
    "chat": "an international word",
    "video": "an international word",
    "HR-controller": "an international word",
    "Valvira": "the name of an authority",
    "HaiPro": "the name of a system",
    "Process": "the same word in Swedish and English",
    "text": "the same word in Swedish and English",
    "Finland": "the same word in Swedish and English",
    "Uusimaa": "the same word in Finnish and English",
    "THL, Sotkanet 2676": "the name of a statistic",
    "Plan publ.": "the same words in Swedish and English",
    "luvut.csv": "the name of a file",
}


# --- templates


def in_template(text: str, name: str) -> list[str]:
    """The words that a template says by itself: in its text, in attributes, in texts of its statements."""
    text = re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)
    spoken = [
        said
        for said in re.findall(
            r"""["']([^"'{}<>]*)["']""", " ".join(re.findall(r"\{[{%].*?[%}]\}", text, re.DOTALL))
        )
        if re.search(r"[A-ZÅÄÖåäö]|[^\W\d_]{2,} [^\W\d_]{2,}", said)
        and not re.fullmatch(r"[MLhvlz0-9 .,-]+", said)
        and not re.search(r"\.j2$", said)
    ]
    bare = re.sub(r"\{[{%].*?[%}]\}", "", text, flags=re.DOTALL)
    if ".css" in name:
        return spoken + [one for one in re.findall(r"content:\s*\"([^\"]*)\"", bare) if WORD.search(one)]
    attributes = re.findall(rf"""\s(?:{"|".join(SAID)})="([^"]*)\"""", re.sub(r"<meta[^>]*>", "", bare))
    spoken += [one for one in attributes if WORD.search(one)]
    between = re.sub(r"<(style|script).*?</\1>", "", bare, flags=re.DOTALL)
    return spoken + [
        one.strip() for one in re.sub(r"<[^>]*>", "\n", between).splitlines() if WORD.search(one)
    ]


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.j2")), ids=lambda path: path.name)
def test_a_template_says_no_word_by_itself(path: Path) -> None:
    assert in_template(path.read_text(encoding="utf-8"), path.name) == []


@pytest.mark.parametrize(
    ("planted", "name"),
    [
        ("<p>{{ words.page }} Huom</p>", "a.html.j2"),
        ('<img alt="Kuva" src="{{ x }}"/>', "a.html.j2"),
        ('<nav aria-label="Contents">', "a.html.j2"),
        ('<p>{{ "Ei tietoja" if x }}</p>', "a.html.j2"),
        ('<table caption="{{ x }}">\nSidan\n</table>', "a.html.j2"),
        ('p::after { content: "sivu" }', "a.css.j2"),
    ],
)
def test_a_word_planted_in_a_template_is_found(planted: str, name: str) -> None:
    assert len(in_template(planted, name)) == 1


# --- Python


def in_python(source: str) -> Iterator[str]:
    """Texts of a module with two words or Finnish letters, but for docstrings and what errors say."""
    tree = ast.parse(source)
    quiet: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise | ast.Assert):
            quiet |= {id(part) for part in ast.walk(node)}
        if isinstance(node, ast.Call) and re.search("Error|Fault", ast.unparse(node.func)):
            quiet |= {id(part) for part in ast.walk(node)}
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            quiet.add(id(node.value))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in quiet:
            continue
        if re.search(r"[^\W\d_]{2,} [^\W\d_]{2,}|[ÅÄÖåäö]", node.value):
            yield node.value


@pytest.mark.parametrize("room", ["packs", "findings", "render"])
def test_python_says_no_word_by_itself(room: str) -> None:
    found = {
        f"{path.name}: {said}"
        for path in sorted((ROOT / "opti_reports" / room).rglob("*.py"))
        for said in in_python(path.read_text(encoding="utf-8"))
    }
    boxes = names_in_base() if room == "render" else set()
    assert {one for one in found - NOT_SHOWN if not named_box(one, boxes)} == set()


NOT_SHOWN = {
    "hyphens.py: (?=[bcdfghjklmnpqrstvwxz][aeiouyäöå])",  # letters, not words
    "measure.py: aäåckvsxyzJL–1",
    "measure.py: ABKPRSTVXYÄ−<>=≥≤±",
    "measure.py: CDGHNOQUÖ",
    "page.py: '; img-src data:; base-uri 'none'; form-action 'none'",
    'page.py: <svg role="img" ',
    *(f"{name}.py: axes fraction" for name in ("funnel", "sheet", "stacked", "trend")),  # of matplotlib
    "sheet.py: offset points",
    "measure.py: DejaVu Sans",
}


def names_in_base() -> set[str]:
    """The names of layouts and their boxes, by which slides are laid; no reader sees them."""
    deck = Presentation(str(ROOT / "templates/pptx/base.pptx"))
    return {
        name for layout in deck.slide_layouts for name in (layout.name, *(box.name for box in layout.shapes))
    }


def named_box(found: str, boxes: set[str]) -> bool:
    """Whether a text is the name, or the beginning of names, of boxes."""
    said = found.partition(": ")[2].strip()
    return any(name.startswith(said) for name in boxes)


def test_a_sentence_planted_in_python_is_found() -> None:
    planted = 'def title():\n    """A title of two words."""\n    return "Two words"\n'
    assert list(in_python(planted)) == ["Two words"]
    assert list(in_python('x = "päätös"')) == ["päätös"]
    assert list(in_python('raise PackError("the phrase is missing")')) == []


# --- what is built: every phrase in brackets, and what is left outside them must come from the data


def bracketed(configs: Configs) -> Configs:
    """The same configs with every phrase marked."""
    marked = {
        language: Wording(language, {key: f"⟦{said}⟧" if said else "" for key, said in one.phrases.items()})
        for language, one in configs.wordings.items()
    }
    plain = ("period.date",)  # a pattern of dates, not a phrase
    for language, one in marked.items():
        one.phrases.update({key: configs.wordings[language].phrases[key] for key in plain})
    return replace(configs, wordings=marked)


def texts(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a content with the name of its field."""
    if isinstance(value, str):
        yield name, value
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from texts(getattr(value, field.name), field.name)
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from texts(one, name)
    elif isinstance(value, tuple):
        for one in value:
            yield from texts(one, name)


CODES = {
    "id",
    "org",
    "period",
    "language",
    "role",
    "tone",
    "code",
    "mark",
    "detail",
    "group",
    "area",
    "metric",
}
CODES |= {"state", "path", "file", "basis", "trace", "tones", "reading", "flags"}
"""Fields that no reader sees."""


def left_over(content: Any, known: set[str]) -> set[str]:
    """Words outside every phrase that are neither names of the configs, nor data, nor months."""
    found = set()
    for name, text in texts(content):
        bare, before = text, ""
        while bare != before:
            before, bare = bare, re.sub(r"⟦[^⟦⟧]*⟧", " ", bare)
        if name not in CODES:
            found |= {word for word in WORD.findall(bare) if word.casefold() not in known}
    return found


def vocabulary(*sources: Any) -> set[str]:
    """The words of names and data, and the months of all languages."""
    said = " ".join(text for source in sources for _, text in texts(_plain(source)))
    months = [
        word
        for language in LANGUAGES
        for width in ("wide", "abbreviated")
        for context in ("format", "stand-alone")
        for word in get_month_names(width, context, language).values()
    ]
    return {word.casefold() for word in WORD.findall(" ".join([said, *months]))}


def _plain(source: Any) -> Any:
    """Config models as mappings, all else as it is."""
    if hasattr(source, "model_dump"):
        return _plain(source.model_dump())
    if isinstance(source, Mapping):
        return {str(key): _plain(value) for key, value in source.items()}
    if isinstance(source, list | tuple):
        return tuple(_plain(value) for value in source)
    return source


def marked_material() -> Material:
    """The ordinary month, its phrases in brackets."""
    found = fixture.material()
    return replace(found, configs=bracketed(found.configs))


def world(found: Material) -> set[str]:
    """The words of the tiny organisation."""
    c = found.configs
    named = (
        c.metrics,
        c.sources,
        c.packs,
        [t.model_dump() for t in c.themes],
        [a.model_dump() for a in c.areas],
    )
    codes = [value.key.replace("_", " ") for value in found.values if value.breakdown]
    return vocabulary(*named, c.organisation, found.lists, codes) | {"pdf", "powerpoint", "excel"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_packs_and_of_the_page_is_a_phrase_or_a_name(language: str) -> None:
    found = marked_material()
    known = world(found)
    for spec, org in zip(SPECS, ("ranta", "etela", "alue"), strict=True):
        assert left_over(build(found, spec, org, language), known) == set()
    made = MonthFiles(
        ("packs/yksikko/ranta.fi.pdf",),
        {"packs/yksikko/metsa.fi.pdf": message("lines", lines=())},
        (),
        ("rejects/puhelut.csv",),
    )
    files = {"values", "csv", "deviations", "run", "json", "rejects", "puhelut"}
    assert (
        left_over(page(found, language, made), known | files | {w.casefold() for w in own_names(found)})
        == set()
    )


def own_names(found: Material) -> list[str]:
    """The languages' names of themselves."""
    return [one.phrases["web.own_name"].strip("⟦⟧") for one in found.configs.wordings.values()]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_word_of_the_handbook_is_a_phrase_or_a_text_of_the_configs(language: str) -> None:
    configs = bracketed(load(ROOT / "configs"))
    named = (configs.metrics, configs.sources, [t.model_dump() for t in configs.themes])
    asked = [a.model_dump() for a in (*configs.areas, *configs.groupings)]
    known = vocabulary(*named, asked, configs.organisation)
    assert left_over(handbook(configs, language), known) == set()


def test_a_word_planted_in_what_is_built_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    found = marked_material()
    monkeypatch.setattr("opti_reports.packs.cells.DASH", "puuttuu täysin")
    left = left_over(build(found, SPECS[0], "ranta", "fi"), world(found))
    assert left == {"puuttuu", "täysin"}


# --- texts of the configs: in every language, or met by no reader of a document

UNREAD = {
    "what a county says of its own approval, and its name": {
        *("Approval.purpose", "Approval.approver"),
        *(f"{model}.approval" for model in ("Gated", "PackSpec", "Source", "Theme")),
    },
    "keys, addresses and names of files": {
        "Archive.public_key",
        "ImportFile.file",
        "ImportFile.serial",
        "Smtp.ca_file",
        "Stamp.roots",
        "Smtp.user",
        "Smtp.password_env",
        "Smtp.password_file",
        *("OAuth.secret_env", "OAuth.secret_file", "OAuth.authority", "OAuth.scope"),
    },
    "expressions, terms and codes": {
        *("Check.rule", "RowList.where", "RowList.unit", "Totals.whole", "Source.date", "Source.empty_unit"),
        *("Fact.where", "Fact.since", "Fact.at", "Fact.unit"),
        *("Link.of", "Link.after", "Link.where", "Link.order"),
        *(f"{kind}.n" for kind in ("Added", "Total", "Ratio", "Quantile")),
        *(f"{kind}.of" for kind in ("Quantile", "Continuity", "Compare", "Pair", "Spread")),
        *(f"{kind}.headline" for kind in ("FromFacts", "Added", "Total", "Ratio", "Quantile", "Continuity")),
        *(
            "Ratio.waiting",
            "Ratio.squares",
            "Quantile.of_above",
            "Pair.to",
            "Untold.column",
            "Reference.indicator",
        ),
        *("Owner.language", "Recipient.language", "Supplier.language"),
    },
    "told only to those who keep the configs and the archive": {
        *(
            "Column.blank_ok",
            "Column.note",
            "Column.pattern",
            "Limit.basis",
            "NumberTable.basis",
            "Target.agreed_by",
            "Demo.agreed_by",
            "Escalation.agreed_by",
            "Hold.reason",
            "Hold.by_role",
            "Settings.group",
            "WeeksRelease.released_by",
        ),
    },
}


def models(base: type[Strict]) -> Iterator[type[Strict]]:
    """Every model of the configs."""
    for model in base.__subclasses__():
        yield model
        yield from models(model)


def plain_texts(found: Iterable[type[Strict]]) -> set[str]:
    """The fields that hold one text, in whatever language, and no name of a fixed form."""
    return {
        f"{model.__name__}.{name}"
        for model in found
        for name, field in model.model_fields.items()
        if field.annotation in (str, str | None)
        and not any(isinstance(rule, StringConstraints | AfterValidator) for rule in field.metadata)
    }


def test_a_text_of_the_configs_that_a_reader_meets_is_in_every_language() -> None:
    every = {model for model in models(Strict) if model.__module__.startswith("opti_reports.")}
    own = {model for model in every if not model.__module__.startswith("opti_reports.demo.")}  # its own files
    assert plain_texts(own) == set().union(*UNREAD.values())


def test_a_config_text_in_one_language_is_found() -> None:
    class Planted(Strict):
        caveat: str = ""
        name: Words
        id: Identifier

    assert plain_texts([Planted]) == {"Planted.caveat"}


# --- translations


def phrases(language: str) -> dict[str, str]:
    """Every phrase and name of columns and codes in a language."""
    found: dict[str, str] = {}
    for folder in ("languages", "labels"):
        text = (ROOT / "configs" / folder / f"{language}.toml").read_text(encoding="utf-8")
        found |= {f"{folder}.{key}": said for key, said in flatten(tomllib.loads(text)).items()}
    return found


def names(value: Any, place: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Every text of the configs that is written in each language."""
    if isinstance(value, dict):
        if set(value) == set(LANGUAGES) and all(isinstance(one, str) for one in value.values()):
            yield place, value
            return
        for key, one in value.items():
            yield from names(one, f"{place}.{key}")
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from names(one, f"{place}.{number}")


def untranslated(by_language: Mapping[str, str]) -> list[str]:
    """A text that two languages say alike, if it has a word in it."""
    bare = {language: re.sub(r"\{\w+\}", "", said) for language, said in by_language.items()}
    return sorted(
        {
            by_language[one]
            for one, other in combinations(LANGUAGES, 2)
            if bare[one] == bare[other] and re.search(r"[^\W\d_]{4,}", bare[one])
        }
    )


def test_no_phrase_and_no_name_is_left_in_another_language() -> None:
    told = {language: phrases(language) for language in LANGUAGES}
    found = [(key, {language: told[language][key] for language in LANGUAGES}) for key in told["fi"]]
    for path in sorted((ROOT / "configs").glob("**/*.toml")):
        if path.parent.name not in ("languages", "labels") and path.name != "organisation.toml":
            found += names(tomllib.loads(path.read_text(encoding="utf-8")), path.name)
    same = {said: key for key, by_language in found for said in untranslated(by_language)}
    assert {said: key for said, key in same.items() if said not in SAME} == {}
    assert set(SAME) <= set(same), "no longer the same in any two languages"


def test_a_phrase_left_untranslated_is_found() -> None:
    assert untranslated({"fi": "Raportit {n}", "sv": "Raportit {n}", "en": "Reports {n}"}) == ["Raportit {n}"]
    assert untranslated({"fi": "{n}/{all} kk", "sv": "{n}/{all} kk", "en": "{n}/{all} kk"}) == []
