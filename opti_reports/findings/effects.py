"""Whether an action helped: the months before it and after it, and what the process behaviour chart says."""

from __future__ import annotations

from math import fsum

from opti_reports.algebra.student import paired, welch
from opti_reports.findings.reading import Kind, kind
from opti_reports.findings.spc import Values, chart
from opti_reports.model.finding import Effect, Verdict
from opti_reports.model.spc import Chart, Direction, Target
from opti_reports.periods.months import YEAR

VERDICTS: dict[Kind, Verdict] = {"improvement": "seen", "concern": "opposite", "neutral": "not_yet"}


def effect(
    values: Values,
    start: int,
    *,
    needed: int,
    fewest: int,
    since: int = 0,
    target: Target | None = None,
    direction: Direction = "neutral",
) -> Effect:
    """Return the effect of an action that began in the month ``start`` of the series.

    ``since``: where the baseline begins (the last approved rebase). The month of the start is partly before
    and partly after, so it counts for neither side. The limits rest on the baseline alone. The effect is
    ``seen`` when the newest point is a special cause in the wanted direction and the means moved that way
    too, ``opposite`` likewise, and ``too_early`` below ``needed`` points after the start or where the chart
    has no icon yet (below ``fewest``). The difference and its interval are Welch's (``algebra.student``).
    """
    before = [value for value in values[since:start] if value is not None]
    after = [value for value in values[start + 1 :] if value is not None]
    first, second = _mean(before), _mean(after)
    difference = None if first is None or second is None else second - first
    compared = welch(before, after)
    interval = None if compared is None else compared[1:]
    verdict: Verdict = "too_early"
    if first is not None and second is not None and len(after) >= needed:
        made = chart(values[since:], fewest=fewest, target=target, direction=direction, fix=start - since)
        verdict = _verdict(made, first, second, target, direction)
    return Effect(
        verdict=verdict,
        before=first,
        after=second,
        difference=difference,
        interval=interval,
        n_before=len(before),
        n_after=len(after),
    )


def seasonal_effect(
    levels: Values,
    differences: Values,
    start: int,
    *,
    needed: int,
    fewest: int,
    since: int = 0,
    direction: Direction = "neutral",
) -> Effect:
    """Return the effect on a seasonal metric: each month after the start beside the same month a year before.

    ``differences`` from a year ago are what the chart judges, by ``effect``'s rules. They say something of
    the action for a year from its start: what came later is set against months that had it already.
    """
    end = start + YEAR
    after = [at for at in range(start + 1, min(end, len(levels))) if differences[at] is not None]
    first, second = (_mean([levels[at - back] or 0.0 for at in after]) for back in (YEAR, 0))
    compared = paired([differences[at] or 0.0 for at in after])
    verdict: Verdict = "too_early"
    if first is not None and second is not None and len(after) >= needed:
        made = chart(differences[since:end], fewest=fewest, direction=direction, fix=start - since)
        verdict = _verdict(made, first, second, None, direction)
    return Effect(
        verdict=verdict,
        before=first,
        after=second,
        difference=None if compared is None else compared[0],
        interval=None if compared is None else compared[1:],
        n_before=len(after),
        n_after=len(after),
        season=True,
    )


def _verdict(
    made: Chart, first: float, second: float, target: Target | None, direction: Direction
) -> Verdict:
    """Return what the newest point says of a move of the means; nothing yet where it is not judged."""
    if made.variation is None:
        return "too_early"
    moved = kind(1 if second > first else -1, second, first, target, direction)
    return VERDICTS[moved] if second != first and made.variation.startswith(moved) else "not_yet"


def _mean(values: list[float]) -> float | None:
    return fsum(values) / len(values) if values else None
