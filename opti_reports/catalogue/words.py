"""Formulas, terms and states in words, as the configs write them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from opti_reports.algebra.exact import decimal
from opti_reports.config.load import Configs
from opti_reports.config.metric import Added, AnyMetric, Continuity, Pair, Part, Quantile, Ratio, Spread
from opti_reports.config.source import Fact


def why(row: Mapping[str, str], metric: AnyMetric) -> str:
    """Return why a row of values.csv has no figure or one that may not be read.

    By the rule where it is withheld.
    """
    state = row["state"]
    if state == "withheld":
        rules = []
        if metric.protect:
            rules.append(f"it rests on fewer than {metric.protect} (protect)")
        if metric.protect_cells and row["breakdown"]:
            rules.append(f"a cell of its breakdown counts 1 to {metric.protect_cells - 1} (protect_cells)")
        if metric.staff_data:
            rules.append("the unit's staff is small (staff_data)")
        rules.append("a figure that is withheld could be worked out from it")
        return "withheld, because " + ", or ".join(rules) + "; which of these is not told"
    unknown = row.get("unknown_rows", "")
    if state == "ok" and unknown:
        return f"{unknown} row(s) whose part in it is not known: it reads the same whatever they hold"
    return {
        "few": _few(metric),
        "missing": "nothing has been delivered for it",
        "partial": _partial(row, unknown, metric),
        "mixed": "more than one scale in the window: such figures may not be mixed",
        "pending": "its period is not over, or its cohort not whole",
    }.get(state, "")


def _partial(row: Mapping[str, str], unknown: str, metric: AnyMetric) -> str:
    low, high = metric.bounds
    value = Fraction(row["value"]) if row["value"] else None
    if value is not None and ((low is not None and value < low) or (high is not None and value > high)):
        return f"it cannot be: beyond {_exact(low)} to {_exact(high)} (bounds); one of its parts is wrong"
    if unknown:
        return f"{unknown} row(s) whose part in it is not known: it could read otherwise"
    return "some units or months are missing, or cells they should have filled"


def _exact(bound: float | None) -> str:
    return "…" if bound is None else f"{bound:g}"


def _few(metric: AnyMetric) -> str:
    if metric.min_n:
        return f"too few cases to be reliable: fewer than {metric.min_n} (min_n)"
    if isinstance(metric, Spread):
        return f"too few units with a figure to compare: fewer than {metric.min_units} (min_units)"
    return "no cases to compute it from"


def formula(metric: AnyMetric) -> str:
    """Return how the value comes from its terms, in words."""
    match metric:
        case Added():
            cap = f", at most {metric.cap}" if metric.cap is not None else ""
            fraction = "numerator / denominator" if isinstance(metric, Ratio) else "the sum of its terms"
            return f"value = {_scale(metric.scale)}{fraction}{cap}"
        case Quantile():
            q = Fraction(*metric.q)
            name = "the median" if q == Fraction(1, 2) else f"the {decimal(100 * q)} % quantile"
            return f"value = {_scale(metric.scale)}{name} of {metric.key} over all cases"
        case Continuity():
            who = f"{metric.client} with {metric.provider}"
            return f"value = continuity of {who}, from {metric.min_contacts} contacts on"
        case Spread():
            return f"value = {_scale(metric.scale)}the spread among units of {metric.of}"
        case Pair():
            how = "minus" if metric.how == "difference" else "divided by"
            return f"value = {_scale(metric.scale)}{metric.of} {how} {metric.to}"


def _scale(scale: int) -> str:
    return f"{scale} × " if scale != 1 else ""


def in_words(part: Part, more: Mapping[str, tuple[str, ...]]) -> str:
    """Return a term in words, with the filters of the headline or the breakdown."""
    term = part.term
    rule = {
        "sum": "the sum of",
        "last": "the last month's",
        "mean": "the mean over months of",
        "distinct": f"the number of different {part.key} with",
    }[term.rule]
    sign = "minus " if term.sign < 0 else ""
    filters = [*term.filters, *((k, v) for k, v in more.items() if k not in dict(term.filters))]
    told = " and ".join(f"{name} is {' or '.join(values)}" for name, values in filters)
    return f"{sign}{rule} {term.fact}.{term.measure}" + (f" where {told}" if told else "")


def counted(configs: Configs, part: Part) -> tuple[str, ...]:
    """Return how the term's fact is counted from rows, as its source's file says; what its keys are."""
    term = part.term
    source = next(s for s in configs.sources.values() if any(f.id == term.fact for f in s.fact))
    fact: Fact = next(f for f in source.fact if f.id == term.fact)
    lines = [f"{term.fact}: rows of {source.id}" + (f" where {fact.where}" if fact.where != "true" else "")]
    measure = fact.measure[term.measure]
    lines.append(f"{term.measure} counts " + ("each row" if measure == "true" else f"rows by: {measure}"))
    lines.append(f"in the month of {fact.at or fact.since}, for the unit in {fact.unit}")
    names = {name for name, _ in term.filters} | ({part.key} if part.key else set())
    lines += [f"{name} = {source.derive[name]}" for name in sorted(names & source.derive.keys())]
    return tuple(lines)
