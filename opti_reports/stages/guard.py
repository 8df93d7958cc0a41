"""Deliveries that would lose far too many rows are refused, with the cause first and the remedy last."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from opti_reports.catalogue.units import unit_of
from opti_reports.config.load import Configs
from opti_reports.config.source import Source
from opti_reports.errors import ExtractError
from opti_reports.extracts import refusals
from opti_reports.facts import slices
from opti_reports.facts.losses import lost_of_units
from opti_reports.model.delivery import RowCounts
from opti_reports.periods.months import month_text
from opti_reports.stages import doubts
from opti_reports.stages.counted import Facts


def guard(configs: Configs, facts: Facts) -> None:
    """Refuse deliveries that lose far too many rows, of a month or all in all, and that nobody confirmed.

    What is wrong with the rows comes first; only a loss that it does not explain may be confirmed.
    """
    faults, remedies = [], set()
    for source in configs.sources.values():
        reaches = facts.reaches(configs, source.id)
        before: RowCounts | None = None
        for number, (delivery, kept) in enumerate(facts.of(source.id), 1):
            if not delivery.confirm_shrink:
                where = f"data/{month_text(delivery.month)}: {source.id}"
                follows = [
                    *_unusable(kept.counts, before, len(refusals.wrong(kept.rejects))),
                    *(
                        (
                            f"would leave {month_text(lost.month)} with {lost.after} rows instead of "
                            f"{lost.before}{doubts.cut_off(kept.counts.read)}",
                            refusals.explain(kept.rejects, lost.before - lost.after),
                        )
                        for lost in slices.shrunken(reaches[:number])
                    ),
                    *_lost(configs, source, facts, number),
                ]
                if any(explained for _, explained in follows):
                    found = refusals.causes(source, kept.rejects, delivery.extracted_on)
                    faults += [f"{where}: {cause}" for cause in found]
                faults += [f"{where} {why}" for why, _ in follows]
                remedies |= {refusals.CORRECT if known else refusals.CONFIRM for _, known in follows}
            before = kept.counts
    if faults:
        raise ExtractError("\n".join(faults), "", "\n  ".join(sorted(remedies)))


def _lost(configs: Configs, source: Source, facts: Facts, number: int) -> Iterator[tuple[str, bool]]:
    """Units that the n-th delivery would leave with far fewer rows, and whether rejected rows explain it."""
    kept = [one for _, one in facts.of(source.id)[:number]]
    unit = partial(unit_of, configs.organisation, source)

    reaches = facts.reaches(configs, source.id)[:number]
    for lost in lost_of_units(source, reaches, [one.counts for one in kept], unit):
        yield (
            f"would leave the unit {lost.unit} with {lost.after} rows of {month_text(lost.month)} instead of "
            f"{lost.before}",
            refusals.explain(kept[-1].rejects, lost.before - lost.after),
        )


def _unusable(now: RowCounts, before: RowCounts | None, wrong: int) -> Iterator[tuple[str, bool]]:
    """Why a delivery cannot stand for its month, and whether ``wrong`` rows, the rejected, explain it.

    Either there is no row, or most are rejected (not only as duplicates). As with months that shrink, a few
    rows are never refused, only told.
    """
    if not now.read and before and before.used > slices.SHRINK_ROWS:
        yield f"has no rows; the delivery before it had {before.used}", False
    if wrong > max(slices.SHRINK_ROWS, now.read / 2):
        yield f"can use only {now.used} of its {now.read} rows", True
    elif now.read > slices.SHRINK_ROWS and not now.used:
        yield f"has {now.read} rows and none of its month or before", False
