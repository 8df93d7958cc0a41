"""The page on statistics says what the packs say and what the tests measure."""

from __future__ import annotations

from typing import get_args

import pytest

from opti_reports.model.spc import Assurance, Reading
from tests.findings.test_false_alarms import SEASONAL, WHITE, WORST
from tests.packs import fixture
from tests.workspaces import ROOT

PAGE = (ROOT / "docs/statistics.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "phrase",
    [
        *(f"spc.variation.{code}" for code in ("common_cause", *get_args(Reading))),
        *(f"spc.season.{code}" for code in ("common_cause", *get_args(Reading))),
        *(f"spc.assurance.{code}" for code in get_args(Assurance)),
    ],
)
def test_every_icon_is_explained_in_the_words_of_the_packs(phrase: str) -> None:
    assert fixture.material().configs.wordings["fi"].say(phrase) in PAGE


def test_the_rates_of_false_alarms_are_the_measured_ones() -> None:
    def row(start: str) -> list[str]:
        line = next(line for line in PAGE.splitlines() if line.startswith(f"| {start}"))
        return [cell.strip().removesuffix(" %") for cell in line.split("|")[2:4]]

    assert row("white noise") == [f"{100 * rate:.1f}" for rate in WHITE]
    assert row("differences from a year ago") == [f"{100 * rate:.1f}" for rate in SEASONAL]
    assert row("counts of two a month") == [f"{100 * rate:.1f}" for rate in WORST]
