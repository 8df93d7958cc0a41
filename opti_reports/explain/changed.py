"""What changed: values published before and otherwise now, and what moved since the last release."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from opti_reports.archive.standing import last_month
from opti_reports.errors import UsageError
from opti_reports.messages.message import Message, Shown, message
from opti_reports.periods.cadence import CADENCES, MONTH, ROLLING
from opti_reports.periods.period import Period
from opti_reports.workspace import ARCHIVE, Workspace

SHOWN = ("ok", "partial")


PARTS = frozenset(one.id for one in CADENCES if one.weekly or one.longer)
"""The cadences of which a metric has another row of its own."""


@dataclass(frozen=True, kw_only=True)
class Restated:
    """A published value that later extracts (``sources``) changed; ``look_at``: by much."""

    metric: str
    org: str
    period: str
    old: str
    new: str
    sources: tuple[str, ...]
    look_at: bool


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A headline value that stands otherwise than in the last release, and how.

    ``old`` is the newest figure of that release, of ``old_period``.
    """

    metric: str
    org: str
    period: str
    old: str
    new: str
    how: Message
    old_period: str


@dataclass(frozen=True)
class Changes:
    """``since`` is the released run compared with, empty where there is none."""

    restated: tuple[Restated, ...]
    since: str
    moved: tuple[Moved, ...]


def changes(workspace: Workspace, month: int) -> Changes:
    """Return what changed in a month's run. Raises UsageError where there is none."""
    of = Period(MONTH, month)
    folder = workspace.output / of.text
    if not (folder / "changes.csv").exists():
        raise UsageError("run.none", of.option, period=of.text, which=of.asked)
    restated = tuple(_restated(row) for row in _read(folder / "changes.csv") if row["kind"] == "restated")
    before = last_month(workspace.output / ARCHIVE)
    if before is None:
        return Changes(restated, "", ())
    return Changes(
        restated, f"{before.parent.name}/{before.name}", tuple(_moved(_newest(before), _newest(folder)))
    )


def _restated(row: Mapping[str, str]) -> Restated:
    old, new, sources = row["old"], row["new"], tuple(row["sources"].split())
    return Restated(
        metric=row["metric"],
        org=row["org"],
        period=_period(row),
        old=old,
        new=new,
        sources=sources,
        look_at=bool(row.get("look_at")),
    )


def _read(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _newest(folder: Path) -> dict[tuple[str, str], dict[str, str]]:
    """Return the newest headline row of every metric and organisation: of a month where there are months."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for row in _read(folder / "values.csv"):
        place = row["metric"], row["org"]
        longer = row["period_kind"] == ROLLING.id and found.get(place, row)["period_kind"] == MONTH.id
        if not row["breakdown"] and row["period_kind"] not in PARTS and not longer:
            found[place] = row
    return found


def _period(row: Mapping[str, str]) -> str:
    """Return a period and, of other windows than the month, which."""
    return row["period"] if row["period_kind"] == MONTH.id else f"{row['period']} {row['period_kind']}"


def _moved(
    old: Mapping[tuple[str, str], Mapping[str, str]], new: Mapping[tuple[str, str], Mapping[str, str]]
) -> Iterator[Moved]:
    for place, now in new.items():
        then = old.get(place)
        ways = tuple(_how(then, now)) if then else ()
        if then and ways:
            yield Moved(
                metric=place[0],
                org=place[1],
                period=_period(now),
                old=then["value"],
                new=now["value"],
                how=message("changes.how", ways=ways),
                old_period=_period(then),
            )


def _how(then: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Shown]:
    """Yield in which ways a value stands otherwise."""
    if then["state"] != now["state"] and (then["state"] in SHOWN) != (now["state"] in SHOWN):
        yield message("changes.turned", then=then["state"], now=now["state"])
    if then["status"] != now["status"] and "none" not in (then["status"], now["status"]):
        yield message("changes.turned", then=then["status"], now=now["status"])
    if now["variation"] != then["variation"] and now["variation"] not in ("", "common_cause"):
        yield now["variation"].replace("_", " ")
    if then["period"] == now["period"] and then["value"] != now["value"]:
        yield message("changes.other_value")
