"""What is kept by hand: actions, self-monitoring, serious incidents, preparations of meetings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from opti_reports.config.base import Strict
from opti_reports.demo.data import fit, read_tables
from opti_reports.demo.days import DAY, days_of, first_day, is_workday
from opti_reports.demo.draw import Draw, records
from opti_reports.demo.layout import LAYOUTS
from opti_reports.demo.quality import HAIPRO, make_haipro
from opti_reports.demo.rows import NONE, Ints, Rows, Texts, Times, join, only, texts
from opti_reports.periods.months import year_of

ACTIONS = LAYOUTS["action_register"]
WORDS = read_tables("words.toml")


class Action(Strict):
    """What an action of the register says; not every one expects an effect or has a metric."""

    title: str
    source_kind: str
    expected_effect: str = ""
    metric_id: str = ""
    title_sv: str = ""
    public: str = "ei_julkaista"
    """Whether residents may read it."""


class Answer(Strict):
    """What a unit writes of a deviation; not every one has an action or needs support."""

    metric_id: str
    cause: str
    action: str = ""
    support: str = ""


TEMPLATES = fit(Action, WORDS["actions"])
ANSWERS = fit(Answer, WORDS["answers"])
OF_REPORTS = tuple(i for i, action in enumerate(TEMPLATES) if action.source_kind == "haipro")
PUBLIC = ACTIONS.positions("public", *(action.public for action in TEMPLATES))
FOR_ALL = ACTIONS.code("public", "julkaistaan")
REPORTED = 4
"""How many actions a month come of incident reports beside those taken in turn."""
SOURCE_KINDS = ACTIONS.positions("source_kind", *(action.source_kind for action in TEMPLATES))
WORTH_AN_ACTION = HAIPRO.code("action_proposal", "kehittamistoimenpide")
STEPS = ("begun_at", "ready_at", "decided_at", "carried_out_at", "assessed_at")
"""The times that the state of a serious incident changes."""


def make_actions(draw: Draw) -> Rows:
    """Return actions decided in the month, with every later change."""
    world, rng, month = draw.world, draw.rng, draw.month
    story = world.story_unit("callback_recovery")
    begins = story >= 0 and draw.story_month("callback_recovery") == 0
    draw = draw.rows(6 + int(rng.integers(0, 4)) + begins + REPORTED)
    n = draw.n
    template = rng.integers(0, len(TEMPLATES), n)
    template[-REPORTED:] = rng.choice(OF_REPORTS, REPORTED)
    unit, reports = _of_reports(draw, template, _units(draw))
    opened = np.sort(rng.choice(days_of(month)[is_workday(days_of(month))], n))
    started = opened + rng.integers(0, 25, n) * DAY
    due = opened + rng.integers(30, 150, n) * DAY
    if begins:
        template[0], unit[0] = 0, story
        opened[0], started[0], due[0] = first_day(month), first_day(month), first_day(month + 3)
    story_one = begins & (np.arange(n) == 0)
    moved = draw.chance(0.14) & ~story_one
    late = np.where(draw.chance(0.82), -rng.integers(0, 25, n), rng.integers(1, 60, n))
    done = due + np.where(story_one, -5, late) * DAY
    return {
        "unit_code": unit,
        "opened_at": opened,
        "agreed_at": opened + 7 * DAY,
        "started_at": draw.some(started, 0.05),
        "first_due_at": due,
        "due_at": np.where(moved, due + rng.integers(20, 90, n) * DAY, due),
        "moved_at": only(due - rng.integers(3, 20, n) * DAY, moved),
        "done_at": np.maximum(np.where(moved, due + rng.integers(5, 80, n) * DAY, done), started),
        "dropped_at": np.where(
            draw.chance(0.05) & (template > 0), opened + rng.integers(20, 60, n) * DAY, NONE
        ),
        "owner_role": draw.pick(0.3, 0.4, 0.2, 0.1),
        **written(TEMPLATES, template),
        "source_kind": SOURCE_KINDS[template],
        # Who does not publish it mostly leaves the cell empty.
        "public": np.where((PUBLIC[template] == FOR_ALL) | (template % 2 > 0), PUBLIC[template], -1),
        "source_ref": _references(draw, template, reports),
        **_escalation(draw, opened),
        "decided_by": _decided_by(draw, unit),
    }


def written(words: Sequence[Strict], chosen: Ints) -> Rows:
    """Return a column for each field of the words, with what the chosen ones say."""
    names = type(words[0]).model_fields
    return {name: texts([getattr(word, name) for word in words])[chosen] for name in names}


def _of_reports(draw: Draw, template: Ints, unit: Ints) -> tuple[Ints, Texts]:
    """Return units and reports of actions that come of incident reports of this month or the last."""
    world, month = draw.world, draw.month
    months = [m for m in (month - 1, month) if m >= world.first]
    found = join([records(make_haipro, Draw.of(world, HAIPRO, m)) for m in months])
    fit_ones = np.flatnonzero(found["action_proposal"] >= WORTH_AN_ACTION)
    refs = np.full(draw.n, None, dtype=object)
    if not len(fit_ones):
        return unit, refs
    chosen = Draw.of(world, draw.layout, month, "actions_of_reports").rows(draw.n).one_of(fit_ones)
    ours = np.isin(template, OF_REPORTS)
    before, zeros, _ = HAIPRO.columns[0].number
    refs[ours] = [f"{before}{number:0{len(zeros)}}" for number in found["report_id"][chosen[ours]]]
    return np.where(ours, found["handler_unit_code"][chosen], unit), refs


def _units(draw: Draw) -> Ints:
    """Return mostly operating units, now and then a service unit."""
    org = draw.world.org
    service = org.of_kind("palveluyksikko")
    chosen = draw.one_of(org.with_code("opti", draw.month))
    return np.where(draw.chance(0.08), draw.one_of(service), chosen) if len(service) else chosen


def _references(draw: Draw, template: Ints, reports: Texts) -> Texts:
    """Return the incident report that an action comes of, or some number of where it comes from."""
    numbers = np.where(draw.chance(0.6), draw.rng.integers(100, 999, draw.n), 0)
    kinds = [TEMPLATES[i].source_kind.upper()[:3] for i in template]
    refs = texts([f"{kind}-{n}" if n else "" for kind, n in zip(kinds, numbers, strict=True)])
    return np.where(reports != None, reports, refs)  # noqa: E711 - element by element


def _escalation(draw: Draw, opened: Times) -> Rows:
    """Return the level that some actions are raised to, and its answer, which most of them get."""
    escalated = draw.chance(0.22)
    level = only(draw.pick(0.7, 0.3), escalated)
    answers = draw.chance(0.8)
    return {
        "escalated_to": level,
        "answer": only(np.where(answers, draw.pick(0.7, 0.3), ACTIONS.code("answer", "odottaa")), escalated),
        "answered_at": only(opened + draw.rng.integers(10, 70, draw.n) * DAY, escalated & answers),
        "answered_by_role": np.where(level == 1, 2, np.arange(1, draw.n + 1) % 2),
    }


def _decided_by(draw: Draw, unit: Ints) -> Ints:
    """Return the level that decided each action: some its service unit, a few the management group."""
    org, number = draw.world.org, draw.rng.random(draw.n)
    above = org.parents()[unit]
    service = np.isin(above, org.of_kind("palveluyksikko"))
    top = next(iter(org.of_kind("palvelulinja")), -1)
    return np.where(service & (number < 0.12), above, np.where(number > 0.88, top, -1))


def make_omavalvonta(draw: Draw) -> Rows:
    """Return one row per unit: what is in order at the end of the month."""
    org, rng, month = draw.world.org, draw.rng, draw.month
    unit = org.with_code("opti", month)
    draw = draw.rows(len(unit))
    end, steady, every = first_day(month + 1), draw.world.rng("omavalvonta"), len(org.units)
    age = steady.integers(0, 360, every)[unit] + (month - draw.world.first) * 30
    updated = end - (age % 390 + 1) * DAY
    return {
        "unit_code": unit,
        "plan_updated_on": draw.some(updated, 0.05),
        "plan_published": draw.some(steady.random(every)[unit] < 0.85, 0.05),
        "next_review_on": draw.some(updated + 365 * DAY, 0.08),
        "haipro_handler_named": draw.flag(0.95, empty=0.04),
        "haipro_deputy_named": draw.flag(0.80, empty=0.04),
        "feedback_handler_named": draw.flag(0.93, empty=0.04),
        "feedback_deputy_named": draw.flag(0.72, empty=0.04),
        "access_rights_checked_on": draw.some(end - rng.integers(1, 300, draw.n) * DAY, 0.10),
        "haipro_with_staff_on": draw.some(end - rng.integers(1, 60, draw.n) * DAY, 0.10),
        "feedback_with_staff_on": draw.some(end - rng.integers(1, 90, draw.n) * DAY, 0.12),
    }


def make_serious(draw: Draw) -> Rows:
    """Return serious incidents found in the month: none in most months, each of a service unit."""
    service = draw.world.org.of_kind("palveluyksikko")
    if len(service):
        draw = draw.about(0.7)
    opened = np.sort(draw.rng.choice(days_of(draw.month), draw.n))
    steps = opened[:, None] + np.cumsum(draw.rng.integers(12, 70, (draw.n, len(STEPS))), axis=1) * DAY
    unit, recommended = draw.one_of(service), draw.rng.integers(1, 7, draw.n)
    return {
        "unit_code": unit,
        "opened_at": opened,
        "recommendations_n": recommended,
        "recommendations_done_n": recommended,
        "recommendations_half": recommended // 2,
        **dict(zip(STEPS, steps.T, strict=True)),
    }


def make_preparations(draw: Draw) -> Rows:
    """Return two deviations of each unit that answered; some of the units did not."""
    org, rng = draw.world.org, draw.rng
    units = org.with_code("opti", draw.month)
    answered = units[draw.rows(len(units)).chance(0.75)]
    first = rng.integers(0, len(ANSWERS), len(answered))
    second = (first + rng.integers(1, len(ANSWERS), len(answered))) % len(ANSWERS)
    draw = draw.rows(2 * len(answered))
    due = first_day(draw.month + 1) + rng.integers(30, 120, draw.n) * DAY
    return {
        "unit_code": np.repeat(answered, 2),
        "month": np.full(draw.n, draw.month),
        **written(ANSWERS, np.column_stack([first, second]).ravel()),
        "owner_role": draw.pick(0.4, 0.4, 0.2, empty=0.2),
        "due_at": draw.some(due, 0.3),
        "escalate": draw.flag(0.3, empty=0.1),
    }


PUBLISHED = {
    "2676": (42.0, 3.0),
    "thl_coci": (0.31, 0.02),
    "thl_nps": (58.0, 4.0),
    "thl_benefit": (4.2, 0.06),
}
"""About which level and how far apart the made-up reference figures of an indicator lie."""
REGIONS = ("658", "488", "Länsi-Uusimaa")
YEARS = 3


def make_references(draw: Draw) -> Rows:
    """Return made-up reference figures of the years before a month's, the same in every file: of all, and
    where Sotkanet has them of women and men, whose rows have no origin and are not shown.
    """
    layout, last = draw.layout, year_of(draw.month) - 1
    total, *sexes = map(int, layout.positions("gender", "total", "female", "male"))
    rows: list[tuple[int, str, int, int, float, str]] = []
    for indicator, (level, apart) in PUBLISHED.items():
        split = sexes if indicator.isdigit() else []
        for at, region in enumerate(REGIONS):
            for year in range(last - YEARS + 1, last + 1):
                place = layout.code("indicator", indicator), region, year
                value = level + apart * ((7 * year + 5 * at) % 11 - 5) / 5
                rows.append((*place, total if split else -1, value, "demo"))
                rows += [(*place, sex, value + apart * (sex - 1.5), "") for sex in split]
    columns = zip(
        ("indicator", "region", "year", "gender", "value", "origin"), zip(*rows, strict=True), strict=True
    )
    return {
        name: texts(cells) if name in ("region", "origin") else np.array(cells) for name, cells in columns
    }
