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
from opti_reports.demo.layout import LAYOUTS, Layout
from opti_reports.demo.mess import MESS, MISSING, Mess, spoil
from opti_reports.demo.organisation import Organisation, read_organisation
from opti_reports.demo.sources import deliveries, read_by
from opti_reports.demo.world import STORIES, Story, World
from opti_reports.demo.write import Labels, write
from opti_reports.errors import Fault, UsageError
from opti_reports.periods.months import first_date, last_date, month_text, parse_month

__all__ = ["MESS", "STORIES", "Mess", "Story", "generate"]
MONTHLY = 6
DECIDED = "demo.toml"
"""The file of what the demo's organisation has decided, beside the months' folders."""


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
    separate: int = MONTHLY,
    progress: Callable[[str], None] | None = None,
    unfit: Callable[[Fault], None] = lambda _: None,
) -> list[Path]:
    """Write synthetic extracts into target/<YYYY-MM>/, with what their organisation has decided beside them.

    Return the written files in order; the same arguments give the same bytes. ``scale`` 1.0 is a county of
    480 000 people; incidents, legal cases, surveys and feedback shrink slower, staff and contracts not at
    all. ``sources`` are those to write (empty: all), ``separate`` of the last months have deliveries of their
    own, ``progress`` hears the name of each finished source. The extracts are such as the configs of
    ``source_folder`` read (None: the shipped ones); a source that lacks there what the demo writes is written
    as the shipped configs read it, and ``unfit`` hears why.

    Raises ConfigError with all that is wrong in the organisation file, and UsageError for a month that cannot
    be read, a scale or a number of months below the smallest that makes sense, an organisation without health
    stations, or months before it began.
    """
    org = read_organisation(organisation_file)
    first, last = _months(last_month, months, scale, min(unit.starts for unit in org.units))
    world = World(
        org=org if stories else Organisation(tuple(unit.settled(first) for unit in org.units)),
        first=first,
        last=last,
        split=max(last - separate, first),
        seed=seed,
        scale=scale,
        stories=stories,
    )
    chosen = [layout for name, layout in LAYOUTS.items() if not sources or name in sources]
    if source_folder:
        chosen = [read_by(source_folder, layout, unfit) for layout in chosen]
    labels = world.labels({layout.config.system for layout in chosen})
    written: list[Path] = []
    for layout in chosen:
        written += _write_source(target, world, layout, labels, mess)
        if progress:
            progress(layout.source)
    return written + _beside(target, world)


def _months(last_month: str, months: int, scale: float, begins: int) -> tuple[int, int]:
    """Return the first and the last month, or raise UsageError."""
    try:
        last = parse_month(last_month)
    except ValueError as error:
        raise UsageError("demo.month", value=repr(last_month)) from error
    if months < 1 or not 0 < scale < float("inf"):
        raise UsageError("demo.no_months", months=months, scale=scale)
    first = last - months + 1
    if first < begins:
        raise UsageError("demo.too_early", first=month_text(first), begins=month_text(begins))
    return first, last


def _write_source(target: Path, world: World, layout: Layout, labels: Labels, mess: bool) -> list[Path]:
    """Return all files of one source; the first file of the last month is the one that gets the mess."""
    written: list[Path] = []
    for month, end, tables in deliveries(world, layout):
        if mess and month == world.last and layout.source in MISSING:
            continue
        folder = target / month_text(month)
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{layout.stem}{end}_{month_text(month)}{layout.suffix}"
        written.append(write(folder / name, layout, tables, labels))
    newest = [path for path in written if path.parent.name == month_text(world.last)]
    if mess and newest:
        spoil(newest[0], layout, world.last)
    return written


def _beside(target: Path, world: World) -> list[Path]:
    """Return what stands beside the extracts: a note of the first delivery, and what has been decided.

    From rows that are still open nobody can tell the months of a delivery. The decisions count from the last
    month's new year until its end.
    """
    months = [month_text(world.first), month_text(world.split)]
    open_ones = [name for name, layout in LAYOUTS.items() if layout.shipped.open_cases]
    note = "\n".join(f'[{name}]\ncovers = ["{months[0]}", "{months[1]}"]\n' for name in open_ones)
    first, last = first_date(world.last - world.last % 12), last_date(world.last)
    decided = read_text("decided.toml").replace("{first}", str(first)).replace("{last}", str(last))
    texts = {target / months[1] / "delivery.toml": note, target / DECIDED: decided}
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    return list(texts)
