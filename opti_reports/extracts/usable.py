"""Which rows of a delivery are used: the rules over them, what is rejected, and what nobody can read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from opti_reports.algebra.calendar import day_number
from opti_reports.algebra.columns import Columns, Taken
from opti_reports.algebra.expression import evaluate
from opti_reports.algebra.functions import Context
from opti_reports.algebra.vector import Vector
from opti_reports.config.expressions import columns_read
from opti_reports.config.source import Source
from opti_reports.extracts import rows as rules
from opti_reports.extracts import totals, unused
from opti_reports.extracts.gathered import Extract, Gathered
from opti_reports.extracts.judge import Judge
from opti_reports.extracts.keys import mark_repeated, ranks
from opti_reports.extracts.redact import ids_masked
from opti_reports.extracts.unreadable import FUTURE, ahead, marked, unreadable
from opti_reports.model.delivery import TOTAL_ROW, Delivery, FileRows


def usable(
    source: Source,
    delivery: Delivery,
    context: Context,
    rows: Mapping[str, Vector],
    gathered: Gathered,
    ignored: tuple[str, ...],
    judge: Judge,
) -> Extract:
    """Return the rows that pass every rule; the others join the rejects."""
    size, names = gathered.size, tuple(path.name for path in delivery.files)
    file = np.concatenate([np.zeros(0, dtype=np.int32), *gathered.files])
    extract = Extract(
        source=source.id,
        rows=rows,
        rank=np.zeros(0, dtype=np.int64),
        size=0,
        read=size + len(gathered.skipped),
        rejects=tuple(gathered.skipped),
        ignored=ignored,
        file=file,
        files=_files(gathered, rows, file, names),
        stand_ins=gathered.stand_ins,
        lacking=tuple(sorted(gathered.absent)),
    )
    if not size:
        return replace(extract, lost=unused.lost(source, rows, np.zeros(0, dtype=object), gathered))
    unread = unreadable(source, gathered, rows, context)
    rows = marked(rows, unread, size)
    late = ahead(source, rows, day_number(delivery.extracted_on), context)
    own, rows, bad = _date(source, rows, size, context), marked(rows, late, size), (*unread, *late)
    reasons = _set_aside(source, rows, gathered, judge)
    causes = unused.mark_unplaced(source, bad, own, reasons)
    if columns_read(source, source.date) & {cells.column for cells in late}:
        after = rules.after(own, day_number(delivery.extracted_on), context)
        reasons[after & (reasons == "")] = FUTURE
    for reason, found in rules.broken_rules(source, rows, size, context).items():
        reasons[found[reasons[found] == ""]] = reason
    _mark_sums(source, delivery, rows, reasons, judge)
    rank = ranks(source, rows, gathered)
    causes |= mark_repeated(
        source=source,
        delivery=delivery,
        context=context,
        rows=rows,
        own=own,
        gathered=gathered,
        rank=rank,
        reasons=reasons,
        guards=judge.guards,
    )
    kept = np.flatnonzero(reasons == "")
    used = rows if len(kept) == size else Columns(Taken(rows, kept))
    return replace(
        extract,
        rows=ids_masked(source, used),  # only now: rows are distinguished by them
        rank=rank[kept],
        size=len(kept),
        rejects=unused.rejects(source, gathered, names, reasons, causes),
        file=file[kept],
        lost=unused.lost(source, rows, reasons, gathered),
        unknown=tuple(unused.reported(source, bad, gathered, names, reasons == "")),
    )


def _files(
    gathered: Gathered, rows: Mapping[str, Vector], file: NDArray[np.int32], names: tuple[str, ...]
) -> tuple[FileRows, ...]:
    """Return each file with the print of its keys, rows that are no data left out."""
    data = np.ones(gathered.size, dtype=bool)
    data[list(gathered.aside)] = False
    for number, keys in enumerate(gathered.prints if gathered.size else ()):
        keys.finish(rows.values(), (file == number) & data)
    return tuple(FileRows(name, str(keys)) for name, keys in zip(names, gathered.prints, strict=True))


def _set_aside(source: Source, rows: Mapping[str, Vector], gathered: Gathered, judge: Judge) -> rules.Why:
    """Return why each row is no row of data, totals among them; empty where it is one."""
    reasons = np.full(gathered.size, "", dtype=object)
    reasons[list(gathered.aside)] = list(gathered.aside.values())
    reasons[totals.labelled(judge.labels(source), source, rows, gathered.size)] = TOTAL_ROW
    return reasons


def _mark_sums(
    source: Source,
    delivery: Delivery,
    rows: Mapping[str, Vector],
    reasons: rules.Why,
    judge: Judge,
) -> None:
    """Mark rows that are the sums of others, or may be."""
    if judge.organisation is None or totals.unit_of_key(source) is None:
        return
    valid = np.flatnonzero(reasons == "")
    reasons[valid] = totals.sums_of_others(
        source=source,
        delivery=delivery,
        rows=Taken(rows, valid),
        size=len(valid),
        organisation=judge.organisation,
        guards=judge.guards,
    )


def _date(source: Source, rows: Mapping[str, Vector], size: int, context: Context) -> Vector:
    """Return each row's own date."""
    columns = Columns(rows)
    for name, text in source.derive.items():
        if columns_read(source, text) <= columns_read(source, source.date) and source.date not in columns:
            columns[name] = evaluate(text, columns, size, context)
    return evaluate(source.date, columns, size, context)
