"""A second service line by configs alone: adult social services, its organisation, sources and metrics.

Every monthly and tertial value is counted again from the demo's files, in plain Python.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import shutil
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from opti_reports.config.load import load
from opti_reports.demo.rules import read_rules
from opti_reports.line import line_named
from opti_reports.workspace import init
from tests import aikuissosiaali as line
from tests.pipeline import ROOT
from tests.workspaces import ask, once, opti, pages

MONTH = "2026-08"
AREAS = {"etelainen": ("TAP", "MAT", "LEP"), "lantinen_alue": ("KIR", "LOH", "RAA")}
ROOT_ORG = "aikuissosiaalityo"
ORGS: dict[str, tuple[str, ...]] = (
    {unit: (team,) for team, unit in line.TEAMS.items()} | AREAS | {ROOT_ORG: tuple(line.TEAMS)}
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
    """The line's workspace with its demo and the run of August 2026, the packs in three languages."""

    def make(root: Path) -> None:
        init(root, line.LINE)
        made = opti(root, "demo", "--months", str(len(line.MONTHS)), "--last-month", MONTH)
        assert made.returncode == 0, made.stderr
        done = opti(root, "run", "--month", MONTH, *("--lang", "fi", "--lang", "sv", "--lang", "en"))
        assert done.returncode == 0, done.stderr

    return once(tmp_path_factory, "aikuissosiaali", make)


@pytest.fixture(scope="module")
def data(run: Path) -> Path:
    return run / "data"


Teams = tuple[str, ...]
Months = tuple[dt.date, ...]
Count = Callable[[Teams, Months], Fraction | None]
Case = tuple[str, dt.date, dt.date | None]
"""A team, the day by which something is due, and the day on which it was done."""
KIND = ("month", "tertial")
KINDS = {"lahtovaihtuvuus_pct": ("rolling_12m",), "talous_kertyma_pct": ("ytd",), "talous_ero_eur": ("ytd",)}
"""The periods of each metric's own figures."""


def packs(run: Path, suffix: str) -> dict[str, Path]:
    """The files of the run's packs by ``pack/organisation.language``."""
    found = sorted((run / "output" / MONTH / "packs").glob(f"*/*{suffix}"))
    return {f"{path.parent.name}/{path.name.removesuffix(suffix)}": path for path in found}


@cache
def cells(run: Path) -> dict[tuple[str, str, str], dict[str, str]]:
    """The headline lines of ``values.csv`` by metric, organisation and period."""
    text = (run / "output" / MONTH / "values.csv").read_text(encoding="utf-8-sig")
    found = csv.DictReader(io.StringIO(text))
    own = (
        row for row in found if not row["breakdown"] and row["period_kind"] in KINDS.get(row["metric"], KIND)
    )
    return {(row["metric"], row["org"], row["period"]): row for row in own}


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


def agree(
    run: Path,
    metric: str,
    first: str,
    count: Count,
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


def months_on(day: dt.date, count: int) -> dt.date:
    """The same day so many months later, or the last of a shorter month."""
    first = dt.date(day.year + (day.month - 1 + count) // 12, (day.month - 1 + count) % 12 + 1, 1)
    last = dt.date(first.year + first.month // 12, first.month % 12 + 1, 1) - dt.timedelta(days=1)
    return min(first + dt.timedelta(days=day.day - 1), last)


def known(row: line.Row, heading: str) -> dt.date:
    day = row.day(heading)
    assert day is not None
    return day


def listed(row: line.Row) -> bool:
    return row["Lakisääteinen määräaika"] == "kyllä"


def assessed(data: Path) -> list[line.Row]:
    found = line.newest(data, "ilmoitukset")
    return [row for row in found if row["Käsittelyn tulos"] == "palvelutarpeen arviointi"]


def start_due(row: line.Row) -> dt.date:
    """Seven working days; before 2026 ten for those whom the law does not list."""
    arrived = known(row, "Saapumispäivä")
    return working_days_on(arrived, 7 if listed(row) or arrived.year > 2025 else 10)


def starts(data: Path, rows: Iterable[line.Row]) -> Iterator[Case]:
    return ((row.team, start_due(row), row.day("Arviointi aloitettu")) for row in rows)


def ended(
    data: Path, source: str, begins: str, ends: str, due: Callable[[dt.date], dt.date]
) -> Iterator[Case]:
    return ((row.team, due(known(row, begins)), row.day(ends)) for row in line.newest(data, source))


def assistance(data: Path, *, urgent: bool) -> Iterator[Case]:
    for row in line.newest(data, "toimeentulotuki"):
        if (row["Kiireellinen hakemus"] == "kyllä") == urgent:
            begun = row.day("Täydennys saapui") or known(row, "Hakemus saapui")
            yield row.team, working_days_on(begun, 1 if urgent else 7), row.day("Päätöspäivä")


def services(data: Path) -> Iterator[Case]:
    for row in line.newest(data, "palvelupaatokset"):
        if row["Ratkaisun laji"] != "hylätty":
            yield row.team, months_on(known(row, "Vireilletulo"), 3), row.day("Palvelu alkoi")


def closed(data: Path) -> Iterator[Case]:
    for row in line.newest(data, "vaaratapahtumat"):
        done = row.day("Käsittely päättyi") if row["Toimenpide-ehdotus"] else None
        yield row.team, known(row, "Ilmoituspäivä") + dt.timedelta(days=60), done


def called(data: Path) -> Iterator[Case]:
    for row in line.newest(data, "kontaktit"):
        if row["Yhteystapa"] == "soittopyyntö":
            yield row.team, working_days_on(known(row, "Päivä"), 3), row.day("Vastauspäivä")


def later(days: int) -> Callable[[dt.date], dt.date]:
    return lambda day: day + dt.timedelta(days=days)


TIMELY: dict[str, tuple[str, int, Callable[[Path], Iterable[Case]]]] = {
    "kiire_heti_pct": (
        "2025-06",
        100,
        lambda data: ended(data, "ilmoitukset", "Saapumispäivä", "Kiireellisyys arvioitu", later(0)),
    ),
    "arviointi_7ap_pct": ("2025-07", 100, lambda data: starts(data, assessed(data))),
    "arviointi_laki_pct": ("2025-07", 100, lambda data: starts(data, filter(listed, assessed(data)))),
    "arviointi_3kk_pct": (
        "2025-09",
        100,
        lambda data: (
            (row.team, months_on(known(row, "Saapumispäivä"), 3), row.day("Arviointi valmis"))
            for row in assessed(data)
        ),
    ),
    "vastattu_3ap_pct": ("2025-07", 100, called),
    "toimeentulotuki_7ap_pct": ("2025-07", 100, lambda data: assistance(data, urgent=False)),
    "toimeentulotuki_kiire_pct": ("2025-07", 60, lambda data: assistance(data, urgent=True)),
    "palvelu_3kk_pct": ("2025-09", 90, services),
    "vaarat_7pv_pct": (
        "2025-07",
        60,
        lambda data: ended(data, "vaaratapahtumat", "Ilmoituspäivä", "Luokittelupäivä", later(7)),
    ),
    "vaarat_60pv_pct": ("2025-09", 60, closed),
    "epakohdat_14pv_pct": (
        "2025-07",
        20,
        lambda data: ended(data, "epakohdat", "Ilmoituspäivä", "Toimiin ryhdytty", later(14)),
    ),
    "palaute_5ap_pct": (
        "2025-07",
        80,
        lambda data: ended(
            data, "palautekanava", "Saapumispäivä", "Vastauspäivä", lambda day: working_days_on(day, 5)
        ),
    ),
    "toimenpiteet_ajoissa_pct": (
        "2025-10",
        5,
        lambda data: (
            (row.team, known(row, "Alkuperäinen määräaika"), row.day("Valmis"))
            for row in line.newest(data, "toimenpiteet")
        ),
    ),
}
"""Of each share of cases in time: its first whole month, how many values there are at least, its cases."""


@pytest.mark.parametrize("metric", TIMELY)
def test_the_share_of_cases_in_time(run: Path, data: Path, metric: str) -> None:
    first, least, cases = TIMELY[metric]
    found = list(cases(data))

    def count(teams: Teams, months: Months) -> Fraction | None:
        due = [(limit, done) for team, limit, done in found if team in teams and in_months(limit, months)]
        return share(sum(done is not None and done <= limit for limit, done in due), len(due))

    assert agree(run, metric, first, count) > least


TOTALS = {
    "ilmoitukset_n": ("ilmoitukset", "Saapumispäivä"),
    "hakemukset_n": ("toimeentulotuki", "Hakemus saapui"),
    "vaarat_n": ("vaaratapahtumat", "Ilmoituspäivä"),
    "epakohdat_n": ("epakohdat", "Ilmoituspäivä"),
    "palautteita_n": ("palautekanava", "Saapumispäivä"),
}


@pytest.mark.parametrize("metric", TOTALS)
def test_how_many_there_were(run: Path, data: Path, metric: str) -> None:
    source, heading = TOTALS[metric]
    rows = line.newest(data, source)

    def count(teams: Teams, months: Months) -> Fraction:
        return Fraction(sum(r.team in teams and in_months(r.day(heading), months) for r in rows))

    assert agree(run, metric, "2025-06", count) > 100


def test_contacts_and_clients(run: Path, data: Path) -> None:
    def met(teams: Teams, months: Months) -> list[line.Row]:
        found = (r for r in line.newest(data, "kontaktit") if r["Yhteystapa"] != "soittopyyntö")
        return [r for r in found if r.team in teams and in_months(r.day("Päivä"), months)]

    def clients(teams: Teams, months: Months) -> Fraction:
        return Fraction(len({r["Asiakkaan avain"] for r in met(teams, months)}))

    def per_day(teams: Teams, months: Months) -> Fraction:
        return Fraction(len(met(teams, months))) / staffed(data, teams, months, "Toteutuneet työpäivät")

    assert agree(run, "kontaktit_n", "2025-06", lambda *at: Fraction(len(met(*at)))) > 100
    assert agree(run, "asiakkaat_n", "2025-06", clients) > 100
    assert agree(run, "kontaktit_tyopaivaa_kohti", "2025-06", per_day) > 60


@pytest.mark.parametrize(
    ("metric", "begins", "ends", "counted"),
    [
        ("aloituksen_odotus", "Saapumispäivä", "Arviointi aloitettu", "2025-09"),
        ("arvioinnin_kesto", "Arviointi aloitettu", "Arviointi valmis", "2025-09"),
    ],
)
def test_how_long_it_takes(run: Path, data: Path, metric: str, begins: str, ends: str, counted: str) -> None:
    found = [
        (row.team, done, (done - begun).days)
        for row in assessed(data)
        if (begun := row.day(begins)) and (done := row.day(ends))
    ]

    def count(teams: Teams, months: Months) -> Fraction | None:
        days = [days for team, done, days in found if team in teams and in_months(done, months)]
        return Fraction(statistics.median(days)) if days else None

    assert agree(run, metric, counted, count) > 80


def end_of(month: dt.date) -> dt.date:
    return months_on(month, 1) - dt.timedelta(days=1)


def open_at(row: line.Row, begins: str, ends: str, end: dt.date) -> bool:
    done = row.day(ends)
    return known(row, begins) <= end and (done is None or done > end)


@pytest.mark.parametrize(
    ("metric", "source", "begins", "ends", "limit"),
    [
        ("arviointia_odottaa_n", "ilmoitukset", "Saapumispäivä", "Arviointi aloitettu", None),
        (
            "arviointi_yli_3kk_n",
            "ilmoitukset",
            "Saapumispäivä",
            "Arviointi valmis",
            lambda d: months_on(d, 3),
        ),
        (
            "palvelua_odottaa_yli_n",
            "palvelupaatokset",
            "Vireilletulo",
            "Palvelu alkoi",
            lambda d: months_on(d, 3),
        ),
        ("vaarat_yli_60pv_n", "vaaratapahtumat", "Ilmoituspäivä", "Käsittely päättyi", later(60)),
    ],
)
def test_what_is_open_at_the_end_of_a_month(
    run: Path,
    data: Path,
    metric: str,
    source: str,
    begins: str,
    ends: str,
    limit: Callable[[dt.date], dt.date] | None,
) -> None:
    """Each month's as its own delivery tells it."""
    seen = Counter[str]()
    for month in line.DELIVERED:
        end = end_of(dt.date.fromisoformat(f"{month}-01"))
        for org, teams in ORGS.items():
            rows = [row for row in line.delivered(data, source, month) if row.team in teams]
            rows = [row for row in rows if row.get("Käsittelyn tulos", "palvelutarpeen arviointi")[0] == "p"]
            rows = [row for row in rows if row.get("Ratkaisun laji") != "hylätty"]
            rows = [row for row in rows if open_at(row, begins, ends, end)]
            expected = sum(limit is None or limit(known(row, begins)) <= end for row in rows)
            cell = cells(run)[metric, org, month]
            if cell["state"] == "ok":
                assert float(cell["value"]) == expected, (metric, org, month)
                seen["some" if expected else "none"] += 1
    assert seen.total() > 30
    assert seen["some"] > 3
    before = {f"{month:%Y-%m}" for month in line.MONTHS} - set(line.DELIVERED)
    told = {cells(run)[metric, org, month]["state"] for month in before for org in ORGS}
    assert told == {"missing"}  # the first delivery says how things stood at its own end alone


def answers(data: Path, teams: Teams, months: Months) -> list[line.Row]:
    found = line.newest(data, "palautteet")
    return [row for row in found if row.team in teams and in_months(row.day("Antopäivä"), months)]


STATEMENTS = ("Sain apua tilanteeseeni", "Minua kohdeltiin kunnioittavasti", "Sain vaikuttaa asiaani")


def test_what_clients_say(run: Path, data: Path) -> None:
    def score(teams: Teams, months: Months) -> Fraction | None:
        given = [int(r["Suosittelisitko"]) for r in answers(data, teams, months) if r["Suosittelisitko"]]
        return share(sum(g >= 9 for g in given) - sum(g <= 6 for g in given), len(given))

    def mean(teams: Teams, months: Months) -> Fraction:
        given = [int(r[name]) for r in answers(data, teams, months) for name in STATEMENTS if r[name]]
        return Fraction(sum(given), len(given))

    assert agree(run, "suositteluindeksi", "2025-06", score) > 80
    assert agree(run, "vaittamat_ka", "2025-06", mean) > 80


def staffed(data: Path, teams: Teams, months: Months, heading: str) -> Fraction:
    wanted = {f"{month:%Y-%m}" for month in months}
    rows = line.newest(data, "henkilosto")
    return sum((Fraction(r[heading]) for r in rows if r.team in teams and r["Kk"] in wanted), Fraction())


@pytest.mark.parametrize(
    ("metric", "part", "whole", "last"),
    [
        ("tayttamatta_pct", "Täyttämättä", "Virat ja toimet", True),
        ("tyopanos_pct", "Toteutuneet työpäivät", "Suunnitellut työpäivät", False),
        ("sairauspoissaolo_pct", "Sairauspoissaolopäivät", "Palvelussuhdepäivät", False),
    ],
)
def test_staff(run: Path, data: Path, metric: str, part: str, whole: str, last: bool) -> None:
    def count(teams: Teams, months: Months) -> Fraction:
        told = months[-1:] if last else months
        return 100 * staffed(data, teams, told, part) / staffed(data, teams, told, whole)

    assert agree(run, metric, "2025-06", count) > 50


def test_turnover_of_a_year(run: Path, data: Path) -> None:
    compared = 0
    for end in range(11, len(line.MONTHS)):
        year = line.MONTHS[end - 11 : end + 1]
        for org, teams in ORGS.items():
            cell = cells(run)["lahtovaihtuvuus_pct", org, f"{year[-1]:%Y-%m}"]
            if cell["state"] == "ok":
                left = staffed(data, teams, year, "Lähteneet vakinaiset")
                mean = staffed(data, teams, year, "Vakinaiset kuukauden lopussa") / 12
                assert float(cell["value"]) == pytest.approx(float(100 * left / mean), abs=1e-9)
                compared += 1
    assert compared > 10


def spent(data: Path, teams: Teams, months: Months, heading: str) -> Fraction:
    wanted = {f"{month:%m/%Y}" for month in months}
    rows = (r for r in line.newest(data, "talous") if r.team in teams and r["Kuukausi"] in wanted)
    return sum((Fraction(r[heading].replace(",", ".")) for r in rows), Fraction())


def test_money(run: Path, data: Path) -> None:
    for end in range(7, len(line.MONTHS)):
        month = line.MONTHS[end]
        year = line.MONTHS[end - month.month + 1 : end + 1]
        for org, teams in ORGS.items():
            budget = spent(data, teams, year, "Budjetti kk")
            used = spent(data, teams, year, "Toteutunut")
            planned = spent(data, teams, (month,), "Talousarvio vuosi")
            forecast = spent(data, teams, (month,), "Tilinpäätösennuste")
            expected = {
                "talous_kertyma_pct": 100 * used / budget,
                "talous_ero_eur": used - budget,
                "ennuste_poikkeama_pct": 100 * (forecast - planned) / planned,
            }
            for metric, value in expected.items():
                cell = cells(run)[metric, org, f"{month:%Y-%m}"]
                assert cell["state"] == "ok"
                assert float(cell["value"]) == pytest.approx(float(value), abs=1e-6), (metric, org, month)


def test_a_limit_holds_from_its_date_on(run: Path, data: Path) -> None:
    """Begun after seven working days but within ten: in time in 2025, by the old promise."""
    due = [r for r in assessed(data) if r.team == "TAP" and in_months(start_due(r), (dt.date(2025, 12, 1),))]
    limits = [(r.day("Arviointi aloitettu"), working_days_on(known(r, "Saapumispäivä"), 7)) for r in due]
    strict = sum(started is not None and started <= limit for started, limit in limits)
    assert int(cells(run)["arviointi_7ap_pct", line.TEAMS["TAP"], "2025-12"]["numerator"]) > strict


def test_the_configs_are_in_order_and_configs_only(run: Path) -> None:
    checked = ask(run, "check", "--month", MONTH)
    assert checked.exit_code == 0, checked.output
    configs = load(run / "configs")
    assert len(configs.sources) == 11
    assert 30 <= sum(metric.companion_of is None for metric in configs.metrics.values()) <= 34
    own = [path for path in line_named(line.LINE).folder.rglob("*") if path.is_file()]
    assert {path.suffix for path in own} == {".toml"}


def test_nothing_is_agreed_in_the_shipped_line(run: Path) -> None:
    """Only what the law says gives a status without the demo's made-up decisions."""
    configs = load(run / "configs")
    assert configs.targets.target == ()
    assert {rule.agreed_by for rule in configs.findings.escalation} == {""}


def test_august_gives_the_three_packs_in_three_languages(run: Path) -> None:
    teams = {f"tiimin_raportti/{unit}" for unit in line.TEAMS.values()}
    areas = {f"alueen_katsaus/{area}" for area in AREAS}
    expected = teams | areas | {f"johtoryhma/{ROOT_ORG}"}
    drawn = packs(run, ".pdf") | packs(run, ".pptx")
    assert drawn.keys() == {f"{pack}.{language}" for pack in expected for language in ("fi", "sv", "en")}
    assert packs(run, ".json").keys() == drawn.keys()
    assert {path.suffix for name, path in drawn.items() if name.startswith("alueen_katsaus/")} == {".pptx"}


def deviations(run: Path) -> list[dict[str, str]]:
    text = (run / "output" / MONTH / "deviations.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_every_story_of_the_demo_is_found(run: Path) -> None:
    stories = read_rules(line_named(line.LINE).folder / "demo.toml").stories
    found = {(one["metric"], one["org"]) for one in deviations(run)}
    assert {(story.metric, story.unit) for story in stories} <= found
    assert len(stories) >= 8


def test_the_team_that_begins_late_is_found_and_concerns_every_level(run: Path) -> None:
    team = line.TEAMS[line.LATE_TEAM]
    late = {d["metric"]: d for d in deviations(run) if d["org"] == team}
    assert late["arviointi_laki_pct"]["kind"] == "statutory"
    assert late["arviointi_7ap_pct"]["kind"] == "process_limit"
    assert late["arviointi_7ap_pct"]["since"] == "2026-03"
    assert late["arviointi_laki_pct"]["since"] >= "2026-03"
    assert late["arviointi_7ap_pct"]["react_level"] == "linja"


def test_few_answers_are_withheld_and_no_more_than_must_be(run: Path) -> None:
    quiet = line.TEAMS[line.QUIET_TEAM]
    states = {org: cells(run)["suositteluindeksi", org, MONTH]["state"] for org in ORGS}
    assert states[quiet] == "withheld"
    beside = [line.TEAMS[team] for team in AREAS["lantinen_alue"]]
    assert sum(states[org] == "withheld" for org in beside) == 2  # itself, and one that hides it
    assert {states[org] for org in ORGS if org not in beside} == {"ok"}
    staff = ("tayttamatta_pct", "tyopanos_pct", "sairauspoissaolo_pct")
    assert {cells(run)[metric, quiet, MONTH]["state"] for metric in staff} == {"withheld"}


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
    late = line.TEAMS[line.LATE_TEAM]
    report = " ".join(" ".join(pages(packs(run, ".pdf")[f"tiimin_raportti/{late}.fi"])).split())
    assert "Arviointia odottavat vanhimmasta alkaen" in report
    assert "Laissa luetelluista arvioinneista aloitettiin ajoissa" in report  # a card
    assert "asia ilman vastuutyöntekijää" in report  # a barrier
    assert "Johtava sosiaalityöntekijä" in report  # whose move it is
    assert "Lakisääteiset · Kiireellisen avun tarve arvioitu heti" in report  # the line of the law
    assert "Asiakaskontaktit työpäivää kohti" in report


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
    assert row[:2] == ["Palvelutarpeen arviointi", "osittain"]
    assert [name for name, _ in blocks["Miten siirtyvät, palaavat ja muuttuvat tapaukset lasketaan"]["items"]]


def test_no_heading_stands_without_content(run: Path) -> None:
    for name, path in packs(run, ".json").items():
        pack = json.loads(path.read_text(encoding="utf-8"))
        assert [section["id"] for section in pack["sections"] if not section["blocks"]] == [], name


BROKEN = {
    "ilmoitukset": (
        "IL-X1;AST-TAP;10.8.2026;9.8.2026;ei;;;yhteydenotto;palvelutarpeen arviointi",
        "IL-X2;AST-TAP;10.8.2026;10.8.2026;ei;7.8.2026;;yhteydenotto;palvelutarpeen arviointi",
        "IL-X3;AST-TAP;10.8.2026;10.8.2026;ei;14.8.2026;12.8.2026;yhteydenotto;palvelutarpeen arviointi",
    ),
    "toimeentulotuki": (
        "TT-X1;AST-TAP;10.8.2026;ei;;7.8.2026;täydentävä toimeentulotuki",
        "TT-X2;AST-TAP;10.8.2026;ei;6.8.2026;;täydentävä toimeentulotuki",
    ),
    "palvelupaatokset": ("PA-X1;AST-TAP;10.8.2026;11.8.2026;7.8.2026;sosiaaliohjaus;myönnetty",),
    "vaaratapahtumat": ("V-X1;AST/TAP;2026-08-10;2026-08-07;;asiakasturvallisuus;;;",),
    "epakohdat": ("E-X1;AST/TAP;2026-08-10;2026-08-07;palvelun laatu",),
    "palautekanava": ("PK-X1;Aikuissosiaalityö Tapiola;10.8.2026;7.8.2026;moite;muu",),
}


def test_rows_that_cannot_be_are_rejected_with_their_reason(run: Path, tmp_path: Path) -> None:
    shutil.copytree(run / "configs", tmp_path / "configs")
    shutil.copytree(run / "data", tmp_path / "data")
    for source, rows in BROKEN.items():
        (path,) = (tmp_path / "data" / MONTH).glob(f"{source}_*")
        text = path.read_text(encoding="utf-8")
        end = "\r\n" if "\r\n" in text else "\n"
        path.write_text(text + end.join(rows) + end, encoding="utf-8", newline="")
    done = ask(tmp_path, "check", "--month", MONTH, "--json")
    assert done.exit_code == 0, done.output
    reports = {one["source"]: one for one in json.loads(done.stdout)}
    assert {name: reports[name]["rejected"] for name in BROKEN} == {k: len(v) for k, v in BROKEN.items()}
    assert {one["rejected"] for name, one in reports.items() if name not in BROKEN} == {0}
    for one in reports.values():
        assert one["read"] == one["used"] + one["rejected"] + one["outside"]
