"""A month's material as one web page: what is to be decided, what is off, on what data, in which packs.

It is the page of coordinators and management and shows every organisation; what is withheld stays withheld.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from opti_reports.catalogue.packs import headlines
from opti_reports.language import formats
from opti_reports.language.wording import Wording
from opti_reports.model.finding import Deviation
from opti_reports.model.organisation import Unit
from opti_reports.model.pack import Notice, Table
from opti_reports.model.page import (
    Choice,
    DeviationRow,
    Edition,
    Figure,
    Matrix,
    MonthFiles,
    Page,
    file_of,
)
from opti_reports.model.report import SourceReport
from opti_reports.model.tone import Tone
from opti_reports.packs import (
    cells,
    opening,
    page_details,
    page_links,
    page_matrix,
    page_meetings,
    periods,
    quality,
)
from opti_reports.packs.material import Material
from opti_reports.packs.page_matrix import Scenes
from opti_reports.packs.scene import Scene

WORDS = (
    "all",
    "areas",
    "back",
    "contents",
    "deviations",
    "decide",
    "details",
    "details_help",
    "failed",
    "files",
    "filter",
    "filter_hint",
    "groups",
    "key",
    "language",
    "matrix",
    "matrix_help",
    "outdated",
    "packs",
    "skip",
    "sources",
    "summary",
)
"""The fixed words of the template, by key under ``[web]``; those of ``[pack]`` and ``[column]`` follow."""
SHARED = (
    *(
        f"pack.{name}"
        for name in ("trace", "tone_good", "tone_watch", "tone_off", "tone_neutral", "tone_none")
    ),
    *(
        f"column.{name}"
        for name in ("metric", "target", "unit", "value", "n", "now", "trend", "status", "deviation")
    ),
    *(f"column.{name}" for name in ("level", "owner", "previous", "year_ago")),
    "block.no_deviations",
    "block.no_data",
)
BASIS_SHOWN = 12


def page(material: Material, language: str, made: MonthFiles) -> Page:
    """Return the month's page in one language."""
    configs, tree = material.configs, material.tree
    spec = next(iter(configs.packs.values()))  # the page has no pack; nothing here asks for its sections
    cadence = material.cadence
    whole = Scene(material, spec, tree.root.id, configs.wordings[language], cadence)
    now, metrics = whole.newest(cadence), headlines(configs, weekly=cadence.weekly)
    shown = page_matrix.columns(whole, metrics)
    scenes = {node.id: replace(whole, org=node.id) for node in (shown or (tree.root,))}
    if tree.root.id not in scenes:
        scenes = {tree.root.id: whole, **scenes}
    drawn = page_matrix.matrix(scenes, metrics)
    late = [report for report in material.sources if report.late]
    partial = _states(scenes, metrics)["partial"]
    return Page(
        language=language,
        period=now.text,
        editions=tuple(_editions(whole)),
        title=whole.say("web.title_week" if cadence.weekly else "web.title"),
        org_name=whole.name(tree.root.id),
        period_label=formats.period(now, whole.wording),
        stage=whole.say("web.stage_week" if cadence.weekly else f"web.stage_{material.stage}"),
        watermark=whole.say("pack.watermark") if material.stage == "preliminary" else "",
        basis=material.basis[:BASIS_SHOWN],
        notices=(*opening.notices(whole, late, partial), *_doubts(whole), *_made_notices(whole, made)),
        figures=tuple(_figures(whole, scenes, metrics, made)),
        meetings=tuple(page_meetings.meetings(whole, made)),
        groups=tuple(_choices(whole, shown)),
        areas=tuple(_areas(whole, drawn)),
        matrix=drawn,
        deviations=tuple(_deviations(whole, drawn)),
        shown=configs.findings.shown.web_deviations,
        rest=whole.say("web.deviations_rest", count=len(material.deviations)),
        metrics=tuple(page_details.details(scenes, metrics)),
        sources=_sources(whole),
        packs=tuple(page_links.packs(whole, made)),
        files=tuple(page_links.files(whole, made)),
        words=words(whole.wording),
    )


def words(wording: Wording) -> dict[str, str]:
    """Return the fixed words of the template: ``web.back`` is ``back``, ``column.metric`` is
    ``column_metric``.
    """
    shared = {key.replace(".", "_"): wording.say(key) for key in SHARED}
    return {key: wording.say(f"web.{key}") for key in WORDS} | shared | wording.words


def _editions(scene: Scene) -> Iterator[Edition]:
    languages = scene.configs.settings.languages
    for language in languages:
        name = scene.configs.wordings[language].say("web.own_name")
        yield Edition(file_of(language, languages), language, name)


def _doubts(scene: Scene) -> Iterator[Notice]:
    """Yield the extracts that may not tell their whole month, of all packs."""
    yield from (Notice("watch", text) for text in quality.doubted(scene, scene.material.sources))


def _made_notices(scene: Scene, made: MonthFiles) -> Iterator[Notice]:
    if made.failed:
        yield Notice("wrong", scene.say("web.some_failed", count=len(made.failed)))
    if made.outdated:
        yield Notice("warn", scene.say("web.some_outdated", count=len(made.outdated)))


def _states(scenes: Scenes, metrics: Sequence[str]) -> Counter[str]:
    return Counter(
        periods.value_now(scene, metric).state
        for scene in scenes.values()
        for metric in metrics
        if page_matrix.applies(scene, metric)
    )


def _figures(scene: Scene, scenes: Scenes, metrics: Sequence[str], made: MonthFiles) -> Iterator[Figure]:
    """Yield the run at a glance: sources, documents, deviations, what is not shown."""
    reports = scene.material.sources
    late = [report for report in reports if report.late]
    tone: Tone = "off" if any(r.presence == "required" for r in late) else "watch" if late else "good"
    arrived = scene.say("web.of_all", count=len(reports) - len(late), all=len(reports))
    rejected = sum(report.rejected for report in reports)
    yield Figure(
        scene.say("web.figure_sources"),
        arrived,
        scene.say("web.figure_rejected", count=cells.count(scene, rejected)),
        tone,
    )
    documents = [path for path in made.packs if not path.endswith(".xlsx")]
    count = scene.say("web.of_all", count=len(documents), all=len({*documents, *made.failed}))
    note = scene.say("web.figure_failed", count=len(made.failed))
    yield Figure(scene.say("web.figure_packs"), count, note, "off" if made.failed else "good")
    found = scene.material.deviations
    law = sum(one.kind == "statutory" for one in found)
    yield Figure(
        scene.say("web.figure_deviations"),
        cells.count(scene, len(found)),
        scene.say("web.figure_law", count=law),
        "off" if found else "good",
    )
    states = _states(scenes, metrics)
    yield Figure(
        scene.say("web.figure_hidden"),
        cells.count(scene, states["withheld"] + states["few"] + states["missing"]),
        scene.say(
            "web.figure_states", withheld=states["withheld"], few=states["few"], missing=states["missing"]
        ),
    )


def _choices(scene: Scene, shown: Sequence[Unit]) -> Iterator[Choice]:
    """Yield the parts of the organisation that have columns."""
    groups = dict.fromkeys(page_matrix.group_of(scene, node.id) for node in shown)
    return (Choice(group, scene.name(group)) for group in groups if group)


def _areas(scene: Scene, drawn: Matrix) -> Iterator[Choice]:
    shown = {theme.area for theme in drawn.themes}
    return (Choice(area.id, scene.wording.of(area.name)) for area in scene.configs.areas if area.id in shown)


def _deviations(scene: Scene, drawn: Matrix) -> Iterator[DeviationRow]:
    """Yield every deviation of every organisation, the heaviest first."""
    charted = {cell.detail for theme in drawn.themes for row in theme.rows for cell in row.cells}
    for one in scene.material.deviations:
        own = replace(scene, org=one.org)
        detail = page_matrix.detail_id(one.metric, one.org)
        yield DeviationRow(
            group=page_matrix.group_of(scene, one.org),
            area=_area(scene, one),
            org_name=scene.name(one.org),
            item=opening.item(own, one),
            level=_level(scene, one),
            detail=detail if detail in charted else "",
        )


def _area(scene: Scene, one: Deviation) -> str:
    theme = scene.configs.theme_of.get(one.metric)
    return theme.area if theme else ""


def _level(scene: Scene, one: Deviation) -> str:
    names = scene.configs.organisation.level_names.get(one.react_level)
    return scene.wording.of(names) if names else cells.DASH


def _sources(scene: Scene) -> Table:
    """Return what was due of each source, from whom, what came, and what became of its rows."""
    heads = ("source", "arrival", "presence", "due_at", "owner", *quality.HEADS[1:])
    words = {"arrival", "presence", "due_at", "owner", *quality.WORDS}
    reports = scene.material.sources
    tones = [
        (at, 1, "wrong" if report.presence == "required" else "warn") if report.late else (at, 1, "right")
        for at, report in enumerate(reports)
    ]
    return Table(
        caption=scene.say("web.sources_caption"),
        columns=cells.columns(scene, heads, {*heads} - words),
        rows=tuple(_source(scene, report) for report in reports),
        empty=scene.say("block.no_data"),
        note=scene.say("pack.rows_line"),
        tones=tuple(tones),
    )


def _source(scene: Scene, report: SourceReport) -> tuple[str, ...]:
    name, *rest = quality.source_row(scene, report)
    there = "stays" if report.newest is not None else "none_yet"
    state = "missing" if report.late else "arrived" if report.files else there
    role = scene.wording.of(scene.configs.sources[report.source].owner_role)
    came = scene.say(f"web.{state}"), scene.say(f"web.{report.presence}")
    return (name, *came, formats.date(report.due, scene.wording), role, *rest)
