"""The product and the naive second implementation give the same figures for a whole demo county."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest

from opti_reports.demo import generate
from opti_reports.model.value import Value
from tests import oracle
from tests.oracle import Cell, Key
from tests.pipeline import ROOT, computed, shipped
from tests.workspaces import LAST

ORGANISATION = ROOT / "configs" / "organisation.toml"
NEWEST = (LAST, "2026-T2")
"""The data month, and the tertial that ends with it."""


def differences(found: dict[Key, Value], cells: dict[Key, Cell]) -> list[str]:
    """Where the two differ; what the product calls missing must be something the oracle has no figure for."""
    told = []
    for key, value in found.items():
        cell = cells.get(key)
        if value.state == "mixed":
            continue
        wanted = cell.value if cell else None
        if value.state == "missing" or cell is None:
            figure = wanted if value.state == "missing" else value.value
            if figure not in (None, 0):
                told.append(f"{key}: product {value.state} {value.value}, oracle {wanted}")
            continue
        parts = ((value.value, wanted), (value.num, cell.numerator), (value.den, cell.denominator))
        if value.unknown and within(value, cell):
            continue
        if any(a != b for a, b in parts[:1]) or any(
            a != b for a, b in parts[1:] if a is not None and b is not None
        ):
            told.append(f"{key}: product {parts[0][0]}, oracle {wanted}")
    return told


def within(value: Value, cell: Cell) -> bool:
    """Whether the oracle, which takes unclear rows as they read, lies where the product says it may."""
    if value.range is not None and cell.value is not None:
        return value.range[0] <= cell.value <= value.range[1]
    parts = ((value.num, cell.numerator), (value.den, cell.denominator), (value.n, cell.n))
    apart = [Fraction(a) - Fraction(b) for a, b in parts if a is not None and b is not None]
    return value.state != "ok" and all(-value.unknown <= distance <= value.unknown for distance in apart)


def made(
    tmp_path: Path, *, months: int, scale: float, seed: int, mess: bool, last: tuple[str, str] = NEWEST
) -> Path:
    """A demo of one's own."""
    data = tmp_path / "data"
    generate(data, last[0], organisation_file=ORGANISATION, months=months, scale=scale, seed=seed, mess=mess)
    return data


def compare(data: Path, place: Path, last: tuple[str, str] = NEWEST) -> Counter[str]:
    """Compute a demo twice, fail where they differ; returns how many values of each metric agree."""
    configs = shipped()
    values = computed(configs, data, place, last[0])
    found = {Key(v.metric, v.org, v.period.cadence.id, v.period.text, v.breakdown, v.key): v for v in values}
    cells = oracle.compute(data, ORGANISATION, last[0])
    told = differences(found, cells)
    assert not told, f"{len(told)} differences:\n" + "\n".join(told[:10])
    given = {(metric, one.id) for metric, spec in configs.metrics.items() for one in spec.cadences}
    newest = [k for k in cells if not k.breakdown and k.period in last and (k.metric, k.kind) in given]
    lost = [k for k in newest if cells[k].value and k not in found]
    assert not lost, lost[:10]
    return Counter(v.metric for v in values if v.value is not None)


def test_product_and_oracle_agree_on_a_small_county(shipped_run: Path, store: Path) -> None:
    agreed = compare(shipped_run / "data", store)
    assert set(agreed) >= set(shipped().metrics) - {"access_gap_between_units"}


@pytest.mark.heavy
def test_product_and_oracle_agree_on_a_month_that_is_a_mess(tmp_path: Path) -> None:
    """April ends on a Thursday: its last week goes on."""
    april = ("2026-04", "2026-T1")
    data = made(tmp_path, months=7, scale=0.005, seed=4, mess=True, last=april)
    assert compare(data, tmp_path, april).total() > 5_000


@pytest.mark.heavy
@pytest.mark.parametrize("seed", [1, 2])
def test_product_and_oracle_agree_on_three_years(tmp_path: Path, seed: int) -> None:
    agreed = compare(made(tmp_path, months=36, scale=0.05, seed=seed, mess=seed == 2), tmp_path)
    assert set(agreed) == set(shipped().metrics)
