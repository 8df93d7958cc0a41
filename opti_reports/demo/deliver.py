"""The deliveries of a demo, month by month, and what stands beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from opti_reports.demo.layout import Layout
from opti_reports.demo.mess import MISSING, spoil
from opti_reports.demo.rows import Rows
from opti_reports.demo.sources import deliveries, drawn
from opti_reports.demo.world import World
from opti_reports.demo.write import Labels, write
from opti_reports.errors import UsageError
from opti_reports.periods.months import first_date, last_date, month_text, parse_month

MONTHLY = 6
"""The last months that have a delivery of their own."""
DECIDED = "demo.toml"
"""The file of what the demo's organisation has decided, beside the months' folders."""


def span(last_month: str, months: int, scale: float, begins: int) -> tuple[int, int]:
    """Return the first and the last month, or raise UsageError."""
    try:
        last = parse_month(last_month)
    except ValueError as error:
        raise UsageError("demo.month", value=repr(last_month)) from error
    if months < 1 or not 0 < scale < float("inf"):
        raise UsageError("demo.no_months", months=months, scale=scale)
    first = last - months + 1
    if first < begins:
        raise UsageError("demo.too_early", first=month_text(first), begins=month_text(begins))
    return first, last


def deliver(
    target: Path,
    world: World,
    layout: Layout,
    labels: Labels,
    drawn: Callable[[World, Layout, int], Rows] = drawn,
    *,
    mess: bool = False,
) -> list[Path]:
    """Write a source's deliveries; return the files. The first of the last month gets the mess."""
    written: list[Path] = []
    for month, end, tables in deliveries(world, layout, drawn):
        if mess and month == world.last and layout.source in MISSING:
            continue
        folder = target / month_text(month)
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{layout.stem}{end}_{month_text(month)}{layout.suffix}"
        written.append(write(folder / name, layout, tables, labels))
    newest = [path for path in written if path.parent.name == month_text(world.last)]
    if mess and newest:
        spoil(newest[0], layout, world.last)
    return written


def lay_beside(target: Path, world: World, layouts: Sequence[Layout], decisions: str) -> list[Path]:
    """Write what stands beside the extracts: a note of the first delivery, and what has been decided.

    From rows that are still open nobody can tell the months of a delivery. The decisions count from the last
    month's new year until its end.
    """
    months = [month_text(world.first), month_text(world.split)]
    open_ones = [layout.source for layout in layouts if layout.shipped.open_cases]
    note = "\n".join(f'[{name}]\ncovers = ["{months[0]}", "{months[1]}"]\n' for name in open_ones)
    first, last = first_date(world.last - world.last % 12), last_date(world.last)
    decided = decisions.replace("{first}", str(first)).replace("{last}", str(last))
    texts = {target / months[1] / "delivery.toml": note, target / DECIDED: decided}
    written = [path for path, text in texts.items() if text]
    for path in written:
        path.write_text(texts[path], encoding="utf-8", newline="\n")
    return written
