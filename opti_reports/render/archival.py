"""What makes one PDF both archival (PDF/A-3a) and accessible (PDF/UA-1): its metadata and its figures."""

from __future__ import annotations

import datetime as dt
import io
from functools import lru_cache
from importlib.resources import files
from typing import Any

import pydyf  # type: ignore[import-untyped]
from weasyprint import Attachment
from weasyprint.css import ColorProfile

from opti_reports.model.pack import Pack
from opti_reports.render.dating import dated
from opti_reports.render.figures import figures_csv
from opti_reports.render.streams import settle_streams
from opti_reports.render.tagging import complete_tags

_UA = b"""\
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""
"""The identifier of PDF/UA, and its description that PDF/A asks for of every schema it does not know."""
_END = b"</rdf:RDF>"


def colours() -> dict[str, ColorProfile]:
    """Return what the colours of a page mean: sRGB, of which PDF/A wants the profile inside.

    The layout engine would take the same one by itself, and leave its file open.
    """
    profile = ColorProfile(
        io.BytesIO(_profile()), "sRGB2014.icc", "relative-colorimetric", (["r"], ["g"], ["b"])
    )
    return {"srgb": profile}


@lru_cache(maxsize=1)
def _profile() -> bytes:
    return (files("weasyprint.pdf") / "sRGB2014.icc").read_bytes()


def figures_of(pack: Pack) -> Attachment:
    """Return the pack's figures as a file associated with the document, dated as the pack is."""
    day = dt.datetime.combine(dated(pack.period), dt.time())
    return Attachment(
        string=figures_csv(pack),
        name=pack.words["figures_file"],
        description=pack.words["figures_about"],
        created=day,
        modified=day,
        relationship="Data",
    )


def identify(pdf: pydyf.PDF) -> None:
    """Say in the XMP of a PDF/A that it is PDF/UA too, in place; the XMP is left uncompressed, as PDF/A asks.

    The layout engine lists each associated file twice: here once. A document may have none.
    """
    xmp = next(item for item in pdf.objects if _is_metadata(item))
    xmp.stream = [b"\n".join(part for part in xmp.stream).replace(_END, _UA + _END)]
    xmp.compress = False
    if "AF" in pdf.catalog:
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))


def finish(document: Any, pdf: pydyf.PDF) -> None:
    """Complete a tagged PDF/A of the layout engine, in place: its tags, its other standard, its streams."""
    complete_tags(document, pdf)
    identify(pdf)
    settle_streams(pdf)


KIND: dict[str, Any] = {"pdf_variant": "pdf/a-3a", "pdf_tags": True, "output_intent": ""}
"""What layout and writing are asked for, so that one file keeps both standards."""


def for_layout() -> dict[str, Any]:
    """Return what the layout engine is asked for when it lays a document out."""
    return {**KIND, "color_profiles": colours()}


def for_writing() -> dict[str, Any]:
    """Return what it is asked for when it writes one."""
    return {**KIND, "finisher": finish}


def _is_metadata(item: Any) -> bool:
    return isinstance(item, pydyf.Stream) and item.extra.get("Type") == "/Metadata"
