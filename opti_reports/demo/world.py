"""What all sources of one demo share: the organisation, the months, the people, and the random streams."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from zlib import crc32

import numpy as np
import pyarrow as pa

from opti_reports.config.base import Strict
from opti_reports.demo.data import fit, read_tables
from opti_reports.demo.days import DAY, first_day
from opti_reports.demo.organisation import NEVER, STATION, Organisation
from opti_reports.demo.rows import Bools, Floats, Ints, Times


class Story(Strict):
    """One story, from a month on: 0 is the demo's last; ``unit`` empty means everywhere."""

    id: str
    metric: str
    from_month: int
    text: str
    unit: str = ""


STORIES = fit(Story, read_tables("stories.toml")["story"])
BY_ID = {story.id: story for story in STORIES}


@dataclass(frozen=True, kw_only=True)
class People:
    """The clients, ordered by their first station, and the professionals, ordered by class and station.

    ``edges`` are the first client of each station, ``weights`` the running sum of how often clients come.
    ``first`` and ``count`` hold of the doctors and of the nurses of each station (by its position in
    ``stations``) the first one and how many there are, ``own`` each client's doctor and nurse.
    """

    stations: Ints
    edges: Ints
    born: Times
    language: Ints
    weights: Floats
    listed: Bools
    first: Ints
    count: Ints
    own: Ints
    labels: dict[str, pa.Array]


@dataclass(frozen=True, kw_only=True)
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

    def story_unit(self, story: str) -> int:
        """Return the number of the story's unit; -1 without stories or when the organisation has none."""
        return self.org.number(BY_ID[story].unit) if self.stories else -1

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
        return found | self.people.labels


def make_people(world: World) -> People:
    """Return clients by station with ages, languages and how often they come; professionals in panels."""
    rng, org = world.rng("people"), world.org
    stations = org.of_kind(STATION)
    # A station's own inhabitants: those before any merger.
    months = (unit.starts if unit.ends == NEVER else unit.ends for unit in org.units)
    thousands = np.array([org.people(month)[i] for i, month in enumerate(months) if i in stations])
    counts = np.maximum((thousands * 1000 * world.scale).astype(np.int64), 60)
    edges = np.concatenate([[0], np.cumsum(counts)])
    n = int(edges[-1])
    home = np.repeat(np.arange(len(stations)), counts)
    count = np.maximum(counts // [[1900], [1600]], [[6], [8]])
    first = (np.cumsum(count) - count.ravel()).reshape(count.shape)
    age = _ages(rng, n)
    visits = rng.gamma(0.9, 1.0, n) * (0.60 + age / 70)
    spoken, swedish = rng.random(n), org.swedish()[stations][home]
    return People(
        stations=stations,
        edges=edges,
        born=first_day(world.first) - age * 365.25 * DAY,
        language=np.where(spoken < swedish, 1, np.where(spoken < swedish + 0.06, 2, 0)),
        weights=np.concatenate([[0.0], np.cumsum(visits)]),
        own=first[:, home] + rng.integers(0, count[:, home]),
        listed=rng.random(n) < 0.62,
        first=first,
        count=count,
        labels={
            "client": pseudonyms(world.rng("clients"), n),
            "professional": pseudonyms(world.rng("professionals"), int(count.sum()) + 1),
        },
    )


def _ages(rng: np.random.Generator, n: int) -> Floats:
    # The youngest are born while the demo runs; before that their age counts as 0.
    limits = np.array([-2.0, 15.0, 23.0, 45.0, 65.0, 80.0, 94.0])
    group = rng.choice(6, n, p=[0.16, 0.10, 0.24, 0.27, 0.17, 0.06])
    ages: Floats = limits[group] + rng.random(n) * np.diff(limits)[group]
    return ages


def pseudonyms(rng: np.random.Generator, n: int) -> pa.Array:
    """Return ``n`` strings of 16 hex digits."""
    # Letters at fixed places, so that no row of digits looks like an identity code or a phone number.
    digits = rng.integers(0, 16, (n, 16), dtype=np.uint8)
    digits[:, [3, 8, 12]] = 10 + digits[:, [3, 8, 12]] % 6
    letters = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)[digits]
    return pa.array(letters.view("S16")[:, 0].astype(str))
