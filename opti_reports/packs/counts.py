"""Counts by their keys: the last periods side by side, the commonest keys, and channels with their scores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from opti_reports.config import block as kinds
from opti_reports.config.metric import Total
from opti_reports.language import formats
from opti_reports.model.pack import Column, Table
from opti_reports.model.value import Value, zero
from opti_reports.packs import before, cells, periods
from opti_reports.packs.comparisons import ordered
from opti_reports.packs.scene import Scene
from opti_reports.periods.period import Period

SIDE_BY_SIDE = 3


def counts(scene: Scene, block: kinds.Counts) -> Iterator[Table]:
    """Yield a table a key: what occurred, in the last three months or tertials, or the last two whole years,
    and the total; of a mean or share the figure of all.
    """
    metric_id = block.metric
    if not scene.concerns(metric_id):
        return
    shown = periods.by_keys(scene, metric_id, SIDE_BY_SIDE)
    for by in block.keys:
        yield _table(scene, block, by, shown)


def _table(scene: Scene, block: kinds.Counts, by: str, shown: Sequence[Period]) -> Table:
    metric_id = block.metric
    by_key = {period: _cells(scene, metric_id, period, by) for period in shown}
    names = {key for found in by_key.values() for key, value in found.items() if _occurs(value)}
    newest = [by_key[shown[-1]].get(key, zero(metric_id, scene.org, shown[-1], by, key)) for key in names]
    rows = [value.key for value in ordered(sorted(newest, key=lambda v: v.key), counted=True)]
    totals = [scene.value(metric_id, period) for period in shown]
    small = scene.mostly_withheld(newest)
    body = [
        (cells.key(scene, by, key), *(_cell(scene, total, by_key[total.period].get(key)) for total in totals))
        for key in (() if small else rows[: block.limit])
    ]
    if body:
        last = "total" if isinstance(scene.metric(metric_id), Total) else "all"
        body.append((scene.say(f"column.{last}"), *(cells.past(scene, total) for total in totals)))
    left = 0 if small else len(rows) - len(rows[: block.limit])
    default = scene.say("block.breakdown", name=scene.metric_name(metric_id), by=scene.say(f"column.{by}"))
    known = any(total.state != "missing" for total in totals)
    notes = [cells.rows_left(scene, left)] if left else []
    notes += [
        f"{_head(scene, v.period)}: {cells.wholeness(scene, v)}" for v in totals if v.state == "partial"
    ]
    return Table(
        caption=scene.titled(block, default),
        columns=(
            Column(scene.say(f"column.{by}")),
            *(Column(_head(scene, period), True) for period in shown),
        ),
        rows=tuple(body),
        empty=scene.say("block.too_small" if small else "block.no_rows" if known else "block.no_data"),
        note="; ".join(notes),
    )


def _head(scene: Scene, period: Period) -> str:
    """Return a period above a column, in one piece; twelve months in two, for everybody by numbers."""
    if scene.spec.web:
        return formats.numbered(period)
    if period.cadence.running:
        month = formats.short_month(period.end, scene.language).replace(" ", "\u00a0")
        return scene.say(f"period.{period.cadence.id}", month=month)
    return periods.short_label(scene, period).replace(" ", "\u00a0")


def _cells(scene: Scene, metric_id: str, period: Period, by: str) -> dict[str, Value]:
    found = scene.material.values.cells(metric_id, scene.org, period, by)
    return {value.key: value for value in found if value.state != "missing"}


def _occurs(value: Value) -> bool:
    """Return whether there is something of a key, or something that is withheld."""
    return value.state == "withheld" or bool(value.n)


def _cell(scene: Scene, total: Value, value: Value | None) -> str:
    """Return a key's count; 0 where it did not occur, what the total says where that is not known."""
    if value is not None:
        return cells.past(scene, value)
    if total.state in ("missing", "withheld", "mixed", "pending") or total.short:
        return cells.past(scene, total)
    return cells.count(scene, 0)


def focus(scene: Scene, block: kinds.Focus) -> Iterator[Table]:
    """Yield the commonest keys of a count, to be worked on: how many, their share of all, and the period
    before.

    Those below ``least`` cases are none, nor is what is not recorded. Of as many the one that was more before
    goes first.
    """
    metric_id, by = block.metric, block.by
    if not scene.concerns(metric_id):
        return
    now = periods.by_keys(scene, metric_id)[-1]
    compared = before.before(scene, metric_id, now)
    past = compared.value.period
    earlier, total = _cells(scene, metric_id, past, by), scene.value(metric_id, now)
    most = [v for v in _cells(scene, metric_id, now, by).values() if v.key and (v.number or 0) >= block.least]
    most.sort(key=lambda v: (-(v.number or 0), -(_number(earlier.get(v.key)) or 0), v.key))
    rows = tuple(
        (
            cells.key(scene, by, value.key),
            cells.plain(scene, value),
            _share(scene, value, total),
            _cell(scene, compared.value, earlier.get(value.key)),
        )
        for value in most[: block.limit]
    )
    if not rows and total.state != "missing":
        return  # no topic has cases enough: nothing to work on
    heads = (
        Column(scene.say(f"column.{by}")),
        Column(_head(scene, now), True),
        Column(scene.say("column.share"), True),
        Column(_head(scene, past), True),
    )
    name = scene.metric_name(metric_id)
    rule = scene.say("sentence.focus", name=name, limit=block.limit, least=block.least)
    empty = scene.say("block.no_data")
    title = scene.titled(block, scene.say("block.focus"))
    notes = (rule, before.note(scene, compared))
    yield Table(
        caption=title, columns=heads, rows=rows, empty=empty, note=" ".join(part for part in notes if part)
    )


def _number(value: Value | None) -> float | None:
    return None if value is None else value.number


def _share(scene: Scene, value: Value, total: Value) -> str:
    if value.number is None or not total.number:
        return cells.DASH
    return cells.figure(scene, 100 * value.number / total.number, "percent", 0)


def channels(scene: Scene, block: kinds.Channels) -> Iterator[Table]:
    """Yield how many came by each channel, with the score and its interval, or that none was asked there.

    A single group needs no name before its rows: what it is split by stands above them.
    """
    only = len(block.groups) == 1
    rows = [row for group in block.groups for row in _group(scene, group, named=not only)]
    score = next((group.score for group in block.groups if group.score), None)
    head = scene.say("column.score_interval", name=scene.metric_name(score)) if score else ""
    split = f"column.{block.groups[0].by or 'unit'}" if only else ""
    split = (
        split if split in scene.wording.phrases else "column.by_channel"
    )  # of groups that have fallen away
    heads = (
        Column(scene.say(split)),
        Column(scene.say("column.n"), True),
        *([Column(head, True)] if head else []),
    )
    title = scene.titled(block, scene.say("block.channels"))
    shown = tuple(row[: len(heads)] for row in rows)
    running = [now for now in (_period(scene, group) for group in block.groups) if now.cadence.running]
    note = periods.label(scene, running[0]) if only and running else ""
    yield Table(caption=title, columns=heads, rows=shown, empty=scene.say("block.no_rows"), note=note)


def _group(scene: Scene, group: kinds.ChannelGroup, *, named: bool) -> Iterator[tuple[str, ...]]:
    if not scene.concerns(group.count):
        return
    name, now = scene.wording.of(group.name), _period(scene, group)
    if named and now.cadence.running:
        name = f"{name} {scene.say('column.whole_year')}"
    members = _members(scene, group, now)
    for label, value in () if scene.mostly_withheld([value for _, value in members]) else members:
        row = f"{name}: {label[:1].lower()}{label[1:]}" if named else label
        yield row, _many(scene, value), _score(scene, group, value).replace(" ", "\u00a0")
    whole, total = scene.say("column.total"), scene.value(group.count, now)
    row = f"{name}: {whole.lower()}" if named else whole
    yield row, _many(scene, total), _score(scene, group, total).replace(" ", "\u00a0")


def _period(scene: Scene, group: kinds.ChannelGroup) -> Period:
    if group.by is None:
        return periods.shown(scene, group.count)
    return periods.by_keys(scene, group.count)[-1]


def _members(scene: Scene, group: kinds.ChannelGroup, now: Period) -> list[tuple[str, Value]]:
    """Return the rows of a group by their names: its channels, what is not recorded last, or
    the nodes below.
    """
    if group.by is None:
        orgs = [node.id for node in scene.material.tree.children(scene.org)]
        values = [scene.value(group.count, now, org) for org in orgs]
        found = zip(scene.names_by_type(orgs), values, strict=True)
        return [(name, value) for name, value in found if value.state != "missing"]
    occurring = [v for v in _cells(scene, group.count, now, group.by).values() if _occurs(v)]
    occurring.sort(key=lambda v: (v.key == "", v.key))
    return [(cells.key(scene, group.by, value.key), value) for value in occurring]


def _many(scene: Scene, value: Value) -> str:
    """Return how many a row rests on, or why that is not shown."""
    if value.state in ("withheld", "missing", "mixed", "pending") or value.n is None:
        return cells.state_words(scene, value)
    return cells.count(scene, value.n)


def _score(scene: Scene, group: kinds.ChannelGroup, value: Value) -> str:
    """Return ``33 (−2–69)``; why there is no score, or that none was asked."""
    if group.score is None:
        return scene.say("state.not_asked")
    found = scene.material.values.get(group.score, value.org, value.period, value.breakdown, value.key)
    if found.number is None or found.interval is None:
        return cells.brief(scene, found)
    decimals = scene.metric(group.score).decimals
    low, high = (cells.figure(scene, bound, "", decimals) for bound in found.interval)
    return f"{cells.full(scene, found)} ({low}–{high})"
