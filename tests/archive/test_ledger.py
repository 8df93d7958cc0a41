"""The ledger names the line at which it was tampered with."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from opti_reports.archive import ledger
from opti_reports.errors import ArchiveError
from opti_reports.messages.sentences import sentence
from tests.workspaces import ROOT

AT = "2026-09-15T10:00:00+03:00"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """An archive folder whose ledger has four lines."""
    for number in range(1, 5):
        ledger.record(tmp_path, "sent", {"pack": "unit", "org": "lohja", "number": number, "ä": "ö"}, AT)
    return tmp_path


def lines(book: Path) -> list[bytes]:
    return (book / ledger.NAME).read_bytes().splitlines(keepends=True)


def faults(book: Path) -> tuple[str, ...]:
    return tuple(map(sentence, ledger.walk(book).faults))


def put(book: Path, content: list[bytes]) -> tuple[str, ...]:
    """Put other lines in the ledger and walk it."""
    path = book / ledger.NAME
    path.chmod(0o644)
    path.write_bytes(b"".join(content))
    return faults(book)


def test_an_untouched_ledger_is_a_chain(book: Path) -> None:
    found = ledger.walk(book)
    assert found.faults == ()
    assert [line.no for line in found.lines] == [1, 2, 3, 4]
    assert found.lines[0].before == "0" * 64
    assert [line.before for line in found.lines[1:]] == [line.hash for line in found.lines[:-1]]
    assert found.head == found.lines[-1].hash
    assert found.lines[2].payload["number"] == 3


def test_a_line_is_checked_by_any_tool(book: Path) -> None:
    for raw in lines(book):
        own = json.loads(raw)["hash"]
        rest = re.sub(rb'^\{"hash":"[0-9a-f]{64}",', b"{", raw.rstrip(b"\n"))
        assert hashlib.sha256(rest).hexdigest() == own


def test_the_shell_of_the_auditors_page_checks_every_line(book: Path) -> None:
    page = (ROOT / "docs/auditor.md").read_text(encoding="utf-8")
    (shell,) = [block for block in page.split("```") if "while read" in block]

    def columns() -> list[bool]:
        done = subprocess.run(
            ["bash", "-c", shell], cwd=book, capture_output=True, encoding="utf-8", check=True
        )
        return [own == made for own, made in (line.split() for line in done.stdout.splitlines())]

    assert columns() == [True] * 4
    content = lines(book)
    put(book, [*content[:2], content[2].replace(b"lohja", b"hanko"), content[3]])
    assert columns() == [True, True, False, True]


@pytest.mark.parametrize("place", [1, 2, 4])
def test_an_edited_line_is_named(book: Path, place: int) -> None:
    content = lines(book)
    content[place - 1] = content[place - 1].replace(b"lohja", b"hanko")
    assert put(book, content) == (f"ledger.jsonl: line {place} was changed: it is not what its hash says",)


def test_an_edited_line_with_a_hash_that_fits_breaks_the_chain(book: Path) -> None:
    content = lines(book)
    rest = re.sub(rb'^\{"hash":"[0-9a-f]{64}",', b"{", content[1].rstrip(b"\n")).replace(b"lohja", b"hanko")
    own = hashlib.sha256(rest).hexdigest().encode()
    content[1] = b'{"hash":"' + own + b'",' + rest[1:] + b"\n"
    assert put(book, content) == ("ledger.jsonl: line 3 does not follow the line before it",)


def test_a_removed_line_is_told(book: Path) -> None:
    content = lines(book)
    assert put(book, [content[0], *content[2:]]) == (
        "ledger.jsonl: line 2 is number 3 after 1: lines are missing or moved",
    )


def test_a_removed_first_line_is_told(book: Path) -> None:
    assert put(book, lines(book)[1:]) == (
        "ledger.jsonl: line 1 is number 2 after 0: lines are missing or moved",
    )


def test_lines_in_another_order_are_told(book: Path) -> None:
    first, second, third, fourth = lines(book)
    assert put(book, [first, third, second, fourth]) == (
        "ledger.jsonl: line 2 is number 3 after 1: lines are missing or moved",
        "ledger.jsonl: line 3 is number 2 after 3: lines are missing or moved",
        "ledger.jsonl: line 4 is number 4 after 2: lines are missing or moved",
    )


def test_a_cut_line_is_told(book: Path) -> None:
    content = lines(book)
    cut = ("ledger.jsonl: line 4 has no line end: it was cut short, or added by hand",)
    assert put(book, [*content[:3], content[3][:-20]]) == cut
    assert put(book, [*content[:3], content[3][:-1]]) == cut


def test_nothing_is_added_to_a_ledger_that_is_not_whole(book: Path) -> None:
    content = lines(book)
    for spoilt in (
        [*content[:3], content[3][:-1]],
        [*content[:3], content[3], b"\x85"],
        [*content[:2], content[3]],
        [content[0].replace(b"lohja", b"hanko"), *content[1:]],
    ):
        said = put(book, spoilt)
        before = (book / ledger.NAME).read_bytes()
        with pytest.raises(ArchiveError) as caught:
            ledger.record(book, "sent", {}, AT)
        assert caught.value.what == "\n  ".join(said)
        assert caught.value.fix.startswith("Nothing was written. Bring the ledger back from a copy")
        assert (book / ledger.NAME).read_bytes() == before


def test_a_ledger_that_is_a_link_or_a_pipe_is_not_followed(book: Path) -> None:
    path = book / ledger.NAME
    path.rename(book / "other.jsonl")
    path.symlink_to(book / "other.jsonl")
    assert faults(book) == ("ledger.jsonl: is no file of its own: it is not followed",)
    path.unlink()
    os.mkfifo(path)
    assert faults(book) == ("ledger.jsonl: is no file of its own: it is not followed",)


def test_several_lines_come_together(book: Path) -> None:
    head = ledger.record_all(book, [("released", {"a": 1}), ("targets_changed", {"b": 2})], AT)
    found = ledger.walk(book)
    assert found.faults == ()
    assert [line.kind for line in found.lines[4:]] == ["released", "targets_changed"]
    assert found.head == head


def test_a_clock_that_was_set_back_breaks_nothing(book: Path) -> None:
    ledger.record(book, "sent", {}, "2020-01-01T00:00:00+02:00")
    assert ledger.walk(book).faults == ()


def test_no_ledger_is_an_empty_one(tmp_path: Path) -> None:
    assert ledger.walk(tmp_path) == ledger.Walk((), ())
    assert ledger.walk(tmp_path).head == "0" * 64
