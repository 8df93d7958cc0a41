"""The hash in every footer changes with whatever may change a figure."""

from __future__ import annotations

from pathlib import Path

import pytest

from opti_reports.disk import sha256
from opti_reports.extracts import find
from opti_reports.periods.months import parse_month
from opti_reports.stages.basis import basis as basis_of
from opti_reports.workspace import Workspace
from tests.pipeline import shipped


def basis(folder: Path, note: str = "", file: str = "puhelut.csv", content: str = "a;b\n") -> str:
    """The hash of a workspace with one extract of August and what its delivery.toml declares."""
    month = folder / "data/2026-08"
    for place in (month, folder / "configs", folder / "templates"):
        place.mkdir(parents=True)
    (folder / "configs/settings.toml").write_text("x = 1\n", encoding="utf-8")
    (month / file).write_text(content, encoding="utf-8")
    if note:
        (month / "delivery.toml").write_text(f"[phone_contacts]\n{note}\n", encoding="utf-8")
    configs = shipped()
    found = find.deliveries(
        folder / "data", parse_month("2026-08"), configs.sources, configs.calendar, sha256
    )
    return basis_of(Workspace(folder), found)


@pytest.mark.parametrize(
    "note",
    ['covers = ["2026-07", "2026-08"]', "extracted_on = 2026-09-08", "confirm_shrink = true"],
)
def test_what_is_declared_of_a_delivery_is_part_of_the_basis(tmp_path: Path, note: str) -> None:
    assert basis(tmp_path / "plain") != basis(tmp_path / "declared", note)


def test_the_same_extracts_and_declarations_have_one_basis_and_other_rows_another(tmp_path: Path) -> None:
    plain = basis(tmp_path / "one")
    assert basis(tmp_path / "two") == plain
    assert basis(tmp_path / "due", "extracted_on = 2026-09-03") == plain, "the day it is due anyway"
    assert basis(tmp_path / "rows", content="a;c\n") != plain
    assert basis(tmp_path / "name", file="puhelut_2.csv") != plain
