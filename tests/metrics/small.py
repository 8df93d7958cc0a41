"""A fact of a few extract rows, some of them not known, and every way in which they could have been."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import pandas as pd

from opti_reports.config.metric import AnyMetric
from opti_reports.metrics.evaluate import Inputs, one_metric
from opti_reports.metrics.placed import PlacedFact, places
from opti_reports.model.fact import Shape
from opti_reports.model.organisation import Organisation, Unit
from opti_reports.model.value import Value
from opti_reports.periods.cadence import MONTH
from opti_reports.periods.period import Period
from tests.findings.world import AUGUST, LEVELS, UNITS, metric

SYSTEM = "s"
ORGANISATION = Organisation(
    LEVELS,
    {level: {"fi": level} for level in LEVELS},
    tuple(
        Unit(
            id=u.id,
            level=u.level,
            type=u.type,
            parent=u.parent,
            names=u.names,
            first=0,
            last=None,
            successor=None,
            small_staff_group=False,
            codes={SYSTEM: (u.id,)} if u.id in "ab" else {},
        )
        for u in UNITS
    ),
    "other",
)
AT = places(ORGANISATION.tree(AUGUST))
KEYS = ("x", "y")


class Row(NamedTuple):
    """A row of an extract: counted or not (None: not known), a hit or not, its key ("?": not known)."""

    unit: str = "a"
    n: int | None = 1
    hit: int | None = 0
    key: str = "x"
    month: int = AUGUST
    client: int = 0
    doctor: int = 0


def table(
    rows: Iterable[Row], by: Mapping[str, int] | None = None, private: tuple[str, ...] = ()
) -> PlacedFact:
    """The rows as a fact's table holds them."""
    by = {"key": 1} if by is None else by
    shape = Shape(
        id="f",
        source="src",
        system=SYSTEM,
        by=dict(by),
        codes={},
        measures={"n": 1, "hit": 1},
        numeric=frozenset(),
        private=private,
        stock=False,
        weekly=False,
    )
    cells = [
        {
            "since": r.month,
            "month": r.month,
            "unit": r.unit,
            "key": r.key,
            **{name: getattr(r, name) for name in private},
            "n": r.n or 0,
            "hit": r.hit or 0,
            "n__unknown": int(r.n is None),
            "hit__unknown": int(r.hit is None),
            "node": AT.index[r.unit],
        }
        for r in rows
    ]
    frame = pd.DataFrame(cells)
    keys = ["since", "month", "unit", "key", *private, "node"]
    frame = frame.groupby(keys, as_index=False).sum()
    frame["key"] = frame["key"].astype("category")
    return PlacedFact(
        shape=shape,
        rows=frame,
        covered=frozenset(frame["month"]),
        settled=int(frame["month"].min()),
        per_unit=False,
        system=SYSTEM,
        until=10**6,
    )


def ways(rows: Iterable[Row], keys: Iterable[str] = KEYS) -> Iterator[tuple[Row, ...]]:
    """Every way in which rows could have been: a hit is always counted."""
    return itertools.product(*(list(_ways(row, tuple(keys))) for row in rows))


def _ways(row: Row, keys: tuple[str, ...]) -> Iterator[Row]:
    for n in (0, 1) if row.n is None else (row.n,):
        for hit in (0, 1) if row.hit is None else (row.hit,):
            for key in keys if row.key == "?" else (row.key,):
                if hit <= n:
                    yield row._replace(n=n, hit=hit, key=key)


HISTORY: dict[str, Any] = {"history": 1, "breakdown_months": 13, "breakdown_week_months": 3}


def inputs(
    fact: PlacedFact | Mapping[str, PlacedFact], one: AnyMetric | Mapping[str, AnyMetric], **more: Any
) -> Inputs:
    """What the metric ``m`` is computed from."""
    metrics = one if isinstance(one, Mapping) else {"m": one}
    facts = fact if isinstance(fact, Mapping) else {"f": fact}
    return Inputs(
        metrics=metrics, facts=facts, organisation=ORGANISATION, at=AT, month=AUGUST, **HISTORY, **more
    )


def values(given: Inputs, id: str = "m") -> dict[tuple[str, str], Value]:
    """The month's values by organisation and key of a breakdown."""
    return {(v.org, v.key): v for v in one_metric(given, id) if v.period == Period(MONTH, AUGUST)}


def share(**more: Any) -> AnyMetric:
    """Hits of cases in per cent."""
    given: dict[str, Any] = {"num": "f.hit", "den": "f.n", "scale": 100, "bounds": [0, 100], "decimals": 1}
    return metric(**given | more)


Judge = Callable[[tuple[Row, ...]], Any]
