"""Releases there are: what each audience was shown, and what it was where the store still has that."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import cast

from opti_reports.archive import ledger, write
from opti_reports.archive.standing import RECORD
from opti_reports.config.configs import Configs
from opti_reports.disclosure.amounts import concerned
from opti_reports.disk import sha256
from opti_reports.model.release import period_of
from opti_reports.model.value import State, Value
from opti_reports.periods.cadence import cadence
from opti_reports.periods.period import Period, parse_period
from opti_reports.stages.groups import Group, together
from opti_reports.store import entries
from opti_reports.store import figures as store
from opti_reports.store.figures import Figures
from opti_reports.workspace import ARCHIVE, Workspace

FOLDER = entries.RELEASED
"""Where the figures of releases lie in the store."""
EXACT = "exact.json"
"""Which exact values each run rested on, by its basis."""


@dataclass(frozen=True)
class Released:
    """A release of a month or week: where the store has what each audience was shown of a group, and the
    group's exact values (none: it has them no more).
    """

    period: Period
    shown: Mapping[str, Mapping[tuple[str, ...], str]]
    exact: Mapping[tuple[str, ...], str]

    def of(self, group: tuple[str, ...]) -> dict[str, str]:
        """Return the addresses of a group's figures, by audience."""
        return {id: own[group] for id, own in sorted(self.shown.items()) if group in own}


def releases(workspace: Workspace, configs: Configs, basis: str) -> tuple[Released, ...]:
    """Return every release but those of the same ``basis``, which are this publication itself.

    Their tables are read once; a missing one counts as empty (`opti archive verify` reports it).
    """
    archive, place = workspace.output / ARCHIVE, workspace.store
    known, found = _exact(place), []
    for name in write.released(ledger.walk(archive).lines):
        folder = archive / name
        if not (folder / RECORD).is_file():
            continue
        own = str(json.loads((folder / RECORD).read_text(encoding="utf-8")).get("basis", ""))
        if own != basis:
            period = period_of(name.partition("/")[0])
            shown = dict(_shown(folder, place, configs, period.last_month))
            found.append(Released(period, shown, known.get(own, {})))
    used = frozenset(address for one in found for own in one.shown.values() for address in own.values())
    if (place / FOLDER).is_dir():
        entries.prune(place / FOLDER, used, max((one.period.last_month for one in found), default=0))
    return tuple(found)


def needed(earlier: Sequence[Released]) -> frozenset[str]:
    """Return the addresses of exact values that releases rested on."""
    return frozenset(address for one in earlier for address in one.exact.values())


def note(place: Path, groups: Sequence[Group], basis: str, earlier: Sequence[Released]) -> None:
    """Note which exact values this run and the releases rest on."""
    note_exact(place, {group.metrics: group.address for group in groups}, basis, earlier)


def note_exact(
    place: Path, addresses: Mapping[tuple[str, ...], str], basis: str, earlier: Sequence[Released]
) -> None:
    """Note the addresses of the exact values of a basis, and keep those of releases."""
    kept = {b: own for b, own in _exact(place).items() if own in [one.exact for one in earlier]}
    made = kept | {basis: dict(addresses)}
    path = place / EXACT
    temporary = path.with_suffix(".new")
    temporary.write_text(json.dumps({b: list(own.items()) for b, own in made.items()}), encoding="utf-8")
    temporary.replace(path)


def _exact(place: Path) -> dict[str, dict[tuple[str, ...], str]]:
    try:
        found = json.loads((place / EXACT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {b: {tuple(metrics): address for metrics, address in own} for b, own in found.items()}


def _shown(
    folder: Path, place: Path, configs: Configs, month: int
) -> Iterator[tuple[str, dict[tuple[str, ...], str]]]:
    """Yield the addresses of what each audience was shown; of audiences that see the same, of one."""
    files, protected = configs.audiences.files, concerned(configs.metrics, configs.protections)
    wanted = [group for group in together(configs) if not protected.isdisjoint(group)]
    for sight in dict.fromkeys(configs.sights.values()):
        own = folder / f"values.{sight}.csv"
        path = own if own.is_file() or sight != configs.sights[files.values] else folder / "values.csv"
        if path.is_file():
            digest = sha256(path)
            addresses = {group: entries.address([digest, group]) for group in wanted}
            if not all(entries.has(place / FOLDER, address) for address in addresses.values()):
                _read(path, place, addresses, month)
            yield sight, addresses


def _read(path: Path, place: Path, addresses: Mapping[tuple[str, ...], str], month: int) -> None:
    """Keep a table of values, the metrics of each group apart."""
    group_of = {metric: group for group in addresses for metric in group}
    found: dict[tuple[str, ...], list[Value]] = {group: [] for group in addresses}
    for value in _figures(path, frozenset(group_of)):
        found[group_of[value.metric]].append(value)
    for group, address in addresses.items():
        store.save(place / FOLDER, address, month, Figures(now=tuple(found[group]), before=(), months={}))


def _figures(path: Path, wanted: frozenset[str]) -> Iterator[Value]:
    """Yield the figures of some metrics in a table of values."""
    with io.StringIO(path.read_text(encoding="utf-8")) as text:
        for row in csv.DictReader(text):
            if row["metric"] not in wanted or row["state"] == "missing":
                continue
            value, num, den = (
                Fraction(row[name]) if row[name] else None for name in ("value", "numerator", "denominator")
            )
            yield Value(
                metric=row["metric"],
                org=row["org"],
                period=parse_period(cadence(row["period_kind"]), row["period"]),
                state=cast(State, row["state"]),
                value=value,
                num=num,
                den=den,
                n=int(row["n"]) if row["n"] else None,
                breakdown=row["breakdown"],
                key=row["key"],
            )
