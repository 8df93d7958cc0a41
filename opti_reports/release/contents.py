"""What an archived run holds: the month's files, non-private facts, registers, configs and templates."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from opti_reports.archive.standing import RECORD, belongs
from opti_reports.archive.trust import public_key, stamp_roots
from opti_reports.config.configs import Configs
from opti_reports.config.files import config_files, template_files
from opti_reports.errors import ArchiveError
from opti_reports.model.delivery import Delivery, RowCounts
from opti_reports.periods.months import month_text
from opti_reports.stages.counted import Facts
from opti_reports.stages.output import inputs, table_of
from opti_reports.store.deliveries import StoredDelivery, packed
from opti_reports.workspace import Workspace

SNAPSHOTS = ("actions", "register")
"""The kinds of lists of which a snapshot is archived."""
TARGETS = "targets_changed.json"


def of_release(configs: Configs, note: Mapping[str, Any], pack: str) -> dict[str, str]:
    """Return the files of a run that a release holds, by the run's record: of a pack released apart its
    documents and the figures its readers are shown; else all that is not of such packs alone.
    """
    files: Mapping[str, str] = note["files"]
    tables = {spec.id: table_of(configs, spec.audience) for spec in configs.packs.values()}
    if pack:
        return {name: one for name, one in files.items() if belongs(name, note, pack) or name == tables[pack]}
    others = {table for id, table in tables.items() if not configs.packs[id].apart} | {"values.csv"}
    alone = {table for id, table in tables.items() if configs.packs[id].apart} - others
    return {name: one for name, one in files.items() if belongs(name, note, "") and name not in alone}


def of_run(folder: Path, files: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    """Yield a run's files as its record names them.

    Raises ArchiveError where one is not as it says.
    """
    for name, digest in files.items():
        content = (folder / name).read_bytes()
        if hashlib.sha256(content).hexdigest() != digest:
            raise ArchiveError("run.changed", f"output/{folder.name}/{name}")
        yield name, content
    yield RECORD, (folder / RECORD).read_bytes()


def of_workspace(workspace: Workspace, configs: Configs, facts: Facts) -> Iterator[tuple[str, bytes]]:
    """Yield the configs and templates that opti reads; copies of the extracts only where the
    configs say so.
    """
    for name in config_files(workspace.configs):
        yield f"configs/{name}", (workspace.configs / name).read_bytes()
    for name in template_files(workspace.templates):
        yield f"templates/{name}", (workspace.templates / name).read_bytes()
    if configs.demo:
        yield f"configs/{workspace.demo.name}", workspace.demo.read_bytes()
    if configs.archive.public_key:
        yield f"configs/{configs.archive.public_key}", public_key(workspace, configs).read_bytes()
    if configs.archive.stamp:
        yield (
            f"configs/{configs.archive.stamp.roots}",
            stamp_roots(workspace, configs.archive.stamp).read_bytes(),
        )
    if configs.archive.keep_inputs:
        for name in inputs(facts.deliveries):
            yield f"inputs/{name}", (workspace.data / name).read_bytes()


def of_facts(facts: Facts) -> Iterator[tuple[str, bytes]]:
    """Yield every fact without pseudonyms, by source, data month and fact, beside what its delivery was."""
    for delivery, kept in zip(facts.deliveries, facts.kept, strict=True):
        place = f"facts/{delivery.source}/{month_text(delivery.month)}"
        yield f"{place}/delivery.json", _json(_delivery(delivery, kept.counts))
        for name, table in kept.tables.items():
            if not table.shape.private:
                yield f"{place}/{name}.parquet", packed(table)


def private_facts(configs: Configs) -> tuple[str, ...]:
    """Return the facts that hold pseudonyms, which are never archived."""
    return tuple(sorted(name for name, shape in configs.shapes.items() if shape.private))


def of_registers(configs: Configs, facts: Facts) -> Iterator[tuple[str, bytes]]:
    """Yield the newest rows of every register: actions, and what is in order at each unit."""
    for source in configs.sources.values():
        own = facts.of(source.id)
        for spec in source.list if own else ():
            if spec.kind in SNAPSHOTS:
                yield f"registers/{spec.id}.json", _json(_rows(own[-1][1], spec.id))


def target_changes(before: Path | None, now: Workspace) -> list[dict[str, Any]]:
    """Return targets that differ between archived configs and a workspace: listed, the catalogue's, the
    demo's.
    """
    old = _targets(before, before / now.demo.name) if before else {}
    new = _targets(now.configs, now.demo)
    if before is None:
        return []
    return [
        {"target": " ".join(place), "old": old.get(place), "new": new.get(place)}
        for place in sorted({*old, *new})
        if old.get(place) != new.get(place)
    ]


def _targets(configs: Path, demo: Path) -> dict[tuple[str, ...], Any]:
    found: dict[tuple[str, ...], Any] = {}
    made_up = tomllib.loads(demo.read_text(encoding="utf-8")) if demo.is_file() else {}
    for one in made_up.get("target", ()):
        found[one["metric"], one["organisation"], "demo"] = {k: str(v) for k, v in sorted(one.items())}
    agreed = tomllib.loads((configs / "targets.toml").read_text(encoding="utf-8-sig"))
    for one in agreed.get("target", ()):
        plain = {key: str(value) for key, value in sorted(one.items())}
        found[plain["metric"], plain["organisation"], plain["state"], plain["valid_from"]] = plain
    for path in sorted((configs / "themes").glob("*.toml")):
        theme = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        for id, metric in theme.get("metric", {}).items():
            if "target" in metric:
                found[id, "catalogue"] = {k: str(v) for k, v in sorted(metric["target"].items())}
    return found


def _delivery(delivery: Delivery, counts: RowCounts) -> dict[str, Any]:
    return {
        "files": {p.name: digest for p, digest in zip(delivery.files, delivery.hashes, strict=True)},
        "extracted_on": delivery.extracted_on.isoformat(),
        "covers": delivery.covers,
        "confirm_shrink": delivery.confirm_shrink,
        "read": counts.read,
        "used": counts.used,
        "rejected": counts.rejected,
        "outside": counts.outside,
        "older": counts.older,
        "by_month": counts.by_month,
        "reasons": counts.reasons,
    }


def _rows(kept: StoredDelivery, list_id: str) -> list[dict[str, str]]:
    rows = kept.lists[list_id].to_dict("records")
    return [{str(key): str(value) for key, value in row.items()} for row in rows]


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
