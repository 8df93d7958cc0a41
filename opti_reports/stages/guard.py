"""Deliveries that would lose far too many rows are refused, with the cause first and the remedy last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from opti_reports.catalogue.units import unit_of
from opti_reports.config.configs import Configs
from opti_reports.config.guards import Guards
from opti_reports.config.source import Source
from opti_reports.errors import ExtractError
from opti_reports.extracts import refusals
from opti_reports.extracts.find import NOTE
from opti_reports.extracts.redact import redact_code
from opti_reports.facts import slices
from opti_reports.facts.losses import Lost, lost_of_units
from opti_reports.messages.message import Message, Shown, few, message
from opti_reports.metrics.placed import unresolved
from opti_reports.model.delivery import Reject, RowCounts
from opti_reports.periods.months import month_text
from opti_reports.stages import doubts
from opti_reports.stages.counted import Facts

CORRECT, UNITS, CONFIRM = "correct", "units", "confirm"
"""What can be done about lost rows that are rejected, that went to codes nobody knows, or that are gone."""
CODES_SHOWN = 3
Loss = tuple[Message, str]
"""What is lost, and the remedy."""


def guard(configs: Configs, facts: Facts) -> None:
    """Refuse deliveries that lose far too many rows, of a month or all in all, and that nobody confirmed.

    What is wrong with the rows comes first; only a loss that it does not explain may be confirmed.
    """
    faults: list[Message] = []
    places: dict[str, list[tuple[str, str]]] = {}
    for source in configs.sources.values():
        before: RowCounts | None = None
        for number, (delivery, kept) in enumerate(facts.of(source.id), 1):
            if not delivery.confirm_shrink:
                month = month_text(delivery.month)
                losses = [
                    *_unusable(kept.counts, before, len(refusals.wrong(kept.rejects)), configs.guards),
                    *_shrunken(configs, source, facts, number),
                    *_lost(configs, source, facts, number),
                ]
                if any(remedy == CORRECT for _, remedy in losses):
                    wrong = refusals.wrong(kept.rejects)
                    faults += [
                        message("delivery.cause", month=month, source=source.id, why=cause)
                        for cause in refusals.causes(source, wrong, delivery.extracted_on)
                    ]
                for why, remedy in losses:
                    faults.append(message("loss.of", month=month, source=source.id, why=why))
                    places.setdefault(remedy, []).append((source.id, month))
            before = kept.counts
    if faults:
        raise ExtractError("loss.all", faults=tuple(faults), remedies=tuple(_remedies(places)))


def _remedies(places: Mapping[str, Sequence[tuple[str, str]]]) -> Iterator[Message]:
    """Yield what can be done, whatever explains the loss first; places are sources with their months."""
    if CORRECT in places:
        yield message("loss.correct")
    if UNITS in places:
        yield message("loss.units")
    if CONFIRM in places:
        notes = dict.fromkeys(places[CONFIRM])
        said = (message("loss.place", source=source, month=month, note=NOTE) for source, month in notes)
        yield message("loss.confirm", places=tuple(said))


def _shrunken(configs: Configs, source: Source, facts: Facts, number: int) -> Iterator[Loss]:
    """Yield months that the n-th delivery would leave with far fewer rows."""
    _, kept = facts.of(source.id)[number - 1]
    for lost in slices.shrunken(facts.reaches(configs, source.id)[:number], configs.guards):
        what = message(
            "loss.month",
            month=month_text(lost.month),
            after=lost.after,
            before=lost.before,
            cut_off=doubts.cut_off(kept.counts.read, configs.guards),
        )
        yield what, _remedy(kept.rejects, lost.before - lost.after)


def _remedy(rejects: Sequence[Reject], lost: int) -> str:
    return CORRECT if refusals.explain(rejects, lost) else CONFIRM


def _lost(configs: Configs, source: Source, facts: Facts, number: int) -> Iterator[Loss]:
    """Yield units that the n-th delivery would leave with far fewer rows."""
    kept = [one for _, one in facts.of(source.id)[:number]]
    unit = partial(unit_of, configs.organisation, source)
    reaches = facts.reaches(configs, source.id)[:number]
    for lost in lost_of_units(source, reaches, [one.counts for one in kept], unit, configs.guards):
        rows, codes = _elsewhere(configs, source, [one.counts for one in kept], lost)
        gone = lost.before - lost.after
        yield (
            message(
                "loss.unit",
                unit=lost.unit,
                month=month_text(lost.month),
                after=lost.after,
                before=lost.before,
                codes=codes,
            ),
            UNITS if 2 * rows >= gone else _remedy(kept[-1].rejects, gone),
        )


def _elsewhere(
    configs: Configs, source: Source, counts: Sequence[RowCounts], lost: Lost
) -> tuple[int, Shown]:
    """Return how many rows of the month have codes that no unit has and that are new, and which they are."""
    *earlier, own = ([row for row in one.units if row.month == lost.month] for one in counts)
    old = {row.code for rows in earlier for row in rows}
    found = unresolved([row for row in own if row.code not in old], source, configs.organisation)
    rows = sum(found.values())
    if not rows:
        return 0, ""
    codes = few([f"'{redact_code(code)}'" for code in found], CODES_SHOWN)
    return rows, message("loss.codes", rows=rows, codes=codes)


def _unusable(now: RowCounts, before: RowCounts | None, wrong: int, guards: Guards) -> Iterator[Loss]:
    """Yield why a delivery cannot stand for its month, with ``wrong`` rows rejected.

    Either there is no row, or most are rejected (not only as duplicates). As with months that shrink, a few
    rows are never refused, only named.
    """
    if not now.read and before and before.used > guards.lost_rows:
        yield message("loss.none", before=before.used), CONFIRM
    if wrong > max(guards.lost_rows, now.read / 2):
        yield message("loss.most", used=now.used, rows=now.read), CORRECT
    elif now.read > guards.lost_rows and not now.used:
        yield message("loss.outside", rows=now.read), CONFIRM
