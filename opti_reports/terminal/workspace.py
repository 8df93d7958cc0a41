"""The lines to begin from and an upgrade of a workspace, as text for a person at a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opti_reports.messages.sentences import headings, remedy, say, sentence
from opti_reports.messages.spoken import spoken
from opti_reports.terminal.tables import table

if TYPE_CHECKING:
    from opti_reports.adopt.having import Having
    from opti_reports.doctor.sign import Sign
    from opti_reports.starter import Change


def lines_text(lines: Sequence[Mapping[str, Any]]) -> str:
    """Return each line with what it is."""
    told: list[str] = []
    for line in lines:
        about = textwrap.fill(line["description"][spoken()], 96, initial_indent="  ", subsequent_indent="  ")
        told += [say("line.one", name=line["line"], about=line["name"][spoken()]), about]
    return "\n".join([*told, say("line.begin")])


def sources_text(found: Sequence[Having], packs: Sequence[str]) -> str:
    """Return each source with what it tells of, those the organisation has first."""
    rows = [(one.source, say(f"sources.how.{one.how}"), one.name, ", ".join(one.brings)) for one in found]
    yours = sum(one.how == "yes" for one in found)
    have = say("sources.have", yours=yours, of=len(found), packs=len(packs), names=", ".join(packs))
    return "\n".join([table(headings("head.sources"), rows), have, say("sources.grow")])


def doctor_text(signs: Sequence[Sign]) -> str:
    """Return each part with its state, and below those that are not well what to do."""
    width = max(len(say(f"doctor.part.{sign.part}")) for sign in signs)
    lines: list[str] = []
    for sign in signs:
        name = say(f"doctor.part.{sign.part}").ljust(width)
        lines.append(f"{say(f'doctor.health.{sign.health}')}  {name}  {sentence(sign.what)}")
        if (fix := remedy(sign.what)) is not None:
            lines.append(f"{'':4}  {'':{width}}  {sentence(fix)}")
    return "\n".join(lines)


def upgrade_text(changes: Sequence[Change], aside: Path | None, *, done: bool) -> str:
    """Return what an upgrade did, or would do, file by file."""
    if not changes:
        return say("upgrade.nothing")
    rows = [(change.path, say(f"upgrade.file.{change.what}")) for change in changes]
    lines = [table(headings("head.upgrade"), rows)]
    kinds = {change.what for change in changes}
    if "unclear" in kinds:
        lines.append(say("upgrade.unclear"))
    if "differs" in kinds:
        lines.append(say("upgrade.differs"))
    if aside is not None:
        lines.append(say("upgrade.aside", folder=str(aside)))
    elif not done:
        lines.append(say("upgrade.not_done"))
    return "\n".join(lines)
