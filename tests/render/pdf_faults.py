"""What is wrong with a PDF: two standards by a validator, what a reader hears by a second judge, and what
both leave out by the tag tree.
"""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import outloud  # type: ignore[import-untyped]
import page
import pikepdf

PROFILES = ("3a", "ua1")
_HEADING = re.compile(r"/H([1-6])")


def pdf_faults(document: bytes) -> list[str]:
    """Every fault of a PDF in words, none for one that is archival and accessible."""
    return [*_invalid(document), *_misheard(document), *_structure(document)]


def _invalid(document: bytes) -> Iterator[str]:
    for profile in PROFILES:
        report = page.validate_pdf_bytes(document, profile=profile)
        for failure in report.failures:
            yield f"{profile}: {failure.rule_id}: {failure.message}"
        if not report.is_compliant and not report.failures:
            yield f"{profile}: does not comply"


def _misheard(document: bytes) -> Iterator[str]:
    """What the second judge calls an error, but for heads that a page repeats and nobody need hear twice."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pack.pdf"
        path.write_bytes(document)
        result = outloud.check(str(path))
    if result.error:
        yield f"the second judge gave up: {result.error}"
    for finding in result.findings:
        if finding.severity == "error" and finding.rule != "TAG-002":
            yield f"{finding.rule} on page {finding.page}: {finding.message} ({finding.evidence})"


def _structure(document: bytes) -> Iterator[str]:
    with pikepdf.open(io.BytesIO(document)) as opened:
        root = opened.Root.StructTreeRoot
        tags = [*walked(root.K[0])]
        yield from _headings(tags)
        yield from _tables(tags, root)
        yield from _unread(opened, tags)
        for tag in tags:
            if tag.S == "/Figure" and not str(tag.get("/Alt", "")).strip():
                yield "a figure has no words"
        with opened.open_outline() as outline:
            if not outline.root:
                yield "there are no bookmarks"


def walked(tag: Any) -> Iterator[Any]:
    """The elements of a tag tree in reading order."""
    yield tag
    kids = tag.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield from walked(kid)


def _headings(tags: list[Any]) -> Iterator[str]:
    levels = [int(found[1]) for tag in tags if (found := _HEADING.fullmatch(str(tag.S)))]
    if levels[:1] != [1] or levels.count(1) != 1:
        yield f"the headings do not begin with one of the first level: {levels[:5]}"
    yield from (f"a heading of level {b} follows one of level {a}" for a, b in pairwise(levels) if b > a + 1)


def _tables(tags: list[Any], root: Any) -> Iterator[str]:
    headers = [tag for tag in tags if tag.S == "/TH"]
    listed = root.get("/IDTree", {}).get("/Names", [])
    known = {str(name) for name in listed[::2]} if headers else set()
    for header in headers:
        if str(header.A.get("/Scope", "")) not in ("/Row", "/Column"):
            yield "a header has no scope"
        if str(header.get("/ID", "")) not in known:
            yield "a header is not in the tree of identifiers"
    for table in (tag for tag in tags if tag.S == "/Table"):
        inside = [*walked(table)]
        if not any(tag.S == "/TH" for tag in inside):
            yield "a table has no headers"
        for cell in (tag for tag in inside if tag.S == "/TD"):
            if any(str(name) not in known for name in cell.A.get("/Headers", [])):
                yield "a cell names a header that is not there"


def marked(page: Any) -> Iterator[int]:
    """The numbers of a page's marked content, in the order in which it is painted."""
    for one in pikepdf.parse_content_stream(page):
        if str(one.operator) == "BDC" and "/MCID" in one.operands[1]:
            yield int(one.operands[1].MCID)


def _unread(opened: pikepdf.Pdf, tags: list[Any]) -> Iterator[str]:
    """What is marked as content, and no element of the tree holds it: nobody would read it out."""
    held: dict[Any, set[int]] = {}
    for tag in tags:
        kids = tag.get("/K", [])
        numbers = [
            int(kid) for kid in (kids if isinstance(kids, pikepdf.Array) else [kids]) if _is_number(kid)
        ]
        if numbers:
            held.setdefault(tag.Pg.objgen, set()).update(numbers)
    for number, one in enumerate(opened.pages, 1):
        if left := set(marked(one)) - held.get(one.objgen, set()):
            yield f"page {number} has {len(left)} marked passages outside the tag tree"


def _is_number(kid: Any) -> bool:
    return not isinstance(kid, pikepdf.Dictionary)
