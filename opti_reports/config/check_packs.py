"""Packs, targets and findings: every name they use exists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from opti_reports.algebra.expression import suggestion
from opti_reports.config.base import Names
from opti_reports.config.metric import Metric
from opti_reports.config.pack import BlockSpec, PackSpec
from opti_reports.config.settings import Findings, Target, Targets
from opti_reports.errors import Fault
from opti_reports.model.fact import Shape


@dataclass(frozen=True, kw_only=True)
class Defined:
    """What the other files define, by kind of name; ``metric`` and ``shape`` hold what was read of them."""

    levels: Names
    units: Names
    types: Names
    metrics: Names
    facts: Names
    lists: Names
    packs: Names
    processes: Names
    metric: Mapping[str, Metric]
    shape: Mapping[str, Shape]


def check_packs(packs: Iterable[PackSpec], defined: Defined) -> list[Fault]:
    """Everything wrong in the packs."""
    faults: list[Fault] = []
    for pack in packs:
        file = f"packs/{pack.id}.toml"
        faults += _unknown(file, "level", "unknown.level", pack.level, defined.levels)
        for name in pack.unit_types:
            faults += _unknown(file, "unit_types", "unknown.unit_type", name, defined.types)
        ids = [section.id for section in pack.section]
        for name in sorted({name for name in ids if ids.count(name) > 1}):
            faults.append(Fault(file, f"section.{name}", "pack.section_twice"))
        for i, section in enumerate(pack.section, 1):
            for j, block in enumerate(section.block, 1):
                faults += _block(file, f"section.{i}.block.{j}", block, defined)
    return faults


def _unknown(file: str, key: str, code: str, name: str | None, names: Names) -> Iterator[Fault]:
    if name and names.lack(name):
        yield Fault(file, key, code, name=name, near=suggestion(name, names))


def _block(file: str, key: str, block: BlockSpec, defined: Defined) -> Iterator[Fault]:
    for name in block.metrics:
        yield from _unknown(file, f"{key}.metrics", "unknown.metric", name, defined.metrics)
    for name in block.metrics if block.kind == "funnel" else ():
        drawn = defined.metric.get(name)
        if drawn and not (drawn.kind == "ratio" and drawn.unit == "percent"):
            yield Fault(file, f"{key}.metrics", "pack.funnel", metric=name)
    for name in block.metrics if block.kind == "outturn" else ():
        money = defined.metric.get(name)
        if money and not (money.kind == "ratio" and money.unit == "percent"):
            yield Fault(file, f"{key}.metrics", "pack.outturn", metric=name)
    yield from _unknown(file, f"{key}.metric", "unknown.metric", block.metric, defined.metrics)
    yield from _unknown(file, f"{key}.list", "unknown.list", block.list, defined.lists)
    yield from _unknown(file, f"{key}.fact", "unknown.fact", block.fact, defined.facts)
    for name in block.processes:
        yield from _unknown(file, f"{key}.processes", "unknown.process", name, defined.processes)
    wanted: list[tuple[str, str | None, str | None]]
    wanted = [(f"{key}.by", block.metric, block.by), *((f"{key}.keys", block.metric, k) for k in block.keys)]
    for i, group in enumerate(block.groups, 1):
        for name in filter(None, (group.count, group.score)):
            place = f"{key}.groups.{i}"
            yield from _unknown(file, place, "unknown.metric", name, defined.metrics)
            wanted.append((place, name, group.by))
    for place, of, by in wanted:
        metric = defined.metric.get(of or "")
        if metric and by and by not in metric.by:
            near = suggestion(by, metric.by)
            yield Fault(file, place, "pack.breakdown", metric=str(of), name=by, near=near)
    shape = defined.shape.get(block.fact or "")
    for part in ("rows", "levels") if shape else ():
        name = getattr(block, part)
        if shape and name and name not in shape.by:
            near = suggestion(name, shape.by)
            yield Fault(file, f"{key}.{part}", "unknown.key", fact=str(block.fact), name=name, near=near)


def check_targets(targets: Targets, defined: Defined) -> list[Fault]:
    """Everything wrong in the targets."""
    file = "targets.toml"
    faults: list[Fault] = []
    for i, target in enumerate(targets.target, 1):
        key = f"target.{i}"
        faults += _unknown(file, f"{key}.metric", "unknown.metric", target.metric, defined.metrics)
        faults += _unknown(file, f"{key}.organisation", "unknown.unit", target.organisation, defined.units)
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
    """Targets of one metric, organisation and state that are in force at once."""
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
    """Levels, metrics and units that the findings' rules name and nobody knows."""
    file = "findings.toml"
    faults: list[Fault] = []
    for i, rule in enumerate(findings.escalation, 1):
        if rule.level not in defined.levels:
            near = suggestion(rule.level, defined.levels)
            faults.append(Fault(file, f"escalation.{i}.level", "unknown.level", name=rule.level, near=near))
        if bool(rule.agreed_by) != bool(rule.agreed_at):
            faults.append(Fault(file, f"escalation.{i}", "finding.agreed"))
    for i, rebase in enumerate(findings.rebase, 1):
        key = f"rebase.{i}"
        faults += _unknown(file, f"{key}.metric", "unknown.metric", rebase.metric, defined.metrics)
        if rebase.organisation is not None:
            faults += _unknown(
                file, f"{key}.organisation", "unknown.unit", rebase.organisation, defined.units
            )
        if rebase.level is not None:
            faults += _unknown(file, f"{key}.level", "unknown.level", rebase.level, defined.levels)
    for i, process in enumerate(findings.process, 1):
        for name in process.metrics:
            key = f"process.{i}.metrics"
            faults += _unknown(file, key, "unknown.metric", name, defined.metrics)
            metric = defined.metric.get(name)
            if metric and not (
                metric.kind == "ratio" and metric.unit == "percent" and metric.direction == "up"
            ):
                faults.append(Fault(file, key, "finding.process", name=name))
    for i, silence in enumerate(findings.silence, 1):
        key = f"silence.{i}.metric"
        faults += _unknown(file, key, "unknown.metric", silence.metric, defined.metrics)
        metric = defined.metric.get(silence.metric)
        if metric and metric.kind != "total":
            faults.append(Fault(file, key, "finding.silence", metric=silence.metric))
    return faults
