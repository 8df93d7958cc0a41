"""The first matter that each pack of a release opens with."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from opti_reports.model.card import Agenda, Cards
from opti_reports.model.release import ReleasedPack


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
