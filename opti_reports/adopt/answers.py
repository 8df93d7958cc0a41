"""What was answered before: a TOML file, for repetition, and what is answered at the terminal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tomlkit

from opti_reports.adopt.plan import Question
from opti_reports.config.read import read_toml
from opti_reports.disk import replace
from opti_reports.errors import ConfigError, UsageError
from opti_reports.messages.spelling import suggestion


@dataclass(frozen=True)
class Answers:
    """Answers by the key of their question; with ``guessed`` every guess is one."""

    given: dict[tuple[str, ...], str] = field(default_factory=dict)
    guessed: bool = False
    used: set[tuple[str, ...]] = field(default_factory=set)

    @property
    def unused(self) -> tuple[str, ...]:
        """Return the answers that belong to no question of the files that were looked at."""
        return tuple(".".join(key) for key in self.given if key not in self.used)

    def of(self, key: tuple[str, ...], guess: str = "") -> str | None:
        """Return the answer, None where there is none."""
        if key in self.given:
            self.used.add(key)
            return self.given[key]
        return guess if self.guessed and guess else None

    def add(self, question: Question, answer: str) -> None:
        """Keep an answer. Raises UsageError for one that cannot be."""
        refuse(question, answer, ".".join(question.key))
        self.given[question.key] = answer
        self.used.add(question.key)


def refuse(question: Question, answer: str, where: str) -> None:
    """Raise UsageError where an answer is none of those that can be given."""
    if not answer and question.free:
        raise UsageError("adopt.answer_needed", where)
    if answer and not question.free and answer not in question.options:
        near = suggestion(answer, question.options)
        raise UsageError("adopt.answer_unknown", where, answer=answer, near=near)


def read(path: Path | None, *, guessed: bool) -> Answers:
    """Return the answers of a file; none where it does not exist yet. Raises ConfigError for one that cannot
    be read.
    """
    if path is None or not path.exists():
        return Answers(guessed=guessed)
    data, faults = read_toml(path, path.name)
    if data is None:
        raise ConfigError(faults)
    return Answers(dict(_flat(data, ())), guessed)


def _flat(data: dict[str, Any], key: tuple[str, ...]) -> Iterable[tuple[tuple[str, ...], str]]:
    for name, value in data.items():
        if isinstance(value, dict):
            yield from _flat(value, (*key, name))
        elif isinstance(value, str):
            yield (*key, name), value
        else:
            raise UsageError("adopt.answer_text", ".".join((*key, name)))


def keep(path: Path, answers: Answers) -> None:
    """Write the answers into a file, beside what stands there; only where something is new."""
    text = path.read_text(encoding="utf-8-sig") if path.exists() else ""
    document = tomlkit.parse(text)
    known = dict(_flat(document.unwrap(), ()))
    if new := {key: value for key, value in answers.given.items() if known.get(key) != value}:
        put(document, new)
        replace(path, tomlkit.dumps(document).encode())


def put(document: tomlkit.TOMLDocument, answers: dict[tuple[str, ...], str]) -> None:
    """Put answers into a document, each under the tables of its key."""
    for (*tables, name), value in answers.items():
        place: Any = document
        for table in tables:
            if table not in place:
                place[table] = tomlkit.table(is_super_table=True)
            place = place[table]
        place[name] = value


def wanted(questions: Iterable[Question], answers: Answers) -> str:
    """Return the file of answers that these questions ask for: what was answered, and the guesses."""
    document = tomlkit.document()
    put(document, answers.given | {question.key: question.guess for question in questions})
    return tomlkit.dumps(document)
