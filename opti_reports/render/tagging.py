"""What the layout engine leaves out of the tag tree: scopes of headers, the tree of identifiers."""

from __future__ import annotations

from typing import Any

import pydyf  # type: ignore[import-untyped]


def complete_tags(document: Any, pdf: pydyf.PDF) -> None:  # noqa: ARG001
    """Give every header cell its Scope and list identified cells in the structure's IDTree, in place.

    A row of headers only has headers of columns; in any other row they are the row's own.
    """
    dictionaries = [item for item in pdf.objects if isinstance(item, pydyf.Dictionary)]
    elements = {item.reference: item for item in dictionaries if item.get("Type") == "/StructElem"}
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
        root = next(item for item in dictionaries if item.get("Type") == "/StructTreeRoot")
        _add_names(pdf, root, named)


def _add_names(pdf: pydyf.PDF, root: Any, named: dict[str, Any]) -> None:
    listed = pydyf.Array()
    for name in sorted(named):
        listed.extend([pydyf.String(name), named[name].reference])
    tree = pydyf.Dictionary({"Names": listed})
    pdf.add_object(tree)
    root["IDTree"] = tree.reference
