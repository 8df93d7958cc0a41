"""Every source of the demo, in the order it is written."""

from __future__ import annotations

from opti_reports.demo.appointments import REFERRAL_SOURCE, T3_SOURCE
from opti_reports.demo.digital import DIGI_SOURCE
from opti_reports.demo.experience import FEEDBACK_SOURCE, SURVEY_SOURCE
from opti_reports.demo.finance import BUDGET_SOURCE, CONTRACTS_SOURCE
from opti_reports.demo.phone import PHONE_SOURCE
from opti_reports.demo.preparations import PREPARATION_SOURCE
from opti_reports.demo.quality import HAIPRO_SOURCE, LEGAL_SOURCE
from opti_reports.demo.registers import ACTION_SOURCE, OMAVALVONTA_SOURCE, SERIOUS_SOURCE
from opti_reports.demo.source import Source
from opti_reports.demo.staff import (
    HR_SOURCE,
    RESOURCING_SOURCE,
    STUDENTS_SOURCE,
    TRAINING_SOURCE,
    WELLBEING_SOURCE,
)
from opti_reports.demo.visits import VISITS_SOURCE

SOURCES: tuple[Source, ...] = (
    PHONE_SOURCE, DIGI_SOURCE, VISITS_SOURCE, T3_SOURCE, REFERRAL_SOURCE, SURVEY_SOURCE, FEEDBACK_SOURCE,
    HAIPRO_SOURCE, LEGAL_SOURCE, ACTION_SOURCE, OMAVALVONTA_SOURCE, SERIOUS_SOURCE, RESOURCING_SOURCE,
    HR_SOURCE, WELLBEING_SOURCE, TRAINING_SOURCE, STUDENTS_SOURCE, BUDGET_SOURCE, CONTRACTS_SOURCE,
    PREPARATION_SOURCE,
)  # fmt: skip
