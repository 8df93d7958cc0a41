"""Sources beside one another and limits over time: no heading, code, file or limit may mean two things."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from itertools import combinations, pairwise

from opti_reports.algebra.expression import suggestion
from opti_reports.config.expressions import KINDS, identifying
from opti_reports.config.settings import Limits
from opti_reports.config.source import Column, Source, fold
from opti_reports.errors import Fault


def check_sources(sources: Iterable[Source]) -> list[Fault]:
    """Headings, codes and file names that could be taken for two things."""
    found = list(sources)
    each = (_headings, _stand_ins, _codes, _keys, _blanks, _kept)
    faults = [fault for source in found for check in each for fault in check(source)]
    return faults + [fault for one, other in combinations(found, 2) for fault in _files(one, other)]


def _file(source: Source) -> str:
    return f"sources/{source.id}.toml"


def _headings(source: Source) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for name, column in source.column.items():
        for heading in (name, *column.aliases):
            owner = seen.setdefault(fold(heading), name)
            if owner != name:
                what = f"the heading '{heading}' also means the column '{owner}'"
                yield Fault(_file(source), f"column.{name}.aliases", what, "A heading means one column.")


def _stand_ins(source: Source) -> Iterator[Fault]:
    for name, column in source.column.items():
        other = source.column.get(column.stand_in or name)
        if other is None or other.type != column.type:
            what = f"'{column.stand_in}' is no column of type {column.type}"
            yield Fault(_file(source), f"column.{name}.stand_in", what)


def _codes(source: Source) -> Iterator[Fault]:
    for name, column in source.column.items():
        seen: dict[str, str] = {}
        for code, spelling in _spellings(column):
            owner = seen.setdefault(fold(spelling), code)
            if owner != code:
                what = f"'{spelling}' also means the code '{owner}'"
                yield Fault(
                    _file(source), f"column.{name}.code_aliases.{code}", what, "A word means one code."
                )


def _spellings(column: Column) -> Iterator[tuple[str, str]]:
    yield from ((code, code) for code in column.codes)
    for code, aliases in column.code_aliases.items():
        yield from ((code, alias) for alias in aliases)


def _keys(source: Source) -> Iterator[Fault]:
    columns = [source.column[name] for name in source.key if name in source.column]
    if columns and not any(column.required for column in columns):
        what = "none of its columns is required"
        yield Fault(_file(source), "key", what, "In a file without them all rows would count as one.")


def _blanks(source: Source) -> Iterator[Fault]:
    """What empty cells and texts mean: nothing that contradicts what the column is for."""
    placing = {*source.key, source.date}
    for name, column in source.column.items():
        key, unknown = f"column.{name}.blank", column.blank == "unknown"
        of_unit = column.type == "code" and not column.codes and name in identifying(source)
        if column.blank and not unknown and column.required and name in placing:
            what = "without it a row cannot be placed, so an empty cell says nothing"
            yield Fault(_file(source), key, what, 'Leave it out, or write blank = "unknown".')
        if unknown and of_unit:
            what = "a row without a unit counts for no known unit"
            yield Fault(_file(source), key, what, "Say with 'empty_unit' for whom else it counts.")
        if column.blank == "no" and KINDS[column.type] in ("date", "datetime"):
            yield Fault(_file(source), key, "a date is not 'no'", 'Write "not_yet" or "not_applicable".')
        if column.blank_ok and not unknown:
            yield Fault(_file(source), f"{key}_ok", "an empty cell is never unknown here", "Leave it out.")
        if column.leading_number and column.type not in ("integer", "decimal"):
            yield Fault(_file(source), f"column.{name}.leading_number", f"a {column.type} is not a number")
        if column.empty_dates and KINDS[column.type] not in ("date", "datetime"):
            yield Fault(_file(source), f"column.{name}.empty_dates", f"a {column.type} is not a date")


def _kept(source: Source) -> Iterator[Fault]:
    """The file of imports: one that the source takes, with cells that its columns have."""
    kept = source.kept
    if kept is None:
        return
    name = kept.file.casefold()
    if not name.endswith(".xlsx") or not any(fnmatchcase(name, p.casefold()) for p in source.files):
        what = f"'{kept.file}' is no workbook that 'files' takes"
        yield Fault(_file(source), "kept.file", what, f"Name it after one of {', '.join(source.files)}.")
    for key, cells in (("new", kept.new), ("of_metric", kept.of_metric)):
        for column, code in cells.items():
            place = f"kept.{key}.{column}"
            if column not in source.column:
                yield Fault(_file(source), place, f"unknown column{suggestion(column, source.column)}")
            elif source.column[column].codes and code not in source.column[column].codes:
                near = suggestion(code, source.column[column].codes)
                yield Fault(_file(source), place, f"unknown code '{code}'{near}")


def _files(one: Source, other: Source) -> Iterator[Fault]:
    """File patterns of two sources that fit the same file name."""
    for mine in one.files:
        for theirs in other.files:
            if _overlap(mine.casefold(), theirs.casefold()):
                what = f"'{theirs}' and '{mine}' of {one.id} can fit the same file"
                yield Fault(_file(other), "files", what, "Begin the names of their files differently.")


def _overlap(one: str, other: str) -> bool:
    """Whether the literal beginnings and the literal ends of two patterns go together."""
    (start, _, _), (_, _, end) = one.partition("*"), one.rpartition("*")
    (start_other, _, _), (_, _, end_other) = other.partition("*"), other.rpartition("*")
    begins = start.startswith(start_other) or start_other.startswith(start)
    return begins and (end.endswith(end_other) or end_other.endswith(end))


def check_limits(limits: Limits) -> list[Fault]:
    """Limits that are never in force, or two versions of one at once."""
    file = "limits.toml"
    faults = [
        Fault(file, f"limit.{one.id}.valid_to", f"{one.valid_to} is before valid_from {one.valid_from}")
        for one in limits.limit
        if one.valid_to < one.valid_from
    ]
    for name in dict.fromkeys(one.id for one in limits.limit):
        versions = sorted((one for one in limits.limit if one.id == name), key=lambda one: one.valid_from)
        for before, after in pairwise(versions):
            if before.valid_to >= after.valid_from:
                what = f"two versions are in force on {after.valid_from}"
                faults.append(Fault(file, f"limit.{name}", what, "End the earlier one the day before."))
    return faults
