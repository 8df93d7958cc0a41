"""The picture of a process behaviour chart: marks, rebases, labels, and extreme series."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from lxml import etree

from opti_reports.model.spc import Chart, Figure, Point, Segment
from opti_reports.render.charts.spc import draw_spc
from tests.render import fixture

LOOK = fixture.look()
COLOURS = LOOK.brand.colours
WIDTH, HEIGHT = 504, 220


def figure(
    values: Sequence[float | None],
    segments: tuple[Segment, ...],
    starts: tuple[int, ...] = (0,),
    readings: dict[int, Any] | None = None,
    **more: Any,
) -> Figure:
    told = readings or {}
    points = tuple(
        Point(f"2026-{i + 1:02d}", value, "outside" if i in told else None, told.get(i))
        for i, value in enumerate(values)
    )
    words = ("latest", "centre", "upper", "lower", "aim", more.pop("note", ""), "in words")
    return Figure(
        Chart(segments, points, None, None, starts), more.pop("target", None), (0.0, None), "", *words
    )


def drawn(made: Figure) -> etree._Element:
    svg = draw_spc(made, LOOK, "fi", WIDTH, HEIGHT)
    assert "nan" not in svg
    assert "inf" not in svg
    return etree.fromstring(svg.encode())


def texts(sheet: etree._Element) -> list[str]:
    return [element.text or "" for element in sheet.iter("{*}text")]


BAND = Segment(5.0, 2.0, 8.0, 3.0, 7.0, 6)


def filled(sheet: etree._Element, colour: str) -> list[str]:
    """The outlines of the boxes of a colour."""
    return [path.get("d", "") for path in sheet.iter("{*}path") if path.get("fill") == colour]


def test_signals_differ_in_shape_and_colour() -> None:
    readings = {1: "improvement_high", 3: "concern_low", 4: "neutral_high"}
    sheet = drawn(figure([4.0, 9.0, None, 1.0, 9.0, 5.0], (BAND,), readings=readings))
    dots = [(dot.get("fill"), float(dot.get("r", ""))) for dot in sheet.iter("{*}circle")]
    small, large = min(r for _, r in dots), max(r for _, r in dots)
    assert small < large
    assert sorted(dots) == sorted(
        [(COLOURS.accent, small), (COLOURS.accent, small), (COLOURS.good, large), (COLOURS.muted, large)]
    )
    squares = filled(sheet, COLOURS.concern)
    assert len(squares) == 1


def test_lines_are_named_at_the_end_and_the_title_is_the_alternative_text() -> None:
    sheet = drawn(figure([4.0, 5.0], (BAND,), target=9.0))
    assert {"latest", "centre", "upper", "lower", "aim", "2026-02"} <= set(texts(sheet))
    assert sheet.findtext("{*}title") == "in words"
    assert "aim" not in texts(drawn(figure([4.0, 5.0], (BAND,))))


def test_a_rebase_breaks_the_line_and_has_limits_on_both_sides() -> None:
    other = Segment(50.0, 40.0, 60.0, 43.0, 57.0, 3)
    sheet = drawn(figure([4.0, 5.0, 6.0, 50.0, 51.0, 52.0], (BAND, other), (0, 3)))
    bands = filled(sheet, COLOURS.tint)
    assert len(bands) == 2
    first, second = sorted(float(band.split("L")[0].removeprefix("M").split()[0]) for band in bands)
    assert first < second
    (line,) = [
        path for path in sheet.iter("{*}path")
        if path.get("stroke") == COLOURS.accent
    ]  # fmt: skip
    assert line.get("d", "").count("M") == 2


def test_limits_are_drawn_within_what_can_be() -> None:
    below = Segment(1.0, -5.0, 7.0, -3.0, 5.0, 3)
    inside = Segment(1.0, 0.0, 7.0, 0.0, 5.0, 3)
    assert etree.tostring(drawn(figure([1.0, 2.0, 0.0], (below,)))) == etree.tostring(
        drawn(figure([1.0, 2.0, 0.0], (inside,)))
    )


def test_without_values_the_note_stands_in_a_frame() -> None:
    nothing = Segment(None, None, None, None, None, 0)
    assert texts(drawn(figure([], (nothing,), note="too short"))) == ["too short"]
    assert texts(drawn(figure([None, None], (nothing,), note="too short"))) == ["too short"]


@pytest.mark.parametrize(
    ("values", "segment"),
    [
        ([5.0], Segment(5.0, None, None, None, None, 1)),
        ([5.0] * 20, Segment(5.0, 5.0, 5.0, 5.0, 5.0, 20)),
        ([0.0] * 3, Segment(0.0, 0.0, 0.0, 0.0, 0.0, 3)),
        ([None, 3.0, None, 4.0], Segment(3.5, None, None, None, None, 2)),
        ([1e300, -1e300] * 6, Segment(0.0, -5e300, 5e300, -3e300, 3e300, 12)),
        ([-3.0, -4.0] * 100, Segment(-3.5, -6.2, -0.8, -5.3, -1.7, 200)),
        ([1e-9, 2e-9], Segment(1.5e-9, 0.0, 4e-9, 0.0, 3e-9, 2)),
    ],
)
def test_extremes_stay_on_the_sheet(values: list[float | None], segment: Segment) -> None:
    for text in drawn(figure(values, (segment,), note="a note " * 40)).iter("{*}text"):
        assert -1 <= float(text.get("x", "")) <= WIDTH + 1
        assert -1 <= float(text.get("y", "")) <= HEIGHT + 1


def test_limits_on_the_centre_are_named_once() -> None:
    found = texts(drawn(figure([5.0] * 3, (Segment(5.0, 5.0, 5.0, 5.0, 5.0, 3),))))
    assert "centre" in found
    assert not {"upper", "lower"} & set(found)


def test_a_gap_at_the_end_is_said_below_and_no_older_value_is_called_the_last() -> None:
    def height(values: list[float | None]) -> float:
        sheet = drawn(figure(values, (BAND,)))
        return next(float(text.get("y", "")) for text in sheet.iter("{*}text") if text.text == "latest")

    assert height([4.0, 5.0, 7.5]) < height([4.0, 7.5, 5.0]) < height([4.0, 5.0, 7.5, None])
    assert height([4.0, 5.0, 7.5, None]) == height([4.0, 7.5, 5.0, None])
