"""One delivery read and counted: what a worker does for the facts of a month."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from opti_reports.algebra.memory import give_back
from opti_reports.config.configs import Configs
from opti_reports.errors import ExtractError
from opti_reports.extracts.judge import Judge
from opti_reports.extracts.read import read
from opti_reports.facts import build
from opti_reports.messages.message import Message, message
from opti_reports.model.delivery import Delivery
from opti_reports.store import deliveries as store
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
    delivery, configs = task.delivery, task.configs
    source, context = configs.sources[delivery.source], configs.context(delivery.month)
    try:
        judge = Judge(configs.guards, configs.organisation, configs.roles)
        with spooled(task.store, delivery) as copied:
            extract = read(source, copied, context, task.secret, judge)
    except ExtractError as error:
        return message("delivery.fault", folder=delivery.folders, fault=error.said)
    give_back()
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
    counted = build.count(source, delivery.month, configs.shapes, rows, context)
    kept = store.StoredDelivery(counted.tables, counted.lists, counted.counts, extract.rejects)
    store.save(task.store, task.address, delivery.month, kept)
    return None
