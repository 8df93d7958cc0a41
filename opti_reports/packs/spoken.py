"""In which language words are that somebody wrote: the pack's are translated, theirs are not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from opti_reports.model.report import ListRow
from opti_reports.packs.scene import Scene

Marks = tuple[tuple[int, int, str], ...]
"""Row, column and language of cells, as ``Table.languages`` has them."""
ROLE = "owner_role"
WRITTEN = ("title", ROLE)
"""Columns of the action register with words in the language of the workspace, its first one."""


def role(scene: Scene, written: str) -> str:
    """Return a role that somebody wrote in the pack's language, as it was written where no label knows it."""
    plain = " ".join(written.casefold().split())
    called = scene.wording.label(ROLE, plain)
    return written if called == plain else called


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
    known = {name for key, name in scene.wording.phrases.items() if key.startswith(f"code.{ROLE}.")}
    texts = ((row, at, columns[at], cells[at]) for row, cells in enumerate(rows) for at in places)
    written = {(row, at) for row, at, column, text in texts if column != ROLE or text not in known} | {*also}
    return tuple((row, at, own) for row, at in sorted(written))


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
