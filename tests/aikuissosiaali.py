"""What the demo of adult social services delivered, read from its files by heading, and nothing else."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from python_calamine import load_workbook

LINE = "aikuissosiaalipalvelut"
MONTHS = tuple(dt.date(2025 + m // 12, m % 12 + 1, 1) for m in range(5, 20))
"""June 2025 to August 2026."""
DELIVERED = tuple(f"{month:%Y-%m}" for month in MONTHS[8:])
"""The first delivery holds everything to February."""
LATE_TEAM, LATE_SINCE, QUIET_TEAM = "LOH", dt.date(2026, 3, 1), "RAA"
TEAMS = {
    "TAP": "tapiolan_tiimi",
    "MAT": "matinkylan_tiimi",
    "LEP": "leppavaaran_tiimi",
    "KIR": "kirkkonummen_tiimi",
    "LOH": "lohjan_tiimi",
    "RAA": "raaseporin_tiimi",
}
NAMES = ("Tapiola", "Matinkylä", "Leppävaara", "Kirkkonummi", "Lohja", "Raasepori")
SPOKEN = ("tapiolan", "matinkylän", "leppävaaran", "kirkkonummen", "lohjan", "raaseporin")
CODES = {
    code: team
    for number, (team, unit) in enumerate(TEAMS.items())
    for code in (
        f"AST-{team}",
        f"AST/{team}",
        f"52{number + 1}0",
        f"412{number + 1}0",
        f"{SPOKEN[number]} asty",
        f"Aikuissosiaalityö {NAMES[number]}",
        unit,
    )
}
"""Each system's code of each team."""
SOURCES: dict[str, tuple[str, tuple[str, ...], str]] = {
    "ilmoitukset": ("Vastuutiimi", ("Ilmoituksen tunniste",), "utf-8"),
    "kontaktit": ("Tiimi", ("Kontaktin tunniste",), "cp1252"),
    "toimeentulotuki": ("Tiimi", ("Hakemuksen tunniste",), "utf-8"),
    "palvelupaatokset": ("Tiimi", ("Asian tunniste",), "utf-8"),
    "vaaratapahtumat": ("Tapahtumayksikkö", ("Ilmoituksen numero",), "utf-8"),
    "epakohdat": ("Yksikkö", ("Ilmoituksen numero",), "utf-8"),
    "palautekanava": ("Kohde", ("Palautteen numero",), "utf-8"),
    "palautteet": ("Palvelupaikka", ("Palautteen tunniste",), "utf-8-sig"),
    "henkilosto": ("Kustannuspaikka", ("Kustannuspaikka", "Kk", "Ammattinimike"), ""),
    "talous": ("Kustannuspaikka", ("Kustannuspaikka", "Kuukausi", "Kustannuslaji"), "utf-8"),
    "toimenpiteet": ("Yksikkö", ("Toimenpide ID",), "utf-8"),
}
"""By the beginning of a file's name: the column of the team, those of the key, the encoding."""


class Row(dict[str, str]):
    """A row by heading, with its team; an empty cell is an empty text."""

    team: str

    def day(self, heading: str) -> dt.date | None:
        return day_of(self[heading])

    def number(self, heading: str) -> float:
        return float(self[heading].replace(",", "."))


def day_of(text: str) -> dt.date | None:
    if not text:
        return None
    if "." in text:
        day, month, year = map(int, text.split("."))
        return dt.date(year, month, day)
    return dt.date.fromisoformat(text[:10])


@cache
def delivered(data: Path, source: str, month: str) -> tuple[Row, ...]:
    """The rows of one month's delivery."""
    team, _, encoding = SOURCES[source]
    (path,) = (data / month).glob(f"{source}_*")
    if path.suffix == ".xlsx":
        rows = [
            [_text(cell) for cell in row] for row in load_workbook(path).get_sheet_by_index(0).to_python()
        ]
    else:
        with path.open(encoding=encoding, newline="") as file:
            rows = list(csv.reader(file, delimiter=";"))
    found = []
    for cells in rows[1:]:
        row = Row(zip(rows[0], cells, strict=True))
        row.team = CODES[row[team]]
        found.append(row)
    return tuple(found)


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


@cache
def newest(data: Path, source: str) -> tuple[Row, ...]:
    """Each record as the newest delivery that holds it tells it."""
    _, keys, _ = SOURCES[source]
    found = {tuple(row[key] for key in keys): row for row in _in_turn(data, source)}
    return tuple(found.values())


def _in_turn(data: Path, source: str) -> Iterator[Row]:
    for month in DELIVERED:
        yield from delivered(data, source, month)
