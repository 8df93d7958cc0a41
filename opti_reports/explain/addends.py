"""The terms of a metric's formula: in words, counted from rows, by month where that tells nothing hidden."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from opti_reports.algebra.exact import decimal
from opti_reports.catalogue.graph import used
from opti_reports.catalogue.words import counted, in_words
from opti_reports.config.audiences import Protection
from opti_reports.config.configs import Configs
from opti_reports.config.metric import AnyMetric, Compare, FromFacts, Total
from opti_reports.config.terms import Part
from opti_reports.explain.question import Question
from opti_reports.messages.message import Message
from opti_reports.metrics.amounts import Amounts
from opti_reports.metrics.evaluate import Inputs, facts_of, frame_of
from opti_reports.metrics.formulas import formula, headline
from opti_reports.periods.period import Period


@dataclass(frozen=True)
class Addend:
    """A term of the formula: its side, as written, in words, and how its fact is counted from rows.

    ``amounts`` are those of the months, none where they could tell what is withheld.
    """

    side: str
    text: str
    words: Message
    counted: tuple[Message, ...]
    amounts: tuple[str, ...]


def may_split(id: str, metrics: Mapping[str, AnyMetric], protection: Protection) -> bool:
    """Return whether a metric's terms may be shown one by one: none of its facts is behind a protected
    figure.
    """
    behind = {
        fact
        for name, one in metrics.items()
        if protection.guards(name, one)
        for fact, _ in used(name, metrics)
    }
    return behind.isdisjoint(fact for fact, _ in used(id, metrics))


def _parts(metric: FromFacts, *, above: bool) -> Iterator[tuple[str, Part]]:
    """Return the terms that the figure of a level adds, each with its side."""
    of = "of_above" if above and any(part.name == "of_above" for part in metric.parts()) else "of"
    num = "sum" if isinstance(metric, Total) else "numerator"
    sides = {"num": num, "den": "denominator", of: "cases", "n": "n"}
    return ((sides[part.name], part) for part in metric.parts() if part.name in sides)


def addends(
    configs: Configs, question: Question, given: Inputs, slots: tuple[Period, ...], *, split: bool
) -> Iterator[Addend]:
    """Yield the terms of a metric's formula; with ``split`` their amounts slot by slot too."""
    metric = configs.metrics[question.metric]
    if isinstance(metric, Compare):
        return
    more = dict(headline(metric))
    if question.breakdown:
        more = {
            **{k: v for k, v in more.items() if k != question.breakdown},
            question.breakdown: (question.key,),
        }
    above = question.org in given.at.tree.parents
    facts = facts_of(given, question.metric) if question.metric in given.metrics else {}
    for side, part in _parts(metric, above=above):
        amounts: tuple[str, ...] = ()
        if split and facts:
            over = frame_of(metric, slots[0].cadence, facts, slots)
            made = formula(metric, facts=facts, frame=over, at=given.at, more=more).adds(part)
            amounts = _amounts(made, given.at.index[question.org], len(slots)) if made else ()
        yield Addend(side, part.text, in_words(part, more), counted(configs, part), amounts)


def _amounts(made: Amounts, place: int, many: int) -> tuple[str, ...]:
    """Return a term's amounts of an organisation, slot by slot."""
    return tuple(
        decimal(Fraction(int(made.data[place, i]), made.denominator * int(made.divisor[i])))
        for i in range(many)
    )
