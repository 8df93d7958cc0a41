"""Whether deliveries hold their whole months: what is doubted, what is refused, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from opti_reports.config.configs import Configs
from opti_reports.config.guards import Guards
from opti_reports.errors import ExtractError
from opti_reports.extracts.find import NOTE
from opti_reports.facts import silences
from opti_reports.facts.arrivals import Arrived, World
from opti_reports.messages.message import Message, Shown, few, message
from opti_reports.messages.spelling import suggestion
from opti_reports.model.delivery import Delivery, RowCounts
from opti_reports.model.report import ONLY_SAID, Doubt, SourceReport
from opti_reports.periods.months import month_text

UNITS_SHOWN = 6


def doubts(configs: Configs, found: Sequence[Delivery], counts: Sequence[RowCounts]) -> tuple[Doubt, ...]:
    """Return what is doubted of every delivery.

    Raises ExtractError where a required source has nothing
    of the newest month, or where nobody knows a confirmed unit.
    """
    _known(configs, found)
    arrived: dict[str, list[Arrived]] = {}
    for delivery, one in zip(found, counts, strict=True):
        own = Arrived(delivery.month, one, delivery.confirm_rows)
        arrived.setdefault(delivery.source, []).append(own)
    world = World(configs.organisation, configs.calendar, configs.guards)
    doubted = silences.doubts(configs.sources, arrived, world)
    month = found[-1].month if found else 0
    accepted = {d.source for d in found if d.month == month and d.confirm_shrink}
    _refuse(configs, [d for d in doubted if d.month == month and d.source not in accepted], month)
    return doubted


def _known(configs: Configs, found: Iterable[Delivery]) -> None:
    """Refuse a confirmation of an organisation that nobody knows."""
    known = sorted({unit.id for unit in configs.organisation.units})
    for delivery in found:
        for one in delivery.confirm_rows:
            if one not in known:
                where = f"data/{month_text(delivery.month)}/{NOTE}"
                near = suggestion(one, known)
                raise ExtractError("delivery.silent", where, source=delivery.source, org=one, near=near)


def _refuse(configs: Configs, found: Iterable[Doubt], month: int) -> None:
    """Refuse a required source without a row of the newest month; ``found`` are the doubts of that month."""
    empty = [d for d in found if d.kind == "no_rows" and configs.sources[d.source].presence == "required"]
    if empty:
        raise ExtractError(
            "delivery.no_rows",
            faults=tuple(
                message("delivery.cause", month=month_text(month), source=doubt.source, why=why(doubt))
                for doubt in empty
            ),
            root=configs.organisation.tree(month).root.id,
            sources=tuple(f"[{doubt.source}]" for doubt in empty),
            note=f"data/{month_text(month)}/{NOTE}",
        )


def cut_off(rows: int, guards: Guards) -> Shown:
    """Return what a round number of rows hints at; nothing for others."""
    if not rows or rows % guards.export_rows:
        return ""
    return message("delivery.cut_off", rows=rows)


def warnings(report: SourceReport) -> Iterator[Message]:
    """Yield what is doubted of a source's month: why, whose figures are partial, what to do."""
    for doubt in report.doubts:
        note = f"data/{month_text(doubt.month)}/{NOTE}"
        units, ids = few(doubt.units, UNITS_SHOWN), tuple(f'"{unit}"' for unit in doubt.units)
        said = why(doubt)
        if doubt.kind in ONLY_SAID:
            yield message("warning.less", source=report.source, why=said, units=units, ids=ids, note=note)
        else:
            yield message("warning.doubt", source=report.source, why=said, units=units, ids=ids, note=note)


def why(doubt: Doubt) -> Message:
    """Return what is wrong."""
    month, expected, file, like = month_text(doubt.of_month), doubt.expected, doubt.file, doubt.like
    first, last = str(doubt.first), str(doubt.last)
    whom: Shown = file or (
        message("doubt.unit", unit=doubt.units[0]) if len(doubt.units) == 1 else message("doubt.delivery")
    )
    found = {
        "no_rows": message("doubt.no_rows_repeated", month=month, expected=expected, file=file, like=like)
        if like
        else message("doubt.no_rows", month=month, expected=expected),
        "repeated": message("doubt.repeated", file=file, like=like),
        "ends_early": message("doubt.ends_early", whom=whom, first=first, expected=expected),
        "starts_late": message("doubt.starts_late", whom=whom, month=month, last=last, expected=expected),
        "hole": message("doubt.hole", whom=whom, first=first, last=last, expected=expected),
        "silent": message("doubt.silent", whom=whom, month=month, expected=expected),
        "shrunk": message("doubt.shrunk", whom=whom, rows=doubt.rows, month=month, expected=expected),
        "grown": message("doubt.grown", whom=whom, rows=doubt.rows, month=month, expected=expected),
        "emptied": message(
            "doubt.emptied", column=doubt.column, units=len(doubt.units), month=month, expected=expected
        ),
        "thinned": message(
            "doubt.thinned",
            column=doubt.column,
            units=len(doubt.units),
            rows=doubt.rows,
            month=month,
            expected=expected,
        ),
    }
    return found[doubt.kind]
