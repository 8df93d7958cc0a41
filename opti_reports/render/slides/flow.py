"""From sections to slides: what shares a slide, what is split, and what each slide is called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from opti_reports.render.slides import share
from opti_reports.render.slides.agenda import Agenda, aside_width, paired, within
from opti_reports.render.slides.beside import gathered
from opti_reports.render.slides.grid import Grid, breaks_words, note_height, split, whole_height
from opti_reports.render.slides.markup import CHARTS, Element, text_of, with_blank
from opti_reports.render.slides.parts import GAP, Part, Words, breaks, grids_of, read_part, stack_height
from opti_reports.render.slides.titles import named

BODY = (18.0, 17.0, 16.0, 15.0, 14.0)
"""Sizes of table text that a room reads, points: the first, unless it cuts a word or the deck is too long."""
APPENDIX = (14.0, 13.0, 12.0, 11.0, 10.5)
"""Sizes for what is looked up afterwards."""
_MANY, _CUT = 8, 2
"""Which of the sizes a table is cut in, if not of more columns than this: then in the smallest."""
MOST_NAMED = 12
"""So many tables and charts are named before an appendix."""


@dataclass(frozen=True)
class Room:
    """Width and height of the area a layout gives to its content, points."""

    width: float
    height: float
    sizes: tuple[float, ...] = BODY
    """Sizes of table text that may stand in it, the largest first."""
    lettering: share.Lettering = share.ROOM
    """The sizes of words in its charts."""
    firm: bool = False
    """Whether what is too high in the first size is cut, or goes on, rather than made smaller."""


@dataclass(frozen=True, kw_only=True)
class Slide:
    """One slide: its layout by name, title, section, what stands on it, and the notes below it."""

    layout: str
    title: str
    section: str
    parts: tuple[Part, ...] = ()
    charts: tuple[Element, ...] = ()
    aside: Agenda | None = None
    """What there is to decide, beside its only chart."""
    notes: tuple[str, ...] = ()
    """The definitions of its section's metrics."""
    points: tuple[str, ...] = ()
    """What may be said of it."""
    source: tuple[Element, ...] = ()
    """The blocks that stand on it whole."""
    lettering: share.Lettering = share.ROOM

    @property
    def grids(self) -> tuple[Grid, ...]:
        """Return the tables of the slide."""
        return tuple(grid for part in self.parts for grid in grids_of(part))


def flow(deck: Element, rooms: dict[str, Room]) -> tuple[Slide, ...]:
    """Return the slides of a deck. ``rooms``: the content area of each layout by its name.

    Titles are unique.
    """
    slides = [slide for section in deck for slide in _section(section, rooms)]
    return _numbered(slides)


def _section(section: Element, rooms: dict[str, Room]) -> list[Slide]:
    title = section.get("title", "")
    notes = tuple(f"{item.get('name')}: {text_of(item)}" for item in section.findall("definition"))
    aside = section.get("appendix") == "yes"
    room = rooms["Taulukko"]
    room = replace(room, sizes=APPENDIX, lettering=share.ASIDE, firm=False) if aside else room
    every = [block for block in section if block.tag != "definition"]
    blocks = _side_by_side(every, room)
    made = [_divider(every, title)] if aside else []
    if section.get("opening") == "yes":
        first, blocks = _opening(blocks, title, rooms["Tilanne"])
        made.append(first)
    for kind, run in groupby(paired(blocks, room.width, room.height, room.sizes), key=_kind):
        alike = list(run)
        if kind == "topic":
            made.extend(_topic(block, title, room) for block in alike)
            continue
        if kind == "words":
            made.extend(_joined(_stacks(alike, title, room), room))
            continue
        groups = share.together(alike, room.lettering.most)
        if made and (both := _below(made[-1], groups[0], room)):
            made[-1], groups = both, groups[1:]
        made.extend(_chart_slide(group, title) for group in groups)
    return [
        replace(
            slide,
            title=section.get("message") or slide.title,
            notes=notes,
            points=_points(slide),
            lettering=room.lettering,
        )
        for slide in made
    ]


def _kind(block: Element) -> str:
    return "charts" if block.tag in CHARTS else "topic" if block.tag == "topic" else "words"


def _topic(block: Element, title: str, room: Room) -> Slide:
    """Return a chart with what there is to decide beside it."""
    chart, agenda = block
    aside = within(agenda, aside_width(room.width), room.height, room.sizes)
    return Slide(
        layout="Taulukko", title=title, section=title, charts=(chart,), aside=aside, source=(agenda,)
    )


def _divider(blocks: Iterable[Element], title: str) -> Slide:
    """Return the slide after which nothing is shown unless somebody asks: what can be looked up there."""
    captions = dict.fromkeys(block.get("caption") or block.get("title") or "" for block in blocks)
    words = tuple(Words(text, "") for text in captions if text)
    return Slide(layout="Teksti", title=title, section=title, parts=words[:MOST_NAMED])


def _side_by_side(blocks: list[Element], room: Room) -> list[Element]:
    """Return the blocks, narrow tables beside each other where a slide holds them."""
    made: list[Element] = []
    for block in gathered(blocks):
        whole = block.tag != "beside" or _fit([block], room, captioned=True)
        made.extend([block] if whole else list(block))
    return made


def _points(slide: Slide) -> tuple[str, ...]:
    """Return what may be said of what stands on a slide; of a table that is cut on its first slide only."""
    return tuple(text_of(point) for block in (*slide.source, *slide.charts) for point in block.iter("point"))


def _opening(blocks: list[Element], title: str, room: Room) -> tuple[Slide, list[Element]]:
    """Return the first slide, with as many of the section's first blocks as fit on it, and the blocks left
    over. Its text becomes smaller before anything leaves it: it is read at a glance.
    """
    count, parts, room = 0, None, replace(room, firm=False)
    while count < len(blocks) and blocks[count].tag not in CHARTS:
        longer = _fit(blocks[: count + 1], room, captioned=True)
        if longer is None and not count:  # a first slide without anything would be worse than small text
            longer = _fit(blocks[:1], replace(room, sizes=APPENDIX), captioned=True)
        if longer is None:
            break
        count, parts = count + 1, longer
    return Slide(
        layout="Tilanne", title=title, section=title, parts=parts or (), source=tuple(blocks[:count])
    ), blocks[count:]


def _fit(blocks: Sequence[Element], room: Room, captioned: bool) -> tuple[Part, ...] | None:
    """Return the blocks one below the other in the largest size at which all fit, None where they fit in
    none.

    A size at which a word would be cut is taken only where the smallest would cut one too. A firm room has no
    smaller text for what is too high, except for a table to be filled in: it is one form.
    """
    firm = room.firm and not any(block.get("mark") for block in blocks)
    fitting: tuple[Part, ...] | None = None
    for size in room.sizes:
        parts = tuple(read_part(block, room.width, size, captioned) for block in blocks)
        if stack_height(parts, room.width) > room.height:
            if firm:
                break
            continue
        if not breaks(parts):
            return parts
        fitting = fitting or parts
    return fitting


def _below(slide: Slide, charts: list[Element], room: Room) -> Slide | None:
    """Return the slide with charts below its tables, in smaller text if need be; None where
    they do not fit.
    """
    left = room.height - share.needed(charts, room.lettering) - GAP
    if (
        slide.layout != "Taulukko"
        or slide.charts
        or not slide.source
        or any(grid.blank for grid in slide.grids)
    ):
        return None
    captioned = len(slide.source) > 1
    parts = _fit(slide.source, replace(room, height=left), captioned)
    return replace(slide, parts=parts, charts=tuple(charts)) if parts else None


def _chart_slide(charts: list[Element], title: str) -> Slide:
    """Return charts by themselves: one or two alike in the layouts for them, others beside each other."""
    layout = {1: "Kaavio", 2: "Kaaviot"}.get(len(charts), "Taulukko")
    if len(charts) > 1 and any(share.columns(chart) > 1 for chart in charts):
        layout = "Taulukko"
    return Slide(layout=layout, title=title, section=title, charts=tuple(charts))


def _stacks(blocks: list[Element], title: str, room: Room) -> Iterator[Slide]:
    """Yield tables and words, as many on a slide as fit; a table that fits on none is cut."""
    held: list[Element] = []
    for block in blocks:
        below = _left_open(held, block, room)
        if _fit([*held, below], room, captioned=True) is not None:
            held.append(below)
            continue
        if held:
            yield _stacked(held, title, room)
        alone = _left_open([], block, room)
        held = [alone] if _fit([alone], room, captioned=False) is not None else []
        if not held and block.tag != "table":
            yield _stacked([alone], title, room)
        elif not held:
            yield from _cut(alone, title, room)
    if held:
        yield _stacked(held, title, room)


def _left_open(above: list[Element], block: Element, room: Room) -> Element:
    """Return a table with fewer rows left open where it then fits on a slide, below others, else as it was.

    Rows left open go before text becomes smaller.
    """
    fewer = [with_blank(block, blank) for blank in range(int(block.get("blank", "0")), 0, -1)]
    captioned = bool(above)
    for size in room.sizes if fewer else ():
        for one in fewer:
            parts = _fit([*above, one], replace(room, sizes=(size,)), captioned)
            if parts is not None and not breaks(parts):
                return one
    return next((one for one in fewer if _fit([*above, one], room, captioned) is not None), block)


def _joined(slides: Iterable[Slide], room: Room) -> Iterator[Slide]:
    """Yield the same slides, words that would stand alone put below the table before them where they fit."""
    waiting: Slide | None = None
    for slide in slides:
        if waiting is not None:
            both = (*waiting.parts, *slide.parts)
            if slide.layout == "Teksti" and stack_height(both, room.width) <= room.height:
                waiting = replace(waiting, parts=both)
                continue
            yield waiting
        waiting = slide
    if waiting is not None:
        yield waiting


def _stacked(blocks: list[Element], title: str, room: Room) -> Slide:
    least = room.sizes[-1]  # words too high even so are rather seen than lost
    parts = _fit(blocks, room, captioned=len(blocks) > 1) or tuple(
        read_part(block, room.width, least, captioned=True) for block in blocks
    )
    if all(isinstance(part, Words) for part in parts):
        return Slide(layout="Teksti", title=title, section=title, parts=parts)
    return Slide(
        layout="Taulukko", title=named(title, parts), section=title, parts=parts, source=tuple(blocks)
    )


def _cut(table: Element, title: str, room: Room) -> Iterator[Slide]:
    """Yield a table higher than a slide in even parts; the smallest text is for rows too high alone, and what
    cuts no word comes first.
    """
    many = len(table.findall("head")) > _MANY
    sizes = room.sizes if room.firm else (room.sizes[-1 if many else _CUT],)
    cuts = [_parts_of(table, room, size) for size in (*sizes, APPENDIX[-1])]
    low = [parts for parts in cuts if all(whole_height(part) <= room.height for part in parts)] or cuts[-1:]
    whole = (parts for parts in low if parts is not cuts[-1] and not any(map(breaks_words, parts)))
    for part in next(whole, low[0]):
        yield Slide(layout="Taulukko", title=named(title, (part,)), section=title, parts=(part,))


def _parts_of(table: Element, room: Room, size: float) -> tuple[Grid, ...]:
    grid = read_part(table, room.width, size, captioned=False)
    return split(grid, room.height - note_height(grid)) if isinstance(grid, Grid) else ()


def _numbered(slides: list[Slide]) -> tuple[Slide, ...]:
    """Return the same slides, those that share a title numbered ``(1/3)``, ``(2/3)``…"""
    total = Counter(slide.title for slide in slides)
    seen: Counter[str] = Counter()
    made = []
    for slide in slides:
        seen[slide.title] += 1
        count = f" ({seen[slide.title]}/{total[slide.title]})" if total[slide.title] > 1 else ""
        made.append(replace(slide, title=slide.title + count))
    return tuple(made)
