"""What later deliveries changed in months already published."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from opti_reports.config.metric import Metric
from opti_reports.config.settings import Restated
from opti_reports.model.finding import Restatement
from opti_reports.model.value import SHOWN, Value, Values


def lawful(metrics: Mapping[str, Metric]) -> frozenset[str]:
    """Return the metrics with a limit in law."""
    return frozenset(id for id, one in metrics.items() if one.target and one.target.kind == "law")


@dataclass(frozen=True)
class Revision:
    """The published values of periods that had ended before the data month, as known then and as known now.

    ``came`` are the sources behind each metric that have a delivery of the data month. Slices older than a
    source's window are never replaced, so what is frozen cannot be listed here. ``lawful`` are the metrics
    with a limit in law.
    """

    before: Values
    now: Values
    rule: Restated
    came: Mapping[str, Collection[str]]
    lawful: Collection[str] = ()

    def restatements(self) -> tuple[Restatement, ...]:
        """Return every headline value of a period that was already published and has changed by more than the
        rule.
        """
        return tuple(self._all())

    def _all(self) -> Iterator[Restatement]:
        for old in self.before:
            # What still lacked months when it was published has only grown.
            if old.breakdown or old.period.cadence.weekly or old.short:
                continue
            new = self.now.get(old.metric, old.org, old.period)
            if self._told(old, new):
                assert old.value is not None
                assert new.value is not None
                sources = tuple(sorted(self.came.get(old.metric, ())))
                yield Restatement(
                    metric=old.metric,
                    org=old.org,
                    period=old.period,
                    old=old.value,
                    new=new.value,
                    sources=sources,
                )

    def _told(self, old: Value, new: Value) -> bool:
        if old.state not in SHOWN or new.state not in SHOWN or old.value is None or new.value is None:
            return False
        if old.value == new.value:
            return False
        n = new.n if new.n is not None else 0
        if new.n is not None and n < self.rule.few:
            parts = ((old.num, new.num), (old.den, new.den))
            return any(abs((b or Fraction(0)) - (a or Fraction(0))) >= self.rule.cases for a, b in parts)
        share = self.rule.law if new.metric in self.lawful else self.rule.relative
        return abs(new.value - old.value) >= abs(old.value) * Fraction(str(share))
