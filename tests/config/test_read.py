"""Where something is wrong in a file is told by its own keys, also among models told apart by a tag."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import Discriminator, Field, Tag

from opti_reports.config.base import Strict
from opti_reports.config.read import read_model


class Circle(Strict):
    kind: Literal["circle"]
    radius: int


class Square(Strict):
    kind: Literal["square"] = "square"
    side: int
    square: tuple[int, ...] = ()


class Cross(Strict):
    kind: Literal["line"]
    how: Literal["cross", "plus"]
    arms: tuple[int, ...]


class Dash(Strict):
    kind: Literal["line"]
    how: Literal["dash"]
    gap: int


def kind(data: object) -> object:
    """Which shape it is, a square where it does not say."""
    return data.get("kind", "square") if isinstance(data, dict) else None


Round = Annotated[Circle | Square, Field(discriminator="kind")]
Line = Annotated[Cross | Dash, Field(discriminator="how")]
Shape = Annotated[
    Annotated[Circle, Tag("circle")] | Annotated[Square, Tag("square")] | Annotated[Line, Tag("line")],
    Discriminator(kind),
]


class Drawing(Strict):
    size: int = 1
    round: Round | None = None
    first: Shape | None = None
    frame: Round = Square(side=1)
    by: dict[str, Shape] = {}
    many: tuple[Round, ...] = ()


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("sizes = 1", ["sizes: unknown key, did you mean 'size'?"]),
        ('frame = {kind = "circle"}', ["frame.radius: is missing"]),
        ('frame = {kind = "star"}', ["frame.kind: must be 'circle' or 'square', not 'star'"]),
        ("round = {side = 1}", ["round.kind: is missing"]),
        ('round = {kind = "square", side = "x"}', ["round.side: input should be a valid integer, "]),
        ("first = {sides = 1, side = 1}", ["first.sides: unknown key, did you mean 'side'?"]),
        ("first = {kind = 7}", ["first.kind: must be 'circle', 'square' or 'line', not '7'"]),
        ('by.circle = {kind = "circle"}', ["by.circle.radius: is missing"]),
        (
            'by.square = {side = 1, square = [1, "x"]}',
            ["by.square.square.2: input should be a valid integer"],
        ),
        ('by.a = {kind = "line"}', ["by.a.how: is missing"]),
        (
            'by.a = {kind = "line", how = "zigzag"}',
            ["by.a.how: must be 'cross', 'plus' or 'dash', not 'zigzag'"],
        ),
        (
            'by.a = {kind = "line", how = "plus", arm = [], arms = ["x"]}',
            ["by.a.arms.1: input should be a valid integer", "by.a.arm: unknown key, did you mean 'arms'?"],
        ),
        (
            'many = [{kind = "square", side = 1}, {kind = "circle", radii = 2}]',
            ["many.2.radius: is missing", "many.2.radii: unknown key, did you mean 'radius'?"],
        ),
    ],
)
def test_a_fault_names_the_place_in_the_file(text: str, faults: list[str], tmp_path: Path) -> None:
    path = tmp_path / "drawing.toml"
    path.write_text(text, encoding="utf-8")
    model, found = read_model(path, "drawing.toml", Drawing)
    assert model is None
    assert len(found) == len(faults)
    for fault, start in zip(found, faults, strict=True):
        assert str(fault).startswith(f"drawing.toml: {start}")
