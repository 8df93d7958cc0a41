"""The low-back pathway by configs alone: answers at the start carried to follow-ups, changes, cohorts.

The figures of the newest month are counted again from the rows of its extracts, in plain Python, and an
attacker of few patients' means is let loose on them. How answers are scored: ``test_selka_answers.py``.
"""

from __future__ import annotations

import calendar
import csv
import datetime as dt
import json
import math
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import pytest
from scipy import stats

from opti_reports.config.configs import Configs
from opti_reports.config.load import load
from opti_reports.config.metric import Ratio
from opti_reports.demo.rules import read_rules
from opti_reports.disclosure.gate import Gate
from opti_reports.line import line_named
from opti_reports.model.value import Value, Values
from opti_reports.periods.months import parse_month
from opti_reports.stages.disclosure import periods_of, withheld
from opti_reports.stages.groups import together
from opti_reports.stages.inputs import inputs
from opti_reports.stages.values import exact
from opti_reports.workspace import init
from tests.disclosure.linear import Attack, only
from tests.pipeline import taken_until
from tests.workspaces import LAST, ask, once

UNITS = {
    "FT-TAP": "tapiola",
    "FT-MAT": "matinkyla",
    "FT-LEP": "leppavaara",
    "FT-LOH": "lohja",
    "FT-KIR": "kirkkonummi",
    "FT-RAA": "raasepori",
}
ORGS = {unit: {unit} for unit in UNITS.values()} | {
    "etela": {"tapiola", "matinkyla", "leppavaara"},
    "lansi": {"lohja", "kirkkonummi", "raasepori"},
    "alaselkapolku": set(UNITS.values()),
}
TAKES = {  # Ludwig, Graf von der Schulenburg and Greiner 2018, in thousandths, by dimension and level
    0: (0, 26, 42, 139, 224),
    1: (0, 50, 56, 169, 260),
    2: (0, 36, 49, 129, 209),
    3: (0, 57, 109, 404, 612),
    4: (0, 30, 82, 244, 356),
}
YEAR = [dt.date(2025, 9, 1), dt.date(2026, 8, 31)]
"""The twelve months up to the newest."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The line's workspace with its demo and the run of the newest month; tests only read it."""

    def make(root: Path) -> None:
        init(root, "selka")
        for command in (("demo", "--last-month", LAST), ("run", "--month", LAST, "--jobs", "1")):
            done = ask(root, *command)
            assert done.exit_code == 0, done.output

    return once(tmp_path_factory, "selka", make)


@dataclass
class Answer:
    """What one row says, scored by the rules of its questionnaires."""

    episode: str
    unit: str
    began: dt.date
    phase: str
    given: dt.date
    risk: str
    scores: dict[str, Fraction | None]
    recommends: int | None


def day(text: str) -> dt.date:
    date, month, year = map(int, text.split("."))
    return dt.date(year, month, date)


def months_on(date: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the last of that month."""
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    return dt.date(year, month + 1, min(date.day, calendar.monthrange(year, month + 1)[1]))


def rounded(number: Fraction) -> Fraction:
    return Fraction(math.floor(number * 100 + Fraction(1, 2)), 100)


def scored(row: dict[str, str]) -> Answer:
    agreed = [row[f"Start {item}"] for item in range(1, 10)]
    risk = ""
    if all(agreed):
        points = [int(cell) for cell in agreed[:8]] + [1 if int(agreed[8]) >= 3 else 0]
        risk = "1-matala" if sum(points) <= 3 else "3-korkea" if sum(points[4:]) >= 4 else "2-keski"
    sections = [int(cell) for item in range(1, 11) if (cell := row[f"Odi {item}"])]
    odi = rounded(Fraction(100 * sum(sections), 5 * len(sections))) if len(sections) >= 8 else None
    state = row["Eq-5d-5l"]
    index = 1 - Fraction(sum(TAKES[at][int(level) - 1] for at, level in enumerate(state)), 1000)
    return Answer(
        episode=row["Hoitojakson tunniste"],
        unit=UNITS[row["Yksikkö"]],
        began=day(row["Hoitojakso alkoi"]),
        phase=row["Kysely"],
        given=day(row["Vastauspäivä"]),
        risk=risk,
        scores={
            "kipu": Fraction(row["Kipu"]) if row["Kipu"] else None,
            "odi": odi,
            "eq5d": index if state else None,
        },
        recommends=int(row["Nps"]) if row["Nps"] else None,
    )


@pytest.fixture(scope="module")
def answers(place: Path) -> list[Answer]:
    """Every answer: of each month of starts those of the newest delivery that holds it."""
    found: dict[str, list[Answer]] = {}
    for folder in sorted(path for path in (place / "data").iterdir() if path.is_dir()):
        with (folder / f"kyselyt_{folder.name}.csv").open(encoding="utf-8") as file:
            rows = [scored(row) for row in csv.DictReader(file, delimiter=";")]
        fresh = defaultdict[str, list[Answer]](list)
        for one in rows:
            fresh[f"{one.began:%Y-%m}"].append(one)
        found |= fresh
    return [one for rows in found.values() for one in rows]


@dataclass
class Case:
    """A patient: where and when the start was, and what changed to a follow-up that was answered in time."""

    unit: str
    risk: str
    cohort: str
    counts: dt.date
    """The day on which the last of the cohort could have answered."""
    answered: bool
    change: dict[str, Fraction]


def cases(answers: Iterable[Answer], months: int, in_time: int) -> list[Case]:
    """Every patient whose cohort's time is over within the year."""
    by_episode = defaultdict[str, dict[str, Answer]](dict)
    for one in answers:
        by_episode[one.episode][one.phase] = one
    found = []
    for phases in by_episode.values():
        start = phases["alku"]
        quarter = (start.began.month - 1) // 3
        ended = dt.date(start.began.year, 3 * quarter + 3, [31, 30, 30, 31][quarter])
        later = phases.get(f"{months} kk")
        if later is not None and later.given > months_on(start.began, in_time):
            later = None
        both = {
            name: after - before
            for name, before in start.scores.items()
            if later and before is not None and (after := later.scores[name]) is not None
        }
        cohort = f"{start.began.year}-Q{quarter + 1}"
        found.append(Case(start.unit, start.risk, cohort, months_on(ended, in_time), later is not None, both))
    return [one for one in found if YEAR[0] <= one.counts <= YEAR[1]]


Seen = dict[tuple[str, str, str], dict[str, str]]


def seen(place: Path, metric: str) -> Seen:
    """The figures of the twelve months up to the newest, by organisation, breakdown and key."""
    with (place / "output" / LAST / "values.csv").open(encoding="utf-8") as file:
        return {
            (row["org"], row["breakdown"], row["key"]): row
            for row in csv.DictReader(file)
            if (row["metric"], row["period_kind"], row["period"]) == (metric, "rolling_12m", LAST)
        }


Numbers = Callable[[set[str], str, str], list[Fraction]]
"""What is added up of some units, a breakdown and a key."""


def agree(
    place: Path,
    metric: str,
    numbers: Numbers,
    keys: dict[str, set[str]],
) -> int:
    """Assert total, cases, mean and interval of every figure that is shown; return how many there are."""
    found, shown = seen(place, metric), 0
    wanted = [(org, "", "") for org in ORGS] + [
        (org, breakdown, key) for org in ORGS for breakdown, own in keys.items() for key in own
    ]
    for org, breakdown, key in wanted:
        own, row = numbers(ORGS[org], breakdown, key), found.get((org, breakdown, key))
        if row is None or row["state"] not in ("ok", "few"):
            assert row is None or row["state"] == "withheld", (metric, org, key)
            assert row or not own, (metric, org, key)
            continue
        assert Fraction(row["n"]) == len(own), (metric, org, key)
        assert Fraction(row["numerator"]) == sum(own), (metric, org, key)
        shown += 1
        if len(own) > 1 and row["unit"] in ("nrs", "odi", "eq5d"):
            error = statistics.stdev(map(float, own)) / math.sqrt(len(own))
            half, mean = float(stats.t.ppf(0.975, len(own) - 1)) * error, statistics.fmean(map(float, own))
            assert (float(row["ci_low"]), float(row["ci_high"])) == pytest.approx(
                (mean - half, mean + half), abs=1e-6
            ), (metric, org, key)
    return shown


PHASES = pytest.mark.parametrize(("months", "in_time"), [(3, 4), (12, 14)])


@PHASES
def test_changes_and_their_intervals_by_risk_group_and_cohort(
    place: Path, answers: list[Answer], months: int, in_time: int
) -> None:
    own = cases(answers, months, in_time)
    keys = {"riski": {one.risk for one in own}, "kohortti": {one.cohort for one in own}}
    assert len(keys["kohortti"]) == 4
    assert keys["riski"] == {"1-matala", "2-keski", "3-korkea"}
    limits = {"kipu": 2, "odi": 10}

    def of(units: set[str], breakdown: str, key: str) -> list[Case]:
        inside = [one for one in own if one.unit in units]
        return [one for one in inside if key in (one.risk, one.cohort)] if breakdown else inside

    for name in ("kipu", "odi", "eq5d"):

        def changes(units: set[str], breakdown: str, key: str, name: str = name) -> list[Fraction]:
            return [one.change[name] for one in of(units, breakdown, key) if name in one.change]

        assert agree(place, f"{name}_muutos_{months}kk", changes, keys) > 40
        for limit in [limits[name]] if name in limits else []:

            def better(units: set[str], breakdown: str, key: str, least: int = limit) -> list[Fraction]:
                return [Fraction(one <= -least) for one in changes(units, breakdown, key)]

            assert agree(place, f"{name}_mic_{months}kk_pct", better, keys) > 40
    answered = agree(
        place,
        f"vastaus_{months}kk_pct",
        lambda units, breakdown, key: [Fraction(one.answered) for one in of(units, breakdown, key)],
        keys,
    )
    assert answered > 40


def test_who_starts_and_how_they_are_at_each_stage(place: Path, answers: list[Answer]) -> None:
    starts = [one for one in answers if one.phase == "alku" and YEAR[0] <= one.began <= YEAR[1]]
    risks = {one.risk for one in starts}

    def started(units: set[str], _: str, key: str) -> list[Fraction]:
        return [Fraction(1) for one in starts if one.unit in units and key in ("", one.risk)]

    assert agree(place, "aloittaneet_n", started, {"riski": risks}) > 30
    high = [Fraction(one.risk == "3-korkea") for one in starts]
    assert seen(place, "korkea_riski_pct")["alaselkapolku", "", ""]["numerator"] == str(sum(high))
    risk_of = {one.episode: one.risk for one in answers if one.phase == "alku"}
    codes = {"alku": "00kk", "3 kk": "03kk", "12 kk": "12kk"}
    given = [one for one in answers if YEAR[0] <= one.given <= YEAR[1]]
    for name in ("kipu", "odi", "eq5d"):

        def scores(units: set[str], breakdown: str, key: str, name: str = name) -> list[Fraction]:
            inside = [one for one in given if one.unit in units]
            if breakdown == "vaihe":
                inside = [one for one in inside if codes[one.phase] == key]
            else:
                inside = [one for one in inside if one.phase == "alku" and key in ("", risk_of[one.episode])]
            return [score for one in inside if (score := one.scores[name]) is not None]

        keys = {"vaihe": set(codes.values()), "riski_alussa": risks}
        assert agree(place, f"{name}_taso", scores, keys) > 40
    for phase, metric in (("alku", "nps_alku"), ("3 kk", "nps_3kk"), ("12 kk", "nps_12kk")):
        said = [one.recommends for one in given if one.phase == phase and one.recommends is not None]
        row = seen(place, metric)["alaselkapolku", "", ""]
        balance = sum(one >= 9 for one in said) - sum(one <= 6 for one in said)
        assert (int(row["numerator"]), int(row["denominator"])) == (balance, len(said)), metric


def test_the_owners_pack_shows_intervals_groups_cohorts_and_what_there_is_to_find(place: Path) -> None:
    packs = place / "output" / LAST / "packs"
    content = json.loads((packs / "polun_kooste/alaselkapolku.fi.json").read_text(encoding="utf-8"))
    text = json.dumps(content, ensure_ascii=False)
    row = seen(place, "odi_muutos_3kk")["alaselkapolku", "", ""]
    ends = (f"{float(row[end]):.1f}".replace(".", ",").replace("-", "−") for end in ("ci_low", "ci_high"))
    assert f"n = {row['n']}; 95 %:n väli {' … '.join(ends)}" in text
    blocks = [block for section in content["sections"] for block in section["blocks"]]
    charts = {block["title"]: block for block in blocks if block["kind"] == "bars"}
    by_risk = charts["Toimintakyky (ODI): muutos 3 kk: Riskiryhmä"]
    assert [bar["label"] for bar in by_risk["bars"]] == ["Matala", "Keskisuuri", "Korkea"]
    assert all(bar["low"] < bar["value"] < bar["high"] for bar in by_risk["bars"])
    assert "viiva on 95 %:n väli" in by_risk["note"]
    cohorts = charts["Toimintakyky (ODI): muutos 12 kk: Aloitusneljännes"]
    assert [bar["label"] for bar in cohorts["bars"]] == ["2024-Q3", "2024-Q4", "2025-Q1", "2025-Q2"]
    stages = charts["Kipu (NRS), keskiarvo: Vaihe"]
    assert [bar["label"] for bar in stages["bars"]] == ["Alussa", "3 kk", "12 kk"]
    assert {story.metric for story in read_rules(line_named("selka").folder / "demo.toml").stories} == {
        "vastaus_3kk_pct",
        "odi_mic_3kk_pct",
    }
    opening = json.dumps(content["sections"][0], ensure_ascii=False)
    assert "Lohjan fysioterapia: Toimintakyky parani merkittävästi" in opening
    assert "Matinkylän fysioterapia: Seurantaan (3 kk) vastasi" in opening


# Small numbers


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace with a demo in which most groups are few."""

    def make(root: Path) -> None:
        init(root, "selka")
        done = ask(root, "demo", "--last-month", LAST, "--scale", "0.12", "--months", "24")
        assert done.exit_code == 0, done.output

    return once(tmp_path_factory, "selka_small", make)


ATTACKED = ("vastaus_3kk_pct", "odi_muutos_3kk", "odi_mic_3kk_pct", "eq5d_muutos_3kk")
"""Metrics that share some of their cases: answers, two changes, one of them as a share too."""


@pytest.mark.heavy
def test_nobody_works_out_a_withheld_mean_nor_its_squares(small: Path) -> None:
    """A reader adds and subtracts totals, cases and, by each interval, the sums of squares behind it."""
    month = parse_month(LAST)
    whole = load(small / "configs", small / "data" / "demo.toml")
    settings = whole.settings.model_copy(update={"history_months": 5, "breakdown_months": 5})
    configs = replace(whole, settings=settings, metrics={id: whole.metrics[id] for id in ATTACKED})
    facts = taken_until(configs, small / "data", small, LAST)
    given, attacked = inputs(configs, facts, month), 0
    for ids in together(configs):
        made = exact(configs, facts, month, ids)
        for audience, figures in withheld(configs, made, month):
            protection = configs.protection(audience)
            gate = Gate(configs.metrics, given.at.tree, protection)
            were = periods_of(configs, protection, made.now)
            least = {(v.metric, v.org, v.period, v.breakdown, v.key) for v in were if gate.least(v)}
            shown_now = Values(tuple(figures.now))
            assert all(v.interval is None for v in shown_now if v.state == "withheld")
            names = [id for id in ids if configs.metrics[id].kind in ("ratio", "total")]
            assert Attack([only(given, shown_now, names)]).works_out(least) == []
            means = [id for id in names if squares(configs, id)]
            if means and least:
                squared = {
                    id: configs.metrics[id].model_copy(update={"num": (squares(configs, id),)})
                    for id in means
                }
                seen_squares = Values(tuple(map(of_squares, shown_now)))
                attacker = only(replace(given, metrics={**given.metrics, **squared}), seen_squares, means)
                assert Attack([attacker]).works_out(least) == []
                attacked += 1
    assert attacked


def squares(configs: Configs, id: str) -> str:
    metric = configs.metrics[id]
    return metric.squares if isinstance(metric, Ratio) else ""


def of_squares(value: Value) -> Value:
    """The figure with the sum of squares in place of the total: as its interval or a single case tells it."""
    if value.num is None or not value.n:
        return value
    if value.interval is None:
        return value._replace(num=value.num * value.num if value.n == 1 else None)
    half = (value.interval[1] - value.interval[0]) / 2 / float(stats.t.ppf(0.975, value.n - 1))
    spread = Fraction(half * half) * value.n * (value.n - 1)
    return value._replace(num=spread + value.num * value.num / value.n)
