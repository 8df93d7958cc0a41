"""The formulas of ``tiny`` over lists of entries, each written out: nothing here reads configs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple, Protocol

from tests.property.entries import Entry, number


class Figure(NamedTuple):
    """A value with what it rests on; ``n`` is empty where the value is a sum with minus signs."""

    value: Fraction
    num: Fraction | None
    den: Fraction | None
    n: int | None


class Scope(Protocol):
    """One node in one period: its entries by fact and slot, the slots delivered, and what lies below."""

    @property
    def slots(self) -> Sequence[object]:
        """The delivered slots of the period, in order."""
        ...

    def at(self, fact: str, slot: object) -> list[Entry]:
        """The entries of one slot."""
        ...

    @property
    def is_unit(self) -> bool:
        """Whether nothing lies below the node."""
        ...

    def units(self, kind: str) -> list[Scope]:
        """The units of a type below the node (itself, if it is one)."""
        ...

    @property
    def kind(self) -> str:
        """The node's type."""
        ...

    @property
    def parent(self) -> Scope | None:
        """The node above."""
        ...


class Sum(NamedTuple):
    """A sum of cells; ``empty`` when there was not one filled cell."""

    value: Fraction
    empty: bool


@dataclass(frozen=True)
class Cut:
    """The entries of a scope, perhaps of one kind only."""

    scope: Scope
    keys: dict[str, str] = field(default_factory=dict)

    def rows(self, fact: str) -> list[Entry]:
        """Every entry of the delivered slots."""
        return [e for slot in self.scope.slots for e in self.scope.at(fact, slot) if self.fits(e)]

    def last(self, fact: str) -> list[Entry]:
        """The entries of the last delivered slot."""
        return [e for slot in self.scope.slots[-1:] for e in self.scope.at(fact, slot) if self.fits(e)]

    def fits(self, entry: Entry) -> bool:
        """Whether an entry has the wanted keys."""
        for name, key in self.keys.items():  # a loop, because it is asked a million times
            if name in entry.cells and key_of(entry, name) != key:
                return False
        return True


Formula = Callable[[Cut], Figure | None]


def key_of(entry: Entry, name: str) -> str:
    """A key as it is written in values."""
    cell = entry.cells[name]
    return "" if cell is None else str(cell).lower() if isinstance(cell, bool) else str(cell)


def count(rows: list[Entry], truth: str = "") -> Sum:
    """How many entries there are, or for how many something is true."""
    return Sum(Fraction(sum(1 for e in rows if not truth or e.cells[truth])), False)


def add(rows: list[Entry], name: str) -> Sum:
    """The sum of a column's cells."""
    cells = [e.cells[name] for e in rows]
    return Sum(sum(map(number, cells), Fraction(0)), all(cell is None for cell in cells))


def ratio(num: Sum, den: Sum, scale: int = 1) -> Figure | None:
    """One sum over another."""
    if num.empty or den.empty or not den.value:
        return None
    return Figure(num.value * scale / den.value, num.value, den.value, int(den.value))


def total(num: Sum) -> Figure | None:
    """A sum by itself."""
    return None if num.empty else Figure(num.value, num.value, None, int(num.value))


def share(fact: str, truth: str, scale: int = 100) -> Formula:
    """Of a fact's entries those for which something is true."""
    return lambda cut: ratio(count(cut.rows(fact), truth), count(cut.rows(fact)), scale)


def clients(cut: Cut) -> Figure | None:
    """Different clients."""
    return total(Sum(Fraction(len({e.cells["client"] for e in cut.rows("clients")})), False))


def clients_done(cut: Cut) -> Figure | None:
    """Different clients with something done, of all different clients."""
    rows = cut.rows("clients")
    done = {e.cells["client"] for e in rows if e.cells["done"]}
    every = {e.cells["client"] for e in rows}
    return ratio(Sum(Fraction(len(done)), False), Sum(Fraction(len(every)), False), 100)


def minutes(cut: Cut) -> Figure | None:
    """Minutes of the visits that have them, 30 at most."""
    rows = cut.rows("visits")
    timed = sum(1 for e in rows if e.cells["minutes"] is not None)
    found = ratio(add(rows, "minutes"), Sum(Fraction(timed), False))
    return found and found._replace(value=min(found.value, Fraction(30)))


def quantile(rows: list[Entry], share: Fraction) -> Figure | None:
    """Of n sorted waits the mean of the two that surround n·q where that is whole, else the next one."""
    waits = sorted(Fraction(e.cells["wait"]) for e in rows)
    place = len(waits) * share
    if not waits:
        return None
    low = int(place) if place == int(place) else int(place) + 1
    high = min(low + 1, len(waits)) if place == int(place) else low
    return Figure((waits[low - 1] + waits[high - 1]) / 2, None, None, len(waits))


def wait_median(cut: Cut) -> Figure | None:
    """The median; of kind x where no kind is asked for."""
    return quantile(Cut(cut.scope, {"kind": "x"} | cut.keys).rows("waits"), Fraction(1, 2))


def wait_q90(cut: Cut) -> Figure | None:
    """The 90th percentile; above the units of kind y only."""
    keys = {} if cut.scope.is_unit else {"kind": "y"}
    return quantile(Cut(cut.scope, keys).rows("waits"), Fraction(9, 10))


def coc(cut: Cut) -> Figure | None:
    """The mean over clients of (Σ n² − N) / (N (N − 1)), n the visits to a worker, N all of a client's."""
    pairs: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for entry in cut.rows("pairs"):
        if entry.cells["worker"] is not None:
            pairs[entry.cells["client"]][entry.cells["worker"]] += 1
    found = []
    for visits in pairs.values():
        n = sum(visits.values())
        if n >= 2:
            found.append(Fraction(sum(v * v for v in visits.values()) - n, n * (n - 1)))
    return Figure(sum(found, Fraction(0)) / len(found), None, None, len(found)) if found else None


quick = share("visits", "quick")


def _fewer(a: Figure, b: Figure) -> int:
    return min(a.n or 0, b.n or 0)


def kind_gap(cut: Cut) -> Figure | None:
    """Quick visits of kind x less those of kind y."""
    a, b = (quick(Cut(cut.scope, {"kind": kind})) for kind in ("x", "y"))
    return Figure(a.value - b.value, None, None, _fewer(a, b)) if a and b else None


def kind_ratio(cut: Cut) -> Figure | None:
    """Quick visits of kind x over all."""
    a, b = quick(Cut(cut.scope, {"kind": "x"})), quick(cut)
    return Figure(a.value / b.value, a.value, b.value, _fewer(a, b)) if a and b and b.value else None


def spread(cut: Cut) -> Figure | None:
    """At a station its parent's minutes less its own; above, the longest station less the shortest."""
    scope = cut.scope
    if scope.is_unit:
        own, above = minutes(cut), minutes(Cut(scope.parent)) if scope.parent else None
        return (
            Figure(above.value - own.value, None, None, 2)
            if own and above and scope.kind == "station"
            else None
        )
    found = [figure.value for unit in scope.units("station") if (figure := minutes(Cut(unit)))]
    return Figure(max(found) - min(found), None, None, len(found)) if len(found) >= 2 else None


def net(cut: Cut) -> Figure | None:
    """Visits arrived less visits closed."""
    arrived, closed = count(cut.rows("visits")), count(cut.rows("closed"))
    found = total(Sum(arrived.value - closed.value, False))
    return found and found._replace(n=None)


def nps(cut: Cut) -> Figure | None:
    """Promoters (9–10) less detractors (0–6), of all answers."""
    scores = [e.cells["nps"] for e in cut.rows("nps")]
    gap = sum(score >= 9 for score in scores) - sum(score <= 6 for score in scores)
    return ratio(Sum(Fraction(gap), False), Sum(Fraction(len(scores)), False), 100)


def total_mean(cut: Cut) -> Figure | None:
    """The mean total; nothing where totals are on more than one scale."""
    rows = cut.rows("totals")
    scales = {e.cells["scale"] for e in rows if e.cells["total"]}
    return ratio(add(rows, "total"), count(rows)) if len(scales) < 2 else None


def vacant(cut: Cut) -> Figure | None:
    """Posts less people over posts, of the last month."""
    posts, people = add(cut.last("people"), "posts"), add(cut.last("people"), "people")
    return ratio(Sum(posts.value - people.value, posts.empty or people.empty), posts, 100)


def hours_per_person(cut: Cut) -> Figure | None:
    """Hours over the mean of people over the months delivered."""
    people = add(cut.rows("people"), "people")
    mean = Sum(people.value / max(1, len(cut.scope.slots)), people.empty)
    return ratio(add(cut.rows("work"), "hours"), mean)


def _both(cut: Cut, one: str, other: str, same: Callable[[Entry, object], object]) -> list[list[Entry]]:
    """The entries of two facts whose atoms (node, unit and month, …) are found in both."""
    atoms = [
        {(slot, same(e, slot)) for slot in cut.scope.slots for e in cut.scope.at(fact, slot)}
        for fact in (one, other)
    ]
    common = atoms[0] & atoms[1]
    return [
        [e for slot in cut.scope.slots for e in cut.scope.at(fact, slot) if (slot, same(e, slot)) in common]
        for fact in (one, other)
    ]


def cost_per_visit(cut: Cut) -> Figure | None:
    """Cost over visits, in months that have both at the node."""
    money, visits = _both(cut, "money", "visits", lambda entry, slot: None)
    return ratio(add(money, "cost"), count(visits))


def visits_per_hour(cut: Cut) -> Figure | None:
    """Visits over hours, in units and months that have both."""
    visits, work = _both(cut, "visits", "work", lambda entry, slot: entry.unit)
    return ratio(count(visits), add(work, "hours"))


def visits_per_shift(cut: Cut) -> Figure | None:
    """Visits over shifts filled, in units and weeks that have both."""
    from tests.property.entries import week

    visits, shifts = _both(cut, "visits", "shifts", lambda entry, slot: (entry.unit, week(entry.at)))
    return ratio(count(visits), add(shifts, "filled"))
