"""Terms of facts as metrics write them: one by itself or several that are added, each under its key."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from pydantic import BeforeValidator, Field

from opti_reports.algebra.term import Term, parse_term


def _listed(data: object) -> object:
    """Make a list of one of a single term."""
    return [data] if isinstance(data, str) else data


Terms = Annotated[tuple[str, ...], Field(min_length=1), BeforeValidator(_listed)]
"""Terms that are added; one may be written by itself."""


class Part(NamedTuple):
    """A term of a formula: the key it stands under, as it is written, what key of its fact it counts."""

    name: str
    text: str
    key: str | None = None

    @property
    def term(self) -> Term:
        """Return what it adds."""
        return parse_term(self.text)
