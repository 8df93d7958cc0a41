"""A second service line by configs alone: adult social work, with its own organisation, sources and metrics.

Every monthly and tertial value is counted again from the rows, in plain Python.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import statistics
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from opti_reports.config.load import load
from opti_reports.line import line_named
from opti_reports.workspace import init
from tests import aikuissosiaali as line
from tests.pipeline import ROOT
from tests.workspaces import ask, once, opti, pages

LINE = "aikuissosiaalipalvelut"
MONTH = "2026-08"
AREAS = {"etelainen": ("TAP", "MAT", "LEP"), "lantinen_alue": ("KIR", "LOH", "RAA")}
ROOT_ORG = "aikuissosiaalityo"
ORGS: dict[str, tuple[str, ...]] = (
    {unit: (team,) for team, (unit, _, _) in line.TEAMS.items()} | AREAS | {ROOT_ORG: tuple(line.TEAMS)}
)
"""The teams of every organisation."""
OTHER_LINE = re.compile(
    r"haipro|hilmo|terveys|potila|hoito|hoidon|lääkär|sairaan|hälso|läkar|(?<!social)vård|patient|health|doctor|nurse|\bcare\b",
    re.IGNORECASE,
)
"""Words of health care in three languages."""
HOLIDAYS = {
    dt.date.fromisoformat(day)
    for day in (
        *("2025-06-20", "2025-12-24", "2025-12-25", "2025-12-26", "2026-01-01", "2026-01-06", "2026-04-03"),
        *("2026-04-06", "2026-05-01", "2026-05-14", "2026-06-19"),
    )
}
"""Finnish days off of these months on working weekdays, the eves of Christmas and Midsummer too."""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The line's workspace with the run of August 2026, the packs in three languages."""

    def make(root: Path) -> None:
        init(root, LINE)
        line.deliver(line.rows(), root / "data")
        done = opti(root, "run", "--month", MONTH, *("--lang", "fi", "--lang", "sv", "--lang", "en"))
        assert done.returncode == 0, done.stderr

    return once(tmp_path_factory, "aikuissosiaali", make)


@cache
def rows() -> line.Rows:
    return line.rows()


def packs(run: Path, suffix: str) -> dict[str, Path]:
    """The files of the run's packs by ``pack/organisation.language``."""
    found = sorted((run / "output" / MONTH / "packs").glob(f"*/*{suffix}"))
    return {f"{path.parent.name}/{path.name.removesuffix(suffix)}": path for path in found}


@cache
def cells(run: Path) -> dict[tuple[str, str, str], dict[str, str]]:
    """The headline lines of ``values.csv`` by metric, organisation and period."""
    text = (run / "output" / MONTH / "values.csv").read_text(encoding="utf-8-sig")
    found = csv.DictReader(io.StringIO(text))
    return {(row["metric"], row["org"], row["period"]): row for row in found if not row["key"]}


def periods(first: str) -> Iterator[tuple[str, tuple[dt.date, ...]]]:
    """Every month from the first on, and every tertial that lies wholly among them, with its months."""
    months = [month for month in line.MONTHS if f"{month:%Y-%m}" >= first]
    yield from ((f"{month:%Y-%m}", (month,)) for month in months)
    for end in months[3:]:
        if end.month % 4 == 0:
            at = months.index(end)
            yield f"{end.year}-T{end.month // 4}", tuple(months[at - 3 : at + 1])


def in_months(day: dt.date | None, months: Iterable[dt.date]) -> bool:
    return day is not None and day.replace(day=1) in months


def works(day: dt.date) -> bool:
    return day.weekday() < 5 and day not in HOLIDAYS


def working_days_on(day: dt.date, count: int) -> dt.date:
    while count:
        day += dt.timedelta(days=1)
        count -= works(day)
    return day


@cache
def deadline(notice: line.Notice) -> dt.date:
    """Seven working days; before 2026 ten for those whom the law does not list."""
    return working_days_on(notice.arrived, 7 if notice.listed or notice.arrived.year > 2025 else 10)


def agree(
    run: Path,
    metric: str,
    first: str,
    count: Callable[[tuple[str, ...], tuple[dt.date, ...]], Fraction | None],
) -> int:
    """Compare every shown value of a metric with the one counted; return how many were compared."""
    compared = 0
    for period, months in periods(first):
        for org, teams in ORGS.items():
            cell, expected = cells(run)[metric, org, period], count(teams, months)
            assert cell["state"] in ("ok", "few", "withheld"), (metric, org, period, cell)
            if cell["state"] != "ok" or expected is None:
                continue
            assert float(cell["value"]) == pytest.approx(float(expected), abs=1e-9), (metric, org, period)
            compared += 1
    return compared


def share(hits: int, cases: int) -> Fraction | None:
    return Fraction(100 * hits, cases) if cases else None


def assessments(teams: tuple[str, ...], months: tuple[dt.date, ...]) -> list[line.Notice]:
    found = (n for n in rows().notices if n.team in teams and n.outcome == "arvioidaan")
    return [notice for notice in found if in_months(deadline(notice), months)]


def in_time(notices: list[line.Notice]) -> Fraction | None:
    return share(sum(n.started is not None and n.started <= deadline(n) for n in notices), len(notices))


def test_the_configs_are_in_order_and_configs_only(run: Path) -> None:
    checked = ask(run, "check", "--month", MONTH)
    assert checked.exit_code == 0, checked.output
    configs = load(run / "configs")
    assert len(configs.sources) == 4
    assert 10 <= len(configs.metrics) <= 14
    own = [path for path in line_named(LINE).folder.rglob("*") if path.is_file()]
    assert {path.suffix for path in own} == {".toml"}


def test_august_gives_the_three_packs_in_three_languages(run: Path) -> None:
    teams = {f"tiimin_raportti/{unit}" for unit, _, _ in line.TEAMS.values()}
    areas = {f"alueen_katsaus/{area}" for area in AREAS}
    expected = teams | areas | {f"johtoryhma/{ROOT_ORG}"}
    drawn = packs(run, ".pdf") | packs(run, ".pptx")
    assert drawn.keys() == {f"{pack}.{language}" for pack in expected for language in ("fi", "sv", "en")}
    assert packs(run, ".json").keys() == drawn.keys()
    assert {path.suffix for name, path in drawn.items() if name.startswith("alueen_katsaus/")} == {".pptx"}


@pytest.mark.parametrize("listed", [False, True])
def test_assessments_started_in_time(run: Path, *, listed: bool) -> None:
    metric = "arviointi_laki_pct" if listed else "arviointi_7ap_pct"

    def count(teams: tuple[str, ...], months: tuple[dt.date, ...]) -> Fraction | None:
        return in_time([n for n in assessments(teams, months) if n.listed or not listed])

    assert agree(run, metric, "2025-07", count) > 100


def test_a_limit_holds_from_its_date_on(run: Path) -> None:
    """Begun after seven working days but within ten: in time in 2025, by the old promise."""
    between = [
        n
        for n in rows().notices
        if not n.listed
        and n.started
        and working_days_on(n.arrived, 7) < n.started <= working_days_on(n.arrived, 10)
    ]
    assert {n.arrived.year for n in between} == {2025, 2026}
    december, unit = (dt.date(2025, 12, 1),), line.TEAMS["TAP"][0]
    strict = sum(
        n.started is not None and n.started <= working_days_on(n.arrived, 7)
        for n in assessments(("TAP",), december)
    )
    assert int(cells(run)["arviointi_7ap_pct", unit, "2025-12"]["numerator"]) > strict


def test_length_of_the_assessment(run: Path) -> None:
    def count(teams: tuple[str, ...], months: tuple[dt.date, ...]) -> Fraction | None:
        found = [
            (n.finished - n.started).days
            for n in rows().notices
            if n.team in teams and n.started and n.finished and in_months(n.finished, months)
        ]
        return Fraction(statistics.median(found)) if found else None

    assert agree(run, "arvioinnin_kesto", "2025-09", count) > 90


def test_requests_answered_within_three_working_days(run: Path) -> None:
    def count(teams: tuple[str, ...], months: tuple[dt.date, ...]) -> Fraction | None:
        asked = [
            (c, working_days_on(c.day, 3))
            for c in rows().contacts
            if c.team in teams and c.way == "soittopyynto"
        ]
        due = [(c, limit) for c, limit in asked if in_months(limit, months)]
        return share(sum(c.answered is not None and c.answered <= limit for c, limit in due), len(due))

    assert agree(run, "vastattu_3ap_pct", "2025-07", count) > 100


def test_notifications_contacts_and_clients(run: Path) -> None:
    def notices(teams: tuple[str, ...], months: tuple[dt.date, ...]) -> Fraction:
        return Fraction(sum(n.team in teams and in_months(n.arrived, months) for n in rows().notices))

    def met(teams: tuple[str, ...], months: tuple[dt.date, ...]) -> list[line.Contact]:
        found = (c for c in rows().contacts if c.team in teams and c.way != "soittopyynto")
        return [contact for contact in found if in_months(contact.day, months)]

    assert agree(run, "ilmoitukset_n", "2025-06", notices) > 100
    assert agree(run, "kontaktit_n", "2025-06", lambda *at: Fraction(len(met(*at)))) > 100
    assert agree(run, "asiakkaat_n", "2025-06", lambda *at: Fraction(len({c.client for c in met(*at)}))) > 100


def answers(teams: tuple[str, ...], months: tuple[dt.date, ...]) -> list[line.Answer]:
    return [a for a in rows().answers if a.team in teams and in_months(a.day, months)]


def test_what_clients_say(run: Path) -> None:
    def score(teams: tuple[str, ...], months: tuple[dt.date, ...]) -> Fraction | None:
        given = [a.recommends for a in answers(teams, months)]
        return share(sum(g >= 9 for g in given) - sum(g <= 6 for g in given), len(given))

    def mean(teams: tuple[str, ...], months: tuple[dt.date, ...]) -> Fraction:
        given = [value for a in answers(teams, months) for value in a.statements]
        return Fraction(sum(given), len(given))

    assert agree(run, "suositteluindeksi", "2025-06", score) > 80
    assert agree(run, "vaittamat_ka", "2025-06", mean) > 80


def test_staff(run: Path) -> None:
    def of(
        measure: Callable[[line.Staff], tuple[int, int]],
    ) -> Callable[[tuple[str, ...], tuple[dt.date, ...]], Fraction | None]:
        def count(teams: tuple[str, ...], months: tuple[dt.date, ...]) -> Fraction | None:
            pairs = [measure(s) for s in rows().staff if s.team in teams and s.month in months]
            return share(sum(hit for hit, _ in pairs), sum(total for _, total in pairs))

        return count

    vacant = of(lambda s: (s.vacant, s.positions))
    assert agree(run, "tayttamatta_pct", "2025-06", lambda teams, months: vacant(teams, months[-1:])) > 50
    assert agree(run, "tyopanos_pct", "2025-06", of(lambda s: (s.worked, s.planned))) > 80


def test_contacts_per_person_day(run: Path) -> None:
    def count(teams: tuple[str, ...], months: tuple[dt.date, ...]) -> Fraction:
        met = sum(
            c.team in teams and c.way != "soittopyynto" and in_months(c.day, months) for c in rows().contacts
        )
        return Fraction(met, sum(s.worked for s in rows().staff if s.team in teams and s.month in months))

    assert agree(run, "kontaktit_tyopaivaa_kohti", "2025-06", count) > 80


def test_the_team_that_begins_late_heads_the_deviations(run: Path) -> None:
    text = (run / "output" / MONTH / "deviations.csv").read_text(encoding="utf-8-sig")
    found = list(csv.DictReader(io.StringIO(text)))
    team = line.TEAMS[line.LATE_TEAM][0]
    assert found[0]["org"] == team
    late = {d["metric"]: d for d in found if d["org"] == team}
    assert late["arviointi_laki_pct"]["kind"] == "statutory"
    assert late["arviointi_7ap_pct"]["kind"] == "process_limit"
    assert {late[m]["since"] for m in ("arviointi_laki_pct", "arviointi_7ap_pct")} == {"2026-03"}
    assert late["arviointi_7ap_pct"]["react_level"] == "linja"
    lasting = {d["org"] for d in found if d["metric"] == "arviointi_7ap_pct" and int(d["months"]) >= 3}
    assert team in lasting
    assert lasting <= {team, "lantinen_alue", ROOT_ORG}


def test_few_answers_are_withheld_and_no_more_than_must_be(run: Path) -> None:
    quiet = line.TEAMS[line.QUIET_TEAM][0]
    states = {org: cells(run)["suositteluindeksi", org, MONTH]["state"] for org in ORGS}
    assert states[quiet] == "withheld"
    beside = [line.TEAMS[team][0] for team in AREAS["lantinen_alue"]]
    assert sum(states[org] == "withheld" for org in beside) == 2  # itself, and one that hides it
    assert {states[org] for org in ORGS if org not in beside} == {"ok"}
    assert {cells(run)[metric, quiet, MONTH]["state"] for metric in ("tayttamatta_pct", "tyopanos_pct")} == {
        "withheld"
    }


def test_a_tertial_that_has_just_ended_is_not_called_revised(run: Path) -> None:
    """A month ago it was still running: nothing had been told of it."""
    assert {cell["revised"] for (_, _, period), cell in cells(run).items() if period == "2026-T2"} == {""}


def test_nothing_of_the_health_care_line_is_said(run: Path) -> None:
    output = run / "output" / MONTH
    files = [*packs(run, ".json").values(), output / "values.csv", output / "run.json"]
    found = {path.name: OTHER_LINE.findall(path.read_text(encoding="utf-8")) for path in files}
    assert {name: words for name, words in found.items() if words} == {}


def test_the_phrases_that_lines_share_name_none_of_them() -> None:
    for path in (ROOT / "configs" / "languages").glob("*.toml"):
        assert OTHER_LINE.findall(path.read_text(encoding="utf-8")) == [], path.name


def test_the_packs_speak_of_teams_assessments_and_the_clients_words(run: Path) -> None:
    late, _, _ = line.TEAMS[line.LATE_TEAM]
    report = " ".join(" ".join(pages(packs(run, ".pdf")[f"tiimin_raportti/{late}.fi"])).split())
    assert "Arviointia odottavat vanhimmasta alkaen" in report
    assert "ilmoitus sosiaalihuollon tarpeesta" in report
    assert "Minua kuunneltiin ja sain selkeän päätöksen." in report
    assert "Asiakaskontaktit työpäivää kohti" in report
    assert "Mitä on sovittu" not in report  # there is no register of actions


def test_tables_and_charts_call_things_by_the_lines_own_names(run: Path) -> None:
    deck = json.loads(packs(run, ".json")["alueen_katsaus/lantinen_alue.sv"].read_text(encoding="utf-8"))
    blocks = {
        b.get("caption") or b.get("title"): b for section in deck["sections"] for b in section["blocks"]
    }
    waiting = blocks["De som väntar på bedömning, de äldsta först"]
    assert [column["label"] for column in waiting["columns"]][:3] == ["Team", "Anmälan", "Inledd genom"]
    assert waiting["tones"]  # those past their limit are marked
    outcomes = blocks["Kontakter och anmälningar: Avgörande"]
    assert {bar["label"] for bar in outcomes["bars"]} == {
        "Servicebehovet bedöms",
        "Handledd och rådgiven",
        "Inget servicebehov",
    }


def test_the_review_judges_the_lines_own_process(run: Path) -> None:
    review = json.loads(packs(run, ".json")[f"johtoryhma/{ROOT_ORG}.fi"].read_text(encoding="utf-8"))
    blocks = {b.get("caption"): b for section in review["sections"] for b in section["blocks"]}
    (row,) = blocks["Pidetäänkö arvioinnin määräajat"]["rows"]
    assert row[:2] == ["Palvelutarpeen arvioinnin aloitus", "osittain"]
    assert [name for name, _ in blocks["Miten siirtyvät, palaavat ja muuttuvat tapaukset lasketaan"]["items"]]


def test_no_heading_stands_without_content(run: Path) -> None:
    for name, path in packs(run, ".json").items():
        pack = json.loads(path.read_text(encoding="utf-8"))
        assert [section["id"] for section in pack["sections"] if not section["blocks"]] == [], name
