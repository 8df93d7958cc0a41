"""A small source of visits whose rows are made in memory, and its facts."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from opti_reports.algebra.calendar import day_number
from opti_reports.algebra.functions import Context
from opti_reports.algebra.vector import Vector
from opti_reports.config.expressions import check_source
from opti_reports.config.source import Source
from opti_reports.facts.build import Counted, Rows, count
from opti_reports.model.delivery import Reject
from opti_reports.periods.months import last_date, parse_month
from tests.algebra.rows import Unknown, context, date, number, text

VISITS = """
id            = "visits"
name          = { fi = "Käynnit" }
system        = "visits"
files         = ["visits*.csv"]
presence      = "required"
owner_role    = { fi = "Pääkäyttäjä" }
due           = { working_day = 3 }
date          = "came_on"
key           = ["visit_id"]
window_months = 2

[column]
visit_id = { type = "string", required = true }
unit     = { type = "code", required = true }
came_on  = { type = "date", required = true }
kind     = { type = "enum", codes = ["call", "visit"] }
hours    = { type = "decimal", digits = 1 }
first    = { type = "integer" }
second   = { type = "integer" }
client   = { type = "string", private = true }

[derive]
due = "add_days(came_on, 14)"

[[fact]]
id    = "visits"
where = "kind != 'call'"
since = "came_on"
unit  = "unit"
grain = "week"
by    = ["kind"]

[fact.measure]
n     = "true"
long  = "hours > 1"
hours = "hours"

[[fact]]
id      = "due"
since   = "came_on"
at      = "due"
unit    = "unit"
private = ["client"]

[fact.measure]
n = "true"

[[fact]]
id      = "answers"
where   = "not_null(score)"
since   = "came_on"
unit    = "unit"
by      = ["statement", "score"]
unpivot = ["first", "second"]

[fact.measure]
n   = "true"
sum = "score"

[[fact]]
id    = "standing"
stock = true
where = "came_on <= asof() < due"
since = "asof()"
unit  = "unit"

[fact.measure]
n = "true"

[[list]]
sensitivity = "open"
id    = "long_ones"
where = "hours > 1"
unit  = "unit"
order = ["-hours", "came_on"]

[list.columns]
came_on = "came_on"
hours   = "hours"
kind    = "kind"
known   = "not_null(client)"
"""
SOURCE = Source.model_validate(tomllib.loads(VISITS))
DATA_MONTH = parse_month("2026-03")
KNOWN: Context = context("2026-03-31")
FOUND, FAULTS = check_source(SOURCE, "visits.toml", KNOWN)
SHAPES = {shape.id: shape for shape in FOUND}
Visit = tuple[str, str | None, str, str | None, float | None, int | None, int | None, int | None]
"""Id, unit, day, kind, hours, two scores and a pseudonym's hash."""
Cell = Unknown | None
Spoilt = tuple[str, str | Cell, str | Cell, str | Cell, float | Cell, int | Cell, int | Cell, int | Cell]
"""The same with unknown cells."""


def counted(
    visits: Sequence[Spoilt], month: int = DATA_MONTH, lost: Sequence[Spoilt] = (), source: Source = SOURCE
) -> Counted:
    """The facts of the visits as a delivery of a month; ``lost`` are rejected rows."""
    size = len(visits)
    columns, gone = _columns(visits), _columns(lost) if lost else {}
    rejects = tuple(Reject(file="visits.csv", line=9, key="", reason="bad") for _ in lost)
    rows = Rows(
        columns=columns,
        rank=np.arange(size),
        size=size,
        read=size + len(lost),
        rejects=rejects,
        ignored=(),
        lost=gone,
    )
    known = Context(day_number(last_date(month)), KNOWN.calendar, {})
    return count(source, month, SHAPES, rows, known)


def _columns(visits: Sequence[Spoilt]) -> dict[str, Vector]:
    return {
        "visit_id": text(*(v[0] for v in visits)),
        "unit": text(*(v[1] for v in visits)),
        "came_on": date(*(v[2] for v in visits)),
        "kind": text(*(v[3] for v in visits), codes=("call", "visit")),
        "hours": number(*(v[4] for v in visits), denominator=10),
        "first": number(*(v[5] for v in visits)),
        "second": number(*(v[6] for v in visits)),
        "client": private(*(v[7] for v in visits)),
    }


def private(*cells: int | Cell) -> Vector:
    """A column of pseudonyms already hashed."""
    return replace(number(*cells), kind="private")
