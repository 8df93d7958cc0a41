"""Which period is "now", what it is compared with, and how a late one is labelled."""

from __future__ import annotations

from dataclasses import replace

import pytest

from opti_reports.model.value import Reason
from opti_reports.packs import charts, periods, tables
from opti_reports.periods.cadence import MONTH, TERTIAL, TO_DATE, WAVE
from opti_reports.periods.months import month_text
from opti_reports.periods.period import Period
from tests.packs import fixture
from tests.packs.world import DATA_MONTH, METRICS


def test_a_lagging_metric_shows_its_newest_month_and_names_it() -> None:
    row = tables.metric_row(fixture.scene(fixture.material()), "budget_pct")
    assert row.cells[0] == "86,0\u00a0%"
    assert row.note == "Lähde talous: vuoden alusta, heinäkuu 2026"
    assert row.tone == "off"
    swedish = tables.metric_row(fixture.scene(fixture.material(), language="sv"), "budget_pct")
    assert swedish.note == "Lähde talous sv: sedan årets början, juli 2026"


def test_an_optional_source_that_is_late_leaves_no_data_behind() -> None:
    found = fixture.material(
        late=("kysely",), newest={**dict.fromkeys(METRICS, DATA_MONTH), "nps": DATA_MONTH - 1}
    )
    hidden = tuple(v for v in found.values if not (v.metric == "nps" and v.period.end == DATA_MONTH))
    own = fixture.scene(replace(found, values=replace(found.values, items=hidden)))
    assert periods.shown(own, "nps") == Period(MONTH, DATA_MONTH)
    assert tables.metric_row(own, "nps").cells[0] == "ei tietoa"


def test_a_survey_shows_its_newest_wave_and_the_one_before() -> None:
    own = fixture.scene(fixture.material())
    wave = periods.shown(own, "pulse")
    assert wave == Period(WAVE, DATA_MONTH - 4)
    assert next(periods.earlier(own, "pulse", wave)) == Period(WAVE, DATA_MONTH - 16)
    assert tables.metric_row(own, "pulse").note == "kysely, huhtikuu 2026"
    assert len(periods.series(own, "pulse", wave, 13)) == 2


@pytest.mark.parametrize(
    ("metric", "kind", "before"),
    [("closed_pct", "tertial", 4), ("budget_pct", "ytd", 3), ("pulse", "wave", 12)],
)
def test_a_tertial_pack_steps_from_tertial_to_tertial(metric: str, kind: str, before: int) -> None:
    own = fixture.scene(fixture.material(), "alue", cadence=TERTIAL)
    now = periods.shown(own, metric)
    assert now.cadence.id == kind
    assert now.end - next(periods.earlier(own, metric, now)).end == before
    ends = [month_text(period.end)[-2:] for period in periods.series(own, metric, now, 13)]
    assert set(ends[:-1]) <= {"04", "08", "12"}


def test_a_tertial_with_a_month_missing_is_shown_as_partial() -> None:
    part = fixture.value(
        "budget_pct", "alue", Period(TO_DATE, DATA_MONTH), "partial", reason=Reason("months", 7, 8)
    )
    tertial = fixture.value(
        "closed_pct", "alue", Period(TERTIAL, DATA_MONTH), "partial", reason=Reason("months", 3, 4)
    )
    late = {**dict.fromkeys(METRICS, DATA_MONTH), "closed_pct": DATA_MONTH - 1}
    sources = tuple(replace(r, presence="lagging", newest=DATA_MONTH - 1) for r in fixture.reports())
    own = fixture.scene(
        fixture.material(part, tertial, newest=late, sources=sources), "alue", cadence=TERTIAL
    )
    assert periods.shown(own, "closed_pct") == Period(TERTIAL, DATA_MONTH)
    assert tables.metric_row(own, "closed_pct").note.startswith("3/4 kk")


def test_an_earlier_period_without_all_its_months_is_no_figure_beside_whole_ones() -> None:
    now, year = Period(TERTIAL, DATA_MONTH), Period(TERTIAL, DATA_MONTH - 12)
    part = fixture.value("closed_pct", "alue", year, "partial", reason=Reason("months", 3, 4))
    own = fixture.scene(fixture.material(part), "alue", cadence=TERTIAL)
    row = tables.metric_row(own, "closed_pct")
    assert row.cells[2] == "3/4 kk"
    ends = periods.series(own, "closed_pct", now, len(row.spark.values))
    assert row.spark.values[ends.index(year)] is None
    assert row.spark.values[-1] is not None


def test_a_metric_of_other_units_only_is_left_out() -> None:
    own = fixture.scene(fixture.material(), "kallio")  # no cost centre of its own
    assert "budget_pct" not in own.metrics
    assert "budget_pct" in fixture.scene(fixture.material(), "ranta").metrics


def test_a_metric_whose_figure_is_lost_stays_and_says_so() -> None:
    """No source expects the unit; it had figures till two months ago."""
    found = fixture.material()
    lost = {
        v
        for v in found.values
        if (v.metric, v.org) == ("access_pct", "kallio") and v.period.end > DATA_MONTH - 2
    }
    kept = tuple(v for v in found.values if v not in lost)
    own = fixture.scene(replace(found, values=replace(found.values, items=kept)), "kallio")
    assert "access_pct" in own.metrics
    assert tables.metric_row(own, "access_pct").cells[0] == "ei tietoa"


def test_marks_stand_at_the_period_they_belong_to() -> None:
    own = fixture.scene(fixture.material())
    chart = charts.trend(own, "access_pct")
    assert [(chart.labels[m.at], m.role) for m in chart.marks] == [
        ("tammi 26", "merge"),
        ("maalis 26", "action"),
    ]
    chart = charts.trend(fixture.scene(fixture.material(), cadence=TERTIAL), "access_pct")
    assert [chart.labels[mark.at] for mark in chart.marks] == ["T1/26", "T1/26"]
