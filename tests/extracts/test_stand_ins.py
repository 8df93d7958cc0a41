"""A column that an export lacks: the one beside it stands in its place, and the run says so."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from opti_reports.messages.sentences import sentence
from opti_reports.model.report import SourceReport
from opti_reports.periods.months import parse_month
from opti_reports.stages.reports import warnings
from opti_reports.workspace import Workspace
from tests.hand_cases import load_cases, write_files
from tests.pipeline import shipped, taken_until


def test_the_delivery_notes_what_stood_in(tmp_path: Path) -> None:
    (made,) = (case for case in load_cases() if case.metric == "feedback_started_5wd_pct")
    write_files(made, tmp_path / "data")
    ((_, kept),) = taken_until(shipped(), tmp_path / "data", tmp_path, made.month).of("client_feedback")
    assert kept.counts.stand_ins == {"first_handled_at": "closed_at"}


def test_the_run_says_it(tmp_path: Path) -> None:
    (tmp_path / "data/2026-03").mkdir(parents=True)
    found = {"analysed_at": "classified_at"}
    report = SourceReport(
        source="haipro_reports",
        presence="required",
        newest=674,
        late=False,
        due=dt.date(2026, 4, 7),
        stand_ins=found,
    )
    given = warnings(Workspace(tmp_path), shipped(), parse_month("2026-03"), [report])
    said = tuple(map(sentence, given))
    assert said == ("haipro_reports: no column analysed_at: classified_at is read instead",)
