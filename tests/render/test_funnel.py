"""The funnel's picture: who differs by shape too, every name on the sheet, extreme units."""

from __future__ import annotations

import dataclasses
import re

import pytest
from lxml import etree

from opti_reports.model.charts import FunnelEdge, FunnelPlot, FunnelUnit
from opti_reports.model.pack import Section
from opti_reports.render.charts.canvas import SMALL
from opti_reports.render.charts.funnel import draw_funnel
from opti_reports.render.measure import text_width
from opti_reports.render.pptx import render_markup
from opti_reports.render.slides.markup import read_markup
from tests.render import fixture

LOOK = fixture.look()
COLOURS = LOOK.brand.colours
WIDTH, HEIGHT = 504, 176


def drawn(chart: FunnelPlot) -> etree._Element:
    svg = draw_funnel(chart, LOOK, "fi", WIDTH, HEIGHT)
    assert not re.search(r"nan|inf\b", svg)
    return etree.fromstring(svg.encode())


def words(sheet: etree._Element) -> list[str]:
    return [element.text or "" for element in sheet.iter("{*}text")]


def unit(label: str, n: float, value: float | None, tone: str = "neutral") -> FunnelUnit:
    return FunnelUnit(label=label, n=n, value=value, text="text", tone=tone)


def plot(*units: FunnelUnit, edges: tuple[FunnelEdge, ...] = (), centre: float = 50.0) -> FunnelPlot:
    return dataclasses.replace(fixture.funnel(0), units=units, edges=edges, centre=centre)


EDGES = (FunnelEdge(10, 30, 70, 20, 80), FunnelEdge(1000, 48, 52, 47, 53))


def test_every_judged_unit_the_centre_and_both_limits_are_named() -> None:
    chart = fixture.funnel()
    found = words(drawn(chart))
    assert {each.label for each in chart.units if each.value is not None} <= set(found)
    assert "Karkkila" not in found  # too few to be drawn: the note says so
    assert {"kaikki yhteensä 74,0 %", "95 %", "99,8 %"} <= set(found)


def test_no_name_lies_on_another_or_off_the_sheet() -> None:
    sheet = drawn(fixture.funnel())
    places = []
    for element in sheet.iter("{*}text"):
        x, y = float(element.get("x", "")), float(element.get("y", ""))
        assert -1 <= x <= WIDTH + 1
        assert -1 <= y <= HEIGHT + 1
        places.append((round(x), round(y)))
    assert len(places) == len(set(places))


@pytest.mark.parametrize(
    ("tone", "squares", "fill"),
    [("off", 1, COLOURS.concern), ("good", 0, COLOURS.good), ("watch", 0, COLOURS.muted)],
)
def test_who_differs_is_told_apart_by_shape_and_size(tone: str, squares: int, fill: str) -> None:
    sheet = drawn(plot(unit("a", 100, 50.0), unit("b", 200, 51.0), unit("x", 400, 90.0, tone), edges=EDGES))
    dots = [(dot.get("fill"), float(dot.get("r", ""))) for dot in sheet.iter("{*}circle")]
    boxes = [path for path in sheet.iter("{*}path") if path.get("fill") == COLOURS.concern]
    plain = [dot for dot in dots if dot[0] == COLOURS.accent]
    assert len(plain) == 2
    assert len(boxes) == squares
    if not squares:
        ((_, large),) = [dot for dot in dots if dot[0] == fill]
        assert large > plain[0][1]


@pytest.mark.parametrize(
    "chart",
    [
        plot(),
        plot(unit("a", 0, None)),
        plot(unit("a", 1, 50.0)),
        plot(*(unit(f"u{at}", 100, 50.0) for at in range(17)), edges=EDGES),
        plot(unit("a", 1e9, 1e-9), unit("b", 2e9, 2e-9), centre=0.0),
        plot(unit("a", 10, -40.0), unit("b", 20, -60.0), centre=-50.0),
        plot(unit(fixture.LONG, 10, 100.0), unit(fixture.LONG, 10, 0.0), edges=EDGES),
    ],
    ids=["nothing", "too_few", "one", "all_equal", "huge_and_tiny", "negative", "long_names"],
)
def test_extremes_stay_on_the_sheet(chart: FunnelPlot) -> None:
    for element in drawn(chart).iter("{*}text"):
        assert -1 <= float(element.get("x", "")) <= WIDTH + 1, element.text
        assert -1 <= float(element.get("y", "")) <= HEIGHT + 1, element.text


def _area(text: etree._Element) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a word on the sheet."""
    x, y, width = float(text.get("x", "")), float(text.get("y", "")), text_width(text.text or "", SMALL)
    left = x - width if text.get("text-anchor") == "end" else x - width / 2 if text.get("text-anchor") else x
    return left, y - SMALL, left + width, y


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    across, down = (min(one[at + 2], other[at + 2]) - max(one[at], other[at]) for at in (0, 1))
    return min(across, down)


def test_of_two_hundred_units_those_that_differ_are_named_and_no_name_lies_on_another() -> None:
    like = [unit(f"Yksikkö {at}", 20 + 10 * at, 50.0 + (at * 7) % 9) for at in range(198)]
    sheet = drawn(plot(*like, unit("Huono", 900, 20.0, "off"), unit("Hyvä", 600, 90.0, "good"), edges=EDGES))
    named = [
        text
        for text in sheet.iter("{*}text")
        if (text.text or "") in {u.label for u in like} | {"Huono", "Hyvä"}
    ]
    assert {"Huono", "Hyvä"} <= {text.text for text in named}
    assert 10 < len(named) < 120
    areas = [_area(text) for text in named]
    assert not [1 for at, one in enumerate(areas) for other in areas[:at] if _overlap(one, other) > 0.5]


def test_a_deck_has_bars_with_intervals_in_its_place() -> None:
    chart = fixture.funnel(2)
    deck = read_markup(render_markup(fixture.a_pack((Section("osa", "Osa", (chart,)),)), LOOK), "pack.xml.j2")
    (bars,) = deck.iter("bars")
    assert [(bar.get("label"), bar.get("low") is not None) for bar in bars.findall("bar")] == [
        (each.label, each.low is not None) for each in chart.units
    ]
    assert bars.find("level").get("label") == chart.centre_label  # type: ignore[union-attr]
    assert bars.get("note") == chart.note
