"""The command that looks at real files and proposes what the configs need to read them."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from opti_reports.errors import ExtractError, OptiError, UsageError
from opti_reports.terminal.console import json_option, workspace_option
from opti_reports.terminal.printing import agreed, answer, aside, asked_for, note

if TYPE_CHECKING:
    from opti_reports.adopt.answers import Answers
    from opti_reports.adopt.propose import Proposal, Seen

WANTED = 10
"""The exit code where answers are wanted that nobody gave."""


@click.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--write", is_flag=True)
@click.option("--answers", "told", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True)
@click.option("--undo", is_flag=True)
@json_option
@workspace_option
def adopt(
    files: tuple[Path, ...],
    write: bool,
    told: Path | None,
    yes: bool,
    undo: bool,
    as_json: bool,
    workspace: Path,
) -> None:
    """Adopt files."""
    from opti_reports.adopt import answers as given
    from opti_reports.adopt import change
    from opti_reports.adopt.propose import propose, see
    from opti_reports.terminal.adopt import adopt_text
    from opti_reports.workspace import find, locked

    place = find(workspace)
    if undo == bool(files) or (undo and write):
        raise UsageError("adopt.files_or_undo")
    if undo:
        with locked(place):
            note("adopt.undone", files=change.undo(place))
        return
    answers, seen = given.read(told, guessed=yes), see(place, files)
    proposal = propose(seen, answers)
    answer(proposal.plan, adopt_text, as_json=as_json)
    if write and _asks() and proposal.plan.questions:
        proposal = _asked(seen, proposal, answers)
        answer(proposal.plan, partial(adopt_text, told=True), as_json=as_json)
        if told is not None:
            given.keep(told, answers)
    if answers.unused:
        note("adopt.unused", answers=answers.unused)
    _stop_if_unready(proposal, answers)
    if not proposal.plan.writes:
        note("adopt.nothing_write")
        return
    if not write or (_asks() and not yes and not agreed("adopt.agree", n=len(proposal.changed))):
        note("adopt.not_written")
        return
    with locked(place):
        change.write(place, proposal.changed)
    note("adopt.written", files=tuple(sorted(proposal.changed)))
    if unread := tuple(name for plan in proposal.plan.files if plan.faults for name in plan.files):
        note("adopt.unread_files", n=len(unread), files=unread)
        sys.exit(ExtractError.exit_code)


def _asked(seen: Seen, proposal: Proposal, answers: Answers) -> Proposal:
    """Ask until nothing is open any more; an answer may bring new questions."""
    from opti_reports.adopt.answers import refuse
    from opti_reports.adopt.propose import propose
    from opti_reports.terminal.adopt import question_text

    note("adopt.how_to_answer")
    while proposal.plan.questions:
        for question in proposal.plan.questions:
            while True:
                said = asked_for(question_text(question), question.guess)
                said = "" if said == "-" else question.chosen(said)
                try:
                    refuse(question, said, said)
                except OptiError as error:
                    aside(str(error))
                    continue
                answers.add(question, said)
                break
        proposal = propose(seen, answers)
    return proposal


def _stop_if_unready(proposal: Proposal, answers: Answers) -> None:
    """Leave where nothing can be written yet: with 3 where configs could not be read, with 10 for answers."""
    from opti_reports.adopt.answers import wanted
    from opti_reports.errors import ConfigError

    if proposal.plan.faults:
        note("adopt.unfit")
        sys.exit(ConfigError.exit_code)
    if proposal.plan.questions:
        note("adopt.wanted", n=len(proposal.plan.questions), text=wanted(proposal.plan.questions, answers))
        sys.exit(WANTED)


def _asks() -> bool:
    """Return whether there is a person to ask."""
    return sys.stdin.isatty()
