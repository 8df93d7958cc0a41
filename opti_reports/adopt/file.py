"""One file held against the configs: whose it is, what its headings mean, what would have to be added."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from opti_reports.adopt import doubts, wide
from opti_reports.adopt.answers import Answers
from opti_reports.adopt.columns import Fit, candidates, could_mean, fits
from opti_reports.adopt.content import Contents, Found, Reading
from opti_reports.adopt.forms import form_of
from opti_reports.adopt.fresh import Draft, draft
from opti_reports.adopt.knowledge import Knowledge
from opti_reports.adopt.look import Look
from opti_reports.adopt.plan import Addition, Candidate, FilePlan, Heading, How, Question
from opti_reports.config.source import Source
from opti_reports.extracts import find
from opti_reports.messages.message import Message, message

ENOUGH, LEAD = 0.5, 0.1
"""How well a file must fit a source to be of it, and by how much better than the next."""
WORTH = 0.3
"""How well it must fit one to be named."""
SHOWN = 3
NEW = "new"
"""The answer for a file of a system that has no source yet."""


@dataclass(frozen=True)
class Chosen:
    """The source a file is taken for, and how that is known; empty where nobody knows."""

    id: str
    how: How


@dataclass(frozen=True)
class Adviser:
    """Plans one file after another; what is found out gathers in ``found`` and ``drafts``."""

    knowledge: Knowledge
    answers: Answers
    found: Found
    drafts: list[Draft]

    def plan(self, look: Look) -> FilePlan:
        """Return what is known of a file."""
        ranked = candidates(look, self.knowledge)
        faults = doubts.faults(look)
        chosen = self._source(look, ranked, ask=not faults)
        near = tuple(one for one in ranked if one.score >= WORTH)[:SHOWN]
        source = self.knowledge.configs.sources.get(chosen.id)
        plan = FilePlan(
            files=tuple(path.name for path in look.paths),
            source=chosen.id if source else "",
            how=chosen.how,
            form=look.form,
            rows=look.rows,
            candidates=near,
        )
        laid = wide.laid(look, source, self.knowledge)
        how: How = "sure" if chosen.id else "unused"
        if laid is not None and source is not None:
            laid, how = wide.chosen(laid, source, look.name, self.answers, self.found)
        left = laid is None or (source is not None and how == "unused")
        plan = replace(plan, notes=() if laid is None or left else tuple(laid.notes(how)))
        faults = (*faults, *doubts.pivoted(look)) if left else faults
        if source is None:
            return self._unknown(plan, look, laid, chosen, faults)
        if laid is None:
            return self._known(plan, look, source, faults)
        plan = self._known(plan, laid.look, source, faults)
        return replace(plan, headings=plan.headings[:-2])  # but for those that months and cells stand for

    def _source(self, look: Look, ranked: list[Candidate], *, ask: bool) -> Chosen:
        """Return the source of a file; nothing is asked of one that could not be read."""
        best, second = (*(one.score for one in ranked[:2]), 0.0, 0.0)[:2]
        sure = best >= ENOUGH and best - second >= LEAD
        likely = [one.source for one in ranked[:SHOWN] if one.score >= WORTH]
        guess = likely[0] if best >= ENOUGH else "" if likely else NEW
        known = self.knowledge.configs
        own = [id for id in known.sources if id not in known.unlisted.sources]
        options = tuple(dict.fromkeys([*likely, NEW, *own, *known.sources]))
        text = message("ask.source", file=look.name)
        asked = Question(key=("source", look.name), text=text, options=options, guess=guess)
        answer = self.answers.of(asked.key, guess)
        if answer is not None and asked.key in self.answers.given:
            self.answers.add(asked, answer)
            return Chosen(answer, "told")
        if sure:
            return Chosen(ranked[0].source, "sure")
        if not ask:
            return Chosen("", "unused")
        if answer is None:
            self.found.ask(asked)
        return Chosen(guess, "guess")

    def _known(self, plan: FilePlan, look: Look, source: Source, faults: tuple[Message, ...]) -> FilePlan:
        taken = self._answered(source, look, fits(source, look, self.knowledge))
        headings = tuple(self._headings(source, look, taken))
        contents = Contents(self.knowledge, self.answers, self.found)
        codes, units, notes = [], [], list[Message]()
        for place, fit in sorted(taken.items()):
            reading = Reading(source, fit.column, look.columns[place])
            if self.knowledge.of_units(source, fit.column):
                units.append(contents.units(reading))
                if strangers := self.knowledge.strangers(source.system, reading.sight):
                    notes.append(message("fresh.units", n=strangers, system=source.system))
            elif source.column[fit.column].codes:
                codes.append(contents.codes(reading))
        missing = [name for name, one in source.column.items() if one.required]
        missing = [name for name in missing if name not in {fit.column for fit in taken.values()}]
        lacking = (message("doubt_of.required", columns=tuple(missing)),) if missing else ()
        if look.above and not source.titled:
            why = message("why.titled", rows=look.above)
            self.found.add(Addition(f"sources/{source.id}.toml", ("titled",), True, why))
        return replace(
            plan,
            headings=headings,
            codes=tuple(codes),
            units=tuple(units),
            notes=(*plan.notes, *notes, *self._named(look, source), *doubts.notes(look)),
            faults=(*faults, *doubts.private(look, {look.headings[place] for place in taken}), *lacking),
        )

    def _unknown(
        self, plan: FilePlan, look: Look, laid: wide.Laid | None, chosen: Chosen, faults: tuple[Message, ...]
    ) -> FilePlan:
        columns = laid.look.columns[:-2] if laid else look.columns
        headings = tuple(Heading(heading=one.heading, form=form_of(one).said) for one in columns)
        notes, faults = (*plan.notes, *doubts.notes(look)), (*faults, *doubts.private(look))
        if chosen.id == NEW and not faults:
            long = laid.look if laid else look
            made = draft(long, self.knowledge, self.answers, self.found, wide=laid is not None)
            self.drafts.append(made)
            notes = (*notes, *made.notes)
        elif chosen.id == NEW:
            notes = (*notes, message("adopt.no_draft"))
        elif chosen.how == "told":
            notes = (*notes, message("adopt.left"))
        return replace(plan, headings=headings, notes=notes, faults=faults)

    def _answered(self, source: Source, look: Look, taken: dict[int, Fit]) -> dict[int, Fit]:
        """Return what headings mean with what was answered: an answer goes before a guess."""
        sure = {place: fit for place, fit in taken.items() if fit.sure}
        said: dict[int, Fit] = {}
        columns = tuple(source.column)
        for place, heading in enumerate(look.headings):
            question = Question(
                key=("column", source.id, heading), text=message("value.told"), options=columns
            )
            if place in sure or question.key not in self.answers.given:
                continue
            answer = self.answers.given[question.key]
            self.answers.add(question, answer)
            said[place] = Fit(place, answer, 1.0, message("value.told"))
        used = {fit.column for fit in (*sure.values(), *said.values())}
        guesses = {
            place: fit
            for place, fit in taken.items()
            if place not in {*sure, *said} and fit.column not in used
        }
        return {**sure, **{place: fit for place, fit in said.items() if fit.column}, **guesses}

    def _headings(self, source: Source, look: Look, taken: dict[int, Fit]) -> Iterator[Heading]:
        used = {fit.column for fit in taken.values() if fit.sure}
        for place, sight in enumerate(look.columns):
            fit, form = taken.get(place), form_of(sight).said
            key = ("column", source.id, sight.heading)
            guess = fit.column if fit and not fit.sure else ""
            answered = self.answers.given.get(key)
            if fit is None or not (fit.sure or answered or self.answers.of(key, guess)):
                if answered is None and sight.heading:
                    self._ask(source, look, place, used, guess)
                how: How = "guess" if guess else "unused"
                yield Heading(
                    heading=sight.heading, column=guess, how=how, why=fit.why if fit else "", form=form
                )
                continue
            unread = round((1 - self.knowledge.readable(source, fit.column, sight)) * sight.filled)
            how = "told" if answered else "known" if fit.score == 1 else "sure" if fit.sure else "guess"
            column = source.column[fit.column]
            if how != "known":
                file, where = f"sources/{source.id}.toml", ("column", fit.column, "aliases")
                self.found.add(Addition(file, where, sight.heading, fit.why, how))
            shown = message("shape.private") if column.private else form
            coded = bool(column.codes) or self.knowledge.of_units(source, fit.column)
            yield Heading(
                heading=sight.heading,
                column=fit.column,
                how=how,
                why=fit.why,
                form=shown,
                unread=0 if coded else unread,
            )

    def _ask(self, source: Source, look: Look, place: int, used: set[str], guess: str) -> None:
        heading = look.headings[place]
        could = could_mean(source, place, look, used, self.knowledge)
        options = tuple(dict.fromkeys([*([guess] if guess else []), *could]))
        if options:
            form = form_of(look.columns[place]).said
            text = message("ask.column", heading=heading, file=look.name, form=form)
            key, called = ("column", source.id, heading), tuple(_called(source, name) for name in options)
            self.found.ask(Question(key=key, text=text, options=options, guess=guess, called=called))

    def _named(self, look: Look, source: Source) -> Iterator[Message]:
        """Add a pattern of the files' names, where there is none; name a file that another source has."""
        unnamed = False
        for path in look.paths:
            claimed = [id for id, one in self.knowledge.configs.sources.items() if find.named(path, one)]
            unnamed = unnamed or not claimed
            if others := [id for id in claimed if id != source.id]:
                yield message("doubt_of.name", file=path.name, source=others[0])
        if unnamed:
            pattern = f"{look.stem}*{look.paths[0].suffix}"
            self.found.add(Addition(f"sources/{source.id}.toml", ("files",), pattern, message("why.name")))


def _called(source: Source, name: str) -> str:
    """Return what a column is called in files that are known."""
    return next(iter(source.column[name].aliases), "")
