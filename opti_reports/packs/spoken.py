"""In which language words are that somebody wrote: the pack's are translated, theirs are not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from opti_reports.language import formats
from opti_reports.model.report import ListRow
from opti_reports.packs import offers
from opti_reports.packs.scene import Scene

Marks = tuple[tuple[int, int, str], ...]
"""Row, column and language of cells, as ``Table.languages`` has them."""
ROLE = "owner_role"
WRITTEN = ("title", ROLE)
"""Columns of the action register with words in the language of the workspace, its first one."""


def role(scene: Scene, written: str) -> str:
    """Return a role that somebody wrote as it begins a cell or a line, in the pack's language; as it was
    written where no label knows it.
    """
    return formats.capital(_called(scene, written)) or written


def role_within(scene: Scene, written: str) -> str:
    """Return the same as it stands within a sentence."""
    return _called(scene, written) or written


def _called(scene: Scene, written: str) -> str:
    """Return what a role is called in the pack's language; empty where no label knows it."""
    plain = " ".join(written.casefold().split())
    return scene.wording.phrases.get(scene.configs.role_phrases.get(plain, ""), "")


def title(scene: Scene, row: ListRow) -> str:
    """Return what an action is called: as it was written, or in the pack's language where it was offered
    against a barrier of its metric.
    """
    written = row.cells.get("title", "")
    return formats.capital(offers.in_words(scene, row.cells.get("metric_id", ""), written)) or written


def in_registers(
    scene: Scene,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    also: Iterable[tuple[int, int]] = (),
) -> Marks:
    """Return the cells of an action register that were written, where the pack is in another language.

    Roles are those that have no label in it. ``also``: row and column of further ones.
    """
    own = next(iter(scene.configs.wordings))
    if own == scene.language:
        return ()
    places = [at for at, column in enumerate(columns) if column in WRITTEN]
    known = _known(scene)
    texts = ((row, at, cells[at]) for row, cells in enumerate(rows) for at in places)
    written = {(row, at) for row, at, text in texts if not known & {text, text.rpartition(" (")[0]}} | {*also}
    return tuple((row, at, own) for row, at in sorted(written))


def _known(scene: Scene) -> set[str]:
    """Return what cells hold in the pack's language: roles with a label, and what was offered."""
    roles = (name for key, name in scene.wording.phrases.items() if key.startswith(f"code.{ROLE}."))
    barriers = (one for metric in scene.configs.metrics.values() for one in metric.barrier)
    return set(map(formats.capital, (*roles, *(scene.wording.of(one.action) for one in barriers))))


def in_quotes(scene: Scene, rows: Iterable[ListRow], column: int, first: int = 0) -> Marks:
    """Return the cells of clients' words, in ``column`` from row ``first`` on: each in the language it came
    in.
    """
    said = [row.cells.get("language", "") for row in rows]
    return tuple(
        (at, column, language)
        for at, language in enumerate(said, start=first)
        if language in scene.configs.wordings and language != scene.language
    )
