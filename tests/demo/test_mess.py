"""Every mess that is promised stands in the last month's files, and in no other."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from opti_reports.demo import MESS, Mess, generate
from opti_reports.demo.layout import LAYOUTS, Layout
from tests.demo.reading import ORGANISATION, files_of

MONTH = "2025-04"


@pytest.fixture(scope="module")
def messy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("messy")
    generate(target, MONTH, organisation_file=ORGANISATION, months=2, scale=0.005, mess=True)
    return target


def _lines(target: Path, layout: Layout) -> list[list[str]]:
    """The cells of the lines under the header of the file that holds the mess."""
    path = files_of(target, layout.source, MONTH)[0]
    encoding = "cp1252" if layout.source == "client_feedback" else layout.encoding
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.reader(file, delimiter=layout.delimiter))[1:]


def _hits(target: Path, mess: Mess) -> int:
    """Rows that show this mess."""
    layout = LAYOUTS[mess.source]
    names = [column.name for column in layout.columns]
    lines = [line for line in _lines(target, layout) if line]
    if mess.columns:
        return sum(len(line) == len(names) + mess.columns for line in lines)
    wanted = [(names.index(name), value) for name, value in mess.cells.items()]
    rows = [tuple(line) for line in lines if len(line) == len(names) and all(line[i] == v for i, v in wanted)]
    if not mess.key:
        return len(rows)
    times = Counter(line[0] for line in lines)
    whole = Counter(map(tuple, lines))
    twice = [row for row in set(rows) if times[row[0]] == 2]
    return sum((whole[row] == 2) == (not mess.cells) for row in twice if whole[row] == 2 or mess.cells)


@pytest.mark.parametrize("mess", [item for item in MESS if item.rows], ids=lambda m: f"{m.source}: {m.what}")
def test_mess_is_there(messy: Path, mess: Mess) -> None:
    assert _hits(messy, mess) == mess.rows


@pytest.mark.parametrize(
    "mess", [item for item in MESS if not item.rows], ids=lambda m: f"{m.source}: {m.what}"
)
def test_missing_sources_are_missing(messy: Path, mess: Mess) -> None:
    assert not files_of(messy, mess.source, MONTH)
    assert files_of(messy, mess.source, "2025-03")


def test_feedback_has_signs_that_latin_1_lacks(messy: Path) -> None:
    content = files_of(messy, "client_feedback", MONTH)[0].read_bytes()
    assert b"\x80" in content
    assert b"\x94" in content
    with pytest.raises(UnicodeDecodeError):
        content.decode("utf-8")


def test_blank_lines_stand_before_the_summary(messy: Path) -> None:
    lines = _lines(messy, LAYOUTS["hr_monthly"])
    assert lines[-4:-1] == [[], [], []]
    assert lines[-1][0] == "Yhteensä"
