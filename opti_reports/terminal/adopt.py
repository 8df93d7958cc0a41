"""What adopting files would do, as text for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import TYPE_CHECKING

from opti_reports.messages.message import Shown, few, message
from opti_reports.messages.sentences import headings, say, sentence, words
from opti_reports.terminal.tables import table

if TYPE_CHECKING:
    from opti_reports.adopt.plan import FilePlan, Heading, Listed, Plan, Question

FILES = 4
"""How many files that are alike are named."""
OPTIONS = 12
"""How many options of a question are listed."""
VALUES = 12
"""How many values of a column that are known are listed; the others are all."""


def adopt_text(plan: Plan, *, told: bool = False) -> str:
    """Return a plan: each file, what would be added where, what is asked.

    Of files that were ``told`` of before only what stands in the way is.
    """
    parts = ["\n".join(_file(one)) for one in plan.files if not told]
    if told and (faults := [one for own in plan.files for one in _faults(own)]):
        parts.append("\n".join(faults))
    if plan.left and not told:
        lines = [say("adopt.left_alone", file=one.file, why=one.why) for one in plan.left]
        parts.append("\n".join(lines))
    if plan.writes:
        parts.append("\n".join(_written(plan)))
    if plan.faults:
        parts.append("\n".join(sentence(fault) for fault in plan.faults))
    if plan.questions:
        parts.append("\n".join(_asked(plan)))
    return "\n\n".join(parts or [say("adopt.nothing")])


def _file(plan: FilePlan) -> Iterator[str]:
    files = few(plan.files, FILES)
    if plan.source:
        yield say("adopt.file", files=files, source=plan.source, how=say(f"how.{plan.how}"))
    else:
        yield say("adopt.stranger", files=files)
    yield f"  {say('adopt.rows', rows=plan.rows, form=plan.form)}"
    for one in plan.candidates:
        percent = round(100 * one.score)
        yield f"  {say('adopt.candidate', source=one.source, percent=percent, why=one.why)}"
    rows = [(one.heading, one.column or "-", say(f"how.{one.how}"), *_about(one)) for one in plan.headings]
    yield from (f"  {line}" for line in table(headings("adopted"), rows).splitlines())
    for listed in (*plan.codes, *plan.units):
        yield from _listed(listed)
    yield from (f"  {say('label.note', what=note)}" for note in plan.notes)
    yield from _faults(plan)


def _faults(plan: FilePlan) -> Iterator[str]:
    yield from (f"  {say('label.look_at', what=fault)}" for fault in plan.faults)


def _about(heading: Heading) -> tuple[str, str]:
    form: Shown = heading.form
    if heading.unread:
        form = message("adopt.unread", form=form, cells=heading.unread)
    return words(form), "" if heading.how == "known" else words(heading.why)


def _listed(listed: Listed) -> Iterator[str]:
    known = [f"{value.text} {value.rows}" for value in listed.values if value.how == "known"]
    other = [value for value in listed.values if value.how != "known"]
    yield f"  {say('adopt.values', heading=listed.heading, known=len(known), of=len(listed.values))}"
    if known:
        yield from wrap(words(few(known, VALUES)), 110, initial_indent="    ", subsequent_indent="    ")
    for value in other:
        means = value.means or say("adopt.nothing_known")
        yield f"    {value.text} {value.rows} = {means}  ({words(value.why)})"
    if listed.hidden:
        yield f"    {say('adopt.hidden', rows=listed.hidden)}"


def _written(plan: Plan) -> Iterator[str]:
    yield say("adopt.would")
    for new in plan.new:
        yield f"  configs/{new.file} ({say('adopt.new_file')})"
        yield from (f"    {line}".rstrip() for line in new.text.splitlines())
    for file in sorted({addition.file for addition in plan.additions}):
        yield f"  configs/{file}"
        for one in (one for one in plan.additions if one.file == file):
            value = "true" if one.value is True else f'"{one.value}"'
            yield f"    {'.'.join(one.key)}: {value}  ({say(f'how.{one.how}')}: {words(one.why)})"


def _asked(plan: Plan) -> Iterator[str]:
    yield say("adopt.cannot_know", n=len(plan.questions))
    for number, question in enumerate(plan.questions, 1):
        yield f"  {number}. {question_text(question)}"


def question_text(question: Question) -> str:
    """Return a question with what may be answered, as far as that is a short list."""
    parts = [sentence(question.text)]
    if question.options:
        called = question.called or ("",) * len(question.options)
        each = zip(question.options, called, strict=True)
        names = [f"{option} ({like})" if like else option for option, like in each]
        parts.append(
            say("adopt.options", options=few([f"{at} {one}" for at, one in enumerate(names, 1)], OPTIONS))
        )
    if question.guess:
        parts.append(say("adopt.guess", guess=question.guess))
    return " ".join(parts)
