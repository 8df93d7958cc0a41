"""Processes: whether each is kept, by its rule; and counts that have been nothing for months."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from opti_reports.config.processes import Process, Silence
from opti_reports.model.finding import Kept, Silent, Standing, Status
from opti_reports.model.value import Value, Values
from opti_reports.periods.cadence import MONTH
from opti_reports.periods.period import Period

Statuses = Mapping[tuple[str, str, Period], Status]


@dataclass(frozen=True)
class Processes:
    """Published values and how they stand, as the rules of processes ask for them."""

    values: Values
    statuses: Statuses

    def standings(
        self, rules: Iterable[Process], orgs: Iterable[str], periods: Iterable[Period]
    ) -> Iterator[Standing]:
        """Yield every process of every organisation in every period of which anything is known."""
        places = [(org, period) for org in orgs for period in periods]
        for rule in rules:
            for org, period in places:
                found = [self.values.get(metric, org, period) for metric in rule.metrics]
                if any(value.state != "missing" for value in found):
                    yield self._standing(rule, org, period, found)

    def _standing(self, rule: Process, org: str, period: Period, found: Iterable[Value]) -> Standing:
        judged = [value for value in found if self._tone(value) != "none"]
        metrics = tuple(value.metric for value in judged)
        left = tuple(metric for metric in rule.metrics if metric not in metrics)
        return Standing(
            process=rule.id,
            org=org,
            period=period,
            verdict=self._verdict(rule, judged),
            judged=metrics,
            left=left,
        )

    def _verdict(self, rule: Process, judged: Iterable[Value]) -> Kept:
        """Return whether it is kept: every share on its target; partly: every one at least ``partly``, or on
        its target.
        """
        numbers = [(value.value, self._tone(value) == "good") for value in judged]
        if not numbers:
            return "unjudged"
        if all(good for _, good in numbers):
            return "kept"
        enough = all(good or (number is not None and number >= rule.partly) for number, good in numbers)
        return "partly" if enough else "not_kept"

    def _tone(self, value: Value) -> str:
        status = self.statuses.get((value.metric, value.org, value.period))
        return "none" if status is None or value.short else status.tone

    def silences(
        self, rules: Iterable[Silence], orgs: Iterable[str], newest: Mapping[str, int], history: int
    ) -> Iterator[Silent]:
        """Yield counts that were nothing in each of the newest months, looking back over the ``history``.

        A month that is not known breaks the row.
        """
        orgs = tuple(orgs)
        for rule in rules:
            end = newest.get(rule.metric, 0)
            for org in orgs if end else ():
                months = (
                    self.values.get(rule.metric, org, Period(MONTH, end - back)) for back in range(history)
                )
                run = 0
                for value in months:
                    if value.state != "ok" or value.value != 0:
                        break
                    run += 1
                if run >= rule.months:
                    yield Silent(rule.metric, org, run)
