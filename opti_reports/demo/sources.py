"""Every source of the demo, in the order it is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from opti_reports.demo import access, experience, finance, quality, registers, staff, visits
from opti_reports.demo.layout import LAYOUTS, read_source
from opti_reports.demo.source import Source
from opti_reports.errors import ConfigError, Fault

SOURCES = (
    Source(LAYOUTS["phone_contacts"], access.make_phone),
    Source(LAYOUTS["digi_contacts"], access.make_digi),
    Source(LAYOUTS["avohilmo_events"], visits.make),
    Source(LAYOUTS["t3_snapshots"], access.make_t3),
    Source(LAYOUTS["referrals"], access.make_referrals),
    Source(LAYOUTS["survey_responses"], experience.make_survey),
    Source(LAYOUTS["client_feedback"], experience.make_feedback),
    Source(LAYOUTS["haipro_reports"], quality.make_haipro),
    Source(LAYOUTS["legal_cases"], quality.make_legal),
    Source(LAYOUTS["action_register"], registers.make_actions),
    Source(LAYOUTS["omavalvonta"], registers.make_omavalvonta),
    Source(LAYOUTS["serious_incidents"], registers.make_serious),
    Source(LAYOUTS["resourcing_weekly"], staff.make_resourcing),
    Source(LAYOUTS["hr_monthly"], staff.make_hr),
    Source(LAYOUTS["wellbeing_survey"], staff.make_wellbeing),
    Source(LAYOUTS["training_monthly"], staff.make_training),
    Source(LAYOUTS["students_term"], staff.make_students),
    Source(LAYOUTS["budget_monthly"], finance.make_budget),
    Source(LAYOUTS["contracts"], finance.make_contracts),
    Source(LAYOUTS["preparation_notes"], registers.make_preparations),
)


def read_by(folder: Path, source: Source, unfit: Callable[[Fault], None]) -> Source:
    """Return the source as a folder's configs read it; as it is where ``unfit`` hears what they lack."""
    try:
        own = read_source(folder, source.layout.source)
        return replace(source, layout=source.layout.read_by(own))
    except ConfigError as error:
        for fault in error.faults:
            unfit(fault)
        return source
