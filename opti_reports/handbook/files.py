"""The handbook of a workspace's metrics as files: `opti handbook`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from opti_reports.config.configs import Configs
from opti_reports.config.load import load
from opti_reports.config.metric import Metric
from opti_reports.config.source import Source
from opti_reports.disk import replace
from opti_reports.errors import ExtractError, UsageError
from opti_reports.extracts import find
from opti_reports.extracts.pieces import open_file
from opti_reports.messages.spelling import suggestion
from opti_reports.model.look import Look
from opti_reports.packs.handbook import handbook
from opti_reports.periods.months import parse_month
from opti_reports.render.handbook import render_handbook_html, render_handbook_pdf
from opti_reports.workspace import Workspace

NEVER = parse_month("9999-12")
"""A month after all that have data."""


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
    look, lacking = Look(configs.brand.brand(), workspace.templates), _lacking(workspace, configs)
    files: dict[str, bytes] = {}
    for language in languages or configs.settings.languages[:1]:
        book = handbook(configs, language, lacking)
        files[f"handbook.{language}.html"] = render_handbook_html(book, look)
        files[f"handbook.{language}.pdf"] = render_handbook_pdf(book, look)
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for name, content in files.items():
        replace(folder / name, content)
        made.append(folder / name)
    return made


def _lacking(workspace: Workspace, configs: Configs) -> frozenset[str]:
    """Return the columns that metrics speak of and newest extracts lack, written ``source.column``."""
    named = {column for metric in configs.metrics.values() for column in _named(metric)}
    sources, lacking = {column.partition(".")[0] for column in named}, set()
    with suppress(ExtractError):  # what is wrong with a delivery, a run says
        every = find.deliveries(
            workspace.data,
            NEVER,
            configs.sources,
            configs.calendar,
            lambda path: path.name,
            others=configs.unlisted.sources,
        )
        newest = {delivery.source: delivery for delivery in every if delivery.source in sources}
        for source, delivery in newest.items():
            for path in delivery.files:
                there = {f"{source}.{name}" for name in _headings(configs.sources[source], path)}
                lacking |= {column for column in named if column.startswith(f"{source}.")} - there
    return frozenset(lacking)


def _headings(source: Source, path: Path) -> frozenset[str]:
    """Return the columns that a file has; of one that cannot be used all."""
    try:
        return frozenset(open_file(source, path).headings.names)
    except ExtractError:
        return frozenset(source.column)


def _named(metric: Metric) -> Iterator[str]:
    yield from metric.needs
    yield from (one.column for one in metric.untold)
