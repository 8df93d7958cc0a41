"""A naive second implementation of the metrics, row by row, sharing no code with the product.

Every cell is computed from its own list of rows, before any masking. What is chosen where the
definitions leave room: a breakdown cell exists only where a row has its key (an empty cell is the
key ""); a metric of two sources counts the months that both cover; a cell that cannot be read, in
any column, rejects its row.
"""

from datetime import date
from pathlib import Path

from .access import access_cells
from .dates import month_number
from .guarantee import guarantee_cells
from .known import Known
from .methods import method_cells
from .money import money_cells
from .quality import quality_cells
from .staff import staff_cells
from .table import Cell, Cells, Key
from .visits import visit_cells

__all__ = ["Cell", "Key", "compute"]


def compute(data: Path, organisation: Path, month: str, history_from: str | None = None) -> dict[Key, Cell]:
    """Compute every metric and companion figure as known in a data month.

    Parameters
    ----------
    data
        The folder of the data months (``2026-08/puhelut.csv`` …).
    organisation
        The organisation file.
    month
        The data month, ``2026-08``; later deliveries are not read.
    history_from
        The first month to give values for; the first delivered one when left out.

    Raises
    ------
    ValueError
        When a file lacks a required column or is no text.
    """
    known = Known(data, organisation, month_number(month))
    cells: Cells = {
        **access_cells(known),
        **visit_cells(known),
        **guarantee_cells(known),
        **quality_cells(known),
        **staff_cells(known),
        **money_cells(known),
        **method_cells(known),
    }
    if history_from is None:
        return cells
    return {key: cell for key, cell in cells.items() if _last_month(key) >= history_from}


def _last_month(key: Key) -> str:
    """Return the month that a cell's period ends in; weeks belong to the month of their Thursday."""
    if key.kind == "iso_week":
        year, week = key.period.split("-W")
        return date.fromisocalendar(int(year), int(week), 4).isoformat()[:7]
    if key.kind == "tertial":
        year, tertial = key.period.split("-T")
        return f"{year}-{int(tertial) * 4:02d}"
    return key.period
