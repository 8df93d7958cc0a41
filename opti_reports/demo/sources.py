"""Every source of the demo, in the order it is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from opti_reports.demo import access, appointments, experience, finance, quality, registers, staff, visits
from opti_reports.demo.layout import LAYOUTS, read_source
from opti_reports.demo.source import Source
from opti_reports.errors import ConfigError, Fault

MODULES = (access, appointments, experience, finance, quality, registers, staff, visits)
BY_NAME = {source.layout.source: source for module in MODULES for source in module.SOURCES}
SOURCES = tuple(BY_NAME[name] for name in LAYOUTS)


def read_by(folder: Path, source: Source, unfit: Callable[[Fault], None]) -> Source:
    """Return the source as a folder's configs read it; as it is where ``unfit`` hears what they lack."""
    try:
        own = read_source(folder, source.layout.source)
        return replace(source, layout=source.layout.read_by(own))
    except ConfigError as error:
        for fault in error.faults:
            unfit(fault)
        return source
