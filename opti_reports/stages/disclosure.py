"""From values to what each audience is shown: small counts are withheld, and whatever reveals them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType

from opti_reports.config.audiences import Protection
from opti_reports.config.configs import Configs
from opti_reports.disclosure.amounts import concerned
from opti_reports.disclosure.gate import NOTHING, Gate, Published
from opti_reports.disclosure.publication import NOBODY, Earlier, Trusted, by_metric
from opti_reports.model.value import Value, Values
from opti_reports.parallel import Jobs, no_collection
from opti_reports.periods.cadence import MONTH, ROLLING
from opti_reports.periods.period import Period
from opti_reports.stages import groups, released
from opti_reports.stages.groups import Group
from opti_reports.stages.released import Released
from opti_reports.store import entries, program
from opti_reports.store import figures as store
from opti_reports.store.figures import Figures

FOLDER = entries.PUBLISHED
"""Where published values lie in the store."""


@dataclass(frozen=True)
class Task:
    """A group of values to be published together, where they are kept, by audience, and the releases there
    are.
    """

    group: Group
    addresses: Mapping[str, str]
    earlier: tuple[Released, ...] = ()


def publish(
    place: Path,
    configs: Configs,
    exact: Sequence[Group],
    month: int,
    jobs: Jobs,
    earlier: tuple[Released, ...] = (),
) -> dict[str, Figures]:
    """Return all that a month publishes to each audience, in the order of metrics; ``place`` is the
    workspace's store.
    """
    common = [program.code(__name__), configs.audiences.model_dump(mode="json")]
    tasks = []
    for group in exact:
        rests = [(one.of(group.metrics), one.exact.get(group.metrics)) for one in earlier]
        alike, rules = _alike(configs, group.metrics), _rules(configs, group.metrics)
        addresses = {
            id: entries.address([group.address, common, rules, first, rests]) for id, first in alike.items()
        }
        tasks.append(Task(group, addresses, earlier))
    new = [t for t in tasks if not all(entries.has(place / FOLDER, one) for one in t.addresses.values())]
    # The longest first: the last to end should be a short one.
    new.sort(key=lambda task: -sum(guarded(configs, id) for id in task.group.metrics))
    jobs.each(work, new, lambda _: None, lambda task: ", ".join(task.group.metrics))
    figures = [_kept(task) for task in tasks]
    found = {id: _together(configs, [one[id] for one in figures]) for id in set(configs.sights.values())}
    kept = frozenset(address for task in tasks for address in task.addresses.values())
    entries.prune(place / FOLDER, kept, month)
    return {id: found[sight] for id, sight in configs.sights.items()}


def _together(configs: Configs, found: Sequence[Figures]) -> Figures:
    """Return the figures of all groups in the order of metrics."""
    order = {id: number for number, id in enumerate(configs.metrics)}
    months = {id: own for one in found for id, own in one.months.items()}
    return Figures(
        now=tuple(sorted((v for one in found for v in one.now), key=lambda v: order[v.metric])),
        before=tuple(sorted((v for one in found for v in one.before), key=lambda v: order[v.metric])),
        months=dict(sorted(months.items(), key=lambda item: order[item[0]])),
        known_before=tuple(sorted(place for one in found for place in one.known_before)),
        exposed=tuple(sorted(place for one in found for place in one.exposed)),
        coarse=tuple(sorted(place for one in found for place in one.coarse)),
    )


def guarded(configs: Configs, metric: str) -> bool:
    """Return whether any audience may not see all of a metric."""
    eyes = map(configs.protection, dict.fromkeys(configs.sights.values()))
    return any(one.guards(metric, configs.metrics[metric]) for one in eyes)


def _rules(configs: Configs, metrics: Iterable[str]) -> dict[str, list[tuple[object, ...]]]:
    """Return what each audience sees of metrics rests on, the most trusted first."""
    every = sorted(metrics)
    return {
        audience: configs.protection(audience).rules((id, configs.metrics[id]) for id in every)
        for audience in dict.fromkeys(configs.sights.values())
    }


def _alike(configs: Configs, metrics: Iterable[str]) -> dict[str, str]:
    """Return each audience by the first of those in a row that see the same of metrics."""
    found, rules, first = dict[str, str](), object(), ""
    for audience, own in _rules(configs, metrics).items():
        if own != rules:
            rules, first = own, audience
        found[audience] = first
    return found


def _kept(task: Task) -> dict[str, Figures]:
    """Return a group's published values by audience."""
    folder, addresses = task.group.store / FOLDER, set(task.addresses.values())
    loaded = {address: store.load(folder, address) for address in addresses}
    return {audience: loaded[address] for audience, address in task.addresses.items()}


def work(task: Task) -> None:
    """Withhold a group's figures that each audience may not see, and store the rest."""
    group = task.group
    with no_collection():
        before = {
            id: list(known(group.configs, group.store, group.metrics, task.earlier, id))
            for id in task.addresses
        }
        made = dict(withheld(group.configs, group.load(), group.month, before))
    for address, figures in {task.addresses[id]: made[id] for id in made}.items():
        store.save(group.store / FOLDER, address, group.month, _told(figures))


def _told(figures: Figures) -> Figures:
    """Return figures with those of the month before that anything is said of: headlines that are no more what
    they were.
    """
    now = {(v.metric, v.org, v.period): v.value for v in figures.now if not v.breakdown}
    before = (v for v in figures.before if not v.breakdown)
    return replace(figures, before=tuple(v for v in before if now.get(v[:3]) != v.value))


def known(
    configs: Configs, place: Path, metrics: tuple[str, ...], earlier: Iterable[Released], audience: str
) -> Iterator[tuple[Period, Earlier]]:
    """Yield what releases showed an audience of a group, and the exact values if there."""
    protection = configs.protection(audience)
    for one in earlier:
        address = one.shown.get(audience, {}).get(metrics)
        if address is None:
            continue
        shown = store.load(place / released.FOLDER, address).now
        tree = configs.organisation.tree(one.period.last_month)
        kept = one.exact.get(metrics)
        if kept is None or not entries.has(place / groups.FOLDER, kept):
            yield one.period, Earlier.of(shown, None, tree)
            continue
        exact = store.load(place / groups.FOLDER, kept).now
        yield one.period, Earlier.of(shown, periods_of(configs, protection, exact), tree)


def withheld(
    configs: Configs,
    exact: Figures,
    month: int,
    releases: Mapping[str, Sequence[tuple[Period, Earlier]]] = MappingProxyType({}),
) -> Iterator[tuple[str, Figures]]:
    """Yield values with what each audience may not see withheld, the most trusted audience first.

    What is shown is protected together with what ``releases`` showed the audience, by period; and with the
    month before's as it would have been shown, where that was not released.
    """
    seen, trusted = _Seen(), ""
    delivered = {id: frozenset(months) for id, months in exact.months.items()}
    for audience, first in _alike(configs, {value.metric for value in exact.now}).items():
        if audience == first:
            protection = configs.protection(audience)
            gate = Gate(configs.metrics, configs.organisation.tree(month), protection, delivered)
            knows = partial(_known, configs, trusted, month)
            then, now = (_Given.of(configs, protection, one) for one in (exact.before, exact.now))
            before = gate.publish(then.shown, (), knows(seen.before), then.behind, seen.before.solved)
            earlier = [one for _, one in releases.get(audience, ())]
            if all(released != Period(MONTH, month - 1) for released, _ in releases.get(audience, ())):
                earlier.append(Earlier.of(before.values, then.shown))
            seen = _Seen(
                before, gate.publish(now.shown, earlier, knows(seen.now), now.behind, seen.now.solved)
            )
        trusted = audience
        yield audience, _figures(seen, exact.months)


def _known(configs: Configs, audience: str, month: int, shown: Published) -> Trusted:
    """Return what the more trusted audience knows; nobody before the first."""
    if not audience:
        return NOBODY
    protection = configs.protection(audience)
    open_ones = (id for id, metric in configs.metrics.items() if not protection.guards(id, metric))
    orgs = tuple(sorted(_with_packs(configs, audience, month)))
    return Trusted(by_metric(shown.values), orgs, frozenset(open_ones))


@dataclass(frozen=True)
class _Given:
    """The figures of the periods an audience is shown, and the months behind them."""

    shown: Values
    behind: Values

    @classmethod
    def of(cls, configs: Configs, protection: Protection, exact: Iterable[Value]) -> _Given:
        return cls(periods_of(configs, protection, exact), _behind(configs, exact))


@dataclass(frozen=True)
class _Seen:
    """What an audience is shown of the month before and of the month."""

    before: Published = NOTHING
    now: Published = NOTHING


def _figures(seen: _Seen, months: Mapping[str, tuple[int, ...]]) -> Figures:
    known, exposed = (
        tuple(sorted({(id, cell[0]) for id, cell in places}))
        for places in (seen.now.known_before, seen.now.exposed)
    )
    return Figures(
        now=seen.now.values.items,
        before=seen.before.values.items,
        months=months,
        known_before=known,
        exposed=exposed,
        coarse=tuple(sorted((id, kept.value) for id, kept in seen.now.coarse.items())),
    )


def periods_of(configs: Configs, protection: Protection, exact: Iterable[Value]) -> Values:
    """Return the figures of the periods an audience is shown: of whole years instead of months, or not.

    Of what is protected from it weeks are shown where a month is made of them. Where it is made of days, how
    much of a week lies in it is in no figure, so that nobody could say what month and weeks tell together.
    """
    protected = concerned(configs.metrics, [protection])
    others = (node for tree in configs.organisation.others for node in tree.nodes)
    levels = {unit.id: unit.level for unit in (*configs.organisation.units, *others)}

    def shown(value: Value) -> bool:
        metric, cadence = configs.metrics[value.metric], value.period.cadence
        if not protection.names(value.metric, metric, levels.get(value.org, ""), value.breakdown, cadence):
            return False
        if cadence.weekly and not metric.by_weeks and value.metric in protected:
            return False
        if cadence is ROLLING and value.metric in configs.yearly:
            return protection.whole_years(metric)
        if cadence is MONTH and value.metric in configs.behind:
            return False
        return protection.of_months(metric, value.breakdown, value.key)

    return Values(tuple(value for value in exact if shown(value)))


def _behind(configs: Configs, exact: Iterable[Value]) -> Values:
    """Return the months of metrics of twelve months, which no audience is shown."""
    return Values(tuple(v for v in exact if v.metric in configs.behind and v.period.cadence is MONTH))


def _with_packs(configs: Configs, sight: str, month: int) -> set[str]:
    """Return the organisations that have packs which show what an audience sees, the uppermost: one's pack
    shows all that is below it.
    """
    levels = {pack.level for pack in configs.packs.values() if configs.sights[pack.audience] == sight}
    tree = configs.organisation.tree(month)
    found = {node.id for node in tree.nodes if node.level in levels}
    return {id for id in found if found.isdisjoint(set(tree.above(id)) - {id})}
