"""Formulas, terms and states in words, as the configs write them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from opti_reports.algebra.exact import decimal
from opti_reports.config.audiences import Protection
from opti_reports.config.configs import Configs
from opti_reports.config.metric import Added, AnyMetric, Continuity, Pair, Quantile, Ratio, Spread
from opti_reports.config.source import Fact
from opti_reports.config.terms import Part
from opti_reports.messages.message import Message, Shown, message


def why(row: Mapping[str, str], metric: AnyMetric, protection: Protection) -> Shown:
    """Return why a row of values.csv has no figure or one that may not be read; by the rule where it is
    withheld.
    """
    state = row["state"]
    if state == "withheld":
        rules: list[Message] = []
        limit = protection.limit(metric, row["breakdown"], row["key"])
        if limit:
            rules.append(message("why.protect", n=limit, sensitivity=metric.sensitivity))
        if protection.small_staff(metric):
            rules.append(message("why.small_unit"))
        rules.append(message("why.derived"))
        return message("why.withheld", rules=tuple(rules))
    unknown = row.get("unknown_rows", "")
    if state == "ok" and unknown:
        return message("why.unclear_same", rows=unknown)
    found: dict[str, Message] = {
        "few": _few(metric),
        "missing": message("why.missing"),
        "partial": _partial(row, unknown, metric),
        "mixed": message("why.mixed"),
        "pending": message("why.pending"),
    }
    return found.get(state, "")


def _partial(row: Mapping[str, str], unknown: str, metric: AnyMetric) -> Message:
    low, high = metric.bounds
    value = Fraction(row["value"]) if row["value"] else None
    if value is not None and ((low is not None and value < low) or (high is not None and value > high)):
        return message("why.bounds", low=_exact(low), high=_exact(high))
    if unknown:
        return message("why.unclear_other", rows=unknown)
    return message("why.partial")


def _exact(bound: float | None) -> str:
    return "…" if bound is None else f"{bound:g}"


def _few(metric: AnyMetric) -> Message:
    if metric.min_n:
        return message("why.few_cases", n=metric.min_n)
    if isinstance(metric, Spread):
        return message("why.few_units", n=metric.min_units)
    return message("why.no_cases")


def formula(metric: AnyMetric) -> Message:
    """Return how the value comes from its terms."""
    match metric:
        case Added():
            cap = message("formula.cap", n=str(metric.cap)) if metric.cap is not None else ""
            scale = _scale(metric.scale)
            if isinstance(metric, Ratio):
                return message("formula.ratio", scale=scale, cap=cap)
            return message("formula.total", scale=scale, cap=cap)
        case Quantile():
            return _quantile(metric)
        case Continuity():
            contacts = str(metric.min_contacts)
            return message("formula.coc", client=metric.client, provider=metric.provider, contacts=contacts)
        case Spread():
            return message("formula.spread", scale=_scale(metric.scale), of=metric.of)
        case Pair():
            return _pair(metric)


def _pair(metric: Pair) -> Message:
    scale = _scale(metric.scale)
    if metric.how == "difference":
        return message("formula.difference", scale=scale, of=metric.of, to=metric.to)
    return message("formula.comparison", scale=scale, of=metric.of, to=metric.to)


def _quantile(metric: Quantile) -> Message:
    scale, q = _scale(metric.scale), Fraction(*metric.q)
    if q == Fraction(1, 2):
        return message("formula.median", scale=scale, key=metric.key)
    return message("formula.quantile", scale=scale, percent=str(decimal(100 * q)), key=metric.key)


def _scale(scale: int) -> Shown:
    return message("formula.scale", n=str(scale)) if scale != 1 else ""


def in_words(part: Part, more: Mapping[str, tuple[str, ...]]) -> Message:
    """Return a term, with the filters of the headline or the breakdown."""
    term = part.term
    rule = {
        "sum": message("addend.sum"),
        "last": message("addend.last"),
        "mean": message("addend.mean"),
        "distinct": message("addend.distinct", key=str(part.key)),
    }[term.rule]
    filters = [*term.filters, *((k, v) for k, v in more.items() if k not in dict(term.filters))]
    conditions = tuple(message("addend.filter", key=key, values=values) for key, values in filters)
    return message(
        "addend.term",
        sign=message("addend.minus") if term.sign < 0 else "",
        rule=rule,
        fact=term.fact,
        measure=term.measure,
        where=message("addend.where", filters=conditions) if conditions else "",
    )


def counted(configs: Configs, part: Part) -> tuple[Message, ...]:
    """Return how the term's fact is counted from rows, as its source's file says; what its keys are."""
    term, key = part.term, part.key
    source = next(s for s in configs.sources.values() if any(f.id == term.fact for f in s.fact))
    fact: Fact = next(f for f in source.fact if f.id == term.fact)
    condition = message("counted.where", condition=fact.where) if fact.where != "true" else ""
    lines = [message("counted.rows", fact=term.fact, source=source.id, condition=condition)]
    measure = fact.measure[term.measure]
    if measure == "true":
        lines.append(message("counted.each", measure=term.measure))
    else:
        lines.append(message("counted.rows_by", measure=term.measure, rule=measure))
    lines.append(message("counted.month", date=fact.at or fact.since, unit=fact.unit))
    names = {name for name, _ in term.filters} | ({key} if key else set())
    lines += [
        message("counted.derived", name=name, rule=source.derive[name])
        for name in sorted(names & source.derive.keys())
    ]
    return tuple(lines)
