"""Which tables of small cells an audience may see: nobody withholds their cells one by one."""

from __future__ import annotations

import pytest

from opti_reports.disclosure.answers import cells_withheld
from tests.pipeline import shipped


@pytest.mark.parametrize(
    ("audience", "hidden"), [("unit", False), ("service_unit", False), ("county", False), ("public", True)]
)
def test_calls_by_the_hour_are_for_those_who_may_see_a_single_call(audience: str, hidden: bool) -> None:
    configs = shipped()
    assert cells_withheld(configs.metrics["calls_n"], configs.protection(audience)) is hidden


def test_single_reports_are_not_for_the_county() -> None:
    configs = shipped()
    assert cells_withheld(configs.metrics["haipro_reports_n"], configs.protection("county"))
