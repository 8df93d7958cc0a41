"""One delivery read and counted: what a worker does for the facts of a month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from opti_reports.algebra.aside import Shelf
from opti_reports.algebra.memory import give_back
from opti_reports.config.configs import Configs
from opti_reports.errors import ExtractError
from opti_reports.extracts.gathered import Extract
from opti_reports.extracts.judge import Judge
from opti_reports.extracts.read import read
from opti_reports.facts import build
from opti_reports.messages.message import Message, message
from opti_reports.model.delivery import Delivery
from opti_reports.model.fact import Shape
from opti_reports.store import deliveries as store
from opti_reports.store.shelf import shelf
from opti_reports.store.spool import spooled


@dataclass(frozen=True)
class Task:
    """One delivery to turn into facts, with all that its worker needs."""

    delivery: Delivery
    configs: Configs
    store: Path
    address: str
    secret: bytes


def read_delivery(task: Task) -> Message | None:
    """Read one delivery and store its facts; return what is wrong with its files, if anything is."""
    with shelf(task.store) as aside, TemporaryDirectory(prefix=".facts.", dir=task.store) as folder:
        try:
            extract = _read(task, aside)
        except ExtractError as error:
            return message("delivery.fault", folder=task.delivery.folders, fault=error.said)
        give_back()
        _counted(task, extract, Path(folder))
    return None


def _read(task: Task, aside: Shelf) -> Extract:
    """Read a copy of a delivery's files, which goes afterwards."""
    delivery, configs = task.delivery, task.configs
    source, context = configs.sources[delivery.source], configs.context(delivery.month)
    judge = Judge(configs.guards, configs.organisation, configs.roles)
    with spooled(task.store, delivery) as copied:
        return read(source, copied, context, task.secret, judge, shelf=aside)


def _counted(task: Task, extract: Extract, folder: Path) -> None:
    """Count what was read and store it; tables are written to the folder as they come."""
    delivery, configs, written = task.delivery, task.configs, dict[str, Path]()
    source, context = configs.sources[delivery.source], configs.context(delivery.month)
    rows = build.Rows(
        columns=extract.rows,
        rank=extract.rank,
        size=extract.size,
        read=extract.read,
        rejects=extract.rejects,
        ignored=extract.ignored,
        file=extract.file,
        files=extract.files,
        lost=extract.lost,
        cells=extract.cells,
        stand_ins=extract.stand_ins,
        lacking=extract.lacking,
    )

    def keep(shape: Shape, pieces: Iterator[pd.DataFrame]) -> None:
        written[shape.id] = folder / f"{shape.id}.parquet"
        store.write(written[shape.id], shape, pieces)

    counted = build.count(source, delivery.month, configs.shapes, rows, context, keep=keep)
    kept = store.StoredDelivery(counted.tables, counted.lists, counted.counts, extract.rejects)
    store.save(task.store, task.address, delivery.month, kept, written)
