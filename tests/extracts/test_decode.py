"""Encodings, delimiters and files that are no text."""

from __future__ import annotations

from pathlib import Path

import pytest

from opti_reports.errors import ExtractError
from opti_reports.extracts import pieces
from tests.extracts.reading import HEADER, column, read_text

ROWS = "visit_id;yksikkö;saapunut\nä1;Tapiolan terveysasema;2026-03-01 10:00\nö–2;Hangö;1.3.2026 11.30\n"
NO_TEXT = "the file is neither UTF-8, UTF-16 nor Windows-1252 text\n  Export it again as CSV UTF-8."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_encoding_gives_the_same_rows(tmp_path: Path, encoding: str) -> None:
    extract = read_text(tmp_path, ROWS.encode(encoding))
    assert column(extract, "visit_id") == ["ä1", "ö–2"]
    assert column(extract, "unit_code") == ["Tapiolan terveysasema", "Hangö"]


@pytest.mark.parametrize(("mark", "encoding"), [(b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")])
def test_both_byte_orders_are_read(tmp_path: Path, mark: bytes, encoding: str) -> None:
    assert column(read_text(tmp_path, mark + ROWS.encode(encoding)), "visit_id") == ["ä1", "ö–2"]


def test_windows_signs_keep_their_meaning(tmp_path: Path) -> None:
    # € and curly quotes are control characters in Latin-1 but signs in Windows-1252.
    extract = read_text(tmp_path, f"{HEADER}\n5 €;“Tapiola”;2026-03-01\n".encode("cp1252"))
    assert column(extract, "visit_id") == ["5 €"]
    assert column(extract, "unit_code") == ["“Tapiola”"]


@pytest.mark.parametrize("byte", [0x81, 0x8D, 0x8F, 0x90, 0x9D])
def test_bytes_that_no_encoding_has_are_refused(tmp_path: Path, byte: int) -> None:
    with pytest.raises(ExtractError) as caught:
        read_text(tmp_path, HEADER.encode() + b"\nv1;Tapiola " + bytes([byte]) + b";2026-03-01\n")
    assert str(caught.value) == f"visits1.csv: {NO_TEXT}"


@pytest.mark.parametrize(
    "content",
    [
        HEADER.encode() + b"\nv1;Tapiola\0;2026-03-01\n",
        (HEADER + "\nv1;Tapiola;2026-03-01\n").encode("utf-16-le"),  # without its mark
        b"\xff\xfe\0\0" + (HEADER + "\n").encode("utf-32-le"),
    ],
)
def test_a_file_with_nul_characters_is_no_text(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ExtractError) as caught:
        read_text(tmp_path, content)
    assert str(caught.value) == (
        "visits1.csv: the file holds NUL characters\n  It is not text; export it again as CSV."
    )


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe" + HEADER.encode("utf-16-le") + b"\n",  # half a character at the end
        b"\xef\xbb\xbf" + HEADER.encode() + b"\nv1;\xe4;2026-03-01\n",  # marked UTF-8, but is not
    ],
)
def test_a_file_that_breaks_its_own_mark_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ExtractError) as caught:
        read_text(tmp_path, content)
    assert str(caught.value) == f"visits1.csv: {NO_TEXT}"


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_the_delimiter_is_the_one_that_gives_known_headings(tmp_path: Path, delimiter: str) -> None:
    cells = [["Visit No.", "enhet", "arrived"], ["v1", '"Tapiola; Hagalund, etelä"', "2026-03-01"]]
    extract = read_text(tmp_path, "\n".join(delimiter.join(row) for row in cells) + "\n")
    assert column(extract, "unit_code") == ["Tapiola; Hagalund, etelä"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_is_read(tmp_path: Path, end: str) -> None:
    text = end.join([HEADER, "v1;A;2026-03-01", "v2;A;2026-03-02"])
    assert column(read_text(tmp_path, text + end), "visit_id") == ["v1", "v2"]
    assert column(read_text(tmp_path, text), "visit_id") == ["v1", "v2"]


@pytest.mark.parametrize("content", ["", "\n\n", "  \r\n"])
def test_an_empty_file_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(ExtractError) as caught:
        read_text(tmp_path, content)
    assert str(caught.value) == "visits1.csv: the file is empty\n  Deliver the file again."


@pytest.mark.parametrize("content", [HEADER, HEADER + "\n", f"\n\n{HEADER}\n", f"{HEADER}\n;;\n\n"])
def test_headings_alone_are_a_delivery_without_rows(tmp_path: Path, content: str) -> None:
    extract = read_text(tmp_path, content)
    assert (extract.read, extract.size, extract.rejects) == (0, 0, ())


def test_a_heading_row_beyond_reason_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExtractError, match="the heading row cannot be read"):
        read_text(tmp_path, f"{HEADER};{'x' * 200_000}\n")


def test_a_row_beyond_reason_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "BLOCK", 1 << 20)
    with pytest.raises(ExtractError) as caught:
        read_text(tmp_path, f"{HEADER}\nv1;{'x' * (3 << 20)};2026-03-01\nv2;A;2026-03-01\n")
    assert str(caught.value) == (
        "visits1.csv: the file has a row of more than 1 MB, or a quotation mark that is never closed\n"
        "  Export it again as CSV UTF-8."
    )
