"""Releases and the archive as text for a person at a terminal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from opti_reports.messages.message import Message, message
from opti_reports.messages.sentences import headings, say, sentence
from opti_reports.model.release import Release
from opti_reports.release.saying import held_back, looked_at, name_of, of_nobody, reasons
from opti_reports.terminal.printing import notes
from opti_reports.terminal.tables import table

if TYPE_CHECKING:
    from opti_reports.archive.keeping import Retention
    from opti_reports.archive.runs import Listed
    from opti_reports.archive.stamps import Stamp
    from opti_reports.archive.verify import Verdict
    from opti_reports.release.preview import Preview
    from opti_reports.release.rebuild import Rebuilt


def release_json(shown: Preview) -> dict[str, Any]:
    """Return a release that may be, for other programs."""
    release = shown.release
    return {
        "month": release.period.text,
        "pack": release.pack,
        "version": release.version,
        "run": release.run_id,
        "stage": release.stage,
        "unchanged": shown.unchanged,
        "before": [one._asdict() for one in shown.before],
        "waiting": shown.waiting,
        "doubts": shown.doubts,
        "look_at": {f"{p.pack}/{p.org}": shown.looks[p.org] for p in release.packs if p.org in shown.looks},
        "packs": release.packs,
        "blocked": [one._asdict() for one in release.blocked],
        "first": shown.first,
        "receivers": shown.receivers,
        "held": shown.held,
    }


def release_text(shown: Preview) -> str:
    """Return a release on one page: what to look at, who gets what, what is held back and why."""
    release = shown.release
    period, version, stage = release.place, release.version, release.stage
    packs, basis = len(release.packs), shown.basis[:12]
    lines = [say("release.head", period=period, version=version, stage=stage, packs=packs, basis=basis)]
    if shown.unchanged and not shown.waiting:
        by, at = release.signed_by_role, release.signed_at
        lines.append(say("release.unchanged", version=version, role=by, at=at))
    lines += [
        say("release.before", version=one.version, stage=one.stage, packs=one.packs, role=one.role, at=one.at)
        for one in shown.before
        if not (shown.unchanged and one.version == version)
    ]
    lines += ["", *_look_at(shown), "", *_receivers(shown), ""]
    blocked = list(held_back(shown))
    lines += [say("release.held_back"), *blocked] if blocked else [say("release.nothing_held_back")]
    if shown.leftovers:
        lines += ["", say("release.leftovers"), *(f"  {name}" for name in shown.leftovers)]
    return "\n".join(lines)


def _look_at(shown: Preview) -> Iterator[str]:
    """Yield doubted extracts, and packs that differ in kind from those of months before, gravest first."""
    if shown.doubts:
        yield say("release.doubts")
        yield from (f"  {sentence(doubt)}" for doubt in shown.doubts)
    packs = looked_at(shown)
    if not packs:
        yield say("release.no_looks")
        return
    yield say("release.looks", packs=len(packs), of=len(shown.release.packs))
    for pack in packs:
        yield say("release.look", pack=name_of(pack), kinds=tuple(reasons(shown, pack)))


def _receivers(shown: Preview) -> Iterator[str]:
    """Yield every pack with who gets it and its first matter; those that nobody gets in one line."""
    rows, nobody = [], of_nobody(shown)
    for pack in shown.release.packs:
        if (name := name_of(pack)) in nobody:
            continue
        files = " + ".join([pack.kind, *(one.file.rpartition(".")[2] for one in pack.attached)])
        roles = ", ".join(shown.receivers.get(pack.file, ())) or say("release.published")
        note = say("release.corrected") if pack.corrected else ""
        rows.append((name, files, roles, note, shown.first.get(pack.file, "")))
    if rows:
        yield table(headings("head.receivers"), rows)
    if nobody:
        yield say("release.of_nobody", n=len(nobody), packs=tuple(nobody))


def signed_text(release: Release, *, unchanged: bool) -> str:
    """Return what a sign-off did."""
    if unchanged:
        return say("release.no_new_version", version=release.version)
    corrected = sum(pack.corrected for pack in release.packs)
    run = f"{release.place}/{release.run_id}"
    by, packs = release.signed_by_role, len(release.packs)
    return say("release.signed", role=by, run=run, packs=packs, corrected=corrected)


def verdict_text(verdict: Verdict) -> str:
    """Return what a verification found."""
    lines = [*map(sentence, verdict.faults), *notes(verdict.notes)]
    if verdict.stamps:
        lines.append(say("archive.stamped", stamp=stamp_message(verdict.stamps[-1])))
    runs, head = len(verdict.runs), verdict.head[:12]
    what = message("archive.extent", files=verdict.files, runs=runs, head=head)
    if verdict.faults:
        return "\n".join([*lines, say("archive.damaged", faults=len(verdict.faults), extent=what)])
    signed = message("archive.signatures", signatures=verdict.signatures)
    stamped = message("archive.stamps", stamps=len(verdict.stamps))
    return "\n".join([*lines, say("archive.whole", extent=what, signed=signed, stamped=stamped)])


def stamp_message(stamp: Stamp) -> Message:
    """Return what a time stamp proves."""
    when = dt.datetime.fromisoformat(stamp.time).astimezone(dt.UTC)
    at = f"{when:%Y-%m-%d %H:%M:%S}"
    return message("archive.stamp", lines=stamp.lines, at=at, authority=stamp.authority)


def rebuilt_text(made: Rebuilt) -> str:
    """Return what a rebuilding found."""
    lines = [*map(sentence, made.faults)]
    if made.elsewhere:
        lines += [say("rebuild.elsewhere"), *(f"  {sentence(name)}" for name in made.elsewhere)]
    else:
        lines.append(say("rebuild.documents", documents=made.documents))
    lines.append(say("rebuild.values", values=made.values, withheld=made.withheld))
    if made.metrics:
        lines.append(say("rebuild.left_out", metrics=tuple(made.metrics)))
    return "\n".join([*lines, say("rebuild.end", run=made.run, faults=len(made.faults))])


def kept_text(found: Iterable[Retention]) -> str:
    """Return until when everything is kept."""
    rows = [(one.run, _kind(one), len(one.files), one.until, _due(one), "; ".join(one.held)) for one in found]
    return table(headings("head.kept"), rows)


def _kind(one: Retention) -> str:
    return say("kept.whole_run") if one.kind == "*" else one.kind


def _due(one: Retention) -> str:
    if not one.due:
        return ""
    return say("kept.held") if one.held else say("kept.due")


def runs_text(found: Iterable[Listed]) -> str:
    """Return the released runs."""
    rows = [(r.run, r.stage, r.role, r.at, r.files, _signed(r)) for r in found]
    return table(headings("head.runs"), rows)


def _signed(run: Listed) -> str:
    return say("runs.signed") if run.signed else say("runs.unsigned")


def holds_text(held: Iterable[Retention]) -> str:
    """Return what may not be deleted, and by whose word."""
    rows = [(one.run, one.kind, one.until, "; ".join(one.held)) for one in held]
    return table(headings("head.holds"), rows)
