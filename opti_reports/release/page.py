"""What a release would be as a web page: for whoever signs it and reads no terminal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from opti_reports.config.configs import Configs
from opti_reports.config.load import load
from opti_reports.disk import replace
from opti_reports.messages.sentences import headings, say, sentence
from opti_reports.messages.spoken import spoken
from opti_reports.model.look import Look
from opti_reports.model.pack import Block, Column, Pack, Section, Table, Text
from opti_reports.release.preview import Preview
from opti_reports.release.saying import held_back, looked_at, name_of, of_nobody, reasons
from opti_reports.render.html import render_web
from opti_reports.workspace import Workspace


def write_page(workspace: Workspace, shown: Preview) -> Path:
    """Write ``release.html`` beside the run's packs; returns where. Raises PackError for a bad template."""
    configs = load(workspace.configs, workspace.demo)
    place = workspace.output / shown.release.period.text / "release.html"
    look = Look(configs.brand.brand(), workspace.templates)
    replace(place, render_web(_page(shown, configs), look), 0o600)
    return place


def _page(shown: Preview, configs: Configs) -> Pack:
    release, line = shown.release, configs.organisation.units[0].names
    lines = tuple(line.strip() for line in held_back(shown)) or (say("release.nothing_held_back"),)
    sections = (
        Section(id="packs", title=say("release.page_packs"), blocks=tuple(_packs(shown))),
        Section(id="held", title=say("release.page_held"), blocks=(Text(lines),)),
    )
    return Pack(
        id="release",
        org="",
        period=release.period.text,
        language=spoken(),
        title=say("release.page_title", period=release.period.text, version=release.version),
        message="",
        subtitle="",
        org_name=line[configs.settings.languages[0]],
        period_label=say("release.page_run", stage=release.stage, basis=shown.basis[:12]),
        watermark="",
        footer="",
        trace="",
        sections=sections,
        words={"web_skip": say("release.page_skip")},
    )


def _packs(shown: Preview) -> Iterator[Block]:
    """Yield what is doubted, and the table of packs: those to look at first, those nobody gets in a line."""
    if shown.doubts:
        yield Text((say("release.doubts"), *map(sentence, shown.doubts)))
    first = looked_at(shown)
    packs = [*first, *(one for one in shown.release.packs if one not in first)]
    nobody = of_nobody(shown)
    rows = [
        (
            name_of(pack),
            shown.first.get(pack.file, ""),
            "; ".join(map(sentence, reasons(shown, pack))),
            ", ".join(shown.receivers.get(pack.file, ())) or say("release.published"),
        )
        for pack in packs
        if name_of(pack) not in nobody
    ]
    yield Table(
        caption=say("release.looks", packs=len(first), of=len(packs)) if first else say("release.no_looks"),
        columns=tuple(Column(head) for head in headings("head.release")),
        rows=tuple(rows),
        empty=say("release.page_none"),
    )
    if nobody:
        yield Text((say("release.of_nobody", n=len(nobody), packs=tuple(nobody)),))
