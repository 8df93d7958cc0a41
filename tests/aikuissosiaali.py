"""Extracts of adult social work, the second service line: six teams, fifteen months, the same rows each time.

Until 2026, when the promise was ten working days, one assessment of ten began about the ninth of them.
Planted: from March 2026 the team in Lohja starts four assessments of ten too late; the team in Raseborg has
two answers a month.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

LAST = dt.date(2026, 8, 1)
MONTHS = tuple(dt.date(2025 + m // 12, m % 12 + 1, 1) for m in range(5, 20))
"""June 2025 to August 2026."""
LATE_TEAM, LATE_SINCE, QUIET_TEAM = "LOH", dt.date(2026, 3, 1), "RAA"
TEAMS = {
    "TAP": ("tapiolan_tiimi", "tapiolan asty", "5210"),
    "MAT": ("matinkylan_tiimi", "matinkylän asty", "5220"),
    "LEP": ("leppavaaran_tiimi", "leppävaaran asty", "5230"),
    "KIR": ("kirkkonummen_tiimi", "kirkkonummen asty", "5240"),
    "LOH": ("lohjan_tiimi", "lohjan asty", "5250"),
    "RAA": ("raaseporin_tiimi", "raaseporin asty", "5260"),
}
"""Unit, name in the feedback system and cost centre, by the code in the client data system."""
EXTRACTED = {"2026-07": dt.date(2026, 8, 4), "2026-08": dt.date(2026, 9, 3)}
"""Two deliveries, and the day they were made: the history, and the newest month with what it changes."""
REACH = {"ilmoitukset": 4, "kontaktit": 2, "palautteet": 2, "henkilosto": 3}
"""Months of the newest delivery, as the sources' windows ask."""


class Notice(NamedTuple):
    """A row of ``ilmoitukset``."""

    id: str
    team: str
    arrived: dt.date
    kind: str
    listed: bool
    outcome: str
    started: dt.date | None
    finished: dt.date | None


class Contact(NamedTuple):
    """A row of ``kontaktit``."""

    id: str
    team: str
    client: str
    day: dt.date
    way: str
    answered: dt.date | None


class Answer(NamedTuple):
    """A row of ``palautteet``."""

    id: str
    team: str
    day: dt.date
    recommends: int
    statements: tuple[int, int, int]
    topic: str
    words: str
    marked: bool


class Staff(NamedTuple):
    """A row of ``henkilosto``."""

    team: str
    month: dt.date
    profession: str
    positions: int
    vacant: int
    planned: int
    worked: int


class Rows(NamedTuple):
    """Everything that happened."""

    notices: list[Notice]
    contacts: list[Contact]
    answers: list[Answer]
    staff: list[Staff]


def rows() -> Rows:
    """The same rows each time; what happens is drawn team by team and month by month."""
    found = Rows([], [], [], [])
    for number, team in enumerate(TEAMS):
        draw = random.Random(f"aikuissosiaalityö {team}")
        for month in MONTHS:
            found.notices.extend(_notices(draw, team, month, 24 + 3 * number + draw.randrange(7)))
            found.contacts.extend(_contacts(draw, team, month, 55 + 8 * number + draw.randrange(15)))
            found.answers.extend(
                _answers(draw, team, month, 2 if team == QUIET_TEAM else 13 + draw.randrange(8))
            )
            found.staff.extend(_staff(draw, team, month))
    return found


def _day(draw: random.Random, month: dt.date) -> dt.date:
    return month + dt.timedelta(days=draw.randrange(28))


def _after(draw: random.Random, day: dt.date, least: int, most: int) -> dt.date:
    return day + dt.timedelta(days=draw.randint(least, most))


def _notices(draw: random.Random, team: str, month: dt.date, count: int) -> Iterable[Notice]:
    late = 0.4 if team == LATE_TEAM and month >= LATE_SINCE else 0.02
    ninth_day = 0.1 if month.year < LAST.year else 0.02
    for n in range(count):
        arrived, listed = _day(draw, month), draw.random() < 0.25
        outcome = draw.choices(("arvioidaan", "ohjattu", "ei_tarvetta"), (7, 2, 1))[0]
        kind = draw.choices(("yhteydenotto", "huoli_ilmoitus", "hakemus"), (5, 3, 2))[0]
        started = finished = None
        if outcome == "arvioidaan":
            slow, slowish = draw.random() < late, draw.random() < ninth_day and not listed
            started = _after(draw, arrived, *((18, 30) if slow else (12, 13) if slowish else (0, 6)))
            finished = _after(draw, started, 14, 60)
        number = f"IL-{team}-{month:%y%m}-{n:03d}"
        yield Notice(number, team, arrived, kind, listed, outcome, started, finished)


def _contacts(draw: random.Random, team: str, month: dt.date, count: int) -> Iterable[Contact]:
    ways = ("toimisto", "kotikaynti", "puhelu", "etayhteys", "verkosto", "soittopyynto")
    for n in range(count):
        way = draw.choices(ways, (4, 2, 5, 2, 1, 3))[0]
        day = _day(draw, month)
        answered = _after(draw, day, 0, 2 if draw.random() < 0.93 else 9) if way == "soittopyynto" else None
        client = f"{draw.choice(list(TEAMS)) if draw.random() < 0.05 else team}{draw.randrange(45):03d}"
        yield Contact(f"KO-{team}-{month:%y%m}-{n:03d}", team, client, day, way, answered)


def _answers(draw: random.Random, team: str, month: dt.date, count: int) -> Iterable[Answer]:
    for n in range(count):
        scores = [min(5, max(1, round(draw.gauss(4.1, 0.9)))) for _ in range(3)]
        topic = draw.choice(("paatokset", "kohtelu", "odottaminen", "muu"))
        yield Answer(
            f"PA-{team}-{month:%y%m}-{n:03d}",
            team,
            _day(draw, month),
            min(10, max(0, round(draw.gauss(8.3, 1.8)))),
            (scores[0], scores[1], scores[2]),
            topic,
            "Minua kuunneltiin ja sain selkeän päätöksen." if n == 0 else "Kiitos.",
            n == 0,
        )


def _staff(draw: random.Random, team: str, month: dt.date) -> Iterable[Staff]:
    for profession, positions in (("sosiaalityontekija", 6), ("sosiaaliohjaaja", 5), ("muu", 1)):
        vacant = draw.choices((0, 1, 2), (6, 3, 1))[0] if positions > 1 else 0
        planned = 20 * positions
        worked = planned - 20 * vacant + draw.randint(-4, 4)
        yield Staff(team, month, profession, positions, vacant, planned, worked)


def deliver(found: Rows, data: Path) -> None:
    """The rows as two deliveries, each as it could be known on the day it was made."""
    for name, extracted in EXTRACTED.items():
        folder = data / name
        folder.mkdir(parents=True)
        last = dt.date.fromisoformat(f"{name}-01")
        for source, table in _tables(found, extracted).items():
            reach = len(MONTHS) if last < LAST else REACH[source]
            months = MONTHS[: MONTHS.index(last) + 1][-reach:]
            lines = [line for month, line in table if month in months]
            with (folder / f"{source}_{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, lines[0], delimiter=";")
                writer.writeheader()
                writer.writerows(lines)


def _tables(found: Rows, extracted: dt.date) -> dict[str, list[tuple[dt.date, dict[str, str]]]]:
    """The rows of each source by the month they began in, under the headings of its system."""

    def known(day: dt.date | None) -> str:
        return f"{day:%d.%m.%Y}" if day is not None and day <= extracted else ""

    return {
        "ilmoitukset": [
            (
                n.arrived.replace(day=1),
                {
                    "Ilmoituksen tunniste": n.id,
                    "Vastuutiimi": f"AST-{n.team}",
                    "Saapumispäivä": known(n.arrived),
                    "Vireilletulotapa": n.kind.replace(
                        "huoli_ilmoitus", "Ilmoitus sosiaalihuollon tarpeesta"
                    ),
                    "Lakisääteinen määräaika": "kyllä" if n.listed else "ei",
                    "Käsittelyn tulos": n.outcome,
                    "Arviointi aloitettu": known(n.started),
                    "Arviointi valmis": known(n.finished),
                },
            )
            for n in found.notices
        ],
        "kontaktit": [
            (
                c.day.replace(day=1),
                {
                    "Kontaktin tunniste": c.id,
                    "Tiimi": f"AST-{c.team}",
                    "Asiakkaan avain": c.client,
                    "Päivä": known(c.day),
                    "Yhteystapa": c.way,
                    "Vastauspäivä": known(c.answered),
                },
            )
            for c in found.contacts
        ],
        "palautteet": [
            (
                a.day.replace(day=1),
                {
                    "Palautteen tunniste": a.id,
                    "Palvelupaikka": TEAMS[a.team][1],
                    "Antopäivä": known(a.day),
                    "Suosittelisitko": str(a.recommends),
                    "Sain apua tilanteeseeni": str(a.statements[0]),
                    "Minua kohdeltiin kunnioittavasti": str(a.statements[1]),
                    "Sain vaikuttaa asiaani": str(a.statements[2]),
                    "Palautteen aihe": a.topic,
                    "Omin sanoin": a.words,
                    "Nostetaan esiin": "kyllä" if a.marked else "ei",
                },
            )
            for a in found.answers
        ],
        "henkilosto": [
            (
                s.month,
                {
                    "Kustannuspaikka": TEAMS[s.team][2],
                    "KK": f"{s.month:%Y-%m}",
                    "Ammattinimike": s.profession,
                    "Virat ja toimet": str(s.positions),
                    "Täyttämättä": str(s.vacant),
                    "Suunnitellut työpäivät": str(s.planned),
                    "Toteutuneet työpäivät": str(s.worked),
                },
            )
            for s in found.staff
        ],
    }
