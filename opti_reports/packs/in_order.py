"""In how many units each item of a register is in order."""

from __future__ import annotations

from collections.abc import Iterator

from opti_reports.config import block as kinds
from opti_reports.model.pack import Column, Table
from opti_reports.model.report import UNKNOWN_CELL
from opti_reports.packs import cells, lists, registers
from opti_reports.packs.scene import Scene


def in_order(scene: Scene, block: kinds.InOrder) -> Iterator[Table]:
    """Yield a row an item: in how many of the units that should have a row; that nothing was delivered."""
    spec = scene.configs.lists[block.list]
    rows = [row for row in scene.material.lists.get(block.list, ()) if row.org in scene.below]
    units = {row.org for row in rows} | set(lists.expected(scene, block.list))
    body, unclear = [], 0
    for item in block.item if rows else ():
        known = [row for row in rows if row.cells.get(item.column) != UNKNOWN_CELL]
        unclear += len(rows) - len(known)
        kept = sum(not registers.lacks(scene, spec, row, item.column) for row in known)
        body.append(
            (scene.wording.of(item.name), f"{cells.count(scene, kept)}/{cells.count(scene, len(units))}")
        )
    yield Table(
        caption=scene.titled(block),
        columns=(Column(scene.say("plain.followed")), Column(scene.say("plain.units"), True)),
        rows=tuple(body),
        empty=scene.wording.of(spec.empty) if spec.empty else scene.say("block.no_data"),
        note=scene.counted("plain.unclear", unclear),
    )
