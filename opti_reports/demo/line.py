"""The demo of a line that says in a file what its extracts hold.

``demo.toml`` of the line has the rules, ``decided.toml`` beside it what the demo's organisation has decided.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

import pyarrow as pa

from opti_reports.demo.deliver import MONTHLY, deliver, lay_beside, span
from opti_reports.demo.drawn import PRIVATE, Drawing, OwnLayout, layout_of
from opti_reports.demo.layout import Layout, read_source
from opti_reports.demo.organisation import read_units
from opti_reports.demo.rows import Rows
from opti_reports.demo.rules import LineDemo, Rules, read_rules
from opti_reports.demo.world import World, pseudonyms
from opti_reports.demo.write import Labels


def generate_line(
    target: Path,
    last_month: str,
    *,
    line: Path,
    configs: Path,
    sources: Collection[str] = (),
    months: int | None = None,
    seed: int = 1,
    scale: float = 1.0,
    progress: Callable[[str], None] = lambda _: None,
) -> list[Path]:
    """Write a line's extracts into target/<YYYY-MM>/ as the workspace's configs read them.

    Return the written files in order; the same arguments give the same bytes. Raises ConfigError with what
    the configs lack of what the line's demo.toml draws, and UsageError for months that cannot be.
    """
    demo, org = read_rules(line / "demo.toml"), read_units(configs / "organisation.toml")
    first, last = span(last_month, months or demo.months, scale, min(unit.starts for unit in org.units))
    world = World(
        org=org,
        first=first,
        last=last,
        split=max(last - MONTHLY, first),
        seed=seed,
        scale=scale,
        stories=True,
    )
    layouts = {
        name: layout_of(name, rules, read_source(configs / "sources", name))
        for name, rules in demo.source.items()
        if not sources or name in sources
    }
    written: list[Path] = []
    for name, layout in layouts.items():
        labels = _labels(world, layout, demo.source[name])
        written += deliver(target, world, layout, labels, _by(layout, demo.source[name]))
        progress(name)
    decided = line / "decided.toml"
    decisions = decided.read_text(encoding="utf-8") if decided.is_file() else ""
    return written + lay_beside(target, world, tuple(layouts.values()), decisions)


def _by(own: OwnLayout, rules: Rules) -> Callable[[World, Layout, int], Rows]:
    return lambda world, _, month: Drawing.of(world, own, rules, month)


def _labels(world: World, layout: OwnLayout, rules: Rules) -> Labels:
    """Return the units' spellings in the source's system, and its pseudonyms of people."""
    system = layout.config.system
    labels = {f"unit:{system}": pa.array(world.org.labels(system))}
    for column in layout.columns:
        if column.kind.startswith(PRIVATE):
            cell = rules.column[column.name]
            count = cell.pool * (world.last - world.first + 1 if cell.once else len(world.org.units))
            labels[column.kind] = pseudonyms(world.rng(f"{system}.{column.name}"), count)
    return labels


__all__ = ["LineDemo", "generate_line", "read_rules"]
