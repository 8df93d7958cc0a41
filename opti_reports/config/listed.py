"""``configs/sources.toml``: the sources an organisation has, and the configs without the others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from annotated_types import MinLen
from pydantic import BaseModel, Field

from opti_reports.algebra.term import parse_compared
from opti_reports.config.base import Identifier, Kind, Names, Strict, Words
from opti_reports.config.block import Done
from opti_reports.config.groupings import Grouping, Measure
from opti_reports.config.metric import AnyMetric, Compare
from opti_reports.config.pack import PackSpec, SectionSpec
from opti_reports.config.recipients import Recipients
from opti_reports.config.references import kinds, references
from opti_reports.config.source import Source
from opti_reports.errors import Fault
from opti_reports.messages.spelling import suggestion

if TYPE_CHECKING:
    from opti_reports.config.block import AnyBlock
    from opti_reports.config.configs import Configs

FILE = "sources.toml"
Gone = Mapping[Kind, Collection[str]]
Model = TypeVar("Model", bound=BaseModel)
EVIDENCE: tuple[Kind, ...] = ("metric", "fact", "list", "process", "goal", "grouping")
"""What a block that shows something of the sources names."""
HOLLOW = (Done, Measure)
"""Models that are nothing, or would mean everything, without the last name in a list of them."""


class Listed(Strict):
    """The file. Without it an organisation has every source of ``configs/sources``."""

    sources: tuple[Identifier, ...] | None = Field(default=None, min_length=1)


@dataclass(frozen=True, kw_only=True)
class Unlisted:
    """The sources an organisation does not have, and what each would bring to a pack, by the pack's id."""

    sources: Mapping[str, Source] = field(default_factory=dict)
    brings: Mapping[str, Mapping[str, tuple[Words, ...]]] = field(default_factory=dict)


def check_listed(listed: Listed, sources: Names) -> Iterator[Fault]:
    """Yield sources that nobody knows, and those that are there twice."""
    names = listed.sources or ()
    for number, name in enumerate(names, 1):
        if sources.lack(name):
            near = suggestion(name, sources)
            yield Fault(FILE, f"sources.{number}", "unknown.source", name=name, near=near)
        elif name in names[: number - 1]:
            yield Fault(FILE, f"sources.{number}", "source.listed_twice", name=name)


def with_sources(configs: Configs, listed: Listed) -> Configs:
    """Return the configs without what rests on sources that are not listed.

    Rows that imports write come from the meetings, and from no system: they stay, and are never late.
    """
    if listed.sources is None:
        return configs
    kept: dict[str, Source] = {}
    for id, source in configs.sources.items():
        if id in listed.sources:
            kept[id] = source
        elif source.kept:
            kept[id] = source.model_copy(update={"presence": "imported"})
    left = {id: source for id, source in configs.sources.items() if id not in kept}
    lacking = {id: rests_on(configs, one) - set(listed.sources) for id, one in configs.metrics.items()}
    metrics = {id: found for id, found in lacking.items() if found}
    gone: dict[Kind, Collection[str]] = {
        "metric": metrics,
        "list": {spec.id for source in left.values() for spec in source.list},
        "fact": {fact.id for source in left.values() for fact in source.fact},
    }
    pared = _without(replace(configs, sources=kept), gone)
    brings = {id: _brings(configs, configs.packs[id], metrics, left) for id in pared.packs}
    return replace(pared, unlisted=Unlisted(sources=left, brings=brings))


def rests_on(configs: Configs, metric: AnyMetric) -> set[str]:
    """Return the sources a metric rests on, with those of the metrics it compares."""
    if isinstance(metric, Compare):
        others = (configs.metrics[parse_compared(text)[0]] for text in metric.others.values())
        return {source for other in others for source in rests_on(configs, other)}
    needed = {column.partition(".")[0] for column in metric.needs}
    return needed | {configs.shapes[part.term.fact].source for part in metric.parts()}


def _without(configs: Configs, gone: dict[Kind, Collection[str]]) -> Configs:
    """Return the configs without these metrics, lists and facts, and all that is nothing without them."""
    metrics = {id: pared(one, gone) or one for id, one in configs.metrics.items() if id not in gone["metric"]}
    themes = tuple(
        theme.model_copy(update={"metric": {id: metrics[id] for id in theme.metric if id in metrics}})
        for theme in configs.themes
    )
    themes = tuple(theme for theme in themes if theme.metric)
    here = {theme.id for theme in themes}
    areas = (
        area.model_copy(update={"themes": tuple(id for id in area.themes if id in here)})
        for area in configs.areas
    )
    findings = pared(configs.findings, gone) or configs.findings
    gone["process"] = {one.id for one in configs.findings.process} - {one.id for one in findings.process}
    gone["goal"] = {goal.id for goal in configs.goals.goal if goal.metric in gone["metric"]}
    groupings = tuple(filter(None, (_grouping(one, gone) for one in configs.groupings)))
    gone["grouping"] = {one.id for one in configs.groupings} - {one.id for one in groupings}
    packs = {id: left for id, pack in configs.packs.items() if (left := _pack(pack, gone))}
    return replace(
        configs,
        metrics=metrics,
        themes=themes,
        areas=tuple(area for area in areas if area.themes),
        shapes={id: shape for id, shape in configs.shapes.items() if id not in gone["fact"]},
        sources={id: pared(one, gone) or one for id, one in configs.sources.items()},
        targets=pared(configs.targets, gone) or configs.targets,
        findings=findings,
        goals=pared(configs.goals, gone) or configs.goals,
        groupings=groupings,
        packs=packs,
        recipients=_recipients(configs, packs),
    )


def pared(model: Model, gone: Gone) -> Model | None:
    """Return a model without the names that are gone; None where it is nothing without one of them."""
    changed: dict[str, object] = {}
    for name, kind in kinds(type(model)).items():
        value, info = getattr(model, name), type(model).model_fields[name]
        left = _within(value, gone) if kind is None else _named(value, gone.get(kind, ()))
        if left is value:
            continue
        least = isinstance(model, HOLLOW) or any(isinstance(one, MinLen) for one in info.metadata)
        if (left is None and info.is_required()) or (left == () and least):
            return None
        changed[name] = left
    return model.model_copy(update=changed) if changed else model


def _named(value: object, gone: Collection[str]) -> object:
    """Return a name, or names, without those that are gone; the same object where none is."""
    if isinstance(value, str):
        return None if value in gone else value
    if isinstance(value, tuple) and any(name in gone for name in value):
        return tuple(name for name in value if name not in gone)
    return value


def _within(value: object, gone: Gone) -> object:
    if isinstance(value, BaseModel):
        return pared(value, gone)
    if isinstance(value, tuple):
        left = tuple(new for one in value if (new := _within(one, gone)) is not None or one is None)
        same = len(left) == len(value) and all(a is b for a, b in zip(left, value, strict=True))
        return value if same else left
    return value


def _grouping(grouping: Grouping, gone: Gone) -> Grouping | None:
    """Return a grouping with the groups of which something is still measured; None where nothing is."""
    groups = [left for one in grouping.group if (left := pared(one, gone)) and left.metrics]
    return grouping.model_copy(update={"group": tuple(groups)}) if groups else None


def _pack(pack: PackSpec, gone: Gone) -> PackSpec | None:
    """Return a pack without the blocks that nothing feeds; None where no figure of a source is left in it.

    A section whose figures and lists are gone falls; what it asks for, as a meeting's decisions, joins the
    section before it. One that lost a part needs no page of its own, but for the first page.
    """
    sections: list[SectionSpec] = []
    for section in pack.section:
        blocks = tuple(new for block in section.block if (new := pared(block, gone)))
        alone = section.opening or section.appendix or any(map(_fed, blocks))
        if len(blocks) == len(section.block):
            sections.append(section.model_copy(update={"block": blocks}))
        elif alone and blocks:
            after_the_first = bool(sections) and sections[-1].opening
            page = section.own_page and (section.appendix or after_the_first)
            sections.append(section.model_copy(update={"block": blocks, "own_page": page}))
        elif sections and blocks:
            before = sections[-1]
            sections[-1] = before.model_copy(update={"block": (*before.block, *blocks)})
    left = pack.model_copy(update={"section": tuple(sections)})
    had, has = _metrics(pack.blocks), _metrics(left.blocks)
    return left if has or not had else None


def _fed(block: AnyBlock) -> bool:
    """Return whether a block shows figures or rows by name."""
    return any(kind in EVIDENCE for _, kind, _ in references(block))


def _metrics(blocks: Iterable[AnyBlock]) -> set[str]:
    return {name for block in blocks for _, kind, name in references(block) if kind == "metric"}


def _brings(
    configs: Configs, pack: PackSpec, metrics: Mapping[str, Set[str]], left: Mapping[str, Source]
) -> dict[str, tuple[Words, ...]]:
    """Return the themes of a pack that each source left out would add figures to, the most figures first."""
    shown = _metrics(pack.blocks)
    return _by_source(configs, {id: of & left.keys() for id, of in metrics.items() if id in shown})


def themes_by_source(configs: Configs) -> dict[str, tuple[Words, ...]]:
    """Return the themes that each source gives figures to, the source of the most figures first."""
    return _by_source(configs, {id: rests_on(configs, one) for id, one in configs.metrics.items()})


def _by_source(configs: Configs, metrics: Mapping[str, Set[str]]) -> dict[str, tuple[Words, ...]]:
    found: dict[str, list[str]] = {}
    for id, sources in metrics.items():
        for source in sources:
            found.setdefault(source, []).append(configs.theme_of[id].id)
    themes = {theme.id: theme.name for theme in configs.themes}
    order = sorted(found, key=lambda source: (-len(found[source]), source))
    return {source: tuple(themes[id] for id in dict.fromkeys(found[source])) for source in order}


def _recipients(configs: Configs, packs: Collection[str]) -> Recipients:
    """Return who gets what, without the packs that are not made and the sources that are not had."""
    receiving = configs.recipients
    recipients = (
        one.model_copy(update={"packs": tuple(id for id in one.packs if id in packs)})
        for one in receiving.recipient
    )
    suppliers = (
        one.model_copy(update={"sources": tuple(id for id in one.sources if id in configs.sources)})
        for one in receiving.supplier
    )
    return receiving.model_copy(
        update={
            "recipient": tuple(one for one in recipients if one.packs),
            "supplier": tuple(one for one in suppliers if one.sources),
        }
    )
