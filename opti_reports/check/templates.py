"""Templates tried on samples: what is wrong in them is named with file and line before a month is run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from opti_reports.check import samples
from opti_reports.config.configs import Configs
from opti_reports.errors import Fault, PackError, file_and_line
from opti_reports.mail import sample as mails
from opti_reports.mail.letters import Writer
from opti_reports.messages.message import message
from opti_reports.messages.sentences import words
from opti_reports.model.handbook import GroupingPart, Handbook, MeasurePart
from opti_reports.model.look import Look
from opti_reports.model.pack import Pack
from opti_reports.packs.build import WEB_WORDS
from opti_reports.packs.handbook import handbook
from opti_reports.render import rules
from opti_reports.render.handbook import render_handbook_html, render_handbook_pdf
from opti_reports.render.html import KINDS, render_web
from opti_reports.render.page import render_page
from opti_reports.render.pdf import render_html, render_pdf
from opti_reports.render.pptx import render_markup, render_pptx

_TAG = re.compile(r"^(?:\{%.*?%\})+")
"""Statements at the beginning of a template's line, which leave nothing in the page."""
_STOPPED = re.compile(r"line (\d+), column")
"""Where in the filled page a reader of XML stopped."""
_BACK, _SHORT = 12, 5
"""How many lines of the page are looked at, and how short a beginning says too little."""
_BROKEN = frozenset({"render.page", "render.markup"})
"""Errors whose place is that of the filled page, not of a template."""


def faults(configs: Configs, templates: Path) -> Iterator[Fault]:
    """Yield what keeps a template from being filled or laid out, each document's first fault."""
    yield from mails.faults(Writer(configs, templates))
    look, language = Look(configs.brand.brand(), templates), configs.settings.languages[0]
    try:
        sample, page = samples.pack(configs, language), samples.page(configs, look, language)
        book = _card(handbook(configs, language))
    except PackError as error:  # a phrase that the languages of an older workspace lack
        yield Fault.of(error.where, "", error.message)
        return
    made: tuple[tuple[str, Callable[[], bytes], Callable[[], str] | None], ...] = (
        ("templates/pdf", lambda: render_pdf(sample, look), lambda: render_html(sample, look)),
        ("templates/pptx", lambda: render_pptx(sample, look), lambda: render_markup(sample, look)),
        ("templates/html", lambda: render_page(page, look), None),
        ("templates/html", lambda: render_web(_web(sample), look), None),
        ("templates/html", lambda: render_handbook_html(book, look), None),
        ("templates/pdf", lambda: render_handbook_pdf(book, look), None),
    )
    seen: set[tuple[str, str]] = set()
    for folder, make, text in made:
        try:
            content = make()
            if folder == "templates/pptx":
                yield from (Fault.of(folder, "", said) for said in rules.of_slides(sample, None, content))
        except PackError as error:
            fault = _fault(error, folder, templates, text)
            if (place := (fault.file, words(fault.key))) not in seen:
                seen.add(place)
                yield fault


def _web(sample: Pack) -> Pack:
    """Return the pack with the blocks that a web page shows."""
    kept = (
        replace(one, blocks=tuple(block for block in one.blocks if block.kind in KINDS), yields=())
        for one in sample.sections
    )
    words = sample.words | dict.fromkeys(WEB_WORDS, "x")
    return replace(sample, sections=tuple(kept), words=words)


def _card(book: Handbook) -> Handbook:
    """Return the handbook with one card: enough to try a template on."""
    area = book.areas[0]
    theme = area.themes[0]
    cards = theme.cards[:1]
    return replace(
        book,
        areas=(replace(area, themes=(replace(theme, cards=cards),)),),
        groupings=tuple(_grouping(one, cards[0].id) for one in book.groupings),
    )


def _grouping(one: GroupingPart, id: str) -> GroupingPart:
    """Return the grouping with links to one metric: other cards are not there."""

    def linked(measure: MeasurePart) -> MeasurePart:
        return replace(measure, metrics=tuple(metric for metric in measure.metrics if metric[0] == id))

    groups = (replace(group, measures=tuple(map(linked, group.measures))) for group in one.groups)
    return replace(one, groups=tuple(groups))


def _fault(error: PackError, folder: str, templates: Path, text: Callable[[], str] | None) -> Fault:
    """Return the fault at its place: told by the error, or found by the lines of the page
    before it stopped.
    """
    known, line = file_and_line(error.place)
    if line and error.message.code not in _BROKEN:
        return Fault.of(known, line, error.message)
    stopped = _STOPPED.search(error.what)
    if stopped is not None and text is not None:
        lines = text().splitlines()[: int(stopped[1])]
        file, number = _near(lines, templates / Path(folder).name)
        if file:
            return Fault.of(f"{folder}/{file}", message("at.near", line=number), error.message)
    if known.startswith("templates/"):
        return Fault.of(known, line, error.message)
    return Fault.of(folder, "", error.message)


def _near(lines: list[str], folder: Path) -> tuple[str, int]:
    """Return the template's line that made the last line of a page which no other can have made."""
    starts = [
        (_fixed(line), path.name, number)
        for path in sorted(folder.glob("*.j2"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    ]
    for line in reversed(lines[-_BACK:]):
        alike = [one for one in starts if len(one[0]) > _SHORT and line.strip().startswith(one[0])]
        longest = max((len(fixed) for fixed, _, _ in alike), default=0)
        best = [(file, number) for fixed, file, number in alike if len(fixed) == longest]
        if len(best) == 1:
            return best[0]
    return "", 0


def _fixed(line: str) -> str:
    """Return what a template's line begins with in every page."""
    return _TAG.sub("", line.strip()).partition("{{")[0].partition("{%")[0]
