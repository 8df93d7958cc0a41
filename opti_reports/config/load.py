"""Read the whole ``configs`` folder: one frozen ``Configs``, or a ConfigError with every fault."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pydantic import BaseModel

from opti_reports.algebra.calendar import Calendar, calendar, day_number
from opti_reports.algebra.expression import suggestion
from opti_reports.algebra.functions import Context, Rule
from opti_reports.config.archive import FILE as ARCHIVE_FILE
from opti_reports.config.archive import Archive, check_archive
from opti_reports.config.base import Names, names
from opti_reports.config.brand import BrandFile
from opti_reports.config.check_metrics import MetricChecker
from opti_reports.config.check_organisation import check_organisation, check_systems, to_organisation
from opti_reports.config.check_packs import Defined, check_findings, check_packs, check_targets
from opti_reports.config.check_recipients import RecipientChecker
from opti_reports.config.check_sources import check_limits, check_sources
from opti_reports.config.check_words import check_names, check_wordings
from opti_reports.config.expressions import check_source
from opti_reports.config.folder import Folder, Model, Reader
from opti_reports.config.guards import FILE as GUARDS_FILE
from opti_reports.config.guards import Guards
from opti_reports.config.mail import Mail
from opti_reports.config.metric import AnyMetric
from opti_reports.config.organisation import OrganisationFile
from opti_reports.config.pack import PackSpec
from opti_reports.config.read import read_model, untranslated
from opti_reports.config.recipients import Recipients
from opti_reports.config.references import unknown
from opti_reports.config.settings import Demo, Findings, Limits, Settings, Targets
from opti_reports.config.source import ListKind, RowList, Source
from opti_reports.config.stamp import check_stamp
from opti_reports.config.theme import Area, Areas, Theme
from opti_reports.errors import ConfigError, Fault
from opti_reports.language.wording import Wording
from opti_reports.model.fact import Shape
from opti_reports.model.organisation import Organisation
from opti_reports.model.role import Roles
from opti_reports.periods.months import last_date


@dataclass(frozen=True, kw_only=True)
class Configs:
    """Everything an organisation decides, validated. ``metrics`` are in the order of areas and themes."""

    settings: Settings
    areas: tuple[Area, ...]
    themes: tuple[Theme, ...]
    metrics: dict[str, AnyMetric]
    sources: dict[str, Source]
    shapes: dict[str, Shape]
    organisation: Organisation
    limits: Limits
    targets: Targets
    findings: Findings
    recipients: Recipients
    brand: BrandFile
    packs: dict[str, PackSpec]
    wordings: dict[str, Wording]
    archive: Archive = field(default_factory=Archive)
    guards: Guards = field(default_factory=Guards)
    mail: Mail | None = None
    demo: bool = False
    """Whether the demo's made-up organisation has decided something in them."""

    @cached_property
    def calendar(self) -> Calendar:
        """The working days and time zone of the settings."""
        return make_calendar(self.settings)

    def context(self, month: int) -> Context:
        """What expressions may know in a data month."""
        return Context(day_number(last_date(month)), self.calendar, rules(self.limits))

    @cached_property
    def roles(self) -> Roles:
        """What tells a role from a person's name: the roles and places these configs name."""
        owners = [theme.owner_role for theme in self.themes]
        owners += [metric.owner_role or {} for metric in self.metrics.values()]
        owners += [source.owner_role for source in self.sources.values()]
        said = (role for owner in owners for role in owner.values())
        units = (name for unit in self.organisation.units for name in unit.names.values())
        return Roles.of(self.settings.role_words, said, units)

    @cached_property
    def theme_of(self) -> dict[str, Theme]:
        """The theme each metric belongs to."""
        return {name: theme for theme in self.themes for name in theme.metric}

    @cached_property
    def lists(self) -> dict[str, RowList]:
        """The lists of all sources by id."""
        return {spec.id: spec for source in self.sources.values() for spec in source.list}

    def lists_of(self, kind: ListKind) -> tuple[str, ...]:
        """The ids of the lists of a kind."""
        return tuple(spec.id for spec in self.lists.values() if spec.kind == kind)


def make_calendar(settings: Settings) -> Calendar:
    """The calendar the settings describe."""
    return calendar(
        settings.country,
        settings.time_zone,
        settings.free_days,
        settings.free_weekdays,
        settings.office_hours,
    )


def rules(limits: Limits) -> dict[str, tuple[Rule, ...]]:
    """The limits by id, each with its versions."""
    found: dict[str, tuple[Rule, ...]] = {}
    for one in limits.limit:
        rule = Rule(one.kind, one.value, day_number(one.valid_from), day_number(one.valid_to))
        found[one.id] = (*found.get(one.id, ()), rule)
    return found


def load(folder: Path, demo: Path | None = None) -> Configs:
    """The configs of a workspace, with what the demo's organisation has decided where that file is there.

    Raises ConfigError with every fault of every file.
    """
    reader = Reader(folder)
    settings, areas = reader.one("settings.toml", Settings), reader.one("areas.toml", Areas)
    limits, file = reader.one("limits.toml", Limits), reader.one("organisation.toml", OrganisationFile)
    targets, findings = reader.one("targets.toml", Targets), reader.one("findings.toml", Findings)
    recipients, brand = reader.one("recipients.toml", Recipients), reader.one("brand.toml", BrandFile)
    mail = reader.one("mail.toml", Mail) if (folder / "mail.toml").is_file() else None
    archive = reader.one(ARCHIVE_FILE, Archive) if (folder / ARCHIVE_FILE).exists() else Archive()
    guards = reader.one(GUARDS_FILE, Guards) if (folder / GUARDS_FILE).exists() else Guards()
    sources, themes = reader.many("sources", Source), reader.many("themes", Theme)
    packs = reader.many("packs", PackSpec)
    languages = settings.languages if settings else ()
    shared = reader.wordings("languages", languages)
    own = reader.wordings("labels", languages) if (folder / "labels").is_dir() else {}
    wordings = {name: one.with_own(own[name]) if name in own else one for name, one in shared.items()}
    if not (settings and areas and limits and file and targets and findings and recipients and brand):
        raise ConfigError(reader.faults)
    if archive is None or guards is None:
        raise ConfigError(reader.faults)
    ordered = _ordered(areas, themes.models.values())
    shapes, found = _shapes(settings, limits, sources.models)
    defined = _defined(
        file=file,
        sources=sources,
        themes=themes,
        packs=packs,
        ordered=ordered,
        shapes=shapes,
        findings=findings,
    )
    faults = [*reader.faults, *found, *check_organisation(file), *_areas(areas, ordered, themes.files)]
    faults += check_systems(file, names((s.system for s in sources.models.values()), sources.whole))
    faults += [*check_limits(limits), *check_sources(sources.models.values()), *_metrics(ordered, defined)]
    faults += [*check_packs(packs.models.values(), defined), *check_targets(targets, defined)]
    faults += check_findings(findings, defined)
    receiving = RecipientChecker(file, packs.models, packs.files, sources.files, languages)
    faults += [
        *receiving.check(recipients, mail=(folder / "mail.toml").is_file()),
        *check_wordings(shared, own),
    ]
    faults += check_archive(archive, defined.names["pack"], defined.names["unit"])
    faults += check_stamp(archive.stamp, folder, ARCHIVE_FILE)
    if len(shared) == len(languages) and len(own) in (0, len(languages)):
        faults += check_names(wordings, ordered, packs.models.values(), sources.models.values())
    single: dict[str, BaseModel] = {
        "organisation.toml": file,
        "areas.toml": areas,
        "brand.toml": brand,
        "findings.toml": findings,
        "targets.toml": targets,
        "recipients.toml": recipients,
    }
    single |= {"mail.toml": mail} if mail else {}
    if len(shared) == len(languages):  # a language without its file is told once
        for name, model in (single | _named(sources) | _named(themes) | _named(packs)).items():
            faults += untranslated(model, languages, name)
    if demo is not None and demo.is_file():
        decided, wrong = read_model(demo, f"{demo.parent.name}/{demo.name}", Demo)
        faults += wrong
    else:
        decided = None
    if faults:
        raise ConfigError(faults)
    if decided:
        targets, findings = _with_demo(decided, targets, findings, defined)
    return Configs(
        settings=settings,
        areas=areas.area,
        themes=ordered,
        metrics=dict(defined.metric),
        sources=sources.models,
        shapes=shapes,
        organisation=to_organisation(file),
        limits=limits,
        targets=targets,
        findings=findings,
        recipients=recipients,
        mail=mail,
        archive=archive,
        guards=guards,
        brand=brand,
        packs=packs.models,
        wordings=wordings,
        demo=decided is not None,
    )


def _with_demo(
    demo: Demo, targets: Targets, findings: Findings, defined: Defined
) -> tuple[Targets, Findings]:
    """Add the demo's targets of metrics and units that are here, and its signature under unsigned rules."""
    here = [
        t
        for t in demo.targets()
        if t.metric in defined.names["metric"] and t.organisation in defined.names["unit"]
    ]
    signed = {"agreed_by": demo.agreed_by, "agreed_at": demo.agreed_at}
    rules = tuple(r if r.agreed else r.model_copy(update=signed) for r in findings.escalation)
    return Targets(target=(*targets.target, *here)), findings.model_copy(update={"escalation": rules})


def _ordered(areas: Areas, themes: Iterable[Theme]) -> tuple[Theme, ...]:
    """The themes in the order of the areas."""
    order = {theme: i for i, theme in enumerate(t for area in areas.area for t in area.themes)}
    return tuple(sorted(themes, key=lambda t: (order.get(t.id, len(order)), t.id)))


def _defined(
    file: OrganisationFile,
    sources: Folder[Source],
    themes: Folder[Theme],
    packs: Folder[PackSpec],
    ordered: tuple[Theme, ...],
    shapes: dict[str, Shape],
    findings: Findings,
) -> Defined:
    """Every name that files may use of one another."""
    metric = {name: metric for theme in ordered for name, metric in theme.metric.items()}
    facts = (fact.id for source in sources.models.values() for fact in source.fact)
    lists = (spec.id for source in sources.models.values() for spec in source.list)
    return Defined(
        names={
            "level": names((level.id for level in file.level), True),
            "unit": names((unit.id for unit in file.unit), True),
            "type": names((unit.type for unit in file.unit), True),
            "metric": names(metric, themes.whole),
            "fact": names(facts, sources.whole),
            "list": names(lists, sources.whole),
            "pack": packs.files,
            "process": names((process.id for process in findings.process), True),
        },
        metric=metric,
        shape=shapes,
    )


def _named(folder: Folder[Model]) -> dict[str, BaseModel]:
    """The models by the file shown in faults."""
    kind = {Source: "sources", Theme: "themes", PackSpec: "packs"}
    return {f"{kind[type(model)]}/{name}.toml": model for name, model in folder.models.items()}


def _areas(areas: Areas, themes: tuple[Theme, ...], files: Names) -> list[Fault]:
    place = {theme: area.id for area in areas.area for theme in area.themes}
    faults = [
        Fault("areas.toml", f"area.{area}.themes", f"unknown theme '{theme}'{suggestion(theme, files)}")
        for theme, area in place.items()
        if files.lack(theme)
    ]
    for theme in themes:
        if place.get(theme.id) != theme.area:
            what = f"is '{theme.area}' but areas.toml lists the theme under {place.get(theme.id, 'none')}"
            faults.append(Fault(f"themes/{theme.id}.toml", "area", what))
    return faults


def _shapes(
    settings: Settings, limits: Limits, sources: dict[str, Source]
) -> tuple[dict[str, Shape], list[Fault]]:
    context = Context(0, make_calendar(settings), rules(limits))
    shapes: dict[str, Shape] = {}
    faults: list[Fault] = []
    for source in sources.values():
        file = f"sources/{source.id}.toml"
        found, wrong = check_source(source, file, context)
        faults += wrong
        for shape in found:
            if shape.id in shapes:
                what = f"source {shapes[shape.id].source} has a fact of this id"
                faults.append(Fault(file, f"fact.{shape.id}", what))
            shapes[shape.id] = shape
    return shapes, faults


def _metrics(themes: tuple[Theme, ...], defined: Defined) -> list[Fault]:
    checker = MetricChecker(dict(defined.shape), defined.names["fact"], defined.names["metric"])
    seen: dict[str, str] = {}
    for theme in themes:
        file = f"themes/{theme.id}.toml"
        checker.faults += unknown(file, theme, defined.names)
        for name, metric in theme.metric.items():
            if name in seen:
                what = f"theme {seen[name]} has a metric of this id"
                checker.faults.append(Fault(file, f"metric.{name}", what))
            seen[name] = theme.id
            checker.check(name, metric, file)
    return checker.faults
