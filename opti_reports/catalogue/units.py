"""Which unit a source's code means in a month."""

from __future__ import annotations

from opti_reports.config.source import Source
from opti_reports.model.organisation import Organisation


def known_unit(organisation: Organisation, source: Source, code: str, month: int) -> str | None:
    """Return the unit that a code means; of an empty one whom the source counts it for; None if nobody."""
    return (organisation.resolve(source.system, code, month) if code else source.empty_unit) or None


def unit_of(organisation: Organisation, source: Source, code: str, month: int) -> str:
    """Return the unit that a code means, the unallocated one where nobody is known."""
    return known_unit(organisation, source, code, month) or organisation.unallocated
