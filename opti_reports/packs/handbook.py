"""The configs as a handbook: what each metric means, who answers for it, when whom it concerns.

Everything is read from the configs, so the handbook cannot differ from what is computed; what an extract does
not tell is said where its newest files lack the column.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from opti_reports.algebra.term import parse_compared
from opti_reports.catalogue.graph import sources_of
from opti_reports.config.audiences import Protection
from opti_reports.config.configs import Configs
from opti_reports.config.metric import AnyMetric, Compare, Continuity, Metric, Quantile, Ratio, Total
from opti_reports.config.settings import Target
from opti_reports.config.target import CatalogueTarget
from opti_reports.config.theme import Theme
from opti_reports.language import formats
from opti_reports.language.wording import Wording
from opti_reports.model.handbook import AreaPart, Card, Fact, Handbook, ThemePart
from opti_reports.packs.handbook_groupings import groupings
from opti_reports.packs.left_out import left_out
from opti_reports.periods.cadence import CADENCES

WORDS = ("areas", "contents", "groupings", "index", "measure", "metrics", "owner", "page", "themes")
"""The fixed words of the template, by key under ``[handbook]``."""


def handbook(configs: Configs, language: str, lacking: frozenset[str] = frozenset()) -> Handbook:
    """Return the handbook in one language; ``lacking`` are the columns that newest extracts lack."""
    desk = CardSource(configs, configs.wordings[language], lacking)
    say, root = desk.wording.say, configs.organisation.levels[0]
    areas = tuple(
        AreaPart(
            area.id,
            desk.wording.of(area.name),
            tuple(_theme(desk, theme) for theme in configs.themes if theme.area == area.id),
        )
        for area in configs.areas
    )
    counts = {"areas": len(areas), "themes": len(configs.themes), "metrics": len(configs.metrics)}
    return Handbook(
        language=language,
        title=say("handbook.title"),
        subtitle=say("handbook.subtitle", **counts),
        org_name=desk.wording.of(configs.organisation.level_names[root]),
        introduction=(say("handbook.intro"), *_reading(desk)),
        areas=areas,
        groupings=tuple(groupings(configs, desk.wording)),
        words={key: say(f"handbook.{key}") for key in WORDS} | desk.wording.words,
    )


@dataclass(frozen=True)
class CardSource:
    """What a card is written from."""

    configs: Configs
    wording: Wording
    lacking: frozenset[str]

    def metric_name(self, text: str) -> str:
        """Return the name of the metric that a comparison speaks of."""
        metric = self.configs.metrics.get(parse_compared(text)[0])
        return self.wording.of(metric.name) if metric else text

    def level(self, level: str) -> str:
        """Return what a level is called."""
        return self.wording.of(self.configs.organisation.level_names[level])

    def org(self, unit: str) -> str:
        """Return what an organisation was called last."""
        return self.wording.of(self.configs.organisation.last(unit).names)

    def figure(self, values: Sequence[float], op: str, metric: Metric) -> str:
        """Return a target with its sign and unit."""
        return formats.target(op, values, metric.unit, metric.decimals, self.wording)


def _theme(desk: CardSource, theme: Theme) -> ThemePart:
    cards = tuple(_card(desk, theme, name, metric) for name, metric in theme.metric.items())
    return ThemePart(theme.id, desk.wording.of(theme.name), desk.wording.of(theme.owner_role), cards)


def _reading(desk: CardSource) -> Iterator[str]:
    """Yield what holds for every metric: when a level reacts, and the law."""
    rules = list(_reactions(desk, desk.configs.organisation.levels))
    if rules:
        yield desk.wording.say("handbook.intro_react", rules="; ".join(rules))
        if not all(rule.agreed for rule in desk.configs.findings.escalation):
            yield desk.wording.say("pack.escalation_proposed")
        yield from (desk.wording.say(f"handbook.intro_{one.id}") for one in CADENCES if one.added)
    yield desk.wording.say("handbook.intro_law")


def _card(desk: CardSource, theme: Theme, name: str, metric: AnyMetric) -> Card:
    say = desk.wording.say
    facts = [
        Fact(say("handbook.formula"), tuple(formula(desk, metric))),
        Fact(say("handbook.reading"), tuple(_reading_of(desk, metric))),
        Fact(say("handbook.sources"), tuple(_sources(desk, name))),
        Fact(say("handbook.target"), tuple(_targets(desk, name, metric)) or (say("handbook.no_target"),)),
        *_origin(desk, metric),
        Fact(say("handbook.cycle"), (_cycle(desk, metric),)),
        Fact(say("handbook.owner"), (desk.wording.of(metric.owner_role or theme.owner_role),)),
        Fact(say("handbook.reacts"), ("; ".join(_reacting(desk, metric)),)),
        Fact(say("handbook.shown"), tuple(_shown(desk, metric))),
        Fact(say("handbook.certainty"), (say(f"handbook.certainty_{metric.certainty}"),)),
        *_caveats(desk, metric),
        *_left_out(desk, name),
    ]
    filled = tuple(fact for fact in facts if any(fact.texts))
    return Card(name, desk.wording.of(metric.name), desk.wording.of(metric.definition), filled)


def formula(desk: CardSource, metric: AnyMetric) -> Iterator[str]:
    """Yield how it is computed: in words, in the quantities of the sources, and how levels are joined."""
    say = desk.wording.say
    match metric:
        case Compare():
            names = {key: desk.metric_name(text) for key, text in metric.others.items()}
            yield say(f"handbook.how_{metric.how}", **names)
        case Quantile():
            share = formats.trimmed(metric.q[0] * 100 / metric.q[1], 1, desk.wording.language)
            yield say("handbook.kind_quantile", share=share)
            yield metric.of
        case Continuity():
            yield say("handbook.kind_coc", n=metric.min_contacts)
            yield metric.of
        case Ratio():
            scaled = "handbook.kind_ratio" if metric.scale == 1 else "handbook.kind_ratio_scaled"
            yield say(scaled, scale=formats.number(metric.scale, 0, desk.wording.language))
            yield f"{_sum(metric.num)} ÷ {_sum(metric.den)}"
        case Total():
            yield say("handbook.kind_total")
            yield _sum(metric.num, alone=True)
    yield say(f"handbook.rollup_{metric.rollup}")


def _sum(terms: Sequence[str], *, alone: bool = False) -> str:
    """Return quantities added, or taken away after a minus; in brackets where more follows."""
    text = " + ".join(terms).replace("+ -", f"{formats.MINUS} ")
    return text if alone or len(terms) == 1 else f"({text})"


def _reading_of(desk: CardSource, metric: Metric) -> Iterator[str]:
    say = desk.wording.say
    yield " · ".join((say(f"unit.{metric.unit}.name"), say(f"direction.{metric.direction}")))
    if metric.season:
        yield say("handbook.season")


def _sources(desk: CardSource, name: str) -> Iterator[str]:
    """Yield the sources behind a metric, with who delivers them."""
    for source in sources_of(desk.configs, [name]):
        spec = desk.configs.sources[source]
        role = desk.wording.of(spec.owner_role)
        yield desk.wording.say("handbook.source", source=desk.wording.of(spec.name), role=role)


def _targets(desk: CardSource, name: str, metric: Metric) -> Iterator[str]:
    """Yield what has been agreed or proposed, and what the catalogue holds, each with its state."""
    say = desk.wording.say
    for one in desk.configs.targets.target:
        if one.metric == name:
            figure = desk.figure(_ends(one), one.op, metric)
            since = formats.date(one.valid_from, desk.wording)
            phrase = f"handbook.target_{one.state}"
            text = say(phrase, target=figure, organisation=desk.org(one.organisation), since=since)
            yield f"{text} ({desk.wording.of(one.origin)})" if one.origin else text
    if metric.target is not None:
        figure = desk.figure(_ends(metric.target), metric.target.op, metric)
        kind = metric.target.kind if metric.target.kind in ("law", "process") else "proposed"
        yield say("handbook.target_catalogue", target=figure, state=say(f"target.{kind}"))


def _ends(target: Target | CatalogueTarget) -> tuple[float, ...]:
    return target.value if isinstance(target.value, tuple) else (target.value,)


def _origin(desk: CardSource, metric: Metric) -> Iterator[Fact]:
    """Yield where the catalogue's target comes from: of a law, its section."""
    if metric.target is not None:
        say, source = desk.wording.say, metric.target.source
        key = "handbook.statute" if metric.target.kind == "law" else "handbook.origin"
        yield Fact(say(key), (desk.wording.of(source) if source else say("target.no_origin"),))


def _caveats(desk: CardSource, metric: Metric) -> Iterator[Fact]:
    if metric.comparable is not None:
        yield Fact(desk.wording.say("handbook.comparable"), (desk.wording.of(metric.comparable),))
    cautions = tuple(map(desk.wording.of, metric.cautions(desk.lacking)))
    yield Fact(desk.wording.say("handbook.caveats"), cautions)


def _left_out(desk: CardSource, name: str) -> Iterator[Fact]:
    """Yield the units that the metric leaves out, as the organisation was last changed."""
    changed = max(unit.first or 0 for unit in desk.configs.organisation.units)
    missing = left_out(desk.configs, name, changed)
    if missing:
        names = ", ".join(desk.wording.of(unit.names) for unit in missing)
        yield Fact(desk.wording.say("handbook.left_out"), (names,))


def _cycle(desk: CardSource, metric: Metric) -> str:
    say = desk.wording.say
    return "; ".join(
        say("handbook.at_level", level=desk.level(level), what=say(f"handbook.cycle_{cycle}"))
        for level, cycle in metric.levels.items()
    ) or say(f"handbook.cycle_{metric.cycle}")


def _reacting(desk: CardSource, metric: Metric) -> Iterator[str]:
    if metric.target is not None and metric.target.kind == "law":
        yield desk.wording.say("handbook.react_law")
        return
    yield from _reactions(desk, metric.levels or desk.configs.organisation.levels)


def _reactions(desk: CardSource, levels: Iterable[str]) -> Iterator[str]:
    """Yield when each level reacts to a deviation below it or its own."""
    known = set(levels)
    for rule in desk.configs.findings.escalation:
        if rule.level not in known:
            continue
        phrase = "handbook.react_once" if rule.months == 1 else "handbook.react_months"
        text = desk.wording.say(phrase, level=desk.level(rule.level), months=rule.months)
        if rule.share is not None:
            share = formats.percent(rule.share * 100, desk.wording.language)
            text = desk.wording.say("handbook.react_share", rule=text, share=share)
        yield text


def _shown(desk: CardSource, metric: AnyMetric) -> Iterator[str]:
    """Yield below which number of cases a figure is not shown or not judged."""
    say = desk.wording.say
    if metric.min_n:
        yield say("handbook.min_n", n=metric.min_n)
        if metric.target is not None and metric.target.kind == "law":
            yield say("handbook.law_counted")
    if metric.status_min_n:
        yield say("handbook.status_min_n", n=metric.status_min_n)
    yield from _protected(desk, metric)


def _protected(desk: CardSource, metric: AnyMetric) -> Iterator[str]:
    """Yield below which number of cases a figure is withheld, and from whom."""
    audiences, say = desk.configs.audiences, desk.wording.say
    readers: dict[int, list[str]] = {}
    for one in audiences.audience:
        own = Protection(audiences, one.id)
        if own.withholds(metric):
            readers.setdefault(own.cells(metric), []).append(desk.wording.of(one.name))
    everybody = [len(names) == len(audiences.audience) for names in readers.values()] == [True]
    for limit, names in readers.items():
        if everybody:
            yield say("handbook.protect", n=limit)
        else:
            yield say("handbook.protect_from", n=limit, readers=", ".join(names))
    if audiences.sensitivity[metric.sensitivity].small_staff:
        yield say("handbook.small_staff")
