"""Counts by their keys: periods side by side, focus areas and channels, against a naive reading."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from opti_reports.model.pack import Block, Table
from opti_reports.model.value import Reason, State, Value
from opti_reports.packs.build import build
from opti_reports.periods.cadence import MONTH
from opti_reports.periods.period import Period
from tests.packs import fixture
from tests.packs.outline import outline
from tests.packs.world import DATA_MONTH, LANGUAGES, spec, words

COUNTS = {"kind": "counts", "metric": "calls_n", "keys": ["nature"]}
FOCUS = {"kind": "focus", "metric": "calls_n", "by": "nature", "limit": 2, "least": 3}
CHANNELS = {
    "kind": "channels",
    "groups": [
        {"name": words("Kysely"), "by": "service_channel", "count": "nps", "score": "nps"},
        {"name": words("Palaute"), "by": "nature", "count": "calls_n"},
    ],
}
KEYS = ("lahelta_piti", "muu_havainto", "tapahtui_asiakkaalle", "")


def cell(key: str, number: int | None, back: int = 0, org: str = "ranta", state: State = "ok") -> Value:
    period = Period(MONTH, DATA_MONTH - back)
    if number is None:
        return Value(metric="calls_n", org=org, period=period, state="withheld", breakdown="nature", key=key)
    count = Fraction(number)
    return Value(
        metric="calls_n",
        org=org,
        period=period,
        state=state,
        value=count,
        num=count,
        den=None,
        n=number,
        interval=None,
        breakdown="nature",
        key=key,
    )


def total(number: int | None, back: int = 0, state: State = "ok") -> Value:
    count = None if number is None else Fraction(number)
    return Value(
        metric="calls_n",
        org="ranta",
        period=Period(MONTH, DATA_MONTH - back),
        state=state,
        value=count,
        num=count,
        den=None,
        n=number,
    )


def made(entry: dict[str, Any], *values: Value, language: str = "fi", level: str = "yksikko") -> Table:
    """A block of a month that has no other cells than these."""
    (found,) = blocks(entry, *values, language=language, level=level)
    assert isinstance(found, Table)
    return found


def blocks(
    entry: dict[str, Any], *values: Value, language: str = "fi", level: str = "yksikko"
) -> tuple[Block, ...]:
    ours = {("calls_n", "ranta", v.period, v.breakdown, v.key): v for v in values}
    others = [
        Value(
            metric="calls_n",
            org="ranta",
            period=Period(MONTH, DATA_MONTH),
            state="missing",
            breakdown="nature",
            key=key,
        )
        for key in (*KEYS, "uusi_koodi")
    ]
    kept = [v for v in others if ("calls_n", "ranta", v.period, v.breakdown, v.key) not in ours]
    pack = build(fixture.material(*kept, *values), spec("m", level, entry), "ranta", language)
    return tuple(block for section in pack.sections for block in section.blocks)


def naive(counts: dict[str, list[int]]) -> list[tuple[str, ...]]:
    """The rows of a table: the commonest of the newest month first, what is not recorded last, the total."""
    order = sorted(counts, key=lambda key: (key == "", -counts[key][-1], key))
    names = {"lahelta_piti": "Läheltä piti", "muu_havainto": "Muu havainto", "": "Ei kirjattu"}
    rows = [(names.get(key, "Tapahtui asiakkaalle"), *map(str, counts[key])) for key in order]
    return [*rows, ("Yhteensä", *(str(sum(c[at] for c in counts.values())) for at in range(3)))]


def test_three_periods_side_by_side_as_a_naive_count_has_them() -> None:
    counts = {
        "lahelta_piti": [3, 0, 5],
        "muu_havainto": [1, 2, 9],
        "tapahtui_asiakkaalle": [0, 7, 0],
        "": [2, 2, 6],
    }
    values = [
        cell(key, number, 2 - at)
        for key, numbers in counts.items()
        for at, number in enumerate(numbers)
        if number  # a key that does not occur has no cell
    ]
    totals = [total(sum(c[at] for c in counts.values()), 2 - at) for at in range(3)]
    found = made(COUNTS, *values, *totals)
    assert [column.label for column in found.columns] == [
        "Luonne",
        "kesä\u00a026",
        "heinä\u00a026",
        "elo\u00a026",
    ]
    assert list(found.rows) == naive(counts)


def test_withheld_cells_are_words_in_every_period_and_a_lost_period_is_no_nought() -> None:
    values = [cell("lahelta_piti", None, 1), cell("lahelta_piti", 8), total(8), total(9, 1)]
    found = made(COUNTS, *values, total(None, 2, "missing"))
    assert found.rows == (
        ("Läheltä piti", "ei tietoa", "suojattu", "8"),
        ("Yhteensä", "ei tietoa", "9", "8"),
    )


def test_a_period_that_lacks_units_says_so_below() -> None:
    part = Value(
        metric="calls_n",
        org="ranta",
        period=Period(MONTH, DATA_MONTH),
        state="partial",
        value=Fraction(8),
        n=8,
        reason=Reason("units", 3, 4),
    )
    found = made(COUNTS, cell("lahelta_piti", 8), part, total(9, 1))
    assert found.rows[-1][-1] == "8 (osin)"
    assert found.note == "elo\u00a026: 3/4 yksikköä"


def test_no_cases_one_case_and_all_withheld() -> None:
    nothing = made(COUNTS, *(total(0, back) for back in range(3)))
    assert (nothing.rows, nothing.empty) == ((), "Ei rivejä tässä jaksossa.")
    one = made(COUNTS, cell("muu_havainto", 1), *(total(int(back == 0), back) for back in range(3)))
    assert one.rows == (("Muu havainto", "0", "0", "1"), ("Yhteensä", "0", "0", "1"))
    hidden = made(COUNTS, *(cell(key, None) for key in KEYS), *(total(6, back) for back in range(3)))
    assert (hidden.rows, hidden.empty[:24]) == ((), "Jaottelua ei näytetä: us")


@pytest.mark.parametrize(
    ("counts", "rows"),
    [
        (
            {"lahelta_piti": 3, "muu_havainto": 2},
            [("Läheltä piti", "3", "30\u00a0%", "0")],
        ),  # 2 is not enough
        (
            {"": 9, "muu_havainto": 4},
            [("Muu havainto", "4", "40\u00a0%", "0")],
        ),  # what is not recorded is none
    ],
)
def test_focus_areas_are_the_commonest_keys_with_enough_cases(
    counts: dict[str, int], rows: list[tuple[str, ...]]
) -> None:
    found = made(FOCUS, *(cell(key, number) for key, number in counts.items()), total(10), total(3, 1))
    assert list(found.rows) == rows
    assert found.note == "Puhelut: enintään 2 yleisintä aihetta, joista kustakin vähintään 3."


def test_without_a_topic_of_enough_cases_nothing_is_said() -> None:
    assert blocks(FOCUS, cell("lahelta_piti", 2), cell("", 9), total(11), total(3, 1)) == ()


def test_of_as_many_the_one_that_was_more_before_comes_first_and_the_limit_holds() -> None:
    now = [cell(key, 4) for key in KEYS[:3]]
    before = [cell("lahelta_piti", 1, 1), cell("muu_havainto", 5, 1), cell("tapahtui_asiakkaalle", 2, 1)]
    found = made(FOCUS, *now, *before, total(12), total(8, 1))
    assert [row[0] for row in found.rows] == ["Muu havainto", "Tapahtui asiakkaalle"]


def test_a_withheld_key_is_no_focus_area() -> None:
    found = made(FOCUS, cell("lahelta_piti", None), cell("muu_havainto", 5), total(9))
    assert [row[0] for row in found.rows] == ["Muu havainto"]


def answers(key: str, state: State, n: int, interval: tuple[float, float] | None = None) -> Value:
    value = Fraction(40) if state == "ok" else None
    period = Period(MONTH, DATA_MONTH)
    return Value(
        metric="nps",
        org="ranta",
        period=period,
        state=state,
        value=value,
        num=None,
        den=None,
        n=n,
        interval=interval,
        breakdown="service_channel",
        key=key,
    )


def test_channels_show_their_score_with_its_interval_or_that_none_was_asked() -> None:
    found = made(
        CHANNELS,
        answers("digi", "ok", 60, (21.2, 58.8)),
        answers("puhelin", "few", 4),
        Value(
            metric="nps",
            org="ranta",
            period=Period(MONTH, DATA_MONTH),
            state="withheld",
            breakdown="service_channel",
            key="muu",
        ),
        cell("muu_havainto", 7),
        total(7),
    )
    assert [column.label for column in found.columns] == ["Kanava", "n", "Suositteluindeksi, 95 %:n väli"]
    assert [tuple(text.replace("\u00a0", " ") for text in row) for row in found.rows] == [
        ("Kysely: digiasiointi", "60", "40 (21–59)"),
        ("Kysely: muu", "suojattu", "suojattu"),
        ("Kysely: puhelin", "4", "liian vähän"),
        ("Kysely: yhteensä", "100", "88"),
        ("Palaute: muu havainto", "7", "ei NPS-kysymystä"),
        ("Palaute: yhteensä", "7", "ei NPS-kysymystä"),
    ]


def test_a_single_group_stands_under_the_name_of_its_key() -> None:
    group = {"name": words("Kysely"), "by": "service_channel", "count": "nps", "score": "nps"}
    entry = {"kind": "channels", "title": words("Vastaajat"), "groups": [group]}
    found = made(entry, answers("digi", "ok", 60, (21.2, 58.8)), answers("puhelin", "few", 4))
    assert [column.label for column in found.columns][:2] == ["Asiointikanava", "n"]
    assert [row[0] for row in found.rows] == ["Digiasiointi", "Puhelin", "Yhteensä"]


def test_units_show_their_score_with_its_interval_and_how_many_answered() -> None:
    group = {"name": words("Kysely"), "count": "nps", "score": "nps"}
    entry = {"kind": "channels", "title": words("Vastaajat"), "groups": [group]}
    period = Period(MONTH, DATA_MONTH)
    values = (
        Value(
            metric="nps",
            org="ranta",
            period=period,
            state="ok",
            value=Fraction(40),
            num=None,
            den=None,
            n=60,
            interval=(21.2, 58.8),
        ),
        Value(metric="nps", org="metsa", period=period, state="few", value=None, num=None, den=None, n=7),
    )
    pack = build(fixture.material(*values), spec("m", "palveluyksikko", entry), "etela", "fi")
    (found,) = pack.sections[0].blocks
    assert isinstance(found, Table)
    assert [column.label for column in found.columns][:2] == ["Yksikkö", "n"]
    shown = [tuple(text.replace("\u00a0", " ") for text in row) for row in found.rows]
    assert shown[:2] == [("Ranta", "60", "40 (21–59)"), ("Metsa", "7", "liian vähän")]
    assert [row[0] for row in shown[2:]] == ["Yhteensä"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_of_counts_says(language: str, snapshot: SnapshotAssertion) -> None:
    values = (cell("muu_havainto", 7), cell("muu_havainto", 2, 1), cell("lahelta_piti", None), total(12))
    blocks = (COUNTS, FOCUS, CHANNELS)
    answered = answers("digi", "ok", 60, (21.2, 58.8))
    made_of = fixture.material(*values, answered)
    assert outline(build(made_of, spec("m", "yksikko", *blocks), "ranta", language)) == snapshot


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("entry", [COUNTS, FOCUS, CHANNELS], ids=lambda entry: entry["kind"])
def test_every_language_says_everything(entry: dict[str, Any], language: str) -> None:
    found = made(entry, cell("muu_havainto", 7), cell("", 4), total(11), language=language)
    said = [column.label for column in found.columns] + [text for row in found.rows for text in row]
    assert all(said)
    if entry is CHANNELS:
        last = {"fi": "ei NPS-kysymystä", "sv": "ingen NPS-fråga", "en": "no NPS question"}[language]
        assert found.rows[-1][-1].replace("\u00a0", " ") == last
