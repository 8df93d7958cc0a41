"""Which files a month's folder holds for which source, and what ``delivery.toml`` says of them."""

from __future__ import annotations

import datetime as dt
import fnmatch
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from opti_reports.algebra.calendar import Calendar, date_of, day_number
from opti_reports.algebra.expression import suggestion
from opti_reports.config.source import Source
from opti_reports.errors import ExtractError
from opti_reports.model.delivery import Delivery
from opti_reports.model.period import first_date, month_text, parse_month

NOTE = "delivery.toml"
KEYS = ("covers", "extracted_on", "confirm_shrink")
VALUES = (
    ("extracted_on", dt.date, "extracted_on = 2026-11-05"),
    ("confirm_shrink", bool, "confirm_shrink = true"),
)
"""Keys whose values are of one type, with an example."""


def due_on(source: Source, month: int, calendar: Calendar) -> dt.date:
    """The day by which a source's extract of a month should be there: in the next month."""
    first = first_date(month + 1)
    if source.due.working_day:
        return calendar.nth_working_day(first.year, first.month, source.due.working_day)
    day = day_number(first.replace(day=source.due.day or 1)) - 1
    return date_of(int(calendar.add_work_days(calendar.days[:1] * 0 + day, 1)[0]))


@dataclass
class _Past:
    """What the months read so far leave for later ones, by source."""

    carried: dict[str, Path] = field(default_factory=dict)
    """The newest file of imports that goes on into later deliveries."""
    extracted: set[str] = field(default_factory=set)
    """Those with files other than those of imports."""


def months(data: Path, until: int) -> tuple[int, ...]:
    """The data months that have a folder, up to and including ``until``."""
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
    data: Path, until: int, sources: Mapping[str, Source], calendar: Calendar, digest: Callable[[Path], str]
) -> tuple[Delivery, ...]:
    """Every delivery up to a month, in the order of months and sources."""
    past = _Past()
    return tuple(
        delivery
        for month in months(data, until)
        for delivery in _month(data / month_text(month), month, sources, calendar, digest, past)
    )


def _month(
    folder: Path,
    month: int,
    sources: Mapping[str, Source],
    calendar: Calendar,
    digest: Callable[[Path], str],
    past: _Past,
) -> Iterable[Delivery]:
    notes = _notes(folder / NOTE, sources)
    for source in sources.values():
        own = sorted(path for path in folder.iterdir() if _belongs(path, source))
        files = _with_kept(source, own, past)
        if not files:
            continue
        note = notes.get(source.id, {})
        yield Delivery(
            source.id,
            month,
            files,
            tuple(digest(path) for path in files),
            note.get("extracted_on") or due_on(source, month, calendar),
            _covers(folder, source.id, note),
            bool(note.get("confirm_shrink", False)),
        )


def _with_kept(source: Source, own: Sequence[Path], past: _Past) -> tuple[Path, ...]:
    """A month's files in the order they are read: the later one wins where two have the same key.

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
    """Whether the file is the one into which imports of the source write."""
    name = unicodedata.normalize("NFC", path.name).casefold()
    return source.kept is not None and name == source.kept.file.casefold()


def newest_kept(data: Path, until: int, source: Source) -> tuple[Path, ...]:
    """The file of imports that a month goes on from: its own, else the newest before it if it is carried."""
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
    """Files of a month's folder that fit no source's patterns."""
    folder = data / month_text(month)
    if not folder.is_dir():
        return ()
    names = (
        p for p in folder.iterdir() if p.is_file() and p.name != NOTE and not p.name.startswith((".", "~"))
    )
    return tuple(sorted(p.name for p in names if not any(_belongs(p, s) for s in sources.values())))


def _belongs(path: Path, source: Source) -> bool:
    name = unicodedata.normalize("NFC", path.name).casefold()
    return (
        path.is_file()
        and not name.startswith((".", "~"))
        and any(fnmatch.fnmatchcase(name, p.casefold()) for p in source.files)
    )


def _notes(path: Path, sources: Mapping[str, Source]) -> dict[str, dict[str, Any]]:
    if not path.exists():
        return {}
    where = f"{path.parent.name}/{NOTE}"
    try:
        notes = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ExtractError(f"not valid TOML: {error}", where, "Correct the file, or remove it.") from None
    for source, note in notes.items():
        if source not in sources:
            raise ExtractError(
                f"unknown source '{source}'{suggestion(source, sources)}", where, "Write [source] tables."
            )
        if not isinstance(note, dict):
            raise ExtractError(f"'{source}' is not a table", where, f"Write [{source}] on a line of its own.")
        for key in (k for k in note if k not in KEYS):
            raise ExtractError(
                f"[{source}] unknown key '{key}'{suggestion(key, KEYS)}",
                where,
                f"Known keys: {', '.join(KEYS)}.",
            )
        for key, kind, example in VALUES:
            if key in note and type(note[key]) is not kind:
                raise ExtractError(f"[{source}] {key} = {note[key]!r} cannot be", where, f"Write {example}.")
    return notes


def _covers(folder: Path, source: str, note: Mapping[str, Any]) -> tuple[int, int] | None:
    if "covers" not in note:
        return None
    try:
        first, last = (parse_month(str(month)) for month in note["covers"])
    except (TypeError, ValueError) as error:
        raise ExtractError(
            f"[{source}] covers: {error}", f"{folder.name}/{NOTE}", 'Write covers = ["2026-03", "2026-10"].'
        ) from None
    return first, last
