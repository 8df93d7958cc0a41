"""Every metric against figures worked out by hand from at most twenty rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from opti_reports.config.configs import Configs
from opti_reports.model.value import Value
from tests.hand_cases import Expected, HandCase, load_cases, write_files
from tests.pipeline import approved, computed

CASES = load_cases()


@pytest.fixture(scope="module")
def configs(tmp_path_factory: pytest.TempPathFactory) -> Configs:
    return approved(tmp_path_factory.mktemp("configs"))


def test_every_metric_has_a_case(configs: Configs) -> None:
    metrics = {id for id, metric in configs.metrics.items() if metric.companion_of is None}
    assert {case.metric for case in CASES} >= metrics


@pytest.mark.parametrize("case", CASES, ids=[case.metric for case in CASES])
def test_product_gives_the_figures_worked_out_by_hand(
    case: HandCase, configs: Configs, tmp_path: Path
) -> None:
    write_files(case, tmp_path / "data")
    found = computed(configs, tmp_path / "data", tmp_path, case.month)
    values = {(v.metric, v.org, v.period.cadence.id, v.period.text, v.breakdown, v.key): v for v in found}
    for wanted in case.expected:
        place = (wanted.metric, wanted.org, wanted.kind, wanted.period, wanted.breakdown, wanted.key)
        if wanted.kind not in [one.id for one in configs.metrics[wanted.metric].cadences]:
            continue
        if place not in values:
            assert wanted.value is None, f"no value for {place}"
            continue
        _same(values[place], wanted)


def _same(value: Value, wanted: Expected) -> None:
    assert value.value == wanted.value, wanted
    assert not wanted.state or value.state == wanted.state, wanted
    if wanted.numerator is not None and value.num is not None:
        assert value.num == wanted.numerator, wanted
    if wanted.denominator is not None and value.den is not None:
        assert value.den == wanted.denominator, wanted
