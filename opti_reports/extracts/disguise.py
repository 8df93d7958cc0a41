"""What a file really is, where its name says something else, and workbooks locked with a password."""

from __future__ import annotations

import zipfile
from typing import Literal

from opti_reports.errors import ExtractError
from opti_reports.extracts.packed import File, held

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MARKUP = (b"<html", b"<!doctype html", b"<table", b"<?xml", b"<meta")
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument"
_SPREADSHEET = _OPEN_DOCUMENT + b".spreadsheet"
Kind = Literal["xls", "xlsx", "xlsb", "ods"]


def kind_of(file: File) -> Kind:
    """Return what a workbook is by its content; of a file that cannot be opened at all, what it should be.

    Raises ExtractError for a locked workbook, and for what is named like one and is something else.
    """
    start = _start(file)
    if start.startswith(OLE):
        if _ENCRYPTED in file.read_bytes():
            raise ExtractError("disguise.password", file.name)
        return "xls"
    if start.startswith(ZIP):
        return _kind_of_archive(file)
    if start.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(_MARKUP):
        raise ExtractError("disguise.page_no_workbook", file.name)
    if start and b"\0" not in start:
        raise ExtractError("disguise.text_no_workbook", file.name)
    return "xlsx"


def refuse_workbook_as_text(file: File) -> None:
    """Raise ExtractError for a workbook or web page that is named as text."""
    start = _start(file)
    if start.startswith(OLE):
        kind_of(file)
    if start.startswith(ZIP):
        raise ExtractError("disguise.workbook_no_text", file.name)
    if start.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(_MARKUP):
        raise ExtractError("disguise.page_no_text", file.name)


def _start(file: File) -> bytes:
    with file.open("rb") as content:
        return content.read(512)


def _kind_of_archive(file: File) -> Kind:
    """Tell an OpenDocument or binary workbook; what cannot be opened at all is named by who opens it."""
    content = held(file)
    if not zipfile.is_zipfile(content):
        return "xlsx"
    with zipfile.ZipFile(content) as archive:
        names = archive.namelist()
        kind = archive.read("mimetype") if "mimetype" in names else b""
        if kind.startswith(_OPEN_DOCUMENT):
            manifest = archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in names else b""
            if b"encryption-data" in manifest or "encrypted-package" in names:
                raise ExtractError("disguise.password", file.name)
            if not kind.startswith(_SPREADSHEET):
                raise ExtractError("disguise.no_spreadsheet", file.name)
            return "ods"
    return "xlsb" if "xl/workbook.bin" in names else "xlsx"
