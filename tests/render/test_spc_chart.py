"""A line chart that stands alone, as `opti spc` draws it: all points, named limits, its note, extremes."""

from __future__ import annotations

import dataclasses

import pytest

from opti_reports.model.charts import Line, Mark, Trend
from opti_reports.render.charts.trend import draw_trend
from tests.render import fixture
from tests.render.picture import Picture

LOOK = fixture.look()
COLOURS = LOOK.brand.colours
Values = tuple[float | None, ...]


def chart(
    values: Values, *limits: tuple[str, Values], note: str = "", flags: dict[int, str] | None = None
) -> Trend:
    lines = [Line(role, levels, role) for role, levels in limits]
    return dataclasses.replace(
        fixture.trend(0),
        labels=tuple(f"2026-{at + 1:02d}" for at in range(len(values))),
        lines=(*lines, Line("series", values, "main")),
        unit="",
        low=None,
        high=None,
        latest="latest",
        note=note,
        marks=(),
        flags=tuple((flags or {}).items()),
    )


def seen(made: Trend) -> Picture:
    picture = Picture(draw_trend(made, LOOK, "fi", 504, 220, alone=True))
    picture.assert_whole()
    return picture


def band(count: int, low: float, centre: float, high: float) -> tuple[tuple[str, Values], ...]:
    return ("centre", (centre,) * count), ("upper", (high,) * count), ("lower", (low,) * count)


SIX = (4.0, 9.0, None, 1.0, 9.0, 5.0)


def test_every_point_is_a_mark_and_signals_differ_in_shape_and_colour() -> None:
    flags = {1: "improvement_high", 3: "concern_low", 4: "neutral_high"}
    picture = seen(chart(SIX, *band(6, 2, 5, 8), flags=flags))
    by_colour = {colour: [dot for dot in picture.dots if dot.colour == colour] for colour in (
        COLOURS.accent, COLOURS.good, COLOURS.muted
    )}  # fmt: skip
    assert [len(dots) for dots in by_colour.values()] == [5, 1, 1]
    small = max(dot.radius for dot in by_colour[COLOURS.accent])
    assert all(dots[0].radius > small for dots in [*by_colour.values()][1:])
    assert len(picture.areas(COLOURS.concern)) == 1


def test_lines_are_named_at_the_end_the_note_above_and_the_title_is_the_alternative_text() -> None:
    made = chart((4.0, 5.0), *band(2, 2, 5, 8), ("target", (9.0, 9.0)), note="a note")
    picture = seen(made)
    assert {"latest", "centre", "upper", "lower", "target", "2026-02"} <= set(picture.texts)
    assert picture.word("a note").y < min(y for line in picture.lines(COLOURS.rule) for _, y in line.places)
    assert picture.alt == made.alt


def test_limits_begin_anew_after_a_rebase_which_is_an_upright() -> None:
    limits = (("upper", (6.0,) * 3 + (60.0,) * 3), ("lower", (4.0,) * 3 + (40.0,) * 3))
    made = chart((4.0, 5.0, 6.0, 50.0, 51.0, 52.0), *limits)
    picture = seen(dataclasses.replace(made, marks=(Mark(3, "", "rebase"),)))
    dotted = picture.lines(COLOURS.muted, dashed=True)
    (upright,) = (line for line in dotted if line.places[0][0] == line.places[1][0])
    assert upright.places[0][0] == picture.word("2026-04").x
    for line in dotted:
        if line is not upright:
            assert [len({y for _, y in run}) for run in line.runs] == [1, 1]
    assert "1" not in picture.texts


def test_without_values_the_note_stands_in_a_frame() -> None:
    assert seen(chart((), note="too short")).texts == ["too short"]
    assert seen(chart((None, None), note="too short")).texts == ["too short"]


@pytest.mark.parametrize(
    ("values", "limits"),
    [
        ((5.0,), ()),
        ((5.0,) * 20, band(20, 5, 5, 5)),
        ((0.0,) * 3, band(3, 0, 0, 0)),
        ((None, 3.0, None, 4.0), ()),
        ((1e300, -1e300) * 6, band(12, -5e300, 0, 5e300)),
        ((-3.0, -4.0) * 100, band(200, -6.2, -3.5, -0.8)),
        ((1e-9, 2e-9), band(2, 0, 1.5e-9, 4e-9)),
    ],
    ids=["one", "equal", "noughts", "gaps", "huge", "many", "tiny"],
)
def test_extremes_stay_on_the_sheet(values: Values, limits: tuple[tuple[str, Values], ...]) -> None:
    seen(chart(values, *limits, note="a note " * 40))


def test_a_gap_at_the_end_is_said_below_and_no_older_value_is_called_the_last() -> None:
    def height(*values: float | None) -> float:
        return seen(chart(values, *band(len(values), 2, 5, 8))).word("latest").y

    assert height(4.0, 5.0, 7.5) < height(4.0, 7.5, 5.0) < height(4.0, 5.0, 7.5, None)
    assert height(4.0, 5.0, 7.5, None) == height(4.0, 7.5, 5.0, None)
