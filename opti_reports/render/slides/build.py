"""Slides laid on the base file: layouts and placeholders found by name, what is not used taken away."""

from __future__ import annotations

import copy
import re
from typing import Any

from pptx.oxml.ns import qn
from pptx.util import Pt

from opti_reports.errors import PackError
from opti_reports.model.look import Colours, Look
from opti_reports.model.pack import Pack
from opti_reports.render.environment import MARKS
from opti_reports.render.measure import fitted, text_width
from opti_reports.render.slides import agenda
from opti_reports.render.slides.chart_base import Area, Box
from opti_reports.render.slides.charts import add_chart, lay_charts, write_heading
from opti_reports.render.slides.flow import Room, Slide
from opti_reports.render.slides.markup import Element
from opti_reports.render.slides.parts import GAP, Words, stack_height
from opti_reports.render.slides.stack import lay_agenda, lay_parts
from opti_reports.render.slides.words import Run, points, put, shrunk

_NUMBER = re.compile(r" \(\d+/\d+\)$")
CONTENT = {
    "Tilanne": "Sisältö",
    "Taulukko": "Taulukko",
    "Teksti": "Sisältö",
    "Kaavio": "Kaavio 1",
    "Kaaviot": "Kaavio 1",
}
"""The placeholder of each layout whose place and size its content takes."""


class Builder:
    """Lays slides on an open base file. Raises PackError naming the layout or placeholder the file lacks."""

    def __init__(self, deck: Any, pack: Pack, look: Look) -> None:
        self.deck, self.pack, self.look = deck, pack, look
        self.layouts = {
            layout.name: {found.name: found for found in layout.placeholders} for layout in deck.slide_layouts
        }

    @property
    def colours(self) -> Colours:
        """Return the brand's colours."""
        return self.look.brand.colours

    def rooms(self, firm: bool) -> dict[str, Room]:
        """Return the content area of each layout."""
        return {name: Room(*self.box(name, place)[2:], firm=firm) for name, place in CONTENT.items()}

    def box(self, layout: str, name: str) -> Box:
        """Return left, top, width, height of a layout's placeholder, points."""
        found = self._placeholder(layout, name)
        return points(found.left), points(found.top), points(found.width), points(found.height)

    def _placeholder(self, layout: str, name: str) -> Any:
        if layout not in self.layouts:
            raise PackError("render.slide_layout", "templates/pptx/base.pptx", name=repr(layout))
        if name in self.layouts[layout]:
            return self.layouts[layout][name]
        raise PackError(
            "render.placeholder", "templates/pptx/base.pptx", layout=repr(layout), name=repr(name)
        )

    def lay(self, slide: Slide, number: int) -> Any:
        """Add ``slide`` as the deck's ``number``-th; returns the new slide."""
        target = self.deck.slides.add_slide(self.deck.slide_layouts.get_by_name(slide.layout))
        names = {
            found.placeholder_format.idx: name for name, found in self.layouts.get(slide.layout, {}).items()
        }
        for shape in target.placeholders:
            shape.name = names[shape.placeholder_format.idx]
        self._title(target, slide)
        self._write(target, slide.layout, "Merkintä", (Run(self.pack.watermark, 0),))
        if slide.layout == "Tilanne":
            where = f"{self.pack.org_name} · {self.pack.period_label}" + (
                f" · {self.pack.subtitle}" if self.pack.subtitle else ""
            )
            self._write(target, slide.layout, "Alaotsikko", (Run(where, 0),))
        self._content(target, slide)
        self._take_away(target, slide.layout, CONTENT[slide.layout])
        self._foot(target, slide.layout, number)
        self._notes(target, slide)
        return target

    def _notes(self, target: Any, slide: Slide) -> None:
        """What may be said of the slide, then what its metrics mean, each under its heading."""
        parts = (("talking_points", slide.points), ("definitions", slide.notes))
        lines = [line for word, said in parts if said for line in (self.pack.words[word], *said)]
        if not lines:
            return
        frame = target.notes_slide.notes_text_frame
        for at, text in enumerate(lines):
            paragraph = frame.paragraphs[0] if not at else frame.add_paragraph()
            put(paragraph, self.pack.language, Run(text, 0), size=False)

    def _title(self, target: Any, slide: Slide) -> None:
        """The slide's title; of one that must be cut the number stays, which tells it from its neighbours."""
        title, number = slide.title, ""
        if found := _NUMBER.search(slide.title):
            title, number = slide.title[: found.start()], found[0]
        width = self.box(slide.layout, "Otsikko")[2] - text_width(number, 24, True)
        text, size = shrunk(title, width, (24, 20, 18), 2, True)
        put(target.shapes.title.text_frame.paragraphs[0], self.pack.language, Run(text + number, size, True))

    def _content(self, target: Any, slide: Slide) -> None:
        if slide.layout in ("Kaavio", "Kaaviot"):
            for number, chart in enumerate(slide.charts, start=1):
                self._chart(target, slide, chart, number)
        elif slide.layout == "Teksti":
            self._words(target, slide)
        else:
            left, top, width, height = self.box(slide.layout, CONTENT[slide.layout])
            if slide.aside:
                self._topic(target, slide, slide.aside, (left, top, width, height))
                return
            lay_parts(target, slide.parts, (left, top, width, height), self.colours, self.pack.language)
            if slide.charts:
                down = stack_height(slide.parts, width) + (GAP if slide.parts else 0.0)
                below = (left, top + down, width, height - down)
                lay_charts(
                    target=target,
                    charts=slide.charts,
                    box=below,
                    lettering=slide.lettering,
                    colours=self.colours,
                    language=self.pack.language,
                )

    def _topic(self, target: Any, slide: Slide, aside: agenda.Agenda, box: Box) -> None:
        """The chart on the left, what there is to decide beside it: read in this order."""
        left, top, width, height = box
        lay_charts(
            target=target,
            charts=slide.charts,
            box=(left, top, width * agenda.CHART, height),
            lettering=slide.lettering,
            colours=self.colours,
            language=self.pack.language,
            narrow=True,
        )
        words = agenda.aside_width(width)
        place = (left + width - words, top, words, height)
        lay_agenda(target, aside, place, self.colours, self.pack.language)

    def _words(self, target: Any, slide: Slide) -> None:
        frame = self._shape(target, "Teksti", "Sisältö").text_frame
        words = [part for part in slide.parts if isinstance(part, Words)]
        for at, part in enumerate(words):
            mark = (Run(f"{MARKS[part.tone]} ", 0, colour=self.colours.of(part.tone)),) if part.tone else ()
            paragraph = frame.paragraphs[0] if not at else frame.add_paragraph()
            put(paragraph, self.pack.language, *mark, Run(part.text, 0), size=False)
            paragraph.space_after = Pt(8)

    def _chart(self, target: Any, slide: Slide, chart: Element, number: int) -> None:
        """A chart in its placeholder; it is read out after its heading and before its note."""
        name, language, layout = f"Kaavio {number}", self.pack.language, slide.layout
        box = self.box(layout, name)
        heading = self._shape(target, layout, f"Kaavion otsikko {number}")
        write_heading(
            frame=heading.text_frame,
            chart=chart,
            width=box[2],
            lettering=slide.lettering,
            colours=self.colours,
            language=language,
        )
        before = len(target.shapes._spTree)
        area = Area(*box, slide.lettering.of(box[2]))
        note = add_chart(target, chart, area, self.colours, language)
        for element in reversed(target.shapes._spTree[before:]):
            heading._element.addnext(element)
        self._take_away(target, layout, name)
        if note:
            size = slide.lettering.notes[0]
            shape = self._shape(target, layout, f"Kaavion huomautus {number}")
            words = fitted(note, box[2], size, 3)
            put(shape.text_frame.paragraphs[0], language, Run(words, size))
        else:
            self._take_away(target, layout, f"Kaavion huomautus {number}")

    def _shape(self, target: Any, layout: str, name: str) -> Any:
        idx = self._placeholder(layout, name).placeholder_format.idx
        return next(shape for shape in target.placeholders if shape.placeholder_format.idx == idx)

    def _write(self, target: Any, layout: str, name: str, runs: tuple[Run, ...]) -> None:
        """Fill a text placeholder in its own look; take it away when there is nothing to say."""
        shape = self._shape(target, layout, name)
        if any(run.text for run in runs):
            put(shape.text_frame.paragraphs[0], self.pack.language, *runs, size=False)
        else:
            shape._element.getparent().remove(shape._element)

    def _take_away(self, target: Any, layout: str, name: str) -> None:
        """Remove a placeholder whose place something else took; text placeholders in use stay."""
        idx = self._placeholder(layout, name).placeholder_format.idx
        for shape in list(target.placeholders):
            if shape.placeholder_format.idx == idx and not _said(shape):
                shape._element.getparent().remove(shape._element)

    def _foot(self, target: Any, layout: str, number: int) -> None:
        """Footer and slide number, which python-pptx does not copy from the layout."""
        texts = {
            "Alatunniste": self.pack.footer,
            "Sivunumero": "",
        }
        for name, text in texts.items():
            element = copy.deepcopy(self._placeholder(layout, name)._element)
            target.shapes._spTree.append(element)
            element.nvSpPr.cNvPr.set(
                "id", str(max(int(found) for found in target.shapes._spTree.xpath(".//p:cNvPr/@id")) + 1)
            )
            for part in (element.spPr, element.txBody.find(qn("a:lstStyle"))):
                for child in list(part):
                    part.remove(child)
            if text:
                put(
                    target.placeholders[element.ph_idx].text_frame.paragraphs[0],
                    self.pack.language,
                    Run(text, 0),
                    size=False,
                )
            else:
                element.find(f".//{qn('a:t')}").text = str(number)


def _said(shape: Any) -> bool:
    return bool(shape.has_text_frame and shape.text_frame.text)
