"""Figures by their place in a document: its law line, cards, rows and charts, counted as they are read."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opti_reports.errors import UsageError
from opti_reports.explain.question import Question
from opti_reports.messages.spelling import suggestion
from opti_reports.periods.months import month_text
from opti_reports.workspace import Workspace

KINDS = {
    "law": ("laki", "lag"),
    "card": ("kortti", "kort"),
    "row": ("rivi", "rad"),
    "chart": ("kuvio", "diagram"),
}
"""What a figure is shown as, with its words in other languages."""
_KIND = {word: kind for kind, words in KINDS.items() for word in (kind, *words)}
_PLACE = re.compile(
    rf"(?P<file>.+?\.(?:pdf|pptx|html))(?:,?\s*(?:page|sivu|sida)\s*(?P<page>\d+))?"
    rf"(?:,?\s*(?P<kind>{'|'.join(_KIND)})\s*(?P<number>\d+))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A figure of a document: on which page (of those that begin anew), which of its kind, what it says."""

    page: int
    kind: str
    number: int
    says: str
    question: Question


def is_place(text: str) -> bool:
    """Return whether a text names a document rather than a metric."""
    return _PLACE.fullmatch(text.strip()) is not None


def placed(workspace: Workspace, text: str, month: int) -> tuple[Placed, ...]:
    """Return the figures at a place like ``lohja.fi.pdf, page 1, card 2``; of a document alone all it has.

    Raises UsageError for a document that the month's run has not made, and where there is no such figure.
    """
    asked = _PLACE.fullmatch(text.strip())
    if asked is None:
        raise UsageError("place.shape", text)
    content = _content(workspace, asked["file"], month).read_text(encoding="utf-8")
    found = list(_figures(json.loads(content), month))
    page, kind = asked["page"], _KIND.get((asked["kind"] or "").casefold())
    on_page = [one for one in found if page is None or one.page == int(page)]
    if kind is None:
        chosen = on_page
    else:
        wanted = [one for one in on_page if one.kind == kind]
        chosen = wanted[int(asked["number"]) - 1 : int(asked["number"])] if int(asked["number"]) else []
    if not chosen:
        raise UsageError("place.none", text, file=asked["file"], month=month_text(month))
    return tuple(chosen)


def _content(workspace: Workspace, file: str, month: int) -> Path:
    """Return what a document says, from beside it."""
    packs = workspace.output / month_text(month) / "packs"
    there = {
        path.relative_to(packs).with_suffix("").as_posix(): path for path in sorted(packs.rglob("*.json"))
    }
    name = Path(file.strip()).with_suffix("").as_posix()
    found = [
        path
        for known, path in there.items()
        if f"/{name}".endswith(f"/{known}") or known.endswith(f"/{name}")
    ]
    if len(found) > 1:
        names = tuple(path.relative_to(packs).with_suffix("").as_posix() for path in found)
        raise UsageError("place.several", file, names=names)
    if not found:
        near = suggestion(name, [Path(known).name for known in there])
        raise UsageError("place.no_document", file, month=month_text(month), near=near)
    return found[0]


def _figures(said: dict[str, Any], month: int) -> Iterator[Placed]:
    page, counted = 0, Counter[tuple[int, str]]()
    for section in said["sections"]:
        page += page == 0 or section["own_page"]
        for block in section["blocks"]:
            for kind, says, figure in _of_block(block):
                counted[page, kind] += 1
                metric, org, window, period = figure.split(",")
                question = Question(metric=metric, org=org, month=month, window=window, period=period)
                yield Placed(page=page, kind=kind, number=counted[page, kind], says=says, question=question)


def _of_block(block: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield kind, text and row of values.csv of each figure a block shows."""
    match block["kind"]:
        case "law":
            found = [("law", f"{one['label']} {one['cases']}", one) for one in block["items"]]
        case "cards" | "agenda":
            found = [("card", one["message"], one) for one in block["items"]]
        case "metric_table":
            found = [("row", f"{one['name']} {one['cells'][0]}", one) for one in block["rows"]]
        case "trend":
            found = [("chart", block["title"], block)]
        case _:
            found = []
    yield from ((kind, says, one["figure"]) for kind, says, one in found if one.get("figure"))
