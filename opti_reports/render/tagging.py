"""What the layout engine leaves out of the tag tree: scopes of headers, their index, passages' languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pydyf  # type: ignore[import-untyped]
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder


def complete_tags(document: Any, pdf: pydyf.PDF) -> None:
    """Complete the structure of a tagged document, in place.

    Every header cell gets its Scope, identified cells are listed in the structure's IDTree, and text in
    another language than the document's says so.
    """
    dictionaries = [item for item in pdf.objects if isinstance(item, pydyf.Dictionary)]
    elements = {item.reference: item for item in dictionaries if item.get("Type") == "/StructElem"}
    root = next(item for item in dictionaries if item.get("Type") == "/StructTreeRoot")
    _scopes(elements, root, pdf)
    _languages(document, elements, elements[root["K"][0]], pdf)


def _scopes(elements: dict[bytes, Any], root: Any, pdf: pydyf.PDF) -> None:
    """A row of headers only has headers of columns; in any other row they are the row's own."""
    named: dict[str, Any] = {}
    for row in elements.values():
        if row["S"] != "/TR":
            continue
        cells = [elements[kid] for kid in row["K"] if isinstance(kid, bytes)]
        scope = "/Column" if all(cell["S"] == "/TH" for cell in cells) else "/Row"
        for header in (cell for cell in cells if cell["S"] == "/TH"):
            header["A"]["Scope"] = scope
            named[header["ID"].string] = header
    if named:
        _add_names(pdf, root, named)


def _add_names(pdf: pydyf.PDF, root: Any, named: dict[str, Any]) -> None:
    listed = pydyf.Array()
    for name in sorted(named):
        listed.extend([pydyf.String(name), named[name].reference])
    tree = pydyf.Dictionary({"Names": listed})
    pdf.add_object(tree)
    root["IDTree"] = tree.reference


def _languages(document: Any, elements: dict[bytes, Any], top: Any, pdf: pydyf.PDF) -> None:
    """Put the language of each stretch of text in another one on its element.

    Boxes of text and the elements that hold text come in the same order on a page: one was made from the
    other.
    """
    spoken = document.metadata.lang
    leaves: dict[bytes, list[Any]] = {page: [] for page in pdf.page_references}
    for leaf in _leaves(top, elements):
        leaves[leaf["Pg"]].append(leaf)
    for reference, page in zip(pdf.page_references, document.pages, strict=True):
        for box, leaf in zip(_texts(page._page_box), leaves[reference], strict=True):
            if box.style["lang"] not in (None, spoken):
                leaf["Lang"] = pydyf.String(box.style["lang"])


def _leaves(element: Any, elements: dict[bytes, Any]) -> Iterator[Any]:
    if any(isinstance(kid, int) for kid in element["K"]):
        yield element
    for kid in element["K"]:
        if isinstance(kid, bytes) and kid in elements:
            yield from _leaves(elements[kid], elements)


def _texts(box: Any) -> Iterator[Any]:
    """Yield the boxes of text and pictures of a page in order, its margins left out."""
    if isinstance(box, AbsolutePlaceholder):
        box = box._box
    if isinstance(box, boxes.MarginBox):
        return
    if isinstance(box, boxes.TextBox | boxes.ReplacedBox):
        yield box
    for child in getattr(box, "children", ()):
        yield from _texts(child)
