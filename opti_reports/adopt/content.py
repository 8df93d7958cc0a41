"""Codes and units that stand in the columns of a file: what they mean, and which nobody knows."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from opti_reports.adopt.answers import Answers
from opti_reports.adopt.knowledge import Knowledge
from opti_reports.adopt.look import Sight
from opti_reports.adopt.plan import Addition, How, Listed, Question, Value
from opti_reports.adopt.units import opposite, words
from opti_reports.config.check_organisation import FILE as ORGANISATION
from opti_reports.config.source import Source, fold
from opti_reports.extracts.faults import fault
from opti_reports.extracts.meanings import Empties
from opti_reports.extracts.totals import labels
from opti_reports.messages.message import Message, Shown, message

CLOSE = 0.8
"""How alike two codes are spelt that may be the same."""
NEARLY = 0.8
"""Of which share of a column's units another system has the codes where it uses these."""
MOST = 200
"""Of how many different texts a column is still one of codes."""
Guess = tuple[str, Message, bool]
"""What a text may mean, why, and whether that is sure."""


@dataclass(frozen=True)
class Found:
    """What is gathered while files are looked at: additions and questions, each once."""

    additions: dict[tuple[str, tuple[str, ...], str], Addition] = field(default_factory=dict)
    questions: dict[tuple[str, ...], Question] = field(default_factory=dict)

    def add(self, addition: Addition) -> None:
        """Keep an addition."""
        self.additions.setdefault((addition.file, addition.key, str(addition.value).casefold()), addition)

    def ask(self, question: Question) -> None:
        """Keep a question."""
        self.questions.setdefault(question.key, question)


@dataclass(frozen=True)
class Reading:
    """The column of a source, and the column of a file that is read as it."""

    source: Source
    name: str
    sight: Sight


@dataclass(frozen=True)
class Contents:
    """Finds out what codes and units mean."""

    knowledge: Knowledge
    answers: Answers
    found: Found

    def codes(self, reading: Reading) -> Listed:
        """Return the codes of a column; what is not known is added or asked."""
        source, name = reading.source, reading.name
        known, column = self.knowledge.codes(source, name), source.column[name]
        file = f"sources/{source.id}.toml"

        def add(text: str, code: str, why: Shown, how: How) -> None:
            key = ("column", name, "code_aliases", code)
            self.found.add(Addition(file, key, text, why, how))

        def question(text: str, rows: int, guess: str) -> Question:
            asked = message("ask.code", text=text, heading=reading.sight.heading, column=name, rows=rows)
            called = tuple(next(iter(column.code_aliases.get(code, ())), "") for code in column.codes)
            return Question(
                key=("code", source.id, name, text),
                text=asked,
                options=column.codes,
                guess=guess,
                called=called,
            )

        def guess(text: str) -> Guess | None:
            return self._code(source, name, text)

        return self._listed(reading, lambda text: known.get(fold(text), ""), guess, question, add)

    def units(self, reading: Reading) -> Listed:
        """Return the units of a column; what is not known is added or asked."""
        source, units = reading.source, self.knowledge.units
        column = source.column[reading.name]
        ids = tuple(dict.fromkeys(unit.id for unit in self.knowledge.configs.organisation.units))

        def known(text: str) -> str:
            return text if self.knowledge.unit_known(source, column, text) else ""

        def add(text: str, unit: str, why: Shown, how: How) -> None:
            self.found.add(Addition(ORGANISATION, (unit, "codes", source.system), text, why, how))

        def question(text: str, rows: int, guess: str) -> Question:
            asked = message("ask.unit", text=text, heading=reading.sight.heading, rows=rows)
            return Question(key=("unit", source.system, text), text=asked, options=ids, guess=guess)

        def guess(text: str) -> Guess | None:
            match = units.match(text)
            return (match.unit, match.why, match.sure or match.system in shared) if match else None

        shared = self._shared(reading.sight)
        if self.strangers(reading):
            texts = [text for text, _ in reading.sight.counts.most_common(MOST)]
            rows = sum(reading.sight.counts[text] for text in texts if not self.knowledge.code_like(text))
            shown = (text for text in texts if self.knowledge.code_like(text))
            nobody = message("value.nobody")
            values = (Value(text, reading.sight.counts[text], "", "unused", nobody) for text in shown)
            return Listed(reading.sight.heading, reading.name, tuple(values), rows)
        return self._listed(reading, known, guess, question, add)

    def strangers(self, reading: Reading) -> int:
        """Return how many units are unknown of an organisation that is not in the configs; none where
        somebody has said of any what it is.
        """
        system = reading.source.system
        told = any(key[:2] == ("unit", system) for key in self.answers.given)
        return 0 if told else self.knowledge.strangers(system, reading.sight)

    def _is_total(self, text: str) -> bool:
        """Return whether a text that is no unit names a total: its rows are rejected, whoever is asked."""
        return labels(self.knowledge.configs.guards, None, "").is_total(text)

    def _shared(self, sight: Sight) -> frozenset[str]:
        """Return the systems whose codes nearly all of a column are: it uses theirs."""
        seen = [text for text, _ in sight.counts.most_common(MOST)]
        matches = (self.knowledge.units.match(text) for text in seen)
        often = Counter(match.system for match in matches if match and match.system)
        return frozenset(system for system, n in often.items() if n > 2 and n >= NEARLY * len(seen))

    def _listed(
        self,
        reading: Reading,
        known: Callable[[str], str],
        guess: Callable[[str], Guess | None],
        question: Callable[[str, int, str], Question],
        add: Callable[[str, str, Shown, How], None],
    ) -> Listed:
        values, hidden = [], 0
        taken = {means for text in reading.sight.counts if (means := known(text))}
        empty = Empties(reading.source, reading.source.column[reading.name])
        for number, (text, rows) in enumerate(reading.sight.counts.most_common()):
            if text in empty or fault(text) or not fold(text):
                continue
            if means := known(text):
                values.append(Value(text, rows, means, "known"))
            elif number >= MOST or not self.knowledge.code_like(text):
                hidden += rows
            else:
                found = guess(text)
                if found and not found[2] and found[0] in taken:
                    found = None  # spelt nearly like what stands there too: another thing, as likely as not
                values.append(self._value(text, rows, found, question, add))
        return Listed(reading.sight.heading, reading.name, tuple(values), hidden)

    def _value(
        self,
        text: str,
        rows: int,
        guess: Guess | None,
        question: Callable[[str, int, str], Question],
        add: Callable[[str, str, Shown, How], None],
    ) -> Value:
        means, why, sure = guess or ("", message("value.nobody"), False)
        asked = question(text, rows, means)
        answer = self.answers.of(asked.key, means)
        if answer is None and not means and asked.key[0] == "unit" and self._is_total(text):
            return Value(text, rows, "", "unused", message("value.total"))
        if answer is None and sure:
            add(text, means, why, "sure")
            return Value(text, rows, means, "sure", why)
        if answer is None:
            self.found.ask(asked)
            return Value(text, rows, means, "guess" if means else "unused", why)
        self.answers.add(asked, answer)
        if not answer:
            return Value(text, rows, "", "unused", message("value.left"))
        how: How = "told" if answer != means or asked.key in self.answers.given else "guess"
        add(text, answer, message("value.told"), how)
        return Value(text, rows, answer, how, message("value.told"))

    def _code(self, source: Source, name: str, text: str) -> Guess | None:
        """Return the code that a text may mean: by what it is called anywhere, word order or spelling."""
        called = {
            code: [
                code,
                *source.column[name].code_aliases.get(code, ()),
                *self.knowledge.code_labels(name, code),
            ]
            for code in source.column[name].codes
        }
        same = {c for c, said in called.items() if any(fold(one) == fold(text) for one in said)}
        if len(same) == 1:
            code = same.pop()
            labels = self.knowledge.labels_of(name, code)
            return code, message("value.called"), any(fold(one) == fold(text) for one in labels)
        own = sorted(words(text))
        order = {c for c, said in called.items() if any(sorted(words(one)) == own for one in said)}
        if own and len(order) == 1:
            return order.pop(), message("value.order"), True
        ratios = {c: max(_ratio(text, one) for one in said) for c, said in called.items()}
        best = sorted(ratios, key=lambda code: -ratios[code])
        if ratios[best[0]] >= CLOSE and (len(best) == 1 or ratios[best[1]] < ratios[best[0]]):
            return best[0], message("value.spelt"), False
        return None


def _ratio(one: str, other: str) -> float:
    if opposite(one, other):
        return 0.0
    return difflib.SequenceMatcher(None, fold(one), fold(other), autojunk=False).ratio()
