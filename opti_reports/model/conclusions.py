"""All that is found in a month's published values, as tables of figures and packs are made from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from opti_reports.model.comparison import Funnel
from opti_reports.model.finding import Deviation, Effect, Restatement, Signal, Silent, Standing, Status
from opti_reports.periods.period import Period


@dataclass(frozen=True, kw_only=True)
class Conclusions:
    """The findings of a month.

    ``statuses`` are by metric, organisation and period; absent means none. ``signals`` are by metric and
    organisation, of metrics counted by months. ``deviations`` of all organisations come the heaviest first;
    ``effects`` are by the id of an action, ``funnels`` by metric, the units compared and period,
    ``standings`` by process, organisation and period; ``silences`` are of units, ``peers`` what the best
    reach together, by metric and type of unit.
    """

    statuses: Mapping[tuple[str, str, Period], Status]
    signals: Mapping[tuple[str, str], Signal]
    deviations: tuple[Deviation, ...]
    effects: Mapping[str, Effect]
    restatements: tuple[Restatement, ...]
    funnels: Mapping[tuple[str, tuple[str, ...], Period], Funnel]
    standings: Mapping[tuple[str, str, Period], Standing]
    silences: tuple[Silent, ...]
    peers: Mapping[tuple[str, str], Fraction]

    @cached_property
    def restated(self) -> dict[tuple[str, str, Period], Restatement]:
        """Return what was published and has changed, by metric, organisation and period."""
        return {(one.metric, one.org, one.period): one for one in self.restatements}
