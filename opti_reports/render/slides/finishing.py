"""The deck's last steps: the brand into the theme, and bytes that do not depend on the clock."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

from lxml import etree
from pptx.opc.constants import RELATIONSHIP_TYPE as RT

from opti_reports.model.look import Brand

_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def branded(deck: Any, brand: Brand) -> None:
    """Write the brand's colours and slide font into the theme of the master (and of the notes), in place."""
    colours = brand.colours
    slots = {
        "dk1": colours.ink,
        "lt1": colours.paper,
        "dk2": colours.muted,
        "lt2": colours.tint,
        "accent1": colours.accent,
        "accent2": colours.good,
        "accent3": colours.concern,
        "accent4": colours.watch,
        "accent5": colours.neutral,
        "accent6": colours.rule,
        "hlink": colours.accent,
        "folHlink": colours.muted,
    }
    part = deck.slide_master.part.part_related_by(RT.THEME)
    theme = etree.fromstring(part.blob)
    for slot, colour in slots.items():
        for element in theme.iter(f"{{{_DRAWING}}}{slot}"):
            for child in list(element):
                element.remove(child)
            etree.SubElement(element, f"{{{_DRAWING}}}srgbClr", val=colour[1:].upper())
    for family in (*theme.iter(f"{{{_DRAWING}}}majorFont"), *theme.iter(f"{{{_DRAWING}}}minorFont")):
        latin = family.find(f"{{{_DRAWING}}}latin")
        if latin is not None:
            latin.set("typeface", brand.fonts.slides)
    part._blob = etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)


def settled(package: bytes) -> bytes:
    """Return the same package with every zip entry dated 1980 and chart axes numbered upwards from 1.

    python-pptx writes the time of saving into the entries, and negative axis ids, which schema validators
    refuse.
    """
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for entry in source.infolist():
            content = source.read(entry)
            if re.fullmatch(r"ppt/charts/chart\d*\.xml", entry.filename):
                content = re.sub(rb'(<c:(?:axId|crossAx) val=")-', rb"\1", content)
            fresh = zipfile.ZipInfo(entry.filename, _EPOCH)
            fresh.compress_type, fresh.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            made.writestr(fresh, content)
    return target.getvalue()
