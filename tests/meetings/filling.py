"""Documents filled in as people do at a meeting: decks by python-pptx and LibreOffice, workbooks by cells."""

from __future__ import annotations

import copy
import shutil
import subprocess
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lxml import etree
from pptx import Presentation

SOFFICE = shutil.which("soffice")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def decisions_of(deck: Any) -> Any:
    """The shape of the decisions table."""
    (found,) = [
        shape for slide in deck.slides for shape in slide.shapes if shape.name.startswith("decisions:")
    ]
    return found


def fill_deck(source: Path, target: Path, rows: Sequence[Sequence[str]]) -> Path:
    """Write rows into the decisions table; rows beyond those left open are added below as PowerPoint does."""
    deck = Presentation(str(source))
    table = decisions_of(deck).table
    while len(table.rows) <= len(rows):
        table._tbl.append(copy.deepcopy(table._tbl.tr_lst[-1]))
    for line, cells in enumerate(rows, 1):
        for at in range(len(table.columns)):
            table.cell(line, at).text = cells[at] if at < len(cells) else ""
    deck.save(str(target))
    return target


def saved_by_libreoffice(source: Path, folder: Path) -> Path:
    """The deck opened and saved anew by LibreOffice."""
    assert SOFFICE is not None
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    subprocess.run(
        [SOFFICE, profile, "--headless", "--convert-to", "pptx", "--outdir", str(folder), str(source)],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return folder / source.name


def fill_workbook(source: Path, target: Path, cells: Mapping[str, str | float | bool]) -> Path:
    """Write cells (``F6``) of the first sheet: text, numbers (days as Excel counts them), yes or no."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for item in old.infolist():
            content = old.read(item)
            if item.filename == "xl/worksheets/sheet1.xml":
                content = _filled(content, cells)
            new.writestr(item, content)
    return target


def _filled(sheet: bytes, cells: Mapping[str, str | float | bool]) -> bytes:
    root = etree.fromstring(sheet)
    for place, value in cells.items():
        (cell,) = root.iterfind(f".//{_MAIN}c[@r='{place}']")
        for child in list(cell):
            cell.remove(child)
        if isinstance(value, str):
            cell.set("t", "inlineStr")
            text = etree.SubElement(etree.SubElement(cell, f"{_MAIN}is"), f"{_MAIN}t")
            text.text = value
        else:
            cell.set("t", "n")
            etree.SubElement(cell, f"{_MAIN}v").text = str(float(value))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
