"""What became of an action's metric: the verdict first, the same action on the chart and in the register."""

from __future__ import annotations

import pytest

from opti_reports.model.charts import Trend
from opti_reports.model.finding import Effect, Verdict
from opti_reports.model.pack import Table
from opti_reports.packs.build import build
from tests.packs import fixture
from tests.packs.world import LANGUAGES, spec

DONE = {"done_at": "2026-08-05", "state": "valmis"}


def effect(verdict: Verdict, **more: object) -> Effect:
    plain: dict[str, object] = {
        "before": 71.2,
        "after": 75.0,
        "difference": 3.8,
        "interval": (1.25, 6.44),
        "n_before": 14,
        "n_after": 7,
    }
    return Effect(verdict=verdict, **(plain | more))  # type: ignore[arg-type]


def said(found: Effect, language: str = "fi") -> str:
    rows = (fixture.action("ranta", "T1", "2026-09-15", metric_id="access_pct", started_at="2026-01-10"),)
    made = fixture.material(lists={"actions": rows}, effects={"T1": found})
    own = spec("koe", "yksikko", {"kind": "list", "list": "actions"})
    (table,) = build(made, own, "ranta", language).sections[0].blocks
    assert isinstance(table, Table)
    return table.rows[0][3].replace("\u00a0", " ")


MEANS = "keskiarvo 71,2 % → 75,0 %, muutos +3,8 %-yks. (95 %:n väli 1,3 … 6,4)"


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("seen", f"Yhteydensaanti: parani; {MEANS}"),
        ("not_yet", f"Yhteydensaanti: ei muutosta; {MEANS}"),
        ("opposite", f"Yhteydensaanti: heikkeni; {MEANS}"),
        ("too_early", "Yhteydensaanti: liian varhaista arvioida (tietoja 7/6 kk)"),
    ],
)
def test_the_verdict_comes_first_and_figures_only_when_there_are_enough(verdict: Verdict, words: str) -> None:
    assert said(effect(verdict)) == words


def test_means_without_an_interval_are_shown_without_one() -> None:
    assert said(effect("not_yet", interval=None)).endswith("muutos +3,8 %-yks.")


def test_the_change_is_between_the_means_as_they_are_not_as_rounded() -> None:
    assert "muutos +3,7 %-yks." in said(effect("seen", before=71.24, after=74.96))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_verdict_has_words_of_its_own_in_every_language(language: str) -> None:
    verdicts: tuple[Verdict, ...] = ("seen", "not_yet", "opposite", "too_early")
    assert len({said(effect(verdict), language) for verdict in verdicts}) == len(verdicts)


def test_only_an_effect_that_is_seen_helped() -> None:
    rows = (
        fixture.action("ranta", "T1", "2026-08-15", metric_id="access_pct", started_at="2026-01-10", **DONE),
        fixture.action("ranta", "T2", "2026-08-15", metric_id="access_pct", started_at="2026-01-10", **DONE),
    )
    effects = {"T1": effect("not_yet"), "T2": effect("seen")}
    made = fixture.material(lists={"actions": rows}, effects=effects)
    *_, helped = (
        build(made, spec("koe", "yksikko", {"kind": "staff_summary"}), "ranta", "fi").sections[0].blocks
    )
    assert isinstance(helped, Table)
    assert [row[0] for row in helped.rows] == ["Toimi T2"]


def test_an_action_has_the_same_name_and_month_on_its_chart_and_in_the_register() -> None:
    entries = ({"kind": "list", "list": "actions"}, {"kind": "trends", "metrics": ["access_pct"]})
    table, chart = (
        build(fixture.material(), spec("koe", "yksikko", *entries), "ranta", "fi").sections[0].blocks
    )
    assert isinstance(table, Table)
    assert isinstance(chart, Trend)
    marks = {mark.label: chart.labels[mark.at] for mark in chart.marks if mark.role == "action"}
    assert marks == {"Toimi T1 (T1)": "maalis 26"}
    assert set(marks) <= {row[0] for row in table.rows}
    assert "Toimi T1 (T1), maalis 26" in chart.note
