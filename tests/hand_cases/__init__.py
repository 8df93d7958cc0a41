"""Hand-computed cases: for each metric at most 20 lines of extract and the values worked out on paper.

A case is a TOML file named by its metric::

    metric = "calls_n"
    month = "2026-03"                    # the data month, and the folder of the files
    expect = [                           # kind and period default to "month" and the data month
        { org = "tapiola", numerator = "3", value = "3" },          # what is left out is not compared
        { metric = "removed_n", org = "tapiola", value = "none" },  # a companion figure; no value
    ]

    [[source]]
    id = "phone_contacts"
    header = "contact_id;unit_code;contact_kind;arrived_at;end_state"
    rows = ["p1;TA Tapiola;live_call;2026-03-01T00:00;answered"]

A source may name its own folder (``month``). A row that begins with ``30 x`` stands for 30 rows, in
which ``#`` is the running number.
"""

import csv
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

STEMS = {
    "phone_contacts": "puhelut",
    "digi_contacts": "digi",
    "avohilmo_events": "avohilmo",
    "t3_snapshots": "t3",
    "referrals": "lahetteet",
    "survey_responses": "kysely",
    "survey_invitations": "kutsut",
    "client_feedback": "palaute",
    "haipro_reports": "haipro",
    "legal_cases": "asiat",
    "action_register": "toimenpiteet",
    "resourcing_weekly": "resursointi",
    "hr_monthly": "hr",
    "wellbeing_survey": "tyohyvinvointi",
    "training_monthly": "koulutus",
    "students_term": "opiskelijat",
    "budget_monthly": "talous",
    "contracts": "sopimukset",
    "care_plans": "suunnitelmat",
    "method_use": "menetelmat",
    "own_pairs": "omaparit",
}


@dataclass(frozen=True)
class SourceRows:
    """The rows of one source in one delivery, as text under canonical column names."""

    source: str
    month: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Expected:
    """A cell worked out by hand: value None is no value, what else is None (or no state) is not stated."""

    metric: str
    org: str
    kind: str
    period: str
    breakdown: str
    key: str
    numerator: Fraction | None
    denominator: Fraction | None
    value: Fraction | None
    state: str


@dataclass(frozen=True)
class HandCase:
    """One metric's rows, data month and expected cells."""

    metric: str
    month: str
    sources: tuple[SourceRows, ...]
    expected: tuple[Expected, ...]


def load_cases() -> list[HandCase]:
    """Return every case of this folder, sorted by metric.

    Raises
    ------
    ValueError
        When a row has not as many cells as its header.
    """
    paths = sorted(Path(__file__).parent.glob("*.toml"))
    return [_case(tomllib.loads(path.read_text(encoding="utf-8"))) for path in paths]


def write_files(case: HandCase, data_dir: Path) -> None:
    """Write the case's rows as ``<data_dir>/<month>/<source file stem>.csv`` (semicolons, UTF-8)."""
    for source in case.sources:
        folder = data_dir / source.month
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / f"{STEMS[source.source]}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=";").writerows([source.header, *source.rows])


def _case(raw: dict[str, Any]) -> HandCase:
    metric, month = raw["metric"], raw["month"]
    return HandCase(
        metric=metric,
        month=month,
        sources=tuple(_source(table, month) for table in raw["source"]),
        expected=tuple(_expected(table, metric, month) for table in raw["expect"]),
    )


def _source(table: dict[str, Any], month: str) -> SourceRows:
    header = tuple(table["header"].split(";"))
    rows = tuple(tuple(line.split(";")) for text in table["rows"] for line in _repeated(text))
    if uneven := [row for row in rows if len(row) != len(header)]:
        raise ValueError(f"{table['id']}: {uneven[0]} has not {len(header)} cells as the header {header}")
    return SourceRows(table["id"], table.get("month", month), header, rows)


def _repeated(text: str) -> Iterator[str]:
    if match := re.match(r"(\d+) x ", text):
        yield from (text[match.end() :].replace("#", str(n + 1)) for n in range(int(match[1])))
    else:
        yield text


def _expected(table: dict[str, str], metric: str, month: str) -> Expected:
    def number(name: str) -> Fraction | None:
        text = table.get(name, "none")
        return None if text == "none" else Fraction(text)

    return Expected(
        metric=table.get("metric", metric),
        org=table["org"],
        kind=table.get("kind", "month"),
        period=table.get("period", month),
        breakdown=table.get("breakdown", ""),
        key=table.get("key", ""),
        numerator=number("numerator"),
        denominator=number("denominator"),
        value=number("value"),
        state=table.get("state", ""),
    )
