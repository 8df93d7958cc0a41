"""A small source with a column of every type, and reading made-up files of it."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path

from opti_reports.algebra.calendar import day_number
from opti_reports.algebra.functions import Context
from opti_reports.config.source import Source
from opti_reports.extracts.gathered import Extract
from opti_reports.extracts.read import read
from opti_reports.model.delivery import Delivery
from opti_reports.periods.months import last_date, parse_month
from tests.algebra.rows import FINLAND, Answer, shown

VISITS = """
id            = "visits"
name          = { fi = "Käynnit" }
system        = "visits"
files         = ["visits*.csv", "visits*.xlsx"]
presence      = "required"
owner_role    = { fi = "Pääkäyttäjä" }
due           = { working_day = 3 }
date          = "arrived_at"
key           = ["visit_id"]
window_months = 2
same_within   = { key = "case_id", columns = ["kind", "due_on"] }

[column]
visit_id   = { type = "string", required = true, aliases = ["käynti_id", "besöks-id", "Visit No."] }
unit_code  = { type = "code", required = true, aliases = ["yksikkö", "enhet", "unit"] }
arrived_at = { type = "datetime", required = true, aliases = ["saapunut", "ankomsttid", "arrived"] }
ended_at   = { type = "datetime", aliases = ["päättynyt"] }
due_on     = { type = "date", future = true, aliases = ["määräpäivä"] }
seen_on    = { type = "date", aliases = ["nähty"] }
month      = { type = "month", aliases = ["kuukausi"] }
week       = { type = "iso_week", aliases = ["viikko"] }
persons    = { type = "integer", aliases = ["henkilöt"] }
change     = { type = "integer", signed = true, aliases = ["muutos"] }
hours      = { type = "decimal", digits = 1, aliases = ["tunnit"] }
cost       = { type = "eur", aliases = ["kustannus"] }
urgent     = { type = "boolean", aliases = ["kiireellinen"] }
case_id    = { type = "string", aliases = ["asia"] }
client     = { type = "string", private = true, aliases = ["asiakas_pseudo"] }
said       = { type = "quote", aliases = ["palaute"] }
title      = { type = "title", aliases = ["otsikko"] }
score      = { type = "integer", empty_words = ["en osaa sanoa", "-"], aliases = ["arvosana"] }
note       = { type = "string", aliases = ["muistiinpano"] }

[column.kind]
type         = "enum"
aliases      = ["tyyppi"]
codes        = ["call", "visit"]
code_aliases = { call = ["Puhelu", "samtal"], visit = ["Käynti vastaanotolla"] }

[check.ended_after_arrival]
rule   = "is_null(ended_at) or ended_at >= arrived_at"
reason = { fi = "päättynyt ennen saapumista" }

[[fact]]
id      = "visits"
since   = "arrived_at"
unit    = "unit_code"
by      = ["kind"]
private = ["client"]

[fact.measure]
n = "true"

[[list]]
sensitivity = "open"
id    = "shown"
where = "true"
unit  = "unit_code"

[list.columns]
visit_id = "visit_id"
month    = "month"
week     = "week"
persons  = "persons"
change   = "change"
hours    = "hours"
cost     = "cost"
urgent   = "urgent"
said     = "said"
title    = "title"
score    = "score"
"""
SOURCE = Source.model_validate(tomllib.loads(VISITS))
MONTH = "2026-03"
SECRET = b"0" * 32
HEADER = "visit_id;unit_code;arrived_at"


def context(month: str = MONTH) -> Context:
    """What expressions know in a data month."""
    return Context(day_number(last_date(parse_month(month))), FINLAND, {})


def read_files(*files: Path, source: Source = SOURCE, extracted: str = "2026-03-31") -> Extract:
    """Read the files as one delivery made on a day."""
    delivery = Delivery(
        source=source.id,
        month=parse_month(MONTH),
        files=files,
        hashes=("",) * len(files),
        extracted_on=dt.date.fromisoformat(extracted),
    )
    extract = read(source, delivery, context(), SECRET)
    assert extract.read == extract.size + len(extract.rejects), "a row is lost"
    return extract


def read_text(
    folder: Path, content: str | bytes, *more: str, source: Source = SOURCE, extracted: str = "2026-03-31"
) -> Extract:
    """Read texts as the files visits1.csv, visits2.csv… of one delivery."""
    files = []
    for number, text in enumerate((content, *more), 1):
        path = folder / f"visits{number}.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        files.append(path)
    return read_files(*files, source=source, extracted=extracted)


def column(extract: Extract, name: str) -> list[Answer]:
    """The used cells of a column as plain values."""
    return shown(extract.rows[name])


def rejects(extract: Extract) -> list[tuple[int, str, str, str]]:
    """Line, reason, column and value of each reject, by line."""
    return sorted((r.line, r.reason, r.column, r.value) for r in extract.rejects)


def unknown(extract: Extract) -> list[tuple[int, str, str, str]]:
    """Line, reason, column and value of each kind of unknown cells, a line for each cell, by line."""
    return sorted(
        (line, cells.reason, cells.column, cells.value)
        for cells, lines in extract.unknown
        for line in lines.tolist()
    )


def one_column(folder: Path, name: str, *cells: str) -> tuple[list[Answer], list[tuple[int, str, str, str]]]:
    """The read cells of one more column beside the required ones, and its unknown cells (lines from 2)."""
    lines = [f"{HEADER};{name}", *(f"v{i};A;2026-03-01 10:00;{cell}" for i, cell in enumerate(cells))]
    extract = read_text(folder, "\n".join(lines) + "\n")
    assert rejects(extract) == [], "a cell that tells nothing of the row's place rejects it"
    return column(extract, name), unknown(extract)
