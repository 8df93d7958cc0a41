"""From material to packs: all that are due in the month, or those that are named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from opti_reports.config.configs import Configs
from opti_reports.config.pack import PackSpec
from opti_reports.errors import PackError, UsageError
from opti_reports.messages.message import Message
from opti_reports.messages.spelling import suggestion
from opti_reports.model.pack import Pack
from opti_reports.packs.build import build as made
from opti_reports.packs.build import due, organisations
from opti_reports.packs.material import Material
from opti_reports.periods.months import YEAR, month_text
from opti_reports.stages.request import Asked


def specs(asked: Asked, configs: Configs, month: int) -> list[PackSpec]:
    """Return the packs asked for, or all that are due.

    Raises UsageError for one that is unknown or not due.
    """
    _check(asked, configs, month)
    for name in asked.packs:
        if configs.packs[name].cadence.weekly:
            raise UsageError("choice.of_weeks", "--pack", pack=name)
        if not _made(configs.packs[name], month):
            cadence = configs.packs[name].cadence
            ends = ", ".join(f"{end + 1:02d}" for end in range(YEAR) if cadence.ends(end))
            raise UsageError(
                "choice.not_due", "--pack", pack=name, cadence=cadence.id, ends=ends, month=month_text(month)
            )
    if asked.packs:
        return [spec for spec in configs.packs.values() if spec.id in asked.packs]
    return [spec for spec in configs.packs.values() if due(spec, month)]


def _made(spec: PackSpec, month: int) -> bool:
    """Return whether a pack can be made of a month by its name."""
    return due(spec, month) or spec.any_month


def _languages(spec: PackSpec, asked: Sequence[str], first: Sequence[str]) -> Sequence[str]:
    """Return the languages a pack is made in: those asked for, or all of its own if one of them is."""
    if not spec.languages:
        return asked or first
    return spec.languages if not asked or set(asked) & set(spec.languages) else ()


def weekly_specs(asked: Asked, configs: Configs, month: int) -> list[PackSpec]:
    """Return the packs of a week that are asked for, or all. Raises UsageError for one of a month."""
    _check(asked, configs, month)
    made = {id: spec for id, spec in configs.packs.items() if spec.cadence.weekly}
    for name in asked.packs:
        if name not in made:
            raise UsageError("choice.not_weekly", "--pack", pack=name, packs=tuple(made))
    return [spec for spec in made.values() if spec.id in asked.packs or not asked.packs]


def _check(asked: Asked, configs: Configs, month: int) -> None:
    """Raise UsageError for a pack, language or organisation that nobody knows."""
    for name in asked.packs:
        if name not in configs.packs:
            raise UsageError("unknown.pack", "--pack", name=name, near=suggestion(name, configs.packs))
    for language in asked.languages:
        if language not in configs.wordings:
            raise UsageError(
                "unknown.language", "--lang", name=language, near=suggestion(language, configs.wordings)
            )
    known = {node.id for node in configs.organisation.tree(month).nodes}
    for org in asked.orgs:
        if org not in known:
            raise UsageError(
                "unknown.organisation_in",
                "--org",
                name=org,
                month=month_text(month),
                near=suggestion(org, known),
            )


@dataclass(frozen=True)
class Built:
    """The packs that were built, and by its file what went wrong with each that was not."""

    packs: tuple[Pack, ...]
    failed: dict[str, Message]


def build(materials: Mapping[str, Material], asked: Asked, specs: Sequence[PackSpec]) -> Built:
    """Build the packs asked for, each of what its audience may see. Raises UsageError when there is none."""
    packs: list[Pack] = []
    failed: dict[str, Message] = {}
    for spec, org, language in _wanted(asked, materials, specs):
        material = materials[spec.audience]
        try:
            material.check()
            packs.append(made(material, spec, org, language))
        except PackError as error:
            failed[f"packs/{spec.id}/{org}.{language}.{spec.format}"] = error.said
    return Built(tuple(packs), failed)


def _wanted(
    asked: Asked, materials: Mapping[str, Material], specs: Sequence[PackSpec]
) -> list[tuple[PackSpec, str, str]]:
    """Return every pack to build: its spec, organisation and language."""
    first = next(iter(materials.values())).configs.settings.languages[:1]
    found = [
        (spec, org, language)
        for spec in specs
        for org in organisations(materials[spec.audience], spec)
        if not asked.orgs or org in asked.orgs
        for language in _languages(spec, asked.languages, first)
    ]
    if not found:
        raise UsageError("choice.nothing", "--org")
    return found


def documents_due(materials: Mapping[str, Material]) -> list[str]:
    """Return every pack of the month or week in the first language: without them a run is not whole."""
    one = next(iter(materials.values()))
    first = one.configs.settings.languages[:1]
    made = weekly_specs if one.cadence.weekly else specs
    return sorted(
        f"packs/{spec.id}/{org}.{language}.{spec.format}"
        for spec in made(Asked(), one.configs, one.month)
        for org in organisations(materials[spec.audience], spec)
        for language in _languages(spec, (), first)
    )
