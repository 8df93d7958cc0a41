"""Which withheld amounts are safe: two tables that agree with all that is known differ in them far enough.

A reader knows every sum, that counts are whole and not below nothing, and between which bounds shares lie. The
true table is one that fits; every other that fits shows how far withheld amounts may lie from the truth, and one
table shows it of many. Tables are looked for around an amount: what lies further away stays as it is, which
leaves out tables and never lets in one that does not fit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from opti_reports.disclosure.ledger import Ledger
from opti_reports.disclosure.part import CLOSE, Part
from opti_reports.disclosure.reach import reach

FAR = 40
"""How many times the largest need an amount may move: tables further from the truth are not looked for."""
SIZES = 100, 200
"""How many amounts, the nearest, may move in the tables that are looked for first, and at last."""
MANY = 20
"""From how many amounts on tables are first looked for that show many of them to be safe."""


@dataclass
class Reader:
    """What one reader knows besides what is published, and which amounts are safe from that reader so far.

    Tables found stay good when more is withheld, so that what is safe once stays so. ``needs`` are the
    amounts to protect and how far their tables must lie apart; those of ``beside`` only where no other
    figure shows them.
    """

    known: frozenset[int]
    needs: Mapping[int, int]
    beside: frozenset[int] = frozenset()
    safe: set[int] = field(default_factory=set)
    spread: dict[int, tuple[float, float]] = field(default_factory=dict)

    def note(self, number: int, step: float) -> None:
        """Take a table into account that lies so far from the truth in an amount."""
        low, high = self.spread.get(number, (0.0, 0.0))
        low, high = self.spread[number] = min(low, step), max(high, step)
        if number in self.needs and high - low >= self.needs[number] - CLOSE:
            self.safe.add(number)


def unsafe(
    book: Ledger, hidden: Collection[int], reader: Reader, fresh: Collection[int]
) -> Iterator[tuple[int, list[int]]]:
    """Yield the amounts that a reader can work out too closely, each with the sums that tell it.

    The caller adds to ``fresh`` what it withholds meanwhile: amounts beside that are passed over for now.
    """
    unknown = set(hidden) - reader.known
    open_ = (number for number in reader.needs if number not in reader.safe)
    wanted = {n: reader.needs[n] for n in open_ if n in unknown or n not in reader.beside}
    if not wanted:
        return
    far = FAR * max(wanted.values())
    most = reach(book, unknown, far)
    near = [n for n, need in wanted.items() if n not in unknown or most.width(n) < need - CLOSE]
    yield from ((n, most.steps(book, n) if n in unknown else []) for n in near)
    if near:
        return
    _together(book, unknown, wanted, far, reader)
    for size in SIZES:
        last = size == SIZES[-1]
        for number, part, near in _open(book, unknown, wanted, size, reader, fresh):
            binding = part.search(number, [n for n in near if n not in reader.safe], reader, pure=last)
            if binding is not None and last:
                yield number, _telling(book, number, binding, part.numbers, unknown)


def _together(
    book: Ledger, unknown: set[int], wanted: Mapping[int, int], far: float, reader: Reader
) -> None:
    """Look for tables of all that sums connect, until they show little that is new."""
    left = [n for n in sorted(wanted) if n not in reader.safe]
    while left:
        numbers = _around(book, left[0], unknown, len(book.size))
        own = [n for n in numbers if n in wanted and n not in reader.safe]
        if len(own) >= MANY:
            Part(book, numbers, far, {n: wanted[n] for n in own}).spread(own, reader)
        left = sorted(set(left) - set(numbers))


def _open(
    book: Ledger,
    unknown: set[int],
    wanted: Mapping[int, int],
    size: int,
    reader: Reader,
    fresh: Collection[int],
) -> Iterator[tuple[int, Part, list[int]]]:
    """Yield the amounts that are not known to be safe, with the part around them and such amounts in it."""
    seen: set[int] = set()
    far = FAR * max(wanted.values())
    for first in sorted(wanted):
        if first in reader.safe or first in seen or _beside(book, first, fresh):
            continue
        numbers = _around(book, first, unknown, size)
        part = Part(book, numbers, far)
        near = [n for n in numbers if n in wanted and n not in reader.safe]
        for number in near if len(numbers) < size else near[: max(1, len(near) // 3)]:
            if number not in reader.safe and number not in seen and not _beside(book, number, fresh):
                seen.add(number)
                yield number, part, near


def _telling(
    book: Ledger, number: int, binding: list[int], near: list[int], unknown: Collection[int]
) -> list[int]:
    """Return the sums that bind an amount where they hold anything known, else the nearest that do.

    Then only what was let stand still far away binds it; to withhold more nearby helps as well.
    """
    for rows in (binding, *(book.sums_of[n] for n in (number, *near))):
        if any(n not in unknown for row in rows for n, _ in book.sums[row]):
            return rows
    return binding


def _beside(book: Ledger, number: int, fresh: Collection[int]) -> bool:
    return bool(fresh) and any(n in fresh for row in book.sums_of[number] for n, _ in book.sums[row])


def _around(book: Ledger, number: int, unknown: Collection[int], size: int) -> list[int]:
    """Return the unknown amounts nearest to one by sums and shares."""
    found, open_ = {number: None}, [number]
    for at in open_:
        near = [n for row in book.sums_of[at] for n, _ in book.sums[row]]
        for other in (*near, *(n for share in book.shares_of.get(at, ()) for n in (share.num, share.den))):
            if other in unknown and other not in found:
                if len(found) >= size:
                    return list(found)
                found[other] = None
                open_.append(other)
    return list(found)
