"""Hostile files: whatever they hold, they are read whole or refused with an ExtractError; no row is lost."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from opti_reports.errors import ExtractError
from opti_reports.extracts.gathered import Extract
from tests.extracts.reading import HEADER, read_files, read_text
from tests.extracts.test_workbooks import workbook

ROW = "v1;A;2026-03-01;call;1,5;5;kyllä;palaute;otsikko"
HEADINGS = f"{HEADER};kind;cost;persons;urgent;said;title"
CELLS = st.sampled_from(
    ["", " ", "v1", "v2", "A", "2026-03-01", "2026-03-01 03:30", "31.2.2026", "call", "1,5", "-1", "1e9",
     "kyllä", '"', '""', '"x', 'x"', "'", "a;b", "a\tb", "\r", "\n", "\r\n", "\u2028", "\ufeff", "\u200b",
     "\x1a", "=1+1", "010190-123A", "\ufffd", "ä", "€", "T", "46086.5"]
)  # fmt: skip


def _workbook() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return workbook(
            Path(folder) / "visits.xlsx", HEADER.split(";"), ["v1", "A", "2026-03-01"]
        ).read_bytes()


WORKBOOK = _workbook()


def tried(content: bytes) -> Extract | None:
    """The extract, or None when the file is refused; ``read_text`` checks the sum of the rows."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            return read_text(Path(folder), content)
        except ExtractError:
            return None


@given(st.binary(max_size=300))
@example(b"\xff\xfe")
@example(b"\xef\xbb\xbf")
@example(b"\x1f\x8b\x08")
@example(b'"')
@example(b";\n;")
def test_random_bytes_are_refused(content: bytes) -> None:
    assert tried(content) is None


@given(st.binary(max_size=200))
def test_random_bytes_below_good_headings(content: bytes) -> None:
    extract = tried(HEADINGS.encode() + b"\n" + content)
    assert extract is None or extract.size == 0


@given(st.lists(st.lists(CELLS, min_size=1, max_size=11), max_size=8), st.sampled_from(["\n", "\r\n", "\r"]))
@example([["v1", "A", "2026-03-01", "call", "1,5", "5", '"', "", ""], ["v2"]], "\n")
def test_garbled_rows_among_good_ones(rows: list[list[str]], end: str) -> None:
    lines = [HEADINGS, ROW.replace("v1", "good"), *(";".join(row) for row in rows), ""]
    for encoding in ("utf-8", "utf-16"):
        tried(end.join(lines).encode(encoding))


@given(st.binary(max_size=20), st.integers(0, 400), st.integers(0, 30))
def test_a_file_damaged_in_transport(junk: bytes, place: int, lost: int) -> None:
    whole = "\n".join([HEADINGS, *(ROW.replace("v1", f"v{i}") for i in range(6)), ""]).encode()
    tried(whole[:place] + junk + whole[place + lost :])


@given(st.integers(0, 6000), st.binary(max_size=40))
@example(5718, b"\0@")  # a version of the format that does not exist
def test_a_damaged_workbook(place: int, junk: bytes) -> None:
    damaged = WORKBOOK[:place] + junk + WORKBOOK[place + len(junk) :]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "visits.xlsx"
        path.write_bytes(damaged)
        try:
            extract = read_files(path)
        except ExtractError:
            return
        assert extract.read <= 1
