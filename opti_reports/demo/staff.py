"""Staff: weekly resourcing, monthly staff figures, the well-being survey, training and student placements."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from opti_reports.demo.days import (
    THURSDAY,
    Floats,
    Ints,
    calendar_month,
    days_of,
    days_on,
    is_workday,
    month_of,
)
from opti_reports.demo.layout import Layout
from opti_reports.demo.source import Rows, Source, empty_some
from opti_reports.demo.stories import story_month, story_unit
from opti_reports.demo.world import World

RESOURCING = Layout(
    source="resourcing_weekly",
    order="unit_code, week, profession_class, planned_person_days=Suunniteltu, actual_person_days, "
    "agency_person_days, absence_person_days",
    decimals="1",
    xlsx=True,
)
HR = Layout(
    source="hr_monthly",
    order="unit_code, month, profession_class=Nimikeryhmä, headcount_permanent_end, headcount_all_end, "
    "positions_n, positions_vacant_n=Täyttämättömät, leavers_permanent_n, joiners_permanent_n, "
    "internal_moves_out_n, sick_calendar_days, service_calendar_days, fte_htv2",
    forms={"fte_htv2": "2"},
    decimals="1",
    constant=("Raportti", "Kuukausiraportti"),
)
WELLBEING = Layout(
    source="wellbeing_survey",
    order="unit_code=Tiimi, wave, item, invited_n, answers_n, mean, scale_max, promoters_n, detractors_n",
    codes={"item": "index, enps, johtaminen, tyoyhteiso, palautuminen, kehittyminen"},
    months="day",
    xlsx=True,
)
TRAINING = Layout(
    source="training_monthly",
    order="unit_code, month=KK, profession_class, training_days, participants_ytd_n, headcount_n, cost_eur, "
    "mandatory_required_n, mandatory_valid_n, feedback_mean_1_5",
    forms={"training_days": "1"},
    encoding="cp1252",
    months="slash",
)
STUDENTS = Layout(
    source="students_term",
    order="unit_code=Harjoittelupaikka, month, education_level, places_offered_n, places_filled_n, "
    "student_weeks, cles_answers_n, cles_mean=CLES keskiarvo, cles_scale_max",
    forms={"student_weeks": "1"},
    months="slash",
    xlsx=True,
)
# Staff per thousand inhabitants in LK, SH, MUU; and of units that serve everyone.
PER_THOUSAND = np.array([0.52, 0.78, 0.25])
CENTRAL = np.array([3.0, 24.0, 5.0])
# Sick leave, leavers and training days by calendar month.
SICK = np.array([6.3, 6.4, 5.6, 4.9, 4.4, 3.9, 3.1, 4.2, 5.0, 5.4, 5.7, 5.8]) / 100
LEAVING = np.where(np.isin(np.arange(1, 13), (5, 8, 12)), 0.018, 0.007)
TRAINED = np.array([0.25, 0.3, 0.35, 0.3, 0.3, 0.12, 0.03, 0.15, 0.4, 0.4, 0.38, 0.2])
# Students come in terms.
TERMS = np.where(np.isin(np.arange(1, 13), (6, 7)), 0.1, 1.0)


def grid(world: World, month: int, layout: Layout, column: str) -> tuple[Ints, Ints]:
    """Return every unit that the system has a code for in the month, times every code of the column."""
    units = world.org.alive(world.org.with_code(layout.shipped.system), month)
    classes = len(layout.column(column).codes)
    return np.repeat(units, classes), np.tile(np.arange(classes), len(units))


def headcount(world: World, month: int, unit: Ints, profession: Ints) -> Floats:
    """Planned staff of the units by profession, whatever the scale."""
    people = world.org.people(month)[unit]
    return np.where(people > 0, people * PER_THOUSAND[profession] + 0.6, CENTRAL[profession])


def make_resourcing(world: World, month: int) -> Rows:
    """Person-days of the weeks whose Thursday lies in the month; at small scales never less than a few."""
    rng = world.rng("resourcing_weekly", month)
    thursdays = days_on(month, THURSDAY)
    unit, profession = grid(world, month, RESOURCING, "profession_class")
    weeks, n = len(thursdays), len(unit)
    days = np.array([int(is_workday(np.arange(t - 3, t + 2)).sum()) for t in thursdays])
    need = np.maximum(
        headcount(world, month, unit, profession) * world.scale, np.array([0.7, 0.9, 0.4])[profession]
    )
    planned = np.repeat(days, n) * np.tile(need, weeks)
    size = weeks * n
    absent = np.clip(rng.normal(0.06 + world.of_year(SICK, month), 0.035, size), 0, 0.4)
    agency = np.where(np.tile(profession, weeks) == 0, rng.uniform(0, 0.09, size), rng.uniform(0, 0.03, size))
    actual = planned * (1 + rng.normal(0.03, 0.03, size) - absent + agency)
    return {
        "unit_code": np.tile(unit, weeks),
        "week": np.repeat(thursdays, n),
        "profession_class": np.tile(profession, weeks),
        "planned_person_days": np.round(planned, 1),
        "actual_person_days": np.round(actual, 1),
        "agency_person_days": empty_some(rng, np.round(planned * agency, 1), 0.08),
        "absence_person_days": empty_some(rng, np.round(planned * absent, 1), 0.05),
    }


def resourcing_files(world: World, table: Rows) -> NDArray[np.str_]:
    """Return a workbook of its own for each service unit."""
    return np.array([unit.parent or unit.id for unit in world.org.units])[table["unit_code"]]


def make_hr(world: World, month: int) -> Rows:
    """Month-end heads, positions, leavers and absences; the first report misses some sick days."""
    rng = world.rng("hr_monthly", month)
    unit, profession = grid(world, month, HR, "profession_class")
    n = len(unit)
    positions = np.maximum(np.round(headcount(world, month, unit, profession) * 2) / 2, 1)
    vacant = np.round(
        positions * np.clip(rng.normal(0.06, 0.02, n) + world.effect("vacancy", 0.03)[unit], 0, 0.35)
    )
    permanent = np.maximum(np.round(positions - vacant), 1).astype(np.int64)
    everyone = permanent + rng.binomial(permanent, 0.12) + (vacant > 0)
    days = len(days_of(month))
    service = everyone * days * rng.uniform(0.95, 1.0, n)
    rate = np.clip(
        world.of_year(SICK, month) * _sick(world, month)[unit] * rng.lognormal(0, 0.12, n), 0.005, 0.4
    )
    leave = rng.poisson(permanent * world.of_year(LEAVING, month))
    return {
        "unit_code": unit,
        "month": np.full(n, month),
        "profession_class": profession,
        "headcount_permanent_end": permanent,
        "headcount_all_end": everyone.astype(np.int64),
        "positions_n": positions,
        "positions_vacant_n": np.minimum(vacant, positions),
        "leavers_permanent_n": leave,
        "joiners_permanent_n": empty_some(rng, rng.poisson(permanent * 0.009), 0.03),
        "internal_moves_out_n": empty_some(rng, rng.poisson(permanent * 0.004), 0.03),
        "sick_calendar_days": np.round(service * rate),
        "service_calendar_days": np.round(service),
        "fte_htv2": empty_some(rng, np.round(service / days * 0.93, 2), 0.04),
        "found_late": rng.binomial(3, 0.25, n),
    }


def _sick(world: World, month: int) -> Floats:
    """Per unit how much more sick leave than usual."""
    factor = np.exp(world.effect("sick", 0.12))
    number = story_unit(world, "sick_leave")
    going_on = max(story_month(world, "sick_leave", month), 0)
    if number >= 0 and going_on:
        factor[number] *= 1 + 0.11 * going_on
    return factor


def months_since(months: Ints, moment: np.datetime64) -> Ints:
    """Return how many months the delivery of the moment is newer than each of the months."""
    return month_of(moment) - 1 - months


def known_hr(world: World, table: Rows, moment: np.datetime64) -> Rows:
    """Late certificates are in from the next month's extract on."""
    late = np.where((months_since(table["month"], moment) < 1) & world.stories, table["found_late"], 0)
    return table | {"sick_calendar_days": np.maximum(table["sick_calendar_days"] - late, 0)}


def make_wellbeing(world: World, month: int) -> Rows:
    """Return the survey's aggregates at the end of a tertial; the supplier empties results of under five
    answers.
    """
    rng = world.rng("wellbeing_survey", month)
    unit, item = grid(world, month, WELLBEING, "item")
    if calendar_month(month) % 4:
        unit, item = unit[:0], item[:0]
    n = len(unit)
    invited = np.round(sum(headcount(world, month, unit, np.full(n, p)) for p in range(3))).astype(np.int64)
    share = np.clip(0.66 + world.effect("answers", 0.08)[unit], 0.3, 0.95)
    answers = np.round(invited * share).astype(np.int64)
    mood = world.effect("wellbeing", 0.2)[unit]
    enps = item == WELLBEING.code("item", "enps")
    hidden = (answers < 5) | (world.rng("suppressed", month).random(len(world.org.units))[unit] < 0.05)
    promoters = rng.binomial(answers, np.clip(0.36 + 0.3 * mood, 0.05, 0.9))
    detractors = rng.binomial(answers - promoters, np.clip(0.34 - 0.3 * mood, 0.05, 0.9))
    mean = np.round(np.where(enps, 7.4, 3.75) + mood + rng.normal(0, 0.08, n), 2)
    return {
        "unit_code": unit,
        "wave": np.full(n, month),
        "item": item,
        "invited_n": invited,
        "answers_n": answers,
        "mean": np.where(hidden, np.nan, mean),
        "scale_max": np.where(
            item == WELLBEING.code("item", "kehittyminen"),
            empty_some(rng, np.full(n, 5), 0.1),
            np.where(enps, 10, 5),
        ),
        "promoters_n": np.where(enps & ~hidden, promoters, -1),
        "detractors_n": np.where(enps & ~hidden, detractors, -1),
    }


def make_training(world: World, month: int) -> Rows:
    """Training days since January; a part of each month's days is registered up to four months later."""
    unit, profession = grid(world, month, TRAINING, "profession_class")
    n = len(unit)
    heads = np.maximum(np.round(headcount(world, month, unit, profession)), 1).astype(np.int64)
    rng = world.rng("training_monthly", month)
    days = np.round(heads * world.of_year(TRAINED, month) * rng.lognormal(0, 0.35, n) * 2) / 2
    reached = 1 - np.exp(-1.15 * np.cumsum(TRAINED)[calendar_month(month) - 1])
    keen = np.clip(reached * np.exp(world.effect("training", 0.12)[unit]) + rng.normal(0, 0.02, n), 0, 1.04)
    required = heads * 4
    valid = np.round(
        required * np.clip(0.91 + world.effect("permits", 0.05)[unit] + rng.normal(0, 0.015, n), 0, 1)
    )
    return {
        "unit_code": unit,
        "month": np.full(n, month),
        "profession_class": profession,
        "training_days": days,
        "participants_ytd_n": np.round(heads * keen).astype(np.int64),
        "headcount_n": heads,
        "cost_eur": empty_some(rng, np.round(days * rng.uniform(60, 260, n), 2), 0.05),
        "mandatory_required_n": empty_some(rng, required, 0.04),
        "mandatory_valid_n": empty_some(rng, valid.astype(np.int64), 0.04),
        "feedback_mean_1_5": np.where(
            days > 0, empty_some(rng, np.round(rng.normal(4.1, 0.3, n).clip(1, 5), 2), 0.1), np.nan
        ),
        "late_share": rng.uniform(0.1, 0.4, n),
    }


def known_training(_world: World, table: Rows, moment: np.datetime64) -> Rows:
    """Return days registered by the moment: the missing part shrinks month by month."""
    passed = months_since(table["month"], moment).clip(0, 4)
    share = 1 - table["late_share"] * np.array([1.0, 0.5, 0.25, 0.1, 0.0])[passed]
    return table | {"training_days": np.round(table["training_days"] * share * 2) / 2}


def make_students(world: World, month: int) -> Rows:
    """Placements by education level; students answer the CLES survey on a scale to ten."""
    rng = world.rng("students_term", month)
    unit, level = grid(world, month, STUDENTS, "education_level")
    term = world.of_year(TERMS, month)
    offered = rng.poisson(
        np.array([2.2, 3.4, 1.6, 0.5])[level] * term * (0.4 + world.org.people(month)[unit] / 40)
    )
    filled = rng.binomial(offered, np.clip(0.78 + world.effect("students", 0.08)[unit], 0.3, 0.98))
    answers = rng.binomial(filled, 0.6)
    n = len(unit)
    mean = np.round(np.clip(rng.normal(8.6, 0.6, n) + world.effect("cles", 0.3)[unit], 1, 10), 2)
    return {
        "unit_code": unit,
        "month": np.full(n, month),
        "education_level": level,
        "places_offered_n": offered,
        "places_filled_n": filled,
        "student_weeks": empty_some(rng, filled * np.array([4.0, 5.0, 3.0, 2.0])[level] * 0.8, 0.03),
        "cles_answers_n": empty_some(rng, answers, 0.02),
        "cles_mean": np.where(answers > 0, mean, np.nan),
        "cles_scale_max": np.where(answers > 0, 10, -1),
    }


SOURCES = (
    Source(layout=RESOURCING, make=make_resourcing, files=resourcing_files),
    Source(layout=HR, make=make_hr, known=known_hr),
    Source(layout=WELLBEING, make=make_wellbeing, every=4),
    Source(layout=TRAINING, make=make_training, known=known_training),
    Source(layout=STUDENTS, make=make_students),
)
