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
from opti_reports.messages.message import Message, message
from opti_reports.model.delivery import RowCounts
from opti_reports.periods.months import month_text
from opti_reports.stages import doubts
from opti_reports.stages.counted import Facts


def guard(configs: Configs, facts: Facts) -> None:
    """Refuse deliveries that lose far too many rows, of a month or all in all, and that nobody confirmed.

    What is wrong with the rows comes first; only a loss that it does not explain may be confirmed.
    """
    faults: list[Message] = []
    explained: set[bool] = set()
    for source in configs.sources.values():
        before: RowCounts | None = None
        for number, (delivery, kept) in enumerate(facts.of(source.id), 1):
            if not delivery.confirm_shrink:
                month = month_text(delivery.month)
                follows = [
                    *_unusable(kept.counts, before, len(refusals.wrong(kept.rejects))),
                    *_shrunken(configs, source, facts, number),
                    *_lost(configs, source, facts, number),
                ]
                if any(known for _, known in follows):
                    found = refusals.causes(source, refusals.wrong(kept.rejects), delivery.extracted_on)
                    faults += [
                        message("delivery.cause", month=month, source=source.id, why=cause) for cause in found
                    ]
                faults += [message("loss.of", month=month, source=source.id, why=why) for why, _ in follows]
                explained |= {known for _, known in follows}
            before = kept.counts
    if faults:
        remedies = {True: message("loss.correct"), False: message("loss.confirm")}
        said = tuple(remedies[known] for known in sorted(explained, reverse=True))
        raise ExtractError("loss.all", faults=tuple(faults), remedies=said)


def _shrunken(configs: Configs, source: Source, facts: Facts, number: int) -> Iterator[tuple[Message, bool]]:
    """Yield months that the n-th delivery would leave with far fewer rows; whether rejects explain it."""
    _, kept = facts.of(source.id)[number - 1]
    for lost in slices.shrunken(facts.reaches(configs, source.id)[:number]):
        what = message(
            "loss.month",
            month=month_text(lost.month),
            after=lost.after,
            before=lost.before,
            cut_off=doubts.cut_off(kept.counts.read),
        )
        yield what, refusals.explain(kept.rejects, lost.before - lost.after)


def _lost(configs: Configs, source: Source, facts: Facts, number: int) -> Iterator[tuple[Message, bool]]:
    """Yield units that the n-th delivery would leave with far fewer rows, and whether rejected rows explain
    it.
    """
    kept = [one for _, one in facts.of(source.id)[:number]]
    unit = partial(unit_of, configs.organisation, source)

    reaches = facts.reaches(configs, source.id)[:number]
    for lost in lost_of_units(source, reaches, [one.counts for one in kept], unit):
        yield (
            message(
                "loss.unit",
                unit=lost.unit,
                month=month_text(lost.month),
                after=lost.after,
                before=lost.before,
            ),
            refusals.explain(kept[-1].rejects, lost.before - lost.after),
        )


def _unusable(now: RowCounts, before: RowCounts | None, wrong: int) -> Iterator[tuple[Message, bool]]:
    """Yield why a delivery cannot stand for its month, and whether ``wrong`` rows, the rejected, explain it.

    Either there is no row, or most are rejected (not only as duplicates). As with months that shrink, a few
    rows are never refused, only named.
    """
    if not now.read and before and before.used > slices.SHRINK_ROWS:
        yield message("loss.none", before=before.used), False
    if wrong > max(slices.SHRINK_ROWS, now.read / 2):
        yield message("loss.most", used=now.used, rows=now.read), True
    elif now.read > slices.SHRINK_ROWS and not now.used:
        yield message("loss.outside", rows=now.read), False
