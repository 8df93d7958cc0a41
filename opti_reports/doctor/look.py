"""One look at everything."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from opti_reports.doctor import machine, work
from opti_reports.doctor.sign import Sign
from opti_reports.mail.asked import Edge
from opti_reports.workspace import Workspace


def look(workspace: Workspace, edge: Edge) -> Iterator[Sign]:
    """Yield what each part of the machine and the workspace is like; nothing is changed and nothing sent."""
    configs, sign = work.read(workspace)
    now = edge.now()
    yield from machine.program()
    yield sign
    if configs:
        yield from machine.fonts(configs.brand.brand().fonts)
    yield from machine.clock(workspace, configs, now)
    yield from machine.texts()
    yield from machine.disk(workspace)
    yield from machine.rights(workspace)
    yield from work.running(workspace)
    if configs:
        yield from work.runs(workspace, now.astimezone(ZoneInfo(configs.settings.time_zone)).date())
        yield from work.mail(workspace, configs, edge)
    yield from work.archive(workspace)
