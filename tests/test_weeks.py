"""A week's run: from finished months or from the exports of weeks, the same figures; what is missing, cut or
silent is said.
"""

from __future__ import annotations

import csv
import datetime as dt
import email
import email.policy
import json
import math
import os
import re
import shutil
import tomllib
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import Result
from python_calamine import CalamineWorkbook

from opti_reports.periods.cadence import MONTH
from opti_reports.periods.months import monday_of, parse_month, parse_week, sunday_of, weeks_of
from opti_reports.periods.period import Period, of_week
from tests.pipeline import ROOT
from tests.weeks import cut, without_weeks
from tests.workspaces import LAST, ask, edit, once, pages

WEEKS = [parse_week(f"2026-W{number}") for number in range(31, 36)]
Figures = dict[tuple[str, ...], tuple[str, ...]]


def figures(folder: Path, *kinds: str) -> Figures:
    """The figures of weeks (or of other kinds) in a folder's values.csv, without what is found in them."""
    with (folder / "values.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["period_kind"] in (kinds or ("iso_week",))]
    place = ("metric", "breakdown", "key", "org", "period")
    told = ("state", "value", "numerator", "denominator", "n")
    return {tuple(row[name] for name in place): tuple(row[name] for name in told) for row in rows}


@pytest.fixture(scope="module")
def place(shipped_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped workspace, its month run, and the week of a finished month."""

    def make(root: Path) -> None:
        shutil.copytree(shipped_run, root)
        done = ask(root, "run", "--week", "2026-W34", "--jobs", "1")
        assert done.exit_code == 0, done.output

    place = tmp_path_factory.mktemp("weeks") / "place"
    return Path(shutil.copytree(once(tmp_path_factory, "weeks", make), place))


@pytest.fixture(scope="module")
def unfinished(place: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with August as its weeks' exports."""
    other = tmp_path_factory.mktemp("unfinished") / "place"
    shutil.copytree(place, other)
    shutil.rmtree(other / "output/2026-W34")
    cut(other / "data", LAST, WEEKS)
    return other


def test_a_week_says_what_its_month_says(place: Path) -> None:
    month, week = figures(place / "output" / LAST), figures(place / "output/2026-W34")
    shared = month.keys() & week.keys()
    assert {period for *_, period in shared} >= {"2026-W33", "2026-W34"}
    assert {metric for metric, *_ in week} <= {metric for metric, *_ in month}
    shown = {key for key in shared if "withheld" not in (month[key][0], week[key][0])}
    assert len(shown) > 0.9 * len(shared)
    assert {key: week[key] for key in shown} == {key: month[key] for key in shown}
    assert not [key for key in week if key[-1] > "2026-W34"]


def test_a_week_has_its_figures_for_analysts(place: Path) -> None:
    found = duckdb.execute(
        f"from '{place / 'output/2026-W34'}/bi/values.parquet' where breakdown is null"
    ).df()
    week = {key: row for key, row in figures(place / "output/2026-W34").items() if not key[1]}
    weeks = found[found["period"].str.startswith("iso_week:")]
    assert len(weeks) == len(week) > 100
    told = {
        (m, o, p.partition(":")[2]): v
        for m, o, p, v in weeks[["metric", "organisation", "period", "value"]].values
    }
    for (metric, _, _, org, period), (_, value, *_) in week.items():
        assert (
            math.isnan(told[metric, org, period]) if not value else told[metric, org, period] == float(value)
        )


def test_an_unfinished_month_says_the_same_of_its_weeks(place: Path, unfinished: Path) -> None:
    done = ask(unfinished, "run", "--week", "2026-W34", "--jobs", "1")
    assert done.exit_code == 0, done.output
    whole, now = (figures(one / "output/2026-W34") for one in (place, unfinished))
    own = {key for key in whole if key[-1] in ("2026-W32", "2026-W33", "2026-W34")}
    assert own
    assert {key: now[key] for key in own} == {key: whole[key] for key in own}
    record = json.loads((unfinished / "output/2026-W34/run.json").read_text(encoding="utf-8"))
    assert "2026-W33/digi_2026-W33.csv" in record["replaced"]
    assert (unfinished / "output" / LAST / "run.json").read_bytes() == (
        place / "output" / LAST / "run.json"
    ).read_bytes()


def test_a_week_of_two_months_takes_days_of_both(place: Path, unfinished: Path) -> None:
    """W31 begins in July, whose month is finished, and ends in August, whose is not."""
    done = ask(unfinished, "run", "--week", "2026-W31", "--jobs", "1")
    assert done.exit_code == 0, done.output
    week, calls = parse_week("2026-W31"), Counter[bool]()
    for path in sorted((place / "data" / LAST).glob("puhelut*.csv")):
        for row in csv.DictReader(path.read_text(encoding="cp1252").splitlines(), delimiter=";"):
            day, month, year = row["Saapunut"].partition(" ")[0].split(".")
            arrived = dt.date(int(year), int(month), int(day))
            if row["Lopputulos"] != "tuplapyyntö":
                calls[monday_of(week) <= arrived <= sunday_of(week)] += 1
    found = figures(unfinished / "output/2026-W31")
    assert found["calls_n", "", "", "avosairaanhoito", "2026-W31"][1] == str(calls[True])


def test_one_page_for_each_who_meets(place: Path) -> None:
    folder = place / "output/2026-W34"
    made = sorted(path.relative_to(folder / "packs").as_posix() for path in folder.rglob("*.pdf"))
    assert "week/leppavaara.fi.pdf" in made
    assert "week_service_unit/lantinen.fi.pdf" in made
    texts = {name: pages(folder / "packs" / name) for name in made}
    assert {len(text) for text in texts.values()} == {1}
    assert "vk 34/2026" in texts["week/leppavaara.fi.pdf"][0]
    assert "Hangon terveysasema" in texts["week_service_unit/lantinen.fi.pdf"][0]
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert "Viikon tilanne" in page
    linked = {link for link in re.findall(r'href="([^"#]+)"', page) if "://" not in link}
    assert len(linked) > 20
    assert not [link for link in linked if not (folder / link).is_file()]


def test_a_public_holiday_is_said(place: Path) -> None:
    done = ask(place, "run", "--week", "2026-W25", "--pack", "week", "--org", "lohja", "--jobs", "1")
    assert done.exit_code == 0, done.output
    text = " ".join(pages(place / "output/2026-W25/packs/week/lohja.fi.pdf")[0].split())
    assert "Arkipyhiä: tällä viikolla 19.6.2026; vuosi sitten 20.6.2025." in text


def test_staffing_of_few_is_withheld_and_does_not_follow(place: Path) -> None:
    """Inkoo has few staff: who knows the sum and all its siblings would know it too."""
    found = figures(place / "output/2026-W34")
    assert not derived([found], of_week(parse_week("2026-W34")))
    assert found["resourcing_fill_pct", "", "", "leppavaara", "2026-W34"][0] == "ok"


@pytest.mark.parametrize("released", [(32, 33), pytest.param((32, 33, 34, 35), marks=pytest.mark.heavy)])
def test_a_released_week_binds_its_month(place: Path, tmp_path: Path, released: tuple[int, ...]) -> None:
    other = tmp_path / "place"
    shutil.copytree(place, other)
    edit(
        other / "configs/settings.toml",
        "auto_release = false\n# released_by",
        "auto_release = true\nreleased_by",
    )
    for number in released:
        done = ask(other, "run", "--week", f"2026-W{number}", "--jobs", "1")
        assert done.exit_code == 0, done.output
        assert "released as version 1 by Avosairaanhoidon päällikkö" in done.output
    notes = [
        json.loads(path.read_text(encoding="utf-8")) for path in (other / "output").glob("2026-W*/run.json")
    ]
    assert len({note["basis"] for note in notes}) == len(notes)  # each week knows those before as releases
    assert next(note["released"] for note in notes if note["month"] == "2026-W33")
    done = ask(other, "release", "--month", LAST, "--sign", "Laatupäällikkö")
    assert done.exit_code == 2
    assert "was released since; what it showed has to be reckoned with" in done.output
    assert ask(other, "run", "--month", LAST, "--jobs", "1").exit_code == 0
    known = [figures(path.parent) for path in (other / "output/archive").rglob("values.csv")]
    known.append(figures(other / "output" / LAST, "month", "iso_week"))
    for week in weeks_of(parse_month(LAST)):
        assert not derived(known, of_week(week))
    assert not derived(known, Period(MONTH, parse_month(LAST)))
    assert ask(other, "release", "--month", LAST, "--sign", "Laatupäällikkö").exit_code == 0
    assert ask(other, "archive", "verify").exit_code == 0
    assert "20 documents come out the same" in ask(other, "archive", "rebuild", "2026-W33").output


def test_letters_of_a_week_go_to_those_who_lead_by_it(place: Path, tmp_path: Path) -> None:
    other = tmp_path / "place"
    shutil.copytree(place, other)
    week = ("--week", "2026-W34")
    done = ask(other, "send", *week, "--drafts")
    assert "2026-W34 is not released" in done.output
    assert ask(other, "release", *week, "--sign", "Laatupäällikkö").exit_code == 0
    done = ask(other, "send", *week, "--drafts")
    assert done.exit_code == 0, done.output
    letters = {path.name.rpartition("_")[0] for path in (other / "output").rglob("*.eml")}
    assert {"week_lohja.fi", "week_service_unit_lantinen.fi"} <= letters
    assert not [name for name in letters if not name.startswith("week")]
    (letter,) = (other / "output/outbox/drafts/2026-W34/v1").glob("week_lohja*")
    text = email.message_from_bytes(letter.read_bytes(), policy=email.policy.default)
    assert text["subject"] == "Lohjan terveysasema, vk 34/2026"


def derived(known: Sequence[Figures], period: Period) -> list[tuple[str, str]]:
    """The units of a service unit whose staffing follows from its sum and all the others."""
    parents = tomllib.loads((ROOT / "configs/organisation.toml").read_text(encoding="utf-8"))["unit"]
    found = []
    for metric in ("resourcing_fill_pct", "agency_share_pct"):
        for above in {unit.get("parent") for unit in parents if unit["level"] == "toimintayksikko"}:
            below = [unit["id"] for unit in parents if unit.get("parent") == above]
            unknown = [unit for unit in below if is_withheld(known, metric, unit, period)]
            assert above != "lantinen" or "inkoo" in unknown
            if not is_withheld(known, metric, str(above), period) and len(unknown) == 1:
                found.append((metric, unknown[0]))
    return found


def is_withheld(known: Sequence[Figures], metric: str, org: str, period: Period) -> bool:
    """Whether nothing told a figure: not itself, nor of a month all its weeks."""
    told = {one.get((metric, "", "", org, period.text), ("",))[0] for one in known} & {"ok", "partial", "few"}
    if not told and period.cadence is MONTH:
        return any(is_withheld(known, metric, org, of_week(week)) for week in weeks_of(period.end))
    return not told and any((metric, "", "", org, period.text) in one for one in known)


def test_without_a_required_source_nothing_is_made(unfinished: Path, tmp_path: Path) -> None:
    other = tmp_path / "place"
    shutil.copytree(unfinished, other)
    for path in (other / "data/2026-W35").glob("puhelut*"):
        path.unlink()
    (other / "data/2026-W35/muuta.csv").write_text("x")
    done = ask(other, "run", "--week", "2026-W35", "--jobs", "1")
    assert done.exit_code == 4
    assert "1 required source(s) of 2026-W35 are missing:" in done.output
    assert (
        "phone_contacts: puhelut*.csv or puhelut*.xlsx, due 2026-08-31, Puhepalvelun pääkäyttäjä"
        in done.output
    )
    assert not (other / "output/2026-W35").exists()
    arrived = ask(other, "ready", "--week", "2026-W35")
    assert arrived.exit_code == 4
    assert "4 of 5 sources of 2026-W35 have arrived." in arrived.output
    assert "data/2026-W35/muuta.csv: no source has files of this name" in arrived.output


def without(place: Path, other: Path, gone: Callable[[str], bool], name: str = "puhelut*") -> Result:
    """The run of a week whose export of calls lacks some rows."""
    shutil.copytree(place, other)
    for path in sorted((other / "data/2026-W35").glob(name)):
        head, *rows = path.read_bytes().decode("cp1252").splitlines(keepends=True)
        path.write_bytes("".join([head, *(row for row in rows if not gone(row))]).encode("cp1252"))
    return ask(other, "run", "--week", "2026-W35", "--pack", "week", "--org", "lohja", "--jobs", "1")


def of_days(*days: str) -> Callable[[str], bool]:
    return lambda row: any(f";{day}.8.2026 " in row for day in days)


LAST_DAYS, OWN_WEEK = ("28", "29", "30"), tuple(map(str, range(24, 31)))


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        (of_days(*LAST_DAYS), "phone_contacts: no row on 2026-08-28, where other working days have about"),
        (
            lambda row: not of_days(*OWN_WEEK)(row),
            "phone_contacts: no row on 2026-08-03, 2026-08-04, 2026-08-05 and 11 more",
        ),
        (lambda row: True, "phone_contacts: no row of the week"),
    ],
    ids=["ends early", "its own week alone", "empty"],
)
def test_an_export_that_is_not_whole_is_refused(
    unfinished: Path, tmp_path: Path, gone: Callable[[str], bool], said: str
) -> None:
    done = without(unfinished, tmp_path / "place", gone)
    assert done.exit_code == 4
    assert "opti: the week is not whole:" in done.output
    assert said in done.output


def test_a_unit_that_an_export_has_lost_is_refused(unfinished: Path, tmp_path: Path) -> None:
    own = of_days(*OWN_WEEK)
    done = without(unfinished, tmp_path / "place", lambda row: "TA Leppävaara" in row and not own(row))
    assert done.exit_code == 4
    assert "rows of TA Leppävaara, and the export of 2026-W34 had" in done.output


def test_a_silent_unit_makes_its_figures_and_those_above_partial(unfinished: Path, tmp_path: Path) -> None:
    other, own = tmp_path / "place", of_days(*OWN_WEEK)
    done = without(unfinished, other, lambda row: "Leppävaara" in row and own(row))
    assert done.exit_code == 0, done.output
    assert (
        "phone_contacts: no row of leppavaara this week, though they are heard of every week" in done.output
    )
    found = figures(other / "output/2026-W35")
    orgs = ("leppavaara", "pohjois_espoo", "avosairaanhoito", "lohja")
    states = [found["calls_n", "", "", org, "2026-W35"][0] for org in orgs]
    assert states == ["partial", "partial", "partial", "ok"]


def test_what_lies_beside_is_named(unfinished: Path, tmp_path: Path) -> None:
    other = tmp_path / "place"
    shutil.copytree(unfinished, other)
    (other / "data/2026-W33").rename(other / "data/2026-w33")
    (other / "data/2026-W35/delivery.toml").write_text("", encoding="utf-8")
    done = ask(other, "ready", "--week", "2026-W35")
    assert "data/2026-w33/: not read" in done.output
    assert "data/2026-W35/delivery.toml: not read" in done.output
    done = ask(other, "run", "--week", "2026-W35", "--pack", "week", "--org", "lohja", "--jobs", "1")
    assert done.exit_code == 0, done.output
    assert "t3_snapshots: no export of 2026-W33" in done.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run",), "--month: say either which month or which week"),
        (("run", "--week", "2026-W34", "--month", LAST), "--month: say either which month or which week"),
        (("run", "--week", "2026-W34", "--stage", "final"), "--stage: a week's run has no such option"),
        (("run", "--week", "2026-W54"), "2026 has no week '2026-W54'"),
        (("run", "--week", "2026-8"), "'2026-8' is not a week; write it like 2026-W35"),
        (("run", "--week", "2026-W34", "--pack", "unit"), "'unit' is no pack of weeks; these are: week"),
        (("run", "--month", LAST, "--pack", "week"), "'week' is a pack of weeks"),
        (("run", "--week", "2059-W01"), "2059-W01 goes on until 2059-01-05"),
    ],
)
def test_what_cannot_be_run_is_said(place: Path, arguments: tuple[str, ...], said: str) -> None:
    done = ask(place, *arguments)
    assert done.exit_code == 2
    assert said in done.output


def test_only_what_comes_by_the_week_is_looked_at_weekly(tmp_path: Path, place: Path) -> None:
    other = tmp_path / "place"
    shutil.copytree(place / "configs", other / "configs")
    edit(other / "configs/sources/t3_snapshots.toml", "(?m)^weekly.*\n", "")
    done = ask(other, "check")
    assert done.exit_code == 3
    assert "t3_snapshots does not come by the week" in done.output
    without_weeks(other / "configs")
    assert ask(other, "check").exit_code == 0  # a workspace from before there were weeks


def test_some_pages_made_again_leave_the_others(place: Path) -> None:
    folder = place / "output/2026-W34"
    before = sorted(path.name for path in folder.rglob("*.pdf"))
    done = ask(place, "run", "--week", "2026-W34", "--pack", "week", "--org", "vihti", "--jobs", "1")
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in folder.rglob("*.pdf")) == before
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert "packs/week/lohja.fi.pdf" in page
    assert "packs/week/vihti.fi.pdf" in page


def test_the_record_names_the_exports(place: Path) -> None:
    record = json.loads((place / "output/2026-W34/run.json").read_text(encoding="utf-8"))
    assert record["month"] == "2026-W34"
    assert set(record["due"]) == set(record["packs"])
    assert {one["source"] for one in record["deliveries"]} >= {"phone_contacts", "t3_snapshots"}


def test_shifts_ahead_say_who_could_help(place: Path) -> None:
    text = " ".join(pages(place / "output/2026-W34/packs/week/leppavaara.fi.pdf")[0].split())
    assert "Vuorot tulevilla viikoilla" in text
    packs = place / "output/2026-W34/packs"
    page = json.loads((packs / "week/leppavaara.fi.json").read_text(encoding="utf-8"))
    blocks = [block for section in page["sections"] for block in section["blocks"]]
    (table,) = (block for block in blocks if block.get("caption", "").startswith("Vuorot"))
    assert [column["label"] for column in table["columns"]] == ["", "vk 35", "vk 36", "vk 37"]
    rows = [row for path in sorted((place / "data" / LAST).glob("vuorot*")) for row in _shifts(path)]
    own = [row for row in rows if "Leppävaara" in row[0] and row[2] == "LK" and row[1] == "2026-W35"]
    more = sum(row[5] - row[4] for row in own)
    (doctors,) = (row for row in table["rows"] if row[0] == "Lääkäri")
    assert doctors[1] == f"{more:+.1f}".replace("-", "−").replace(".", ",").replace("+0,0", "0,0")
    small = (packs / "week/hanko.fi.json").read_text(encoding="utf-8")
    assert "Vuorot tulevilla" not in small  # Inkoo, of the same service unit, has few staff


def _shifts(path: Path) -> list[list[Any]]:
    return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()[1:]


def test_of_a_file_that_was_sent_twice_the_newer_counts(unfinished: Path, tmp_path: Path) -> None:
    other = tmp_path / "place"
    shutil.copytree(unfinished, other)
    (first, *_) = sorted((other / "data/2026-W35").glob("puhelut*lantinen*"))
    newer = first.with_name(f"{first.stem}_korjattu.csv")
    head, *rows = first.read_bytes().decode("cp1252").splitlines(keepends=True)
    changed = [row.replace(";soitettu takaisin;", ";poistettu;") if own_week(row) else row for row in rows]
    assert changed != rows
    newer.write_bytes("".join([head, *changed]).encode("cp1252"))
    os.utime(first, (1_780_000_000, 1_780_000_000))
    done = ask(other, "run", "--week", "2026-W35", "--jobs", "1")
    assert done.exit_code == 0, done.output
    assert f"data/2026-W35/{first.name}: not read, for {newer.name} is the newer of the two" in done.output
    removed = sum(";poistettu;" in row and ";Takaisinsoitto;" in row and own_week(row) for row in changed)
    found = figures(other / "output/2026-W35")
    assert found["removed_n", "", "", "lantinen", "2026-W35"][1] == str(removed)


def own_week(row: str) -> bool:
    return of_days(*OWN_WEEK)(row)
