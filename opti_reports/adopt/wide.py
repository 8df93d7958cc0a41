"""Files with a column for each month: what they are with a row for each, and what column the cells are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from opti_reports.adopt.answers import Answers
from opti_reports.adopt.content import Found
from opti_reports.adopt.forms import form_of
from opti_reports.adopt.knowledge import Knowledge
from opti_reports.adopt.look import Look, Sight
from opti_reports.adopt.plan import Addition, How, Question
from opti_reports.config.source import Source, fold
from opti_reports.config.wide import NUMERIC
from opti_reports.extracts import dates, totals
from opti_reports.extracts.headers import of_column
from opti_reports.extracts.wide import LEAST, shown, year_headings
from opti_reports.messages.message import Message, message

SURE: How = "sure"
TOLD: How = "told"
FITS = 0.8
"""Of how many cells a column of numbers must be able to read that they may be of."""
SOME_YEAR = 2026
"""What stands for the year of months that are named without one, while a file is looked at."""


@dataclass(frozen=True, kw_only=True)
class Laid:
    """A file as it is with a row for each month: ``look`` ends with the columns of months and of numbers.

    ``values`` are the columns that the numbers may be, the likeliest first; ``sure`` that it is the only one,
    of a file that holds more of the source. ``months`` are the headings.
    """

    look: Look
    month: str
    values: tuple[str, ...]
    sure: bool
    months: tuple[str, ...]
    totals: tuple[str, ...]
    year: str

    def named(self, value: str) -> Laid:
        """Return the same with another column of numbers."""
        *others, cells = self.look.columns
        look = replace(self.look, columns=(*others, replace(cells, heading=value)))
        return replace(self, look=look, values=(value,))

    def notes(self, how: How) -> Iterator[Message]:
        """Yield how the file would be read, and what of it would not."""
        column = message("adopt.perhaps", column=self.values[0]) if how == "guess" else self.values[0]
        first, last, n = self.months[0], self.months[-1], len(self.months)
        if how == "unused":
            yield message("adopt.wide_whose", n=n, first=first, last=last)
        else:
            yield message("adopt.wide", n=n, first=first, last=last, column=column)
        if self.totals:
            yield message("adopt.wide_totals", headings=self.totals)
        if self.year:
            yield message("adopt.wide_year", heading=self.year)
        elif not all((dates.heading(month) or (0, 0))[0] for month in self.months):
            yield message("adopt.wide_no_year")


def laid(look: Look, source: Source | None, knowledge: Knowledge) -> Laid | None:
    """Return a file as a source may read it, or a new one; None where it has no months side by side."""
    found = tuple(one for one in look.columns if dates.heading(one.heading))
    if len(found) < (1 if source and source.wide else LEAST) or _doubled(found):
        return None
    labels = totals.labels(knowledge.configs.guards, None, "")
    months, cells = _both(found)
    years = year_headings(source)
    year = next((one.heading for one in look.columns if fold(one.heading) in years), "")
    others = [one for one in look.columns if one not in found]
    summed = [one for one in others if form_of(one).type in NUMERIC and labels.is_total(one.heading)]
    year = "" if (dates.heading(found[0].heading) or (0, 0))[0] else year
    others = [one for one in others if one not in summed and (not year or one.heading != year)]
    meant = _meant(source, others, cells, knowledge) if source else _fresh(others, cells)
    if meant is None:
        return None
    month, values, sure = meant
    columns = (*others, replace(months, heading=month), replace(cells, heading=values[0]))
    return Laid(
        look=replace(look, columns=columns),
        month=month,
        values=values,
        sure=sure,
        months=tuple(shown(one.heading) for one in found),
        totals=tuple(one.heading for one in summed),
        year=year,
    )


def chosen(laid: Laid, source: Source, file: str, answers: Answers, found: Found) -> tuple[Laid, How]:
    """Return what the cells are, and how that is known: ``unused`` where they shall be left.

    What the source does not say yet is added.
    """
    if source.wide is not None:
        return laid, "known"
    key, values = ("wide", source.id), laid.values
    called = tuple(next(iter(source.column[name].aliases), "") for name in values)
    text = message("ask.wide", file=file, first=laid.months[0], last=laid.months[-1])
    question = Question(key=key, text=text, options=values, guess=values[0], called=called)
    answer, how = answers.of(key, values[0]), TOLD
    if answer is not None:
        answers.add(question, answer)
    elif not laid.sure:
        found.ask(question)
        return laid, "guess"
    else:
        answer, how = values[0], SURE
    if not answer:
        return laid, "unused"
    why = message("why.wide", n=len(laid.months))
    for name, value in (("month", laid.month), ("value", answer)):
        where = f"sources/{source.id}.toml"
        found.add(Addition(where, ("wide", name), value, why, how))
    return laid.named(answer), how


def _doubled(found: tuple[Sight, ...]) -> bool:
    return len({dates.heading(one.heading) for one in found}) < len(found)


@lru_cache(maxsize=16)
def _both(found: tuple[Sight, ...]) -> tuple[Sight, Sight]:
    """Return the columns of months and of numbers: a row for each cell in which something stands."""
    named = ((dates.heading(one.heading) or (0, 0), one.filled) for one in found)
    months = Counter({f"{year or SOME_YEAR}-{number:02}": n for (year, number), n in named})
    filled = sum(one.filled for one in found)
    counts = sum((one.counts for one in found), Counter[str]())
    return Sight("", months, filled, filled), Sight("", counts, filled, filled, any(o.many for o in found))


def _meant(
    source: Source, others: list[Sight], cells: Sight, knowledge: Knowledge
) -> tuple[str, tuple[str, ...], bool] | None:
    """Return the column of months and those of numbers that no other heading is of, and whether that is
    sure.
    """
    headed = {fold(one.heading) for one in others}
    free = {name: one for name, one in source.column.items() if not of_column(name, one) & headed}
    if source.wide is not None:
        return (source.wide.month, (source.wide.value,), True) if source.wide.month in free else None
    months = [name for name, column in free.items() if column.type == "month"]
    values = [
        name
        for name, column in free.items()
        if column.type in NUMERIC and knowledge.readable(source, name, cells) >= FITS
    ]
    if not months or not values:
        return None
    months.sort(key=lambda name: (name not in source.key, not source.column[name].required))
    values.sort(key=lambda name: not source.column[name].required)
    return months[0], tuple(values), len(values) == 1 and len(source.column) - len(free) > 1


def _fresh(others: list[Sight], cells: Sight) -> tuple[str, tuple[str, ...], bool] | None:
    """Return what columns of a new source are called that no heading is of."""
    if form_of(cells).type not in NUMERIC:
        return None
    headed = {fold(one.heading) for one in others}
    month, value = "month", "value"
    while fold(month) in headed:
        month += "_2"
    while fold(value) in headed:
        value += "_2"
    return month, (value,), True
