"""Every source of the demo, in the order it is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from opti_reports.demo import (
    appointments,
    digital,
    experience,
    finance,
    phone,
    preparations,
    quality,
    registers,
    staff,
    visits,
)
from opti_reports.demo.layout import read_source
from opti_reports.demo.source import Source
from opti_reports.errors import ConfigError, Fault

SOURCES: tuple[Source, ...] = (
    phone.SOURCE, digital.SOURCE, visits.SOURCE, *appointments.SOURCES, *experience.SOURCES, *quality.SOURCES,
    *registers.SOURCES, *staff.SOURCES, *finance.SOURCES, preparations.SOURCE,
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
