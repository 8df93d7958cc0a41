"""The tables for analysts, asked by DuckDB: they say what values.csv says, and docs/bi.md what they hold."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
import tomllib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from opti_reports.config.check_organisation import to_organisation
from opti_reports.config.organisation import OrganisationFile
from opti_reports.periods.months import parse_month
from opti_reports.stages.star import _units
from tests.pipeline import ROOT, shipped
from tests.workspaces import LAST, ask, edit

TABLES = ("metrics", "organisations", "periods", "targets", "values")
NUMBERS = ("value", "numerator", "denominator", "n", "unknown_rows", "ci_low", "ci_high", "revised")
TEXTS = ("breakdown", "key", "state", "target", "status", "variation", "assurance")
PAGE = (ROOT / "docs/bi.md").read_text(encoding="utf-8")
Row = dict[str, str]


def rows_of(folder: Path) -> list[Row]:
    """The rows of values.csv."""
    with (folder / "values.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def folder(shipped_run: Path) -> Path:
    return shipped_run / "output" / LAST


@pytest.fixture
def ask_duckdb(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[tuple[Any, ...]]]:
    """Ask from the month's folder, as docs/bi.md does."""
    monkeypatch.chdir(folder)
    return lambda query: duckdb.execute(query).fetchall()


def blocks(kind: str) -> list[str]:
    return re.findall(rf"(?ms)^```{kind}\n(.*?)^```", PAGE)


def test_values_joined_with_every_dimension_are_the_table_of_figures(
    folder: Path, ask_duckdb: Callable[[str], list[tuple[Any, ...]]]
) -> None:
    found = ask_duckdb(
        "select metric, organisation, p.cadence, p.text, o.level, k.unit, "
        f"{', '.join(f'v.{name}' for name in (*TEXTS, *NUMBERS))} "
        "from 'bi/values.parquet' v join 'bi/periods.parquet' p using (period) "
        "join 'bi/organisations.parquet' o using (organisation) join 'bi/metrics.parquet' k using (metric)"
    )
    wanted = [
        (
            *(row[name] for name in ("metric", "org", "period_kind", "period", "level", "unit")),
            *(row[name] or None for name in TEXTS),
            *(float(row[name]) if row[name] else None for name in NUMBERS),
        )
        for row in rows_of(folder)
    ]
    assert len(wanted) > 10_000
    assert Counter(found) == Counter(wanted)


def test_what_is_withheld_is_null_in_every_number(
    folder: Path, ask_duckdb: Callable[[str], list[tuple[Any, ...]]]
) -> None:
    filled = " or ".join(f"{name} is not null" for name in NUMBERS)
    ((withheld, with_number),) = ask_duckdb(
        f"select count(*), count(*) filter ({filled}) from 'bi/values.parquet' where state = 'withheld'"
    )
    assert withheld == sum(row["state"] == "withheld" for row in rows_of(folder)) > 100
    assert with_number == 0


def test_a_target_stands_as_text_and_as_levels(ask_duckdb: Callable[[str], list[tuple[Any, ...]]]) -> None:
    found = ask_duckdb("select distinct target, target_low, target_high from 'bi/values.parquet'")
    seen = set()
    for text, low, high in found:
        op, *levels = (text or "").partition(" (")[0].split() or [""]
        first, last = (float(levels[0]), float(levels[-1])) if levels else (None, None)
        assert low == (None if op == "<=" else first), text
        assert high == (None if op == ">=" else last), text
        seen.add(op)
    assert seen == {"", ">=", "<=", "between"}


def test_keys_of_the_dimensions_are_unique_and_periods_have_their_days(
    ask_duckdb: Callable[[str], list[tuple[Any, ...]]],
) -> None:
    for table in ("metrics", "organisations", "periods"):
        ((rows, keys),) = ask_duckdb(
            f"select count(*), count(distinct {table[:-1]}) from 'bi/{table}.parquet'"
        )
        assert rows == keys > 10
    found = {
        key: rest
        for key, *rest in ask_duckdb("select period, first_day, last_day, label_fi from 'bi/periods.parquet'")
    }
    wanted = {
        "month:2026-08": [dt.date(2026, 8, 1), dt.date(2026, 8, 31), "elokuu 2026"],
        "tertial:2026-T1": [dt.date(2026, 1, 1), dt.date(2026, 4, 30), "1. tertiaali 2026"],
        "iso_week:2026-W01": [dt.date(2025, 12, 29), dt.date(2026, 1, 4), "vk 1/2026"],
    }
    assert {key: found[key] for key in wanted} == wanted
    assert found["rolling_12m:2026-08"][:2] == [dt.date(2025, 9, 1), dt.date(2026, 8, 31)]
    assert found["ytd:2026-08"][:2] == [dt.date(2026, 1, 1), dt.date(2026, 8, 31)]


def test_dimensions_say_what_the_configs_say(ask_duckdb: Callable[[str], list[tuple[Any, ...]]]) -> None:
    written = {
        id: (theme, metric)
        for path in (ROOT / "configs/themes").glob("*.toml")
        for theme in (tomllib.loads(path.read_text(encoding="utf-8")),)
        if "approval" not in theme  # of what is switched off there is nothing
        for id, metric in theme["metric"].items()
    }
    names = ", ".join(f"name_{one}, definition_{one}, theme_{one}" for one in ("fi", "sv", "en"))
    found = ask_duckdb(f"select metric, theme, area, unit, direction, {names} from 'bi/metrics.parquet'")
    assert {row[0] for row in found} == written.keys()
    for id, theme, area, unit, direction, *said in found:
        of, metric = written[id]
        assert (theme, area, unit) == (of["id"], of["area"], metric["unit"])
        assert direction == metric.get("direction", "neutral")
        assert said == [
            one[language]
            for language in ("fi", "sv", "en")
            for one in (metric["name"], metric["definition"], of["name"])
        ]
    formulas = ask_duckdb("select formula_fi, formula_sv, formula_en from 'bi/metrics.parquet'")
    assert all(one for row in formulas for one in row)


def test_organisations_have_their_place_and_their_days(
    ask_duckdb: Callable[[str], list[tuple[Any, ...]]],
) -> None:
    written = tomllib.loads((ROOT / "configs/organisation.toml").read_text(encoding="utf-8"))["unit"]
    last = {one["id"]: one for one in written if one["valid_from"] <= dt.date(2026, 8, 31)}
    first: dict[str, dt.date] = {}
    for one in written:
        first[one["id"]] = min(first.get(one["id"], dt.date.max), one["valid_from"])
    found = ask_duckdb(
        "select organisation, parent, level, name_sv, successor, valid_from, valid_to "
        "from 'bi/organisations.parquet'"
    )
    assert {row[0]: row[1:] for row in found} == {
        id: (
            one.get("parent"),
            one["level"],
            one["name"]["sv"],
            one.get("successor"),
            first[id],
            one.get("valid_to"),
        )
        for id, one in last.items()
    }
    assert any(row[-1] for row in found)


def test_targets_are_those_of_the_configs(
    shipped_run: Path, ask_duckdb: Callable[[str], list[tuple[Any, ...]]]
) -> None:
    kinds = dict(ask_duckdb("select kind, count(*) from 'bi/targets.parquet' group by kind"))
    own = Counter(
        "law" if metric["target"]["kind"] == "law" else "proposed"
        for path in (ROOT / "configs/themes").glob("*.toml")
        for metric in tomllib.loads(path.read_text(encoding="utf-8"))["metric"].values()
        if "target" in metric
    )
    agreed = tomllib.loads((shipped_run / "data/demo.toml").read_text(encoding="utf-8"))["target"]
    assert kinds == {**own, "demo": len(agreed)}
    bands = ask_duckdb("select low, high from 'bi/targets.parquet' where op = 'between'")
    assert bands
    assert all(low < high for low, high in bands)
    assert ask_duckdb("select count(*) from 'bi/targets.parquet' where op = '<=' and low is not null") == [
        (0,)
    ]


def test_files_have_plain_types_and_no_note_of_another_program(folder: Path) -> None:
    for table in TABLES:
        read = pq.ParquetFile(folder / f"bi/{table}.parquet")
        kinds = {str(field.type) for field in read.schema_arrow}
        assert kinds <= {"string", "double", "int64", "bool", "date32[day]"}, table
        assert read.metadata.metadata is None, table
    written = json.loads((folder / "run.json").read_text(encoding="utf-8"))["files"]
    assert {f"bi/{table}.parquet" for table in TABLES} <= written.keys()


def test_who_names_no_audience_for_them_has_none(lean: Path) -> None:
    edit(lean / "configs/audiences.toml", r"bi +=.*", "")
    assert ask(lean, "run", "--month", LAST, "--jobs", "1").exit_code == 0
    assert not (lean / "output" / LAST / "bi").exists()
    assert (lean / "output" / LAST / "values.csv").exists()


def test_another_audience_gets_its_own_figures(lean: Path) -> None:
    edit(lean / "configs/audiences.toml", r"bi +=.*", 'bi = "public"')
    assert ask(lean, "run", "--month", LAST, "--jobs", "1").exit_code == 0
    folder = lean / "output" / LAST
    shown = {
        name: duckdb.execute(
            f"select state, count(*), sum(value::double) from '{folder}/{name}' group by state order by state"
        ).fetchall()
        for name in ("bi/values.parquet", "values.public.csv", "values.csv")
    }
    assert shown["bi/values.parquet"] == shown["values.public.csv"] != shown["values.csv"]


def test_the_query_of_the_page_finds_what_the_table_of_figures_holds(
    folder: Path, ask_duckdb: Callable[[str], list[tuple[Any, ...]]]
) -> None:
    (query,) = blocks("sql")
    found = ask_duckdb(query)
    names = {
        kind: dict(ask_duckdb(f"select name_fi, {kind} from 'bi/{kind}s.parquet'"))
        for kind in ("metric", "organisation")
    }
    months = {
        (row["metric"], row["org"], row["period"]): row
        for row in rows_of(folder)
        if row["period_kind"] == "month" and not row["breakdown"]
    }
    readable = {place for place, row in months.items() if row["state"] in ("ok", "partial") and row["value"]}
    newest = {}
    for metric, org, month in sorted(readable):
        newest[metric, org] = month
    assert len(found) == len(newest) > 200
    differing = shares = 0
    for metric, org, _, value, difference, *_, share in found:
        id, place = names["metric"][metric], names["organisation"][org]
        month = newest[id, place]
        assert value == float(months[id, place, month]["value"])
        ago = f"{int(month[:4]) - 1}{month[4:]}"
        before = float(months[id, place, ago]["value"]) if (id, place, ago) in readable else None
        assert difference == (None if before is None else pytest.approx(value - before, abs=1e-9))
        differing += before is not None
        said = [
            row["status"]
            for (one, _, when), row in months.items()
            if one == id and when == month and row["level"] == "toimintayksikko" and row["status"] != "none"
        ]
        assert share == (pytest.approx(100 * said.count("good") / len(said)) if said else None)
        shares += bool(said)
    assert differing > 50
    assert shares > 50


def test_the_measures_and_relations_of_the_page_name_what_is_there(folder: Path) -> None:
    columns = {table: set(pq.read_schema(folder / f"bi/{table}.parquet").names) for table in TABLES}
    measures = blocks("dax")
    assert len(measures) == 3
    named = [pair for text in (*measures, PAGE) for pair in re.findall(r"\b'?(\w+)'?\[(\w+)\]", text)]
    assert len(named) > 30
    assert [(table, column) for table, column in named if column not in columns[table]] == []
    said = set(re.findall(r'"(\w+)"', " ".join(measures)))
    known = {row[name] for row in rows_of(folder) for name in ("state", "status", "level", "period_kind")}
    assert said <= known


def test_the_nodes_of_another_tree_are_organisations_too() -> None:
    line = ROOT / "opti_reports" / "lines" / "palveluketjut" / "configs" / "organisation.toml"
    file = OrganisationFile.model_validate(tomllib.loads(line.read_text(encoding="utf-8")))
    configs = replace(shipped(), organisation=to_organisation(file))
    found = {row[0] for row in _units(configs, parse_month("2026-08"))}
    assert found == file.level_of.keys()
