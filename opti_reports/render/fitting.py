"""A pack as long as it is planned: what is least needed gives way to the appendix, row by row or whole."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import partial

from opti_reports.model.card import Agenda, Cards, Law, Remarks
from opti_reports.model.pack import Block, MetricTable, Pack, Section, Table, Text

Lengths = Mapping[str, float]
"""Pages or slides of each section before the appendix, by its id; of the last page perhaps a part."""
Place = tuple[int, int]
"""A block: which section, and which block of it."""
Kept = Mapping[Place, int]
"""How many rows are kept of each block that gave way."""
Rows = Remarks | Table | MetricTable
_NAMED = 3
_STEP = 0.03
"""How much longer a section is taken to be at once that is longer than guessed, in pages: a row or two."""


def fitted(
    pack: Pack,
    most: int | None,
    measure: Callable[[Pack], Lengths],
    guess: Callable[[Kept, Lengths], Lengths] | None = None,
) -> Pack:
    """Return the pack, blocks that yield in its appendix as far as its length asks for.

    A block loses its last rows first, and goes whole where that is not enough. One of a page or slide that is
    not too long itself goes only where that helps, alone or with others. A pack that stays too long even so
    is the rules' matter.

    Where measuring takes long, ``guess`` tells about how long sections will be, of what is kept and of how
    much longer they are known to be: only what comes out of it is measured.
    """
    if most is None or not any(section.appendix for section in pack.sections):
        return pack
    if guess is None:
        return _applied(pack, _searched(pack, most, lambda kept: measure(_applied(pack, kept))))
    best, kept, more, lengths = pack, dict[Place, int](), dict[str, float](), measure(pack)
    while _total(lengths) > most:
        more = _more(pack, more, lengths, guess(kept, more))
        found = _searched(pack, most, partial(_guessed, guess, more))
        if found == kept and _total(guess(kept, more)) > most:
            break
        kept, best = found, _applied(pack, found)
        lengths = measure(best)
    return best


def _guessed(guess: Callable[[Kept, Lengths], Lengths], more: Lengths, kept: Kept) -> Lengths:
    return guess(kept, more)


def _more(pack: Pack, more: Lengths, lengths: Lengths, guessed: Lengths) -> dict[str, float]:
    """Return by how much sections are longer than guessed, where they turned out to take other pages.

    Of those that follow each other on pages the last one is: where between them a page ends tells nothing.
    """
    runs: list[list[str]] = []
    for section in pack.sections:
        if section.id in lengths:
            if section.own_page or not runs:
                runs.append([])
            runs[-1].append(section.id)
    found = dict(more)
    for run in runs:
        length, guess = (sum(told[id] for id in run) for told in (lengths, guessed))
        pages = math.ceil(guess)
        if math.ceil(length) != pages:
            found[run[-1]] = more.get(run[-1], 0.0) + min(length, pages + _STEP) - guess
    return found


def _searched(pack: Pack, most: int, lengths_of: Callable[[Kept], Lengths]) -> dict[Place, int]:
    """Return how many rows are kept of what gives way, so that as much stays as can."""
    kept, tried, lengths = dict[Place, int](), set[Place](), lengths_of({})
    while _total(lengths) > most and (place := _next(pack, lengths, tried)):
        before, least, rows = _total(lengths), 0, kept.get(place, _rows(pack, place))
        found = lengths_of({**kept, place: 0})
        helps = _total(found) < before
        if not helps and math.ceil(lengths[pack.sections[place[0]].id]) < 2:
            tried.add(place)
            continue
        guess = rows - _over(lengths, found, rows)
        while helps and rows - least > 1:
            middle = guess if least < guess < rows else (least + rows) // 2
            if _total(shorter := lengths_of({**kept, place: middle})) < before:
                least, found, guess = middle, shorter, middle + 1
            else:
                rows, guess = middle, middle - 1
        kept[place], lengths = least, found
        tried |= set() if least else {place}
    return _together(pack, most, lengths_of, kept) if _total(lengths) > most else kept


def _together(
    pack: Pack, most: int, lengths_of: Callable[[Kept], Lengths], kept: dict[Place, int]
) -> dict[Place, int]:
    """Return the same with blocks that help only when several of them go: the least needed ones that do."""
    ranked = sorted(
        (rank, -number, -at)
        for number, section in enumerate(pack.sections)
        for at, rank in enumerate(section.yields)
        if rank and not section.appendix and kept.get((number, at)) != 0
    )
    gone: list[Place] = []
    for _, number, at in ranked:
        gone.append((-number, -at))
        if _total(lengths_of(kept | dict.fromkeys(gone, 0))) <= most:
            break
    else:
        return kept
    for place in gone[-2::-1]:
        fewer = [one for one in gone if one != place]
        if _total(lengths_of(kept | dict.fromkeys(fewer, 0))) <= most:
            gone = fewer
    return kept | dict.fromkeys(gone, 0)


def _total(lengths: Lengths) -> int:
    return sum(map(math.ceil, lengths.values()))


def _over(lengths: Lengths, without: Lengths, rows: int) -> int:
    """Return about how many of the rows of a block do not fit, as long as each is as high as the others."""
    for id, length in lengths.items():
        more = length - without.get(id, 0)
        if more > 0 and math.ceil(without.get(id, 0)) < math.ceil(length):
            return math.ceil(rows * (length - math.ceil(length) + 1) / more)
    return 0


def _next(pack: Pack, lengths: Lengths, tried: Collection[Place]) -> Place | None:
    """Return the block that gives way next: of sections longer than a page or slide, else of any."""
    places = [
        (math.ceil(lengths[section.id]) < 2, rank, -at, number)
        for number, section in enumerate(pack.sections)
        for at, rank in enumerate(section.yields)
        if rank and not section.appendix and section.id in lengths and (number, at) not in tried
    ]
    if not places:
        return None
    _, _, at, number = min(places)
    return number, -at


def _rows(pack: Pack, place: Place) -> int:
    """Return how many rows a block can lose one by one; a table that is shaded stays whole."""
    block = pack.sections[place[0]].blocks[place[1]]
    if isinstance(block, Table) and (block.shades or block.blank_rows):
        return 0
    if isinstance(block, Remarks):
        return len(block.items)
    return len(block.rows) if isinstance(block, Table | MetricTable) else 0


def _applied(pack: Pack, kept: Kept) -> Pack:
    """Return the pack with what gave way at the beginning of its appendix; the same where nothing did."""
    if not kept:
        return pack
    moved: list[Block] = []
    sections = [_without(pack, number, kept, moved) for number in range(len(pack.sections))]
    first = next(number for number, section in enumerate(sections) if section.appendix)
    aside = sections[first]
    sections[first] = replace(aside, blocks=(*moved, *aside.blocks), yields=())
    return replace(pack, sections=tuple(sections))


def _without(pack: Pack, number: int, kept: Kept, moved: list[Block]) -> Section:
    """Return a section without what gave way, which is added to ``moved``, and with a line that says where
    it is.
    """
    section, blocks, gone = pack.sections[number], list[Block](), list[str]()
    for at, block in enumerate(section.blocks):
        keep = kept.get((number, at))
        if keep is None:
            blocks.append(block)
        elif keep and isinstance(block, Remarks | Table | MetricTable):
            front, rest = _parted(block, keep, pack.words["more_in_appendix"])
            blocks.append(front)
            moved.append(rest)
        else:
            gone.append(_called(block))
            moved.append(block)
    if gone:
        blocks.append(Text((f"{pack.words['in_appendix']}: {'; '.join(gone)}.",)))
    return replace(section, blocks=tuple(blocks), yields=())


def _parted(block: Rows, keep: int, more: str) -> tuple[Block, Block]:
    """Return the first rows, with how many more there are, and the others."""
    if isinstance(block, Remarks):
        said = f"{more}: {len(block.items) - keep}."
        front = replace(block, items=block.items[:keep], more=f"{said} {block.more}".strip())
        return front, replace(block, items=block.items[keep:], more="")
    said = f"{more}: {len(block.rows) - keep}."
    if isinstance(block, MetricTable):
        caption = block.caption or said
        return replace(block, rows=block.rows[:keep]), replace(block, rows=block.rows[keep:], caption=caption)
    front_table = _some(block, 0, keep)
    return replace(front_table, note=f"{said} {block.note}".strip()), _some(block, keep, len(block.rows))


def _some(block: Table, start: int, end: int) -> Table:
    """Return rows of a table with what marks their cells; without a note."""
    tones = tuple((row - start, column, tone) for row, column, tone in block.tones if start <= row < end)
    spoken = tuple((row - start, column, said) for row, column, said in block.languages if start <= row < end)
    return replace(block, rows=block.rows[start:end], note="", tones=tones, languages=spoken)


def _called(block: Block) -> str:
    """Return what a block is called where it no longer stands."""
    if isinstance(block, MetricTable) and not block.caption:
        return ", ".join(row.name for row in block.rows[:_NAMED])
    if isinstance(block, Law | Cards | Agenda | Remarks | Table | MetricTable):
        return block.caption
    return str(getattr(block, "title", "") or getattr(block, "caption", ""))
