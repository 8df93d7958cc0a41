"""A source system's file under ``configs/sources``: its columns, row rules, facts and lists."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Annotated, Literal

from pydantic import Field, model_validator

from opti_reports.algebra.links import LinkKind
from opti_reports.config.base import AudienceId, Gated, Identifier, LevelId, SensitivityId, Strict, Words
from opti_reports.config.delivered import Beside, Totals
from opti_reports.config.due import Due, Weekly
from opti_reports.config.wide import Wide
from opti_reports.errors import UnfitError

ColumnType = Literal[
    "string",
    "code",
    "enum",
    "integer",
    "decimal",
    "eur",
    "boolean",
    "date",
    "datetime",
    "month",
    "iso_week",
    "quote",
    "title",
    "label",
    "role",
]
Blank = Literal["not_yet", "no", "not_asked", "not_applicable", "unknown"]
Presence = Literal["required", "lagging", "optional", "imported"]
"""Whether a run waits for it. ``imported``: it comes from meetings, by imports alone, and is never late."""
Others = Literal["rows", "open_cases", "register", "delivered"]
ListKind = Literal[Others, "actions", "quotes", "preparations", "references", "shifts", "done"]
LIST_NEEDS: dict[str, tuple[str, ...]] = {
    "open_cases": ("due_at",),
    "actions": ("id", "title", "state", "due_at", "done_at"),
    "quotes": ("text",),
    "done": ("id", "title", "about", "metric_id", "opened_at", "started_at", "done_at"),
    "preparations": ("month", "metric_id", "cause", "action", "owner_role", "due_at", "support", "escalate"),
    "references": ("indicator", "region", "year", "value", "origin"),
    "shifts": ("week", "profession_class", "hour_band", "needed", "filled"),
}
"""The columns that packs read of a list of each kind."""


def fold(text: str) -> str:
    """Return a heading or code as compared: no accents, case, spaces or signs."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if c.isalnum())


class Column(Strict):
    """One column: its type, the headers it may carry, and the codes it may hold.

    Text that people wrote is a ``quote``, a ``title``, a ``label`` (a topic, a supplier) or a ``role``: what
    identifies a person is masked in it, and a role that looks like a name is refused. A ``string`` is an id.
    """

    type: ColumnType
    aliases: tuple[str, ...] = ()
    required: bool = False
    """The heading must be there, and every cell filled unless ``blank`` says what an empty one means."""
    blank: Blank | None = None
    """What an empty cell means. Only ``unknown`` leaves open what it would say; so does an empty cell of a
    required column that says nothing here (but not of a code without a list of codes: an unknown unit)."""
    blank_ok: str = ""
    """Of ``blank = "unknown"``: an expression for the rows in which an empty cell is in order."""
    empty_words: tuple[str, ...] = ()
    """Texts that mean an empty cell, beside those of the source."""
    empty_dates: tuple[dt.date, ...] = ()
    """Dates that mean an empty cell, beside those of the source: the end of what has no end."""
    leading_number: bool = False
    """A number followed by words without digits means the number: ``85+``, ``10 – very likely``."""
    codes: tuple[str, ...] = ()
    code_aliases: dict[str, tuple[str, ...]] = {}
    """Words that mean a code; of a column of units, words that mean another of their codes or names here."""
    pattern: str = ""
    """Of a code without a list: a regular expression of the whole code; what does not fit is unknown."""
    private: bool = False
    """A personal pseudonym: re-hashed with the workspace's secret, never shown or archived."""
    signed: bool = False
    """Negative values are allowed (always so for ``eur``)."""
    most: int | None = Field(default=None, ge=1)
    """The largest number a cell can mean; more is an unknown cell: a date's serial number, digits run
    together."""
    future: bool = False
    """Dates after the extraction day are allowed (a due date, the end of a contract)."""
    digits: int = Field(default=2, ge=0, le=6)
    """Decimals kept of a ``decimal``; more in a file is a reason to reject the row, unless a program computed
    them (six or more: rounded)."""
    rounded: bool = False
    """A ``decimal`` with more decimals than are kept is rounded: it is computed from other figures."""
    stand_in: Identifier | None = None
    """The column whose cells stand for this one's where a file has no such heading."""
    note: str = ""

    @property
    def unknown_if_blank(self) -> bool:
        """Return whether nobody can tell what an empty cell would say."""
        if self.blank is not None:
            return self.blank == "unknown"
        return self.required and not (self.type == "code" and not self.codes)

    @model_validator(mode="after")
    def _codes_belong_to_enums(self) -> Column:
        if self.most is not None and self.type not in ("integer", "decimal", "eur"):
            raise UnfitError("source.most")
        if self.type == "enum" and not self.codes:
            raise UnfitError("source.enum")
        if self.pattern and (self.type != "code" or self.codes):
            raise UnfitError("source.pattern")
        try:
            re.compile(self.pattern)
        except re.error as error:
            raise UnfitError("source.no_pattern", why=str(error)) from error
        of_units = self.type == "code" and not self.codes
        unknown = [] if of_units else sorted(set(self.code_aliases) - set(self.codes))
        if unknown:
            raise UnfitError("source.aliases", codes=tuple(unknown))
        return self


class Check(Strict):
    """A row rule: rows for which ``rule`` is false are rejected with ``reason``."""

    rule: str
    reason: Words


class SameWithin(Strict):
    """Rows sharing ``key`` (``monthly``: within a month) must agree on ``columns``, or they are rejected."""

    key: Identifier
    columns: tuple[Identifier, ...]
    monthly: bool = False
    reason: Words | None = None
    """Why rows are rejected that do not, where more can be said than that."""


class Link(Strict):
    """A column found among the other rows of the same ``key``.

    ``first_after``: the earliest ``of`` (over rows satisfying ``where``) later than the row's ``after``;
    with ``same_day`` the same day counts too. ``first``: true for one row of each (key, of) among rows
    satisfying ``where``, the first by ``order`` and then by the source's key. ``carried``: what ``of`` is
    of the first such row of the key, whatever its kind: an answer at the start carried to a later one.
    """

    id: Identifier
    kind: LinkKind = "first_after"
    key: Identifier
    of: str
    after: str = ""
    where: str = "true"
    same_day: bool = False
    order: str = ""


class Fact(Strict):
    """Integer measures counted by unit, month and keys."""

    id: Identifier
    where: str = "true"
    since: str
    at: str = ""
    lag_months: int = Field(default=0, ge=0, le=24)
    """Of ``at``: how many months later than it began a row may count, where a limit says so; 0 where each row
    brings its own due date."""
    unit: str
    grain: Literal["month", "week"] = "month"
    by: tuple[Identifier, ...] = ()
    private: tuple[Identifier, ...] = ()
    stock: bool = False
    unpivot: tuple[Identifier, ...] = ()
    """Columns turned into rows: adds the columns ``statement`` (the name) and ``score`` (the value)."""
    measure: dict[Identifier, str]
    partly: tuple[Identifier, ...] = ()
    """Measures whose cell may be empty in some rows of a unit: not asked of everyone. Elsewhere one empty
    cell leaves the unit's figure, and those above, partial."""

    @property
    def snapshot(self) -> bool:
        """Return whether it says how things stood at the end of the delivery's own month."""
        return self.since.strip() == "asof()"


class RowList(Strict):
    """Rows a pack shows as they are: open cases, actions. Never private columns.

    ``kind`` says what the rows are to the packs. ``open_cases`` are marked when past ``due_at``; a
    ``register`` has one row a unit, each column an item that is in order or not; ``actions`` are improvement
    actions, with ``metric_id``, ``started_at``, ``owner_role``, ``source_ref``, ``escalated_to`` and
    ``answer`` where known; ``shifts`` are person-days of weeks ahead;
    ``references`` are public figures of regions by year, that metrics name by their ``indicator``;
    ``quotes`` are clients' words, with ``topic`` where known; ``delivered`` are counts that others made;
    ``done`` are actions that may be published, ``about`` what they come of.
    """

    id: Identifier
    kind: ListKind = "rows"
    sensitivity: SensitivityId
    """How much its rows tell of people: only audiences that see single cases may read them."""
    rows_shown: tuple[AudienceId, ...] = ()
    """Audiences that may read its rows although single cases of its sensitivity are withheld from them."""
    units_named: bool = True
    """Whether pages of several units say whose each row is; registers and actions always do."""
    empty: Words | None = None
    """What is said where there are no rows."""
    waiting: Words | None = None
    """Of open cases, what is said of ``{n}``: ``{late}`` are late, the oldest is ``{days}`` days old."""
    waiting_one: Words | None = None
    """The same of a single case."""
    waiting_in_time: Words | None = None
    """The same where none is late."""
    where: str
    unit: str
    columns: dict[Identifier, str]
    order: tuple[str, ...] = ()
    """Columns to sort by; a leading minus sorts descending."""
    acted_on: Identifier | None = None
    """Of rows that ask for an action: the column of numbers that actions name as their ``source_ref``."""
    lead: dict[LevelId, Words] = {}
    """Of a register: whose move it is on a level of management where an item is not in order; on one without,
    that of who answers for the source."""
    totals: Totals | None = None
    parts: dict[Identifier, tuple[Identifier, ...]] = {}
    """Of counts as delivered: columns that should be the sum of others of their row."""
    beside: Beside | None = None
    fresh: dict[Identifier, Annotated[int, Field(ge=1, le=24)]] = {}
    """Of a register: items to be done again and again, within how many months up to the data month."""

    @model_validator(mode="after")
    def _columns_of_its_kind(self) -> RowList:
        missing = [name for name in LIST_NEEDS.get(self.kind, ()) if name not in self.columns]
        if missing:
            raise UnfitError("source.list_needs", kind=self.kind, columns=tuple(missing))
        for key, named in (("fresh", set(self.fresh)), ("acted_on", {self.acted_on} - {None})):
            if unknown := sorted(map(str, named - set(self.columns))):
                raise UnfitError("source.list_columns", key=key, columns=tuple(unknown))
        return self


class ImportFile(Strict):
    """The file into which imports write what comes back from meetings, beside the files of the delivery."""

    file: str
    """Its name in a month's folder, one that the source's patterns take; a workbook."""
    serial: str = ""
    """With what the ids begin that imports give; year, month and a running number follow (``K2608-1``)."""
    carried: bool = False
    """It goes on into the deliveries of later months, until a month has one of its own."""
    new: dict[Identifier, str] = {}
    """Cells of a new row that no document asks for."""
    of_metric: dict[Identifier, str] = {}
    """The same of a row that names a metric, before ``new``."""


DISAGREES = "disagrees"
"""Why rows are rejected that must agree and do not."""


def broken_check(name: str) -> str:
    """Return why a row is rejected that breaks a check, as rejects and reports name it."""
    return f"check.{name}"


class Source(Gated):
    """One source system and everything that is read, checked and counted of its extracts."""

    id: Identifier
    name: Words
    system: Identifier
    """The code system of ``codes`` in organisation.toml."""
    files: tuple[str, ...]
    titled: bool = False
    """Rows of a title may stand above the headings: they are passed over, down to the first row that has a
    heading of every required column."""
    wide: Wide | None = None
    """What months mean that stand side by side as columns; not taken for any where nothing is said."""
    presence: Presence
    owner_role: Words
    due: Due
    weekly: Weekly | None = None
    """How it comes by the week; not at all where nothing is said."""
    date: str
    """The row's own date: which months a delivery covers, and what lies outside it."""
    key: tuple[Identifier, ...]
    window_months: int = Field(ge=1, le=60)
    open_cases: bool = False
    """An extract also holds old cases that are still open: before the window no month is whole."""
    empty_words: tuple[str, ...] = ()
    """Texts that mean an empty cell in every column (``NULL``; "en osaa sanoa" in a survey)."""
    empty_dates: tuple[dt.date, ...] = ()
    """Dates that mean an empty cell: 1.1.1900, 31.12.9999."""
    per_unit: bool = False
    """Each unit delivers its own rows: a unit without rows is missing, not zero."""
    empty_unit: str = ""
    may_repeat: bool = False
    """A register: its file may be the same as the month before, and need not have rows of its month."""
    stays: bool = False
    """What came stays in force until there is something newer: no month after is without it."""
    same_within: SameWithin | None = None
    handling: Words | None = None
    """How cases are counted that move, come back, vanish or change: said on the page of data quality."""
    kept: ImportFile | None = None
    column: dict[Identifier, Column]
    check: dict[Identifier, Check] = {}
    derive: dict[Identifier, str] = {}
    link: tuple[Link, ...] = ()
    fact: tuple[Fact, ...] = ()
    list: tuple[RowList, ...] = ()

    def broken(self, reason: str) -> Check | None:
        """Return the check that a row breaks, given why it is rejected; None where it breaks none."""
        alike = self.same_within
        if reason == DISAGREES and alike is not None and alike.reason is not None:
            return Check(rule="false", reason=alike.reason)
        return next((check for name, check in self.check.items() if broken_check(name) == reason), None)
