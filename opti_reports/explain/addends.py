"""The terms of a metric's formula: in words, counted from rows, by month where that tells nothing hidden."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from opti_reports.algebra.exact import decimal
from opti_reports.algebra.term import parse_term
from opti_reports.catalogue.graph import used
from opti_reports.catalogue.words import counted, in_words
from opti_reports.config.load import Configs
from opti_reports.config.metric import Metric
from opti_reports.explain.question import Question
from opti_reports.messages.message import Message
from opti_reports.metrics.amounts import Amounts
from opti_reports.metrics.evaluate import Inputs, facts_of, frame_of
from opti_reports.metrics.formulas import Formula, headline
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


def may_split(id: str, metrics: Mapping[str, Metric]) -> bool:
    """Whether a metric's terms may be shown one by one: none of its facts is behind a protected figure."""
    behind = {
        fact
        for name, one in metrics.items()
        if one.protect or one.protect_cells or one.staff_data
        for fact, _ in used(name, metrics)
    }
    return behind.isdisjoint(fact for fact, _ in used(id, metrics))


def _terms(metric: Metric, *, above: bool) -> Iterator[tuple[str, str]]:
    if metric.kind in ("quantile", "coc"):
        yield "cases", metric.of_above if above and metric.of_above else metric.of
    elif metric.kind != "compare":
        yield from (("numerator" if metric.den else "sum", text) for text in metric.num)
        yield from (("denominator", text) for text in metric.den)
    if metric.n:
        yield "n", metric.n


def addends(
    configs: Configs, question: Question, given: Inputs, slots: tuple[Period, ...], *, split: bool
) -> Iterator[Addend]:
    """The terms of a metric's formula; with ``split`` their amounts slot by slot too."""
    metric = configs.metrics[question.metric]
    more = dict(headline(metric))
    if question.breakdown:
        more = {
            **{k: v for k, v in more.items() if k != question.breakdown},
            question.breakdown: (question.key,),
        }
    above = any(node.parent == question.org for node in given.at.tree.nodes)
    facts = facts_of(given, question.metric) if question.metric in given.metrics else {}
    for side, text in _terms(metric, above=above):
        term = parse_term(text)
        amounts: tuple[str, ...] = ()
        if split and facts:
            over = frame_of(metric, slots[0].cadence, facts, slots)
            made = Formula(metric=metric, facts=facts, frame=over, at=given.at, more=more).part(term)
            amounts = _amounts(made, given.at.index[question.org], len(slots)) if made else ()
        yield Addend(side, text, in_words(term, metric, more), counted(configs, term, metric.key), amounts)


def _amounts(made: Amounts, place: int, many: int) -> tuple[str, ...]:
    """A term's amounts of an organisation, slot by slot."""
    return tuple(
        decimal(Fraction(int(made.data[place, i]), made.denominator * int(made.divisor[i])))
        for i in range(many)
    )
