"""A month's records of one source, drawn as a line's ``demo.toml`` says."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from opti_reports.config import source as declared
from opti_reports.demo import days as calendar
from opti_reports.demo.days import DAY, HOURS
from opti_reports.demo.layout import Column, Layout
from opti_reports.demo.rows import Bools, Floats, Ints, Rows, Times, only, take
from opti_reports.demo.rules import Again, Cell, Change, Rules, Where
from opti_reports.demo.world import World
from opti_reports.periods.months import first_date

Cells = NDArray[Any]
PRIVATE = "private:"


class OwnLayout(Layout):
    """A source's extract by the workspace's configs alone: there are no shipped ones to compare with."""

    @property
    def shipped(self) -> declared.Source:
        """Return the workspace's own."""
        assert self.own is not None
        return self.own

    @cached_property
    def happenings(self) -> tuple[str, ...]:
        """Return the columns whose times an extract holds once they have come: of those that are drawn."""
        drawn = {column.name for column in self.columns}
        return tuple(name for name in super().happenings if name in drawn)

    def _kind(self, name: str, known: declared.Column) -> str:
        return f"{PRIVATE}{name}" if known.private else super()._kind(name, known)


def layout_of(name: str, rules: Rules, own: declared.Source) -> OwnLayout:
    """Return a source's layout. Raises ConfigError where the config lacks what the rules draw."""
    given = {*own.key, *re.findall(r"\w+", own.date), *rules.column}
    given |= {column for column, it in own.column.items() if _is_unit(it) and it.required}
    order = [column for column in own.column if column in given]
    order += [column for column, cell in rules.column.items() if column not in own.column and not cell.hidden]
    forms = {column: cell.id for column, cell in rules.column.items() if cell.id}
    look = {"source": name, "own": own, "order": order, "forms": forms, "grid": rules.grid, **rules.look}
    layout = OwnLayout.model_validate(look)
    _ = layout.columns, layout.stem  # refused here, before a file is written
    return layout


def _is_unit(column: declared.Column) -> bool:
    return column.type == "code" and not column.codes


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """The records of one source in one month: ``units`` has the number of each row's unit."""

    world: World
    layout: OwnLayout
    rules: Rules
    month: int
    units: Ints
    rows: Rows = field(default_factory=dict)

    @classmethod
    def of(cls, world: World, layout: OwnLayout, rules: Rules, month: int) -> Rows:
        """Return a month's records with all that will ever happen to them."""
        if (month + 1) % layout.every and month != world.last:
            units = np.array([], dtype=np.int64)
        else:
            units = _units(world, layout, rules, month)
        drawing = cls(world=world, layout=layout, rules=rules, month=month, units=units)
        if rules.again is not None:
            return drawing.repeated(rules.again)
        for column in drawing.in_turn():
            drawing.rows[column.name] = drawing.cells(column)
        return drawing.rows

    def repeated(self, again: Again) -> Rows:
        """Return the records, and those that come again."""
        turn = self.in_turn()
        for column in (column for column in turn if column.name in again.same):
            self.rows[column.name] = self.cells(column)
        times = 1 + len(again.shares)
        rows = {name: np.tile(cells, times) for name, cells in self.rows.items()}
        every = replace(self, units=np.tile(self.units, times), rows=rows)
        phases = [0, *self.layout.positions(again.column, *again.shares)]
        every.rows[again.column] = np.repeat(np.array(phases, dtype=np.int64), self._n)
        for column in (column for column in turn if column.name not in every.rows):
            every.rows[column.name] = every.cells(column)
        shares = np.repeat([1.0, *again.shares.values()], self._n)
        return take(every.rows, self._rng("again").random(times * self._n) < shares)

    def in_turn(self) -> list[Column]:
        """Return the columns in the order in which they are drawn: those without rules first."""
        turn = {name: number for number, name in enumerate(self.rules.column)}
        hidden = (name for name, cell in self.rules.column.items() if cell.hidden)
        unseen = (Column(name=name, header="", kind="date") for name in hidden)
        return sorted((*self.layout.columns, *unseen), key=lambda column: turn.get(column.name, -1))

    def cells(self, column: Column) -> Cells:
        """Return a column: as its rule draws it, with what changes in some rows."""
        cell = self.rules.column.get(column.name, Cell())
        found = self._drawn(column, cell, "")
        for number, change in enumerate(self.rules.change):
            if change.column == column.name and change.holds_in(self.world.last - self.month):
                mask = self._changed(change, f"{column.name}:{number}")
                found = np.where(mask, self._drawn(column, change, f":{number}"), found)
        return found

    def _rng(self, stream: str) -> np.random.Generator:
        return self.world.rng(f"{self.layout.source}.{stream}", self.month)

    def _changed(self, change: Change, stream: str) -> Bools:
        unit = self.world.org.number(change.unit) if change.unit else -1
        mask = self._where(change.where) & (self._rng(f"{stream}:share").random(self._n) < change.share)
        found: Bools = mask & (self.units == unit) if change.unit else mask
        return found

    @property
    def _n(self) -> int:
        return len(self.units)

    def _drawn(self, column: Column, cell: Cell, stream: str) -> Cells:
        rng = self._rng(f"{column.name}{stream}")
        found = self._values(column, cell, rng)
        filled = rng.random(self._n) >= cell.empty
        if not isinstance(cell, Change):
            filled &= self._where(cell.where)
        return only(found, filled)

    def _values(self, column: Column, cell: Cell, rng: np.random.Generator) -> Cells:
        if column.name == self.rules.grid:
            return np.arange(self._n) % len(column.codes)
        if column.kind.startswith(PRIVATE):
            return self._people(cell, rng)
        if cell.after:
            return self._later(column, cell, rng)
        if cell.shares or cell.one_of:
            return _picked(column, cell, rng, self._n)
        if cell.mean is not None or cell.of:
            return self._numbers(column, cell, rng)
        return self._given(column, rng)

    def _given(self, column: Column, rng: np.random.Generator) -> Cells:
        """Return what needs no rule: numbers, the unit, the month and days of it."""
        if column.kind == "id":
            _, zeros, _ = column.number
            start = int(f"{first_date(self.month):%y%m}") * 10 ** (len(zeros) - 4)
            return np.arange(start + 1, start + 1 + self._n)
        if column.kind == "unit":
            return self.units
        if column.kind == "month":
            return np.full(self._n, self.month)
        if column.kind in ("date", "datetime"):
            days = calendar.days_of(self.month)
            days = days[calendar.is_workday(days)]
            return _timed(days[rng.integers(0, len(days), self._n)], column, rng)
        return np.full(self._n, None if column.kind == "text" else -1)

    def _people(self, cell: Cell, rng: np.random.Generator) -> Ints:
        if cell.once:
            return (self.month - self.world.first) * cell.pool + np.arange(self._n) % cell.pool
        count = len(self.world.org.units)
        elsewhere = rng.random(self._n) < cell.elsewhere
        unit = np.where(elsewhere, rng.integers(0, count, self._n), self.units)
        return unit * cell.pool + rng.integers(0, max(cell.pool, 1), self._n)

    def _later(self, column: Column, cell: Cell, rng: np.random.Generator) -> Times:
        start = self.rows[cell.after]
        known = ~np.isnat(start)
        days = calendar.midnight(np.where(known, start, calendar.first_day(self.month)))
        least, most = cell.days or cell.workdays
        ahead = rng.integers(least, most + 1, self._n)
        later = days + ahead * DAY if cell.days else calendar.next_workday(days, ahead)
        return np.where(known, _timed(later, column, rng), np.datetime64("NaT"))

    def _numbers(self, column: Column, cell: Cell, rng: np.random.Generator) -> Cells:
        mean = self._mean(cell) * self._lasting(column.name, cell.units)
        found = rng.normal(mean, np.abs(mean) * cell.spread)
        if cell.of:
            found = found * self.rows[cell.of]
        found = np.clip(found, cell.least, cell.most)
        return np.rint(found).astype(np.int64) if column.kind == "integer" else found

    def _mean(self, cell: Cell) -> Floats:
        if not isinstance(cell.mean, dict):
            return np.full(self._n, 1.0 if cell.mean is None else cell.mean)
        codes = self.layout.column(cell.by).codes
        return np.array([cell.mean.get(code, 0.0) for code in codes])[self.rows[cell.by]]

    def _lasting(self, name: str, spread: float) -> Floats:
        effects = self.world.effect(f"{self.layout.source}.{name}", spread)
        found: Floats = np.exp(effects)[self.units]
        return found

    def _where(self, where: Where) -> Bools:
        mask = np.ones(self._n, dtype=bool)
        for name, wanted in where.items():
            column, values = self.layout.column(name), self.rows[name]
            codes = column.codes or ("false", "true") * (column.kind == "boolean")
            if codes:
                mask &= np.isin(values, [codes.index(code) for code in wanted])
            elif values.dtype.kind == "M":
                mask &= np.isnat(values) == ("empty" in wanted)
            else:
                mask &= np.isin(values.astype(str), wanted)
        return mask


def _units(world: World, layout: OwnLayout, rules: Rules, month: int) -> Ints:
    """Return the unit of each row: about the asked number of each, or one row of each unit and code."""
    units = world.org.with_code(layout.config.system, month)
    if rules.grid:
        return np.repeat(units, len(layout.column(rules.grid).codes))
    if not rules.rows:
        return units
    factor = np.array([rules.units.get(world.org.units[unit].id, 1.0) for unit in units])
    for change in rules.change:
        if not change.column and change.holds_in(world.last - month):
            factor[units == world.org.number(change.unit) if change.unit else slice(None)] *= change.times
    expected = rules.rows * world.scale * rules.season[month % 12] * factor
    return np.repeat(units, world.rng(f"{layout.source}.rows", month).poisson(expected))


def _picked(column: Column, cell: Cell, rng: np.random.Generator, n: int) -> Cells:
    """Return codes, yes or no, numbers or texts by their shares."""
    shares = cell.shares or dict.fromkeys(cell.one_of, 1.0)
    weights = np.array(list(shares.values()))
    if column.codes:
        values: Cells = np.array([column.codes.index(code) for code in shares])
    elif column.kind == "boolean":
        values = np.array([int(word == "true") for word in shares])
    elif column.kind in ("integer", "decimal"):
        values = np.array([float(word) for word in shares])
        values = values.astype(np.int64) if column.kind == "integer" else values
    else:
        values = np.array(list(shares), dtype=object)
    return values[rng.choice(len(weights), n, p=weights / weights.sum())]


def _timed(days: Times, column: Column, rng: np.random.Generator) -> Times:
    """Return days, or times of the opening hours where a column has times."""
    if column.kind == "date":
        return days.astype("datetime64[s]")
    return calendar.later(days.astype("datetime64[s]"), rng.integers(8 * HOURS, 16 * HOURS, len(days)))
