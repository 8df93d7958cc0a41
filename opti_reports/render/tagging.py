"""What the layout engine leaves out of the tag tree: scopes of headers, languages, tables in one piece.

What stands on every page (the margins, the heads of a table that goes on) is no content: it is an artifact.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pydyf  # type: ignore[import-untyped]
from weasyprint.formatting_structure import boxes

from opti_reports.render.paging import boxes_of

PAGINATION = {"Type": "/Pagination"}
"""The property of marked content that stands there because of the page."""
NOBODY = b"null"
"""What the tree says of marked content that none of its elements holds."""


def complete_tags(document: Any, pdf: pydyf.PDF) -> None:
    """Complete the structure of a tagged document, in place.

    Every header cell gets its Scope, text in another language than the document's says so, a table that pages
    part is one again, what only the pages repeat is an artifact, and identified cells are listed in the
    structure's IDTree.
    """
    dictionaries = [item for item in pdf.objects if isinstance(item, pydyf.Dictionary)]
    elements = {item.reference: item for item in dictionaries if item.get("Type") == "/StructElem"}
    root = next(item for item in dictionaries if item.get("Type") == "/StructTreeRoot")
    top = elements[root["K"][0]]
    _scopes(elements)
    _languages(document, elements, top, pdf)
    _join_tables(document, elements, top)
    kept = {id(element) for element in _walked(top, elements)}
    _release(pdf, root, {ref: element for ref, element in elements.items() if id(element) not in kept})
    named = {e["ID"].string: e for e in _walked(top, elements) if e["S"] == "/TH"}
    if named:
        _add_names(pdf, root, named)


def _walked(element: Any, elements: dict[bytes, Any]) -> Iterator[Any]:
    """Yield an element and those below it, in reading order."""
    yield element
    for kid in element["K"]:
        if isinstance(kid, bytes) and kid in elements:
            yield from _walked(elements[kid], elements)


def _scopes(elements: dict[bytes, Any]) -> None:
    """A row of headers only has headers of columns; in any other row they are the row's own."""
    for row in elements.values():
        if row["S"] != "/TR":
            continue
        cells = [elements[kid] for kid in row["K"] if isinstance(kid, bytes)]
        scope = "/Column" if all(cell["S"] == "/TH" for cell in cells) else "/Row"
        for header in (cell for cell in cells if cell["S"] == "/TH"):
            header["A"]["Scope"] = scope


def _add_names(pdf: pydyf.PDF, root: Any, named: dict[str, Any]) -> None:
    listed = pydyf.Array()
    for name in sorted(named):
        listed.extend([pydyf.String(name), named[name].reference])
    tree = pydyf.Dictionary({"Names": listed})
    pdf.add_object(tree)
    root["IDTree"] = tree.reference


def _join_tables(document: Any, elements: dict[bytes, Any], top: Any) -> None:
    """Put the rows of a table that goes on over pages under its first part, without the repeated heads.

    Boxes of tables and their elements come in the same order.
    """
    made = [element for element in _walked(top, elements) if element["S"] == "/Table"]
    boxed = [box for page in document.pages for box in boxes_of(page._page_box) if _is_table(box)]
    first: dict[Any, Any] = {}
    for box, table in zip(boxed, made, strict=True):
        begun = first.setdefault(box.element, table)
        if begun is not table:
            _go_on(begun, table, elements)
            _take_away(table, elements)


def _is_table(box: Any) -> bool:
    return box.element is not None and box.element_tag == "table" and box.is_table_wrapper


def _go_on(begun: Any, part: Any, elements: dict[bytes, Any]) -> None:
    """Give a table the rows of its part on another page; what reads the part's heads reads the table's."""
    heads = {_place(cell): cell for cell in _heads(begun, elements)}
    for cell in _heads(part, elements):
        cell["ID"].string = heads[_place(cell)]["ID"].string  # the cells below share the name
    body = next((e for kid in reversed(begun["K"]) if (e := elements[kid])["S"] == "/TBody"), begun)
    for kid in part["K"]:
        if elements[kid]["S"] != "/THead":
            rows = elements[kid]["K"] if elements[kid]["S"] == "/TBody" else [kid]
            body["K"].extend(rows)
            for row in rows:
                elements[row]["P"] = body.reference


def _heads(table: Any, elements: dict[bytes, Any]) -> list[Any]:
    parts = [elements[kid] for kid in table["K"]]
    return [
        cell
        for part in parts
        if part["S"] == "/THead"
        for cell in _walked(part, elements)
        if cell["S"] == "/TH"
    ]


def _place(cell: Any) -> tuple[str, ...]:
    """Return the row and the column that a header's name ends with."""
    return tuple(cell["ID"].string.split("-")[1:])


def _take_away(element: Any, elements: dict[bytes, Any]) -> None:
    """Take an element out of the tree, and what holds nothing else."""
    above = elements.get(element["P"])
    if above is not None:
        above["K"].remove(element.reference)
        if not above["K"]:
            _take_away(above, elements)


def _release(pdf: pydyf.PDF, root: Any, gone: dict[bytes, Any]) -> None:
    """Make artifacts of the marked content that no element of the tree holds."""
    numbers = next(item for item in pdf.objects if item.reference == root["ParentTree"])["Nums"]
    streams = {item.reference: item for item in pdf.objects if isinstance(item, pydyf.Stream)}
    pages = {item.reference: item for item in pdf.objects if _is_page(item)}
    for page, reference in enumerate(pdf.page_references):
        held = numbers[2 * page + 1]
        free = {number for number, element in enumerate(held) if element in gone}
        _mark_artifacts(streams[pages[reference]["Contents"]].stream, free)
        for number in free:
            held[number] = NOBODY
    for element in gone.values():
        element.free = "f"


def _is_page(item: Any) -> bool:
    return isinstance(item, pydyf.Dictionary) and item.get("Type") == "/Page"


def _mark_artifacts(written: list[Any], free: set[int]) -> None:
    for at, item in enumerate(written):
        if isinstance(item, pydyf.Dictionary) and item.get("MCID") in free:
            written[at - 1], written[at] = "/Artifact", pydyf.Dictionary(PAGINATION)


def _languages(document: Any, elements: dict[bytes, Any], top: Any, pdf: pydyf.PDF) -> None:
    """Put the language of each stretch of text in another one on its element.

    Boxes of text and the elements that hold text come in the same order on a page: one was made from the
    other.
    """
    spoken = document.metadata.lang
    leaves: dict[bytes, list[Any]] = {page: [] for page in pdf.page_references}
    for element in _walked(top, elements):
        if any(isinstance(kid, int) for kid in element["K"]):
            leaves[element["Pg"]].append(element)
    for reference, page in zip(pdf.page_references, document.pages, strict=True):
        texts = [box for box in boxes_of(page._page_box) if isinstance(box, _HELD)]
        for box, leaf in zip(texts, leaves[reference], strict=True):
            if box.style["lang"] not in (None, spoken):
                leaf["Lang"] = pydyf.String(box.style["lang"])


_HELD = (boxes.TextBox, boxes.ReplacedBox)
"""Boxes whose content is marked: text and pictures."""
