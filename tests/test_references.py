"""Public reference figures: Sotkanet's file as it comes, what is refused, and what stands on pages."""

from __future__ import annotations

import csv
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from opti_reports.config.configs import Configs
from opti_reports.config.saying import Reference as Asked
from opti_reports.extracts.find import deliveries
from opti_reports.extracts.ready import readiness
from opti_reports.model.report import ListRow
from opti_reports.packs import charts, references, tables
from opti_reports.packs.scene import Scene
from opti_reports.periods.cadence import MONTH
from opti_reports.periods.months import parse_month
from opti_reports.stages.findings import listed
from opti_reports.terminal.month import ready_table
from tests.packs import fixture
from tests.packs.world import METRICS
from tests.pipeline import shipped, taken_until
from tests.workspaces import LAST

SOTKANET = '\ufeff"indicator";"region";"year";"gender";"primary value";"absolute value"\r\n'
"""The heading of the file that Sotkanet's service gives (rest/1.1/csv), with a mark of its encoding."""
NOW = parse_month(LAST)


@pytest.fixture(scope="module")
def known() -> Configs:
    return shipped()


def put(data: Path, month: str, text: str, name: str = "sotkanet.csv") -> None:
    (data / month).mkdir(parents=True, exist_ok=True)
    (data / month / name).write_text(text, encoding="utf-8")


def shown(known: Configs, data: Path, metric: str, language: str = "fi", month: str = LAST) -> list[str]:
    """What the review says beside a metric, given the files of reference figures in a folder."""
    facts = taken_until(known, data, data.parent / "output", month)
    tree = known.organisation.tree(NOW)
    lists = listed(known, facts, tree, parse_month(month))
    found = fixture.material(configs=known, tree=tree, lists=lists, audience="county")
    scene = Scene(found, known.packs["management_review"], tree.root.id, known.wordings[language], MONTH)
    return [text.replace("\u00a0", " ") for text in references.with_origin(scene, metric)]


def rejected(known: Configs, data: Path) -> dict[int, str]:
    """Why rows of the data month's file are not used, by line."""
    ((_, kept),) = taken_until(known, data, data.parent / "output", LAST).of("reference_values")
    return {reject.line: reject.reason for reject in kept.rejects}


def test_sotkanets_file_is_read_as_it_comes(known: Configs, tmp_path: Path) -> None:
    rows = "2676;658;2023;total;30,4;1000\r\n2676;658;2024;total;23,7;1000\r\n2676;658;2024;male;90,1;\r\n"
    rows += "2676;488;2024;total;31.25;20\r\n2676;658;2024;female;12,0;\r\n"
    put(tmp_path / "data", LAST, SOTKANET + rows)
    assert rejected(known, tmp_path / "data") == {}
    assert shown(known, tmp_path / "data", "doctor_wait_7d_pct") == [
        "Suomi 2024: 76,3 % (viiteluku, THL, Sotkanet 2676)",
        "Uusimaa 2024: 68,8 % (viiteluku, THL, Sotkanet 2676)",
    ]
    assert shown(known, tmp_path / "data", "doctor_wait_7d_pct", "sv")[1].startswith("Nyland 2024: 68,8 %")
    assert shown(known, tmp_path / "data", "nps") == []


def test_a_file_written_by_hand_is_read_too(known: Configs, tmp_path: Path) -> None:
    rows = "indikaattori,alue,vuosi,arvo,lähde\nsuositteluindeksi,Suomi,2025,58,THL:n sivu 3.2.2026\n"
    put(tmp_path / "data", LAST, rows, "viiteluvut_2026.csv")
    assert rejected(known, tmp_path / "data") == {}
    assert shown(known, tmp_path / "data", "nps") == ["Suomi 2025: 58 (viiteluku, THL:n sivu 3.2.2026)"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("9999;658;2024;total;30,4;", "unknown_code"),
        ("2676;658;2027;total;30,4;", "check.not_of_the_future"),
        ("2676;658;2024;total;130,4;", "check.possible"),
        ("2676;658;2024;total;-0,4;", "check.possible"),
        ("thl_coci;658;2024;total;1,2;", "check.possible"),
        ("thl_nps;658;2024;total;-101;", "check.possible"),
        ("thl_benefit;658;2024;total;0,9;", "check.possible"),
        ("2676;658;vuosi;total;30,4;", "bad_number"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(
    known: Configs, tmp_path: Path, row: str, reason: str
) -> None:
    put(tmp_path / "data", LAST, SOTKANET + f"{row}\r\n2676;488;2024;total;25,0;\r\n")
    assert rejected(known, tmp_path / "data") == {2: reason}
    assert shown(known, tmp_path / "data", "doctor_wait_7d_pct") == [
        "Uusimaa 2024: 75,0 % (viiteluku, THL, Sotkanet 2676)"
    ]


def test_of_two_values_of_the_same_year_the_first_is_refused(known: Configs, tmp_path: Path) -> None:
    rows = "2676;658;2024;total;30,0;\r\n2676;658;2024;total;20,0;\r\n2676;658;2024;total;20,0;\r\n"
    put(tmp_path / "data", LAST, SOTKANET + rows)
    found = rejected(known, tmp_path / "data")
    assert found == {2: "duplicate_replaced", 3: "duplicate_identical"}
    assert shown(known, tmp_path / "data", "doctor_wait_7d_pct") == [
        "Suomi 2024: 80,0 % (viiteluku, THL, Sotkanet 2676)"
    ]


def test_a_region_nobody_asked_for_is_not_shown(known: Configs, tmp_path: Path) -> None:
    rows = "".join(
        f"2676;{number};2024;total;50,0;\r\n" for number in (974, "Hanko", *range(500)) if number != 488
    )
    put(tmp_path / "data", LAST, SOTKANET + rows)
    assert rejected(known, tmp_path / "data") == {}
    assert shown(known, tmp_path / "data", "doctor_wait_7d_pct") == []


def test_older_figures_stay_until_there_is_a_newer_year(known: Configs, tmp_path: Path) -> None:
    data = tmp_path / "data"
    put(data, "2026-02", SOTKANET + "2676;658;2024;total;30,0;\r\n2676;488;2024;total;40,0;\r\n")
    put(data, "2026-05", SOTKANET + "2676;658;2025;total;20,0;\r\n")
    put(data, "2026-08", SOTKANET + "2676;658;2024;total;31,0;\r\n")
    wanted = ["Suomi 2025: 80,0 % (viiteluku, THL, Sotkanet 2676)"]
    wanted += ["Uusimaa 2024: 60,0 % (viiteluku, THL, Sotkanet 2676)"]
    assert shown(known, data, "doctor_wait_7d_pct") == wanted
    before = shown(known, data, "doctor_wait_7d_pct", month="2026-04")
    assert before[0] == "Suomi 2024: 70,0 % (viiteluku, THL, Sotkanet 2676)"


def test_no_month_is_late_after_a_delivery_that_stays(known: Configs, tmp_path: Path) -> None:
    put(tmp_path / "data", "2026-02", SOTKANET + "2676;658;2024;total;30,0;\r\n")
    found = deliveries(tmp_path / "data", NOW, known.sources, known.calendar, str)
    reports = readiness(found, NOW, known.sources, known.calendar)
    late = {one.source: one.late for one in reports}
    said = next(line for line in ready_table(known, reports, LAST).splitlines() if "reference_values" in line)
    assert said.split()[1:5] == ["optional", "in", "force,", "newest"]
    assert late.pop("reference_values") is False
    assert all(late.values())


def test_the_bounds_of_the_source_are_those_of_the_metrics(known: Configs, tmp_path: Path) -> None:
    for metric in known.metrics.values():
        low, high = metric.possible
        for one in metric.reference:
            ends = sorted(
                (Fraction(str(end)) - Fraction(str(one.plus))) / Fraction(str(one.times))
                for end in (low, high)
            )
            for value, fine in ((ends[0], True), (ends[1], True), (ends[0] - 1, False), (ends[1] + 1, False)):
                put(tmp_path / "data", LAST, SOTKANET + f"{one.indicator};658;2024;;{float(value)};\r\n")
                assert (rejected(known, tmp_path / "data") == {}) is fine, one.indicator


def scene(
    rows: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch, org: str = "alue", **more: Any
) -> Scene:
    """A pack of the tiny organisation, whose share of access has reference figures."""
    asked = Asked(indicator="x1", origin={"fi": "Tilasto", "sv": "Statistik", "en": "Statistics"}, **more)
    monkeypatch.setitem(
        METRICS,
        "access_pct",
        METRICS["access_pct"].model_copy(update={"reference": (asked,), "bounds": (0.0, 100.0)}),
    )
    monkeypatch.setattr(Configs, "lists_of", lambda self, kind: ("refs",) if kind == "references" else ())
    found = [ListRow("alue", {"indicator": "x1", "origin": "", **row}) for row in rows]
    return fixture.scene(fixture.material(lists={**fixture.LISTS, "refs": tuple(found)}), org)


ROWS = [
    {"region": "488", "year": "2025", "value": "71.5"},
    {"region": "658", "year": "2024", "value": "76.3"},
]


def test_a_chart_has_a_line_for_each_region_and_says_where_it_comes_from(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chart = charts.trend(scene(ROWS, monkeypatch), "access_pct")
    found = {
        line.label.replace("\u00a0", " "): set(line.values) for line in chart.lines if line.role == "region"
    }
    assert found == {"Suomi 2024: 76,3 %": {76.3}, "Uusimaa 2025: 71,5 %": {71.5}}
    assert {len(line.values) for line in chart.lines} == {len(chart.labels)}
    assert chart.note.endswith("Viiteluvut: Tilasto.")
    said = chart.alt.replace("\u00a0", " ")
    assert "Suomi 2024: 76,3 % (viiteluku, Tilasto)" in said


def test_a_table_has_them_in_a_column_of_their_own_or_in_the_note(monkeypatch: pytest.MonkeyPatch) -> None:
    own = scene(ROWS, monkeypatch)
    row = tables.metric_row(own, "access_pct")
    assert "Uusimaa 2025: 71,5 % (viiteluku, Tilasto)" in row.note.replace("\u00a0", " ")
    values = [own.value(id, own.newest(MONTH)) for id in ("access_pct", "calls_n")]
    table = tables._dense(own, "", values)
    at = [column.label for column in table.columns].index("Viiteluku")
    cells = [line[at].replace("\u00a0", " ") for line in table.rows]
    assert cells == ["Suomi 2024: 76,3 %; Uusimaa 2025: 71,5 %", "–"]
    assert table.note == "Viiteluvut: Tilasto."
    assert {len(line) for line in table.rows} == {len(table.columns)}


def test_they_are_no_target_and_change_no_status(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = tables.metric_row(scene([], monkeypatch), "access_pct")
    beside = tables.metric_row(scene(ROWS, monkeypatch), "access_pct")
    assert (plain.tone, plain.status, plain.cells) == (beside.tone, beside.status, beside.cells)


def test_parts_of_the_organisation_have_none(monkeypatch: pytest.MonkeyPatch) -> None:
    chart = charts.trend(scene(ROWS, monkeypatch, "ranta"), "access_pct")
    assert not [line for line in chart.lines if line.role == "region"]
    assert "Viitelu" not in chart.note


def test_what_the_metric_cannot_be_is_named_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    own = scene([{"region": "658", "year": "2024", "value": "101"}], monkeypatch)
    assert references.figures(own, "access_pct") == ()
    (said,) = references.beyond(own.material)
    assert (said.code, said.values["metric"], said.values["value"]) == (
        "warning.reference",
        "access_pct",
        101.0,
    )
    unread = scene([{"region": "658", "year": "?", "value": "50"}], monkeypatch)
    assert references.figures(unread, "access_pct") == ()


def test_the_review_of_the_demo_says_that_its_figures_are_examples(shipped_run: Path) -> None:
    with next((shipped_run / "data" / LAST).glob("viiteluvut*")).open(encoding="utf-8-sig") as file:
        rows = [row for row in csv.DictReader(file, delimiter=";") if row["gender"] in ("", "total")]
    newest = max(row["year"] for row in rows)
    place = shipped_run / "output" / LAST / "packs/management_review/avosairaanhoito.fi.json"
    text = place.read_text(encoding="utf-8").replace("\\u00a0", " ").replace("\u00a0", " ")
    pack = json.loads(text)
    lines = {
        line["label"]: line["values"][-1]
        for section in pack["sections"]
        for block in section["blocks"]
        for line in block.get("lines", ())
        if line["role"] == "region"
    }
    value = {
        (row["indicator"], row["region"]): float(row["primary value"].replace(",", "."))
        for row in rows
        if row["year"] == newest
    }
    for region, name in (("658", "Suomi"), ("488", "Uusimaa")):
        assert f"{name} {newest}: {value['thl_nps', region]:.0f}" in lines
        share = f"{100 - value['2676', region]:.1f}".replace(".", ",")
        assert f"{name} {newest}: {share} %" in text
    assert "Viiteluvut: esimerkkejä, ei tilastosta." in text
    assert "Länsi-Uusimaa" not in " ".join(lines)
