"""What happens to calls, sums and days in the demo's files: the shorter words of the table of cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from tests.demo.reading import moment
from tests.outside.damage import Damage, Edit, cells, empty, more, rewritten, times
from tests.outside.extract import Cell, Change, Extract, opened

WEST = "lantinen"
TIMES = ("arrived_at", "answered_at", "first_callback_at", "reached_at")
LATER = TIMES[1:]


def west(*edits: Edit, **saving: Any) -> Damage:
    """Change the western phone file."""
    return rewritten(*edits, part=WEST, **saving)


def first_sum(text: str) -> Damage:
    """Write the first sum of the ledger so."""
    return rewritten(cells("actual_eur", lambda cell: text, None, 1))


def spelt(yes: str, no: str) -> Change:
    """Write yes and no so."""
    return lambda cell: {"k": yes, "e": no}.get(cell, cell)


def later(word: str) -> list[Edit]:
    """Put a word for every time that did not happen."""
    return [cells(column, empty(word)) for column in LATER]


def form(text: str) -> Edit:
    """Write all times in a form of strftime."""
    return times(lambda at: at.strftime(text), *TIMES)


def fill(extract: Extract, *texts: str) -> list[str]:
    """A row that begins with some cells."""
    return [*texts, *[""] * (len(extract.head) - len(texts))]


def leg(row: list[str]) -> list[str]:
    """The same call once more, all of it a minute later."""
    return [*row[:4], *(a_minute_later(cell) if cell else "" for cell in row[4:8]), *row[8:]]


def a_minute_later(cell: str) -> str:
    """A moment as the system writes it, a minute on."""
    after = moment(cell) + dt.timedelta(minutes=1)
    return f"{after.day}.{after.month}.{after.year} {after:%H.%M}"


def legs(most: int) -> Edit:
    """Rows of the newest month once more, changed."""
    return more(lambda x: [leg(row) for row in [r for r in x.rows if ".8.2026" in r[4]][:most]])


def restarted(extract: Extract) -> None:
    """Ids that count from one in every file."""
    for number, row in enumerate(extract.rows, 1):
        row[0] = f"P{number}"


def shifted(row: list[str]) -> list[str]:
    """A row whose second cell was lost: all after it stand one column to the left."""
    return [row[0], *row[2:]]


def serial(cell: object) -> object:
    """A day as the number that Excel counts with."""
    return (cell - dt.date(1899, 12, 30)).days if isinstance(cell, dt.date) else cell


def again(column: str) -> Edit:
    """All rows of the newest month once more, under other ids."""
    return more(lambda x: [[f"{row[0]}b", *row[1:]] for row in x.rows if x.of_month(column)(row)])


def borrowed(extract: Extract) -> None:
    """A row with the id of one in another file."""
    path = next(path for path in extract.path.parent.glob("puhelut_*") if path != extract.path)
    extract.rows.append([opened(path, "phone_contacts").rows[-1][0], *extract.rows[-1][1:]])


def whole(name: str, times: float = 1.0) -> Callable[[Extract], list[list[Cell]]]:
    """The ledger's sums of each month and account under one name, so many times."""

    def make(extract: Extract) -> list[list[Cell]]:
        sums: dict[tuple[str, str], list[float]] = {}
        for _, month, account, *amounts, _ in extract.rows:
            own = sums.setdefault((month, account), [0.0] * len(amounts))
            sums[month, account] = [
                a + float(b.replace(",", ".") or 0) for a, b in zip(own, amounts, strict=True)
            ]
        written = {place: [f"{a * times:.2f}".replace(".", ",") for a in own] for place, own in sums.items()}
        return [[name, month, account, *own, "k"] for (month, account), own in written.items()]

    return make
