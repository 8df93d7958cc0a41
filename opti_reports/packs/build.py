"""A month's material as one pack: sections in the order of its file, blocks by their kind."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from opti_reports.config import block as kinds
from opti_reports.config.pack import PackSpec, SectionSpec
from opti_reports.errors import UsageError
from opti_reports.language import formats
from opti_reports.model.organisation import Unit
from opti_reports.model.pack import Block, Pack, Section, traced
from opti_reports.packs import (
    agenda,
    awaited,
    cards,
    charts,
    comparisons,
    counts,
    decisions,
    delivered,
    distributions,
    done,
    figures,
    funnels,
    goals,
    groupings,
    headings,
    in_order,
    law,
    lists,
    matrix,
    opening,
    outcomes,
    outturn,
    pending,
    preparation,
    proposals,
    quality,
    shaded,
    shifts,
    staff,
    started,
    tables,
    texts,
    verdicts,
)
from opti_reports.packs.material import Material
from opti_reports.packs.scene import Scene
from opti_reports.periods.cadence import Cadence
from opti_reports.periods.months import month_text
from opti_reports.periods.period import Period

ALIVE = frozenset({"ok", "partial", "few"})
WORDS = (
    "page",
    "trace",
    "finding",
    "action",
    "value",
    "target",
    "reacts",
    "definitions",
    "talking_points",
    "in_appendix",
    "more_in_appendix",
    "limit_low",
    "limit_high",
    "figures_file",
    "figures_about",
    "figures_part",
    "figures_table",
    "figures_row",
    "figures_column",
    "figures_shown",
    "figures_number",
    "tone_good",
    "tone_watch",
    "tone_off",
    "tone_neutral",
    "tone_none",
)
"""The fixed words of the templates, by key under ``[pack]``."""


WEB_WORDS = {"web_skip": "web.skip", "plain_pdf": "plain.pdf", "plain_other": "plain.other"}
"""Those of a page for everybody, with their phrases."""


def due(spec: PackSpec, month: int) -> bool:
    """Return whether a pack is made of a data month: where a period of its cadence ends."""
    return not spec.cadence.weekly and spec.cadence.ends(month)


def organisations(material: Material, spec: PackSpec) -> tuple[str, ...]:
    """Return who gets the pack: nodes of its level and types that have any figure this month; of one that
    needs an approval, one that is of somebody.
    """
    hidden = material.configs.organisation.unallocated
    newest = (v for v in material.values if _newest(material, spec, v.period) and v.state in ALIVE)
    alive = {v.org for v in newest if not spec.approval or v.n}
    return tuple(
        node.id
        for node in material.tree.nodes
        if node.level == spec.level
        and node.id != hidden
        and _of_type(node, spec.unit_types)
        and node.id in alive
    )


def _newest(material: Material, spec: PackSpec, period: Period) -> bool:
    return period == material.week if spec.cadence.weekly else period.end == material.month


def _of_type(node: Unit, types: Collection[str]) -> bool:
    return not types or node.type in types


def build(material: Material, spec: PackSpec, org: str, language: str) -> Pack:
    """Return the pack of an organisation in one language.

    Raises UsageError for an unknown node or language.
    """
    if org not in material.tree.by_id:
        known = ", ".join(node.id for node in material.tree.nodes)
        raise UsageError("unknown.unit_in", name=org, month=month_text(material.month), units=known)
    if language not in material.configs.wordings:
        raise UsageError("unknown.language_of", name=language, languages=tuple(material.configs.wordings))
    cadence = spec.cadence_of(material.month)
    scene = Scene(material, spec, org, material.configs.wordings[language], cadence)
    period = scene.newest(cadence)
    label = formats.spelled(period, scene.wording) if spec.web else formats.period(period, scene.wording)
    name = scene.wording.of(spec.name)
    made = Pack(
        id=spec.id,
        org=org,
        period=period.text,
        language=language,
        title=name,
        message=_message(scene),
        subtitle=scene.wording.of(spec.meeting),
        org_name=scene.name(org),
        period_label=label,
        watermark=scene.say("pack.watermark") if material.stage == "preliminary" else "",
        footer=scene.say("pack.footer", organisation=scene.name(org), period=label),
        trace="",
        sections=tuple(_sections(scene)),
        words={key: scene.say(f"pack.{key}") for key in WORDS} | scene.wording.words | _web_words(scene),
        preparation=preparation.workbook(scene),
    )
    return traced(made)


def _web_words(scene: Scene) -> dict[str, str]:
    """Return the words of a page for everybody, with the names of the languages it is made in besides."""
    if not scene.spec.web:
        return {}
    others = (wording for id, wording in scene.configs.wordings.items() if id in scene.spec.languages)
    names = {
        f"edition_{one.language}": one.say("web.own_name") for one in others if one.language != scene.language
    }
    return names | {key: scene.say(phrase) for key, phrase in WEB_WORDS.items()}


def _message(scene: Scene) -> str:
    """Return what the first page says in a sentence; of a pack without cards nothing."""
    return cards.headline(scene) if any(block.kind == "cards" for block in scene.spec.blocks) else ""


def _sections(scene: Scene) -> Iterator[Section]:
    """Yield the pack's sections that have something to say of the organisation."""
    for spec in scene.spec.section:
        seen = _seen(scene, spec.cadence)
        concerned = tuple(block for block in spec.block if _concerned(scene, block))
        made = tuple(_blocks(seen, concerned)) if seen else ()
        if made:
            blocks, yields = zip(*made, strict=True)
            title = scene.wording.of(spec.title)
            yield Section(
                id=spec.id,
                title=title,
                blocks=blocks,
                opening=spec.opening,
                own_page=spec.own_page,
                appendix=spec.appendix,
                message=_heading(seen or scene, spec.model_copy(update={"block": concerned}), blocks),
                yields=yields if any(yields) else (),
            )


def _heading(scene: Scene, spec: SectionSpec, blocks: tuple[Block, ...]) -> str:
    """Return what the slides of a section say; pages keep their headings, the appendix is looked up."""
    if scene.spec.format != "pptx" or spec.appendix or spec.opening:
        return ""
    return headings.heading(scene, spec, blocks)


def _concerned(scene: Scene, block: kinds.AnyBlock) -> bool:
    """Return whether the organisation, or a unit below it, is of a type that a block is for."""
    return any(_of_type(scene.material.tree.by_id[org], block.unit_types) for org in scene.below)


def _blocks(scene: Scene, concerned: Iterable[kinds.AnyBlock]) -> Iterator[tuple[Block, int]]:
    for block in concerned:
        if seen := _seen(scene, block.cadence):
            yield from ((made, block.yields) for made in _blocks_of(seen, block))


def _seen(scene: Scene, cadence: Cadence | None) -> Scene | None:
    """Return the scene by a part's own cadence; None where no period of that ends with the month."""
    if cadence is None:
        return scene
    return replace(scene, cadence=cadence) if cadence.ends(scene.month) else None


def _blocks_of(scene: Scene, block: kinds.AnyBlock) -> Iterable[Block]:  # noqa: PLR0911, PLR0912
    """Return the blocks of one entry of a pack's file. A new kind is a line here and a model of its own."""
    match block:
        case kinds.Completeness():
            return opening.completeness(scene)
        case kinds.Tiles():
            return opening.tiles(scene, block)
        case kinds.Grouped():
            return groupings.grouping(scene, block)
        case kinds.Law():
            return law.law(scene, block)
        case kinds.Cards():
            found = cards.cards(scene, block)
            # The one page of a week says only in its title that there is nothing to decide.
            return (found,) if found.items or not scene.cadence.weekly else ()
        case kinds.Agenda():
            return agenda.agenda(scene, block)
        case kinds.Pending():
            return pending.pending(scene, block)
        case kinds.Outcomes():
            return outcomes.outcomes(scene, block)
        case kinds.Awaited():
            return awaited.awaited(scene, block)
        case kinds.Noted():
            return cards.noted(scene, block)
        case kinds.Definitions():
            return quality.definitions(scene)
        case kinds.Quality():
            return quality.quality(scene, block)
        case kinds.Text():
            return texts.text(scene, block)
        case kinds.MetricTable():
            return tables.metric_table(scene, block)
        case kinds.Figures():
            return figures.figures(scene, block)
        case kinds.Trends():
            return charts.trends(scene, block)
        case kinds.Comparison():
            return comparisons.comparison(scene, block)
        case kinds.Funnel():
            return funnels.funnel(scene, block)
        case kinds.Matrix():
            return matrix.matrix(scene, block)
        case kinds.Outturn():
            return outturn.outturn(scene, block)
        case kinds.Breakdown():
            return comparisons.breakdown(scene, block)
        case kinds.Counts():
            return counts.counts(scene, block)
        case kinds.Focus():
            return counts.focus(scene, block)
        case kinds.Channels():
            return counts.channels(scene, block)
        case kinds.Distribution():
            return distributions.distribution(scene, block)
        case kinds.Shaded():
            return shaded.shaded(scene, block)
        case kinds.GoalChain():
            return goals.goal_chain(scene, block)
        case kinds.Started():
            return started.started(scene, block)
        case kinds.Shifts():
            return shifts.shifts(scene, block)
        case kinds.Listing():
            return lists.listing(scene, block)
        case kinds.Crossed():
            return delivered.crossed(scene, block)
        case kinds.Done():
            return done.done(scene, block)
        case kinds.InOrder():
            return in_order.in_order(scene, block)
        case kinds.Preparations():
            return preparation.overview(scene, block)
        case kinds.Proposals():
            return proposals.proposals(scene, block)
        case kinds.Decisions():
            return decisions.decisions(scene, block)
        case kinds.Verdicts():
            return verdicts.verdicts(scene, block)
        case kinds.StaffSummary():
            return staff.staff_summary(scene, block)
