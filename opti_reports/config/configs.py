"""Everything an organisation decides, as it is once all of it is known to be right."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from opti_reports.algebra.calendar import Calendar, calendar, day_number
from opti_reports.algebra.functions import Context, Rule
from opti_reports.config.archive import Archive
from opti_reports.config.audiences import Audiences, Protection, months_behind
from opti_reports.config.brand import BrandFile
from opti_reports.config.goals import Goals
from opti_reports.config.groupings import Grouping
from opti_reports.config.guards import Guards
from opti_reports.config.limits import Limits
from opti_reports.config.listed import Unlisted
from opti_reports.config.mail import Mail
from opti_reports.config.metric import AnyMetric
from opti_reports.config.pack import PackSpec
from opti_reports.config.recipients import Recipients
from opti_reports.config.settings import Findings, Settings, Targets
from opti_reports.config.shown import Named, named
from opti_reports.config.source import ListKind, RowList, Source, fold
from opti_reports.config.theme import Area, Theme
from opti_reports.language.wording import Wording
from opti_reports.model.fact import Shape
from opti_reports.model.organisation import Organisation
from opti_reports.model.role import Roles
from opti_reports.periods.months import last_date


@dataclass(frozen=True, kw_only=True)
class Configs:
    """Everything an organisation decides, validated. ``metrics`` are in the order of areas and themes."""

    settings: Settings
    audiences: Audiences
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
    goals: Goals = field(default_factory=Goals)
    groupings: tuple[Grouping, ...] = ()
    mail: Mail | None = None
    unlisted: Unlisted = field(default_factory=Unlisted)
    demo: bool = False
    """Whether the demo's made-up organisation has decided something in them."""

    @cached_property
    def calendar(self) -> Calendar:
        """Return the working days and time zone of the settings."""
        return make_calendar(self.settings)

    def context(self, month: int) -> Context:
        """Return what expressions may know in a data month."""
        return known(self.limits, self.calendar, day_number(last_date(month)))

    @cached_property
    def roles(self) -> Roles:
        """Return what tells a role from a person's name: the roles and places these configs name."""
        owners = [theme.owner_role for theme in self.themes]
        owners += [metric.owner_role or {} for metric in self.metrics.values()]
        owners += [source.owner_role for source in self.sources.values()]
        said = (role for owner in owners for role in owner.values())
        units = (name for unit in self.organisation.units for name in unit.names.values())
        return Roles.of(self.settings.role_words, said, units)

    @cached_property
    def role_phrases(self) -> dict[str, str]:
        """Return the phrase of each role by what it is called, in small letters: as registers write it, and
        in any language, as decks come back in their own.
        """
        named = [
            (name.casefold(), key)
            for wording in self.wordings.values()
            for key, name in wording.phrases.items()
            if key.startswith("code.owner_role.")
        ]
        return dict(reversed(named)) | {key.removeprefix("code.owner_role."): key for _, key in named}

    @cached_property
    def readers(self) -> tuple[str, ...]:
        """Return the audiences that a run makes something for, the most trusted first."""
        used = {*self.audiences.files.readers, *(pack.audience for pack in self.packs.values())}
        return tuple(id for id in self.audiences.ids if id in used)

    @cached_property
    def sights(self) -> dict[str, str]:
        """Return for each of them the most trusted audience that sees the same as it."""
        found: dict[str, str] = {}
        rules = {id: self.protection(id).rules(self.metrics.items()) for id in self.readers}
        for id in self.readers:
            found[id] = next(other for other in self.readers if rules[other] == rules[id])
        return found

    @property
    def protections(self) -> tuple[Protection, ...]:
        """Return what each of them may not see."""
        return tuple(self.protection(id) for id in self.readers)

    @cached_property
    def yearly(self) -> frozenset[str]:
        """Return the metrics whose breakdowns some audience is shown of twelve months."""
        own = self.protections
        return frozenset(id for id, one in self.metrics.items() if any(p.whole_years(one) for p in own))

    @cached_property
    def behind(self) -> frozenset[str]:
        """Return the metrics of twelve months alone that may be withheld: their months stand behind them."""
        guarded = (id for id, one in self.metrics.items() if any(p.guards(id, one) for p in self.protections))
        return frozenset(id for id in guarded if months_behind(self.metrics[id]))

    def protection(self, audience: str) -> Protection:
        """Return what an audience may not see."""
        return Protection(self.audiences, audience, self._named.get(audience))

    @cached_property
    def _named(self) -> dict[str, Named]:
        """Return the figures that packs name, by each audience that is shown no others."""
        packs = tuple(self.packs.values())
        levels = self.organisation.levels
        return {
            one.id: named([pack for pack in packs if pack.audience == one.id], self.metrics, levels)
            for one in self.audiences.audience
            if one.only_packs
        }

    @cached_property
    def theme_of(self) -> dict[str, Theme]:
        """Return the theme each metric belongs to."""
        return {name: theme for theme in self.themes for name in theme.metric}

    @cached_property
    def lists(self) -> dict[str, RowList]:
        """Return the lists of all sources by id."""
        return {spec.id: spec for source in self.sources.values() for spec in source.list}

    @cached_property
    def _called(self) -> dict[str, str]:
        # A short name that two metrics share means neither.
        short = {id: {fold(name) for name in (one.short or {}).values()} for id, one in self.metrics.items()}
        shared = Counter(name for names in short.values() for name in names)
        alone = {name: id for id, names in short.items() for name in names if shared[name] == 1}
        names = {fold(name): id for id, one in self.metrics.items() for name in one.name.values()}
        return alone | names | {fold(id): id for id in self.metrics}

    def metric_called(self, text: str) -> str:
        """Return the id of the metric that an id or a name in any language means, empty for no metric."""
        return self._called.get(fold(text), "")

    def lists_of(self, kind: ListKind) -> tuple[str, ...]:
        """Return the ids of the lists of a kind."""
        return tuple(spec.id for spec in self.lists.values() if spec.kind == kind)


def make_calendar(settings: Settings) -> Calendar:
    """Return the calendar the settings describe."""
    return calendar(
        settings.country,
        settings.time_zone,
        settings.free_days,
        settings.free_weekdays,
        settings.office_hours,
    )


def known(limits: Limits, calendar: Calendar, asof: int) -> Context:
    """Return what expressions may know on a day."""
    return Context(asof, calendar, rules(limits), {one.id: one.table for one in limits.table})


def rules(limits: Limits) -> dict[str, tuple[Rule, ...]]:
    """Return the limits by id, each with its versions."""
    found: dict[str, tuple[Rule, ...]] = {}
    for one in limits.limit:
        rule = Rule(one.kind, one.value, day_number(one.valid_from), day_number(one.valid_to))
        found[one.id] = (*found.get(one.id, ()), rule)
    return found
