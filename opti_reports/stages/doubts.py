"""Whether the deliveries tell their whole months: what is doubted, what is refused, and what it says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from opti_reports.algebra.expression import suggestion
from opti_reports.config.load import Configs
from opti_reports.errors import ExtractError
from opti_reports.extracts.find import NOTE
from opti_reports.facts import silences
from opti_reports.facts.arrivals import Arrived, World
from opti_reports.model.delivery import Delivery, RowCounts
from opti_reports.model.report import Doubt, SourceReport
from opti_reports.periods.months import month_text

UNITS_SHOWN = 6
EXPORT_LIMIT = 1000
"""Exports are cut off at round numbers of rows."""


def doubts(configs: Configs, found: Sequence[Delivery], counts: Sequence[RowCounts]) -> tuple[Doubt, ...]:
    """What is doubted of every delivery.

    Raises ExtractError where a required source has nothing
    of the newest month, or where nobody knows a confirmed unit.
    """
    _known(configs, found)
    arrived: dict[str, list[Arrived]] = {}
    for delivery, one in zip(found, counts, strict=True):
        own = Arrived(delivery.month, one, delivery.confirm_silent)
        arrived.setdefault(delivery.source, []).append(own)
    world = World(configs.organisation, configs.calendar, configs.guards)
    told = silences.doubts(configs.sources, arrived, world)
    month = found[-1].month if found else 0
    accepted = {d.source for d in found if d.month == month and d.confirm_shrink}
    _refuse(configs, [d for d in told if d.month == month and d.source not in accepted], month)
    return told


def _known(configs: Configs, found: Iterable[Delivery]) -> None:
    """Refuse a confirmation of an organisation that nobody knows."""
    known = sorted({unit.id for unit in configs.organisation.units})
    for delivery in found:
        for one in delivery.confirm_silent:
            if one not in known:
                what = f"[{delivery.source}] confirm_silent: unknown organisation '{one}'"
                where = f"data/{month_text(delivery.month)}/{NOTE}"
                fix = "Write the ids of units in organisation.toml."
                raise ExtractError(what + suggestion(one, known), where, fix)


def _refuse(configs: Configs, told: Iterable[Doubt], month: int) -> None:
    """Refuse a required source without a row of the newest month; ``told`` are the doubts of that month."""
    faults = [
        f"data/{month_text(month)}: {doubt.source}: {why(doubt)}"
        for doubt in told
        if doubt.kind == "no_rows" and configs.sources[doubt.source].presence == "required"
    ]
    if faults:
        root = configs.organisation.tree(month).root.id
        fix = f'write confirm_silent = ["{root}"] under [source] in its delivery.toml.'
        raise ExtractError(
            "\n".join(faults), "", f"Ask for the extract of the month. If there truly was nothing, {fix}"
        )


def cut_off(rows: int) -> str:
    """What a round number of rows hints at; nothing for others."""
    if not rows or rows % EXPORT_LIMIT:
        return ""
    return f" (it has exactly {rows} rows: the export may be cut off there)"


def lines(report: SourceReport) -> Iterator[str]:
    """What is doubted of a source's month, a line each: why, whose figures are partial, what to do."""
    for doubt in report.doubts:
        many = len(doubt.units) - UNITS_SHOWN
        units = ", ".join(doubt.units[:UNITS_SHOWN]) + (f" and {many} more" if many > 0 else "")
        ids = ", ".join(f'"{unit}"' for unit in doubt.units)
        note = f"[{report.source}] in data/{month_text(doubt.month)}/{NOTE}"
        yield (
            f"{report.source}: {why(doubt)}; partial for it: {units}. Ask for the rows; if there truly were "
            f"none, write confirm_silent = [{ids}] under {note}"
        )


def why(doubt: Doubt) -> str:
    """What is wrong, in words."""
    month = month_text(doubt.of_month)
    whom = doubt.file or (f"unit {doubt.units[0]}" if len(doubt.units) == 1 else "the delivery")
    expected = f", where some {doubt.expected} were to be expected"
    like = f"{doubt.file} has the same rows as {doubt.like}"
    texts = {
        "no_rows": f"the delivery has no row of {month}{expected}" + (f"; {like}" if doubt.like else ""),
        "repeated": like,
        "ends_early": f"{whom} has no row from {doubt.first} to the end of the month{expected}",
        "starts_late": f"{whom} has no row of {month} until {doubt.last}{expected}",
        "hole": f"{whom} has no row from {doubt.first} to {doubt.last}{expected}",
        "silent": f"{whom} has no row of {month}{expected}",
        "shrunk": f"{whom} has {doubt.rows} rows of {month}; no month before had less than {doubt.expected}",
    }
    return texts[doubt.kind]
