"""A run made again from its archive: documents from their content, values from non-private facts."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from opti_reports.archive.manifest import Manifest, read
from opti_reports.archive.verify import verify
from opti_reports.config.configs import Configs
from opti_reports.config.load import load
from opti_reports.errors import ArchiveError, ConfigError
from opti_reports.messages.message import Message, message
from opti_reports.model.look import Look
from opti_reports.model.pack import Pack, to_json
from opti_reports.model.release import period_of
from opti_reports.model.unpack import from_json
from opti_reports.output.tables import FIGURES, figures
from opti_reports.release.figures import worked_out
from opti_reports.release.surroundings import software
from opti_reports.render.workbook import render_workbook
from opti_reports.stages.documents import WEB

Draw = Callable[[Sequence[tuple[Pack, str, Look, int | None]]], Sequence[bytes | Message]]
"""Packs with their formats, looks and planned lengths to documents, or to why one could not be made."""
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
        tasks += [(pack, WEB, look, None)] if spec.web else []
    if not compare:
        return 0, faults
    same = 0
    for (pack, form, *_), made in zip(tasks, draw(tasks), strict=True):
        pairs = [(f"packs/{pack.name}.{form}", made)]
        if pack.preparation and form != WEB:
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
    given, exact = worked_out(folder, configs, said.left_out, period_of(said.month))
    made: dict[tuple[str, ...], tuple[str, ...]] = {
        (v.metric, v.breakdown, v.key, v.org, v.period.cadence.id, v.period.text): figures(v) for v in exact
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
