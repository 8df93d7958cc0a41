"""A month or week signed off: its copy in the archive, its line in the ledger."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from opti_reports.archive import ledger, write
from opti_reports.archive import released as release_file
from opti_reports.archive.held import held
from opti_reports.archive.manifest import FORMAT, Manifest
from opti_reports.archive.standing import last_release
from opti_reports.config.configs import Configs
from opti_reports.config.load import load
from opti_reports.errors import UsageError
from opti_reports.messages.message import message
from opti_reports.model.release import Release
from opti_reports.parallel import Jobs
from opti_reports.release import contents
from opti_reports.release.preview import Preview, prepared, record_of
from opti_reports.release.surroundings import software
from opti_reports.stages.extracts import arrived
from opti_reports.stages.facts import count
from opti_reports.workspace import ARCHIVE, Workspace

LONGEST_ROLE = 80


def sign(workspace: Workspace, shown: Preview, role: str, at: str) -> Release:
    """Record the sign-off by ``role`` at ``at`` (ISO 8601) and make the archive's copy.

    Raises UsageError where something waits for a run, or what was shown has changed since.
    """
    role = _role(role)
    with held(workspace), Jobs(1) as jobs:
        configs, period = load(workspace.configs, workspace.demo), shown.release.period
        preliminary = shown.release.stage == "preliminary"
        pack = shown.release.pack
        now = prepared(workspace, configs, period, shown.day, preliminary=preliminary, pack=pack)
        if now != shown:
            raise UsageError("release.other", "--sign")
        if now.waiting:
            raise UsageError("release.waiting_first", period.text, what=now.waiting, which=now.release.asked)
        folder, archive = workspace.output / period.text, workspace.output / ARCHIVE
        if now.unchanged:
            _note(folder, now.release)
            return now.release
        release = replace(now.release, signed_by_role=role, signed_at=at)
        for left in now.leftovers:
            shutil.rmtree(archive / left)
        _archive(workspace, configs, release, jobs)
        _note(folder, release)
    return release


def _note(folder: Path, release: Release) -> None:
    """Write beside the run what mail goes by: a pack that is released apart is never mailed."""
    if not release.pack:
        release_file.write(folder, release)


def _archive(workspace: Workspace, configs: Configs, release: Release, jobs: Jobs) -> None:
    """The archive's copy and the line in the ledger: once that is there, it is released."""
    archive, period = workspace.output / ARCHIVE, release.period
    folder = workspace.output / period.text
    found = arrived(workspace, configs, period, release.stage)
    facts = count(workspace, configs, found, jobs, _silent, months=not period.cadence.weekly)
    before = last_release(archive)
    changed = contents.target_changes(before and before / "configs", workspace)
    note = record_of(folder, period)

    def everything() -> Iterator[tuple[str, bytes]]:
        yield from contents.of_run(folder, contents.of_release(configs, note, release.pack))
        yield from contents.of_workspace(workspace, configs, facts)
        yield from contents.of_facts(facts)
        yield from contents.of_registers(configs, facts)
        yield contents.TARGETS, (json.dumps(changed, ensure_ascii=False, indent=1) + "\n").encode()
        yield release_file.NAME, release_file.to_bytes(release)

    target = archive / release.place / release.run_id
    made = partial(_manifest, configs, release, note, ledger.walk(archive).head)
    digest = write.build(target, everything(), made)
    events: list[tuple[ledger.Kind, Mapping[str, Any]]] = [("released", _line(release, digest))]
    if changed:
        events.append(("targets_changed", {"run": release.run_id, "targets": changed}))
    ledger.record_all(archive, events, release.signed_at)
    write.finish(target)


def _silent(done: int, total: int) -> None:
    del done, total


def _line(release: Release, digest: str) -> dict[str, Any]:
    """Return what the ledger says of a release."""
    return {
        "month": release.place,
        "run": release.run_id,
        "version": release.version,
        "stage": release.stage,
        "role": release.signed_by_role,
        "packs": len(release.packs),
        "manifest": digest,
    }


def _role(text: str) -> str:
    role = " ".join(text.split())
    if not role or len(role) > LONGEST_ROLE or "@" in role:
        raise UsageError("release.no_role", message("at.quoted", option="--sign", value=text))
    return role


def _manifest(
    configs: Configs, release: Release, note: Mapping[str, Any], head: str, files: Mapping[str, str]
) -> Manifest:
    return Manifest(
        format=FORMAT,
        month=release.place,
        run=release.run_id,
        version=release.version,
        stage=release.stage,
        role=release.signed_by_role,
        at=release.signed_at,
        command=f'opti release {release.asked} --sign "{release.signed_by_role}"',
        basis=note["basis"],
        software=software(configs.brand.brand().fonts),
        inputs=note["inputs"],
        left_out=contents.private_facts(configs),
        ledger=head,
        files=files,
    )
