"""What a person should look at in what a run has made: figures, signs, and what follows from the past."""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from opti_reports.disclosure.coarse import Detail
from opti_reports.extracts.redact import redact_code
from opti_reports.messages.message import Message, few, message
from opti_reports.messages.spelling import suggestion
from opti_reports.model.pack import Pack, to_json
from opti_reports.model.value import Value
from opti_reports.packs.done import may_name
from opti_reports.packs.material import Material
from opti_reports.render.clean import BOX, strange

SHOWN_ROWS = 5
"""How many numbers of rows are named."""


def impossible(material: Material) -> tuple[Message, ...]:
    """Return newest figures beyond what they can be, a message a metric."""
    found: dict[str, dict[str, Value]] = {}
    for value in material.values:
        newest = value.period.end == material.newest.get(value.metric)
        if newest and value.partial_by("outside") and not value.breakdown:
            found.setdefault(value.metric, {}).setdefault(value.org, value)
    return tuple(
        message("warning.impossible", metric=metric, values=tuple(_figure(v) for v in values.values()))
        for metric, values in found.items()
    )


def _figure(value: Value) -> Message:
    shown = round(float(value.value or 0), 1)  # no digit more in the record than a person sees
    return message("figure", org=value.org, period=value.period.text, value=shown)


def no_metrics(material: Material) -> Iterator[Message]:
    """Yield what registers of actions call a metric and is none, with the nearest one."""
    configs, first = material.configs, material.configs.settings.languages[0]
    names = [name for id, one in configs.metrics.items() for name in (id, one.name[first])]
    for source in configs.sources.values():
        own = [spec.id for spec in source.list if spec.kind == "actions"]
        rows = (row for name in own for row in material.lists.get(name, ()))
        written = Counter(row.cells.get("metric_id", "") for row in rows)
        for text, count in sorted(written.items()):
            if text and text not in configs.metrics:
                shown, near = redact_code(text), suggestion(text, names)
                yield message("warning.no_metric", source=source.id, rows=count, text=shown, near=near)


def contradicted(material: Material) -> Iterator[Message]:
    """Yield totals as delivered that are not what their rows or parts add up to."""
    for one in material.held:
        if one.difference:
            yield message(
                "warning.contradicted",
                list=one.list,
                name=one.name,
                column=one.column,
                told=one.told,
                summed=one.summed,
                of=one.parts or message(f"sum_of.{one.to}"),
            )


def unpublished(material: Material) -> Iterator[Message]:
    """Yield the actions that are marked as fit for everybody and may name a person, by their numbers."""
    for name in material.configs.lists_of("done"):
        rows = (row for row in material.lists.get(name, ()) if may_name(material.configs, row))
        if found := tuple(redact_code(row.cells["id"]) for row in rows):
            yield message("warning.may_name", list=name, rows=few(found, SHOWN_ROWS))


def boxed(packs: Iterable[Pack]) -> tuple[Message, ...]:
    """Return what packs hold that no font of theirs draws, in one message if there is any."""
    found: dict[str, list[str]] = {}
    for pack in packs:
        for sign in sorted(strange(to_json(pack))):
            found.setdefault(sign, []).append(pack.name)
    if not found:
        return ()
    signs = tuple(
        message(
            "sign",
            code=f"U+{ord(sign):04X}",
            name=unicodedata.name(sign, "unnamed").lower(),
            packs=few(names, 1),
        )
        for sign, names in sorted(found.items())
    )
    return (message("warning.boxed", box=BOX, signs=signs),)


def large(pages: Mapping[str, bytes], most: int) -> Iterator[Message]:
    """Yield the web pages that are larger than ``most`` kilobytes: they are whole, and slow on a phone."""
    for name, content in sorted(pages.items()):
        kilobytes = math.ceil(len(content) / 1000)
        if kilobytes > most:
            yield message("warning.large_page", page=name, kb=kilobytes, most=most)


def known_before(materials: Mapping[str, Material]) -> Iterator[Message]:
    """Yield what audiences could work out before this run, where they were shown it."""
    for audience, material in materials.items():
        if material.known_before:
            yield message(
                "warning.known_before", audience=audience, figures=material.named(material.known_before)
            )


def coarse(materials: Mapping[str, Material]) -> Iterator[Message]:
    """Yield the metrics of which an audience sees less because they could not be protected one by one."""
    for audience, material in materials.items():
        joined, nothing = (
            ", ".join(id for id, kept in material.coarse if kept == what.value)
            for what in (Detail.HEADLINES, Detail.NOTHING)
        )
        if joined:
            yield message("warning.headlines_only", audience=audience, metrics=joined)
        if nothing:
            yield message("warning.not_shown", audience=audience, metrics=nothing)
