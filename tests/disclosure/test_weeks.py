"""Weeks that lie in two months: shown only to who may see all of a metric."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from opti_reports import workspace as places
from opti_reports.config.load import load
from opti_reports.model.value import Value
from opti_reports.periods.cadence import cadence
from opti_reports.periods.months import month_of_week
from opti_reports.periods.period import Period
from opti_reports.stages.disclosure import periods_of
from tests.disclosure.test_scales import five

WEEK = 2952
"""It has three days in another month."""


def shown(configs_of: Path, *, strict: bool) -> set[tuple[str, str]]:
    """The metrics and cadences a unit is shown, of one week and its month."""
    place = places.init(configs_of)
    if strict:
        five(place.configs)
    configs = load(place.configs, place.demo)
    month = month_of_week(WEEK)
    whens = (Period(cadence("month"), month), Period(cadence("iso_week"), month, WEEK))
    values = [
        Value(metric=id, org="lohja", period=when, state="ok", value=Fraction(9), num=Fraction(9), n=9)
        for id in ("calls_n", "resourcing_fill_pct")
        for when in whens
    ]
    found = periods_of(configs, configs.protection("unit"), values)
    return {(value.metric, value.period.cadence.id) for value in found}


def test_who_may_see_all_of_a_metric_sees_its_weeks(tmp_path: Path) -> None:
    assert ("calls_n", "iso_week") in shown(tmp_path, strict=False)


def test_who_may_not_sees_weeks_only_where_months_are_made_of_them(tmp_path: Path) -> None:
    assert shown(tmp_path, strict=True) == {
        ("calls_n", "month"),
        ("resourcing_fill_pct", "month"),
        ("resourcing_fill_pct", "iso_week"),
    }
