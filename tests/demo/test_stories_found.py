"""Every story of the demo is found where it happens: signals, deviations and the effect of the action."""

from __future__ import annotations

import pytest

from opti_reports import workspace as places
from opti_reports.demo import generate
from opti_reports.model.finding import Deviation, Signal
from opti_reports.packs.material import Material
from opti_reports.periods.cadence import MONTH, TO_DATE
from opti_reports.periods.months import parse_month
from opti_reports.periods.period import Period
from tests.demo.reading import LAST
from tests.pipeline import concluded

pytestmark = pytest.mark.heavy
DATA_MONTH = parse_month(LAST)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Material:
    """What a run over three years finds."""
    place = places.init(tmp_path_factory.mktemp("stories") / "place")
    organisation = place.configs / "organisation.toml"
    generate(place.data, LAST, organisation_file=organisation, scale=0.02)
    return concluded(place, LAST)


def deviation(found: Material, metric: str, org: str) -> Deviation:
    (one,) = (d for d in found.deviations if (d.metric, d.org) == (metric, org))
    return one


def readings(signal: Signal, first: int, last: int = DATA_MONTH) -> list[str]:
    """What the points of some months say; of gaps nothing."""
    chosen = zip(signal.periods, signal.chart.points, strict=True)
    return [p.reading or "" for period, p in chosen if first <= period.end <= last and p.value is not None]


def test_the_phone_queue_that_collapsed_concerns_every_level(found: Material) -> None:
    one = deviation(found, "immediate_access_pct", "matinkyla")
    assert set(one.signals) == {"off_target", "special_cause"}
    assert (one.since, one.lasted.months, one.react_level) == (
        Period(MONTH, DATA_MONTH - 4),
        5,
        "avosairaanhoito",
    )
    assert readings(found.signals["immediate_access_pct", "matinkyla"], DATA_MONTH - 4) == ["concern_low"] * 5
    others = [d for d in found.deviations if d.metric == "immediate_access_pct" and d.org != "matinkyla"]
    assert max(d.weight for d in others) < one.weight


def test_the_action_that_helped_is_seen_to_have_helped(found: Material) -> None:
    (action,) = (
        row.cells["id"]
        for row in found.lists["actions"]
        if (row.org, row.cells["started_at"]) == ("lohja", "2025-11-01")
    )
    effect = found.effects[action]
    assert effect.verdict == "seen"
    assert effect.interval is not None
    assert effect.interval[0] > 5
    assert set(readings(found.signals["callback_24h_pct", "lohja"], DATA_MONTH - 8)) == {"improvement_high"}
    assert not [d for d in found.deviations if (d.metric, d.org) == ("callback_24h_pct", "lohja")]


def test_sick_leave_that_rises_stands_out_from_the_season(found: Material) -> None:
    """Beside the year before winter is no signal; where it rises month after month most of the newest are."""
    counts = {
        org: sum(reading.startswith("concern") for reading in readings(signal, DATA_MONTH - 9))
        for (metric, org), signal in found.signals.items()
        if metric == "sick_leave_pct" and not found.tree.children(org)
    }
    assert counts["kirkkonummi"] >= 7
    assert max(n for org, n in counts.items() if org != "kirkkonummi") < counts["kirkkonummi"]


def test_the_digital_launch_is_an_improvement_worth_a_rebase_from_its_month(found: Material) -> None:
    signal = found.signals["digi_share_pct", "avosairaanhoito"]
    assert signal.chart.variation == "improvement_high"
    assert signal.proposed in (Period(MONTH, DATA_MONTH - 14), Period(MONTH, DATA_MONTH - 13))


def test_reports_that_are_handled_late_break_the_process_limit(found: Material) -> None:
    """In a unit so small its late reports are too rare for limits; its service unit has them."""
    one = deviation(found, "haipro_classified_7d_pct", "tapiola")
    assert one.kind == "process_limit"
    assert found.signals[one.metric, one.org].rare
    assert "special_cause" in deviation(found, one.metric, "etela_espoo").signals
    assert one.since.end >= DATA_MONTH - 3
    units = [d for d in found.deviations if d.metric == one.metric and not found.tree.children(d.org)]
    assert max(units, key=lambda d: d.severity) == one


def test_a_unit_that_stops_reporting_is_the_only_one_that_is_silent(found: Material) -> None:
    assert [(one.metric, one.org, one.months) for one in found.silences] == [
        ("haipro_reports_n", "karkkila", 4)
    ]


def test_the_budget_that_is_overrun_deviates_all_year(found: Material) -> None:
    one = deviation(found, "budget_ytd_pct", "pohjois_espoo")
    assert (one.since, one.lasted.months) == (Period(TO_DATE, parse_month("2026-01")), 8)
    areas = {node.id for node in found.tree.children("avosairaanhoito") if found.tree.children(node.id)}
    assert {d.org for d in found.deviations if d.metric == one.metric and d.org in areas} == {"pohjois_espoo"}


@pytest.mark.parametrize("metric", ["contacts_n", "clients_n", "haipro_reports_n", "immediate_access_pct"])
def test_a_merger_gives_its_successor_no_signal(found: Material, metric: str) -> None:
    """Kilo went into Leppävaara in April 2025, and its months before count as Leppävaara's."""
    signal = found.signals[metric, "leppavaara"]
    merged = parse_month("2025-04")
    assert readings(signal, merged - 2, merged + 4) == [""] * 7
    assert signal.proposed is None
    assert ("contacts_n", "kilo") not in found.signals
