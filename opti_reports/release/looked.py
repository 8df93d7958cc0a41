"""What a release shows first: what the run doubted, and the matter each pack opens with."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from opti_reports.messages.message import Message, message
from opti_reports.model.card import Agenda, Cards
from opti_reports.model.release import ReleasedPack
from opti_reports.model.report import ONLY_SAID


def doubts(note: Mapping[str, Any]) -> Iterator[Message]:
    """Yield what the run doubted of its extracts."""
    for source in note["sources"]:
        for doubt in source.get("doubts", ()):
            said, units = doubt["why"], tuple(doubt["units"])
            if doubt["kind"] in ONLY_SAID:
                yield message("release.less", source=source["source"], why=said, units=units)
            else:
                yield message("release.doubt", source=source["source"], why=said, units=units)


def first_matters(folder: Path, packs: Iterable[ReleasedPack]) -> Iterator[tuple[str, str]]:
    """Yield each document with the message of its first card, or what it says where nothing is to be decided.

    ``folder`` is the run's; a pack without content beside it has none.
    """
    for pack in packs:
        content = (folder / pack.file).with_suffix(".json")
        if content.is_file():
            yield pack.file, _first(json.loads(content.read_text(encoding="utf-8")))


def _first(said: dict[str, Any]) -> str:
    blocks = (block for section in said["sections"] for block in section["blocks"])
    cards = (block["items"] for block in blocks if block["kind"] in (Cards.kind, Agenda.kind))
    return str(next((items[0]["message"] for items in cards if items), said["message"]))
