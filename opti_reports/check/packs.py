"""Each pack made of samples: what its file, templates and phrases break of the rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from opti_reports.check import samples
from opti_reports.config import block as kinds
from opti_reports.config.configs import Configs
from opti_reports.config.pack import PackSpec, SectionSpec
from opti_reports.errors import Fault, PackError
from opti_reports.messages.message import Message, message
from opti_reports.model.card import Cards
from opti_reports.model.look import Look
from opti_reports.model.pack import Block, Pack, Section, Table, Text
from opti_reports.render import pdf, pptx, rules

_ROLE = "rolesample"
"""A word of one piece that stands nowhere else."""
_MATTERS = 5


def faults(configs: Configs, templates: Path) -> Iterator[Fault]:
    """Yield what breaks a rule in a pack of which every block says as little as it can, in every language."""
    look = Look(configs.brand.brand(), templates)
    seen: set[tuple[str, str]] = set()
    for spec in configs.packs.values():
        for language in configs.settings.languages:
            sample = _pack(configs, spec, language)
            try:
                found = list(_broken(sample, spec, look))
            except PackError as error:
                found = [error.said]
            for said in found:
                fault = Fault.of(f"packs/{spec.id}.toml", "", said)
                if (place := (spec.id, str(fault))) not in seen:
                    seen.add(place)
                    yield fault


def _broken(sample: Pack, spec: PackSpec, look: Look) -> Iterator[Message]:
    if spec.format == "pdf":
        laid = pdf.paged(sample, look)
        yield from rules.of_pages(sample, spec.pages, laid.sections, laid.count)
        text = pdf.render_html(sample, look)
    else:
        yield from rules.of_slides(sample, spec.pages, pptx.render_pptx(sample, look))
        text = pptx.render_markup(sample, look)
    for section in sample.sections:
        for block in section.blocks:
            if isinstance(block, Cards) and _ROLE not in text:
                yield message("rule.unsaid", pack=sample.name, block=block.caption)


def _pack(configs: Configs, spec: PackSpec, language: str) -> Pack:
    """Return the pack with its own titles and texts, of one type of unit."""
    wording = configs.wordings[language]
    first = spec.unit_types[:1]
    sections = tuple(_section(section, configs, language, first) for section in spec.section)
    asked = any(isinstance(block, kinds.Cards) for block in spec.blocks)
    count = wording.say(f"count.{_MATTERS}")
    said = [wording.say(f"card.{name}_many", count=count) for name in ("title", "helped")]
    return replace(
        samples.pack(configs, language),
        id=spec.id,
        org=spec.level,
        title=wording.of(spec.name),
        subtitle=wording.of(spec.meeting),
        message=" ".join(said) if asked else "",
        sections=tuple(section for section in sections if section.blocks),
    )


def _section(spec: SectionSpec, configs: Configs, language: str, types: tuple[str, ...]) -> Section:
    own = [block for block in spec.block if not block.unit_types or set(types) & set(block.unit_types)]
    own = own[:1] if spec.appendix else own  # what comes after it is not judged
    return Section(
        id=spec.id,
        title=spec.title[language],
        blocks=tuple(made for block in own for made in _least(block, configs, language)),
        opening=spec.opening,
        own_page=spec.own_page,
        appendix=spec.appendix,
    )


def _least(block: kinds.AnyBlock, configs: Configs, language: str) -> tuple[Block, ...]:
    """Return what a block says at least, where it says anything."""
    match block:
        case kinds.Text():
            return (Text((block.text[language],)),)
        case kinds.Cards():
            card = replace(samples.CARD, role=_ROLE)
            return (Cards(configs.wordings[language].say("block.cards"), (card,), "x"),)
        case kinds.Decisions():
            return (Table(caption="x", columns=samples.TABLE.columns, rows=(), empty="", blank_rows=1),)
        case kinds.MetricTable() if not block.dense:
            return (replace(samples.METRICS, rows=samples.METRICS.rows * len(block.metrics)),)
        case kinds.MetricTable():
            return (replace(samples.TABLE, rows=samples.TABLE.rows * len(block.metrics)),)
    times = len(block.metrics) if isinstance(block, kinds.Trends | kinds.Comparison | kinds.Funnel) else 1
    return (samples.OF_KIND.get(block.kind, samples.TABLE),) * times
