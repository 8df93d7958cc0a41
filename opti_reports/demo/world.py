"""What all sources of one demo share: the organisation, the months, the people, and the random streams."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from zlib import crc32

import numpy as np
import pyarrow as pa

from opti_reports.demo.days import calendar_month, first_day, in_days, workdays_in
from opti_reports.demo.organisation import NEVER, STATION, Organisation
from opti_reports.demo.rows import Bools, Floats, Ints, Times
from opti_reports.demo.stories import BY_ID

# Demand by calendar month: flu in winter, everyone on holiday in July.
SEASON = np.array([1.09, 1.08, 1.05, 1.00, 0.98, 0.92, 0.76, 0.94, 1.02, 1.04, 1.06, 1.00])


@dataclass(frozen=True)
class People:
    """The clients, ordered by their first station, and the professionals, ordered by station and class.

    ``doctors`` and ``nurses`` hold per station (position in ``stations``) the first professional and their
    count; ``edges`` the first client of each station; ``weights`` the running sum of how often clients come.
    """

    stations: Ints
    edges: Ints
    born: Times
    language: Ints
    weights: Floats
    own_doctor: Ints
    own_nurse: Ints
    listed: Bools
    doctors: tuple[Ints, Ints]
    nurses: tuple[Ints, Ints]
    client_labels: pa.Array
    professional_labels: pa.Array


@dataclass(frozen=True)
class World:
    """The demo's settings; ``first`` and ``last`` are month numbers, ``split`` that of the first delivery.

    Without ``stories`` nothing changes from month to month but by chance and by the calendar's working days.
    """

    org: Organisation
    first: int
    last: int
    split: int
    seed: int
    scale: float
    stories: bool

    def rng(self, stream: str, month: int = 0) -> np.random.Generator:
        """Return the random numbers of one stream and month; no other stream's draws can change them."""
        key = (crc32(stream.encode()), month)
        return np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=key))

    def effect(self, name: str, spread: float) -> Floats:
        """Return a lasting difference of each unit from the others: normal with this spread."""
        return np.array([self.rng(f"effect:{name}:{u.id}").normal(0, spread) for u in self.org.units])

    def paces(self, name: str, spread: float) -> Floats:
        """Return a lasting factor of each unit: how slow it is against the others."""
        paces: Floats = np.exp(self.effect(name, spread))
        return paces

    def of_year(self, pattern: Floats, month: int) -> float:
        """Return what a yearly pattern says of the month; without stories its mean."""
        return float(pattern[calendar_month(month) - 1] if self.stories else pattern.mean())

    def season(self, month: int) -> float:
        """Return how busy the time of the year is against an average one."""
        return self.of_year(SEASON, month)

    def demand(self, month: int) -> float:
        """Return how busy the month is against an average month: season times working days."""
        return self.season(month) * workdays_in(month) / 21

    def grown(self, month: int) -> int:
        """Return for how many months what grows has grown: since the first; without stories never."""
        return month - self.first if self.stories else 0

    def story_unit(self, story: str) -> int:
        """Return the number of the story's unit; -1 without stories or when the organisation has none."""
        return self.org.number(BY_ID[story].unit) if self.stories else -1

    def story_month(self, story: str, month: int) -> int:
        """Return how many months the story has gone on in the month: 1 in its first, 0 or less before it."""
        return month - self.last - BY_ID[story].from_month + 1 if self.stories else 0

    def touched(self, story: str, month: int) -> Bools:
        """Return of each unit whether the story touches it in the month."""
        goes_on = self.story_month(story, month) > 0
        found: Bools = np.arange(len(self.org.units)) == (self.story_unit(story) if goes_on else -1)
        return found

    @property
    def slow_scale(self) -> float:
        """Return the scale of sources that would be empty if they shrank as fast as the contacts."""
        return float(self.scale**0.5)

    @cached_property
    def people(self) -> People:
        """Return the clients and professionals."""
        return make_people(self)

    def labels(self, systems: Iterable[str]) -> dict[str, pa.Array]:
        """Return the units' spellings in each system, and the pseudonyms of clients and professionals."""
        found = {f"unit:{system}": pa.array(self.org.labels(system)) for system in sorted(systems)}
        return found | {"client": self.people.client_labels, "professional": self.people.professional_labels}


def make_people(world: World) -> People:
    """Return clients by station with ages, languages and how often they come; professionals in panels."""
    rng, org = world.rng("people"), world.org
    stations = org.of_kind(STATION)
    thousands = np.array([_own_people(world, int(i)) for i in stations])
    counts = np.maximum((thousands * 1000 * world.scale).astype(np.int64), 60)
    edges = np.concatenate([[0], np.cumsum(counts)])
    n = int(edges[-1])
    home = np.repeat(np.arange(len(stations)), counts)
    doctors = _panels(np.maximum(counts // 1900, 6), 0)
    nurses = _panels(np.maximum(counts // 1600, 8), int(doctors[1].sum()))
    age = _ages(rng, n)
    visits = rng.gamma(0.9, 1.0, n) * (0.60 + age / 70)
    return People(
        stations=stations,
        edges=edges,
        born=first_day(world.first) - in_days(age * 365.25),
        language=_languages(rng, org.swedish()[stations][home]),
        weights=np.concatenate([[0.0], np.cumsum(visits)]),
        own_doctor=doctors[0][home] + rng.integers(0, doctors[1][home]),
        own_nurse=nurses[0][home] + rng.integers(0, nurses[1][home]),
        listed=rng.random(n) < 0.62,
        doctors=doctors,
        nurses=nurses,
        client_labels=pseudonyms(world.rng("clients"), n),
        professional_labels=pseudonyms(world.rng("professionals"), int(nurses[0][-1] + nurses[1][-1]) + 1),
    )


def _own_people(world: World, station: int) -> float:
    """Return the thousands of inhabitants of the station itself, before any merger."""
    unit = world.org.units[station]
    return float(world.org.people(unit.starts if unit.ends == NEVER else unit.ends)[station])


def _panels(counts: Ints, start: int) -> tuple[Ints, Ints]:
    return start + np.concatenate([[0], np.cumsum(counts)[:-1]]), counts


def _ages(rng: np.random.Generator, n: int) -> Floats:
    # The youngest are born while the demo runs; before that their age counts as 0.
    limits = np.array([-2.0, 15.0, 23.0, 45.0, 65.0, 80.0, 94.0])
    group = rng.choice(6, n, p=[0.16, 0.10, 0.24, 0.27, 0.17, 0.06])
    ages: Floats = limits[group] + rng.random(n) * np.diff(limits)[group]
    return ages


def _languages(rng: np.random.Generator, swedish: Floats) -> Ints:
    """0 Finnish, 1 Swedish, 2 other."""
    draw = rng.random(len(swedish))
    return np.where(draw < swedish, 1, np.where(draw < swedish + 0.06, 2, 0))


def pseudonyms(rng: np.random.Generator, n: int) -> pa.Array:
    """Return ``n`` strings of 16 hex digits."""
    # Letters at fixed places, so that no row of digits looks like an identity code or a phone number.
    digits = rng.integers(0, 16, (n, 16), dtype=np.uint8)
    digits[:, [3, 8, 12]] = 10 + digits[:, [3, 8, 12]] % 6
    letters = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)[digits]
    joined = letters.tobytes().decode("ascii")
    return pa.array([joined[start : start + 16] for start in range(0, 16 * n, 16)])
