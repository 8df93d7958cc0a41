"""Packs, targets and findings: every name they use exists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from opti_reports.algebra.expression import suggestion
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
)
from opti_reports.config.metric import AnyMetric, Ratio, Total
from opti_reports.config.pack import PackSpec
from opti_reports.config.references import unknown
from opti_reports.config.settings import Findings, Target, Targets
from opti_reports.errors import Fault
from opti_reports.model.fact import Shape


@dataclass(frozen=True, kw_only=True)
class Defined:
    """What the files define: names by what they are of, and what was read of metrics and facts."""

    names: Mapping[Kind, Names]
    metric: Mapping[str, AnyMetric]
    shape: Mapping[str, Shape]


def check_packs(packs: Iterable[PackSpec], defined: Defined) -> list[Fault]:
    """Return everything wrong in the packs."""
    faults: list[Fault] = []
    for pack in packs:
        file = f"packs/{pack.id}.toml"
        faults += unknown(file, pack, defined.names)
        ids = [section.id for section in pack.section]
        for name in sorted({name for name in ids if ids.count(name) > 1}):
            faults.append(Fault(file, f"section.{name}", "two sections have this id", "Give one another id."))
        for i, section in enumerate(pack.section, 1):
            for j, block in enumerate(section.block, 1):
                key = f"section.{i}.block.{j}"
                faults += [Fault(file, f"{key}.{part}", what) for part, what in _block(block, defined)]
    return faults


def _block(block: AnyBlock, defined: Defined) -> Iterator[tuple[str, str]]:
    """Yield what of a block does not fit its metrics or its fact, with the key."""
    match block:
        case Funnel():
            yield from _shares(block.metrics, defined, "is no share of cases: a funnel needs one")
        case Outturn():
            yield from _shares(block.metrics, defined, "is no share of a budget")
        case Breakdown() | Focus():
            yield from _split("by", block.metric, block.by, defined)
        case Counts():
            for name in block.keys:
                yield from _split("keys", block.metric, name, defined)
        case Channels():
            for i, group in enumerate(block.groups, 1):
                for metric in filter(None, (group.count, group.score)):
                    yield from _split(f"groups.{i}", metric, group.by, defined)
        case Distribution():
            shape = defined.shape.get(block.fact)
            for part, name in (("rows", block.rows), ("levels", block.levels)):
                if shape and name not in shape.by:
                    near = suggestion(name, shape.by)
                    yield part, f"fact {block.fact} is not kept by '{name}'{near}"


def _shares(metrics: Iterable[str], defined: Defined, what: str) -> Iterator[tuple[str, str]]:
    for name in metrics:
        metric = defined.metric.get(name)
        if metric and not (isinstance(metric, Ratio) and metric.unit == "percent"):
            yield "metrics", f"metric {name} {what}"


def _split(key: str, name: str, by: str | None, defined: Defined) -> Iterator[tuple[str, str]]:
    metric = defined.metric.get(name)
    if metric and by and by not in metric.by:
        yield key, f"metric {name} has no breakdown '{by}'{suggestion(by, metric.by)}"


def check_targets(targets: Targets, defined: Defined) -> list[Fault]:
    """Everything wrong in the targets."""
    file = "targets.toml"
    faults = list(unknown(file, targets, defined.names))
    for i, target in enumerate(targets.target, 1):
        key = f"target.{i}"
        if (target.op == "between") != isinstance(target.value, tuple):
            faults.append(Fault(file, f"{key}.value", '"between" needs two values, other operators one'))
        if target.state == "agreed" and not (target.agreed_by and target.agreed_at):
            faults.append(Fault(file, key, "an agreed target needs agreed_by (a role) and agreed_at"))
        if target.state == "demo":
            what = "only the file that the demo's extracts bring along has targets of the demo"
            faults.append(Fault(file, f"{key}.state", what, 'Write "proposed" or "agreed".'))
        if target.state == "proposed" and (target.agreed_by or target.agreed_at):
            what = "a proposed target has neither agreed_by nor agreed_at"
            faults.append(Fault(file, key, what, 'Write state = "agreed" if it has been agreed.'))
    return faults + _targets_twice(targets)


def _targets_twice(targets: Targets) -> list[Fault]:
    """Targets of one metric, organisation and state that are in force at once."""
    faults: list[Fault] = []
    order = sorted(enumerate(targets.target, 1), key=lambda pair: pair[1].valid_from)
    last: dict[tuple[str, str, str], Target] = {}
    for i, target in order:
        before = last.get(place := (target.metric, target.organisation, target.state))
        if before and before.valid_to >= target.valid_from:
            what = (
                f"two {target.state} targets of {target.metric} for {target.organisation} "
                f"are in force on {target.valid_from}"
            )
            faults.append(
                Fault("targets.toml", f"target.{i}", what, "End the earlier one the day before: valid_to.")
            )
        last[place] = target
    return faults


def check_findings(findings: Findings, defined: Defined) -> list[Fault]:
    """Levels, metrics and units that the findings' rules name and nobody knows."""
    file = "findings.toml"
    faults = list(unknown(file, findings, defined.names))
    for i, rule in enumerate(findings.escalation, 1):
        if bool(rule.agreed_by) != bool(rule.agreed_at):
            what = "an agreed rule needs both agreed_by (a role) and agreed_at"
            faults.append(Fault(file, f"escalation.{i}", what, "Without either it is printed as proposed."))
    for i, process in enumerate(findings.process, 1):
        for name in process.metrics:
            metric = defined.metric.get(name)
            if metric and not (
                isinstance(metric, Ratio) and metric.unit == "percent" and metric.direction == "up"
            ):
                what = (
                    f"metric {name} is no share of cases in time: a process needs one of which more is better"
                )
                faults.append(Fault(file, f"process.{i}.metrics", what))
    for i, silence in enumerate(findings.silence, 1):
        metric = defined.metric.get(silence.metric)
        if metric and not isinstance(metric, Total):
            faults.append(Fault(file, f"silence.{i}.metric", f"metric {silence.metric} is no count"))
    return faults
