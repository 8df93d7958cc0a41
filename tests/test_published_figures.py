"""Each figure that residents read is the one that the naive second implementation works out.

Pages are read as they are written for a browser, configs as TOML; nothing comes from the program.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from tests import oracle
from tests.oracle import Cell, Key
from tests.pipeline import ROOT
from tests.workspaces import LAST

WHOLE = "avosairaanhoito"
NUMBER = re.compile(r"−?\d[\d\u00a0]*(?:,\d+)?")
CASES = re.compile(r"(?:^|\()([\d\u00a0]+)/([\d\u00a0]+)")
FEW = "(liian vähän)"
"""Stands behind the cases of a limit where they are too few for a rate."""
WORDS = ("ei näytetä", "liian vähän", "ei yhtään", "ei tietoa", "–", "suojattu")
"""What may stand in place of a figure."""
Rows = list[tuple[str, ...]]


def toml(name: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / "configs" / name).read_text(encoding="utf-8"))


def tables(page: Path) -> dict[str, Rows]:
    """Every table by its caption, its head first."""
    found: dict[str, Rows] = {}
    for one in html.document_fromstring(page.read_bytes()).iter("table"):
        rows = [tuple("".join(map(str, cell.itertext())) for cell in row) for row in one.iter("tr")]
        found[one.findtext("caption") or ""] = [
            tuple(text.replace("\u00ad", "").strip() for text in row) for row in rows
        ]
    return found


def blocks(pack: str, kind: str) -> Iterator[dict[str, Any]]:
    sections = toml(f"packs/{pack}.toml")["section"]
    yield from (block for section in sections for block in section["block"] if block["kind"] == kind)


def number(text: str) -> Decimal:
    return Decimal(text.replace("\u00a0", "").replace("−", "-").replace(",", "."))


def as_shown(value: Fraction, like: Decimal) -> Decimal:
    """A value with as many decimals as the page gives it."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal(1).scaleb(like.as_tuple().exponent), ROUND_HALF_UP)  # type: ignore[arg-type]


def wrong(text: str, cell: Cell | None) -> bool:
    """Whether a text does not say what was worked out."""
    if text.startswith(WORDS):
        return False
    if cell is None or cell.value is None:
        return True
    cases = CASES.search(text)
    # Of person-days the page tells whole ones.
    told = [number(part) for part in cases.groups()] if cases else []
    parts = [as_shown(part, Decimal(1)) for part in (cell.numerator, cell.denominator) if part is not None]
    if text.endswith(FEW):
        return told != parts
    shown = NUMBER.search(text)
    return (
        shown is None or number(shown[0]) != as_shown(cell.value, number(shown[0])) or told not in ([], parts)
    )


@pytest.fixture(scope="module")
def cells(shipped_run: Path) -> dict[Key, Cell]:
    return oracle.compute(shipped_run / "data", ROOT / "configs/organisation.toml", LAST)


def cell(cells: dict[Key, Cell], metric: str, org: str, *periods: tuple[str, str]) -> Cell | None:
    """The newest figure of a metric in the first kind of period that has any."""
    found = (cells.get(Key(metric, org, kind, period, "", "")) for kind, period in periods)
    return next((one for one in found if one is not None), None)


@pytest.fixture(scope="module")
def packs(shipped_run: Path) -> Path:
    return shipped_run / "output" / LAST / "packs"


def test_each_result_of_the_chapter_is_worked_out_again(packs: Path, cells: dict[Key, Cell]) -> None:
    found = tables(packs / "public" / f"{WHOLE}.fi.html")
    tried, off = 0, []
    for block in blocks("public", "figures"):
        rows = {row[0]: row[1:] for row in found[block["title"]["fi"]][1:]}
        for one in block["row"]:
            if one["name"]["fi"] not in rows:
                continue  # the small demo has nothing of it
            text = rows[one["name"]["fi"]][0]
            own = cell(
                cells, one["metric"], WHOLE, ("tertial", "2026-T2"), ("rolling_12m", LAST), ("month", LAST)
            )
            tried += not text.startswith(WORDS)
            off += [(one["metric"], text, own)] if wrong(text, own) else []
    assert off == []
    assert tried >= 10


def test_what_cases_are_about_is_counted_again(packs: Path, cells: dict[Key, Cell]) -> None:
    found = tables(packs / "public" / f"{WHOLE}.fi.html")
    names = toml("labels/fi.toml")["code"]
    tried, off = 0, []
    for block in blocks("public", "counts"):
        (by,) = block["keys"]
        codes = {label.casefold(): code for code, label in names.get(by, {}).items()}
        head, *rows = found.get(block["title"]["fi"], [()])
        for row in rows:
            for period, text in zip(head[1:], row[1:], strict=True):
                month = re.sub(r".*–(\d+)/(\d+)", lambda m: f"{m[2]}-{int(m[1]):02d}", period)
                whole = row[0] in ("Yhteensä", "Kaikki")
                key = "" if whole else codes.get(row[0].casefold(), "?")
                split = "" if whole else by
                if row[0] == "Ei kirjattu":
                    key = ""
                own = cells.get(Key(block["metric"], WHOLE, "rolling_12m", month, split, key))
                tried += not text.startswith(WORDS)
                off += [(block["metric"], row[0], text, own)] if wrong(text, own) else []
    assert off == []
    assert tried >= 5


def test_each_station_s_access_times_are_worked_out_again(packs: Path, cells: dict[Key, Cell]) -> None:
    (block,) = blocks("public_access", "figures")
    found = tables(packs / "public_access" / f"{WHOLE}.fi.html")[block["title"]["fi"]]
    units = {unit["name"]["fi"]: unit["id"] for unit in toml("organisation.toml")["unit"] if "name" in unit}
    tried, off = 0, []
    for name, *texts in found[1:-1]:
        for one, text in zip(block["row"], texts, strict=True):
            own = cell(cells, one["metric"], units[name], ("month", LAST))
            tried += not text.startswith(WORDS)
            off += [(name, one["metric"], text, own)] if wrong(text, own) else []
    assert off == []
    assert tried >= 15


def test_what_was_done_and_what_is_in_order_are_as_the_registers_say(packs: Path) -> None:
    found = tables(packs / "public" / f"{WHOLE}.fi.html")
    (block,) = blocks("public", "in_order")
    head, *rows = found[block["title"]["fi"]]
    assert head[1] == "Yksiköitä"
    for _, text in rows:
        kept, units = map(int, text.split("/"))
        assert 0 <= kept <= units == 17
    assert len(rows) == len(block["item"])


def test_both_languages_show_the_same_figures(packs: Path) -> None:
    for pack in ("public", "public_access"):
        ours, theirs = (
            [
                NUMBER.findall(" ".join(row[1:]))
                for rows in tables(packs / pack / f"{WHOLE}.{language}.html").values()
                for row in rows[1:]
            ]
            for language in ("fi", "sv")
        )
        assert ours
        assert ours == theirs
