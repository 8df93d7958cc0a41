"""A run made again from its archive: documents from their content, values from non-private facts."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from opti_reports.archive.manifest import Manifest, read
from opti_reports.archive.verify import verify
from opti_reports.config.configs import Configs
from opti_reports.config.load import load
from opti_reports.errors import ArchiveError, ConfigError
from opti_reports.messages.message import Message, message
from opti_reports.metrics.evaluate import values
from opti_reports.model.delivery import Delivery, RowCounts
from opti_reports.model.look import Look
from opti_reports.model.pack import Pack, to_json
from opti_reports.model.unpack import from_json
from opti_reports.output.tables import FIGURES, figures
from opti_reports.periods.months import parse_month
from opti_reports.release.surroundings import software
from opti_reports.render.workbook import render_workbook
from opti_reports.stages.counted import Facts
from opti_reports.stages.inputs import inputs
from opti_reports.store.deliveries import StoredDelivery, unpacked

Draw = Callable[[Sequence[tuple[Pack, str, Look, int | None]]], Sequence[bytes | Message]]
"""Packs with their formats, looks and planned lengths to documents, or to why one could not be made."""
ROWS = ("read", "used", "rejected", "outside", "older")
FAULTS_SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class Rebuilt:
    """What came of it. ``documents`` and ``values`` are how many were made again and are the same.

    ``elsewhere`` names what differs from the environment the manifest records: then documents are not
    compared. ``withheld`` values are not compared, ``metrics`` could not be computed (their facts hold
    pseudonyms and are not archived). ``faults`` are differences.
    """

    run: str
    documents: int
    values: int
    withheld: int
    metrics: tuple[str, ...]
    elsewhere: tuple[Message, ...]
    faults: tuple[Message, ...]


def rebuild(archive: Path, run: str, draw: Draw) -> Rebuilt:
    """Make a run again. Raises ArchiveError where the archive is not whole or its configs cannot be read."""
    verdict = verify(archive, run)
    if verdict.faults:
        raise ArchiveError("rebuild.not_whole", f"archive/{run}", faults=verdict.faults)
    folder = archive / run
    said = read(folder)
    try:
        configs = load(folder / "configs", folder / "configs" / "demo.toml")
    except ConfigError as error:
        raise ArchiveError(
            "rebuild.configs",
            f"archive/{run}/configs",
            why=error.message,
            version=said.software["opti_reports"],
        ) from None
    elsewhere = _elsewhere(said, configs)
    documents, faults = _documents(folder, configs, draw, compare=not elsewhere)
    same, withheld, missing, wrong = _values(folder, said, configs)
    return Rebuilt(
        run=run,
        documents=documents,
        values=same,
        withheld=withheld,
        metrics=missing,
        elsewhere=elsewhere,
        faults=(*faults, *wrong),
    )


def _elsewhere(said: Manifest, configs: Configs) -> tuple[Message, ...]:
    """Return what differs between the environment of the manifest and this one."""
    then, now = _flat(said.software), _flat(software(configs.brand.brand().fonts))
    none = message("rebuild.none")
    return tuple(
        message("rebuild.environment", name=name, then=then.get(name, none), here=now.get(name, none))
        for name in sorted({*then, *now})
        if then.get(name) != now.get(name)
    )


def _flat(tree: object, name: str = "") -> dict[str, str]:
    if not isinstance(tree, dict):
        return {name: str(tree)[:12]}
    found: dict[str, str] = {}
    for key, value in tree.items():
        found |= _flat(value, str(key))
    return found


def _documents(folder: Path, configs: Configs, draw: Draw, *, compare: bool) -> tuple[int, list[Message]]:
    """Return how many documents came out the same, and what did not; without ``compare`` only
    their content.
    """
    faults: list[Message] = []
    tasks: list[tuple[Pack, str, Look, int | None]] = []
    look = Look(configs.brand.brand(), folder / "templates")
    for path in sorted((folder / "packs").rglob("*.json")):
        text = path.read_text(encoding="utf-8")
        pack = from_json(text)
        if to_json(pack) != text:
            faults.append(message("rebuild.content", file=path.relative_to(folder).as_posix()))
        spec = configs.packs[pack.id]
        tasks.append((pack, spec.format, look, spec.pages))
    if not compare:
        return 0, faults
    same = 0
    for (pack, form, *_), made in zip(tasks, draw(tasks), strict=True):
        pairs = [(f"packs/{pack.name}.{form}", made)]
        if pack.preparation:
            pairs.append((f"packs/{pack.name}.xlsx", render_workbook(pack, look.brand)))
        for name, content in pairs:
            if isinstance(content, Message):
                faults.append(message("rebuild.unmade", file=name, why=content))
            elif (folder / name).read_bytes() != content:
                faults.append(message("rebuild.otherwise", file=name))
            else:
                same += 1
    return same, faults


def _values(
    folder: Path, said: Manifest, configs: Configs
) -> tuple[int, int, tuple[str, ...], list[Message]]:
    """Return how many values are the same and how many were withheld, metrics left out, what differs."""
    open_ones = _without(configs, said.left_out)
    given = inputs(open_ones, _taken(folder, open_ones), parse_month(said.month))
    made: dict[tuple[str, ...], tuple[str, ...]] = {
        (v.metric, v.breakdown, v.key, v.org, v.period.cadence.id, v.period.text): figures(v)
        for v in values(given)
    }
    same = withheld = 0
    left: set[str] = set()
    faults = []
    for path in sorted(folder.glob("values*.csv")):  # of each audience that sees other figures
        for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines()):
            place = (
                row["metric"],
                row["breakdown"],
                row["key"],
                row["org"],
                row["period_kind"],
                row["period"],
            )
            if row["metric"] not in given.metrics:
                left.add(row["metric"])
            elif row["state"] == "withheld":
                withheld += 1
            elif made.get(place) == tuple(row.get(name, "") for name in FIGURES):
                same += 1
            else:
                faults.append(message("rebuild.value", place=tuple(filter(None, place))))
    more = len(faults) - FAULTS_SHOWN
    shown = faults[:FAULTS_SHOWN] + ([message("rebuild.more", more=more)] if more > 0 else [])
    return same, withheld, tuple(sorted(left)), shown


def _without(configs: Configs, facts: Sequence[str]) -> Configs:
    """Return the configs without some facts."""
    sources = {
        name: source.model_copy(update={"fact": tuple(f for f in source.fact if f.id not in facts)})
        for name, source in configs.sources.items()
    }
    return replace(configs, sources=sources)


def _taken(folder: Path, configs: Configs) -> Facts:
    """Return the deliveries of a run with their archived facts."""
    found = [_delivery(path, configs) for path in sorted((folder / "facts").glob("*/*/delivery.json"))]
    return Facts(tuple(delivery for delivery, _ in found), tuple(kept for _, kept in found))


def _delivery(path: Path, configs: Configs) -> tuple[Delivery, StoredDelivery]:
    note = json.loads(path.read_text(encoding="utf-8"))
    source, month = path.parent.parent.name, path.parent.name
    covers = note["covers"]
    delivery = Delivery(
        source=source,
        month=parse_month(month),
        files=tuple(Path(name) for name in note["files"]),
        hashes=tuple(note["files"].values()),
        extracted_on=dt.date.fromisoformat(note["extracted_on"]),
        covers=(covers[0], covers[1]) if covers else None,
        confirm_shrink=note["confirm_shrink"],
    )
    shapes = [configs.shapes[fact.id] for fact in configs.sources[source].fact]
    tables = {shape.id: unpacked(path.parent / f"{shape.id}.parquet", shape) for shape in shapes}
    return delivery, StoredDelivery(tables, {}, _counts(note), ())


def _counts(note: dict[str, object]) -> RowCounts:
    by_month = note["by_month"]
    assert isinstance(by_month, dict)
    read, used, rejected, outside, older = (int(str(note[name])) for name in ROWS)
    months = {int(month): rows for month, rows in by_month.items()}
    return RowCounts(
        read=read,
        used=used,
        rejected=rejected,
        outside=outside,
        older=older,
        by_month=months,
        reasons={},
        empty_cells={},
        ignored_columns=(),
    )
