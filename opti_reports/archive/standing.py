"""How a run compares with what was released of its month or week: the same, or waiting for a sign-off."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple, cast

from opti_reports.archive import ledger, write
from opti_reports.archive import released as release_file
from opti_reports.model.release import Attachment, Blocked, Release, ReleasedPack, period_of, place_of
from opti_reports.periods.period import Period, month_or_week

RECORD = "run.json"
APART = "apart"
"""Where a run's record names the packs that are released apart."""
BESIDE = (".xlsx", ".html")
"""What may go with a pack's document: the workbook of a preparation, the same as a web page."""
BASIS_SHOWN = 12


class Earlier(NamedTuple):
    """A release as the ledger records it, whatever is run or deleted later."""

    version: int
    stage: str
    role: str
    at: str
    packs: int


@dataclass(frozen=True)
class Standing:
    """A run beside its period's newest ``release``. ``same``: it is what was released.

    ``changed`` are documents that say something else now, were not there then, or are not there now.
    """

    release: Release
    same: bool
    packs: int
    changed: tuple[str, ...]


def standing(output: Path, period: Period) -> Standing | None:
    """Compare the run in a period's output folder with the newest release; None where there is none."""
    folder = output / period.text
    before = last_release(output / "archive", period)
    last = _readable(before) if before else None
    if before is None or last is None:
        return None
    note = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    if "files" not in note:
        return None  # of an earlier version of opti
    now = release_of(period, last.version, note)
    there, then = {p.file for p in now.packs}, {p.file for p in last.packs}
    changed = corrected(folder, now, before, last) | (there ^ then)
    return Standing(last, same(last, now), len(there), tuple(sorted(changed)))


def kept(folder: Path, note: Mapping[str, Any]) -> Mapping[str, bytes]:
    """Return ``release.json`` for a new folder of a run whose record is ``note``, if it is what was
    released.
    """
    period = month_or_week(note["month"])
    before = last_release(folder.parent / "archive", period)
    last = _readable(before) if before else None
    if last is None or not same(last, release_of(period, last.version, note)):
        return {}
    return {release_file.NAME: release_file.to_bytes(last)}


def _readable(run: Path) -> Release | None:
    """Return an archived run's release; none where somebody has damaged it (`opti archive verify` tells
    that).
    """
    try:
        return release_file.read(run)
    except (ValueError, KeyError, TypeError):
        return None


def earlier(lines: Iterable[ledger.Line], period: Period, pack: str = "") -> Iterator[Earlier]:
    """Yield every release of a month or week, or of a pack of it released apart, the first one first."""
    for line in lines:
        said = line.payload
        if line.kind == "released" and said["month"] == place_of(period, pack):
            yield Earlier(said["version"], said["stage"], said["role"], line.at, said["packs"])


def newest(
    archive: Path, lines: tuple[ledger.Line, ...], period: Period | None = None, pack: str = ""
) -> Path | None:
    """Return the run released last, of a month or week (or a pack of it) or of any, that is still there."""
    begins = f"{place_of(period, pack)}/" if period else ""
    names = [name for name in write.released(lines) if name.startswith(begins)]
    return next((archive / name for name in reversed(names) if (archive / name).is_dir()), None)


def last_release(archive: Path, period: Period | None = None) -> Path | None:
    """Return the archived run released last, of a month or week or of any; None where there is none."""
    return newest(archive, ledger.walk(archive).lines, period)


def names(archive: Path) -> list[str]:
    """Return the names of all releases, which a run's figures are protected together with."""
    return sorted(write.released(ledger.walk(archive).lines))


def since(archive: Path, note: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what was released since a run and not known to it; a release of the run itself is none of them.

    Of a run from before that was noted nothing is known.
    """
    if "released" not in note:
        return ()
    known, own = set(note["released"]), note["basis"][:BASIS_SHOWN]
    return tuple(name for name in names(archive) if name not in known and not name.endswith(f"-{own}"))


def last_month(archive: Path) -> Path | None:
    """Return the archived run released last of a month; None where there is none."""
    return newest(archive, tuple(line for line in ledger.walk(archive).lines if _of_month(line)))


def _of_month(line: ledger.Line) -> bool:
    """Return whether a line is of a month's release: not of a week's, nor of a pack released apart."""
    if line.kind != "released":
        return False
    place = line.payload["month"]
    period = period_of(place)
    return not period.cadence.weekly and place == period.text


def belongs(file: str, note: Mapping[str, Any], pack: str) -> bool:
    """Return whether a document is of a release: of the pack that is released apart, or of none that is."""
    own = file.split("/")[1] if file.startswith("packs/") else ""
    return own == pack if pack else own not in note.get(APART, ())


def release_of(period: Period, version: int, note: Mapping[str, Any], pack: str = "") -> Release:
    """Return the release that a run's record would be, unsigned and without corrections; of a pack that is
    released apart, or of all the others.
    """
    run = f"v{version}-{note['basis'][:BASIS_SHOWN]}"
    failed, outdated = (
        [file for file in note[kind] if belongs(file, note, pack)] for kind in ("failed", "outdated")
    )
    # Of a page that goes with a document that was made there is one reason to hold both back.
    held = (*dict.fromkeys(_blocked(failed, "failed")), *_blocked(outdated, "outdated"))
    lacking = {(one.pack, one.org, one.lang) for one in held}
    return Release(
        period=period,
        version=version,
        run_id=run,
        stage=note["stage"],
        signed_by_role="",
        signed_at="",
        packs=tuple(one for one in _packs(note, pack) if (one.pack, one.org, one.lang) not in lacking),
        blocked=held,
        pack=pack,
    )


def _packs(note: Mapping[str, Any], of: str) -> Iterator[ReleasedPack]:
    for file in (name for name in note["packs"] if belongs(name, note, of)):
        if file in note["outdated"]:
            continue
        form = cast(Literal["pdf", "pptx"], file.rpartition(".")[2])
        others = (Path(file).with_suffix(suffix).as_posix() for suffix in BESIDE)
        beside = [Attachment(name, note["files"][name]) for name in others if name in note["files"]]
        pack, org, lang = _place(file)
        yield ReleasedPack(
            pack=pack,
            org=org,
            lang=lang,
            file=file,
            sha256=note["files"][file],
            kind=form,
            attached=tuple(beside),
        )


def corrected(folder: Path, now: Release, before: Path, last: Release) -> frozenset[str]:
    """Return documents of both releases whose content is another: those in ``folder`` beside those in
    ``before``.
    """
    there = {pack.file for pack in now.packs} & {pack.file for pack in last.packs}
    return frozenset(file for file in there if _content(folder, file) != _content(before, file))


def _content(folder: Path, file: str) -> dict[str, Any] | None:
    """Return what a pack says, without its trace; in releases of before, of the extracts it rested on."""
    path = (folder / file).with_suffix(".json")
    if not path.exists():
        return None
    said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"), object_hook=_read)
    return {key: value for key, value in said.items() if key not in ("trace", "basis")}


def _read(part: dict[str, Any]) -> dict[str, Any]:
    """Return what a reader sees of a part: which row of values.csv its figure is stands in no document."""
    return {key: value for key, value in part.items() if key != "figure"}


def _place(file: str) -> tuple[str, str, str]:
    """Return pack, organisation and language of ``packs/unit/lohja.fi.pdf``."""
    _, pack, name = file.split("/")
    org, lang, _ = name.rsplit(".", 2)
    return pack, org, lang


def _blocked(
    files: Mapping[str, str] | list[str], reason: Literal["failed", "outdated"]
) -> Iterator[Blocked]:
    """Yield documents of packs that are not released; a web page is nobody's and holds nothing back."""
    for file in files:
        if file.startswith("packs/"):
            yield Blocked(*_place(file), reason)


def same(last: Release, now: Release) -> bool:
    """Return whether a release would hold the same as the last one."""

    def seen(release: Release) -> object:
        packs = {(p.file, p.sha256, p.attached) for p in release.packs}
        return packs, set(release.blocked), release.stage, release.run_id.partition("-")[2]

    return seen(last) == seen(now)
