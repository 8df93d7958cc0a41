"""A month's sources and its run, as text for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from opti_reports.model.report import SourceReport
from opti_reports.periods.months import month_text
from opti_reports.terminal.tables import table

if TYPE_CHECKING:
    from opti_reports.archive.standing import Standing
    from opti_reports.config.load import Configs
    from opti_reports.schedule.due import Due
    from opti_reports.stages.request import Outcome

NAMES_SHOWN = 4
"""Of packs that changed; the page of the release names every one."""


def rows_table(reports: Sequence[SourceReport]) -> str:
    """What became of the month's rows, source by source, with the reasons of the rejected ones."""
    head = ("source", "files", "read", "used", "rejected", "outside")
    lines = [table(head, ((r.source, len(r.files), r.read, r.used, r.rejected, r.outside) for r in reports))]
    for r in (r for r in reports if r.reasons or r.unknown_units or r.unknown_cells):
        reasons = ", ".join(f"{name} {count}" for name, count in sorted(r.reasons.items()))
        units = f"unknown unit codes {r.unknown_codes}" if r.unknown_units else ""
        cells = [f"{name} {sum(why.values())}" for name, why in r.unreadable.items()]
        unknown = f"unknown cells {', '.join(cells)}" if cells else ""
        lines.append(f"{r.source}: {'; '.join(part for part in (reasons, units, unknown) if part)}")
    return "\n".join(lines)


def look_at(warnings: Iterable[str]) -> list[str]:
    """Lines that a person should look at."""
    return [f"look at: {warning}" for warning in warnings]


def ready_table(configs: Configs, reports: Sequence[SourceReport], month: int) -> str:
    """What has arrived of a month, and what has not."""
    language = configs.settings.languages[0]
    rows = []
    for r in reports:
        state = (
            f"{len(r.files)} file(s)"
            if not r.late
            else f"missing, newest {month_text(r.newest) if r.newest else 'none'}"
        )
        rows.append(
            (r.source, r.presence, state, r.due.isoformat(), configs.sources[r.source].owner_role[language])
        )
    late = [r for r in reports if r.late]
    required = sum(r.presence == "required" for r in late)
    summary = (
        f"{len(reports) - len(late)} of {len(reports)} sources of {month_text(month)} have arrived."
        + (f" A run is not possible: {required} required one(s) are missing." if required else "")
        + (
            " A run will be preliminary."
            if not required and any(r.presence == "lagging" for r in late)
            else ""
        )
    )
    return table(("source", "presence", "state", "due", "from"), rows) + "\n" + summary


def standing_text(found: Standing) -> str:
    """How a run stands to what was released of its month, and what that asks for."""
    release, month = found.release, month_text(found.release.month)
    signed = f"version {release.version} by {release.signed_by_role} at {release.signed_at}"
    if found.same:
        return f"released as {signed}: this run is the same, so nothing needs to be signed again"
    if found.changed:
        files = [name.removeprefix("packs/").rpartition(".")[0] for name in found.changed]
        more = f" and {len(files) - NAMES_SHOWN} more" if len(files) > NAMES_SHOWN else ""
        names = ", ".join(files[:NAMES_SHOWN]) + more
        say = f"{len(files)} of {found.packs} packs say something else or are new or gone ({names})"
    else:
        say = "every pack says the same, but rests on other extracts or configs"
    return "\n  ".join(
        (
            f"{month} was released as {signed}; this run is another:",
            f"{say}.",
            f"Nothing more of {month} is sent before it is released again; version {release.version} "
            "stays in the archive.",
        )
    )


def outcome_text(outcome: Outcome, beside: Standing | None = None) -> str:
    """What a run made, what to look at, and where the packs are; ``beside``: what was released before."""
    lines = [rows_table([r for r in outcome.sources if not r.late])]
    lines += look_at(outcome.warnings)
    lines += [f"failed: {name}: {why}" for name, why in sorted(outcome.failed.items())]
    if outcome.outdated:
        lines.append(
            f"look at: {len(outcome.outdated)} packs here rest on earlier extracts; run all to renew them"
        )
    took = ", ".join(f"{step} {seconds:.1f} s" for step, seconds in outcome.seconds.items())
    lines.append(f"{len(outcome.packs)} packs ({outcome.stage}) are in {outcome.folder / 'packs'} ({took}).")
    same = beside is not None and beside.same
    if beside is not None:
        lines.append(standing_text(beside) if same else f"look at: {standing_text(beside)}")
    lines += [f"next: {step}" for step in _next(outcome, released=same)]
    return "\n".join(lines)


def _next(outcome: Outcome, *, released: bool) -> Iterable[str]:
    """What to do after a run; ``released``: it is what was released already."""
    month = outcome.folder.name
    if outcome.failed:
        places = sorted({tuple(name.split("/")[1:]) for name in outcome.failed if name.count("/") == 2})
        one = " ".join(f"--pack {pack} --org {file.split('.')[0]}" for pack, file in places[:1])
        yield f"correct what failed, then make it again: opti run --month {month} {one}"
    if outcome.unmade or outcome.outdated:
        yield f"only a whole month can be released: opti run --month {month}"
        return
    late = [r for r in outcome.sources if r.late and r.presence == "lagging"]
    if late:
        awaited = ", ".join(f"{r.source} (due {r.due.isoformat()})" for r in late)
        yield f"run again for the final packs when these have come: {awaited}"
    early = " --preliminary" if outcome.stage == "preliminary" else ""
    if not released:
        yield f"look at the packs, then release them: opti release --month {month}{early}"
    yield f"{'' if released else 'then '}send them: opti send --month {month} --drafts"


def due_text(configs: Configs, due: Due, month: int) -> str:
    """What a scheduled run does, and which sources it waits for."""
    language = configs.settings.languages[0]
    heads = {
        "go": "running, for something has come.",
        "wait": "waiting for what is required; nothing is late.",
        "late": "not run: something required is late.",
        "nothing": "nothing has come since the last run.",
    }
    lines = [f"{month_text(month)}: {heads[due.verdict]}"]
    for word, reports in (("late", due.late), ("to come", due.coming)):
        lines += [
            f"  {word}: {r.source} ({r.presence}), due {r.due.isoformat()}, "
            f"{configs.sources[r.source].owner_role[language]}"
            for r in reports
        ]
    if due.late:
        lines.append(f"  Remind them: opti ready --month {month_text(month)} --drafts")
    return "\n".join(lines)
