"""A source for a file of a system that has none: columns typed, unit and date found, measures offered."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

import tomlkit

from opti_reports.adopt.answers import Answers
from opti_reports.adopt.content import Found
from opti_reports.adopt.forms import form_of
from opti_reports.adopt.knowledge import DATED, Knowledge
from opti_reports.adopt.look import Look, Sight
from opti_reports.adopt.plan import Addition, NewSource, Question
from opti_reports.adopt.units import words
from opti_reports.config.check_organisation import FILE as ORGANISATION
from opti_reports.config.source import fold
from opti_reports.messages.message import Message, message

TEXTS = Path(__file__).with_name("fresh.toml")
"""What a new source begins with, in the languages of the configs."""
NUMBERS = ("integer", "decimal")
_ID = re.compile(r"[a-z][a-z0-9_]*\Z")


@dataclass(frozen=True)
class Draft:
    """A proposed source; without an id it cannot be written yet."""

    id: str
    made: NewSource | None
    notes: tuple[Message, ...]


@dataclass(frozen=True)
class Typed:
    """A column of the proposal, the heading it comes from, and its name in the configs."""

    name: str
    type: str
    sight: Sight

    @property
    def whole(self) -> bool:
        """Return whether every cell is filled."""
        return self.sight.filled == self.sight.rows


@dataclass(frozen=True)
class Shape:
    """The columns of the proposal, and which of them say whose and of when each row is.

    With months side by side these are the last but one, and their cells the last.
    """

    columns: list[Typed]
    unit: Typed
    dated: Typed
    wide: bool = False


def draft(look: Look, knowledge: Knowledge, answers: Answers, found: Found, *, wide: bool = False) -> Draft:
    """Return the proposal for a file, asking for what it cannot know: the id, and the column of units."""
    columns = _typed(look)
    id = _id(look, knowledge, answers, found)
    unit = _unit(look, columns, knowledge, answers, found)
    whole = (column for column in columns if column.type in DATED and column.whole)
    dated = columns[-2] if wide else next(whole, None)
    notes = []
    if dated is None:
        notes.append(message("fresh.no_date"))
    if unit is None:
        notes.append(message("fresh.no_unit"))
    if id is None or unit is None or dated is None:
        return Draft(id or "", None, tuple(notes))
    text = _text(look, id, Shape(columns, unit, dated, wide), knowledge.configs.settings.languages)
    if strangers := knowledge.strangers(id, unit.sight):
        notes.append(message("fresh.units", n=strangers, system=id))
    else:
        _codes(unit, id, knowledge, answers, found)
    return Draft(id, NewSource(file=f"sources/{id}.toml", text=text), tuple(notes))


def _id(look: Look, knowledge: Knowledge, answers: Answers, found: Found) -> str | None:
    guess = "_".join(words(look.stem)) or "source"
    guess = guess if _ID.match(guess) else f"source_{guess}"
    while guess in knowledge.configs.sources:
        guess += "_2"
    asked = message("ask.id", file=look.name)
    question = Question(key=("id", look.name), text=asked, options=(guess,), guess=guess, free=True)
    answer = answers.of(question.key, guess)
    if answer is None:
        found.ask(question)
        return None
    if not _ID.match(answer) or answer in knowledge.configs.sources:
        found.ask(question)
        return None
    answers.add(question, answer)
    return answer


def _typed(look: Look) -> list[Typed]:
    made: list[Typed] = []
    for sight in look.columns:
        if (kind := form_of(sight).type) is None:
            continue
        name = re.sub(r"\W+", "_", "_".join(words(sight.heading)), flags=re.ASCII).strip("_") or "column"
        name = name if _ID.match(name) else f"column_{name}"
        while any(one.name == name for one in made):
            name += "_2"
        made.append(Typed(name, kind, sight))
    return made


def _unit(
    look: Look, columns: list[Typed], knowledge: Knowledge, answers: Answers, found: Found
) -> Typed | None:
    """Return the column that says whose each row is: most of its texts are units, else it is asked."""
    texts = [column for column in columns if column.type in ("code", "string") and not column.sight.many]
    named = sorted(texts, key=lambda column: -_units(column.sight, knowledge))
    guess = named[0] if named and _units(named[0].sight, knowledge) > 0.5 else None
    headings = tuple(column.sight.heading for column in texts)
    asked = message("ask.unit_column", file=look.name)
    question = Question(
        key=("unit_column", look.name),
        text=asked,
        options=headings,
        guess=guess.sight.heading if guess else "",
    )
    answer = answers.of(question.key, question.guess)
    if answer is None and guess is None and headings:
        found.ask(question)
        return None
    if answer is None:
        return guess
    answers.add(question, answer)
    return next((column for column in texts if column.sight.heading == answer), None)


def _units(sight: Sight, knowledge: Knowledge) -> float:
    """Return the share of different texts that may mean units."""
    seen = [text for text, _ in sight.counts.most_common(200)]
    return sum(_means(text, knowledge) for text in seen) / len(seen) if seen else 0.0


def _means(text: str, knowledge: Knowledge) -> bool:
    match = knowledge.units.match(text)
    return match is not None and match.sure


def _codes(unit: Typed, id: str, knowledge: Knowledge, answers: Answers, found: Found) -> None:
    """Add what the file calls units to the organisation, as codes of the new system; ask for the rest."""
    ids = tuple(dict.fromkeys(one.id for one in knowledge.configs.organisation.units))
    for text, rows in unit.sight.counts.most_common(200):
        if not knowledge.code_like(text) or knowledge.units.known("", text):
            continue
        match = knowledge.units.match(text)
        asked = message("ask.unit", text=text, heading=unit.sight.heading, rows=rows)
        question = Question(
            key=("unit", id, text), text=asked, options=ids, guess=match.unit if match else ""
        )
        answer = answers.of(question.key, question.guess)
        if answer is None and match and match.sure:
            answer = match.unit
        if answer is None:
            found.ask(question)
            continue
        answers.add(question, answer)
        if answer:
            why = match.why if match and match.unit == answer else message("value.told")
            found.add(Addition(ORGANISATION, (answer, "codes", id), text, why))


def _text(look: Look, id: str, shape: Shape, languages: tuple[str, ...]) -> str:
    columns, unit, dated = shape.columns, shape.unit, shape.dated
    words_of = tomllib.loads(TEXTS.read_text(encoding="utf-8"))
    roles = words_of["owner_role"]
    stem = look.stem
    key = _key(shape)
    widest = max(len(column.name) for column in columns)
    lines = [
        *(f"# {line}" for line in words_of["comment"]),
        "",
        f'id            = "{id}"',
        f"name          = {_inline(dict.fromkeys(languages, stem.replace('_', ' ').strip().capitalize()))}",
        f'system        = "{id}"',
        f"files         = [{_said(f'{stem}*{look.paths[0].suffix}')}]",
        *(["titled        = true"] if look.above else []),
        *(
            [f'wide          = {{ month = "{dated.name}", value = "{columns[-1].name}" }}']
            if shape.wide
            else []
        ),
        'presence      = "optional"',
        f"owner_role    = {_inline({one: roles.get(one, roles['en']) for one in languages})}",
        "due           = { working_day = 3 }        # of the next month",
        f'date          = "{dated.name}"',
        f"key           = [{', '.join(_said(name) for name in key)}]",
        f"window_months = {_window(dated)}",
        "",
        "[column]",
        *(_column(column, unit, dated, key, widest) for column in columns),
        "",
        "[[fact]]",
        f'id    = "{id}"',
        f'since = "{dated.name}"',
        f'unit  = "{unit.name}"',
    ]
    by = [column.name for column in columns if column.type == "code" and column is not unit]
    lines += [f"# by  = [{', '.join(_said(name) for name in by)}]"] if by else []
    measures = [
        f'# {one.name} = "{one.name}"' for one in columns if one.type in NUMBERS and one.name not in key
    ]
    return "\n".join([*lines, "", "[fact.measure]", 'n = "true"', *measures]) + "\n"


def _key(shape: Shape) -> list[str]:
    """Return an id that differs in every row, else the unit, the date and the codes; of months side by side,
    where a code stands once, any text beside them.
    """
    columns, unit, dated = shape.columns, shape.unit, shape.dated
    columns = columns[:-1] if shape.wide else columns
    for column in columns:
        apart = column.sight.many or len(column.sight.counts) == column.sight.rows
        if column.whole and apart and column.type not in (*DATED, "decimal"):
            return [column.name, dated.name] if shape.wide else [column.name]
    kinds = ("code", "string") if shape.wide else ("code",)
    codes = [one.name for one in columns if one.type in kinds and one is not unit and one.whole]
    return [unit.name, dated.name, *codes]


def _column(column: Typed, unit: Typed, dated: Typed, key: list[str], widest: int) -> str:
    kind = "code" if column is unit else column.type
    asked = column in (unit, dated) or column.name in key
    required = "required = true" if asked else 'blank = "unknown"'
    signed = ", signed = true" if any(text.startswith(("-", "−")) for text in column.sight.counts) else ""
    signed = signed if kind in NUMBERS else ""
    named = fold(column.name) == fold(column.sight.heading)
    alias = "" if named else f", aliases = [{_said(column.sight.heading)}]"
    return f'{column.name:{widest}} = {{ type = "{kind}", {required}{signed}{alias} }}'


def _window(dated: Typed) -> int:
    """Return over how many months the dates go, as far as their texts tell, at most 24."""
    months = {text[:7] for text in dated.sight.counts}
    return max(1, min(24, len(months) if all(re.match(r"\d{4}-\d\d", one) for one in months) else 2))


def _said(text: str) -> str:
    return tomlkit.item(text).as_string()


def _inline(texts: dict[str, str]) -> str:
    return "{ " + ", ".join(f"{name} = {_said(text)}" for name, text in texts.items()) + " }"
