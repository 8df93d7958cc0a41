"""How units prepared the meeting above them: what they wrote beside their deviations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from opti_reports.demo.data import STRICT, fit, read_tables
from opti_reports.demo.days import first_day, in_days
from opti_reports.demo.draw import Draw
from opti_reports.demo.layout import LAYOUTS
from opti_reports.demo.rows import Rows, texts
from opti_reports.demo.source import Source


@dataclass(frozen=True)
class Answer:
    """What a unit writes of a deviation; not every one has an action or needs support."""

    __pydantic_config__ = STRICT

    metric: str
    cause: str
    action: str = ""
    support: str = ""


ANSWERS = fit(Answer, read_tables("words.toml")["answers"])


def make(draw: Draw) -> Rows:
    """Return two deviations of each unit that answered; some of the units did not."""
    org, rng = draw.world.org, draw.rng
    units = org.alive(org.with_code("opti"), draw.month)
    answered = units[draw.rows(len(units)).chance(0.75)]
    first = rng.integers(0, len(ANSWERS), len(answered))
    second = (first + rng.integers(1, len(ANSWERS), len(answered))) % len(ANSWERS)
    chosen = [ANSWERS[i] for i in np.column_stack([first, second]).ravel()]
    draw = draw.rows(len(chosen))
    due = first_day(draw.month + 1) + in_days(rng.integers(30, 120, draw.n))
    return {
        "unit_code": np.repeat(answered, 2),
        "month": np.full(draw.n, draw.month),
        "metric_id": texts([answer.metric for answer in chosen]),
        "cause": texts([answer.cause for answer in chosen]),
        "action": texts([answer.action for answer in chosen]),
        "owner_role": draw.pick(0.4, 0.4, 0.2, empty=0.2),
        "due_at": draw.some(due, 0.3),
        "support": texts([answer.support for answer in chosen]),
        "escalate": draw.flag(0.3, empty=0.1),
    }


SOURCE = Source(layout=LAYOUTS["preparation_notes"], make=make, snapshot=True)
