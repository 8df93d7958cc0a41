"""A large file is read a little ahead of its rows, and whole."""

from __future__ import annotations

from pathlib import Path

from pyarrow import csv

from opti_reports.extracts.paced import AHEAD, Paced

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
