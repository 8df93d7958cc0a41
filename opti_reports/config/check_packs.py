"""Packs, targets and findings: every name they use exists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from opti_reports.config.base import Kind, Names
from opti_reports.config.block import (
    AnyBlock,
    Breakdown,
    Channels,
    Counts,
    Distribution,
    Focus,
    Funnel,
    Outturn,
    Shaded,
)
from opti_reports.config.check_rows import Rows
from opti_reports.config.metric import AnyMetric, Ratio, Total
from opti_reports.config.pack import PackSpec
from opti_reports.config.references import unknown
from opti_reports.config.settings import Findings, Target, Targets
from opti_reports.errors import Fault
from opti_reports.messages.message import Message, message
from opti_reports.messages.spelling import suggestion
from opti_reports.model.fact import Shape


@dataclass(frozen=True, kw_only=True)
class Defined:
    """What the files define: names by what they are of, and what was read of metrics, facts and lists."""

    names: Mapping[Kind, Names]
    metric: Mapping[str, AnyMetric]
    shape: Mapping[str, Shape]
    rows: Rows


def check_packs(packs: Iterable[PackSpec], defined: Defined) -> list[Fault]:
    """Return everything wrong in the packs."""
    faults: list[Fault] = []
    for pack in packs:
        file = f"packs/{pack.id}.toml"
        faults += unknown(file, pack, defined.names)
        ids = [section.id for section in pack.section]
        for name in sorted({name for name in ids if ids.count(name) > 1}):
            faults.append(Fault(file, f"section.{name}", "pack.section_twice"))
        for i, section in enumerate(pack.section, 1):
            for j, block in enumerate(section.block, 1):
                key = f"section.{i}.block.{j}"
                of_rows = (*defined.rows.unknown_columns(block), *defined.rows.unfit(pack, block))
                found = (*_block(block, defined), *of_rows)
                faults += [Fault.of(file, f"{key}.{part}", what) for part, what in found]
    return faults


def _block(block: AnyBlock, defined: Defined) -> Iterator[tuple[str, Message]]:
    """Yield what of a block does not fit its metrics or its fact, with the key."""
    match block:
        case Funnel():
            for name in _no_shares(block.metrics, defined):
                yield "metrics", message("pack.funnel", metric=name)
        case Outturn():
            for name in _no_shares(block.metrics, defined):
                yield "metrics", message("pack.outturn", metric=name)
        case Distribution() | Shaded():
            shape = defined.shape.get(block.fact)
            for part, name in (("rows", block.rows), ("levels", block.levels)):
                if shape and name not in shape.by:
                    near = suggestion(name, shape.by)
                    yield part, message("unknown.key", fact=block.fact, name=name, near=near)
    for key, of, by in _splits(block):
        split = defined.metric.get(of)
        if split and by not in split.by:
            yield key, message("pack.breakdown", metric=of, name=by, near=suggestion(by, split.by))


def _no_shares(metrics: Iterable[str], defined: Defined) -> Iterator[str]:
    """Yield the metrics that are no share of anything."""
    for name in metrics:
        metric = defined.metric.get(name)
        if metric and not (isinstance(metric, Ratio) and metric.unit == "percent"):
            yield name


def _splits(block: AnyBlock) -> Iterator[tuple[str, str, str]]:
    """Yield key, metric and the key of that metric by which a block splits it."""
    match block:
        case Breakdown() | Focus():
            yield "by", block.metric, block.by
        case Shaded(below=str(metric)):
            yield "below", metric, block.levels
        case Counts():
            yield from (("keys", block.metric, name) for name in block.keys)
        case Channels():
            for i, group in enumerate(block.groups, 1):
                metrics = filter(None, (group.count, group.score))
                yield from ((f"groups.{i}", metric, group.by) for metric in metrics if group.by)


def check_targets(targets: Targets, defined: Defined) -> list[Fault]:
    """Return everything wrong in the targets."""
    file = "targets.toml"
    faults = list(unknown(file, targets, defined.names))
    for i, target in enumerate(targets.target, 1):
        key = f"target.{i}"
        if (target.op == "between") != isinstance(target.value, tuple):
            faults.append(Fault(file, f"{key}.value", "target.between"))
        if target.state == "agreed" and not (target.agreed_by and target.agreed_at):
            faults.append(Fault(file, key, "target.agreed"))
        if target.state == "demo":
            faults.append(Fault(file, f"{key}.state", "target.demo"))
        if target.state == "proposed" and (target.agreed_by or target.agreed_at):
            faults.append(Fault(file, key, "target.proposed"))
    return faults + _targets_twice(targets)


def _targets_twice(targets: Targets) -> list[Fault]:
    """Return targets of one metric, organisation and state that are in force at once."""
    faults: list[Fault] = []
    order = sorted(enumerate(targets.target, 1), key=lambda pair: pair[1].valid_from)
    last: dict[tuple[str, str, str], Target] = {}
    for i, target in order:
        before = last.get(place := (target.metric, target.organisation, target.state))
        if before and before.valid_to >= target.valid_from:
            faults.append(
                Fault(
                    "targets.toml",
                    f"target.{i}",
                    "target.twice",
                    state=target.state,
                    metric=target.metric,
                    organisation=target.organisation,
                    day=str(target.valid_from),
                )
            )
        last[place] = target
    return faults


def check_findings(findings: Findings, defined: Defined) -> list[Fault]:
    """Return levels, metrics and units that the findings' rules name and nobody knows."""
    file = "findings.toml"
    faults = list(unknown(file, findings, defined.names))
    for i, rule in enumerate(findings.escalation, 1):
        if bool(rule.agreed_by) != bool(rule.agreed_at):
            faults.append(Fault(file, f"escalation.{i}", "finding.agreed"))
    for i, process in enumerate(findings.process, 1):
        for name in process.metrics:
            metric = defined.metric.get(name)
            if metric and not (
                isinstance(metric, Ratio) and metric.unit == "percent" and metric.direction == "up"
            ):
                faults.append(Fault(file, f"process.{i}.metrics", "finding.process", name=name))
    for i, silence in enumerate(findings.silence, 1):
        metric = defined.metric.get(silence.metric)
        if metric and not isinstance(metric, Total):
            faults.append(Fault(file, f"silence.{i}.metric", "finding.silence", metric=silence.metric))
    return faults
