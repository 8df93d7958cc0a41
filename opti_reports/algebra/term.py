"""Terms of formulas: ``[-][rule(]fact.measure[key=a|b,key=c][)]``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from opti_reports.errors import UnfitError

RULES = ("sum", "last", "mean", "distinct")
_TERM = re.compile(
    r"^(?P<sign>-?)\s*(?:(?P<rule>[a-z_]+)\()?(?P<fact>[a-z0-9_]+)\.(?P<measure>[a-z0-9_]+)"
    r"(?:\[(?P<filters>[^\]]*)\])?(?P<close>\))?$"
)


@dataclass(frozen=True)
class Term:
    """One addend of a formula: a measure, filtered by keys, combined over time by ``rule``."""

    fact: str
    measure: str
    sign: int = 1
    rule: str = "sum"
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()


@cache
def parse_filters(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return ``key=a|b,other=c`` as pairs; raises ValueError with the shape expected."""
    pairs = []
    for part in filter(None, text.split(",")):
        key, equals, values = part.partition("=")
        if not equals or not key.strip() or not values.strip():
            raise UnfitError("term.filter", part=part)
        pairs.append((key.strip(), tuple(v.strip() for v in values.split("|"))))
    return tuple(pairs)


def parse_compared(text: str) -> tuple[str, str]:
    """Return the id of a metric that another compares, and its filters as written: ``id[key=a|b]``."""
    id, _, filters = text.partition("[")
    return id, filters.rstrip("]")


@cache
def parse_term(text: str) -> Term:
    """Return a term from its text; raises ValueError with the shape expected."""
    found = _TERM.match(text.strip())
    if not found or bool(found["rule"]) != bool(found["close"]):
        raise UnfitError("term.shape", text=text)
    rule = found["rule"] or "sum"
    if rule not in RULES:
        raise UnfitError("term.rule", rule=rule, text=text, rules=RULES)
    return Term(
        found["fact"],
        found["measure"],
        -1 if found["sign"] else 1,
        rule,
        parse_filters(found["filters"] or ""),
    )
