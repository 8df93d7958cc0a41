"""Make templates/pptx/base.pptx: slide size, master and the layouts that decks are laid on.

Run `python scripts/make_base_pptx.py` after changing a measure here. The file may also be edited in
PowerPoint: renderers find layouts and placeholders by their names, and take place and size of
everything from them. Colours and fonts come from the theme, which is rewritten from configs/brand.toml at
every render.
"""

from __future__ import annotations

import datetime as dt
import io
import sys
from dataclasses import dataclass
from pathlib import Path

from lxml import etree
from pptx import Presentation
from pptx.oxml.ns import qn
from pptx.util import Inches

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from opti_reports.render.slides.finishing import settled  # noqa: E402

NAMES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
MARGINS = 'lIns="0" tIns="0" rIns="0" bIns="0"'
NUMBER_FIELD = "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}"
LEFT, WIDTH = 0.5, 12.333
TOP, HEIGHT = 1.3, 5.45
HALF, GAP = 6.0, 0.333
NOTE = 0.6


@dataclass(frozen=True)
class Place:
    """A placeholder: its name, kind, number, box in inches, and its text's size and look."""

    name: str
    kind: str
    idx: int
    box: tuple[float, float, float, float]
    size: int = 14
    bold: bool = False
    colour: str = "tx1"
    align: str = "l"
    anchor: str = "t"


TITLE = Place("Otsikko", "title", 0, (LEFT, 0.35, 10.6, 0.75), 24, True, "accent1", anchor="b")
MARK = Place("Merkintä", "body", 14, (11.2, 0.55, 1.633, 0.45), 16, True, "accent3", "r", "b")
FOOT = Place("Alatunniste", "ftr", 11, (LEFT, 7.0, 10.6, 0.3), 10, colour="tx2")
NUMBER = Place("Sivunumero", "sldNum", 12, (11.2, 7.0, 1.633, 0.3), 10, True, align="r")
ALWAYS = (TITLE, MARK, FOOT, NUMBER)


def _chart(number: int, left: float, width: float) -> tuple[Place, ...]:
    return (
        Place(f"Kaavion otsikko {number}", "body", number * 10 + 10, (left, TOP, width, 0.95), 14),
        Place(
            f"Kaavio {number}", "chart", number * 10 + 11, (left, TOP + 0.95, width, HEIGHT - 0.95 - NOTE), 11
        ),
        Place(
            f"Kaavion huomautus {number}",
            "body",
            number * 10 + 12,
            (left, TOP + HEIGHT - NOTE, width, NOTE),
            10,
            colour="tx2",
        ),
    )


LAYOUTS: dict[str, tuple[Place, ...]] = {
    "Tilanne": (
        Place("Alaotsikko", "body", 13, (LEFT, 1.2, WIDTH, 0.35), 14, colour="tx2", anchor="ctr"),
        Place("Sisältö", "body", 10, (LEFT, 1.65, WIDTH, 5.15), 14),
    ),
    "Taulukko": (Place("Taulukko", "tbl", 20, (LEFT, TOP, WIDTH, HEIGHT), 12),),
    "Kaavio": _chart(1, LEFT, WIDTH),
    "Kaaviot": (*_chart(1, LEFT, HALF), *_chart(2, LEFT + HALF + GAP, HALF)),
    "Teksti": (Place("Sisältö", "body", 10, (LEFT, TOP, WIDTH, HEIGHT), 14),),
}


def shape(place: Place, number: int) -> etree._Element:
    """The placeholder as an element of a master or layout."""
    idx = f' idx="{place.idx}"' if place.idx else ""
    return etree.fromstring(
        f"""<p:sp {NAMES}>
        <p:nvSpPr><p:cNvPr id="{number}" name="{place.name}"/><p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>
          <p:nvPr><p:ph type="{place.kind}"{idx}/></p:nvPr></p:nvSpPr>
        <p:spPr>{frame(place.box)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr>
        <p:txBody><a:bodyPr {MARGINS} anchor="{place.anchor}"><a:normAutofit/></a:bodyPr>
          <a:lstStyle>{levels(place)}</a:lstStyle><a:p>{prompt(place)}</a:p></p:txBody>
        </p:sp>""",
        etree.XMLParser(remove_blank_text=True),
    )


def frame(box: tuple[float, float, float, float]) -> str:
    """Place and size, from inches."""
    left, top, width, height = (int(Inches(side)) for side in box)
    return f'<a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'


def levels(place: Place) -> str:
    """The look of the five text levels: the same, without bullets or indents."""
    return "".join(
        f"""<a:lvl{depth}pPr marL="0" indent="0" algn="{place.align}">
        <a:lnSpc><a:spcPct val="100000"/></a:lnSpc><a:spcBef><a:spcPts val="0"/></a:spcBef><a:buNone/>
        <a:defRPr sz="{place.size * 100}" b="{int(place.bold)}">
        <a:solidFill><a:schemeClr val="{place.colour}"/></a:solidFill></a:defRPr></a:lvl{depth}pPr>"""
        for depth in range(1, 6)
    )


def prompt(place: Place) -> str:
    """What an empty placeholder says: the slide's number, nothing, or its own name."""
    if place.kind == "sldNum":
        return f'<a:fld id="{NUMBER_FIELD}" type="slidenum"><a:rPr/><a:t>‹#›</a:t></a:fld>'
    return "" if place.kind == "ftr" else f"<a:r><a:rPr/><a:t>{place.name}</a:t></a:r>"


def rule() -> etree._Element:
    """The hairline under the title, on the master."""
    return etree.fromstring(
        f"""<p:cxnSp {NAMES}>
        <p:nvCxnSpPr><p:cNvPr id="90" name="Viiva"/><p:cNvCxnSpPr/><p:nvPr userDrawn="1"/></p:nvCxnSpPr>
        <p:spPr>{frame((LEFT, 1.14, WIDTH, 0.0))}<a:prstGeom prst="line"><a:avLst/></a:prstGeom>
          <a:ln w="15875"><a:solidFill><a:schemeClr val="accent1"/></a:solidFill></a:ln></p:spPr>
        </p:cxnSp>""",
        etree.XMLParser(remove_blank_text=True),
    )


def refill(tree: etree._Element, places: tuple[Place, ...], extra: tuple[etree._Element, ...] = ()) -> None:
    """Replace the shapes of a shape tree."""
    for child in list(tree):
        if child.tag not in (qn("p:nvGrpSpPr"), qn("p:grpSpPr")):
            tree.remove(child)
    for child in extra:
        tree.append(child)
    for number, place in enumerate(places, start=2):
        tree.append(shape(place, number))


def main() -> None:
    """Write templates/pptx/base.pptx."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(13.333), Inches(7.5)
    master = deck.slide_master
    body = Place("Sisältö", "body", 1, (LEFT, TOP, WIDTH, HEIGHT))
    refill(master.shapes._spTree, (TITLE, body, FOOT, NUMBER), (rule(),))
    layouts = list(deck.slide_layouts)
    for layout in layouts[len(LAYOUTS) :]:
        deck.slide_layouts.remove(layout)
    for layout, (name, places) in zip(layouts, LAYOUTS.items(), strict=False):
        layout.name = name
        layout._element.attrib.pop("type")
        refill(layout.shapes._spTree, (TITLE, *places, MARK, FOOT, NUMBER))
    for key, link in list(deck.part.package._rels.items()):
        if link.reltype.endswith("/thumbnail"):
            deck.part.package._rels.pop(key)
    for key, link in list(deck.part._rels.items()):
        if link.reltype.endswith("/printerSettings"):
            deck.part._rels.pop(key)
    about = deck.core_properties
    about.author = about.last_modified_by = about.keywords = about.subject = about.comments = ""
    about.title, about.revision = "Pohja", 1
    about.created = about.modified = dt.datetime(2026, 1, 1)
    buffer = io.BytesIO()
    deck.save(buffer)
    (ROOT / "templates" / "pptx" / "base.pptx").write_bytes(settled(buffer.getvalue()))


if __name__ == "__main__":
    main()
