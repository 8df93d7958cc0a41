"""Every source of the demo, in the order it is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from opti_reports.demo.appointments import REFERRAL_SOURCE, T3_SOURCE
from opti_reports.demo.digital import DIGI_SOURCE
from opti_reports.demo.experience import FEEDBACK_SOURCE, SURVEY_SOURCE
from opti_reports.demo.finance import BUDGET_SOURCE, CONTRACTS_SOURCE
from opti_reports.demo.layout import read_source
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
from opti_reports.errors import ConfigError, Fault

SOURCES: tuple[Source, ...] = (
    PHONE_SOURCE, DIGI_SOURCE, VISITS_SOURCE, T3_SOURCE, REFERRAL_SOURCE, SURVEY_SOURCE, FEEDBACK_SOURCE,
    HAIPRO_SOURCE, LEGAL_SOURCE, ACTION_SOURCE, OMAVALVONTA_SOURCE, SERIOUS_SOURCE, RESOURCING_SOURCE,
    HR_SOURCE, WELLBEING_SOURCE, TRAINING_SOURCE, STUDENTS_SOURCE, BUDGET_SOURCE, CONTRACTS_SOURCE,
    PREPARATION_SOURCE,
)  # fmt: skip


def read_by(folder: Path, source: Source, unfit: Callable[[Fault], None]) -> Source:
    """Return the source as a folder's configs read it; as it is where ``unfit`` hears what they lack."""
    try:
        own = read_source(folder, source.layout.source)
        return replace(source, layout=source.layout.read_by(own))
    except ConfigError as error:
        for fault in error.faults:
            unfit(fault)
        return source
