"""A large file is read a little ahead of its rows, and whole."""

from __future__ import annotations

import time
from pathlib import Path

from pyarrow import csv

from opti_reports.extracts.paced import AHEAD, PATIENCE, Paced
from opti_reports.extracts.pieces import Skipped, open_file, pieces
from tests.extracts.reading import SOURCE

BLOCK = 1 << 12
OPTIONS = csv.ReadOptions(use_threads=False, block_size=BLOCK, column_names=["a", "b"])


class Counting(Paced):
    """Counts how often it is read."""

    reads = 0

    def read(self, size: int) -> bytes:
        """Count, and read."""
        block = super().read(size)
        self.reads += 1
        return block


def test_blocks_are_read_only_a_little_ahead_of_their_use(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("".join(f"{row};{'x' * 40}\n" for row in range(3000)), encoding="utf-8")
    found: list[int] = []
    with Counting(path) as file:
        for number, batch in enumerate(csv.open_csv(file, OPTIONS, csv.ParseOptions(delimiter=";"))):
            assert file.reads <= AHEAD + number + 1
            found += batch.column(0).to_pylist()
            file.used()
    assert found == list(range(3000))
    assert file.closed


def test_a_file_that_is_given_up_keeps_nobody_waiting(tmp_path: Path) -> None:
    path = tmp_path / "visits1.csv"
    rows = (f"v{row};A;2026-03-01;{'x' * 200}" for row in range(200_000))
    path.write_text("\n".join(["visit_id;unit_code;arrived_at;title", *rows]) + "\n", encoding="utf-8")
    begun = time.monotonic()
    found = pieces(SOURCE, open_file(SOURCE, path), Skipped())
    assert len(next(found).lines)
    time.sleep(0.2)  # the reader waits for a fourth block
    del found
    assert time.monotonic() - begun < PATIENCE / 2
