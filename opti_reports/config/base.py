"""What every config model shares: frozen, no unknown keys, texts in every language of the workspace."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, PlainSerializer, PlainValidator, StringConstraints

from opti_reports.errors import UnfitError
from opti_reports.messages.message import Message, message
from opti_reports.periods.cadence import CADENCES, WEEK, Cadence

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
"""A name used in files and formulas: lower-case letters, digits and underscores."""
Kind = Literal[
    "level",
    "unit",
    "unit_type",
    "metric",
    "fact",
    "list",
    "pack",
    "process",
    "goal",
    "audience",
    "sensitivity",
    "grouping",
]
"""What a name in one file may be of, that another file defines."""


@dataclass(frozen=True)
class Refers:
    """Marks an identifier as the name of something that another file defines."""

    to: Kind


LevelId = Annotated[Identifier, Refers("level")]
UnitId = Annotated[Identifier, Refers("unit")]
UnitType = Annotated[Identifier, Refers("unit_type")]
MetricId = Annotated[Identifier, Refers("metric")]
FactId = Annotated[Identifier, Refers("fact")]
ListId = Annotated[Identifier, Refers("list")]
ProcessId = Annotated[Identifier, Refers("process")]
GoalId = Annotated[Identifier, Refers("goal")]
GroupingId = Annotated[Identifier, Refers("grouping")]
AudienceId = Annotated[Identifier, Refers("audience")]
SensitivityId = Annotated[Identifier, Refers("sensitivity")]

Hex = Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")]
MonthText = Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
"""A month as it is written: ``2026-08``."""
Family = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 -]*$")]

FORMS = {
    r"^[a-z][a-z0-9_]*$": message("unfit.id"),
    r"^#[0-9a-f]{6}$": message("unfit.colour"),
    r"^[A-Za-z0-9][A-Za-z0-9 -]*$": message("unfit.font"),
    r"^\d{4}-(0[1-9]|1[0-2])$": message("unfit.month"),
}
"""What a text of each pattern above looks like."""


def _cadence(value: object, among: tuple[Cadence, ...]) -> Cadence:
    for one in among:
        if value in (one, one.id):
            return one
    raise UnfitError("unfit.one_of", names=tuple(one.id for one in among))


def one_of(*names: str) -> AfterValidator:
    """Return a check that a text is one of some names."""

    def check(text: str) -> str:
        if text not in names:
            raise UnfitError("unfit.one_of", names=names)
        return text

    return AfterValidator(check)


WHOLE = tuple(one for one in CADENCES if one.whole)
CadenceName = Annotated[
    Cadence, PlainValidator(partial(_cadence, among=CADENCES)), PlainSerializer(lambda one: one.id)
]
"""A cadence by its name."""
WholeName = Annotated[
    Cadence, PlainValidator(partial(_cadence, among=WHOLE)), PlainSerializer(lambda one: one.id)
]
"""A cadence whose periods follow each other, by its name: a pack, or a part of it, is made when one ends."""
MadeName = Annotated[
    Cadence, PlainValidator(partial(_cadence, among=(WEEK, *WHOLE))), PlainSerializer(lambda one: one.id)
]
"""A cadence by which packs are made, by its name."""

Words = dict[str, str]
"""One text by language code. Which languages must be there is checked once all files are read."""


class Strict(BaseModel):
    """A frozen model that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False, defer_build=True)
    gone: ClassVar[Mapping[str, Message]] = {}
    """Keys of earlier versions that mean nothing any more, and what is written in their place."""


class Gated(Strict):
    """A file that is there only where somebody has approved what it is for."""

    approval: str = ""
    """The approval of ``settings.toml`` without which it is as if there were no such file; empty: none."""


@dataclass(frozen=True)
class Names:
    """Names that files may use of one another.

    ``whole`` is false while a file that may define more could not be read: then no name is called unknown,
    so that one broken file is not followed by faults in every file that builds on it.
    """

    known: frozenset[str]
    whole: bool

    def lack(self, name: str) -> bool:
        """Return whether the name is certainly unknown."""
        return self.whole and name not in self.known

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self.known))


def names(known: Iterable[str], whole: bool) -> Names:
    """Return the names of what has been read."""
    return Names(frozenset(known), whole)
