"""What is too much for one chart or table is cut into even parts, each with its number."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from opti_reports.packs.scene import Scene

Item = TypeVar("Item")
BARS: Mapping[str, int] = {"pdf": 30, "pptx": 20}
"""The most bars of a chart that a page or a slide has room for."""
COLUMNS: Mapping[str, int] = {"pdf": 9, "pptx": 6}
"""The most organisations side by side in a table."""
ROWS = 12
"""The most organisations one below the other on a slide."""


def even(
    scene: Scene, items: Sequence[Item], most: Mapping[str, int]
) -> Iterator[tuple[str, Sequence[Item]]]:
    """Yield the items in as few parts as the pack's format allows, each with its title's end: ``(1/3)``."""
    count = max(1, math.ceil(len(items) / most[scene.spec.format]))
    each = math.ceil(len(items) / count)
    for number in range(count):
        ending = f" ({number + 1}/{count})" if count > 1 else ""
        yield ending, items[number * each : (number + 1) * each]
