"""What the configs know already, as files are held against it: headings, codes, labels, units, words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pyarrow as pa

from opti_reports.adopt.forms import form_of
from opti_reports.adopt.look import Sight
from opti_reports.adopt.units import Units, words
from opti_reports.config.configs import Configs
from opti_reports.config.expressions import unit_columns
from opti_reports.config.source import Column, Source, fold
from opti_reports.extracts.cells import ColumnReader
from opti_reports.extracts.faults import fault
from opti_reports.extracts.headers import spellings
from opti_reports.extracts.meanings import Empties
from opti_reports.extracts.redact import identifies
from opti_reports.extracts.texts import FALSE, TRUE
from opti_reports.model.role import Roles

SHORT = 4
"""Letters of the longest word that stands for nothing but itself: an abbreviation, a code."""
LOOKED_AT = 200
"""How many different texts of a column are read, the most frequent first."""
LONGEST = 60
"""Signs of the longest code."""
ANYTHING = ("string", "quote", "title", "label", "role", "code")
"""Types that can read any text."""
DATED = ("date", "datetime", "month", "iso_week")
FEW, MANY = 0.2, 5
"""Of more units than that, which share is known at least of an organisation that is in the configs."""
_CAPITALS = Roles()


@dataclass(frozen=True)
class Knowledge:
    """The configs of a workspace, searched."""

    configs: Configs
    _shares: dict[tuple[str, str, Sight], float] = field(default_factory=dict)
    _codes: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)

    @cached_property
    def units(self) -> Units:
        """Return the organisation as it is searched."""
        return Units(self.configs.organisation)

    @cached_property
    def headings(self) -> frozenset[str]:
        """Return every heading of any source, folded."""
        return frozenset(one for source in self.configs.sources.values() for one in spellings(source))

    @cached_property
    def _unit_columns(self) -> Mapping[str, frozenset[str]]:
        return {id: unit_columns(source) for id, source in self.configs.sources.items()}

    def of_units(self, source: Source, column: str) -> bool:
        """Return whether a column says whose row it is."""
        return column in self._unit_columns.get(source.id, ())

    def labels(self, column: str) -> Iterator[str]:
        """Yield what a column is called on pages, in every language."""
        for wording in self.configs.wordings.values():
            if label := wording.phrases.get(f"column.{column}"):
                yield label

    def labels_of(self, column: str, code: str) -> Iterator[str]:
        """Yield what a code is called on pages, in every language."""
        for wording in self.configs.wordings.values():
            yield wording.label(column, code)

    def code_labels(self, column: str, code: str) -> Iterator[str]:
        """Yield what a code is called on pages, and what other sources' systems call the same code."""
        yield from self.labels_of(column, code)
        for source in self.configs.sources.values():
            if column in source.column:
                yield from source.column[column].code_aliases.get(code, ())

    def readable(self, source: Source, name: str, sight: Sight) -> float:
        """Return the share of filled cells that a column of the source can read."""
        key = source.id, name, sight
        if key not in self._shares:
            self._shares[key] = self._share(source, name, sight)
        return self._shares[key]

    def _share(self, source: Source, name: str, sight: Sight) -> float:
        column, seen = source.column[name], sight.counts.most_common(LOOKED_AT)
        if not seen or column.private:
            return 1.0
        if self.of_units(source, name):
            if form_of(sight).type in DATED:
                return 0.0
            good = {text for text, _ in seen if self.units.known(source.system, text)}
            good |= {text for text, _ in seen if text not in good and self.units.match(text)}
        elif column.type in ANYTHING and not column.pattern and not column.codes:
            return 1.0
        elif column.codes:
            good = {text for text, _ in seen if fold(text) in self.codes(source, name)}
        else:
            good = {text for text, _ in seen} - set(self.unread(source, column, [text for text, _ in seen]))
        return sum(count for text, count in seen if text in good) / sum(count for _, count in seen)

    def codes(self, source: Source, name: str) -> Mapping[str, str]:
        """Return the codes of a column by what means each of them, folded."""
        key = source.id, name
        if key not in self._codes:
            column = source.column[name]
            known = {fold(code): code for code in column.codes}
            for code, aliases in column.code_aliases.items():
                known |= {fold(alias): code for alias in aliases}
            self._codes[key] = known
        return self._codes[key]

    def unread(self, source: Source, column: Column, texts: list[str]) -> list[str]:
        """Return the texts of which the column's reader says that they mean nothing it knows."""
        reader = ColumnReader(source, column, self.configs.calendar, b"", self.configs.roles)
        _, filled, wrong = reader.read(pa.array(texts, pa.string()))
        found = zip(texts, filled.tolist(), wrong.tolist(), strict=True)
        empty = Empties(source, column)
        return [text for text, _, bad in found if bad and text not in empty and not fault(text)]

    def unit_known(self, source: Source, column: Column, text: str) -> bool:
        """Return whether a text names a unit to this column already, or says that there is none."""
        aliased = {fold(one) for own in column.code_aliases.values() for one in own}
        return (
            self.units.known(source.system, text) or text in Empties(source, column) or fold(text) in aliased
        )

    def strangers(self, system: str, sight: Sight) -> int:
        """Return how many units are unknown where nearly all are: an organisation that is not in the configs.

        Nobody is asked for each of them then; 0 elsewhere.
        """
        seen = [text for text, _ in sight.counts.most_common(LOOKED_AT)]
        known = sum(self.units.known(system, text) or self.units.match(text) is not None for text in seen)
        return len(seen) - known if len(seen) > MANY and known < FEW * len(seen) else 0

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Return the words that configs use for columns, codes and units: no names of people."""
        found = set(self.units.vocabulary)
        for source in self.configs.sources.values():
            for name, column in source.column.items():
                texts = [name, *column.aliases, *column.codes]
                texts += [alias for own in column.code_aliases.values() for alias in own]
                found.update(word for text in texts for word in words(text))
        for wording in self.configs.wordings.values():
            labels = (text for key, text in wording.phrases.items() if key.startswith(("column.", "code.")))
            found.update(word for text in labels for word in words(text))
        return frozenset(found | {fold(word) for word in TRUE | FALSE})

    def code_like(self, text: str) -> bool:
        """Return whether a code of a column that is understood may be shown: it identifies nobody, and is no
        name of which the configs know no word.
        """
        if len(text) > LONGEST or identifies(text):
            return False
        return not _CAPITALS.name_like(text) or bool(self.vocabulary.intersection(words(text)))

    def harmless(self, text: str) -> bool:
        """Return whether a text of a column that nobody understands may be shown: all its longer words are
        words of configs, and it has few digits.
        """
        digits = sum(map(str.isdigit, text))
        known = all(len(word) <= SHORT or word in self.vocabulary for word in words(text))
        return known and digits <= SHORT and self.code_like(text)
