"""No month of a clean demo is doubted: thirty-six months of every source and unit, summers too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from opti_reports.algebra.calendar import month_of
from opti_reports.config.configs import Configs
from opti_reports.config.source import Source
from opti_reports.extracts.find import deliveries
from opti_reports.extracts.judge import Judge
from opti_reports.extracts.read import read
from opti_reports.facts import silences
from opti_reports.facts.arrivals import Arrived, World
from opti_reports.facts.build import Rows, count, delivered
from opti_reports.facts.days import by_day
from opti_reports.facts.placing import days
from opti_reports.model.delivery import Delivery, FileRows
from opti_reports.model.report import Doubt
from opti_reports.periods.months import parse_month
from tests.demo.reading import LAST
from tests.extracts.shipped import configs

SECRET = b"0" * 32


def arrived(known: Configs, source: Source, delivery: Delivery, *, first: bool) -> Iterator[Arrived]:
    """What is known of a delivery; of the first, which holds the history, of each of its months."""
    context, month = known.context(delivery.month), delivery.month
    found = read(source, delivery, context, SECRET, Judge(known.guards, known.organisation))
    rows = Rows(
        columns=found.rows,
        rank=found.rank,
        size=found.size,
        read=found.read,
        rejects=found.rejects,
        ignored=(),
        file=found.file,
        files=found.files,
    )
    counts = count(source, month, known.shapes, rows, context).counts
    if first:
        given = delivered(source, month, rows, context)
        own = given.own.vector()
        dates = days(own, context)
        held = Counter(month_of(dates[own.filled]).tolist())
        for at in range(min(held), month):
            told = tuple(by_day(source, at, given.columns, found.file, given.own, context))
            until = {m: n for m, n in sorted(held.items()) if m <= at}
            files = tuple(FileRows(file.name, "") for file in found.files)
            units = tuple(one for one in counts.units if one.month <= at)
            # What was filled of a case at the time (nobody had closed it yet) is not known any more.
            known_then = replace(counts, by_month=until, units=units, days=told, files=files, cells=())
            yield Arrived(at, known_then)
    yield Arrived(month, counts)


def doubts(target: Path) -> tuple[Doubt, ...]:
    """What is doubted of all months below a folder."""
    known = configs()
    found: dict[str, list[Arrived]] = {}
    for delivery in deliveries(target, parse_month(LAST), known.sources, known.calendar, str):
        source = known.sources[delivery.source]
        own = found.setdefault(source.id, [])
        own += arrived(known, source, delivery, first=not own)
    world = World(known.organisation, known.calendar, known.guards)
    return silences.doubts(known.sources, found, world)


@pytest.mark.heavy
def test_nothing_is_doubted_of_a_clean_demo(demo: Path) -> None:
    assert doubts(demo) == ()
