"""Files of the data months to deliveries: typed rows, broken ones left out, duplicate keys resolved."""

import csv
import io
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from .cells import as_text, fold, parse
from .dates import add_work_days, day_of, first_day, is_working_day, last_day, month_number, month_of

# A row by canonical column names; an empty cell is absent, so ``row.get(column)`` is None.
Row = dict[str, Any]

PLANNED = {"booked_for", "due_at", "first_due_at", "starts_on", "ends_on"}
SIGNED = {"nps_0_10", "promoters_n", "detractors_n", "mean", "cles_mean", "feedback_mean_1_5"}
UNKNOWN = "?"
"""A code that nobody knows."""
# The earlier moment, then those that must not come before it.
ORDER: dict[str, dict[str, tuple[str, ...]]] = {
    "phone_contacts": {"arrived_at": ("first_callback_at", "answered_at", "reached_at")},
    "digi_contacts": {"opened_at": ("first_response_at", "closed_at")},
    "avohilmo_events": {
        "contacted_at": ("hta_at", "visit_start"),
        "booked_at": ("booked_for", "cancelled_at"),
    },
    "haipro_reports": {
        "reported_at": (
            "arrived_at",
            "transferred_at",
            "received_at",
            "classified_at",
            "analysed_at",
            "closed_at",
        ),
        "received_at": ("closed_at",),
    },
    "client_feedback": {
        "received_at": ("first_handled_at", "closed_at", "first_replied_at", "rerouted_at", "reopened_at")
    },
    "legal_cases": {"received_at": ("due_at", "replied_at")},
    "contracts": {"starts_on": ("ends_on",)},
    "action_register": {"opened_at": ("due_at", "first_due_at", "done_at")},
}
# Where the order of two moments of one day does not matter.
BY_DAY = ("avohilmo_events", "haipro_reports", "client_feedback")


@dataclass(frozen=True)
class Source:
    """What sources.toml says of one extract."""

    name: str
    files: str
    system: str
    window: int
    extracted: int
    own_date: list[str]
    key: list[str]
    open_cases: bool
    columns: dict[str, list[str]]
    codes: dict[str, dict[str, list[str]]]
    empty: list[str]
    instead: dict[str, str]


@dataclass(frozen=True, eq=False)
class Delivery:
    """One source's files of one data month, and the first month they cover (the last is their own)."""

    source: Source
    month: int
    rows: list[Row]
    first: int


@cache
def sources() -> dict[str, Source]:
    """Return the extracts that metrics are computed from."""
    raw = tomllib.loads(Path(__file__).with_name("sources.toml").read_text(encoding="utf-8"))
    unsaid: dict[str, object] = {"codes": {}, "empty": [], "open_cases": False, "instead": {}}
    return {name: Source(name=name, **(unsaid | table)) for name, table in raw.items()}


def deliveries(data: Path, until: int) -> Iterator[Delivery]:
    """Yield every delivery of the data months up to ``until``, oldest first."""
    folders = sorted(p for p in data.iterdir() if p.is_dir() and len(p.name) == 7 and p.name[4] == "-")
    for folder in folders:
        month = month_number(folder.name)
        if month > until:
            continue
        for source in sources().values():
            found = [p for p in folder.iterdir() if fnmatch(p.name.lower(), source.files)]
            if files := sorted(p for p in found if p.suffix.lower() in (".csv", ".xlsx")):
                yield _delivery(source, month, files, _told(folder).get(source.name, {}))


def _told(folder: Path) -> dict[str, dict[str, Any]]:
    """Return what ``delivery.toml`` says of each source."""
    note = folder / "delivery.toml"
    return tomllib.loads(note.read_text(encoding="utf-8")) if note.exists() else {}


def _extracted_on(source: Source, month: int, told: dict[str, Any]) -> date:
    if "extracted_on" in told:
        return date.fromisoformat(str(told["extracted_on"]))
    if source.extracted:
        return add_work_days(last_day(month), source.extracted)
    middle = first_day(month + 1).replace(day=15)
    return middle if is_working_day(middle) else add_work_days(middle, 1)


def _delivery(source: Source, month: int, files: list[Path], told: dict[str, Any]) -> Delivery:
    extracted_on = _extracted_on(source, month, told)
    by_key: dict[tuple[object, ...], Row] = {}
    for path in files:
        for row in _read(source, path):
            if _possible(source, row, extracted_on):
                by_key[tuple(row.get(column) for column in source.key)] = row
    rows = list(by_key.values())
    first = min((own for row in rows if (own := own_month(source, row)) is not None), default=month)
    if source.open_cases:  # an old case is there because it is open; the others of its month are not
        first = max(first, month - source.window + 1)
    if "covers" in told:
        first = month_number(told["covers"][0])
    return Delivery(source, month, rows, min(first, month))


def own_month(source: Source, row: Row) -> int | None:
    """Return the month a row's own date lies in."""
    day = next((row[column] for column in source.own_date if column in row), None)
    return day if day is None or isinstance(day, int) else month_of(day)


def _read(source: Source, path: Path) -> Iterator[Row]:
    """Yield the rows of one file whose key, unit and date can be read; other bad cells are unknown."""
    lines = (line for line in _lines(source, path) if any(line))
    names = _header(source, path, next(lines, []))
    nothing = {"", *map(fold, source.empty)}
    for line in lines:
        if len(line) != len(names):
            continue
        try:
            filled = [
                (n, text) for n, text in zip(names, line, strict=True) if n and fold(text) not in nothing
            ]
            cells = {name: _cell(source, name, text) for name, text in filled}
        except ValueError:
            continue  # a cell that places the row is none of its type or codes: the row is a reject
        row = {name: value for name, value in cells.items() if value is not None}
        row |= {name: UNKNOWN for name in _needed(source, "enum!") if name not in row}
        for name, other in source.instead.items():
            if name not in names and other in names and other in row:
                row[name] = row[other]
        if all(name in row for name in _needed(source, "!") if _places(source, name) and not _is_unit(name)):
            yield row


def _needed(source: Source, kind: str) -> list[str]:
    """Return the required columns of a kind; a row without a unit is kept, as unallocated."""
    return [name for name, (own, *_) in source.columns.items() if own.endswith(kind)]


def _is_unit(name: str) -> bool:
    return name.endswith("unit_code")


def _header(source: Source, path: Path, line: list[str]) -> list[str | None]:
    known = _headers(source.name)
    names = [known.get(fold(text)) for text in line]
    found = [name for name in names if name]
    needed = {name for name, (kind, *_) in source.columns.items() if kind.endswith("!")}
    if len(found) != len(set(found)) or needed - set(found):
        raise ValueError(f"{path}: columns {line}: missing {sorted(needed - set(found))}, or one twice")
    return names


@cache
def _headers(source: str) -> dict[str, str]:
    columns = sources()[source].columns
    return {fold(alias): name for name, (_, *aliases) in columns.items() for alias in (name, *aliases)}


@cache
def _codes(source: str, column: str) -> dict[str, str]:
    codes = sources()[source].codes[column]
    return {fold(alias): code for code, aliases in codes.items() for alias in (code, *aliases)}


def _cell(source: Source, name: str, text: str) -> object:
    """Return a cell's value, UNKNOWN or None for one that cannot be read; raise ValueError if it must be."""
    kind = source.columns[name][0].rstrip("!")
    if kind == "enum":
        return _codes(source.name, name).get(fold(text), UNKNOWN)
    try:
        value = parse(kind, text)
    except ValueError:
        if _places(source, name):
            raise
        return None
    negative = not isinstance(value, str | bool | date) and value < 0
    return None if negative and _is_count(source, name) else value


def _places(source: Source, name: str) -> bool:
    """Tell whether a column says which row it is and where it counts."""
    return name in source.key or name in source.own_date or _is_unit(name)


def _lines(source: Source, path: Path) -> Iterator[list[str]]:
    if path.suffix.lower() == ".xlsx":
        sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
        return ([as_text(cell) for cell in line] for line in sheet.to_python())
    text = _decoded(path)
    head = next((line for line in text.splitlines() if line.strip()), "")
    known = _headers(source.name)
    delimiter = max(";,\t", key=lambda mark: sum(fold(part.strip('"')) in known for part in head.split(mark)))
    return (
        [as_text(cell) for cell in line]
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    )


def _decoded(path: Path) -> str:
    """Decide the encoding strictly: a byte order mark, then UTF-8, then Windows-1252."""
    raw = path.read_bytes()
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16")
    if b"\0" in raw:
        raise ValueError(f"{path}: holds NUL bytes, so it is not text; export it again as CSV")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252")


def _possible(source: Source, row: Row, extracted_on: date) -> bool:
    """Tell whether a row's dates and order of events can be true on the day of the extract."""
    for name, value in row.items():
        dated = isinstance(value, date) and source.columns[name][0].startswith("date")
        if dated and name not in PLANNED and day_of(value) > extracted_on:
            return False
    return _in_order(source, row)


def _is_count(source: Source, name: str) -> bool:
    return source.columns[name][0].rstrip("!") in ("integer", "decimal") and name not in SIGNED


def _in_order(source: Source, row: Row) -> bool:
    times = {name: value for name, value in row.items() if isinstance(value, date)}
    if source.name in BY_DAY:
        times = {name: day_of(value) for name, value in times.items()}
    return all(
        times[name] >= times[start]
        for start, later in ORDER.get(source.name, {}).items()
        for name in later
        if start in times and name in times
    )
