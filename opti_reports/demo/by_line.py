"""The demo of a workspace, by the line it was made from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from opti_reports.config.settings import Settings
from opti_reports.demo import generate
from opti_reports.demo.data import had, read_config
from opti_reports.demo.line import generate_line
from opti_reports.demo.ready import lay
from opti_reports.errors import Fault, UsageError
from opti_reports.line import Line


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What was asked for; without ``months`` as many as the kind of demo has."""

    last_month: str
    months: int | None = None
    seed: int = 1
    scale: float = 1.0
    mess: bool = False


def make(
    line: Line,
    configs: Path,
    target: Path,
    wanted: Wanted,
    *,
    progress: Callable[[str], None],
    unfit: Callable[[Fault], None],
) -> list[Path]:
    """Write a line's extracts into target/<YYYY-MM>/; return the files. Raises as the generators do."""
    if wanted.mess and line.demo != "county":
        raise UsageError("demo.no_mess", "--mess", line=line.id)
    if line.demo == "files":
        return lay(line.folder / "demo", target, wanted.last_month)
    if line.demo == "rules":
        return generate_line(
            target,
            wanted.last_month,
            line=line.folder,
            configs=configs,
            sources=had(configs),
            months=wanted.months,
            seed=wanted.seed,
            scale=wanted.scale,
            progress=progress,
        )
    return generate(
        target,
        wanted.last_month,
        organisation_file=configs / "organisation.toml",
        sources=had(configs),
        source_folder=configs / "sources",
        approved=_approved(configs / "settings.toml"),
        months=wanted.months or 36,
        seed=wanted.seed,
        scale=wanted.scale,
        mess=wanted.mess,
        progress=progress,
        unfit=unfit,
    )


def _approved(path: Path) -> list[str]:
    """Return the approvals that a workspace's settings have switched on."""
    given = read_config(path, path.name, Settings).approval
    return [name for name, one in given.items() if one.enabled]
