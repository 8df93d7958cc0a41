"""Releases and the archive as text for a person at a terminal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from opti_reports.model.change import CHANGES
from opti_reports.model.release import Release, ReleasedPack
from opti_reports.periods.months import month_text
from opti_reports.terminal.mail import HELD
from opti_reports.terminal.tables import table

if TYPE_CHECKING:
    from opti_reports.archive.keeping import Kept
    from opti_reports.archive.stamps import Stamp
    from opti_reports.archive.verify import Verdict
    from opti_reports.release.preview import Look, Preview
    from opti_reports.release.rebuild import Rebuilt

SAID = {
    "withheld": "no longer shown",
    "restated": "restated",
    "breach": "new breach of a law",
    "jump": "beyond its limits",
}
"""What sets a figure apart, for each kind of ``model/change.py``."""
METRICS_SHOWN = 4


def release_json(shown: Preview) -> dict[str, Any]:
    """A release that may be, for other programs."""
    release = shown.release
    return {
        "month": month_text(release.month),
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
        "receivers": shown.receivers,
        "held": shown.held,
    }


def release_text(shown: Preview) -> str:
    """A release on one page: what to look at, who gets what, what is held back and why."""
    release = shown.release
    head = f"Release of {month_text(release.month)}: version {release.version}, {release.stage}"
    lines = [f"{head}, {len(release.packs)} packs, basis {shown.basis[:12]}"]
    if shown.unchanged and not shown.waiting:
        signed = f"released by {release.signed_by_role} at {release.signed_at}"
        lines.append(f"Nothing has changed since version {release.version}, {signed}.")
    lines += [
        f"version {one.version}, {one.stage}, {one.packs} packs, was released by {one.role} at {one.at}"
        for one in shown.before
        if not (shown.unchanged and one.version == release.version)
    ]
    lines += ["", *_look_at(shown), "", *_receivers(shown)]
    blocked = [*_blocked(shown), *_held(shown)]
    lines += ["", "held back:", *blocked] if blocked else ["", "held back: nothing"]
    if shown.leftovers:
        lines += ["", "left by an interrupted release, removed with the next sign-off:"]
        lines += [f"  {name}" for name in shown.leftovers]
    return "\n".join(lines)


def _look_at(shown: Preview) -> Iterator[str]:
    """Doubted extracts; the packs that differ in kind from those of the months before, the gravest first."""
    if shown.doubts:
        yield "look at these first: extracts that may not tell their whole month"
        yield from (f"  {doubt}" for doubt in shown.doubts)
    packs = [pack for pack in shown.release.packs if pack.org in shown.looks]
    packs.sort(key=lambda pack: pack.file)
    packs.sort(key=lambda pack: _gravity(shown.looks[pack.org]), reverse=True)
    if not packs:
        yield "look at these: no pack differs in kind from those of the months before"
        return
    many = f"{len(packs)} of {len(shown.release.packs)} packs"
    yield f"look at these: {many} differ in kind from those of the months before"
    for pack in packs:
        yield f"  {_name(pack)}: {'; '.join(_kinds(shown.looks[pack.org]))}"


def _gravity(looks: Sequence[Look]) -> list[int]:
    """How many figures stand out, by kind, the gravest kind first."""
    return [sum(look.kind == kind for look in looks) for kind in CHANGES]


def _kinds(looks: Iterable[Look]) -> Iterator[str]:
    found = list(looks)
    for kind in CHANGES:
        metrics = list(dict.fromkeys(look.metric for look in found if look.kind == kind))
        if metrics:
            more = f" and {len(metrics) - METRICS_SHOWN} more" if len(metrics) > METRICS_SHOWN else ""
            yield f"{SAID[kind]}: {', '.join(metrics[:METRICS_SHOWN])}{more}"


def _name(pack: ReleasedPack) -> str:
    return f"{pack.pack}/{pack.org}.{pack.lang}"


def _receivers(shown: Preview) -> Iterator[str]:
    """Every pack with who gets it."""
    rows = []
    for pack in shown.release.packs:
        roles = shown.receivers.get(pack.file, ())
        files = " + ".join([pack.kind, *(one.file.rpartition(".")[2] for one in pack.attached)])
        said = "corrected" if pack.corrected else ""
        rows.append((_name(pack), files, ", ".join(roles) or "nobody", said))
    yield table(("pack", "files", "who gets it", ""), rows)


def _blocked(shown: Preview) -> Iterator[str]:
    for line in shown.waiting:
        yield f"  everything: {line}; it waits for `opti run --month {month_text(shown.release.month)}`"
    for one in shown.release.blocked:
        name = f"{one.pack}/{one.org}.{one.lang}"
        why = next((text for file, text in shown.why.items() if f"/{name}." in file), "")
        if one.reason == "failed":
            yield f"  {name}: could not be made: {why}"
        else:
            yield f"  {name}: rests on earlier extracts or configs; a partial run left it as it was"


def _held(shown: Preview) -> Iterator[str]:
    """Recipients that get nothing of what is released."""
    for one in shown.held:
        yield f"  {one.pack}/{one.org}.{one.lang} for {one.recipient}: {HELD[one.reason]}"


def signed_text(release: Release, *, unchanged: bool) -> str:
    """What a sign-off did."""
    if unchanged:
        return f"Nothing has changed since version {release.version}; no new version was made."
    corrected = sum(pack.corrected for pack in release.packs)
    run = f"{month_text(release.month)}/{release.run_id}"
    also = f", {corrected} of them corrected" if corrected else ""
    return f"Released by {release.signed_by_role}: {run}, {len(release.packs)} packs{also}."


def verdict_text(verdict: Verdict) -> str:
    """What a verification found."""
    lines = [*verdict.faults, *(f"note: {note}" for note in verdict.notes)]
    files = f"{verdict.files} files of {len(verdict.runs)} run(s), head {verdict.head[:12]}"
    signed = f", {verdict.signatures} signature(s) good" if verdict.signatures else ""
    if verdict.stamps:
        newest = verdict.stamps[-1]
        signed += f", {len(verdict.stamps)} time stamp(s) good"
        lines.append(f"{stamp_text(newest)}.")
    if verdict.faults:
        return "\n".join([*lines, f"The archive does not verify: {len(verdict.faults)} fault(s); {files}."])
    return "\n".join([*lines, f"The archive is whole: {files}{signed}."])


def stamp_text(stamp: Stamp) -> str:
    """What a time stamp proves."""
    lines = f"lines 1–{stamp.lines} of the ledger" if stamp.lines > 1 else "line 1 of the ledger"
    when = dt.datetime.fromisoformat(stamp.time).astimezone(dt.UTC)
    return f"{lines[0].upper()}{lines[1:]} existed at {when:%Y-%m-%d %H:%M:%S} UTC, says {stamp.authority}"


def rebuilt_text(made: Rebuilt) -> str:
    """What a rebuilding found."""
    lines = [*made.faults]
    if made.elsewhere:
        lines.append(
            "This is not the recorded environment, so documents are not compared, only their content:"
        )
        lines += [f"  {name}" for name in made.elsewhere]
    else:
        lines.append(f"{made.documents} documents come out the same, byte by byte.")
    lines.append(
        f"{made.values} values come out the same; {made.withheld} were withheld and are not compared."
    )
    if made.metrics:
        lines.append(f"Not computed again, because their facts hold pseudonyms: {', '.join(made.metrics)}.")
    lines.append(
        f"{made.run} differs in {len(made.faults)} place(s)." if made.faults else f"{made.run} is rebuilt."
    )
    return "\n".join(lines)


def kept_text(found: Iterable[Kept]) -> str:
    """Until when everything is kept."""
    rows = [
        (
            one.run,
            "whole run" if one.kind == "*" else one.kind,
            len(one.files),
            one.until,
            "held" if one.due and one.held else "due" if one.due else "",
            "; ".join(one.held),
        )
        for one in found
    ]
    return table(("run", "packs", "files", "kept until", "", "held by"), rows)
