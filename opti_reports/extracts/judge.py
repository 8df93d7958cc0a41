"""What reading a delivery is held against beside its own source: the guards, the units, the roles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from opti_reports.config.guards import Guards
from opti_reports.config.source import Source
from opti_reports.extracts.totals import Labels, labels, unit_of_key
from opti_reports.model.organisation import Organisation
from opti_reports.model.role import Roles

PLAIN, NOBODY = Guards(), Roles()


@dataclass(frozen=True)
class Judge:
    """The guards, the organisation and what tells a role from a name.

    Without an organisation no row is taken for the sum of others.
    """

    guards: Guards = PLAIN
    organisation: Organisation | None = None
    roles: Roles = NOBODY

    def labels(self, source: Source) -> Labels:
        """Return the words by which rows of a source are no data."""
        return labels(self.guards, self.organisation, source.system)

    def basis(self, source: Source) -> list[Any]:
        """Return what the rows used of a source depend on (as JSON): a new unit reads only files of counts
        anew.
        """
        units = []
        if self.organisation and unit_of_key(source):
            for unit in self.organisation.units:
                codes = unit.codes.get(source.system, ())
                units.append([unit.id, unit.parent, unit.first, unit.last, unit.successor, codes, unit.names])
        apart: list[Any] = []
        if any(column.type == "role" for column in source.column.values()):
            apart = [self.roles.endings, sorted(self.roles.known), sorted(self.roles.words)]
        return [sorted(self.labels(source).real), self.guards.model_dump(mode="json"), units, apart]
