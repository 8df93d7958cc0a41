"""A week's sources and its run, as text for a person at a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opti_reports.messages.message import message
from opti_reports.messages.sentences import say
from opti_reports.terminal.month import rows_table, took
from opti_reports.terminal.printing import look_at, next_steps

if TYPE_CHECKING:
    from opti_reports.stages.request import Outcome


def outcome_text(outcome: Outcome) -> str:
    """Return what a week's run made, what to look at, and where the pages are."""
    lines = [rows_table([r for r in outcome.sources if not r.late]), *look_at(outcome.warnings)]
    lines += [say("outcome.failed", name=name, why=why) for name, why in sorted(outcome.failed.items())]
    if outcome.outdated:
        lines += look_at([message("outcome.outdated", outdated=len(outcome.outdated))])
    packs, folder = len(outcome.packs), str(outcome.folder / "packs")
    lines.append(say("outcome.made_week", packs=packs, folder=folder, took=tuple(took(outcome.seconds))))
    return "\n".join([*lines, *next_steps([message("next.week", week=outcome.folder.name)])])
