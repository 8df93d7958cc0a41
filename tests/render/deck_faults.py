"""What is wrong with a deck: the schemas by a validator, and what a screen reader would stumble on."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lxml import etree
from openxml_audit import OpenXmlValidator
from pptx import Presentation
from pptx.oxml.ns import qn

_EPOCH = (1980, 1, 1, 0, 0, 0)


def deck_faults(deck: bytes) -> list[str]:
    """Every fault of a deck in words, none for one that is valid and accessible."""
    opened = Presentation(io.BytesIO(deck))
    found = [*_invalid(deck), *_titles(opened), *_parts(deck)]
    for number, slide in enumerate(opened.slides, start=1):
        found += [f"slide {number}: {fault}" for fault in _slide(opened, slide)]
    return found


@lru_cache(maxsize=1)
def _validator() -> OpenXmlValidator:
    return OpenXmlValidator(max_errors=100)


def _invalid(deck: bytes) -> Iterator[str]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "deck.pptx"
        path.write_bytes(deck)
        result = _validator().validate(str(path))
    yield from (f"{error.part_uri}: {error.description}" for error in result.errors)
    if not result.is_valid and not result.errors:
        yield "it is not valid"


def _titles(opened: Any) -> Iterator[str]:
    titles = Counter(slide.shapes.title.text_frame.text for slide in opened.slides)
    yield from (f"{count} slides are called {title!r}" for title, count in titles.items() if count > 1)
    ids = {str(slide.slide_id) for slide in opened.slides}
    listed = {
        element.get("id") for element in opened.part._element.iter("{*}sldIdLst") for element in element
    }
    in_sections = {
        element.get("id")
        for element in opened.part._element.iter("{*}sldId")
        if "2010" in etree.QName(element).namespace
    }
    if not ids <= listed or in_sections != ids:
        yield "the sections do not have every slide"


def _slide(opened: Any, slide: Any) -> Iterator[str]:
    shapes = list(slide.shapes)
    if shapes[0] != slide.shapes.title or not slide.shapes.title.text_frame.text.strip():
        yield "does not begin with its title"
    for shape in shapes:
        yield from (f"{shape.name!r} {fault}" for fault in _shape(opened, shape))
    for run in slide._element.iter("{*}r"):
        properties = run.find(qn("a:rPr"))
        if properties is None or not properties.get("lang"):
            yield f"{run.findtext(qn('a:t'))!r} has no language"
    if slide.has_notes_slide:
        for run in slide.notes_slide.notes_text_frame._txBody.iter(qn("a:rPr")):
            if not run.get("lang"):
                yield "its notes have no language"


def _shape(opened: Any, shape: Any) -> Iterator[str]:
    if shape.left < 0 or shape.top < 0 or shape.left + shape.width > opened.slide_width:
        yield "leaves the slide"
    if shape.top + shape.height > opened.slide_height:
        yield "leaves the slide below"
    properties = shape._element.xpath(".//p:cNvPr")[0]
    decorative = any(True for _ in properties.iter("{*}decorative"))
    seen_only = shape.has_chart or shape.has_table or shape.shape_type in (13, 9)
    if seen_only and not decorative and not (properties.get("descr") or "").strip():
        yield "has no words"
    if shape.has_table:
        if not shape.table.first_row:
            yield "has no header row"
        if shape.table._tbl.tblPr.get("firstCol") is None:
            yield "does not say whether its first column are headers"
        heads = [shape.table.cell(0, at).text for at in range(len(shape.table.columns))]
        if not all(head.strip() for head in heads):
            yield "has a heading without words"
    if shape.is_placeholder and shape.has_text_frame and not shape.text_frame.text.strip():
        yield "is an empty placeholder"


def _parts(deck: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(deck)) as package:
        if {entry.date_time for entry in package.infolist()} != {_EPOCH}:
            yield "its entries tell when it was written"
        for name in package.namelist():
            content = package.read(name)
            if re.fullmatch(r"ppt/charts/chart\d+\.xml", name):
                yield from (f"{name}: {fault}" for fault in _chart(content))
            if name.endswith(".xlsx"):
                yield from (f"{name}: {fault}" for fault in _workbook(content))
            if b'TargetMode="External"' in content and name.endswith(".rels"):
                yield f"{name} points outside"


def _chart(content: bytes) -> Iterator[str]:
    sheet = etree.fromstring(content)
    axes = [element.get("val") or "" for element in sheet.iter("{*}axId", "{*}crossAx")]
    if any(not axis.isdecimal() for axis in axes):
        yield "an axis has a negative number"
    if sheet.find("{*}externalData") is None:
        yield "has no workbook to be edited in"


def _workbook(content: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        if b"1980-01-01T00:00:00Z" not in package.read("docProps/core.xml"):
            yield "tells when it was written"
        sheets = [package.read(name) for name in package.namelist() if "worksheets/" in name]
        if any(b"<f>" in sheet or b"<hyperlink" in sheet for sheet in sheets):
            yield "has a formula or a link"
