"""Trend charts with a process behaviour chart: limits, signals, rare counts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest

from opti_reports.config.settings import Rebase
from opti_reports.model.card import Cards, Remarks
from opti_reports.model.charts import Trend
from opti_reports.model.finding import Deviation, Signal
from opti_reports.model.pack import Pack, Sign, to_json
from opti_reports.model.spc import Point, Reading, Segment
from opti_reports.packs import sentences, tables
from opti_reports.packs.build import build
from opti_reports.packs.material import Material
from opti_reports.periods.cadence import MONTH
from opti_reports.periods.months import parse_month
from opti_reports.periods.period import Duration, Period
from tests.packs import fixture
from tests.packs.world import DATA_MONTH, LANGUAGES, METRICS, TREE, _metric, spec, words

NOW = Period(MONTH, DATA_MONTH)


def made(*found: Signal, values: tuple[Any, ...] = ()) -> Material:
    return fixture.material(*values, signals={(signal.metric, signal.org): signal for signal in found})


def pack(material: Material, metric: str, language: str = "fi", level: str = "yksikko", **more: Any) -> Pack:
    org = {"yksikko": "ranta", "alue": "alue"}[level]
    return build(material, spec("koe", level, {"kind": "trends", "metrics": [metric]}, **more), org, language)


def trend(material: Material, metric: str, language: str = "fi", **more: Any) -> Trend:
    (chart,) = pack(material, metric, language, **more).sections[0].blocks
    assert isinstance(chart, Trend)
    return chart


def values(chart: Trend, role: str) -> tuple[float | None, ...]:
    (line,) = (line for line in chart.lines if line.role == role)
    return line.values


def test_each_month_has_the_limits_of_its_own_segment_within_what_the_metric_can_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bounded = METRICS["access_pct"].model_copy(update={"bounds": (0.0, 100.0)})
    monkeypatch.setitem(METRICS, "access_pct", bounded)
    chart = trend(made(fixture.signal("access_pct", "ranta", {})), "access_pct")
    assert values(chart, "centre") == (80.0,) * 11 + (85.0,) * 13
    assert values(chart, "upper") == (90.0,) * 11 + (100.0,) * 13
    assert values(chart, "lower") == (70.0,) * 11 + (64.0,) * 13
    assert chart.note.endswith("keskiarvo 85,0_%, yläraja 100,0_%, alaraja 64,0_%".replace("_", "\u00a0"))
    assert chart.flags == ()


@pytest.mark.parametrize(
    ("more", "low"),
    [
        ({"num": "calls.hit"}, 0.0),
        ({"num": ["calls.hit", "-calls.n"]}, -15.0),
        ({"bounds": (5.0, None)}, 5.0),
    ],
    ids=["a count", "a difference", "as declared"],
)
def test_what_cannot_be_negative_has_no_negative_limit(
    monkeypatch: pytest.MonkeyPatch, more: dict[str, Any], low: float
) -> None:
    monkeypatch.setitem(METRICS, "access_pct", _metric("Ero", **more))
    wide = {
        "segments": (Segment(mean=15.0, lpl=-15.0, upl=45.0, nlpl=-5.0, nupl=35.0, n=24),),
        "starts": (0,),
    }
    chart = trend(made(fixture.signal("access_pct", "ranta", {}, chart=wide)), "access_pct")
    assert set(values(chart, "lower")) == {low}


def test_months_before_the_first_value_have_no_limits() -> None:
    whole = fixture.signal("access_pct", "ranta", {2: "concern_low"})
    late = Signal(
        metric="access_pct",
        org="ranta",
        periods=whole.periods[4:],
        chart=type(whole.chart)(whole.chart.segments, whole.chart.points[4:], "common_cause", None, (0, 7)),
        needed=13,
    )
    chart = trend(made(late), "access_pct")
    assert values(chart, "centre") == (None,) * 4 + (80.0,) * 7 + (85.0,) * 13
    assert chart.flags == ((21, "concern_low"),)


@pytest.mark.parametrize(
    ("language", "title", "says"),
    [
        (
            "fi",
            "Yhteydensaanti: tulos on selvästi heikentynyt (luku laskenut)",
            "Tavoite ei täyty, ellei toimintatapa muutu.",
        ),
        ("sv", "Yhteydensaanti sv: resultatet har tydligt försämrats (nedåt)", "Målet nås inte om"),
        ("en", "Yhteydensaanti en: the result has clearly worsened (down)", "The target is not met without"),
    ],
)
def test_a_special_cause_is_the_message_of_its_chart(language: str, title: str, says: str) -> None:
    found = fixture.signal("access_pct", "ranta", {9: "improvement_high", 0: "concern_low"})
    chart = trend(made(found), "access_pct", language)
    assert chart.title == title
    assert f"{title.partition(': ')[2]}. {says}".lower() in chart.alt.lower()
    assert chart.flags == ((14, "improvement_high"), (23, "concern_low"))


CODES = ["common_cause", *get_args(Reading)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", CODES)
def test_icon_title_words_mark_and_deviation_are_one_reading(code: str, language: str) -> None:
    """Of each reading, in each language: wherever the newest month is spoken of, the same is said of it."""
    reading: dict[int, Any] = {} if code == "common_cause" else {0: code}
    cause = Deviation(
        kind="special_cause",
        metric="access_pct",
        org="ranta",
        period=NOW,
        since=NOW,
        lasted=Duration(MONTH, 1),
        breaches=None,
        severity=0.1,
    )
    found = replace(
        made(fixture.signal("access_pct", "ranta", reading)), deviations=(cause,) if reading else ()
    )
    wording = found.configs.wordings[language]
    phrase = wording.say(f"spc.variation.{code}")
    row = tables.metric_row(fixture.scene(found, language=language), "access_pct")
    assert row.variation == Sign(code, phrase)
    assert row.assurance == Sign("fail", wording.say("spc.assurance.fail"))
    chart = trend(found, "access_pct", language)
    assert [flag for at, flag in chart.flags if at == 23] == [*reading.values()]
    others = [wording.say(f"spc.variation.{other}") for other in CODES if other != code]
    assert row.assurance.text in chart.alt
    noted = spec("koe", "yksikko", {"kind": "cards"}, {"kind": "noted"})
    cards, *listed = build(found, noted, "ranta", language).sections[0].blocks
    assert isinstance(cards, Cards)
    assert not cards.items, "a special cause is told of, not decided on"
    if not reading:
        assert not [words for words in (phrase, *others) if words in chart.alt]
        assert not listed
        return
    assert phrase in chart.alt
    assert chart.title.endswith(f": {phrase[:1].lower()}{phrase[1:].rstrip('.')}")
    (remarks,) = listed
    assert isinstance(remarks, Remarks)
    assert phrase in remarks.items[0].text
    assert (remarks.items[0].tone, row.tone) == ("good", "good"), "a special cause is no status"
    assert not [words for words in others if words in chart.alt or words in remarks.items[0].text]


def test_an_old_signal_is_no_message() -> None:
    chart = trend(made(fixture.signal("access_pct", "ranta", {1: "concern_low"})), "access_pct")
    assert chart.title == "Yhteydensaanti: 82,0_%, tavoite ≥ 80_%".replace("_", "\u00a0")
    assert "heikentynyt" not in chart.alt
    assert chart.flags == ((22, "concern_low"),)


def test_too_short_a_series_says_from_how_many_points_it_is_judged() -> None:
    whole = fixture.signal("access_pct", "ranta", {1: "concern_low"}).chart
    short = {"variation": None, "assurance": None, "segments": whole.segments[1:], "starts": (0,)}
    chart = trend(made(fixture.signal("access_pct", "ranta", {1: "concern_low"}, chart=short)), "access_pct")
    assert "Pisteitä on 13: muutokset ja tavoite arvioidaan, kun niitä on 13" in chart.note
    assert [line.role for line in chart.lines] == ["target", "reference", "main"]
    assert chart.flags == ()


def test_a_rebase_just_approved_is_marked_and_the_limits_before_it_stay() -> None:
    rebase = {
        "metric": "access_pct",
        "level": "yksikko",
        "month": "2026-03",
        "approved_by": words("Johtoryhmä"),
    }
    short = {
        "variation": None,
        "assurance": None,
        "segments": (
            Segment(mean=80.0, lpl=70.0, upl=90.0, nlpl=73.0, nupl=87.0, n=18),
            Segment(mean=85.0, lpl=64.0, upl=99.0, nlpl=71.0, nupl=99.0, n=6),
        ),
        "starts": (0, 18),
    }
    found = made(fixture.signal("access_pct", "ranta", {20: "concern_low", 0: "concern_low"}, chart=short))
    approved = found.configs.findings.model_copy(
        update={"rebase": (Rebase.model_validate({**rebase, "reason": words("Uusi puhelinjärjestelmä")}),)}
    )
    configs = replace(found.configs, findings=approved)
    chart = trend(replace(found, configs=configs), "access_pct")
    assert values(chart, "centre") == (80.0,) * 18 + (None,) * 6
    assert chart.flags == ((3, "concern_low"),)
    assert [(mark.role, chart.labels[mark.at]) for mark in chart.marks][1:] == [
        ("rebase", "maalis 26"),
        ("action", "maalis 26"),
    ]
    assert "2\u00a0uudet rajat: Uusi puhelinjärjestelmä, maalis 26" in chart.note
    assert "keskiarvo" not in chart.note
    assert "Pisteitä on 6" in chart.note
    assert "uudet rajat: Uusi puhelinjärjestelmä" in chart.alt
    assert "rebase" not in [mark.role for mark in trend(replace(found, configs=configs), "reached_pct").marks]


def test_a_new_name_is_marked_with_the_old_one() -> None:
    found = made()
    old = replace(TREE.by_id["ranta"], names=words("Vanha ranta"), last=parse_month("2025-09"))
    new = replace(TREE.by_id["ranta"], first=parse_month("2025-10"))
    units = (*(unit for unit in found.configs.organisation.units if unit.id != "ranta"), old, new)
    organisation = replace(found.configs.organisation, units=units)
    chart = trend(replace(found, configs=replace(found.configs, organisation=organisation)), "access_pct")
    assert [mark.role for mark in chart.marks] == ["rename", "merge", "action"]
    assert "1\u00a0nimi aiemmin Vanha ranta, loka 25" in chart.note


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("fi", "muutos on kestänyt elokuusta 2025 alkaen"),
        ("sv", "förändringen har pågått sedan augusti 2025"),
        ("en", "a shift has lasted since August 2025"),
    ],
)
def test_a_lasting_shift_is_put_to_the_meeting_below_its_chart(language: str, says: str) -> None:
    found = fixture.signal(
        "access_pct", "ranta", {0: "neutral_high"}, proposed=Period(MONTH, DATA_MONTH - 12)
    )
    assert says in trend(made(found), "access_pct", language).note
    assert says not in trend(made(replace(found, proposed=None)), "access_pct", language).note


def rare(newest: float | None = 5.0) -> Signal:
    months = [Period(MONTH, DATA_MONTH - back) for back in range(23, -1, -1)]
    sums = [None] * 11 + [3.0] * 10 + [4.0, 6.0, newest]
    points = tuple(Point(m.text, total, None) for m, total in zip(months, sums, strict=True))
    shift = {"points": points, "variation": "neutral_high", "assurance": None}
    return fixture.signal("calls_n", "ranta", {}, chart=shift, rare=True)


def test_a_rare_count_is_drawn_as_sums_of_a_year_without_limits() -> None:
    chart = trend(made(rare()), "calls_n")
    assert [line.role for line in chart.lines] == ["main"]
    assert values(chart, "main") == (None,) * 11 + (3.0,) * 10 + (4.0, 6.0, 5.0)
    assert chart.title == "Puhelut: 5\u00a0kpl 12 kuukaudessa"
    assert "12 kuukauden summa, koska tapauksia on harvoin" in chart.subtitle
    assert chart.latest == "5\u00a0kpl"
    assert "Luvut ovat 12 kuukauden summia" in chart.alt
    assert "Muutos" not in chart.alt
    assert chart.flags == ()


def test_a_rare_share_is_drawn_over_a_year_beside_its_target_and_stands_in_its_row() -> None:
    found = rare(96.0)
    share = Signal(
        metric="access_pct", org="ranta", periods=found.periods, chart=found.chart, rare=True, needed=13
    )
    few = fixture.value("access_pct", "ranta", Period(MONTH, DATA_MONTH), "few", 3, 4)
    given = made(share, values=(few,))
    chart = trend(given, "access_pct")
    assert [line.role for line in chart.lines] == ["target", "main"]
    assert values(chart, "main")[-1] == 96.0
    assert chart.title == "Yhteydensaanti: 96,0\u00a0% 12 kuukaudessa"
    assert "12 kuukauden osuus, koska poikkeavia tapauksia on harvoin" in chart.subtitle
    row = tables.metric_row(fixture.scene(given), "access_pct")
    assert "12 kk: 96,0\u00a0%" in row.note
    assert row.variation is None
    assert "12 kk" not in tables.metric_row(fixture.scene(made()), "access_pct").note


def test_a_row_whose_months_have_no_figures_draws_the_years_of_its_rare_cases() -> None:
    few = [
        fixture.value("access_pct", "ranta", Period(MONTH, DATA_MONTH - back), "few", 3, 4)
        for back in range(24)
    ]
    found = rare(96.0)
    share = Signal(
        metric="access_pct", org="ranta", periods=found.periods, chart=found.chart, rare=True, needed=13
    )
    row = tables.metric_row(fixture.scene(made(share, values=tuple(few))), "access_pct")
    assert row.spark.values == (3.0,) * 10 + (4.0, 6.0, 96.0)
    assert "96,0" in row.spark.alt
    assert set(tables.metric_row(fixture.scene(made(values=tuple(few))), "access_pct").spark.values) == {None}


def test_no_row_says_that_a_rare_count_changed() -> None:
    now = fixture.value("calls_n", "ranta", Period(MONTH, DATA_MONTH))
    usual = fixture.signal("calls_n", "ranta", {0: "neutral_high"})
    assert sentences.signal(fixture.scene(made(usual)), now) == "Luku on selvästi noussut."
    assert sentences.signal(fixture.scene(made(rare())), now) == ""


def test_a_rare_count_without_a_sum_is_drawn_by_months() -> None:
    chart = trend(made(rare(None)), "calls_n")
    assert "12 kuukauden" not in chart.subtitle + chart.title
    assert None not in values(chart, "main")


def test_a_pack_of_tertials_has_no_limits_of_months() -> None:
    found = fixture.signal("closed_pct", "alue", {0: "concern_low"})
    months = trend(made(found), "closed_pct", level="alue")
    tertials = trend(made(found), "closed_pct", level="alue", cadence="tertial")
    assert "centre" in [line.role for line in months.lines]
    assert not {"centre", "upper", "lower"} & {line.role for line in tertials.lines}
    assert "heikentynyt" not in tertials.title
    assert tertials.flags == ()


def test_a_chart_without_figures_has_no_limits() -> None:
    gone = tuple(
        fixture.value("access_pct", org, Period(MONTH, DATA_MONTH - back), "missing")
        for org in ("ranta", "etela")
        for back in range(24)
    )
    chart = trend(made(fixture.signal("access_pct", "ranta", {1: "concern_low"}), values=gone), "access_pct")
    assert not {"centre", "upper", "lower"} & {line.role for line in chart.lines}
    assert (chart.note, chart.flags) == ("", ())


@pytest.mark.parametrize("language", LANGUAGES)
def test_limits_signals_and_sums_are_plain_json_in_every_language(language: str) -> None:
    found = made(fixture.signal("access_pct", "ranta", {0: "concern_low"}), rare())
    assert '"concern_low"' in to_json(pack(found, "access_pct", language))
    assert '"role": "main"' in to_json(pack(found, "calls_n", language))
