"""Small files of the shipped sources, as their systems export them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from opti_reports.config.configs import Configs
from opti_reports.config.load import load
from opti_reports.extracts.gathered import Extract
from opti_reports.facts.build import Counted, Rows, count
from opti_reports.periods.months import parse_month
from tests.extracts.reading import MONTH, read_text

ROOT = Path(__file__).parents[2]


@cache
def configs() -> Configs:
    """The configs that come with the project."""
    return load(ROOT / "configs")


def read_source(folder: Path, source: str, content: str | bytes, extracted: str = "2026-04-15") -> Extract:
    """A file of a shipped source, read as a delivery of March 2026."""
    return read_text(folder, content, source=configs().sources[source], extracted=extracted)


def counted(folder: Path, source: str, content: str) -> Counted:
    """The facts and lists of such a delivery."""
    extract = read_source(folder, source, content)
    rows = Rows(
        columns=extract.rows,
        rank=extract.rank,
        size=extract.size,
        read=extract.read,
        rejects=extract.rejects,
        ignored=extract.ignored,
        lost=extract.lost,
        cells=extract.cells,
    )
    month = parse_month(MONTH)
    return count(configs().sources[source], month, configs().shapes, rows, configs().context(month))
