"""Everything in the ``configs`` folder as read, file by file, before one is held against another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from pydantic import BaseModel

from opti_reports.config import groupings as asked
from opti_reports.config.approvals import approved
from opti_reports.config.archive import FILE as ARCHIVE_FILE
from opti_reports.config.archive import Archive
from opti_reports.config.audiences import FILE as AUDIENCES_FILE
from opti_reports.config.audiences import Audiences
from opti_reports.config.brand import BrandFile
from opti_reports.config.folder import Folder, Reader
from opti_reports.config.goals import Goals
from opti_reports.config.guards import FILE as GUARDS_FILE
from opti_reports.config.guards import Guards
from opti_reports.config.limits import Limits
from opti_reports.config.listed import FILE as LISTED_FILE
from opti_reports.config.listed import Listed
from opti_reports.config.mail import Mail
from opti_reports.config.metric import AnyMetric
from opti_reports.config.organisation import OrganisationFile
from opti_reports.config.pack import PackSpec
from opti_reports.config.recipients import Recipients
from opti_reports.config.settings import Findings, Settings, Targets
from opti_reports.config.source import Source
from opti_reports.config.theme import Areas, Theme
from opti_reports.errors import ConfigError, Fault
from opti_reports.language.wording import Wording
from opti_reports.model.role import Roles

MAIL_FILE = "mail.toml"


@dataclass(frozen=True, kw_only=True)
class Files:
    """The models of all files; ``shared`` and ``own`` are phrases by language."""

    folder: Path
    settings: Settings
    audiences: Audiences
    areas: Areas
    limits: Limits
    organisation: OrganisationFile
    targets: Targets
    findings: Findings
    recipients: Recipients
    brand: BrandFile
    mail: Mail | None
    archive: Archive
    guards: Guards
    goals: Goals
    groupings: asked.Groupings
    listed: Listed
    sources: Folder[Source]
    themes: Folder[Theme]
    packs: Folder[PackSpec]
    shared: Mapping[str, Wording]
    own: Mapping[str, Wording]
    asked: frozenset[str] = frozenset()
    """The approvals that files ask for, given or not."""

    @cached_property
    def ordered(self) -> tuple[Theme, ...]:
        """Return the themes in the order of the areas."""
        listed = (theme for area in self.areas.area for theme in area.themes)
        order = {theme: number for number, theme in enumerate(listed)}
        return tuple(sorted(self.themes.models.values(), key=lambda t: (order.get(t.id, len(order)), t.id)))

    @cached_property
    def metrics(self) -> dict[str, AnyMetric]:
        """Return the metrics in the order of areas and themes."""
        return {name: metric for theme in self.ordered for name, metric in theme.metric.items()}

    @cached_property
    def wordings(self) -> dict[str, Wording]:
        """Return the phrases by language, an organisation's own before the shared ones."""
        own = self.own
        return {name: one.with_own(own[name]) if name in own else one for name, one in self.shared.items()}

    @property
    def roles(self) -> Roles:
        """Return what tells a role from a person's name, by the roles that these files name."""
        owners = [theme.owner_role for theme in self.themes.models.values()]
        owners += [source.owner_role for source in self.sources.models.values()]
        owners += [role.name for role in self.recipients.role.values()]
        said = (role for owner in owners for role in owner.values())
        names = (name for unit in self.organisation.unit for name in unit.name.values())
        return Roles.of(self.settings.role_words, said, names)

    @property
    def named(self) -> dict[str, BaseModel]:
        """Return the models that hold texts, by the file shown in faults."""
        single = {
            AUDIENCES_FILE: self.audiences,
            "organisation.toml": self.organisation,
            "areas.toml": self.areas,
            "brand.toml": self.brand,
            "findings.toml": self.findings,
            asked.FILE: self.groupings,
            "targets.toml": self.targets,
            "recipients.toml": self.recipients,
            MAIL_FILE: self.mail,
            "goals.toml": self.goals,
        }
        named: dict[str, BaseModel] = {name: model for name, model in single.items() if model is not None}
        named |= {f"sources/{name}.toml": source for name, source in self.sources.models.items()}
        named |= {f"themes/{name}.toml": theme for name, theme in self.themes.models.items()}
        named |= {f"packs/{name}.toml": pack for name, pack in self.packs.models.items()}
        return named


def gather(folder: Path) -> tuple[Files, list[Fault]]:
    """Read all files, with what is wrong in single ones.

    Raises ConfigError where one is missing or unreadable that everything else is held against.
    """
    reader = Reader(folder)
    settings, areas = reader.one("settings.toml", Settings), reader.one("areas.toml", Areas)
    audiences = reader.one(AUDIENCES_FILE, Audiences)
    limits = reader.one("limits.toml", Limits)
    organisation = reader.one("organisation.toml", OrganisationFile)
    targets, findings = reader.one("targets.toml", Targets), reader.one("findings.toml", Findings)
    recipients, brand = reader.one("recipients.toml", Recipients), reader.one("brand.toml", BrandFile)
    mail = reader.one(MAIL_FILE, Mail) if (folder / MAIL_FILE).is_file() else None
    archive, guards = reader.if_there(ARCHIVE_FILE, Archive), reader.if_there(GUARDS_FILE, Guards)
    goals, groupings = reader.if_there("goals.toml", Goals), reader.if_there(asked.FILE, asked.Groupings)
    listed = reader.if_there(LISTED_FILE, Listed)
    sources, themes = reader.many("sources", Source), reader.many("themes", Theme)
    packs, languages = reader.many("packs", PackSpec), settings.languages if settings else ()
    shared = reader.wordings("languages", languages)
    own = reader.wordings("labels", languages) if (folder / "labels").is_dir() else {}
    if not (settings and areas and limits and organisation and targets and findings and recipients and brand):
        raise ConfigError(reader.faults)
    if not (audiences and archive and guards and goals and groupings and listed):
        raise ConfigError(reader.faults)
    files = Files(
        folder=folder,
        settings=settings,
        audiences=audiences,
        areas=areas,
        limits=limits,
        organisation=organisation,
        targets=targets,
        findings=findings,
        recipients=recipients,
        brand=brand,
        mail=mail,
        archive=archive,
        guards=guards,
        goals=goals,
        groupings=groupings,
        listed=listed,
        sources=sources,
        themes=themes,
        packs=packs,
        shared=shared,
        own=own,
    )
    return _approved(files), reader.faults


def _approved(files: Files) -> Files:
    """Return the files without those that ask for an approval nobody has switched on."""
    given, folders = files.settings.approval, (files.sources, files.themes, files.packs)
    themes = approved(files.themes, given)
    off = files.themes.models.keys() - themes.models.keys()
    areas = (
        area.model_copy(update={"themes": tuple(theme for theme in area.themes if theme not in off)})
        for area in files.areas.area
    )
    return replace(
        files,
        areas=Areas(area=tuple(areas)),
        sources=approved(files.sources, given),
        themes=themes,
        packs=approved(files.packs, given),
        asked=frozenset(one.approval for folder in folders for one in folder.models.values()) - {""},
    )
