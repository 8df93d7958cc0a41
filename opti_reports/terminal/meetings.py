"""What an import brings, as text for a person at a terminal."""

from __future__ import annotations

from opti_reports.model.imports import KINDS, Plan

IMPORTED = ("new", "changed", "refused", "unchanged")
"""The order in which the rows of an import are shown."""


def import_text(plan: Plan) -> str:
    """What an import would do: its rows by kind, with their places, and how many there are of each."""
    lines = []
    for line in sorted(plan.lines, key=lambda line: IMPORTED.index(line.kind)):
        place = f"{line.place}: {line.text}" if line.text else line.place
        lines += [f"{line.kind:11}{place}", *(f"{'':13}{why}" for why in line.why)]
    lines += [f"{'note':11}{note}" for note in plan.notes]
    counts = " + ".join(f"{plan.count(kind)} {kind}" for kind in KINDS)
    return "\n".join((*lines, f"{len(plan.lines)} row(s) read = {counts}."))
