"""Headings matched to the columns of a source: by their words, by labels, else by what stands below them."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from opti_reports.adopt.forms import form_of, is_list
from opti_reports.adopt.knowledge import ANYTHING, DATED, Knowledge
from opti_reports.adopt.look import Look, Sight
from opti_reports.adopt.plan import Candidate
from opti_reports.adopt.units import opposite, words
from opti_reports.adopt.wide import laid
from opti_reports.config.source import Source
from opti_reports.config.source import fold as folded
from opti_reports.extracts.headers import REFUSED, of_column
from opti_reports.messages.message import Message, message

KNOWN, SURE, LIKELY = 1.0, 0.95, 0.6
"""How well a heading fits: it is one of the column's, it says the same, it may."""
CLOSE = 0.84
"""How alike two headings are spelt that may be the same."""
FITS = 0.8
"""Of how many cells a column must be able to read to be meant by a heading that is none of its own."""
BY_CODES, BY_UNITS, LEFT_OVER = 0.55, 0.5, 0.4
UNHEADED = 0.2
"""How well columns fit for which months and their cells stand, as long as the source does not say so."""


fold = lru_cache(maxsize=20_000)(folded)


@dataclass(frozen=True)
class Fit:
    """That a heading (by its place) may mean a column, how well, and why."""

    place: int
    column: str
    score: float
    why: Message

    @property
    def sure(self) -> bool:
        """Return whether it is more than a guess."""
        return self.score >= SURE


def fits(source: Source, look: Look, knowledge: Knowledge) -> dict[int, Fit]:
    """Return for each heading that fits a column the best fit, each column once."""
    found = [fit for fit in _by_name(source, look, knowledge) if _fits(source, look, fit, knowledge)]
    taken = _chosen({}, found)
    found = list(_by_content(source, look, taken, knowledge))
    taken = _chosen(taken, found)
    return _chosen(taken, list(_left_over(source, look, taken, knowledge)))


def _fits(source: Source, look: Look, fit: Fit, knowledge: Knowledge) -> bool:
    return fit.score == KNOWN or knowledge.readable(source, fit.column, look.columns[fit.place]) >= FITS


def _chosen(taken: Mapping[int, Fit], found: list[Fit]) -> dict[int, Fit]:
    """Return what was taken and the best of what was found; of two equally good guesses neither."""
    best = dict(taken)
    columns = {fit.column for fit in best.values()}
    for fit in sorted(found, key=lambda fit: (-fit.score, fit.place)):
        if fit.place in best or fit.column in columns:
            continue
        rivals = [
            other
            for other in found
            if other.score == fit.score
            and (other.place == fit.place) != (other.column == fit.column)
            and other.place not in best
            and other.column not in columns
        ]
        if rivals and fit.score < KNOWN:
            continue
        best[fit.place] = fit
        columns.add(fit.column)
    return best


def _by_name(source: Source, look: Look, knowledge: Knowledge) -> Iterator[Fit]:
    for name, column in source.column.items():
        spelled = (name, *column.aliases)
        exact, labels = of_column(name, column), list(knowledge.labels(name))
        for place, heading in enumerate(look.headings):
            if fold(heading) in exact:
                yield Fit(place, name, KNOWN, message("fit.known"))
            elif fold(heading):
                yield from _alike(place, heading, name, spelled, labels)


def _alike(place: int, heading: str, name: str, spelled: tuple[str, ...], labels: list[str]) -> Iterator[Fit]:
    own = sorted(words(heading))
    for said in spelled:
        if own == sorted(words(said)):
            yield Fit(place, name, SURE, message("fit.order", like=said))
            return
    for said in labels:
        if fold(said) == fold(heading):
            yield Fit(place, name, SURE, message("fit.label", like=said))
            return
    like = [said for said in (*spelled, *labels) if not opposite(heading, said)]
    # 'budget/y' is no misspelt 'budget': another word may say another thing.
    alike = [said for said in like if len(words(said)) == len(own)]
    ratio, said = max(((_ratio(fold(heading), fold(one)), one) for one in alike), default=(0.0, ""))
    if ratio >= CLOSE:
        yield Fit(place, name, LIKELY + ratio / 5, message("fit.spelt", like=said))
        return
    within = [said for said in like if _within(set(own), set(words(said)))]
    if within:
        yield Fit(place, name, LIKELY, message("fit.within", like=within[0]))


def _ratio(one: str, other: str) -> float:
    if 2 * min(len(one), len(other)) < CLOSE * (len(one) + len(other)):
        return 0.0
    judge = difflib.SequenceMatcher(None, one, other, autojunk=False)
    return judge.ratio() if judge.quick_ratio() >= CLOSE else 0.0


def _within(one: set[str], other: set[str]) -> bool:
    """Return whether all words of one are among the other's, a word of some length among them."""
    small = one if len(one) <= len(other) else other
    return small <= (one | other) - (one ^ other) and any(len(word) > 3 for word in small)


def _by_content(source: Source, look: Look, taken: Mapping[int, Fit], knowledge: Knowledge) -> Iterator[Fit]:
    """Yield columns whose codes or units stand below a heading that says nothing."""
    columns = {fit.column for fit in taken.values()}
    for place, sight in enumerate(look.columns):
        if place in taken or not sight.filled:
            continue
        for name, column in source.column.items():
            if name in columns:
                continue
            listed = len(sight.counts) > 1 and is_list(sight)
            if column.codes and listed and knowledge.readable(source, name, sight) >= FITS:
                yield Fit(place, name, BY_CODES, message("fit.codes"))
            elif knowledge.of_units(source, name) and knowledge.readable(source, name, sight) >= FITS:
                yield Fit(place, name, BY_UNITS + column.required / 100, message("fit.units"))


def _left_over(source: Source, look: Look, taken: Mapping[int, Fit], knowledge: Knowledge) -> Iterator[Fit]:
    """Yield a required date or id that is missing, where one column alone of the file can be it."""
    columns = {fit.column for fit in taken.values()}
    missing = [name for name, one in source.column.items() if one.required and name not in columns]
    left = [(place, sight) for place, sight in enumerate(look.columns) if place not in taken and sight.filled]
    for name in missing:
        column = source.column[name]
        if column.type in DATED:
            could = [at for at, sight in left if form_of(sight).type in DATED]
        elif name in source.key and column.type == "string":
            could = [at for at, sight in left if _distinct(sight)]
        else:
            continue
        alone = len([one for one in missing if source.column[one].type == column.type]) == 1
        if len(could) == 1 and alone and knowledge.readable(source, name, look.columns[could[0]]) >= FITS:
            yield Fit(could[0], name, LEFT_OVER, message("fit.left_over"))


def _distinct(sight: Sight) -> bool:
    return sight.filled == sight.rows and (sight.many or len(sight.counts) == sight.rows)


def could_mean(source: Source, place: int, look: Look, taken: set[str], knowledge: Knowledge) -> list[str]:
    """Return the columns that a heading may mean judging by its cells, those first that a file must have.

    A short list may be one of codes in words that nobody knows yet, or of units.
    """
    sight = look.columns[place]
    free = fold(sight.heading) in REFUSED
    found = []
    for name, column in source.column.items():
        plain = column.type in ANYTHING and not (column.pattern or knowledge.of_units(source, name))
        wanted = column.required or name in source.key or (free and column.type == "quote")
        if name in taken or (plain and not wanted):
            continue
        form = form_of(sight).type
        if plain and (form in DATED or form == "boolean"):
            continue
        listed = form == "code" and len(sight.counts) > 1
        coded = listed and (len(sight.counts) <= 2 * len(column.codes) or knowledge.of_units(source, name))
        if sight.filled and (coded or knowledge.readable(source, name, sight) >= FITS):
            found.append(name)
    return sorted(found, key=lambda name: not source.column[name].required)


def candidates(look: Look, knowledge: Knowledge) -> list[Candidate]:
    """Return the sources that a file may be of, the likeliest first."""
    found = [_laid(source, look, knowledge) for source in knowledge.configs.sources.values()]
    return sorted((one for one in found if one.score > 0), key=lambda one: -one.score)


def _laid(source: Source, look: Look, knowledge: Knowledge) -> Candidate:
    """Return how well a source fits, with a row for each month where it may have these side by side."""
    long = laid(look, source, knowledge)
    if long is None:
        return _candidate(source, look, knowledge, ())
    return _candidate(source, long.look, knowledge, () if source.wide else (long.month, long.values[0]))


def _candidate(source: Source, look: Look, knowledge: Knowledge, unheaded: tuple[str, ...]) -> Candidate:
    taken = {
        place: replace(fit, score=UNHEADED) if fit.column in unheaded else fit
        for place, fit in fits(source, look, knowledge).items()
    }
    if not taken:
        return Candidate(source.id, 0.0, ())
    required = [name for name, column in source.column.items() if column.required]
    by_column = {fit.column: fit for fit in taken.values()}
    there = [by_column[name].score for name in required if name in by_column]
    cells = [knowledge.readable(source, fit.column, look.columns[fit.place]) for fit in taken.values()]
    headed = sum(fit.score for fit in taken.values()) / len(look.columns)
    read = sum(cells) / len(cells)
    score = (0.6 * (sum(there) / len(required) if required else 1.0) + 0.4 * headed) * (0.5 + 0.5 * read)
    why = (
        message("candidate.required", there=len(there), of=len(required)),
        message("candidate.headings", known=len(taken), of=len(look.columns)),
        message("candidate.cells", percent=round(100 * read)),
    )
    return Candidate(source.id, round(score, 3), why)
