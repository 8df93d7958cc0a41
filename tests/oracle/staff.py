"""Metrics of the staff: resourcing, HR, well-being, training, students."""

from fractions import Fraction

from .dates import month_of
from .formulas import divided, per_head, quotient, total, weighted_mean
from .known import Known, Placed, by
from .table import OF_WEEKS, SNAPSHOT, Cell, Cells, Entry, Place, keys, tabulate


def staff_cells(known: Known) -> Cells:
    """Return the metrics of the staff."""
    return {
        **_resourcing(known),
        **_personnel(known),
        **_wellbeing(known),
        **_training(known),
        **_students(known),
    }


def _pairs(rows: list[Placed], numerator: str, denominator: str, *split: str) -> list[Entry]:
    return [Entry(u, d, (row.get(numerator), row.get(denominator)), keys(row, *split)) for u, d, row in rows]


def _shares(rows: list[Placed], numerator: str, denominator: str, *split: str) -> list[Entry]:
    """Return pairs of the rows that have both numbers."""
    return _pairs(_filled(rows, numerator, denominator), numerator, denominator, *split)


def _filled(rows: list[Placed], *columns: str) -> list[Placed]:
    """Leave out rows with an empty cell: a figure beside an unknown one would pull a ratio towards zero."""
    return [placed for placed in rows if all(column in placed[2] for column in columns)]


def _resourcing(known: Known) -> Cells:
    rows = list(known.placed("resourcing_weekly", by("week")))
    covered = known.covered("resourcing_weekly")
    fill = _shares(rows, "actual_person_days", "planned_person_days", "profession_class")
    agency = _pairs(_filled(rows, "actual_person_days"), "agency_person_days", "actual_person_days")
    return {
        **tabulate(known, "resourcing_fill_pct", fill, quotient(100), OF_WEEKS, covered=covered),
        **tabulate(known, "agency_share_pct", agency, quotient(100), OF_WEEKS, covered=covered),
    }


def _personnel(known: Known) -> Cells:
    rows = list(known.placed("hr_monthly", by("month")))
    covered = known.covered("hr_monthly")
    vacant = _shares(rows, "positions_vacant_n", "positions_n", "profession_class")
    left = _pairs(rows, "leavers_permanent_n", "headcount_permanent_end")
    sick = _shares(rows, "sick_calendar_days", "service_calendar_days")
    rolling = ("rolling_12m",)
    return {
        **tabulate(known, "vacancy_pct", vacant, quotient(100), SNAPSHOT, covered=covered),
        **tabulate(known, "turnover_out_pct", left, per_head(100), rolling, covered=covered),
        **tabulate(
            known, "sick_leave_pct", sick, quotient(100), ("month", "tertial", *rolling), covered=covered
        ),
    }


def _wellbeing(known: Known) -> Cells:
    rows = list(known.placed("wellbeing_survey", by("wave")))
    waves = frozenset(month_of(day) for _, day, _ in rows)
    index = [p for p in rows if p[2]["item"] == "index"]
    means = [
        Entry(u, d, (row["mean"], row["answers_n"], row.get("scale_max")))
        for u, d, row in index
        if "mean" in row
    ]
    enps = [
        Entry(u, d, (row["promoters_n"], row["detractors_n"], row["answers_n"]))
        for u, d, row in _filled(rows, "promoters_n", "detractors_n")
        if row["item"] == "enps"
    ]
    response = _shares(index, "answers_n", "invited_n")
    return {
        **tabulate(known, "wellbeing_index", means, weighted_mean, ("wave",), covered=waves),
        **tabulate(known, "wellbeing_response_pct", response, quotient(100), ("wave",), covered=waves),
        **tabulate(known, "enps", enps, _enps, ("wave",), covered=waves),
    }


def _enps(entries: list[tuple[int, int, int]], _place: Place) -> Cell:
    answers = sum(n for *_, n in entries)
    balance = sum(plus - minus for plus, minus, _ in entries)
    return divided(Fraction(balance), Fraction(answers), 100, answers)


def _training(known: Known) -> Cells:
    rows = list(known.placed("training_monthly", by("month")))
    covered = known.covered("training_monthly")
    ytd = ("ytd",)
    days = _pairs(rows, "training_days", "headcount_n", "profession_class")
    cost = _pairs(rows, "cost_eur", "headcount_n")
    took_part = _shares(rows, "participants_ytd_n", "headcount_n", "profession_class")
    valid = _shares(rows, "mandatory_valid_n", "mandatory_required_n")
    rated = [
        Entry(u, d, (row["feedback_mean_1_5"] * row["training_days"], row["training_days"]))
        for u, d, row in rows
        if "feedback_mean_1_5" in row
    ]
    return {
        **tabulate(known, "training_days_per_person", days, per_head(1), ytd, covered=covered),
        **tabulate(known, "training_cost_per_person", cost, per_head(1), ytd, covered=covered),
        **tabulate(known, "training_participation_pct", took_part, quotient(100), SNAPSHOT, covered=covered),
        **tabulate(known, "mandatory_competence_valid_pct", valid, quotient(100), SNAPSHOT, covered=covered),
        **tabulate(known, "training_feedback_mean", rated, quotient(1), ytd, covered=covered),
    }


def _students(known: Known) -> Cells:
    rows = list(known.placed("students_term", by("month")))
    covered = known.covered("students_term")
    ytd, rolling = ("ytd",), ("rolling_12m",)
    filled = _shares(rows, "places_filled_n", "places_offered_n", "education_level")
    weeks = [Entry(u, d, row.get("student_weeks")) for u, d, row in rows]
    rated = [
        Entry(u, d, (row["cles_mean"], row["cles_answers_n"], row["cles_scale_max"]))
        for u, d, row in _filled(rows, "cles_mean", "cles_answers_n", "cles_scale_max")
    ]
    return {
        **tabulate(known, "student_placement_fill_pct", filled, quotient(100), ytd, covered=covered),
        **tabulate(known, "student_weeks", weeks, total, ytd, covered=covered),
        **tabulate(known, "cles_mean", rated, weighted_mean, rolling, covered=covered),
    }
