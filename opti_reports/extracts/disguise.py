"""What a file really is, where its name says something else, and workbooks locked with a password."""

from __future__ import annotations

import zipfile
from pathlib import Path

from opti_reports.errors import ExtractError

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_LOCKED_XLS = b"\x2f\x00\x36\x00"
"""The record FILEPASS with the length it has for the usual cipher: an old workbook under a password."""
_MARKUP = (b"<html", b"<!doctype html", b"<table", b"<?xml", b"<meta")
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument"
PASSWORD = "the workbook is protected with a password"
UNLOCK = "Remove the password (File, Info, Protect Workbook) and deliver it again."
AS_XLSX = "Open it in Excel, save it as .xlsx and deliver it again."


def refuse_false_workbook(path: Path) -> None:
    """Raise ExtractError for a locked workbook, and for what is named .xlsx and is something else."""
    start = _start(path)
    if start.startswith(OLE):
        content = path.read_bytes()
        if _ENCRYPTED in content or (_LOCKED_XLS in content[:16384]):
            raise ExtractError(PASSWORD, path.name, UNLOCK)
        raise ExtractError("this is an old workbook (.xls) under another name", path.name, AS_XLSX)
    if start.startswith(ZIP):
        _refuse_other_archive(path)
    elif start.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(_MARKUP):
        raise ExtractError("this is a web page or XML, not a workbook", path.name, AS_XLSX)
    elif start and b"\0" not in start:
        raise ExtractError("this is text, not a workbook", path.name, "Name it .csv, or save it as .xlsx.")


def refuse_workbook_as_text(path: Path) -> None:
    """Raise ExtractError for a workbook or web page that is named as text."""
    start = _start(path)
    if start.startswith(OLE):
        refuse_false_workbook(path)
    if start.startswith(ZIP):
        raise ExtractError(
            "this is a workbook under the name of a text file",
            path.name,
            "Name it .xlsx, or save it as CSV UTF-8.",
        )
    if start.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(_MARKUP):
        raise ExtractError("this is a web page or XML, not CSV", path.name, "Export it again as CSV UTF-8.")


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(512)


def _refuse_other_archive(path: Path) -> None:
    """Name an OpenDocument or binary workbook; what cannot be opened at all is told by who opens it."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        kind = archive.read("mimetype") if "mimetype" in names else b""
        if kind.startswith(_OPEN_DOCUMENT):
            manifest = archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in names else b""
            if b"encryption-data" in manifest or "encrypted-package" in names:
                raise ExtractError(PASSWORD, path.name, UNLOCK)
            raise ExtractError("this is an OpenDocument file (.ods) under another name", path.name, AS_XLSX)
    if "xl/workbook.bin" in names:
        raise ExtractError("this is a binary workbook (.xlsb) under another name", path.name, AS_XLSX)
