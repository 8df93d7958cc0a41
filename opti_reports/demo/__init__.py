"""The demo: made-up years of a county's outpatient care, written in the shape of the real systems' extracts.

The first delivery holds all months but the last six, each of which has a delivery of its own with the whole
window of every source, as known on its extraction day: late entries, closures, corrections and transfers
arrive when they would. ``STORIES`` lists what there is to find in them. Without stories the months differ by
chance and by their working days alone: there is no season, growth, law that changes, client who grows older,
merger or late entry either. ``MESS`` lists what ``mess=True`` adds to the files of the last month.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

from opti_reports.demo.data import read_text
from opti_reports.demo.deliver import MONTHLY, deliver, lay_beside, span
from opti_reports.demo.layout import LAYOUTS
from opti_reports.demo.mess import MESS, Mess
from opti_reports.demo.organisation import Organisation, read_organisation
from opti_reports.demo.sources import read_by
from opti_reports.demo.world import STORIES, Story, World
from opti_reports.errors import Fault

__all__ = ["MESS", "STORIES", "Mess", "Story", "generate"]


def generate(
    target: Path,
    last_month: str,
    *,
    organisation_file: Path,
    source_folder: Path | None = None,
    months: int = 36,
    seed: int = 1,
    scale: float = 1.0,
    mess: bool = False,
    stories: bool = True,
    sources: Collection[str] = (),
    approved: Collection[str] = (),
    separate: int = MONTHLY,
    progress: Callable[[str], None] | None = None,
    unfit: Callable[[Fault], None] = lambda _: None,
) -> list[Path]:
    """Write synthetic extracts into target/<YYYY-MM>/, with what their organisation has decided beside them.

    Return the written files in order; the same arguments give the same bytes. ``scale`` 1.0 is a county of
    480 000 people; incidents, legal cases, surveys and feedback shrink slower, staff and contracts not at
    all. ``sources`` are those to write (empty: all), as far as they need no approval or it is among those
    ``approved``; ``separate`` of the last months have deliveries of their
    own, ``progress`` hears the name of each finished source. The extracts are such as the configs of
    ``source_folder`` read (None: the shipped ones); a source that lacks there what the demo writes is written
    as the shipped configs read it, and ``unfit`` hears why.

    Raises ConfigError with all that is wrong in the organisation file, and UsageError for a month that cannot
    be read, a scale or a number of months below the smallest that makes sense, an organisation without health
    stations, or months before it began.
    """
    org = read_organisation(organisation_file)
    first, last = span(last_month, months, scale, min(unit.starts for unit in org.units))
    world = World(
        org=org if stories else Organisation(tuple(unit.settled(first) for unit in org.units)),
        first=first,
        last=last,
        split=max(last - separate, first),
        seed=seed,
        scale=scale,
        stories=stories,
    )
    chosen = [
        layout
        for name, layout in LAYOUTS.items()
        if (not sources or name in sources) and layout.shipped.approval in ("", *approved)
    ]
    if source_folder:
        chosen = [read_by(source_folder, layout, unfit) for layout in chosen]
    labels = world.labels({layout.config.system for layout in chosen})
    written: list[Path] = []
    for layout in chosen:
        written += deliver(target, world, layout, labels, mess=mess)
        if progress:
            progress(layout.source)
    return written + lay_beside(target, world, chosen, read_text("decided.toml"))
