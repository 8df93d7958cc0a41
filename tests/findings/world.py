"""A small organisation, metrics and values to judge."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any, Literal

from pydantic import TypeAdapter

from opti_reports.config.audiences import Audience, Audiences, Protection, Sensitivity, Shared
from opti_reports.config.metric import AnyMetric
from opti_reports.config.settings import Target
from opti_reports.model.organisation import Organisation, Tree, Unit
from opti_reports.model.value import State, Value
from opti_reports.periods.cadence import MONTH
from opti_reports.periods.months import parse_month
from opti_reports.periods.period import Period

AUGUST = parse_month("2026-08")
LEVELS = ("whole", "area", "unit")

METRIC: TypeAdapter[AnyMetric] = TypeAdapter(AnyMetric)


def _unit(name: str, level: str, parent: str | None, small: bool = False) -> Unit:
    return Unit(
        id=name,
        level=level,
        type="station",
        parent=parent,
        names={"fi": name},
        first=0,
        last=None,
        successor=None,
        small_staff_group=small,
        codes={},
    )


UNITS = (
    _unit("all", "whole", None),
    _unit("south", "area", "all"),
    _unit("a", "unit", "south"),
    _unit("b", "unit", "south", small=True),
    _unit("other", "unit", "all"),
)
TREE: Tree = Organisation(LEVELS, {level: {"fi": level} for level in LEVELS}, UNITS, "other").tree(AUGUST)


def _sensitivity(limit: int, *, cells: bool = False, staff: bool = False) -> Sensitivity:
    return Sensitivity(
        name={"fi": "s"},
        protect={"all": limit},
        headlines_shown=("all",) if cells else (),
        small_staff=limit if staff else 0,
    )


AUDIENCES = Audiences(
    mostly_withheld=50,
    most_work=10,
    audience=(Audience(id="all", name={"fi": "kaikki"}),),
    sensitivity={
        "open": _sensitivity(0),
        "three": _sensitivity(3),
        "five": _sensitivity(5),
        "ten": _sensitivity(10),
        "cells": _sensitivity(5, cells=True),
        "staff": _sensitivity(10, staff=True),
        "staff_20": _sensitivity(20, staff=True),
    },
    files=Shared(values="all", web_page="all"),
)
"""One audience, and sensitivities by the limit they have for it."""
PROTECTION = Protection(AUDIENCES, "all")


def metric(unit: str = "percent", **more: Any) -> AnyMetric:
    """A metric, of shares where no kind is given, shown on every level each month."""
    given: dict[str, Any] = {
        "name": {"fi": "m"},
        "definition": {"fi": "m"},
        "unit": unit,
        "levels": dict.fromkeys(LEVELS, "monthly"),
        "sensitivity": "open",
    }
    share = {} if "kind" in more else {"num": ["f.kept"], "den": ["f.n"]}
    return METRIC.validate_python(given | share | more)


def catalogue(
    kind: str, value: float | list[float], op: str = ">=", since: str = "2026-01-01", **more: Any
) -> dict[str, Any]:
    """A metric's own target."""
    return {
        "op": op,
        "value": value,
        "kind": kind,
        "source": {"fi": "s"},
        "valid_from": dt.date.fromisoformat(since),
        **more,
    }


def listed(
    value: float,
    org: str = "all",
    state: Literal["agreed", "demo", "proposed"] = "agreed",
    since: str = "2026-01-01",
    **more: Any,
) -> Target:
    """A target of targets.toml for the metric ``m``."""
    given = {
        "metric": "m",
        "organisation": org,
        "op": ">=",
        "value": value,
        "valid_from": since,
        "state": state,
    }
    return Target.model_validate(given | more)


def month(back: int = 0) -> Period:
    """August 2026, or a month before it."""
    return Period(MONTH, AUGUST - back)


def value(
    number: float | str | None,
    org: str = "a",
    period: Period | None = None,
    state: State = "ok",
    **more: Any,
) -> Value:
    """A value of the metric ``m``."""
    exact = None if number is None else Fraction(str(number))
    return Value(metric="m", org=org, period=period or month(), state=state, value=exact, **more)


def share(kept: int, of: int, org: str = "a", back: int = 0) -> Value:
    """A percentage of cases."""
    period = month(back)
    return Value(
        metric="m",
        org=org,
        period=period,
        state="ok",
        value=Fraction(100 * kept, of),
        num=Fraction(kept),
        den=Fraction(of),
        n=of,
    )
