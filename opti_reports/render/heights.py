"""How high the blocks and rows of pages are, and how long sections will be without some of them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from weasyprint.formatting_structure.boxes import LineBox, ReplacedBox, TableRowBox

from opti_reports.model.pack import MetricTable, Pack
from opti_reports.render.fitting import Kept, Lengths, Place
from opti_reports.render.paging import boxes_of

_LINE, _AIR = 0.018, 0.016
"""A line more where something gave way, and the space between two blocks, in pages."""
_NAMES = 2
"""Names of blocks on a line that says where they are, at least."""


@dataclass(frozen=True, kw_only=True)
class Heights:
    """What stands on the pages of a pack; heights in pages as if there were one without end.

    ``begun`` is on which page each section begins and at which height, ``ends`` the height at the end of each
    page, and how much of that page is used.
    """

    pack: Pack
    begun: dict[int, tuple[int, float]] = field(default_factory=dict)
    ends: list[tuple[float, float]] = field(default_factory=list)
    blocks: dict[Place, float] = field(default_factory=dict)
    rows: dict[Place, list[float]] = field(default_factory=dict)
    tops: dict[tuple[int, float], Place] = field(default_factory=dict)
    beside: dict[Place, Place] = field(default_factory=dict)

    def known(self) -> bool:
        """Return whether all is known that may give way: a template says which block an element is of."""
        sections = enumerate(self.pack.sections)
        return all(
            (number, at) in self.blocks
            for number, section in sections
            for at, rank in enumerate(section.yields)
            if rank and not section.appendix
        )

    def lengths(self) -> Lengths:
        """Return how many pages each section takes until the next one begins.

        Where that begins a page of its own, of the last page only what is used.
        """
        found: dict[str, float] = {}
        for run, end in self._runs():
            for number, then in zip(run, [*run[1:], None], strict=True):
                start = self.begun[number][0]
                last = (
                    end - 1 - start + self.ends[end - 1][1] if then is None else self.begun[then][0] - start
                )
                found[self.pack.sections[number].id] = last
        return found

    def guessed(self, kept: Kept, more: Lengths) -> Lengths:
        """Return about how many pages each section takes when of some blocks only the first rows are kept.

        ``more`` is by how much a section is known to be longer than that.
        """
        found: dict[str, float] = {}
        for run, end in self._runs():
            first = self.begun[run[0]][0]
            places, saved, top = [0.0], 0.0, self.ends[first - 1][0] if first else 0.0
            for number, then in zip(run, [*run[1:], None], strict=True):
                stop = self.ends[end - 1][0] if then is None else self.begun[then][1]
                saved += self._saved(number, kept) - more.get(self.pack.sections[number].id, 0.0)
                places.append(stop - top - saved)
            ids = [self.pack.sections[number].id for number in run]
            for id, (start, stop) in zip(ids, pairwise(places), strict=True):
                found[id] = (stop if id == ids[-1] else math.floor(stop)) - math.floor(start)
        return found

    def _runs(self) -> Iterator[tuple[list[int], int]]:
        """Yield the sections that follow each other on pages, and the number of their last page."""
        runs: list[list[int]] = []
        for number in sorted(self.begun):
            if self.pack.sections[number].own_page or not runs:
                runs.append([])
            runs[-1].append(number)
        for run, then in zip(runs, [*runs[1:], None], strict=True):
            yield run, self.begun[then[0]][0] if then else len(self.ends)

    def _saved(self, number: int, kept: Kept) -> float:
        """Return how much shorter a section is without what is not kept of it."""
        own = {place: keep for place, keep in kept.items() if place[0] == number}
        whole = [place for place, keep in own.items() if not keep]
        saved = -_LINE * math.ceil(len(whole) / _NAMES)
        for place in whole:
            beside = self.beside.get(place)
            if beside is None or (beside in whole and beside < place):
                saved += self.blocks[place]
        for place in own.keys() - whole:
            block = self.pack.sections[number].blocks[place[1]]
            says = any(getattr(block, name, "") for name in ("more", "note"))
            line = 0.0 if isinstance(block, MetricTable) or says else _LINE
            saved += sum(self.rows[place][own[place] :]) - line
        return saved


def measured(pack: Pack, marks: Mapping[Any, tuple[str, int]], pages: Sequence[Any]) -> Heights:
    """Return the heights of what stands on pages before their margins are made.

    ``marks`` says of elements which section and block they are of.
    """
    reader = _Reader(pack, marks)
    for page in pages:
        reader.read(page)
    return reader.found


class _Reader:
    """Reads the heights of one page after another."""

    def __init__(self, pack: Pack, marks: Mapping[Any, tuple[str, int]]) -> None:
        self.found = Heights(pack=pack)
        self._numbers = {section.id: number for number, section in enumerate(pack.sections)}
        self._places = {element: (self._numbers[id], at) for element, (id, at) in marks.items()}
        self._rows = {row: place for element, place in self._places.items() for row in _rows(element)}
        self._heads, self._last = set[Any](), (-1, -1)

    def read(self, page: Any) -> None:
        """Read the outermost box of each element, and how far down anything is drawn."""
        start = self.found.ends[-1][0] if self.found.ends else 0.0
        top, first, seen, boxes = page.content_box_y(), (-1, -1), set[Any](), list[tuple[Place, Any]]()
        bottom, again, last = top, 0.0, self._last
        for box in boxes_of(page.children[0]):
            if isinstance(box, _DRAWN):
                bottom = max(bottom, box.position_y + box.height)
            if box.element in seen:
                continue
            seen.add(box.element)
            again += self._again(box)
            at = (box.position_y - top) / page.height
            if box.element in self._places:
                last = self._places[box.element]
                first = last if first == (-1, -1) else first
                boxes.append((last, box))
            elif box.element in self._rows:
                row = box.height if isinstance(box, TableRowBox) else box.margin_height()
                self.found.rows.setdefault(self._rows[box.element], []).append(row / page.height)
            elif (number := self._numbers.get(box.element.get("id"))) is not None:
                self.found.begun.setdefault(number, (len(self.found.ends), start + at))
        for place, box in boxes:
            self._block(place, box, bottom + _AIR * page.height, page.height)
        used = (bottom - top) / page.height
        joint = _AIR if first != self._last and first[0] == self._last[0] else 0.0
        self._last = last
        self.found.ends.append((start + used + joint - again / page.height, used))

    def _again(self, box: Any) -> float:
        """Return the height of a table's head that a page before has too."""
        if box.element.tag != "thead":
            return 0.0
        height: float = box.height if box.element in self._heads else 0.0
        self._heads.add(box.element)
        return height

    def _block(self, place: Place, box: Any, bottom: float, page: float) -> None:
        """Note the height of a block's element; one beside another adds none."""
        other = self.found.tops.setdefault((len(self.found.ends), box.position_y), place)
        if other != place:
            self.found.beside.update({place: other, other: place})
        high = min(box.margin_height(), bottom - box.position_y)
        self.found.blocks[place] = self.found.blocks.get(place, 0.0) + high / page


def _rows(element: Any) -> Iterator[Any]:
    """Yield the rows of a list or of a table, its head left out."""
    yield from element.iter("li")
    for body in element.iter("tbody"):
        yield from body.iter("tr")


_DRAWN = (LineBox, ReplacedBox, TableRowBox)
