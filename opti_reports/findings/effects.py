"""Whether an action helped: the months before it and after it, and what the process behaviour chart says."""

from __future__ import annotations

from math import fsum

from opti_reports.algebra.student import welch
from opti_reports.findings.reading import Kind, kind
from opti_reports.findings.spc import Values, chart
from opti_reports.model.finding import Effect, Verdict
from opti_reports.model.spc import Direction, Target

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
        moved = kind(1 if second > first else -1, second, first, target, direction)
        if made.variation is not None:
            agrees = second != first and made.variation.startswith(moved)
            verdict = VERDICTS[moved] if agrees else "not_yet"
    return Effect(
        verdict=verdict,
        before=first,
        after=second,
        difference=difference,
        interval=interval,
        n_before=len(before),
        n_after=len(after),
    )


def _mean(values: list[float]) -> float | None:
    return fsum(values) / len(values) if values else None
