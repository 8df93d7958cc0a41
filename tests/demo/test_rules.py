"""The demo of a line that a file of rules describes: what it says is what the extracts hold."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from pathlib import Path

import pytest

from opti_reports.demo.line import generate_line
from opti_reports.errors import ConfigError, UsageError
from opti_reports.workspace import init

LAST = "2026-08"
RULES = """
[source.yhteydenotot]
rows  = 40
units = { lansi = 0.5 }
look  = { dates = "finnish" }

[source.yhteydenotot.column]
numero   = { id = "Y-00000000" }
vastattu = { after = "saapui", workdays = [0, 2], empty = 0.1 }
"""
STORY = """
[[source.yhteydenotot.change]]
column   = "vastattu"
unit     = "lansi"
since    = -1
after    = "saapui"
days     = [20, 30]
"""
MORE = """
[[source.yhteydenotot.change]]
unit  = "keskusta"
since = -3
until = -2
times = 3
"""
UNITS = {"Y-01": "keskusta", "Y-02": "lansi"}


def made(tmp_path: Path, rules: str, seed: int = 1) -> Path:
    """The extracts of a small workspace by some rules."""
    root, line = tmp_path / "place", tmp_path / "line"
    place = init(root, "tyhja")
    line.mkdir()
    (line / "demo.toml").write_text(rules, encoding="utf-8")
    generate_line(place.data, LAST, line=line, configs=place.configs, months=13, seed=seed)
    return place.data


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def everything(data: Path) -> dict[str, dict[str, str]]:
    """Each contact as its newest delivery tells it."""
    files = sorted(data.glob("*/yhteydenotot_*.csv"))
    return {row["Yhteydenoton numero"]: row for path in files for row in rows(path)}


def day(text: str) -> dt.date:
    return dt.datetime.strptime(text, "%d.%m.%Y").date()


def wait(row: dict[str, str]) -> int:
    return (day(row["Vastauspäivä"]) - day(row["Saapumispäivä"])).days


def test_rows_come_by_unit_and_month_and_dates_in_their_order(tmp_path: Path) -> None:
    found = everything(made(tmp_path, RULES)).values()
    by_unit = Counter(UNITS[row["Yksikön koodi"]] for row in found)
    assert 13 * 35 < by_unit["keskusta"] < 13 * 45
    assert 13 * 16 < by_unit["lansi"] < 13 * 24
    months = {day(row["Saapumispäivä"]).strftime("%Y-%m") for row in found}
    assert months == {f"2025-{m:02}" for m in range(8, 13)} | {f"2026-{m:02}" for m in range(1, 9)}
    answered = [row for row in found if row["Vastauspäivä"]]
    assert {wait(row) >= 0 for row in answered} == {True}
    assert 0.05 < 1 - len(answered) / len(found) < 0.16
    assert all(day(row["Saapumispäivä"]).weekday() < 5 for row in found)


def test_a_change_touches_its_unit_and_its_months_alone(tmp_path: Path) -> None:
    found = everything(made(tmp_path, RULES + STORY)).values()
    slow = {
        (UNITS[row["Yksikön koodi"]], day(row["Saapumispäivä"]).strftime("%Y-%m"))
        for row in found
        if row["Vastauspäivä"] and wait(row) > 10
    }
    assert {unit for unit, _ in slow} == {"lansi"}
    assert {month for _, month in slow} <= {"2026-07", "2026-08"}
    assert ("lansi", "2026-07") in slow


def test_more_rows_in_some_months(tmp_path: Path) -> None:
    found = everything(made(tmp_path, RULES + MORE)).values()
    months = Counter(
        day(row["Saapumispäivä"]).strftime("%Y-%m") for row in found if row["Yksikön koodi"] == "Y-01"
    )
    assert {month for month, count in months.items() if count > 80} == {"2026-05", "2026-06"}


def test_a_delivery_knows_nothing_of_what_comes_after_it(tmp_path: Path) -> None:
    """Seven deliveries: the first with all months to February, then the window of two months each."""
    data = made(tmp_path, RULES + STORY)
    folders = sorted(path.name for path in data.iterdir() if path.is_dir())
    assert folders == [f"2026-{month:02}" for month in range(2, 9)]
    july = rows(data / "2026-07" / "yhteydenotot_2026-07.csv")
    assert {day(row["Saapumispäivä"]).month for row in july} == {6, 7}
    assert max(day(row["Vastauspäivä"]) for row in july if row["Vastauspäivä"]) <= dt.date(2026, 8, 7)
    later = everything(data)
    filled = [
        row for row in july if not row["Vastauspäivä"] and later[row["Yhteydenoton numero"]]["Vastauspäivä"]
    ]
    assert filled  # answered since


def test_the_same_seed_gives_the_same_bytes_and_another_others(tmp_path: Path) -> None:
    def contents(name: str, seed: int) -> dict[str, bytes]:
        (tmp_path / name).mkdir()
        data = made(tmp_path / name, RULES + STORY, seed=seed)
        return {path.relative_to(data).as_posix(): path.read_bytes() for path in data.rglob("*.csv")}

    one = contents("one", 1)
    assert one == contents("again", 1)
    assert one != contents("other", 2)


def test_a_column_that_changes_the_draw_of_no_other(tmp_path: Path) -> None:
    """A story leaves everything else as it was."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    plain, told = everything(made(tmp_path / "a", RULES)), everything(made(tmp_path / "b", RULES + STORY))
    differ = {number for number in plain if plain[number] != told[number]}
    assert plain.keys() == told.keys()
    assert {UNITS[plain[number]["Yksikön koodi"]] for number in differ} == {"lansi"}
    assert differ


AGAIN = """
[source.yhteydenotot]
rows  = 40
look  = { dates = "finnish", since = "vastattu" }

[source.yhteydenotot.again]
column = "vaihe"
same   = ["asiakas", "saapui"]
shares = { loppu = 0.5 }

[source.yhteydenotot.column]
numero   = { id = "Y-00000000" }
asiakas  = { pool = 200, once = true }
vaihe    = {}
vastattu = { after = "saapui", days = [0, 0] }

[[source.yhteydenotot.change]]
column = "vastattu"
after  = "saapui"
days   = [20, 40]
where  = { vaihe = ["loppu"] }
"""
STAGES = """
vaihe   = { type = "enum", codes = ["alku", "loppu"], required = true }
asiakas = { type = "string", private = true, required = true }

[check."""


def test_rows_come_again_for_the_same_people_once_their_day_has_come(tmp_path: Path) -> None:
    place, line = init(tmp_path / "place", "tyhja"), tmp_path / "line"
    source = place.configs / "sources" / "yhteydenotot.toml"
    source.write_text(source.read_text(encoding="utf-8").replace("[check.", STAGES, 1), encoding="utf-8")
    line.mkdir()
    (line / "demo.toml").write_text("months = 8\n" + AGAIN, encoding="utf-8")
    generate_line(place.data, LAST, line=line, configs=place.configs)
    assert {day(row["Saapumispäivä"]).strftime("%Y-%m") for row in everything(place.data).values()} == {
        f"2026-{month:02}" for month in range(1, 9)
    }
    found = rows(place.data / LAST / f"yhteydenotot_{LAST}.csv")
    first = {row["Asiakas"]: row for row in found if row["Vaihe"] == "alku"}
    again = [row for row in found if row["Vaihe"] == "loppu"]
    assert len(first) == sum(row["Vaihe"] == "alku" for row in found)
    assert 0.2 < len(again) / len(first) < 0.6
    for row in again:
        same = first[row["Asiakas"]]
        assert (row["Saapumispäivä"], row["Yksikön koodi"]) == (same["Saapumispäivä"], same["Yksikön koodi"])
        assert (wait(same), 20 <= wait(row) <= 40) == (0, True)
        assert day(row["Vastauspäivä"]) <= dt.date(2026, 9, 7)


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        (RULES + STORY.replace('"vastattu"', '"vastuu"'), "names the column 'vastuu', which is not drawn"),
        (AGAIN.replace("vaihe    = {}\n", ""), "names the column 'vaihe', which is not drawn"),
        (RULES + "tyhja = { mean = 1 }\n", "sources/yhteydenotot.toml: column.tyhja: is missing"),
        (RULES.replace("rows  = 40", "rivit = 40"), "demo.toml: source.yhteydenotot.rivit"),
    ],
)
def test_rules_that_no_generator_could_follow_are_named(tmp_path: Path, rules: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        made(tmp_path, rules)
    assert said in str(caught.value)


def test_a_month_that_cannot_be_is_told(tmp_path: Path) -> None:
    place = init(tmp_path / "place", "tyhja")
    line = tmp_path / "line"
    line.mkdir()
    (line / "demo.toml").write_text(RULES, encoding="utf-8")
    with pytest.raises(UsageError, match="cannot read the month"):
        generate_line(place.data, "elokuu", line=line, configs=place.configs)
