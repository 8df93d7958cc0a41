"""Sources beside one another and limits over time: no heading, code, file or limit may mean two things."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from itertools import combinations, pairwise

from opti_reports.config.expressions import KINDS, identifying
from opti_reports.config.formats import readable, stem
from opti_reports.config.limits import Limits
from opti_reports.config.source import Column, Source, fold
from opti_reports.config.wide import check_wide
from opti_reports.errors import Fault
from opti_reports.messages.spelling import suggestion


def check_sources(sources: Iterable[Source]) -> list[Fault]:
    """Return headings, codes and file names that could be taken for two things."""
    found = list(sources)
    each = (_headings, _stand_ins, _codes, _keys, _blanks, _kept, check_wide)
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
                yield Fault(
                    _file(source), f"column.{name}.aliases", "source.heading", heading=heading, column=owner
                )


def _stand_ins(source: Source) -> Iterator[Fault]:
    for name, column in source.column.items():
        other = source.column.get(column.stand_in or name)
        if other is None or other.type != column.type:
            yield Fault(
                _file(source),
                f"column.{name}.stand_in",
                "source.stand_in",
                name=str(column.stand_in),
                type=column.type,
            )


def _codes(source: Source) -> Iterator[Fault]:
    for name, column in source.column.items():
        seen: dict[str, str] = {}
        for code, spelling in _spellings(column):
            owner = seen.setdefault(fold(spelling), code)
            if owner != code:
                yield Fault(
                    _file(source),
                    f"column.{name}.code_aliases.{code}",
                    "source.spelling",
                    spelling=spelling,
                    code=owner,
                )


def _spellings(column: Column) -> Iterator[tuple[str, str]]:
    yield from ((code, code) for code in column.codes)
    for code, aliases in column.code_aliases.items():
        yield from ((code, alias) for alias in aliases)


def _keys(source: Source) -> Iterator[Fault]:
    columns = [source.column[name] for name in source.key if name in source.column]
    if columns and not any(column.required for column in columns):
        yield Fault(_file(source), "key", "source.key")


def _blanks(source: Source) -> Iterator[Fault]:
    """Yield what empty cells and texts mean: nothing that contradicts what the column is for."""
    placing = {*source.key, source.date}
    for name, column in source.column.items():
        key, unknown = f"column.{name}.blank", column.blank == "unknown"
        of_unit = column.type == "code" and not column.codes and name in identifying(source)
        if column.blank and not unknown and column.required and name in placing:
            yield Fault(_file(source), key, "source.blank")
        if unknown and of_unit:
            yield Fault(_file(source), key, "source.blank_unit")
        if column.blank == "no" and KINDS[column.type] in ("date", "datetime"):
            yield Fault(_file(source), key, "source.blank_date")
        if column.blank_ok and not unknown:
            yield Fault(_file(source), f"{key}_ok", "source.blank_ok")
        if column.leading_number and column.type not in ("integer", "decimal"):
            yield Fault(_file(source), f"column.{name}.leading_number", "source.no_number", type=column.type)
        if column.empty_dates and KINDS[column.type] not in ("date", "datetime"):
            yield Fault(_file(source), f"column.{name}.empty_dates", "source.no_date", type=column.type)


def _kept(source: Source) -> Iterator[Fault]:
    """Yield the file of imports: one that the source takes, with cells that its columns have."""
    kept = source.kept
    if kept is None:
        return
    name = kept.file.casefold()
    if not name.endswith(".xlsx") or not any(fnmatchcase(name, p.casefold()) for p in source.files):
        yield Fault(_file(source), "kept.file", "source.kept", file=kept.file, patterns=source.files)
    for key, cells in (("new", kept.new), ("of_metric", kept.of_metric)):
        for column, code in cells.items():
            place = f"kept.{key}.{column}"
            if column not in source.column:
                yield Fault(
                    _file(source), place, "unknown.this_column", near=suggestion(column, source.column)
                )
            elif source.column[column].codes and code not in source.column[column].codes:
                near = suggestion(code, source.column[column].codes)
                yield Fault(_file(source), place, "unknown.code", name=code, near=near)


def _files(one: Source, other: Source) -> Iterator[Fault]:
    """Yield file patterns of two sources that fit the same file name."""
    for theirs in other.files:
        found = [mine for mine in one.files if _overlap(mine.casefold(), theirs.casefold())]
        if found:
            mine = next((it for it in found if it.rpartition(".")[2] == theirs.rpartition(".")[2]), found[0])
            yield Fault(_file(other), "files", "source.files", theirs=theirs, mine=mine, source=one.id)


def _overlap(one: str, other: str) -> bool:
    """Return whether the literal beginnings and the literal ends of two patterns go together."""
    if readable(one) and readable(other):
        one, other = stem(one), stem(other)
    (start, _, _), (_, _, end) = one.partition("*"), one.rpartition("*")
    (start_other, _, _), (_, _, end_other) = other.partition("*"), other.rpartition("*")
    begins = start.startswith(start_other) or start_other.startswith(start)
    return begins and (end.endswith(end_other) or end_other.endswith(end))


def check_limits(limits: Limits) -> list[Fault]:
    """Return limits that are never in force, or two versions of one at once, and faults of tables."""
    file = "limits.toml"
    faults = [
        Fault(
            file, f"limit.{one.id}.valid_to", "dates.order", last=str(one.valid_to), first=str(one.valid_from)
        )
        for one in limits.limit
        if one.valid_to < one.valid_from
    ]
    for name in dict.fromkeys(one.id for one in limits.limit):
        versions = sorted((one for one in limits.limit if one.id == name), key=lambda one: one.valid_from)
        for before, after in pairwise(versions):
            if before.valid_to >= after.valid_from:
                faults.append(Fault(file, f"limit.{name}", "limit.two_versions", day=str(after.valid_from)))
    for name in dict.fromkeys(one.id for one in limits.table):
        same = [one for one in limits.table if one.id == name]
        if len(same) > 1:
            faults.append(Fault(file, f"table.{name}", "limit.table_twice"))
        faults += (
            Fault(file, f"table.{name}.{key}", "limit.digits", digits=one.digits)
            for one in same
            for key in one.inexact
        )
    return faults
