"""Headings of real exports matched to columns, ignoring case, spaces, underscores and å/ä/ö spelling."""

from __future__ import annotations

from dataclasses import dataclass

from opti_reports.algebra.expression import suggestion
from opti_reports.config.source import Source, fold
from opti_reports.errors import ExtractError

REFUSED = frozenset(
    {
        "hetu",
        "henkilotunnus",
        "sotu",
        "sosiaaliturvatunnus",
        "syntymaaika",
        "nimi",
        "etunimi",
        "sukunimi",
        "puhelinnumero",
        "puhelin",
        "sahkoposti",
        "kuvaus",
        "vapaateksti",
        "personbeteckning",
        "personnummer",
        "namn",
        "fornamn",
        "efternamn",
        "telefonnummer",
        "epost",
        "fritext",
        "ssn",
        "name",
        "firstname",
        "lastname",
        "phonenumber",
        "email",
        "freetext",
    }
)


@dataclass(frozen=True)
class Headings:
    """A file's headings: the canonical name of each used column by position, and the ignored headings."""

    used: dict[int, str]
    ignored: tuple[str, ...]
    count: int


def spellings(source: Source) -> dict[str, str]:
    """Every heading a source's columns may have, folded, to the canonical name."""
    found = {fold(alias): name for name, column in source.column.items() for alias in column.aliases}
    return found | {fold(name): name for name in source.column}


def match(source: Source, cells: list[str], file: str) -> Headings:
    """Match a heading row. Raises ExtractError for private headings, doubled or missing columns."""
    known = spellings(source)
    used: dict[int, str] = {}
    for i, cell in enumerate(cells):
        name = known.get(fold(cell))
        if name is None:
            continue
        if name in used.values():
            raise ExtractError(
                f"two columns both mean '{name}' (the second is '{cell}')", file, "Remove one of them."
            )
        used[i] = name
    ignored = tuple(cell for i, cell in enumerate(cells) if i not in used and cell)
    private = [cell for cell in ignored if fold(cell) in REFUSED]
    if private:
        raise ExtractError(
            f"the column '{private[0]}' may hold personal data or free text; the file was not read",
            file,
            "Export it again without that column.",
        )
    missing = [
        name for name, column in source.column.items() if column.required and name not in used.values()
    ]
    if missing:
        aliases = ", ".join(source.column[missing[0]].aliases[:3])
        near = suggestion(missing[0], ignored).removeprefix(", ")
        raise ExtractError(
            f"the required column '{missing[0]}' is missing (headings like: {aliases or missing[0]})",
            file,
            f"The file's headings are: {', '.join(cells[:12])}"
            + (f"; {near}" if near.startswith("did") else ""),
        )
    return Headings(used, ignored, len(cells))
