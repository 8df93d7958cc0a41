"""``configs/audiences.toml``: who reads together, and below how many cases each may not see a figure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated

from pydantic import Field

from opti_reports.config.base import AudienceId, Identifier, Strict, Words
from opti_reports.config.metric import AnyMetric, Metric, Ratio, Total
from opti_reports.config.shown import Named
from opti_reports.config.source import RowList, Source
from opti_reports.errors import Fault
from opti_reports.periods.cadence import MONTH, ROLLING, Cadence

FILE = "audiences.toml"
WHOLE_YEARS = 2
"""Of whole years there are the last twelve months and the twelve before."""
Limit = Annotated[int, Field(ge=0, le=1000)]
"""Counts of 1 to this minus one are withheld; of 0 and 1 nothing is."""


class Audience(Strict):
    """Those who read the same packs, and are taken to know each other's."""

    id: Identifier
    name: Words
    only_packs: bool = False
    """It is shown the metrics that its packs name, where they show them, and no other figure."""


class Sensitivity(Strict):
    """How much figures may tell of people, and so the limit below which an audience does not see them.

    ``headlines_shown``: the audiences that see totals and rates whatever they count; only breakdowns are
    withheld. ``whole_years``: the audiences that see breakdowns of months as those of twelve months, where
    fewer figures are small. ``small_staff``: the limit named where all figures of units marked
    ``small_staff_group`` are withheld; 0: they are not. ``only``: the audiences that are shown any of its
    figures at all; the others do not know that there are any. Without one all are.
    """

    name: Words
    protect: dict[AudienceId, Limit]
    headlines_shown: tuple[AudienceId, ...] = ()
    whole_years: tuple[AudienceId, ...] = ()
    small_staff: Limit = 0
    only: tuple[AudienceId, ...] = ()

    def shown_to(self, audience: str) -> bool:
        """Return whether an audience is shown figures of it, as far as they are not small."""
        return not self.only or audience in self.only


class Shared(Strict):
    """The audiences of what a month's run writes beside its packs."""

    values: AudienceId
    """Of values.csv."""
    web_page: AudienceId
    bi: AudienceId | None = None
    """Of the tables for analysts; without it there are none."""

    @property
    def readers(self) -> frozenset[str]:
        """Return every audience that something is written for."""
        return frozenset({self.values, self.web_page} | ({self.bi} if self.bi else set()))


class Price(Strict):
    """What withholding a figure costs its readers, beside a month's figure of a key that occurs."""

    longer: float = Field(default=0.5, gt=0)
    """A longer window: it protects all its months alike."""
    zero: float = Field(default=1.5, gt=0)
    """A key that does not occur: nobody knows that it is none, but little is protected."""
    headline: float = Field(default=20, gt=0)
    """A headline beside a key."""
    before: float = Field(default=0.5, gt=0)
    """What was withheld before beside what was not: two would tell each other by their windows."""


class Audiences(Strict):
    """Audiences, the most trusted first; how sensitive figures are; whose the month's files are."""

    mostly_withheld: int = Field(ge=0, le=100)
    """Above which share of a table's figures, in per cent, a line stands in its place."""
    most_work: float = Field(default=10, gt=0, le=10_000)
    """How much may be worked out to protect figures that sums connect, in millions of amounts in programs;
    a workspace made before there was a limit has the shipped one.
    """
    price: Price = Price()
    audience: tuple[Audience, ...] = Field(min_length=1)
    sensitivity: dict[Identifier, Sensitivity] = Field(min_length=1)
    files: Shared

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the audiences, the most trusted first."""
        return tuple(one.id for one in self.audience)

    def limit(self, sensitivity: str, audience: str) -> int:
        """Return below how many cases the audience does not see a figure; 0: it sees all."""
        return self.sensitivity[sensitivity].protect[audience]

    def reads(self, rows: RowList, audience: str) -> bool:
        """Return whether an audience may read a list's rows one by one; so it is of a limit that lacks."""
        one = self.sensitivity.get(rows.sensitivity)
        return one is None or one.protect.get(audience, 0) <= 1 or audience in rows.rows_shown


def check_audiences(audiences: Audiences) -> Iterator[Fault]:
    """Yield what is wrong in the file by itself: names given twice, limits that lack or are too loose."""
    for number, id in enumerate(audiences.ids, 1):
        if id in audiences.ids[: number - 1]:
            yield Fault(FILE, f"audience.{number}.id", "audience.twice", id=id)
    for name, one in audiences.sensitivity.items():
        key = f"sensitivity.{name}.protect"
        for id in dict.fromkeys(audiences.ids):
            if id not in one.protect:
                yield Fault(FILE, f"{key}.{id}", "audience.no_limit", sensitivity=name, audience=id)
        known = [id for id in dict.fromkeys(audiences.ids) if id in one.protect]
        for trusted, less in pairwise(known):
            if one.protect[less] < one.protect[trusted]:
                yield Fault(
                    FILE, f"{key}.{less}", "audience.looser", trusted=trusted, least=one.protect[trusted]
                )
            if (
                less in one.headlines_shown
                and trusted not in one.headlines_shown
                and one.protect[trusted] > 1
            ):
                place = f"sensitivity.{name}.headlines_shown"
                yield Fault(FILE, place, "audience.looser_headlines", less=less, trusted=trusted)
            if less in one.only and trusted not in one.only:
                yield Fault(
                    FILE, f"sensitivity.{name}.only", "audience.looser_only", less=less, trusted=trusted
                )
            if trusted in one.whole_years and less not in one.whole_years:
                place = f"sensitivity.{name}.whole_years"
                yield Fault(FILE, place, "audience.looser_months", less=less, trusted=trusted)


def check_lists(sources: Iterable[Source], audiences: Audiences) -> Iterator[Fault]:
    """Yield lists whose rows a less trusted audience may read, and a more trusted one may not."""
    for source in sources:
        for rows in source.list:
            for trusted, less in pairwise(audiences.ids):
                if less in rows.rows_shown and not audiences.reads(rows, trusted):
                    place = f"list.{rows.id}.rows_shown"
                    yield Fault(
                        f"sources/{source.id}.toml", place, "audience.looser_rows", less=less, trusted=trusted
                    )


def yearly(metric: AnyMetric) -> bool:
    """Return whether a metric's breakdowns may be shown of twelve months: those it has by months, not how
    things stand at a month's end.
    """
    by_months = metric.cadence is MONTH and ROLLING not in metric.also
    return bool(metric.by) and by_months and not metric.is_stock


def months_behind(metric: AnyMetric) -> bool:
    """Return whether a metric adds up the months of a year and shows none of them."""
    return isinstance(metric, Total | Ratio) and metric.cadence is ROLLING and MONTH not in metric.cadences


@dataclass(frozen=True)
class Protection:
    """What one audience may not see, by the sensitivity of metrics and lists."""

    audiences: Audiences
    audience: str
    named: Named | None = None
    """The figures that its packs name, of an audience that is shown no others."""

    def names(self, id: str, metric: AnyMetric, level: str, breakdown: str, cadence: Cadence) -> bool:
        """Return whether some pack of the audience names a figure: of a level, a key and a kind of period.

        Of what it only has by a key, the total is that of the periods its keys are shown of.
        """
        if not self.sees(id, metric):
            return False
        if self.named is None:
            return True
        if not breakdown and (id, level, "") in self.named:
            return not cadence.weekly
        keys = (breakdown,) if breakdown else metric.by
        by_keys = any((id, level, key) in self.named for key in keys)
        return by_keys and (cadence is ROLLING if self.whole_years(metric) else not cadence.weekly)

    def sees(self, id: str, metric: Metric) -> bool:
        """Return whether the audience is shown figures of a metric at all."""
        named = self.named is None or any(one == id for one, _, _ in self.named)
        return named and self.audiences.sensitivity[metric.sensitivity].shown_to(self.audience)

    def limit(self, metric: Metric, breakdown: str = "", key: str = "") -> int:
        """Return below which n a metric's figure is withheld, 0 if none is: its headline, or of a key."""
        one = self.audiences.sensitivity[metric.sensitivity]
        if not breakdown and self.audience in one.headlines_shown:
            return 0
        if breakdown and key in metric.always_shown.get(breakdown, ()):
            return 0
        return one.protect[self.audience]

    def cells(self, metric: Metric) -> int:
        """Return below which n figures of breakdowns are withheld."""
        return self.audiences.limit(metric.sensitivity, self.audience)

    def whole_years(self, metric: AnyMetric) -> bool:
        """Return whether breakdowns of a metric are shown of twelve months, instead of each month."""
        return yearly(metric) and self.audience in self.audiences.sensitivity[metric.sensitivity].whole_years

    def of_months(self, metric: AnyMetric, breakdown: str = "", key: str = "") -> bool:
        """Return whether figures of a key (of the headline: empty) are shown of months and longer periods."""
        return not breakdown or not self.whole_years(metric) or key in metric.always_shown.get(breakdown, ())

    def small_staff(self, metric: Metric) -> int:
        """Return the limit named where units with few staff see no figure at all; 0: they see them."""
        return self.audiences.sensitivity[metric.sensitivity].small_staff

    def rules(self, metrics: Iterable[tuple[str, AnyMetric]]) -> list[tuple[object, ...]]:
        """Return all that decides what the audience sees of metrics: others with the same see the same."""
        return [
            (
                one.sensitivity,
                self.sees(id, one),
                self.cells(one),
                bool(self.limit(one)),
                self.whole_years(one),
                self.small_staff(one),
                None if self.named is None else sorted(cell for cell in self.named if cell[0] == id),
            )
            for id, one in metrics
        ]

    def guards(self, id: str, metric: Metric) -> bool:
        """Return whether any figure of a metric may be withheld."""
        return self.sees(id, metric) and self.withholds(metric)

    def withholds(self, metric: Metric) -> bool:
        """Return whether any figure of a metric would be withheld, were it shown."""
        return self.cells(metric) > 1 or self.small_staff(metric) > 0
