"""The handbook of a workspace's metrics as files: `opti handbook`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from opti_reports.config.load import load
from opti_reports.disk import replace
from opti_reports.errors import UsageError
from opti_reports.messages.spelling import suggestion
from opti_reports.model.look import Look
from opti_reports.packs.handbook import handbook
from opti_reports.render.handbook import render_handbook_html, render_handbook_pdf
from opti_reports.workspace import Workspace


def write(workspace: Workspace, languages: Sequence[str], folder: Path) -> list[Path]:
    """Write the handbook in each language as PDF and HTML; the files made.

    Raises UsageError for an unknown language, ConfigError and PackError as the configs and templates ask.
    """
    configs = load(workspace.configs, workspace.demo)
    for language in languages:
        if language not in configs.wordings:
            raise UsageError(
                "unknown.language", "--lang", name=language, near=suggestion(language, configs.wordings)
            )
    look = Look(configs.brand.brand(), workspace.templates)
    files: dict[str, bytes] = {}
    for language in languages or configs.settings.languages[:1]:
        book = handbook(configs, language)
        files[f"handbook.{language}.html"] = render_handbook_html(book, look)
        files[f"handbook.{language}.pdf"] = render_handbook_pdf(book, look)
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for name, content in files.items():
        replace(folder / name, content)
        made.append(folder / name)
    return made
