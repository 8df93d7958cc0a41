"""Axes: round ticks over a range, and their labels in the reader's language. Layout, not statistics."""

from __future__ import annotations

import math
from collections.abc import Iterable

from babel.numbers import format_compact_decimal, format_decimal

_MINUS = "−"


def tick_step(span: float, wanted: int) -> float:
    """Return the round step (1, 2 or 5 times a power of ten) of ``span`` in about ``wanted`` parts."""
    raw = span / max(wanted, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    return next(unit * power for unit in (1.0, 2.0, 5.0, 10.0) if unit * power >= raw * 0.999)


def span_of(values: Iterable[float | None], unit: str) -> tuple[float, float]:
    """Return where an axis begins and ends so that ``values`` fit with air around; (0, 1) without values.

    Zero is included when it is near; a percentage never leaves 0–100 unless its values do.
    """
    known = [value for value in values if value is not None and math.isfinite(value)]
    if not known:
        return 0.0, 1.0
    low, high = min(known), max(known)
    air = (high - low) * 0.12 or abs(high) * 0.1 or 1.0
    start, end = low - air, high + air
    if low >= 0 and (start < 0 or low < 0.4 * high):
        start = 0.0
    if low < 0 and high <= 0 < end:
        end = 0.0
    if unit.strip().startswith("%") and not unit.strip().startswith("%-") and high <= 100:
        end = min(end, 100.0)
    return start, end


def rounded_span(low: float, high: float, wanted: int = 4) -> tuple[float, float, float]:
    """Return the span widened to whole steps, for axes that begin and end on a tick: start, end, step."""
    step = tick_step(high - low, wanted)
    return math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step, step


def ticks(low: float, high: float, wanted: int = 4) -> tuple[float, ...]:
    """Return round numbers within ``low``…``high``, some ``wanted`` of them and never fewer than three."""
    for parts in (wanted, wanted + 1, wanted + 2, 2 * wanted):
        step = tick_step(high - low, parts)
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first >= 2:
            break
    return tuple(number * step for number in range(first, last + 1))


def tick_labels(values: tuple[float, ...], language: str) -> tuple[str, ...]:
    """Return the ticks as text: as many decimals as their step needs, millions and beyond in short form."""
    if not values:
        return ()
    step = values[1] - values[0] if len(values) > 1 else abs(values[0]) or 1.0
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    if max(abs(value) for value in values) >= 1_000_000:
        made = [format_compact_decimal(value, locale=language, fraction_digits=1) for value in values]
    else:
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        made = [
            format_decimal(round(value, decimals) + 0.0, format=pattern, locale=language) for value in values
        ]
    return tuple(text.replace("-", _MINUS) for text in made)


def apart(places: list[float], sizes: list[float], height: float) -> list[float]:
    """Return the same middles of labels moved so that none touches another, below ``height`` where possible.

    ``sizes``: the height of each label. All in one unit.
    """
    order = sorted(range(len(places)), key=lambda index: places[index])
    moved = list(places)
    floor = -float("inf")
    for index in order:
        moved[index] = max(moved[index], floor + sizes[index] / 2)
        floor = moved[index] + sizes[index] / 2
    ceiling = height + max(sizes, default=0.0) / 2
    for index in reversed(order):
        moved[index] = min(moved[index], ceiling - sizes[index] / 2)
        ceiling = moved[index] - sizes[index] / 2
    return moved
