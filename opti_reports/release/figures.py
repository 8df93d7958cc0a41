"""The figures of an archived run, worked out once more from the facts that are archived with it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from opti_reports.config.configs import Configs
from opti_reports.metrics.evaluate import Inputs, values
from opti_reports.model.delivery import Delivery, RowCounts
from opti_reports.model.value import Values
from opti_reports.periods.months import parse_month
from opti_reports.periods.period import Period
from opti_reports.stages import weeks
from opti_reports.stages.counted import Facts
from opti_reports.stages.inputs import inputs
from opti_reports.store.deliveries import StoredDelivery, unpacked

ROWS = ("read", "used", "rejected", "outside", "older")


def worked_out(
    folder: Path, configs: Configs, left_out: Sequence[str], period: Period
) -> tuple[Inputs, Values]:
    """Return the values of an archived run as the formulas give them, and what they are worked out from.

    Facts ``left_out`` of the archive, because they hold pseudonyms, are not used.
    """
    configs = _without(configs, left_out)
    facts = _taken(folder, configs)
    if period.cadence.weekly:
        worked = weeks.work(configs, facts, period.week)
        return worked.given, worked.exact
    given = inputs(configs, facts, period.end)
    return given, values(given)


def _without(configs: Configs, facts: Sequence[str]) -> Configs:
    """Return the configs without some facts."""
    sources = {
        name: source.model_copy(update={"fact": tuple(f for f in source.fact if f.id not in facts)})
        for name, source in configs.sources.items()
    }
    return replace(configs, sources=sources)


def _taken(folder: Path, configs: Configs) -> Facts:
    """Return the deliveries of a run with their archived facts."""
    found = [_delivery(path, configs) for path in sorted((folder / "facts").glob("*/*/delivery.json"))]
    return Facts(tuple(delivery for delivery, _ in found), tuple(kept for _, kept in found))


def _delivery(path: Path, configs: Configs) -> tuple[Delivery, StoredDelivery]:
    note = json.loads(path.read_text(encoding="utf-8"))
    source, month = path.parent.parent.name, path.parent.name
    covers = note["covers"]
    delivery = Delivery(
        source=source,
        month=parse_month(month),
        files=tuple(Path(name) for name in note["files"]),
        hashes=tuple(note["files"].values()),
        extracted_on=dt.date.fromisoformat(note["extracted_on"]),
        covers=(covers[0], covers[1]) if covers else None,
        confirm_shrink=note["confirm_shrink"],
    )
    shapes = [configs.shapes[fact.id] for fact in configs.sources[source].fact]
    tables = {shape.id: unpacked(path.parent / f"{shape.id}.parquet", shape) for shape in shapes}
    return delivery, StoredDelivery(tables, {}, _counts(note), ())


def _counts(note: dict[str, object]) -> RowCounts:
    by_month = note["by_month"]
    assert isinstance(by_month, dict)
    read, used, rejected, outside, older = (int(str(note[name])) for name in ROWS)
    months = {int(month): rows for month, rows in by_month.items()}
    return RowCounts(
        read=read,
        used=used,
        rejected=rejected,
        outside=outside,
        older=older,
        by_month=months,
        reasons={},
        empty_cells={},
        ignored_columns=(),
    )
