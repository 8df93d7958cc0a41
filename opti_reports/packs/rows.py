"""Rows as delivered in the reader's language: what columns are called and what stands in the cells."""

from __future__ import annotations

import datetime as dt
import re

from opti_reports.language import formats
from opti_reports.model.report import UNKNOWN_CELL
from opti_reports.packs import cells
from opti_reports.packs.scene import Scene

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def is_date(text: str) -> bool:
    """Return whether a cell holds a day."""
    return bool(_DATE.fullmatch(text))


def heading(scene: Scene, column: str) -> str:
    """Return what a column of a list is called."""
    item = f"item.{column}"
    return scene.say(item if item in scene.wording.phrases else f"column.{column}")


def undone(scene: Scene, column: str) -> str:
    """Return the same as what is still to be done, where the labels give such a name."""
    task = f"item_undone.{column}"
    return scene.say(task) if task in scene.wording.phrases else heading(scene, column)


def short_heading(scene: Scene, column: str) -> str:
    """Return what a column with little room is called: by its short name where the labels give one."""
    short = f"item_short.{column}"
    return scene.say(short) if short in scene.wording.phrases else heading(scene, column)


def cell(scene: Scene, column: str, text: str) -> str:
    """Return a cell in the reader's language: dates and codes written out, what is empty said in words."""
    if not text:
        coded = any(phrase.startswith(f"code.{column}.") for phrase in scene.wording.phrases)
        return scene.say("state.not_recorded") if coded else cells.DASH
    if text == UNKNOWN_CELL:
        return scene.say("state.unreadable")
    if is_date(text):
        return formats.date(dt.date.fromisoformat(text), scene.wording)
    if text in ("true", "false"):
        return scene.say("state.yes" if text == "true" else "state.no")
    return scene.wording.label(column, text)
