"""Counts as somebody else delivered them: never corrected, and summed only beside what was delivered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from opti_reports.config import block as kinds
from opti_reports.config.source import Column as Asked
from opti_reports.config.source import RowList
from opti_reports.language import formats
from opti_reports.model.delivered import Held, number
from opti_reports.model.pack import Column, Notice, Table
from opti_reports.model.report import ListRow
from opti_reports.packs import cells, rows
from opti_reports.packs.scene import Scene

NUMBERS = ("integer", "decimal", "eur")
WRITTEN = ("label", "title", "quote")
"""Types of columns whose texts are in the language of the workspace, its first one."""


def as_delivered(
    scene: Scene, spec: RowList, title: str, given: Sequence[ListRow], limit: int
) -> Iterator[Table | Notice]:
    """Yield the rows as they are; of totals below each what its rows add up to, and in words what differs."""
    columns = _columns(scene, spec)
    every = scene.material.lists[spec.id]
    shown = [row for row in given if any(row.cells.values())][:limit]
    body: list[tuple[str, ...]] = []
    for row in shown:
        written = [_cell(scene, name, column, row.cells.get(name, "")) for name, column in columns.items()]
        own = [one for one in scene.material.held if one.list == spec.id and every[one.row] is row]
        if spec.totals:
            written[0] = scene.say("delivered.told", name=written[0])
        body.append((*written, *_beside(scene, spec, row)))
        body += _sums(scene, spec, own)
    heads = [Column(rows.heading(scene, name), _numeric(column)) for name, column in columns.items()]
    heads += [Column(rows.heading(scene, spec.beside.of), True)] if spec.beside else []
    held = [one for one in scene.material.held if one.list == spec.id and every[one.row] in shown]
    notes = [cells.rows_left(scene, len(given) - len(shown)), *_parts(scene, held)]
    yield Table(
        caption=title,
        columns=tuple(heads),
        rows=tuple(body),
        empty="",
        note=" ".join(note for note in notes if note),
        languages=_languages(scene, columns, len(body)),
    )
    yield from _contradictions(scene, [one for one in held if one.to != "parts"])


def _columns(scene: Scene, spec: RowList) -> dict[str, Asked | None]:
    """Return the list's columns with what is declared of them; None of what is worked out."""
    source = next(one for one in scene.configs.sources.values() if spec in one.list)
    return {name: source.column.get(text) for name, text in spec.columns.items()}


def _numeric(column: Asked | None) -> bool:
    return column is not None and column.type in NUMBERS


def _cell(scene: Scene, name: str, column: Asked | None, text: str) -> str:
    """Return a cell: a number as it was delivered; of none, whether it was not asked or not given."""
    if not _numeric(column):
        return rows.cell(scene, name, text) if text else cells.DASH
    if not text:
        asked = column is None or column.blank != "not_asked"
        return scene.say("state.not_given" if asked else "state.not_asked")
    whole = number(text)
    return rows.cell(scene, name, text) if whole is None else cells.count(scene, whole)


def _beside(scene: Scene, spec: RowList, row: ListRow) -> tuple[str, ...]:
    """Return how many rows of another list belong to a row; nothing where none is asked for."""
    if spec.beside is None:
        return ()
    by, others = spec.beside.by, scene.material.lists.get(spec.beside.of, ())
    found = sum(one.cells.get(by) == row.cells.get(by) for one in others)
    return (cells.count(scene, found) if found else scene.say("state.not_given"),)


def _sums(scene: Scene, spec: RowList, own: Sequence[Held]) -> Iterator[tuple[str, ...]]:
    """Yield a row a kind of sum: of the totals a whole is made of, of the rows."""
    for to in ("totals", "rows"):
        found = {one.column: one for one in own if one.to == to}
        if found:
            label = _named(scene, spec, next(iter(found.values())).name)
            sums = [
                cells.count(scene, found[name].summed) if name in found else cells.DASH
                for name in list(spec.columns)[1:]
            ]
            yield scene.say(f"delivered.{to}", name=label), *sums, *([cells.DASH] if spec.beside else [])


def _named(scene: Scene, spec: RowList, text: str) -> str:
    """Return what a row is called: by its first column."""
    return rows.cell(scene, next(iter(spec.columns)), text)


def _contradictions(scene: Scene, held: Sequence[Held]) -> Iterator[Notice]:
    """Yield a notice a total that is not what it should be, and that the others are."""
    differing = [one for one in held if one.difference]
    yield from (Notice("warn", _said(scene, one)) for one in differing)
    if len(differing) < len(held):
        yield Notice("right", scene.say("delivered.same_rest" if differing else "delivered.same"))


def _parts(scene: Scene, held: Sequence[Held]) -> Iterator[str]:
    return (_said(scene, one) for one in held if one.to == "parts" and one.difference)


def _said(scene: Scene, one: Held) -> str:
    spec = scene.configs.lists[one.list]
    names = [rows.heading(scene, part) for part in one.parts]
    said = scene.say(
        f"delivered.{one.to}_{'less' if one.difference > 0 else 'more'}",
        name=_named(scene, spec, one.name),
        column=formats.small(rows.heading(scene, one.column)),
        told=cells.count(scene, one.told),
        summed=cells.count(scene, one.summed),
        difference=cells.count(scene, abs(one.difference)),
        parts=", ".join(map(formats.small, names)),
    )
    unread = scene.say("delivered.unread", count=one.unread) if one.unread else ""
    return f"{said} {unread}".strip()


def _languages(scene: Scene, columns: dict[str, Asked | None], size: int) -> tuple[tuple[int, int, str], ...]:
    """Return the language of what was written, where the pack is in another."""
    own = next(iter(scene.configs.wordings))
    written = [at for at, column in enumerate(columns.values()) if column and column.type in WRITTEN]
    return tuple((row, at, own) for row in range(size) for at in written) if own != scene.language else ()


def crossed(scene: Scene, block: kinds.Crossed) -> Iterator[Table]:
    """Yield a row for each text of one column, and in it whether a row has it with each text of another."""
    given = [row for row in scene.material.lists.get(block.list, ()) if row.org in scene.below]
    found = Counter((row.cells.get(block.rows, ""), row.cells.get(block.columns, "")) for row in given)
    if not found:
        return
    names, heads = (list(dict.fromkeys(pair[at] for pair in found)) for at in (0, 1))
    yes = scene.say("state.yes")
    body = [
        (rows.cell(scene, block.rows, name), *(yes if found[name, head] else cells.DASH for head in heads))
        for name in names[: block.limit]
    ]
    totals = [cells.count(scene, sum(bool(found[name, head]) for name in names)) for head in heads]
    columns = _columns(scene, scene.configs.lists[block.list])
    own, asked = next(iter(scene.configs.wordings)), columns[block.rows]
    spoken = own != scene.language and asked is not None and asked.type in WRITTEN
    yield Table(
        caption=scene.titled(block, scene.say("block.list")),
        columns=(
            Column(rows.heading(scene, block.rows)),
            *(Column(rows.cell(scene, block.columns, head)) for head in heads),
        ),
        rows=(*body, (scene.say("column.total"), *totals)),
        empty="",
        note=cells.rows_left(scene, len(names) - len(body)),
        languages=tuple((at, 0, own) for at in range(len(body))) if spoken else (),
    )
