"""Every check that holds one file of the configs against others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

from opti_reports.algebra.functions import Context
from opti_reports.config.approvals import check_approvals
from opti_reports.config.archive import FILE as ARCHIVE_FILE
from opti_reports.config.archive import check_archive
from opti_reports.config.audiences import FILE as AUDIENCES_FILE
from opti_reports.config.audiences import check_audiences, check_lists
from opti_reports.config.base import names
from opti_reports.config.check_metrics import MetricChecker
from opti_reports.config.check_organisation import check_organisation, check_systems
from opti_reports.config.check_packs import Defined, check_findings, check_packs, check_targets
from opti_reports.config.check_periods import check_periods
from opti_reports.config.check_recipients import RecipientChecker
from opti_reports.config.check_rows import Rows
from opti_reports.config.check_sources import check_limits, check_sources
from opti_reports.config.check_words import check_names, check_wordings
from opti_reports.config.delivered import check_delivered
from opti_reports.config.expressions import check_source
from opti_reports.config.gathered import MAIL_FILE, Files
from opti_reports.config.goals import check_goals
from opti_reports.config.groupings import FILE as GROUPINGS_FILE
from opti_reports.config.groupings import check_groupings
from opti_reports.config.listed import check_listed
from opti_reports.config.metric import Compare
from opti_reports.config.read import untranslated
from opti_reports.config.references import unknown
from opti_reports.config.source import Source
from opti_reports.config.stamp import check_stamp
from opti_reports.errors import Fault
from opti_reports.messages.message import message
from opti_reports.messages.spelling import suggestion
from opti_reports.model.fact import Shape


def check(files: Files, defined: Defined) -> Iterator[Fault]:
    """Yield everything wrong between the files."""
    sources, packs = files.sources.models, files.packs.models
    yield from check_approvals(files.settings.approval, files.asked, files.roles, dt.date.today())
    yield from check_organisation(files.organisation)
    yield from check_audiences(files.audiences)
    yield from unknown(AUDIENCES_FILE, files.audiences, defined.names)
    yield from unknown("recipients.toml", files.recipients, defined.names)
    for name, source in sources.items():
        yield from unknown(f"sources/{name}.toml", source, defined.names)
    yield from _areas(files)
    systems = names((source.system for source in sources.values()), files.sources.whole)
    yield from check_systems(files.organisation, systems)
    yield from check_listed(files.listed, files.sources.files)
    yield from check_limits(files.limits)
    yield from check_sources(sources.values())
    yield from check_lists(sources.values(), files.audiences)
    yield from check_delivered(sources.values(), defined.rows.known)
    yield from _metrics(files, defined)
    yield from check_packs(packs.values(), defined)
    for name, pack in packs.items():
        for lang in (one for one in pack.languages if one not in files.settings.languages):
            near = suggestion(lang, files.settings.languages)
            yield Fault(f"packs/{name}.toml", "languages", "unknown.language", name=lang, near=near)
    yield from check_periods(packs.values(), files.metrics)
    yield from check_targets(files.targets, defined)
    yield from check_findings(files.findings, defined)
    yield from check_goals(files.goals, defined)
    yield from unknown(GROUPINGS_FILE, files.groupings, defined.names)
    yield from check_groupings(files.groupings)
    receiving = RecipientChecker(
        files.organisation, packs, files.packs.files, files.sources.files, files.settings.languages
    )
    yield from receiving.check(files.recipients, mail=(files.folder / MAIL_FILE).is_file())
    yield from check_archive(files.archive, defined.names["pack"], defined.names["unit"])
    yield from check_stamp(files.archive.stamp, files.folder, ARCHIVE_FILE)
    yield from _words(files)


def _words(files: Files) -> Iterator[Fault]:
    """Yield what is not named or not translated; a language without its file is named once."""
    languages, sources, packs = files.settings.languages, files.sources.models, files.packs.models
    yield from check_wordings(files.shared, files.own)
    if len(files.shared) != len(languages):
        return
    if len(files.own) in (0, len(languages)):
        yield from check_names(files.wordings, files.ordered, packs.values(), sources.values())
    for name, model in files.named.items():
        yield from untranslated(model, languages, name)


def defined_by(files: Files, shapes: Mapping[str, Shape]) -> Defined:
    """Return every name that files may use of one another."""
    sources, units = files.sources.models.values(), files.organisation.unit
    nodes = tuple(node for tree in files.organisation.tree for node in tree.node)
    facts = (fact.id for source in sources for fact in source.fact)
    lists = {spec.id: spec for source in sources for spec in source.list}
    return Defined(
        names={
            "level": names((level.id for level in files.organisation.every_level), True),
            "unit": names(files.organisation.level_of, True),
            "unit_type": names((*(unit.type for unit in units), *(node.level for node in nodes)), True),
            "metric": names(files.metrics, files.themes.whole),
            "fact": names(facts, files.sources.whole),
            "list": names(lists, files.sources.whole),
            "pack": files.packs.files,
            "process": names((process.id for process in files.findings.process), True),
            "goal": names((goal.id for goal in files.goals.goal), True),
            "grouping": names((grouping.id for grouping in files.groupings.grouping), True),
            "audience": names(files.audiences.ids, True),
            "sensitivity": names(files.audiences.sensitivity, True),
        },
        metric=files.metrics,
        rows=Rows(lists, files.audiences),
        shape=shapes,
    )


def shapes_of(files: Files, context: Context) -> tuple[dict[str, Shape], list[Fault]]:
    """Return the shape of every fact, with what is wrong in the sources that make them."""
    shapes: dict[str, Shape] = {}
    faults: list[Fault] = []
    for source in files.sources.models.values():
        file = f"sources/{source.id}.toml"
        found, wrong = check_source(source, file, context)
        faults += wrong
        for shape in found:
            if shape.id in shapes:
                faults.append(
                    Fault(file, f"fact.{shape.id}", "theme.fact_twice", source=shapes[shape.id].source)
                )
            shapes[shape.id] = shape
    return shapes, faults


def _areas(files: Files) -> list[Fault]:
    """Return themes that no area lists, or another one than they say."""
    place = {theme: area.id for area in files.areas.area for theme in area.themes}
    faults = [
        Fault(
            "areas.toml",
            f"area.{area}.themes",
            "unknown.theme",
            name=theme,
            near=suggestion(theme, files.themes.files),
        )
        for theme, area in place.items()
        if files.themes.files.lack(theme)
    ]
    for theme in files.ordered:
        if place.get(theme.id) != theme.area:
            faults.append(
                Fault(
                    f"themes/{theme.id}.toml",
                    "area",
                    "theme.area",
                    area=theme.area,
                    listed=place.get(theme.id) or message("theme.nowhere"),
                )
            )
    return faults


def _by_week(files: Files) -> frozenset[str] | None:
    if not any(pack.cadence.weekly for pack in files.packs.models.values()):
        return None
    return frozenset(id for id, source in files.sources.models.items() if source.weekly is not None)


def _indicators(sources: Iterable[Source]) -> Iterator[str]:
    """Yield the codes that lists of public figures know their figures by."""
    for source in sources:
        named = {spec.columns["indicator"] for spec in source.list if spec.kind == "references"}
        yield from (code for name in named if name in source.column for code in source.column[name].codes)


def _metrics(files: Files, defined: Defined) -> list[Fault]:
    known = defined.names
    comparing = frozenset(name for name, one in files.metrics.items() if isinstance(one, Compare))
    sources = files.sources
    columns = (f"{id}.{column}" for id, source in sources.models.items() for column in source.column)
    checker = MetricChecker(
        shapes=dict(defined.shape),
        facts=known["fact"],
        metrics=known["metric"],
        comparing=comparing,
        columns=names(columns, sources.whole),
        weekly=_by_week(files),
        indicators=names(_indicators(sources.models.values()), sources.whole),
    )
    seen: dict[str, str] = {}
    for theme in files.ordered:
        file = f"themes/{theme.id}.toml"
        checker.faults.extend(unknown(file, theme, known))
        for name, metric in theme.metric.items():
            if name in seen:
                checker.faults.append(Fault(file, f"metric.{name}", "theme.metric_twice", theme=seen[name]))
            seen[name] = theme.id
            checker.check(name, metric, file)
    return checker.faults
