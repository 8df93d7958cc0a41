"""Other trees over the units: each unit stands once in each, and nothing stands outside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from opti_reports.config.circles import circles
from opti_reports.config.organisation import OrganisationFile, TreeSpec
from opti_reports.errors import Fault
from opti_reports.messages.spelling import suggestion

FILE = "organisation.toml"


def check_trees(file: OrganisationFile) -> Iterator[Fault]:
    """Yield everything wrong in the trees beside the line."""
    names = Counter(level.id for level in file.every_level)
    nodes = Counter(node.id for tree in file.tree for node in tree.node) + Counter({u.id for u in file.unit})
    for tree in file.tree:
        key = f"tree.{tree.id}"
        for level in tree.level:
            if names[level.id] > 1:
                yield Fault(FILE, f"{key}.level.{level.id}", "tree.level_twice")
        for id in dict.fromkeys(node.id for node in tree.node):
            if nodes[id] > 1:
                yield Fault(FILE, f"{key}.node.{id}", "tree.node_twice")
        yield from _nodes(tree, key)
        yield from _units(tree, file, key)


def _nodes(tree: TreeSpec, key: str) -> Iterator[Fault]:
    above, levels = {node.id: node.parent for node in tree.node}, [level.id for level in tree.level]
    if tree.unallocated not in above:
        near = suggestion(tree.unallocated, above)
        yield Fault(FILE, f"{key}.unallocated", "unknown.node", name=tree.unallocated, near=near)
    roots = tuple(node.id for node in tree.node if node.parent is None)
    if len(roots) != 1:
        yield Fault(FILE, f"{key}.node", "tree.roots", n=len(roots), nodes=roots)
    for node in tree.node:
        place = f"{key}.node.{node.id}"
        if node.level not in levels:
            near = suggestion(node.level, levels)
            yield Fault(FILE, f"{place}.level", "unknown.level", name=node.level, near=near)
        if node.parent is not None and node.parent not in above:
            near = suggestion(node.parent, above)
            yield Fault(FILE, f"{place}.parent", "unknown.node", name=node.parent, near=near)
    for path in circles({id: parent for id, parent in above.items() if parent}):
        yield Fault(FILE, f"{key}.node.{path[0]}.parent", "organisation.circle", units=path)


def _units(tree: TreeSpec, file: OrganisationFile, key: str) -> Iterator[Fault]:
    known, above = {unit.id for unit in file.unit}, {unit.parent for unit in file.unit}
    seen: dict[str, str] = {}
    for node in tree.node:
        place = f"{key}.node.{node.id}.units"
        for unit in node.units:
            if unit not in known:
                yield Fault(FILE, place, "unknown.unit", name=unit, near=suggestion(unit, known))
            elif unit in above:
                yield Fault(FILE, place, "tree.no_leaf", unit=unit)
            elif unit in seen:
                yield Fault(FILE, place, "tree.unit_twice", unit=unit, node=seen[unit])
            seen.setdefault(unit, node.id)
