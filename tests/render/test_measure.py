"""Estimates of text, axes and column widths."""

from __future__ import annotations

import dataclasses
import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opti_reports.errors import PackError
from opti_reports.model.pack import Column, Table
from opti_reports.render.axis import apart, rounded_span, span_of, tick_labels, ticks
from opti_reports.render.clean import clean_text
from opti_reports.render.columns import column_shares, metric_shares, table_shares
from opti_reports.render.dating import dated
from opti_reports.render.hyphens import hyphenated
from opti_reports.render.measure import clamped, fitted, shorten, text_width, wrapped
from tests.render import fixture
from tests.render.fixture import LONG

TEXTS = st.text(alphabet="aäiomW ,.-Lääkehoito", max_size=80)
NUMBERS = st.floats(-1e7, 1e7).map(lambda value: round(value, 1))


@given(TEXTS, st.floats(30, 300))
def test_wrapped_lines_fit_and_lose_nothing(text: str, width: float) -> None:
    lines = wrapped(text, width, 8.0)
    assert all(text_width(line, 8.0) <= width + 1e-5 for line in lines)
    assert "".join(lines).replace("-", "").replace(" ", "") == text.replace("-", "").replace(" ", "")


@given(TEXTS, st.floats(30, 300), st.integers(1, 3))
def test_what_is_cut_fits_and_says_so(text: str, width: float, lines: int) -> None:
    cut = fitted(text, width, 8.0, lines)
    assert len(wrapped(cut, width, 8.0)) <= lines
    assert cut == text or cut.endswith("…")
    assert text_width(shorten(text, width, 8.0), 8.0) <= width + 1e-5
    assert len(clamped(text, width, 8.0, lines)) <= lines


def test_a_compound_longer_than_its_column_is_cut_with_hyphens() -> None:
    assert wrapped("Lääkehoitosuunnitelma", 60.0, 8.0) == ("Lääkehoitosuu-", "nnitelma")


@given(st.lists(st.none() | NUMBERS, max_size=6))
def test_an_axis_holds_its_values(values: list[float | None]) -> None:
    low, high = span_of(values, "kpl")
    start, end, step = rounded_span(low, high)
    known = [value for value in values if value is not None]
    assert low < high
    assert all(low <= value <= high for value in known)
    assert start <= low + step * 1e-6
    assert end >= high - step * 1e-6
    assert 3 <= len(ticks(low, high)) <= 8


def test_a_percentage_axis_stops_at_100() -> None:
    assert span_of([100.0, 100.0], "%") == (90.0, 100.0)


@pytest.mark.parametrize(
    ("values", "language", "labels"),
    [
        ((0.0, 1000.0, 2000.0), "fi", ("0", "1\u00a0000", "2\u00a0000")),
        ((-0.5, 0.0, 0.5), "fi", ("−0,5", "0,0", "0,5")),
        ((0.0, 2_000_000.0), "fi", ("0", "2\u00a0milj.")),
        ((0.0, 0.5), "en", ("0.0", "0.5")),
    ],
)
def test_tick_labels_follow_the_language(
    values: tuple[float, ...], language: str, labels: tuple[str, ...]
) -> None:
    assert tick_labels(values, language) == labels


@given(st.lists(st.floats(0, 100), max_size=5))
def test_labels_are_moved_apart(places: list[float]) -> None:
    moved = sorted(apart(places, [9.0] * len(places), 100.0))
    assert all(later - earlier >= 9.0 - 1e-9 for earlier, later in pairwise(moved))
    assert all(place <= 100.0 for place in moved)


def test_columns_of_figures_take_what_they_need() -> None:
    table = Table(
        caption="",
        columns=(Column("Yksikkö"), Column("Määrä", True)),
        rows=(("Espoonlahden terveysasema", "12"),),
        empty="",
    )
    words, figures = table_shares(table, 500.0, 8.0)
    assert words + figures == pytest.approx(100.0)
    assert words > 4 * figures


def test_a_status_stands_on_one_line_where_names_have_room_enough() -> None:
    def last(cell: str) -> float:
        table = dataclasses.replace(fixture.metric_table(2), signed="")
        rows = tuple(
            dataclasses.replace(row, status="lähellä tavoitetta", cells=(cell,) * 5) for row in table.rows
        )
        return metric_shares(dataclasses.replace(table, rows=rows), 504.0, 8.25, 66.0)[-1] * 5.04

    whole = text_width("◆\u00a0lähellä tavoitetta", 8.25)
    assert last("74,0 %") > whole
    assert text_width("◆\u00a0lähellä", 8.25) < last("ei\u00a0ole\u00a0kirjattu") < whole


def test_words_in_place_of_figures_leave_names_their_room() -> None:
    def names(cell: str) -> float:
        table = dataclasses.replace(fixture.metric_table(2), signed="")
        rows = tuple(dataclasses.replace(row, cells=(cell,) * 5) for row in table.rows)
        return metric_shares(dataclasses.replace(table, rows=rows), 504.0, 7.75, 55.0)[0]

    plain = names("100,0\u00a0%")
    assert 0.7 * plain < names("3/3 (liian vähän)") < names("liian vähän (n = 12)") < plain


def test_large_amounts_keep_one_line_beside_signs_and_a_status() -> None:
    amount, table = "3\u00a0407\u00a0828\u00a0€", fixture.metric_table(2)
    rows = tuple(dataclasses.replace(row, status="tavoitteessa", cells=(amount,) * 5) for row in table.rows)
    shares = metric_shares(dataclasses.replace(table, rows=rows, signed="Vaihtelu"), 504.0, 7.75, 55.0)
    assert min(shares[2:7]) * 5.04 > text_width(amount, 7.75)


def test_a_mark_is_counted_with_its_cell() -> None:
    def first(*tones: tuple[int, int, str]) -> float:
        table = Table(
            caption="",
            columns=(Column("A"), Column("B")),
            rows=(("myöhässä", "x" * 90),),
            empty="",
            tones=tones,
        )
        return table_shares(table, 300.0, 8.0)[0]

    assert first((0, 0, "off")) > first() + 2


def test_a_width_that_was_added_to_and_taken_from_still_fits() -> None:
    for number in range(1, 200):
        text = "palvelujen ostot"
        air = number / 7
        assert wrapped(text, (text_width(text, 7.5) + air) - air, 7.5) == (text,)


def test_an_empty_table_has_columns() -> None:
    assert sum(
        table_shares(Table(caption="", columns=(Column("A"), Column("B")), rows=(), empty=""), 500.0, 8.0)
    ) == pytest.approx(100.0)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("a\x00b\x1bc\x7f", "abc"),
        ("rivi\nvaihto\tsarkain", "rivi vaihto sarkain"),
        ("pehmeä\u00adtavu \u202eoikealta", "pehmeätavu oikealta"),
        ("hymiö 😀", "hymiö □"),
        ("⭐⭐⭐ ✅ kiitos", "□□□ □ kiitos"),
        ("👨\u200d👩\u200d👧 👍🏽 🇫🇮🇸🇪 1\ufe0f\u20e3 ⚠\ufe0f", "□ □ □□ 1 ⚠"),
        ("ไทย हिन्दी 中文", "□□□ □□□ □□"),
        ("★ ✓ ♥ ▲ ◆ ● ○", "★ ✓ ♥ ▲ ◆ ● ○"),
        ("Åäö šžŋđá ”…” — €", "Åäö šžŋđá ”…” — €"),
        ("1\u00a0234\u202f€ – ok", "1\u00a0234\u202f€ – ok"),
        (LONG, LONG),
    ],
)
def test_text_is_cleaned_at_the_door(text: str, clean: str) -> None:
    assert clean_text(text) == clean


@pytest.mark.parametrize(
    ("period", "date"),
    [("2026-08", dt.date(2026, 9, 1)), ("2026-12", dt.date(2027, 1, 1)), ("2026-T3", dt.date(2027, 1, 1))],
)
def test_documents_are_dated_by_their_period(period: str, date: dt.date) -> None:
    assert dated(period) == date


def test_a_period_of_another_shape_is_refused() -> None:
    with pytest.raises(PackError, match="write it as YYYY-MM, YYYY-Tn or YYYY-Wnn"):
        dated("2026-W54")


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("Asiakaskokemuskoordinaattori", "Asia|kas|ko|ke|mus|koor|di|naat|tori"),
        ("lyhyt sana", "lyhyt sana"),
        ("apulaisosastonhoitaja", "apulais|osas|ton|hoi|taja"),
        ("Työturvallisuusilmoitukset 10 pv", "Työtur|val|li|suus|il|moi|tukset 10 pv"),
    ],
)
def test_long_finnish_words_may_break_at_syllables(text: str, broken: str) -> None:
    assert hyphenated(text, "fi").replace("\u00ad", "|") == broken
    assert hyphenated(text, "sv") == text


def test_where_words_do_not_fit_dates_stay_whole() -> None:
    heads = [Column(label) for label in ("Toimenpide", "Rooli", "Aika")]
    cells = [["Lääkehoitosuunnitelma"], ["apulaisosastonhoitaja"], ["valmis 31.10.2026"]]
    width, size = 220.0, 9.5
    shares = column_shares(heads, cells, width, size, head=size)
    needed = [text_width(word, size, bold=True) for word in ("Lääkehoitosuunnitelma", "31.10.2026")]
    assert shares[2] / 100 * width > needed[1]
    assert shares[0] / 100 * width < needed[0] + 8  # the long words give up what is missing
    assert sum(shares) == pytest.approx(100)


def test_where_words_do_not_fit_short_ones_stay_whole() -> None:
    dates, answers = ["●\u00a012/26", "▲\u00a0puuttuu"], ["●\u00a0kyllä"]
    heads = [Column("Yksikkö"), *(Column(f"Kohta {at}") for at in range(7))]
    width, size = 345.0, 8.25
    cells = [["Espoonlahden"], *[dates] * 4, *[answers] * 3]
    shares = column_shares(heads, cells, width, size, head=size)
    assert shares[-1] / 100 * width > text_width("●\u00a0kyllä", size) + 5
    assert sum(shares) == pytest.approx(100)


@pytest.mark.parametrize("tight", [False, True])
def test_a_heading_is_whole_whatever_the_size_of_the_cells(tight: bool) -> None:
    heads = (Column("Mittari"), *(Column(label, True) for label in ("Nyt", "Palveluyksikkö")))
    rows = tuple(("Työturvallisuusilmoitukset käsitelty", "1", "2") for _ in range(20))
    table = Table(caption="", columns=heads, rows=rows, empty="")
    width = 200.0
    shares = table_shares(table, width, 7.5 if tight else 8.25, tight=tight)
    assert shares[2] / 100 * width > text_width("Palveluyksikkö", 7, bold=True) + 4
