"""What an import brings, as text for a person at a terminal."""

from __future__ import annotations

from opti_reports.messages.message import message
from opti_reports.messages.sentences import say, sentence, words
from opti_reports.model.imports import KINDS, Plan

IMPORTED = ("new", "changed", "refused", "unchanged")
"""The order in which the rows of an import are shown."""


def import_text(plan: Plan) -> str:
    """Return what an import would do: its rows by kind, with their places, and how many there are of each."""
    lines = []
    for line in sorted(plan.lines, key=lambda line: IMPORTED.index(line.kind)):
        place = f"{words(line.place)}: {line.text}" if line.text else words(line.place)
        lines += [f"{say(f'import.{line.kind}'):11}{place}", *(f"{'':13}{words(why)}" for why in line.why)]
    lines += [f"{say('imported.note'):11}{sentence(note)}" for note in plan.notes]
    counts = tuple(
        message("imported.count", rows=plan.count(kind), kind=message(f"import.{kind}")) for kind in KINDS
    )
    return "\n".join((*lines, say("imported.read", rows=len(plan.lines), counts=counts)))
