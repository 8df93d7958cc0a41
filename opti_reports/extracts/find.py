"""Which files a month's folder holds for which source, and what ``delivery.toml`` says of them."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from opti_reports.algebra.calendar import Calendar, date_of, day_number
from opti_reports.config.formats import fits
from opti_reports.config.source import Source
from opti_reports.errors import ExtractError, UnfitError
from opti_reports.messages.message import Message, message
from opti_reports.messages.spelling import suggestion
from opti_reports.model.delivery import Delivery
from opti_reports.periods.months import first_date, month_text, parse_month, parse_week

NOTE = "delivery.toml"
_LIKE_A_MONTH = re.compile(r"20[0-9]{2}")
KEYS = ("covers", "extracted_on", "confirm_shrink", "confirm_rows")
VALUES = (
    ("extracted_on", dt.date, "extracted_on = 2026-11-05"),
    ("confirm_shrink", bool, "confirm_shrink = true"),
)
"""Keys whose values are of one type, with an example."""


def due_on(source: Source, month: int, calendar: Calendar) -> dt.date:
    """Return the day by which a source's extract of a month should be there: in the next month."""
    first = first_date(month + 1)
    if source.due.working_day:
        return calendar.nth_working_day(first.year, first.month, source.due.working_day)
    day = day_number(first.replace(day=source.due.day or 1)) - 1
    return date_of(int(calendar.add_work_days(calendar.days[:1] * 0 + day, 1)[0]))


@dataclass(frozen=True)
class _Past:
    """What the months read so far leave for later ones, by source."""

    carried: dict[str, Path] = field(default_factory=dict)
    """The newest file of imports that goes on into later deliveries."""
    extracted: set[str] = field(default_factory=set)
    """Those with files other than those of imports."""


def months(data: Path, until: int) -> tuple[int, ...]:
    """Return the data months that have a folder, up to and including ``until``."""
    found = []
    for path in data.iterdir() if data.is_dir() else ():
        try:
            month = parse_month(path.name)
        except ValueError:
            continue
        if path.is_dir() and month <= until:
            found.append(month)
    return tuple(sorted(found))


def deliveries(
    data: Path,
    until: int,
    sources: Mapping[str, Source],
    calendar: Calendar,
    digest: Callable[[Path], str],
    *,
    others: Collection[str] = (),
) -> tuple[Delivery, ...]:
    """Return every delivery up to a month, in the order of months and sources.

    What notes say of ``others``, sources that the organisation does not have, is passed over.
    """
    past = _Past()
    return tuple(
        delivery
        for month in months(data, until)
        for delivery in _month(
            folder=data / month_text(month),
            month=month,
            sources=sources,
            calendar=calendar,
            digest=digest,
            past=past,
            others=others,
        )
    )


def _month(
    folder: Path,
    month: int,
    sources: Mapping[str, Source],
    calendar: Calendar,
    digest: Callable[[Path], str],
    past: _Past,
    others: Collection[str],
) -> Iterable[Delivery]:
    notes = _notes(folder / NOTE, month, sources, others)
    for source in sources.values():
        own = files_of(folder, source)
        files = _with_kept(source, own, past)
        if not files:
            continue
        note = notes.get(source.id, {})
        yield Delivery(
            source=source.id,
            month=month,
            files=files,
            hashes=tuple(digest(path) for path in files),
            extracted_on=note.get("extracted_on") or due_on(source, month, calendar),
            covers=_covers(folder, month, source.id, note),
            confirm_shrink=bool(note.get("confirm_shrink", False)),
            confirm_rows=tuple(note.get("confirm_rows", ())),
        )


def files_of(folder: Path, source: Source) -> tuple[Path, ...]:
    """Return a source's files in a folder, in the order of their names."""
    return tuple(sorted(path for path in folder.iterdir() if _belongs(path, source)))


def _with_kept(source: Source, own: Sequence[Path], past: _Past) -> tuple[Path, ...]:
    """Return a month's files in the order they are read: the later one wins where two have the same key.

    What was imported this month is read after the month's extract, what is carried from earlier months before
    it. Where imports go on from month to month and there have been extracts, they alone are no delivery: the
    month's extract has yet to come.
    """
    if source.kept is None:
        return tuple(own)
    extracts = [path for path in own if not is_kept(path, source)]
    imported = [path for path in own if is_kept(path, source)]
    before = [past.carried[source.id]] if source.id in past.carried and not imported else []
    if imported and source.kept.carried:
        past.carried[source.id] = imported[-1]
    if extracts:
        past.extracted.add(source.id)
    elif not imported or (source.kept.carried and source.id in past.extracted):
        return ()
    return (*before, *extracts, *imported)


def is_kept(path: Path, source: Source) -> bool:
    """Return whether the file is the one into which imports of the source write."""
    name = unicodedata.normalize("NFC", path.name).casefold()
    return source.kept is not None and name == source.kept.file.casefold()


def newest_kept(data: Path, until: int, source: Source) -> tuple[Path, ...]:
    """Return the file of imports that a month goes on from: its own, else the newest before it if it is
    carried.
    """
    carried = source.kept is not None and source.kept.carried
    wanted = [month for month in months(data, until) if carried or month == until]
    found = [
        path
        for month in wanted
        for path in (data / month_text(month)).iterdir()
        if path.is_file() and is_kept(path, source)
    ]
    return tuple(found[-1:])


def unclaimed(data: Path, month: int, sources: Mapping[str, Source]) -> tuple[str, ...]:
    """Return what of a month's folder fits no source's patterns: files, and folders, which
    nobody looks into.
    """
    return strangers(data / month_text(month), sources)


def strangers(folder: Path, sources: Mapping[str, Source]) -> tuple[str, ...]:
    """Return what lies in a folder and is no source's; nothing where there is no folder."""
    if not folder.is_dir():
        return ()
    paths = (p for p in folder.iterdir() if p.name != NOTE and not p.name.startswith((".", "~")))
    return tuple(
        sorted(
            f"{p.name}/" if p.is_dir() else p.name
            for p in paths
            if not any(_belongs(p, source) for source in sources.values())
        )
    )


def _is(parse: Callable[[str], int], name: str) -> bool:
    try:
        parse(name)
    except ValueError:
        return False
    return True


def misnamed(data: Path) -> tuple[str, ...]:
    """Folders that look like a month's or a week's and are not read because of their names (``2026-8``)."""
    found = []
    for path in data.iterdir() if data.is_dir() else ():
        read = _is(parse_month, path.name) or (_is(parse_week, path.name) and "W" in path.name)
        if path.is_dir() and _LIKE_A_MONTH.match(path.name) and not read:
            found.append(path.name)
    return tuple(sorted(found))


def unread(
    data: Path, month: int, sources: Mapping[str, Source], others: Mapping[str, Source]
) -> tuple[Message, ...]:
    """Return what lies under ``data`` and is not read because of its name, or is of ``others``: sources that
    the organisation does not have.
    """
    folders = (message("unread.folder", name=name) for name in misnamed(data))
    return (*folders, *of_nobody(month_text(month), unclaimed(data, month, sources), others))


def of_nobody(folder: str, names: Iterable[str], others: Mapping[str, Source]) -> Iterable[Message]:
    """Yield a message for each of these files, and one for all that are of other sources."""
    whose = {name: [id for id, one in others.items() if named(Path(name), one)] for name in names}
    for name in (name for name, ids in whose.items() if not ids):
        yield message("unread.file", month=folder, name=name)
    theirs = [name for name, ids in whose.items() if ids]
    if theirs:
        ids = tuple(sorted({id for found in whose.values() for id in found}))
        yield message("unread.others", month=folder, n=len(theirs), name=theirs[0], sources=ids)


def named(path: Path, source: Source) -> bool:
    """Return whether a file's name is one of the source's."""
    name = unicodedata.normalize("NFC", path.name).casefold()
    return not name.startswith((".", "~")) and fits(name, source.files)


def _belongs(path: Path, source: Source) -> bool:
    return named(path, source) and path.is_file()


def _notes(
    path: Path, month: int, sources: Mapping[str, Source], others: Collection[str]
) -> dict[str, dict[str, Any]]:
    if not path.is_file():
        return {}
    where = _where(path.parent)
    try:
        notes = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise ExtractError("note.not_utf8", where) from None
    except RecursionError:
        raise ExtractError("note.too_deep", where) from None
    except tomllib.TOMLDecodeError as error:
        raise ExtractError("note.not_toml", where, why=str(error)) from None
    notes = {source: note for source, note in notes.items() if source not in others}
    for source, note in notes.items():
        if source not in sources:
            near, known = suggestion(source, sources), tuple(sorted(sources))
            raise ExtractError("note.source", where, source=source, near=near, sources=known)
        if not isinstance(note, dict):
            raise ExtractError("note.not_table", where, source=source)
        for key in (k for k in note if k not in KEYS):
            raise ExtractError(
                "note.key", where, source=source, key=key, near=suggestion(key, KEYS), keys=KEYS
            )
        for key, kind, example in VALUES:
            if key in note and type(note[key]) is not kind:
                raise ExtractError(
                    "note.value", where, source=source, key=key, value=repr(note[key]), example=example
                )
        right = note.get("confirm_rows", [])
        if not isinstance(right, list) or not all(isinstance(one, str) for one in right):
            raise ExtractError("note.confirm_rows", where, source=source, value=repr(right))
        made = note.get("extracted_on")
        if made and made < first_date(month):
            raise ExtractError("note.extracted_on", where, source=source, day=made.isoformat())
    return notes


def _where(folder: Path) -> str:
    """Return the note's place as messages name it."""
    return f"data/{folder.name}/{NOTE}"


def _covers(folder: Path, month: int, source: str, note: Mapping[str, Any]) -> tuple[int, int] | None:
    if "covers" not in note:
        return None
    declared = note["covers"]
    try:
        if not isinstance(declared, list) or len(declared) != 2:
            raise UnfitError("note.two_months")
        first, last = (parse_month(str(one)) for one in declared)
        if not first <= last <= month:
            raise UnfitError("note.months_order")
    except UnfitError as error:
        raise ExtractError("note.covers", _where(folder), source=source, why=error.message) from None
    return first, last
