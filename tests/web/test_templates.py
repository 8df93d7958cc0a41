"""A broken template is told by `opti check`: which file, which line, what is wrong."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from opti_reports.check.templates import faults
from opti_reports.config.load import load
from opti_reports.language.wording import Wording
from tests.web.making import ROOT

BROKEN = [
    (
        "pdf/blocks.html.j2",
        '{{ block.title }}</h3>\n<p class="measure">',
        '{{ block.titel }}</h3>\n<p class="measure">',
        "templates/pdf/blocks.html.j2: line {line}: the template cannot be filled: "
        "'opti_reports.model.charts.Trend object' has no attribute 'titel'",
    ),
    (
        "pdf/pack.html.j2",
        "<h1>{{ pack.message or pack.title }}</h1>",
        "<h1>{{ words.heading }}</h1>",
        "templates/pdf/pack.html.j2: line {line}: the template cannot be filled: "
        "'dict object' has no attribute 'heading'",
    ),
    (
        "pdf/pack.html.j2",
        "<h1>{{ pack.message or pack.title }}</h1>",
        "<h1>{{ pack.message or pack.title }}<h1>",
        "templates/pdf/pack.html.j2: near line 21: the page is not well-formed",
    ),
    (
        "pdf/pack.css.j2",
        "color: {{ colours.ink }};",
        "color: {{ colours.inc }};",
        "templates/pdf/pack.css.j2: line {line}: the template cannot be filled: ",
    ),
    (
        "pptx/blocks.xml.j2",
        "<notice",
        "<notise",
        "templates/pptx/blocks.xml.j2: near line 18: the slide markup is not well-formed",
    ),
    (
        "pptx/pack.xml.j2",
        "pack.sections",
        "pack.parts",
        "templates/pptx/pack.xml.j2: line {line}: the template cannot be filled: ",
    ),
    (
        "html/parts.html.j2",
        "{{ row.target }}",
        "{{ row.aim }}",
        "templates/html/parts.html.j2: line {line}: the template cannot be filled: "
        "'opti_reports.model.page.Row object' has no attribute 'aim'",
    ),
    (
        "html/handbook.html.j2",
        "{{ card.definition }}",
        "{{ card.meaning }}",
        "templates/html/handbook.html.j2: line {line}: the template cannot be filled: ",
    ),
]


def told(templates: Path) -> list[str]:
    """What is wrong, a line each."""
    return [str(fault) for fault in faults(load(ROOT / "configs"), templates)]


def test_the_templates_that_come_along_are_whole() -> None:
    assert told(ROOT / "templates") == []


@pytest.mark.parametrize(("file", "good", "bad", "says"), BROKEN)
def test_a_broken_template_is_told_with_file_and_line(
    tmp_path: Path, file: str, good: str, bad: str, says: str
) -> None:
    templates = tmp_path / "templates"
    shutil.copytree(ROOT / "templates", templates)
    before = (templates / file).read_text(encoding="utf-8")
    assert good in before
    (templates / file).write_text(before.replace(good, bad, 1), encoding="utf-8")
    line = before[: before.index(good)].count("\n") + 1
    found = told(templates)
    assert found
    assert any(one.startswith(says.format(line=line)) for one in found), found


def test_a_phrase_that_an_older_workspace_lacks_is_told() -> None:
    configs = load(ROOT / "configs")
    phrases = dict(configs.wordings["fi"].phrases)
    del phrases["web.matrix"]
    old = replace(configs, wordings={**configs.wordings, "fi": Wording("fi", phrases)})
    (fault,) = faults(old, ROOT / "templates")
    assert str(fault) == "languages/fi.toml: the phrase 'web.matrix' is missing. Add it."
