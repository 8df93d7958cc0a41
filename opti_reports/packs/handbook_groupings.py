"""The handbook's page of what others ask to be measured, and which metrics answer it."""

from __future__ import annotations

from collections.abc import Iterator

from opti_reports.config.configs import Configs
from opti_reports.config.groupings import Grouping, Measure
from opti_reports.language.wording import Wording
from opti_reports.model.handbook import GroupingPart, GroupPart, MeasurePart


def groupings(configs: Configs, wording: Wording) -> Iterator[GroupingPart]:
    """Yield each grouping with its groups."""
    for one in configs.groupings:
        yield GroupingPart(
            wording.of(one.name),
            " ".join(_about(one, wording)),
            tuple(
                GroupPart(
                    wording.of(group.name),
                    tuple(_measure(configs, measure, wording) for measure in group.measure),
                )
                for group in one.group
            ),
        )


def _about(one: Grouping, wording: Wording) -> Iterator[str]:
    """Yield who asks for the measures, and how many of them have a metric."""
    if one.origin:
        yield f"{wording.of(one.origin)}."
    every = sum(len(group.measure) for group in one.group)
    lacking = sum(group.lacking for group in one.group)
    yield wording.say("block.measures", count=every - lacking, all=every)


def _measure(configs: Configs, one: Measure, wording: Wording) -> MeasurePart:
    named = tuple((id, wording.of(configs.metrics[id].name)) for id in one.metrics)
    lack = "" if one.metrics else wording.say("state.no_metric")
    return MeasurePart(wording.of(one.name), named, lack, wording.of(one.missing) if one.missing else "")
