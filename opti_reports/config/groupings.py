"""``configs/groupings.toml``: what others ask to be measured, and which metrics answer it."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import model_validator

from opti_reports.config.base import Identifier, MetricId, Strict, Words
from opti_reports.errors import Fault, UnfitError

FILE = "groupings.toml"


class Measure(Strict):
    """A thing to be measured: the metrics that answer it, or why none does."""

    name: Words
    metrics: tuple[MetricId, ...] = ()
    missing: Words | None = None
    """Why there is no metric, or what those there are leave out."""

    @model_validator(mode="after")
    def _answered(self) -> Measure:
        if not self.metrics and self.missing is None:
            raise UnfitError("grouping.no_reason")
        return self


class Group(Strict):
    """One part of a grouping."""

    name: Words
    measure: tuple[Measure, ...]

    @property
    def metrics(self) -> tuple[str, ...]:
        """Return its metrics, each once."""
        return tuple(dict.fromkeys(id for one in self.measure for id in one.metrics))

    @property
    def lacking(self) -> int:
        """Return how many of its measures no metric answers."""
        return sum(not one.metrics for one in self.measure)


class Grouping(Strict):
    """A list of measures in groups, beside the areas and themes."""

    id: Identifier
    name: Words
    origin: Words | None = None
    """Who asks for these measures."""
    group: tuple[Group, ...]


class Groupings(Strict):
    """The groupings in the order they are shown; none in a workspace without the file."""

    grouping: tuple[Grouping, ...] = ()


def check_groupings(groupings: Groupings) -> Iterator[Fault]:
    """Yield groupings whose id another has, groups of nothing, and metrics named twice for one measure."""
    ids = [one.id for one in groupings.grouping]
    for i, one in enumerate(groupings.grouping, 1):
        if one.id in ids[: i - 1]:
            yield Fault(FILE, f"grouping.{i}.id", "grouping.twice", id=one.id)
        if not one.group:
            yield Fault(FILE, f"grouping.{i}.group", "unfit.missing")
        for j, group in enumerate(one.group, 1):
            yield from _group(group, f"grouping.{i}.group.{j}.measure")


def _group(group: Group, key: str) -> Iterator[Fault]:
    if not group.measure:
        yield Fault(FILE, key, "unfit.missing")
    for i, measure in enumerate(group.measure, 1):
        for name in sorted({id for id in measure.metrics if measure.metrics.count(id) > 1}):
            yield Fault(FILE, f"{key}.{i}.metrics", "grouping.metric_twice", metric=name)
