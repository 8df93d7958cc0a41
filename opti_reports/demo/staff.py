"""Staff: weekly resourcing, monthly staff figures, the well-being survey, training and student placements."""

from __future__ import annotations

import numpy as np

from opti_reports.demo.data import COUNTY
from opti_reports.demo.days import DAY, DAYS_OFF, THURSDAY, days_of, days_on
from opti_reports.demo.draw import Draw
from opti_reports.demo.layout import LAYOUTS
from opti_reports.demo.rows import Floats, Ints, Rows, only, texts

WELLBEING, STUDENTS = LAYOUTS["wellbeing_survey"], LAYOUTS["students_term"]
ENPS, DEVELOPING = WELLBEING.positions("item", "enps", "kehittyminen")
PER_THOUSAND, CENTRAL, LEAST = LAYOUTS["hr_monthly"].numbers("staff", "profession_class")
PLACES, WEEKS = STUDENTS.numbers("students", "education_level")
AHEAD, NURSE = 4, 1
"""So many weeks after the month's last are planned; the place of nurses among the professions."""
# By months passed, the part of the late training days that is still missing.
MISSING = (1.0, 0.5, 0.25, 0.1)


def headcount(draw: Draw, unit: Ints, profession: Ints | int) -> Floats:
    """Return the planned staff of the units by profession, whatever the scale."""
    people = draw.world.org.people(draw.month)[unit]
    staff: Floats = np.where(people > 0, people * PER_THOUSAND[profession] + 0.6, CENTRAL[profession])
    return staff


def make_resourcing(draw: Draw) -> Rows:
    """Return person-days of the weeks whose Thursday lies in the month, at small scales at least a few."""
    world, rng, n = draw.world, draw.rng, draw.n
    thursday, unit, profession = draw.grid.values()
    days = np.busday_count(thursday - 3 * DAY, thursday + 2 * DAY, holidays=DAYS_OFF)
    planned = days * np.maximum(headcount(draw, unit, profession) * world.scale, LEAST[profession])
    absent = np.clip(rng.normal(0.06 + draw.of_year("sick_leave", per=100), 0.035, n), 0, 0.4)
    agency = np.where(profession == 0, rng.uniform(0, 0.09, n), rng.uniform(0, 0.03, n))
    actual = planned * (1 + rng.normal(0.03, 0.03, n) - absent + agency)
    return {
        "planned_person_days": np.round(planned, 1),
        "actual_person_days": np.round(actual, 1),
        "agency_person_days": draw.some(np.round(planned * agency, 1), 0.08),
        "absence_person_days": draw.some(np.round(planned * absent, 1), 0.05),
    }


def make_shifts(draw: Draw) -> Rows:
    """Return the need and the filled person-days of the month's weeks and those ahead, nurses' by halves."""
    thursday, unit, profession = draw.grid.values()
    newest = np.flatnonzero(thursday == days_on(draw.month, THURSDAY)[-1])
    newest = np.repeat(newest, 1 + (profession[newest] == NURSE))
    weeks = np.arange(-3, AHEAD + 1) * 7 * DAY
    rows = np.repeat(newest, len(weeks))
    week = thursday[rows] + np.tile(weeks, len(newest))
    draw = draw.rows(len(rows))
    days = np.busday_count(week - 3 * DAY, week + 2 * DAY, holidays=DAYS_OFF)
    unit, profession = unit[rows], profession[rows]
    afternoon = (np.diff(newest, prepend=-1) == 0).repeat(len(weeks))
    half = profession == NURSE
    staff = np.maximum(headcount(draw, unit, profession) * draw.world.scale, LEAST[profession])
    needed = np.round(days * staff * np.where(half, np.where(afternoon, 0.4, 0.6), 1), 1)
    filled = needed * (1 + draw.rng.normal(-0.02, 0.05, draw.n))
    return {
        "week": week,
        "unit_code": unit,
        "profession_class": profession,
        "hour_band": texts(np.where(half, np.where(afternoon, "12–16", "8–12"), "").tolist()),
        "needed_person_days": needed,
        "filled_person_days": np.round(np.where(needed > 0, filled, 0), 1),
    }


def make_hr(draw: Draw) -> Rows:
    """Return month-end heads, positions, leavers and absences; the first report misses some sick days."""
    world, rng, month, n = draw.world, draw.rng, draw.month, draw.n
    _, unit, profession = draw.grid.values()
    days = len(days_of(month))
    positions = np.maximum(np.round(headcount(draw, unit, profession) * 2) / 2, 1)
    empty = np.clip(rng.normal(0.06, 0.02, n) + world.effect("vacancy", 0.03)[unit], 0, 0.35)
    vacant = np.round(positions * empty)
    permanent = np.maximum(np.round(positions - vacant), 1).astype(np.int64)
    everyone = permanent + rng.binomial(permanent, 0.12) + (vacant > 0)
    service = everyone * days * rng.uniform(0.95, 1.0, n)
    # In the story one unit's sick leave rises month after month.
    story = np.arange(len(world.org.units)) == world.story_unit("sick_leave")
    risen = np.where(story, 1 + 0.11 * max(draw.story_month("sick_leave"), 0), 1)
    usual = draw.of_year("sick_leave", per=100) * (world.paces("sick", 0.12) * risen)[unit]
    sick = np.round(service * np.clip(usual * rng.lognormal(0, 0.12, n), 0.005, 0.4))
    leave = rng.poisson(permanent * draw.of_year("leavers"))
    return {
        "headcount_permanent_end": permanent,
        "headcount_all_end": everyone,
        "positions_n": positions,
        "positions_vacant_n": np.minimum(vacant, positions),
        "leavers_permanent_n": leave,
        "joiners_permanent_n": draw.some(rng.poisson(permanent * 0.009), 0.03),
        "internal_moves_out_n": draw.some(rng.poisson(permanent * 0.004), 0.03),
        "sick_calendar_days": sick,
        "service_calendar_days": np.round(service),
        "fte_htv2": draw.some(np.round(service / days * 0.93, 2), 0.04),
        "sick_days_first_known": np.maximum(sick - rng.binomial(3, 0.25, n) * world.stories, 0),
        "certified_at": draw.newer(1),
    }


def make_wellbeing(draw: Draw) -> Rows:
    """Return the survey's aggregates at the end of a tertial; results of under five answers are empty."""
    world, rng, n = draw.world, draw.rng, draw.n
    _, unit, item = draw.grid.values()
    invited = np.round(sum(headcount(draw, unit, profession) for profession in range(3))).astype(np.int64)
    share = np.clip(0.66 + world.effect("answers", 0.08)[unit], 0.3, 0.95)
    answers = np.round(invited * share).astype(np.int64)
    mood = world.effect("wellbeing", 0.2)[unit]
    enps = item == ENPS
    suppressed = world.rng("suppressed", draw.month).random(len(world.org.units))[unit] < 0.05
    shown = (answers >= 5) & ~suppressed
    promoters = rng.binomial(answers, np.clip(0.36 + 0.3 * mood, 0.05, 0.9))
    detractors = rng.binomial(answers - promoters, np.clip(0.34 - 0.3 * mood, 0.05, 0.9))
    mean = np.round(np.where(enps, 7.4, 3.75) + mood + rng.normal(0, 0.08, n), 2)
    to_five = draw.some(np.full(n, 5), 0.1)
    return {
        "invited_n": invited,
        "answers_n": answers,
        "mean": only(mean, shown),
        "scale_max": np.where(item == DEVELOPING, to_five, np.where(enps, 10, 5)),
        "promoters_n": only(promoters, enps & shown),
        "detractors_n": only(detractors, enps & shown),
    }


def make_training(draw: Draw) -> Rows:
    """Return training days since January; a part of each month's is registered up to four months later."""
    world, rng, month, n = draw.world, draw.rng, draw.month, draw.n
    _, unit, profession = draw.grid.values()
    heads = np.maximum(np.round(headcount(draw, unit, profession)), 1).astype(np.int64)
    days = np.round(heads * draw.of_year("training") * rng.lognormal(0, 0.35, n) * 2) / 2
    reached = 1 - np.exp(-1.15 * np.cumsum(COUNTY["by_month"]["training"])[month % 12])
    keen = np.clip(reached * world.paces("training", 0.12)[unit] + rng.normal(0, 0.02, n), 0, 1.04)
    permitted = np.clip(0.91 + world.effect("permits", 0.05)[unit] + rng.normal(0, 0.015, n), 0, 1)
    required = heads * 4
    valid = np.round(required * permitted).astype(np.int64)
    rows = {
        "training_days": days,
        "participants_ytd_n": np.round(heads * keen).astype(np.int64),
        "headcount_n": heads,
        "cost_eur": draw.some(np.round(days * rng.uniform(60, 260, n), 2), 0.05),
        "mandatory_required_n": draw.some(required, 0.04),
        "mandatory_valid_n": draw.some(valid, 0.04),
        "feedback_mean_1_5": only(draw.some(np.round(rng.normal(4.1, 0.3, n).clip(1, 5), 2), 0.1), days > 0),
    }
    late = rng.uniform(0.1, 0.4, n)
    known = {f"days_{i}": np.round(days * (1 - late * part) * 2) / 2 for i, part in enumerate(MISSING)}
    return rows | known | {f"month_{i}": draw.newer(i) for i in range(1, 5)}


def make_students(draw: Draw) -> Rows:
    """Return placements by education level; students answer the CLES survey on a scale to ten."""
    world, rng, month = draw.world, draw.rng, draw.month
    _, unit, level = draw.grid.values()
    places = PLACES[level] * draw.of_year("terms")
    offered = rng.poisson(places * (0.4 + world.org.people(month)[unit] / 40))
    filled = rng.binomial(offered, np.clip(0.78 + world.effect("students", 0.08)[unit], 0.3, 0.98))
    answers = rng.binomial(filled, 0.6)
    mean = np.clip(rng.normal(8.6, 0.6, draw.n) + world.effect("cles", 0.3)[unit], 1, 10)
    return {
        "places_offered_n": offered,
        "places_filled_n": filled,
        "student_weeks": draw.some(filled * WEEKS[level] * 0.8, 0.03),
        "cles_answers_n": draw.some(answers, 0.02),
        "cles_mean": only(np.round(mean, 2), answers > 0),
        "cles_scale_max": np.where(answers > 0, 10, -1),
    }
