"""The sources of a month or week and its run, as text for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from opti_reports.messages.message import Message, few, message
from opti_reports.messages.sentences import headings, say, sentence
from opti_reports.model.report import Event, SourceReport
from opti_reports.periods.months import month_text
from opti_reports.periods.period import Period, month_or_week
from opti_reports.terminal.printing import answer, look_at, next_steps
from opti_reports.terminal.tables import table

if TYPE_CHECKING:
    from opti_reports.archive.standing import Standing
    from opti_reports.check.ready import Arrivals
    from opti_reports.config.configs import Configs
    from opti_reports.schedule.due import Due
    from opti_reports.stages.request import Outcome

NAMES_SHOWN = 4
"""Of packs that changed; the page of the release names every one."""


def rows_table(reports: Sequence[SourceReport]) -> str:
    """Return what became of the month's rows, source by source, with the reasons of the rejected ones."""
    rows = ((r.source, len(r.files), r.read, r.used, r.rejected, r.outside) for r in reports)
    lines = [table(headings("head.rows"), rows)]
    for report in reports:
        if parts := tuple(_of_rows(report)):
            lines.append(say("rows.of_source", source=report.source, parts=parts))
    return "\n".join(lines)


def _of_rows(report: SourceReport) -> Iterator[Message]:
    if report.reasons:
        yield message("rows.reasons", reasons=_amounts(sorted(report.reasons.items())))
    if report.unknown_units:
        yield message("rows.unknown_units", codes=report.unknown_codes)
    if report.unknown_cells:
        cells = _amounts((name, sum(why.values())) for name, why in report.unreadable.items())
        yield message("rows.unknown_cells", columns=cells)


def _amounts(counts: Iterable[tuple[str, int]]) -> tuple[Message, ...]:
    return tuple(message("amount", name=name, n=n) for name, n in counts)


def configs_text(counts: dict[str, int]) -> str:
    """Return that the configs are in order, and how many there are of what."""
    sources, metrics, packs = counts["sources"], counts["metrics"], counts["packs"]
    return say("configs.in_order", sources=sources, metrics=metrics, packs=packs)


def answer_ready(found: Arrivals, *, as_json: bool) -> None:
    """Print what has arrived of a month or week, and what has not."""
    answer(
        found.reports,
        lambda arrived: "\n".join(
            [*look_at(found.unread), ready_table(found.configs, arrived, found.period.text)]
        ),
        as_json=as_json,
    )


def ready_table(configs: Configs, reports: Sequence[SourceReport], period: str) -> str:
    """Return what has arrived of a month or week, and what has not."""
    rows = [(r.source, r.presence, _arrived(r), r.due.isoformat(), _owner(configs, r)) for r in reports]
    late, awaited = [r for r in reports if r.late], [r for r in reports if r.presence != "imported"]
    required = sum(r.presence == "required" for r in late)
    came = len(awaited) - len(late)
    summary = [say("ready.arrived", came=came, of=len(awaited), month=period)]
    if required:
        summary.append(say("ready.impossible", required=required))
    elif any(r.presence == "lagging" for r in late):
        summary.append(say("ready.preliminary"))
    return table(headings("head.ready"), rows) + "\n" + " ".join(summary)


def _arrived(report: SourceReport) -> str:
    if report.files:
        return say("ready.files", files=len(report.files))
    if not report.late and report.newest:
        return say("ready.stays", newest=month_text(report.newest))
    if not report.late:
        return say("ready.imported")
    return say("ready.missing", newest=month_text(report.newest)) if report.newest else say("ready.never")


def _owner(configs: Configs, report: SourceReport) -> str:
    return configs.sources[report.source].owner_role[configs.settings.languages[0]]


def standing_message(found: Standing) -> Message:
    """Return how a run compares with what was released of its month, and what to do about it."""
    release, period = found.release, found.release.period.text
    version, role, at = release.version, release.signed_by_role, release.signed_at
    if found.same:
        return message("standing.same", version=version, role=role, at=at)
    say_what = message("standing.basis")
    if found.changed:
        files = [name.removeprefix("packs/").rpartition(".")[0] for name in found.changed]
        names = few(files, NAMES_SHOWN)
        say_what = message("standing.changed", changed=len(files), packs=found.packs, names=names)
    return message("standing.other", period=period, version=version, role=role, at=at, what=say_what)


def standing_event(found: Standing) -> Event:
    """Return how a run compares with the release, as an event of the log."""
    return Event("release", standing_message(found), "info" if found.same else "warning")


def outcome_text(outcome: Outcome, beside: Standing | None = None) -> str:
    """Return what a run made, what to look at, and where the packs are.

    ``beside``: how it compares with
    what was released before.
    """
    rows = [] if outcome.unchanged else [rows_table([r for r in outcome.sources if r.files])]
    lines = [*rows, *look_at(outcome.warnings)]
    lines += [say("outcome.failed", name=name, why=why) for name, why in sorted(outcome.failed.items())]
    if outcome.outdated:
        lines += look_at([message("outcome.outdated", outdated=len(outcome.outdated))])
    steps, folder = tuple(took(outcome.seconds)), str(outcome.folder / "packs")
    packs = len(outcome.packs)
    if outcome.unchanged:
        lines.append(say("outcome.unchanged", packs=packs, stage=outcome.stage, folder=folder))
    else:
        lines.append(say("outcome.made", packs=packs, stage=outcome.stage, folder=folder, took=steps))
    same = beside is not None and beside.same
    if beside is not None:
        standing = standing_message(beside)
        lines += [sentence(standing)] if same else look_at([standing])
    return "\n".join([*lines, *next_steps(_next(outcome, released=same))])


def took(seconds: dict[str, float]) -> Iterator[Message]:
    """Yield how long each step took."""
    for step, long in seconds.items():
        yield message("outcome.took", step=message(f"step.{step}"), seconds=long)


def _next(outcome: Outcome, *, released: bool) -> Iterator[Message]:
    """Yield what to do after a run; ``released``: it is what was released already."""
    which = month_or_week(outcome.folder.name).asked
    if outcome.failed:
        places = sorted({tuple(name.split("/")[1:]) for name in outcome.failed if name.count("/") == 2})
        one = " ".join(f"--pack {pack} --org {file.split('.')[0]}" for pack, file in places[:1])
        yield message("next.correct", which=which, options=one)
    for pack in outcome.apart if not outcome.failed else ():
        yield message("next.release_apart", pack=pack, which=which)
    if outcome.unmade or outcome.outdated:
        yield message("next.whole", which=which)
        return
    late = [r for r in outcome.sources if r.late and r.presence == "lagging"]
    if late:
        awaited = (message("next.awaited", source=r.source, due=r.due.isoformat()) for r in late)
        yield message("next.again", awaited=tuple(awaited))
    if released:
        yield message("next.send", which=which)
        return
    if outcome.stage == "preliminary":
        yield message("next.release_preliminary", which=which)
    else:
        yield message("next.release", which=which)
    yield message("next.then_send", which=which)


def due_message(configs: Configs, due: Due, period: Period) -> Message:
    """Return what a scheduled run does, and which sources it waits for."""
    lines = [message(f"verdict.{due.verdict}", period=period.text)]
    lines += [message("due.late", source=_awaited(configs, report)) for report in due.late]
    lines += [message("due.to_come", source=_awaited(configs, report)) for report in due.coming]
    if due.late:
        lines.append(message("due.remind", which=period.asked))
    return message("lines", lines=tuple(lines))


def _awaited(configs: Configs, report: SourceReport) -> Message:
    due, owner = report.due.isoformat(), _owner(configs, report)
    return message("due.source", source=report.source, presence=report.presence, due=due, owner=owner)
