"""In which language words are that somebody wrote: the pack's are translated, theirs are not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from opti_reports.model.report import ListRow
from opti_reports.packs.scene import Scene

Marks = tuple[tuple[int, int, str], ...]
"""Row, column and language of cells, as ``Table.languages`` has them."""
WRITTEN = ("title", "owner_role")
"""Columns of the action register with words in the language of the workspace, its first one."""


def in_registers(
    scene: Scene, columns: Sequence[str], rows: int, also: Iterable[tuple[int, int]] = ()
) -> Marks:
    """Return the cells of an action register that were written, where the pack is in another language.

    ``also``: row and column of further ones.
    """
    own = next(iter(scene.configs.wordings))
    if own == scene.language:
        return ()
    places = [at for at, column in enumerate(columns) if column in WRITTEN]
    written = {(row, at) for row in range(rows) for at in places} | {*also}
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
