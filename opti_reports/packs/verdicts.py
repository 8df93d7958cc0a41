"""Whether processes are kept, by the rule that is printed; and what nobody reported or handled for months."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from opti_reports.config import block as kinds
from opti_reports.config.processes import Process
from opti_reports.model.finding import Standing
from opti_reports.model.pack import Column, Notice, Table
from opti_reports.model.tone import Tone
from opti_reports.packs import actions, cells, effects, periods, registers
from opti_reports.packs.rows import heading
from opti_reports.packs.scene import Scene
from opti_reports.periods.period import Period

TONES: dict[str, Tone] = {"kept": "good", "partly": "watch", "not_kept": "off", "unjudged": "none"}


def verdicts(scene: Scene, block: kinds.Verdicts) -> Iterator[Table]:
    """Yield a row a process: the verdict now and before, the numbers behind it, what its actions came to."""
    rules = [rule for rule in scene.configs.findings.process if rule.id in block.processes]
    rows, tones, said = [], [], []
    now = Period(scene.cadence, scene.month)
    earlier = [now]
    for _ in range(scene.configs.findings.shown.verdicts_before):
        earlier.append(scene.cadence.before(earlier[-1]))
    for at, rule in enumerate(rules):
        found = [scene.material.standings.get((rule.id, scene.org, period)) for period in earlier]
        verdict = [one.verdict if one else "unjudged" for one in found]
        numbers = "; ".join(_numbers(scene, rule, found[0], now))
        rows.append(
            (
                scene.wording.of(rule.name),
                *(scene.say(f"verdict.{one}") for one in verdict),
                numbers,
                _effects(scene, rule),
            )
        )
        tones += [(at, place, TONES[one]) for place, one in enumerate(verdict, 1)]
        said.append(_rule(scene, rule))
    heads = (
        Column(scene.say("column.process")),
        *(Column(periods.short_label(scene, period)) for period in earlier),
        Column(scene.say("column.numbers")),
        Column(scene.say("column.actions")),
    )
    title = scene.wording.of(block.title) if block.title else scene.say("block.verdicts")
    if scene.material.stage == "final":  # what is preliminary is not frozen yet
        said.append(scene.say("verdict.frozen"))
    notes = " ".join(dict.fromkeys(said))
    yield Table(
        caption=title,
        columns=heads,
        rows=tuple(rows),
        empty=scene.say("block.no_data"),
        note=notes,
        tones=tuple(tones),
    )


def _numbers(scene: Scene, rule: Process, found: Standing | None, now: Period) -> Iterator[str]:
    """Yield each share with its cases and target, the ones that could not be judged too."""
    for metric_id in rule.metrics:
        value, metric = scene.value(metric_id, now), scene.metric(metric_id)
        aim = scene.status(value).target
        parts = cells.part_of(scene, value) if value.number is not None else ""
        figure = f"{cells.full(scene, value)} ({parts})" if parts else cells.full(scene, value)
        target = f", {cells.target_figure(scene, metric, aim, metric.unit)}" if aim else ""
        judged = found is not None and metric_id in found.judged
        left = "" if judged else f" – {scene.say('verdict.left')}"
        yield f"{scene.metric_name(metric_id)} {figure}{target}{left}"


def _effects(scene: Scene, rule: Process) -> str:
    """Return the actions linked to the process's metrics: how many are open, were done in the period, and
    helped.
    """
    below = [row for row in scene.rows_of("actions") if row.org in scene.below]
    linked = [row for row in below if row.cells.get("metric_id") in rule.metrics]
    found = actions.read(scene, linked)
    done = [action for action in found if action.done]
    return scene.say(
        "verdict.actions",
        open=cells.count(scene, len(found) - len(done)),
        done=cells.count(scene, len(done)),
        helped=cells.count(scene, sum(effects.helped(scene, action) for action in done)),
    )


def _rule(scene: Scene, rule: Process) -> str:
    return scene.say("verdict.rule", share=cells.figure(scene, rule.partly, "percent", 0))


def observations(scene: Scene) -> Iterator[Notice]:
    """Yield counts that were nothing for months, and what was not done for as long as a register allows."""
    yield from _silences(scene)
    for name in scene.configs.lists_of("register"):
        spec = scene.configs.lists[name]
        rows = [row for row in scene.material.lists.get(name, ()) if row.org in scene.below]
        for column, months in spec.fresh.items():
            orgs = [row.org for row in rows if registers.stale(scene, spec, row, column)]
            if orgs:
                what = scene.say("observation.not_done", item=heading(scene, column), months=months)
                yield Notice("warn", _of(scene, what, orgs))


def _silences(scene: Scene) -> Iterator[Notice]:
    for rule in scene.configs.findings.silence:
        found = {
            one.org: one.months
            for one in scene.material.silences
            if one.metric == rule.metric and one.org in scene.below and _delivers(scene, one.metric, one.org)
        }
        if found:
            what = scene.say(
                "observation.silence", name=scene.metric_name(rule.metric), months=min(found.values())
            )
            yield Notice("warn", f"{_of(scene, what, found)} {scene.wording.of(rule.meaning)}")


def _delivers(scene: Scene, metric: str, org: str) -> bool:
    """Return whether a unit should have rows in every source of a metric: without, nothing is no silence."""
    systems = {scene.configs.sources[source].system for source in scene.sources_of(metric)}
    return all(org in scene.configs.organisation.expected(system, scene.month) for system in systems)


def _of(scene: Scene, what: str, orgs: Iterable[str]) -> str:
    """Return a finding and, where the reader leads many units, which of them."""
    if scene.is_leaf:
        return what
    names = "; ".join(scene.names_by_type(list(orgs)))
    return scene.say("observation.of", what=what, units=names)
