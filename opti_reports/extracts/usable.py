"""Which rows of a delivery are used: the rules over them, what is rejected, and what nobody can read."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from opti_reports.algebra.calendar import day_number
from opti_reports.algebra.columns import Columns, Taken
from opti_reports.algebra.functions import Context
from opti_reports.config.expressions import columns_read, of_other_rows
from opti_reports.config.source import Source
from opti_reports.extracts import rows as rules
from opti_reports.extracts import totals, unused
from opti_reports.extracts.beside import broken_beside
from opti_reports.extracts.gathered import Extract, Gathered
from opti_reports.extracts.judge import Judge
from opti_reports.extracts.keys import mark_repeated
from opti_reports.extracts.order import KeyOrder
from opti_reports.extracts.redact import ids_masked
from opti_reports.extracts.unreadable import FUTURE, ahead, marked, unreadable
from opti_reports.model.delivery import TOTAL_ROW, Delivery, FileRows


def usable(
    source: Source,
    delivery: Delivery,
    context: Context,
    rows: Columns,
    gathered: Gathered,
    ignored: tuple[str, ...],
    judge: Judge,
) -> Extract:
    """Return the rows that pass every rule; the others join the rejects."""
    size, names = gathered.size, tuple(path.name for path in delivery.files)
    order = KeyOrder(rows, gathered.keys)
    extract = Extract(
        source=source.id,
        rows=rows,
        rank=order,
        size=0,
        read=size + len(gathered.skipped),
        rejects=tuple(gathered.skipped),
        ignored=ignored,
        file=gathered.files,
        files=_files(gathered, rows, names),
        stand_ins=gathered.stand_ins,
        lacking=tuple(sorted(gathered.absent)),
    )
    if not size:
        return replace(extract, lost=unused.lost(source, rows, rules.Why(0), gathered))
    unread = unreadable(source, gathered, rows, context)
    rows = marked(rows, unread, size)
    late = ahead(source, rows, day_number(delivery.extracted_on), context)
    own, rows, bad = rules.own_dates(source, rows, size, context), marked(rows, late, size), (*unread, *late)
    reasons = _set_aside(source, rows, gathered, judge)
    causes = unused.mark_unplaced(source, bad, own, reasons)
    if columns_read(source, source.date) & {cells.column for cells in late}:
        after = rules.after(own, day_number(delivery.extracted_on), context)
        reasons.mark_used(after, FUTURE)
    beside = of_other_rows(source)
    checks = {name: check for name, check in source.check.items() if name not in beside}
    for reason, found in rules.broken_rules(checks, rows, size, context).items():
        reasons.mark_used(found, reason)
    _mark_sums(source, delivery, rows, reasons, judge)
    order = KeyOrder(rows, gathered.keys)
    causes |= mark_repeated(
        source=source,
        delivery=delivery,
        context=context,
        rows=rows,
        own=own,
        gathered=gathered,
        order=order,
        reasons=reasons,
        guards=judge.guards,
    )
    for found, reason in broken_beside(source, rows, order, reasons, context):
        reasons.mark_used(found, reason)
    kept = np.flatnonzero(reasons.used)
    used = rows if len(kept) == size else rows.chosen(kept)
    return replace(
        extract,
        rows=ids_masked(source, used),  # only now: rows are distinguished by them
        rank=order if len(kept) == size else order.of_kept(kept),
        size=len(kept),
        rejects=unused.rejects(source, gathered, names, reasons, causes),
        file=gathered.files[kept],
        lost=unused.lost(source, rows, reasons, gathered),
        unknown=tuple(unused.reported(source, bad, gathered, names, reasons.used)),
    )


def _files(gathered: Gathered, rows: Columns, names: tuple[str, ...]) -> tuple[FileRows, ...]:
    """Return each file with the print of its keys, rows that are no data left out."""
    data = np.ones(gathered.size, dtype=bool)
    data[list(gathered.aside)] = False
    ends = [*gathered.begins[1:], gathered.size]
    for first, end, keys in zip(gathered.begins, ends, gathered.prints, strict=False):
        keys.finish(map(rows.kept, rows), first, data[first:end])
    found = [FileRows(name, str(keys)) for name, keys in zip(names, gathered.prints, strict=True)]
    for at, headings in enumerate(gathered.headings):
        if headings.wide is not None:
            months, span = headings.wide.places, headings.wide.span(headings.cells)
            empty = gathered.rows[at] * len(months) - (ends[at] - gathered.begins[at])
            found[at] = FileRows(*found[at][:2], len(months), span, gathered.rows[at], empty)
    return tuple(found)


def _set_aside(source: Source, rows: Columns, gathered: Gathered, judge: Judge) -> rules.Why:
    """Return why each row is no row of data, totals among them; empty where it is one."""
    reasons = rules.Why(gathered.size)
    for row, reason in gathered.aside.items():
        reasons.mark([row], reason)
    reasons.mark(totals.labelled(judge.labels(source), source, rows, gathered.size), TOTAL_ROW)
    return reasons


def _mark_sums(
    source: Source,
    delivery: Delivery,
    rows: Columns,
    reasons: rules.Why,
    judge: Judge,
) -> None:
    """Mark rows that are the sums of others, or may be."""
    if judge.organisation is None or totals.unit_of_key(source) is None:
        return
    valid = np.flatnonzero(reasons.used)
    found = totals.sums_of_others(
        source=source,
        delivery=delivery,
        rows=Taken(rows, valid),
        size=len(valid),
        organisation=judge.organisation,
        guards=judge.guards,
    )
    for reason in filter(None, set(found)):
        reasons.mark(valid[found == reason], reason)
