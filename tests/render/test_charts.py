"""Each chart kind as its reader sees it: points at their values, words beside them, nothing broken."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import re
import subprocess
import sys
from itertools import pairwise
from threading import Thread

import matplotlib as mpl
import pytest
from lxml import etree
from syrupy.assertion import SnapshotAssertion

from opti_reports.model.charts import Bar, Bars, FunnelPlot, Line, Mark, Stacked, StackedBar, Trend
from opti_reports.packs.portions import BARS
from opti_reports.render.charts.bars import draw_bars
from opti_reports.render.charts.funnel import draw_funnel
from opti_reports.render.charts.stacked import draw_stacked, mixed, on_ground, ramp
from opti_reports.render.charts.trend import draw_trend
from tests.render import fixture
from tests.render.picture import Picture

LOOK = fixture.look()
COLOURS = LOOK.brand.colours
EXTREMES = [block for block in fixture.extremes().blocks if isinstance(block, Trend | Bars)]


def draw(chart: Trend | Bars | FunnelPlot | Stacked) -> str:
    if isinstance(chart, Trend):
        return draw_trend(chart, LOOK, "fi", 244, 96)
    if isinstance(chart, FunnelPlot):
        return draw_funnel(chart, LOOK, "fi", 504, 176)
    if isinstance(chart, Bars):
        return draw_bars(chart, LOOK, "fi", 244)
    return draw_stacked(chart, LOOK, "fi", 504)


def seen(chart: Trend | Bars | FunnelPlot | Stacked) -> Picture:
    picture = Picture(draw(chart))
    picture.assert_whole()
    return picture


@pytest.mark.parametrize("chart", [fixture.trend(0), fixture.bars(2), fixture.pareto(), fixture.stacked()])
def test_words_of_a_chart(chart: Trend | Bars | Stacked, snapshot: SnapshotAssertion) -> None:
    picture = seen(chart)
    assert picture.alt == chart.alt
    assert picture.texts == snapshot


@pytest.mark.parametrize("chart", EXTREMES, ids=lambda chart: chart.title)
def test_extremes_stay_on_the_sheet(chart: Trend | Bars) -> None:
    seen(chart)


ALL: list[Trend | Bars | Stacked] = [fixture.trend(0), fixture.bars(2), fixture.pareto(), fixture.stacked()]


@pytest.mark.parametrize(("chart", "most"), [*zip(ALL, (4000, 4000, 3000, 10000), strict=True)])
def test_a_chart_is_compact_and_can_stand_beside_others_in_a_page(
    chart: Trend | Bars | Stacked, most: int
) -> None:
    svg = draw(chart)
    assert len(svg) < most
    assert svg.startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ')
    sheet = etree.fromstring(svg.encode())
    assert sheet[0].tag.endswith("}title")
    names = {etree.QName(element).localname for element in sheet.iter()}
    assert names <= {"svg", "title", "path", "circle", "text"}
    assert not {"id", "style", "class", "clip-path"} & {name for item in sheet.iter() for name in item.attrib}
    lengths = r"<title>.*?</title>|stroke-(width|dasharray)=\S+"
    assert not re.search(r"\d\.\d\d", re.sub(lengths, "", svg))


def test_a_chart_is_the_same_after_others_and_in_another_process() -> None:
    first = draw(fixture.trend(0))
    draw(fixture.stacked())
    draw(fixture.bars(2))
    assert draw(fixture.trend(0)) == first
    code = (
        "import hashlib; from tests.render.test_charts import draw; from tests.render import fixture; "
        "print(hashlib.sha256(draw(fixture.trend(0)).encode()).hexdigest())"
    )
    there = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=fixture.ROOT,
        env={**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"},
    )
    assert there.stdout.strip() == hashlib.sha256(first.encode()).hexdigest()


def test_charts_drawn_at_once_are_the_same_and_leave_the_library_s_settings_alone() -> None:
    settings = dict(mpl.rcParams)
    wanted = [draw(chart) for chart in ALL]
    made: dict[int, str] = {}
    threads = [Thread(target=lambda at=at: made.update({at: draw(ALL[at % 4])})) for at in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [made[at] for at in range(12)] == wanted * 3
    assert dict(mpl.rcParams) == settings


def test_a_font_that_is_not_installed_is_no_one_s_concern(caplog: pytest.LogCaptureFixture) -> None:
    fonts = dataclasses.replace(LOOK.brand.fonts, text="Nowhere", figures="Nowhere")
    look = dataclasses.replace(LOOK, brand=dataclasses.replace(LOOK.brand, fonts=fonts))
    svg = draw_trend(fixture.trend(0), look, "fi", 244, 96)
    assert svg.replace("Nowhere", "Inter") == draw(fixture.trend(0))
    assert not caplog.records


def test_a_chart_has_the_colours_of_its_brand() -> None:
    """Also where charts of another brand were drawn before."""
    colours = dataclasses.replace(COLOURS, accent="#123456", muted="#345678", rule="#567890")
    look = dataclasses.replace(LOOK, brand=dataclasses.replace(LOOK.brand, colours=colours))
    found = set(re.findall(r"#[0-9a-f]{6}", draw_trend(fixture.trend(0), look, "fi", 244, 96)))
    assert {"#123456", "#345678", "#567890"} <= found
    assert not {COLOURS.accent, COLOURS.muted, COLOURS.rule} & found


def test_no_values_shows_the_note() -> None:
    assert seen(EXTREMES[0]).texts == ["Tietoa ei ole toimitettu."]


def lone(*values: float | None) -> Trend:
    return dataclasses.replace(
        fixture.trend(0),
        labels=fixture.MONTHS[: len(values)],
        lines=(Line("x", values, "main"),),
        marks=(),
        low=None,
        high=None,
        unit="kpl",
    )


def test_lone_values_are_dots() -> None:
    assert len(seen(lone(None, 3.0, None, 5.0, None, 4.0)).dots) == 3


@pytest.mark.parametrize(
    "values",
    [
        (7.0,),
        (3.0, 3.0, 3.0),
        (0.0, 0.0),
        (1e12, 3e12, 2e12),
        (1e300, -1e300),
        (1e-9, 2e-9),
        (-5.0, -7.0, -3.0),
        (None, None),
        (4.0, None, None),
        tuple(float(at % 7) for at in range(24)),
    ],
    ids=["one", "equal", "noughts", "huge", "hugest", "tiny", "negative", "withheld", "ended", "many"],
)
@pytest.mark.parametrize("width", [244, 504])
def test_lines_of_extreme_values_stay_on_the_sheet(values: tuple[float | None, ...], width: float) -> None:
    chart = dataclasses.replace(lone(*values), latest=fixture.LONG, marks=(Mark(0, "a", "action"),))
    for alone in (False, True):
        picture = Picture(draw_trend(chart, LOOK, "fi", width, 96, alone=alone))
        picture.assert_whole()
        for line in picture.lines(COLOURS.accent):
            assert all(0 <= x <= width and 0 <= y <= 96 for x, y in line.places)


def test_each_value_stands_at_its_height_and_over_its_month() -> None:
    chart = fixture.trend(0)
    picture = seen(chart)
    target, reference, main = (line.values for line in chart.lines)
    for colour, values, width in (
        (COLOURS.accent, main, 1.5),
        (COLOURS.neutral, reference, 0.9),
        (COLOURS.ink, target, 0.8),
    ):
        (line,) = picture.lines(colour, width=width)
        assert [picture.value(y, COLOURS.rule) for _, y in line.places] == pytest.approx(values, abs=0.1)
        for at in (11, 17, 23):
            assert line.places[at][0] == picture.word(chart.labels[at]).x
    (newest,) = picture.dots
    assert (newest.x, newest.y) == picture.lines(COLOURS.accent)[0].places[-1]
    (band,) = picture.areas(COLOURS.tint)
    edges = {round(picture.value(y, COLOURS.rule), 1) for _, y in band.places}
    assert sorted(edges) == pytest.approx([63.0, 83.0], abs=0.1)


def test_names_stand_beside_the_ends_of_their_lines() -> None:
    chart = fixture.trend(0)
    picture = seen(chart)
    for text, colour in (("tavoite 80 %", COLOURS.ink), (chart.latest, COLOURS.accent)):
        end = picture.lines(colour, dashed=text != chart.latest)[0].places[-1]
        word = picture.word(text)
        assert 0 < word.left - end[0] < 10
        assert word.y - word.size < end[1] + 2
        assert end[1] - 2 < word.y + 2
    right = sorted(word.y for word in picture.words if word.left > 190 and word.anchor == "start")
    assert all(below - above >= 8 for above, below in pairwise(right))


def test_events_are_numbered_over_their_months() -> None:
    chart = dataclasses.replace(
        fixture.trend(0), marks=(Mark(9, "a", "action"), Mark(9, "b", "action"), Mark(16, "", "rebase"))
    )
    picture = seen(chart)
    (line,) = picture.lines(COLOURS.muted, dashed=True)
    uprights = [below[0] for below, above in line.runs if below[0] == above[0]]
    main = picture.lines(COLOURS.accent)[0].places
    assert uprights == [main[9][0], main[16][0]]
    assert picture.word("1, 2").x == main[9][0]
    assert "3" not in picture.texts  # what has no name in the note has no number


def test_a_month_s_name_at_the_left_edge_is_whole() -> None:
    for count in (1, 2, 3, 6, 13):
        picture = seen(lone(*(float(at) for at in range(count))))
        assert all(word.left >= 0 for word in picture.words)


def test_no_month_s_name_touches_another() -> None:
    for count in range(2, 30):
        chart = dataclasses.replace(
            lone(*(float(at) for at in range(count))), labels=tuple(f"{at}/2026" for at in range(count))
        )
        names = sorted((word for word in seen(chart).words if "/2026" in word.text), key=lambda word: word.x)
        assert names[-1].text == f"{count - 1}/2026"
        assert all(after.left - before.right >= 2 for before, after in pairwise(names))


def test_dollars_and_markup_are_plain_text() -> None:
    chart = dataclasses.replace(fixture.trend(0), latest="$x_1$ <b>&", alt='"><script>')
    picture = seen(chart)
    assert "$x_1$ <b>&" in picture.texts
    assert "<script>" not in picture.svg


def test_stacked_colours_run_from_concern_over_grey_to_good() -> None:
    five = ramp(COLOURS, 5)
    assert five[0] == mixed(COLOURS.concern, COLOURS.paper, 0.95)
    assert five[2] == mixed(COLOURS.neutral, COLOURS.paper, 0.3)
    assert five[4] == mixed(COLOURS.good, COLOURS.paper, 0.95)
    assert len(ramp(COLOURS, 4)) == 4
    assert on_ground(five[0], COLOURS) == COLOURS.paper
    assert on_ground(five[2], COLOURS) == COLOURS.ink


def test_each_share_is_as_wide_as_it_is_large_and_the_middle_straddles_the_upright() -> None:
    chart = fixture.stacked()
    picture = seen(chart)
    (upright,) = picture.lines(COLOURS.ink)
    zero, palette = upright.places[0][0], ramp(COLOURS, 5)
    parts = [[area for area in picture.strokes if area.fill == colour] for colour in palette]
    each = None
    for row, bar in enumerate(chart.bars):
        sides = [(min(x for x, _ in p[row].places), max(x for x, _ in p[row].places)) for p in parts]
        widths = [right - left for left, right in sides]
        each = each or widths[3] / bar.shares[3]
        assert widths == pytest.approx([share * each for share in bar.shares], abs=0.3)
        assert all(after[0] == pytest.approx(before[1], abs=0.2) for before, after in pairwise(sides))
        assert sum(sides[2]) / 2 == pytest.approx(zero, abs=0.2)


def test_names_of_levels_stand_in_an_order_that_no_upright_crosses() -> None:
    def heights(target: float, reference: float) -> dict[str, float]:
        chart = dataclasses.replace(
            fixture.bars(2), target=target, reference=reference, reference_label="yksikkö"
        )
        return {word.text: word.y for word in seen(chart).words}

    right, left = heights(85.0, 82.0), heights(60.0, 57.0)
    assert right["tavoite 80 %"] < right["yksikkö"]
    assert left["tavoite 80 %"] > left["yksikkö"]


def limited(*flags: tuple[int, str]) -> Trend:
    """A trend whose limits moved at its twelfth month, above and below all of its values."""
    chart = fixture.trend(0)
    lines = (
        Line("keskiarvo 72 %", (70.0,) * 12 + (74.0,) * 12, "centre"),
        Line("yläraja 97 %", (None,) * 2 + (95.0,) * 10 + (97.0,) * 12, "upper"),
        Line("alaraja 41 %", (41.0,) * 24, "lower"),
    )
    return dataclasses.replace(
        chart, lines=(*lines, *chart.lines), marks=(), low=None, high=None, flags=flags
    )


def test_limits_are_level_dotted_and_inside_the_plot_but_not_named_at_their_ends() -> None:
    chart = limited()
    picture = seen(chart)
    assert [word for word in picture.texts if "raja" in word or "keskiarvo" in word] == []
    assert {"tavoite 80 %", "palveluyksikkö", chart.latest} <= set(picture.texts)
    centre, *dotted = sorted(picture.lines(COLOURS.muted), key=lambda line: line.dashed)
    assert [line.dashed for line in (centre, *dotted)] == [False, True, True]
    for line, levels in ((centre, (70, 74)), (dotted[0], (95, 97)), (dotted[1], (41,))):
        assert len(line.runs) == len(levels)
        for run, level in zip(line.runs, levels, strict=True):
            (height,) = {y for _, y in run}
            assert picture.value(height, COLOURS.rule) == pytest.approx(level, abs=0.4)
    before, after = dotted[0].runs
    assert before[-1][0] == after[0][0]  # one ends where the next begins
    plain = dataclasses.replace(chart, lines=chart.lines[3:])
    assert {"40", "100"} <= set(picture.texts)
    assert not {"40", "100"} & set(seen(plain).texts)


def test_limits_that_follow_the_year_before_are_one_line_through_the_months() -> None:
    """Limits of a season have another level each month; a stump for each would be no line."""
    chart = limited()
    levels = tuple(60.0 + at % 5 + at / 10 for at in range(24))
    upper = dataclasses.replace(chart.lines[1], values=levels)
    seasonal = dataclasses.replace(chart, lines=(upper, *chart.lines[3:]))
    picture = seen(seasonal)
    (line,) = picture.lines(COLOURS.muted, dashed=True)
    assert [picture.value(y, COLOURS.rule) for _, y in line.places] == pytest.approx(levels, abs=0.2)
    assert len(line.runs) == 1


def test_signals_are_told_apart_by_shape_and_stand_on_their_points() -> None:
    def marks(*flags: tuple[int, str]) -> tuple[list[str], int]:
        picture = seen(limited(*flags))
        points = picture.lines(COLOURS.accent)[0].places
        signals = [dot for dot in picture.dots if dot.colour != COLOURS.accent]
        assert [(dot.x, dot.y) for dot in signals] == [
            pytest.approx(points[at], abs=0.11) for at, reading in flags if "concern" not in reading
        ]
        return [dot.colour for dot in picture.dots], len(picture.areas(COLOURS.concern))

    newest = COLOURS.accent
    assert marks() == ([newest], 0)
    assert marks((3, "improvement_low")) == ([newest, COLOURS.good], 0)
    assert marks((3, "neutral_high")) == ([newest, COLOURS.muted], 0)
    assert marks((3, "concern_high"), (4, "concern_high")) == ([newest], 2)


def test_a_signal_at_a_gap_and_limits_without_values_break_nothing() -> None:
    chart = limited((3, "concern_low"))
    gap = tuple(None if at == 3 else 70.0 for at in range(24))
    lines = (*chart.lines[:-1], dataclasses.replace(chart.lines[-1], values=gap))
    assert COLOURS.concern not in draw(dataclasses.replace(chart, lines=lines))
    gone = tuple(dataclasses.replace(line, values=(None,) * 24) for line in chart.lines)
    assert seen(dataclasses.replace(chart, lines=gone, note="Ei tietoja.")).texts == ["Ei tietoja."]


def cumulative() -> Bars:
    """Counts from the largest, all of them known."""
    bars = tuple(
        dataclasses.replace(bar, text=f"{bar.text} kpl") for bar in fixture.pareto().bars if bar.value
    )
    total = sum(bar.value or 0 for bar in bars)
    sums = tuple(100 * sum(b.value or 0 for b in bars[: at + 1]) / total for at in range(len(bars)))
    return dataclasses.replace(fixture.pareto(), bars=bars, cumulative=sums)


def test_what_the_largest_make_together_is_a_line_that_ends_at_the_right_edge() -> None:
    picture = seen(cumulative())
    places = [(dot.x, dot.y) for dot in picture.dots]
    assert places == sorted(places)
    assert len(places) == 5
    longest = max(x for bar in picture.lines(COLOURS.neutral, width=7) for x, _ in bar.places)
    assert places[-1][0] == pytest.approx(longest, abs=0.2)
    assert not seen(dataclasses.replace(cumulative(), cumulative=())).dots


def test_bars_are_as_long_as_their_values_and_beside_their_names() -> None:
    chart = fixture.pareto()
    picture = seen(chart)
    (zero,) = {x for line in picture.lines(COLOURS.neutral, width=0.5) for x, _ in line.places}
    bars = picture.lines(COLOURS.neutral, width=7)
    known = [bar for bar in chart.bars if bar.value is not None]
    lengths = [bar.places[1][0] - bar.places[0][0] for bar in bars]
    assert all(bar.places[0][0] == zero for bar in bars)
    each = lengths[0] / (known[0].value or 1)
    assert lengths == pytest.approx([(bar.value or 0) * each for bar in known], abs=0.2)
    for drawn, bar in zip(bars, known, strict=True):
        assert picture.word(bar.text).y - 4 < drawn.places[0][1] < picture.word(bar.text).y
    assert picture.word("n < 5").right <= picture.width + 0.1


def test_points_stand_on_their_intervals_and_by_the_target() -> None:
    chart = fixture.bars(2)
    picture = seen(chart)
    spans = sorted(
        (line.places for line in picture.strokes if line.width == 1.2), key=lambda line: line[0][1]
    )
    assert len(spans) == len(chart.bars)
    (target,) = picture.lines(COLOURS.ink)
    bar = chart.bars[0]
    assert bar.low is not None
    assert bar.high is not None
    each = (spans[0][1][0] - spans[0][0][0]) / (bar.high - bar.low)
    for one, span, dot in zip(chart.bars, spans, sorted(picture.dots, key=lambda dot: dot.y), strict=True):
        assert (dot.x - span[0][0]) / each == pytest.approx((one.value or 0) - (one.low or 0), abs=0.2)
        assert (target.places[0][0] - dot.x) / each == pytest.approx(80 - (one.value or 0), abs=0.2)
        assert dot.colour == (COLOURS.neutral if one.tone == "neutral" else COLOURS.of(one.tone))


@pytest.mark.parametrize(
    "values",
    [(7.0,), (3.0, 3.0, 3.0), (1e12, 1.0), (-5.0, -7.0), (None, None), (None, 4.0, None), (0.0, 0.0)],
    ids=["one", "equal", "huge", "negative", "withheld", "gaps", "noughts"],
)
def test_bars_of_extreme_values_stay_on_the_sheet(values: tuple[float | None, ...]) -> None:
    bars = tuple(
        Bar(label=fixture.LONG, value=value, text="suojattu" if value is None else f"{value:g}")
        for value in values
    )
    shares = tuple(100.0 * (at + 1) / len(bars) for at in range(len(bars)))
    for chart in (
        dataclasses.replace(fixture.pareto(), bars=bars),
        dataclasses.replace(fixture.pareto(), bars=bars, cumulative=shares),
        dataclasses.replace(
            fixture.bars(0),
            bars=tuple(
                dataclasses.replace(bar, low=bar.value, high=bar.value) if bar.value is not None else bar
                for bar in bars
            ),
        ),
        dataclasses.replace(
            fixture.pareto(), bars=tuple(dataclasses.replace(bar, aim=bar.value) for bar in bars)
        ),
    ):
        picture = seen(chart)
        assert all(-1 <= x <= 245 for line in picture.strokes for x, _ in line.places)


def test_a_budget_is_an_outline_that_its_bar_stays_within_or_passes() -> None:
    """Told apart from the bar by its line, not by its colour."""
    under, over = (
        Bar(label="a", value=80.0, text="80", aim=100.0),
        Bar(label="b", value=120.0, text="120", tone="off", aim=100.0),
    )
    picture = seen(dataclasses.replace(fixture.pareto(), bars=(under, over)))
    outlines = [max(x for x, _ in line.places) for line in picture.lines(COLOURS.ink)]
    (below,), (above,) = (picture.lines(colour, width=7) for colour in (COLOURS.neutral, COLOURS.concern))
    assert len(outlines) == 2
    assert outlines[0] == outlines[1]
    assert below.places[1][0] < outlines[0] < above.places[1][0]


def test_a_chart_of_as_many_long_names_as_a_page_may_have_is_no_higher_than_one() -> None:
    many = tuple(Bar(label=fixture.LONG, value=float(at), text=f"{at}") for at in range(BARS["pdf"]))
    assert seen(dataclasses.replace(fixture.bars(0), bars=many)).height < 680


@pytest.mark.parametrize(
    "shares",
    [(0.0,) * 5, (100.0, 0.0, 0.0, 0.0, 0.0), (0.0, 0.0, 100.0, 0.0, 0.0), (20.0,) * 5],
    ids=["withheld", "all_lowest", "all_middle", "equal"],
)
def test_answers_of_extreme_shares_stay_on_the_sheet(shares: tuple[float, ...]) -> None:
    chart = dataclasses.replace(fixture.stacked(), bars=(StackedBar(fixture.LONG, shares, "suojattu"),))
    for made in (chart, dataclasses.replace(chart, bars=()), dataclasses.replace(chart, legend=())):
        seen(made)
