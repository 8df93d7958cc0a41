"""Totals, averages and notes in a file of counts: recognised, not counted, and told."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from opti_reports.config.guards import Guards
from opti_reports.config.source import Source
from opti_reports.extracts.gathered import Extract
from opti_reports.extracts.judge import Judge
from opti_reports.extracts.read import read
from opti_reports.model.delivery import Delivery
from opti_reports.model.organisation import Organisation, Unit
from opti_reports.periods.months import last_date, parse_month
from tests.extracts.reading import MONTH, SECRET, context
from tests.extracts.shipped import configs

LEDGER = Source.model_validate(
    tomllib.loads(
        """
id            = "ledger"
name          = { fi = "Talous" }
system        = "ledger"
files         = ["ledger*.csv", "ledger*.xlsx"]
presence      = "lagging"
owner_role    = { fi = "Controller" }
due           = { working_day = 15 }
date          = "month"
key           = ["unit_code", "month", "account"]
window_months = 12

[column]
unit_code = { type = "code", required = true, aliases = ["yksikkö"] }
month     = { type = "month", required = true, aliases = ["kausi"] }
actual    = { type = "eur", aliases = ["toteuma"] }

[column.account]
type     = "enum"
required = true
codes    = ["staff", "rent"]

[[fact]]
id    = "ledger"
since = "month"
unit  = "unit_code"
by    = ["account"]

[fact.measure]
actual = "actual"
"""
    )
)
HEAD = "yksikkö;kausi;account;toteuma"
ROWS = ("A;2026-03;staff;100,00", "B;2026-03;staff;50,50", "Summa;2026-03;staff;9,00", "A;2026-03;rent;7,00")
"""A village called Summa has a unit of its own."""


def unit(id: str, parent: str | None, *codes: str) -> Unit:
    """A unit that has always been."""
    names = {"fi": f"Yksikkö {id}"}
    return Unit(
        id=id,
        level="unit" if parent else "whole",
        type="",
        parent=parent,
        names=names,
        first=0,
        last=None,
        successor=None,
        small_staff_group=False,
        codes={"ledger": codes},
    )


ORGANISATION = Organisation(
    ("whole", "unit"),
    {},
    (
        unit("whole", None, "KOKO"),
        unit("a", "whole", "A"),
        unit("b", "whole", "B"),
        unit("summa", "whole", "Summa"),
    ),
    "summa",
)
JUDGE = Judge(configs().guards, ORGANISATION)


def ledger(folder: Path, *lines: str, judge: Judge = JUDGE) -> Extract:
    """The rows of a file with the rows of ``ROWS`` first."""
    path = folder / "ledger.csv"
    path.write_text("\n".join([HEAD, *ROWS, *lines, ""]), encoding="utf-8")
    delivery = Delivery(
        source="ledger",
        month=parse_month(MONTH),
        files=(path,),
        hashes=("",),
        extracted_on=last_date(parse_month(MONTH)),
    )
    return read(LEDGER, delivery, context(), SECRET, judge)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Yhteensä;2026-03;staff;159,50", "total_row"),
        ("YHTEENSÄ:;;;166,50", "total_row"),
        ("Kaikki yhteensä;;;", "total_row"),
        ("Yksikkö A yhteensä;2026-03;staff;107,00", "total_row"),
        ("Summa yhteensä;2026-03;staff;9,00", "total_row"),
        ("Totalt;2026-03;staff;159,50", "total_row"),
        ("Hela området;2026-03;staff;159,50", "total_row"),
        ("Koko alue;2026-03;staff;159,50", "total_row"),
        ("Grand Total;;;166,50", "total_row"),
        ("41003 Total;2026-03;staff;1,00", "total_row"),
        ("Keskiarvo;2026-03;staff;53,17", "total_row"),
        ("Medel;2026-03;staff;53,17", "total_row"),
        ("A;Yhteensä;staff;100,00", "total_row"),
        ("A;2026-03;Yhteensä;107,00", "total_row"),
        ("Yhteensä;166,50", "total_row"),
        ("Tulostettu 3.4.2026;;;", "note_row"),
        ("Lähde: talousjärjestelmä", "note_row"),
        ("Källa: ekonomisystemet;;;", "note_row"),
        ("Applied filters: month is March", "note_row"),
        ("KOKO;2026-03;staff;159,50", "total_row"),  # a code of the whole: the sum of its units
        ("Länsi-Uusimaa;2026-03;staff;159,50", "total_row"),  # nobody's code: the sum of all
        ("{head}", "heading_row"),
        ("\ufeff{head}", "heading_row"),
        ("jotain muuta", "column_count"),
        ("A;2026-03;muu;1,00", "unknown_code"),
    ],
)
def test_a_row_that_is_no_row_of_data_is_told_as_such(tmp_path: Path, line: str, reason: str) -> None:
    extract = ledger(tmp_path, line.format(head=HEAD))
    assert [(r.line, r.reason) for r in extract.rejects] == [(6, reason)]
    assert extract.size == len(ROWS)
    assert extract.read == len(ROWS) + 1


@pytest.mark.parametrize(
    "line",
    [
        "Summa;2026-02;staff;9,00",  # the unit of this name
        "KOKO;2026-03;staff;20,00",  # the whole has costs of its own
        "KOKO;2026-03;rent;7,00",  # one unit alone is no sum
        "Kokkola;2026-03;staff;1,00",
        "Totalum;2026-03;staff;1,00",
        "Huom;2026-03;staff;1,00",  # a note has nothing but its text
    ],
)
def test_a_row_of_data_stays(tmp_path: Path, line: str) -> None:
    extract = ledger(tmp_path, line)
    assert extract.rejects == ()
    assert extract.size == len(ROWS) + 1


def test_subtotals_of_each_key_and_a_mean_beside_them_are_left_out(tmp_path: Path) -> None:
    extract = ledger(tmp_path, "B;2026-03;rent;3,00", "KOKO;2026-03;staff;159,50", "KOKO;2026-03;rent;10,00")
    assert [(r.line, r.key) for r in extract.rejects] == [(7, "KOKO 2026-03 staff"), (8, "KOKO 2026-03 rent")]


STAFF = Source(
    **{
        **LEDGER.model_dump(),
        "column": {
            "unit_code": {"type": "code", "required": True},
            "month": {"type": "month", "required": True},
            "account": {"type": "enum", "codes": ["staff", "rent"], "required": True},
            "left": {"type": "integer", "required": True},
            "people": {"type": "integer", "required": True},
            "places": {"type": "integer", "required": True},
        },
        "fact": [
            {
                "id": "staff",
                "since": "month",
                "unit": "unit_code",
                "by": ["account"],
                "measure": {"left": "left", "people": "people", "places": "places"},
            }
        ],
    }
)
PEOPLE = ("A;2026-03;staff;1;60;70", "B;2026-03;staff;0;40;45", "Summa;2026-03;staff;0;80;88")


@pytest.mark.parametrize(
    ("line", "reasons"),
    [
        ("Uusi;2026-03;staff;1;55;60", []),  # a new unit that lost one as the others did, and is no larger
        ("Uusi;2026-03;staff;2;55;60", []),
        ("Uusi;2026-03;staff;1;180;203", ["total_row"]),
        ("Uusi;2026-03;staff;1;181;203", ["total_or_unit"]),  # as large as all others, and no sum of them
        ("KOKO;2026-03;staff;1;181;203", ["total_or_unit"]),
        ("KOKO;2026-03;staff;1;150;150", []),  # the whole has people of its own
    ],
)
def test_a_unit_nobody_knows_yet_is_a_total_only_where_most_numbers_are_sums(
    tmp_path: Path, line: str, reasons: list[str]
) -> None:
    assert rejected(tmp_path, *PEOPLE, line) == reasons


def test_what_nobody_else_has_any_of_makes_no_total_of_a_new_unit(tmp_path: Path) -> None:
    """Nobody left the others: a multiple of nothing is nothing."""
    others = ("A;2026-03;staff;0;60;70", "B;2026-03;staff;0;40;45")
    assert rejected(tmp_path, *others, "Uusi;2026-03;staff;3;20;25") == []


def rejected(folder: Path, *lines: str) -> list[str]:
    path = folder / "ledger.csv"
    path.write_text("\n".join(["unit_code;month;account;left;people;places", *lines, ""]), encoding="utf-8")
    month = parse_month(MONTH)
    delivery = Delivery(
        source="ledger", month=month, files=(path,), hashes=("",), extracted_on=last_date(month)
    )
    return [reject.reason for reject in read(STAFF, delivery, context(), SECRET, JUDGE).rejects]


def test_without_words_a_total_is_an_unknown_unit(tmp_path: Path) -> None:
    """A workspace decides itself what its totals are called."""
    extract = ledger(tmp_path, "Yhteensä;2026-02;staff;5,00", judge=Judge(Guards(), ORGANISATION))
    assert extract.size == len(ROWS) + 1
