"""What each audience is shown of a week's figures: the gate, beside all that releases have shown before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from opti_reports.config.configs import Configs
from opti_reports.disclosure.publication import Earlier
from opti_reports.metrics.evaluate import months_of
from opti_reports.model.value import Value, Values
from opti_reports.periods.period import Period
from opti_reports.stages import disclosure, groups
from opti_reports.stages.released import Released, note_exact
from opti_reports.stages.weeks import Worked
from opti_reports.store import entries
from opti_reports.store import figures as store
from opti_reports.store.figures import Figures

Known = Mapping[str, Sequence[tuple[Period, Earlier]]]
"""What releases showed, by sight."""


def publish(place: Path, configs: Configs, worked: Worked, earlier: Sequence[Released]) -> dict[str, Values]:
    """Return the figures that each audience is shown of a week; ``place`` is the workspace's store.

    A week comes before its month: what it shows is known when the month is protected, and what is known from
    months and weeks released before is reckoned with here. Metrics that follow from it even so are left out.
    """
    found: dict[str, dict[str, list[Value]]] = {id: {} for id in configs.sights.values()}
    for metrics, figures in _by_group(configs, worked).items():
        before = _known(place, configs, metrics, earlier)
        for sight, own in _shown(configs, metrics, figures, worked.given.month, before).items():
            for value in own:
                found[sight].setdefault(value.metric, []).append(value)
    order = [id for id in configs.metrics if any(id in own for own in found.values())]
    together = {
        sight: Values(tuple(value for id in order for value in own.get(id, ())))
        for sight, own in found.items()
    }
    return {audience: together[sight] for audience, sight in configs.sights.items()}


def keep(place: Path, configs: Configs, worked: Worked, basis: str, earlier: Sequence[Released]) -> None:
    """Keep the exact figures of a week, for the runs that come after its release."""
    addresses = {}
    for metrics, figures in _by_group(configs, worked).items():
        if any(disclosure.guarded(configs, id) for id in metrics):
            addresses[metrics] = entries.address([basis, metrics, "week"])
            store.save(place / groups.FOLDER, addresses[metrics], worked.given.month, figures)
    note_exact(place, addresses, basis, earlier)


def _by_group(configs: Configs, worked: Worked) -> dict[tuple[str, ...], Figures]:
    """Return the figures of a week by the groups that are protected together, of those that have any."""
    of: dict[str, list[Value]] = {}
    for value in worked.exact:
        of.setdefault(value.metric, []).append(value)
    return {
        metrics: Figures(
            now=tuple(value for id in metrics for value in of.get(id, ())),
            before=(),
            months={id: months_of(worked.given, id) for id in metrics if id in of},
        )
        for metrics in groups.together(configs)
        if any(id in of for id in metrics)
    }


def _known(place: Path, configs: Configs, metrics: tuple[str, ...], earlier: Sequence[Released]) -> Known:
    """Return what releases showed each sight of a group."""
    sights = dict.fromkeys(configs.sights.values())
    return {id: tuple(disclosure.known(configs, place, metrics, earlier, id)) for id in sights}


def _shown(
    configs: Configs, metrics: tuple[str, ...], exact: Figures, month: int, before: Known
) -> dict[str, tuple[Value, ...]]:
    """Return the figures of a group that each sight is shown."""
    if not any(disclosure.guarded(configs, id) for id in metrics):
        return dict.fromkeys(before, exact.now)
    found = {}
    for sight, figures in disclosure.withheld(configs, exact, month, before):
        exposed = {metric for metric, _ in figures.exposed}
        found[sight] = tuple(value for value in figures.now if value.metric not in exposed)
    return found
