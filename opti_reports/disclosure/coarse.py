"""The last resort: figures that cannot be protected one by one are withheld together, so that a run always
ends.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum

from opti_reports.disclosure.publication import Cell, Cells, Earlier, Place, Published


class Detail(Enum):
    """What of the figures that sums connect may be shown, the finest first."""

    ALL = "all"
    HEADLINES = "headlines"
    """No breakdown: its keys are joined."""
    NOTHING = "nothing"

    def __contains__(self, cell: Cell) -> bool:
        """Return whether a figure may be shown."""
        return self is Detail.ALL or (self is Detail.HEADLINES and not cell[2])

    def of(self, published: Published, always: Callable[[Place], bool]) -> Published:
        """Return the figures that may be shown, and those that ``always`` are."""
        return {
            id: {cell: value for cell, value in cells.items() if cell in self or always((id, cell))}
            for id, cells in published.items()
        }

    def before(self, earlier: Earlier) -> Earlier:
        """Return an earlier publication without breakdowns of which it showed nothing: nobody learns from
        those.
        """
        if self is Detail.ALL:
            return earlier
        blank = {id: _blank(cells) for id, cells in earlier.shown.items()}
        exact = None if earlier.exact is None else _without(earlier.exact, blank)
        return Earlier(_without(earlier.shown, blank), exact, earlier.tree)


def _blank(cells: Cells) -> set[str]:
    """Return the breakdowns all of whose figures are withheld."""
    shown = {cell[2] for cell, value in cells.items() if value.state != "withheld"}
    return {cell[2] for cell in cells if cell[2]} - shown


def _without(published: Published, blank: Mapping[str, set[str]]) -> Published:
    return {
        id: {cell: value for cell, value in cells.items() if cell[2] not in blank.get(id, ())}
        for id, cells in published.items()
    }
