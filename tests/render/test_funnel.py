"""The funnel's picture: who differs by shape too, every name on the sheet, extreme units."""

from __future__ import annotations

import dataclasses
from itertools import combinations

import pytest

from opti_reports.model.charts import FunnelEdge, FunnelPlot, FunnelUnit
from opti_reports.model.pack import Section
from opti_reports.render.charts.funnel import draw_funnel
from opti_reports.render.pptx import render_markup
from opti_reports.render.slides.markup import read_markup
from tests.render import fixture
from tests.render.picture import Picture, Word

LOOK = fixture.look()
COLOURS = LOOK.brand.colours


def seen(chart: FunnelPlot) -> Picture:
    picture = Picture(draw_funnel(chart, LOOK, "fi", 504, 176))
    picture.assert_whole()
    return picture


def unit(label: str, n: float, value: float | None, tone: str = "neutral") -> FunnelUnit:
    return FunnelUnit(label=label, n=n, value=value, text="text", tone=tone)


def plot(*units: FunnelUnit, edges: tuple[FunnelEdge, ...] = (), centre: float = 50.0) -> FunnelPlot:
    return dataclasses.replace(fixture.funnel(0), units=units, edges=edges, centre=centre)


EDGES = (FunnelEdge(10, 30, 70, 20, 80), FunnelEdge(1000, 48, 52, 47, 53))


def test_every_judged_unit_the_centre_and_both_limits_are_named() -> None:
    chart = fixture.funnel()
    found = seen(chart).texts
    assert {each.label for each in chart.units if each.value is not None} <= set(found)
    assert "Karkkila" not in found  # too few to be drawn: the note says so
    assert {"kaikki yhteensä 74,0 %", "95 %", "99,8 %"} <= set(found)


def test_units_stand_at_their_values_and_cases() -> None:
    chart = fixture.funnel()
    picture = seen(chart)
    left, right = picture.word("0").x, picture.word("600").x
    found = [(dot.x, dot.y) for dot in picture.dots]
    found += [
        (sum(x for x, _ in box.places[:4]) / 4, sum(y for _, y in box.places[:4]) / 4)
        for box in picture.areas(COLOURS.concern)
    ]
    cases = sorted(600 * (x - left) / (right - left) for x, _ in found)
    values = sorted(picture.value(y, COLOURS.rule) for _, y in found)
    judged = [each for each in chart.units if each.value is not None]
    assert cases == pytest.approx(sorted(each.n for each in judged), abs=0.3)
    assert values == pytest.approx(sorted(each.value or 0.0 for each in judged), abs=0.1)


@pytest.mark.parametrize(
    ("tone", "squares", "fill"),
    [("off", 1, COLOURS.concern), ("good", 0, COLOURS.good), ("watch", 0, COLOURS.muted)],
)
def test_who_differs_is_told_apart_by_shape_and_size(tone: str, squares: int, fill: str) -> None:
    picture = seen(plot(unit("a", 100, 50.0), unit("b", 200, 51.0), unit("x", 400, 90.0, tone), edges=EDGES))
    plain = [dot for dot in picture.dots if dot.colour == COLOURS.accent]
    assert len(plain) == 2
    assert len(picture.areas(COLOURS.concern)) == squares
    if not squares:
        (large,) = (dot for dot in picture.dots if dot.colour == fill)
        assert large.radius > plain[0].radius


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
    seen(chart)


def _meet(one: Word, other: Word) -> bool:
    across = min(one.right, other.right) - max(one.left, other.left)
    return min(across, min(one.y, other.y) - max(one.y - one.size, other.y - other.size)) > 0.5


def test_no_name_lies_on_another() -> None:
    assert not [pair for pair in combinations(seen(fixture.funnel()).words, 2) if _meet(*pair)]


def test_of_two_hundred_units_those_that_differ_are_named_and_no_name_lies_on_another() -> None:
    like = [unit(f"Yksikkö {at}", 20 + 10 * at, 50.0 + (at * 7) % 9) for at in range(198)]
    picture = seen(plot(*like, unit("Huono", 900, 20.0, "off"), unit("Hyvä", 600, 90.0, "good"), edges=EDGES))
    labels = {u.label for u in like} | {"Huono", "Hyvä"}
    named = [word for word in picture.words if word.text in labels]
    assert {"Huono", "Hyvä"} <= {word.text for word in named}
    assert 10 < len(named) < 120
    assert not [pair for pair in combinations(named, 2) if _meet(*pair)]


def test_a_deck_has_bars_with_intervals_in_its_place() -> None:
    chart = fixture.funnel(2)
    deck = read_markup(
        render_markup(fixture.a_pack((Section(id="osa", title="Osa", blocks=(chart,)),)), LOOK), "pack.xml.j2"
    )
    (bars,) = deck.iter("bars")
    assert [(bar.get("label"), bar.get("low") is not None) for bar in bars.findall("bar")] == [
        (each.label, each.low is not None) for each in chart.units
    ]
    assert bars.find("level").get("label") == chart.centre_label  # type: ignore[union-attr]
    assert bars.get("note") == chart.note
