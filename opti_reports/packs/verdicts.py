"""Whether processes are kept, by the rule that is printed."""

from __future__ import annotations

from collections.abc import Iterator

from opti_reports.config import block as kinds
from opti_reports.config.processes import Process
from opti_reports.model.finding import Standing
from opti_reports.model.pack import Column, Table
from opti_reports.model.tone import Tone
from opti_reports.packs import actions, cells, effects, periods
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
    title = scene.titled(block, scene.say("block.verdicts"))
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
