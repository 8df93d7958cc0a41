"""The SVG of each chart kind: what it says, and that nothing breaks it."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import re
import subprocess
import sys

import pytest
from lxml import etree
from syrupy.assertion import SnapshotAssertion

from opti_reports.model.charts import Bar, Bars, FunnelPlot, Line, Stacked, StackedBar, Trend
from opti_reports.packs.portions import BARS
from opti_reports.render.charts.bars import draw_bars
from opti_reports.render.charts.funnel import draw_funnel
from opti_reports.render.charts.stacked import draw_stacked, mixed, on_ground, ramp
from opti_reports.render.charts.trend import draw_trend
from tests.render import fixture

LOOK = fixture.look()
EXTREMES = [block for block in fixture.extremes().blocks if isinstance(block, Trend | Bars)]


def draw(chart: Trend | Bars | FunnelPlot | Stacked) -> str:
    if isinstance(chart, Trend):
        return draw_trend(chart, LOOK, "fi", 244, 96)
    if isinstance(chart, FunnelPlot):
        return draw_funnel(chart, LOOK, "fi", 504, 176)
    return draw_bars(chart, LOOK, 244) if isinstance(chart, Bars) else draw_stacked(chart, LOOK, 504)


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in etree.fromstring(svg.encode()).iter("{*}text")]


@pytest.mark.parametrize("chart", [fixture.trend(0), fixture.bars(2), fixture.pareto(), fixture.stacked()])
def test_words_of_a_chart(chart: Trend | Bars | Stacked, snapshot: SnapshotAssertion) -> None:
    svg = draw(chart)
    assert etree.fromstring(svg.encode()).findtext("{*}title") == chart.alt
    assert texts(svg) == snapshot


@pytest.mark.parametrize("chart", EXTREMES, ids=lambda chart: chart.title)
def test_extremes_stay_on_the_sheet(chart: Trend | Bars) -> None:
    svg = draw(chart)
    sheet = etree.fromstring(svg.encode())
    width, height = (float(size) for size in sheet.get("viewBox", "").split()[2:])
    for element in sheet.iter("{*}text"):
        assert -1 <= float(element.get("x", "")) <= width + 1, element.text
        assert -1 <= float(element.get("y", "")) <= height + 1, element.text
    assert "nan" not in svg
    assert "inf" not in svg


ALL = [fixture.trend(0), fixture.bars(2), fixture.pareto(), fixture.stacked()]


@pytest.mark.parametrize(("chart", "most"), [*zip(ALL, (4000, 4000, 3000, 10000), strict=True)])
def test_a_chart_is_compact_and_can_stand_beside_others_in_a_page(chart: Trend | Bars, most: int) -> None:
    svg = draw(chart)
    assert len(svg) < most
    assert svg.startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ')
    sheet = etree.fromstring(svg.encode())
    assert sheet[0].tag.endswith("}title")
    names = {etree.QName(element).localname for element in sheet.iter()}
    assert names <= {"svg", "title", "path", "circle", "text"}
    assert not {"id", "style", "class", "clip-path"} & {name for item in sheet.iter() for name in item.attrib}
    assert not re.search(r"\d\.\d\d", re.sub(r"<title>.*?</title>|stroke-dasharray=\S+", "", svg))


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


def test_a_font_that_is_not_installed_is_no_one_s_concern(caplog: pytest.LogCaptureFixture) -> None:
    fonts = dataclasses.replace(LOOK.brand.fonts, text="Nowhere", figures="Nowhere")
    look = dataclasses.replace(LOOK, brand=dataclasses.replace(LOOK.brand, fonts=fonts))
    svg = draw_trend(fixture.trend(0), look, "fi", 244, 96)
    assert svg.replace("Nowhere", "Inter") == draw(fixture.trend(0))
    assert not caplog.records


def test_no_values_shows_the_note() -> None:
    assert texts(draw(EXTREMES[0])) == ["Tietoa ei ole toimitettu."]


def test_lone_values_are_dots() -> None:
    values = (None, 3.0, None, 5.0, None, 4.0)
    chart = dataclasses.replace(
        fixture.trend(0),
        labels=tuple("abcdef"),
        lines=(Line("x", values, "main"),),
        marks=(),
        low=None,
        high=None,
    )
    assert draw(chart).count("<circle ") == 3


def test_dollars_and_markup_are_plain_text() -> None:
    chart = dataclasses.replace(fixture.trend(0), latest="$x_1$ <b>&", alt='"><script>')
    svg = draw(chart)
    assert "$x_1$ <b>&" in texts(svg)
    assert "<script>" not in svg


def test_stacked_colours_run_from_concern_over_grey_to_good() -> None:
    colours = LOOK.brand.colours
    five = ramp(colours, 5)
    assert five[0] == mixed(colours.concern, colours.paper, 0.95)
    assert five[2] == mixed(colours.neutral, colours.paper, 0.3)
    assert five[4] == mixed(colours.good, colours.paper, 0.95)
    assert len(ramp(colours, 4)) == 4
    assert on_ground(five[0], colours) == colours.paper
    assert on_ground(five[2], colours) == colours.ink


def test_names_of_levels_stand_in_an_order_that_no_upright_crosses() -> None:
    def heights(target: float, reference: float) -> dict[str, float]:
        chart = dataclasses.replace(
            fixture.bars(2), target=target, reference=reference, reference_label="yksikkö"
        )
        sheet = etree.fromstring(draw(chart).encode())
        return {element.text or "": float(element.get("y", "")) for element in sheet.iter("{*}text")}

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


def paths(chart: Trend) -> list[etree._Element]:
    return list(etree.fromstring(draw(chart).encode()).iter("{*}path"))


def test_limits_are_level_dotted_and_inside_the_plot_but_not_named_at_their_ends() -> None:
    chart = limited()
    words = texts(draw(chart))
    assert [word for word in words if "raja" in word or "keskiarvo" in word] == []
    assert {"tavoite 80 %", "palveluyksikkö", chart.latest} <= set(words)
    muted = LOOK.brand.colours.muted.lower()
    drawn = [path for path in paths(chart) if path.get("stroke", "").lower() == muted]
    centre, *dotted = sorted(drawn, key=lambda path: bool(path.get("stroke-dasharray")))
    assert [bool(path.get("stroke-dasharray")) for path in (centre, *dotted)] == [False, True, True]
    for path, steps in ((centre, 2), (dotted[0], 2), (dotted[1], 1)):
        numbers = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", path.get("d", ""))]
        assert path.get("d", "").upper().count("M") == steps
        assert all(-1 <= number <= 245 for number in numbers)
    plain = dataclasses.replace(chart, lines=chart.lines[3:])
    assert {"40", "100"} <= {word for word in words if word.isdigit()}
    assert not {"40", "100"} & set(texts(draw(plain)))


def test_limits_that_follow_the_year_before_are_one_line_through_the_months() -> None:
    """Limits of a season have another level each month; a stump for each would be no line."""
    chart = limited()
    levels = tuple(60.0 + at % 5 + at / 10 for at in range(24))
    upper = dataclasses.replace(chart.lines[1], values=levels)
    seasonal = dataclasses.replace(chart, lines=(upper, *chart.lines[3:]))
    muted = LOOK.brand.colours.muted.lower()
    (drawn,) = (
        path.get("d", "")
        for path in paths(seasonal)
        if path.get("stroke", "").lower() == muted and path.get("stroke-dasharray")
    )
    assert drawn.upper().count("M") == 1


def test_signals_are_told_apart_by_shape() -> None:
    colours = LOOK.brand.colours

    def marks(*flags: tuple[int, str]) -> tuple[list[str], int]:
        svg = etree.fromstring(draw(limited(*flags)).encode())
        dots = [dot.get("fill", "").lower() for dot in svg.iter("{*}circle")]
        squares = [path for path in svg.iter("{*}path") if path.get("fill", "") == colours.concern.lower()]
        return dots, len(squares)

    newest = colours.accent.lower()
    assert marks() == ([newest], 0)
    assert marks((3, "improvement_low")) == ([newest, colours.good.lower()], 0)
    assert marks((3, "neutral_high")) == ([newest, colours.muted.lower()], 0)
    assert marks((3, "concern_high"), (4, "concern_high")) == ([newest], 2)


def test_a_signal_at_a_gap_and_limits_without_values_break_nothing() -> None:
    chart = limited((3, "concern_low"))
    gap = tuple(None if at == 3 else 70.0 for at in range(24))
    lines = (*chart.lines[:-1], dataclasses.replace(chart.lines[-1], values=gap))
    assert LOOK.brand.colours.concern.lower() not in draw(dataclasses.replace(chart, lines=lines)).lower()
    gone = tuple(dataclasses.replace(line, values=(None,) * 24) for line in chart.lines)
    assert texts(draw(dataclasses.replace(chart, lines=gone, note="Ei tietoja."))) == ["Ei tietoja."]


def cumulative() -> Bars:
    """Counts from the largest, all of them known."""
    bars = tuple(
        dataclasses.replace(bar, text=f"{bar.text} kpl") for bar in fixture.pareto().bars if bar.value
    )
    total = sum(bar.value or 0 for bar in bars)
    sums = tuple(100 * sum(b.value or 0 for b in bars[: at + 1]) / total for at in range(len(bars)))
    return dataclasses.replace(fixture.pareto(), bars=bars, cumulative=sums)


def test_what_the_largest_make_together_is_a_line_that_ends_at_the_right_edge() -> None:
    sheet = etree.fromstring(draw(cumulative()).encode())
    dots = [float(dot.get("cx", "")) for dot in sheet.iter("{*}circle")]
    assert dots == sorted(dots)
    assert len(dots) == 5
    highest = max(
        float(number)
        for path in sheet.iter("{*}path")
        for number in re.findall(r"-?\d+(?:\.\d+)?", path.get("d", ""))[::2]
    )
    assert dots[-1] == pytest.approx(highest, abs=0.2)
    assert "<circle" not in draw(dataclasses.replace(cumulative(), cumulative=()))


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
        svg = draw(chart)
        assert not re.search(r"nan|inf\b", svg)
        for element in etree.fromstring(svg.encode()).iter("{*}text"):
            assert -1 <= float(element.get("x", "")) <= 245, element.text


def test_a_budget_is_an_outline_that_its_bar_stays_within_or_passes() -> None:
    """Told apart from the bar by its line, not by its colour."""
    under, over = (
        Bar(label="a", value=80.0, text="80", aim=100.0),
        Bar(label="b", value=120.0, text="120", tone="off", aim=100.0),
    )
    sheet = etree.fromstring(draw(dataclasses.replace(fixture.pareto(), bars=(under, over))).encode())
    paths = list(sheet.iter("{*}path"))
    filled = [_right(path) for path in paths if path.get("fill") not in (None, "none")]
    outlines = [_right(path) for path in paths if path.get("stroke") == LOOK.brand.colours.ink]
    assert len(outlines) == 2
    assert outlines[0] == outlines[1]
    assert filled[0] < outlines[0] < filled[1]


def _right(path: etree._Element) -> float:
    return max(float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", path.get("d", ""))[::2])


def test_a_chart_of_as_many_long_names_as_a_page_may_have_is_no_higher_than_one() -> None:
    many = tuple(Bar(label=fixture.LONG, value=float(at), text=f"{at}") for at in range(BARS["pdf"]))
    sheet = etree.fromstring(draw(dataclasses.replace(fixture.bars(0), bars=many)).encode())
    assert float(sheet.get("viewBox", "").split()[3]) < 680


@pytest.mark.parametrize(
    "shares",
    [(0.0,) * 5, (100.0, 0.0, 0.0, 0.0, 0.0), (0.0, 0.0, 100.0, 0.0, 0.0), (20.0,) * 5],
    ids=["withheld", "all_lowest", "all_middle", "equal"],
)
def test_answers_of_extreme_shares_stay_on_the_sheet(shares: tuple[float, ...]) -> None:
    chart = dataclasses.replace(fixture.stacked(), bars=(StackedBar(fixture.LONG, shares, "suojattu"),))
    for made in (chart, dataclasses.replace(chart, bars=()), dataclasses.replace(chart, legend=())):
        svg = draw(made)
        assert not re.search(r"nan|inf\b", svg)
        for element in etree.fromstring(svg.encode()).iter("{*}text"):
            assert -1 <= float(element.get("x", "")) <= 505, element.text
