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


def refuse_false_workbook(path: Path) -> None:
    """Raise ExtractError for a locked workbook, and for what is named .xlsx and is something else."""
    start = _start(path)
    if start.startswith(OLE):
        content = path.read_bytes()
        if _ENCRYPTED in content or (_LOCKED_XLS in content[:16384]):
            raise ExtractError("disguise.password", path.name)
        raise ExtractError("disguise.xls", path.name)
    if start.startswith(ZIP):
        _refuse_other_archive(path)
    elif start.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(_MARKUP):
        raise ExtractError("disguise.page_no_workbook", path.name)
    elif start and b"\0" not in start:
        raise ExtractError("disguise.text_no_workbook", path.name)


def refuse_workbook_as_text(path: Path) -> None:
    """Raise ExtractError for a workbook or web page that is named as text."""
    start = _start(path)
    if start.startswith(OLE):
        refuse_false_workbook(path)
    if start.startswith(ZIP):
        raise ExtractError("disguise.workbook_no_text", path.name)
    if start.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(_MARKUP):
        raise ExtractError("disguise.page_no_text", path.name)


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(512)


def _refuse_other_archive(path: Path) -> None:
    """Name an OpenDocument or binary workbook; what cannot be opened at all is named by who opens it."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        kind = archive.read("mimetype") if "mimetype" in names else b""
        if kind.startswith(_OPEN_DOCUMENT):
            manifest = archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in names else b""
            if b"encryption-data" in manifest or "encrypted-package" in names:
                raise ExtractError("disguise.password", path.name)
            raise ExtractError("disguise.ods", path.name)
    if "xl/workbook.bin" in names:
        raise ExtractError("disguise.xlsb", path.name)
