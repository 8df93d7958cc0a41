"""The tables for analysts: the figures that an audience sees, and what their keys are called and mean."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from opti_reports.config.configs import Configs
from opti_reports.config.metric import AnyMetric
from opti_reports.config.settings import Target
from opti_reports.config.target import CatalogueTarget
from opti_reports.language import formats
from opti_reports.model.organisation import Unit
from opti_reports.output.star import dimension, fact_table, parquet
from opti_reports.packs.handbook import CardSource, formula
from opti_reports.packs.material import Material
from opti_reports.periods.cadence import cadence
from opti_reports.periods.months import first_date, last_date, monday_of, sunday_of
from opti_reports.periods.period import Period, parse_period

FOLDER = "bi"
Row = tuple[Any, ...]
Columns = dict[str, type]


def star(material: Material, values: bytes) -> dict[str, bytes]:
    """Return the files for analysts; ``values`` is the table of figures that the audience sees."""
    configs = material.configs
    facts = fact_table(values)
    periods = sorted(set(facts["period"].to_pylist()))
    tables = {
        "values": facts,
        "metrics": dimension(_metric_columns(configs), _metrics(configs)),
        "organisations": dimension(_unit_columns(configs), _units(configs, material.period.last_month)),
        "periods": dimension(_period_columns(configs), (_period(configs, text) for text in periods)),
        "targets": dimension(TARGET, _targets(configs)),
    }
    return {f"{FOLDER}/{name}.parquet": parquet(table) for name, table in tables.items()}


def _named(what: str, configs: Configs) -> Columns:
    """Return a column of text for each language."""
    return {f"{what}_{language}": str for language in configs.settings.languages}


def _metric_columns(configs: Configs) -> Columns:
    return {
        "metric": str,
        **_named("name", configs),
        **_named("definition", configs),
        **_named("formula", configs),
        "unit": str,
        **_named("unit", configs),
        "decimals": int,
        "direction": str,
        "cadence": str,
        "theme": str,
        **_named("theme", configs),
        "area": str,
        **_named("area", configs),
    }


def _metrics(configs: Configs) -> Iterator[Row]:
    """Yield every metric in the order of the handbook, with its formula as that says it."""
    areas = {area.id: area for area in configs.areas}
    desks = [
        CardSource(configs, configs.wordings[language], frozenset())
        for language in configs.settings.languages
    ]
    for id, metric in _shown(configs):
        theme = configs.theme_of[id]
        yield (
            id,
            *(desk.wording.of(metric.name) for desk in desks),
            *(desk.wording.of(metric.definition) for desk in desks),
            *(" ".join(formula(desk, metric)) for desk in desks),
            metric.unit,
            *(desk.wording.say(f"unit.{metric.unit}.name") for desk in desks),
            metric.decimals,
            metric.direction,
            metric.cadence.id,
            theme.id,
            *(desk.wording.of(theme.name) for desk in desks),
            theme.area,
            *(desk.wording.of(areas[theme.area].name) for desk in desks),
        )


def _shown(configs: Configs) -> Iterator[tuple[str, AnyMetric]]:
    """Yield the metrics that those who read the tables are shown figures of."""
    whose = configs.protection(configs.audiences.files.bi or configs.audiences.files.values)
    return ((id, metric) for id, metric in configs.metrics.items() if whose.sees(id, metric))


def _unit_columns(configs: Configs) -> Columns:
    return {
        "organisation": str,
        **_named("name", configs),
        "level": str,
        **_named("level", configs),
        "type": str,
        "parent": str,
        "successor": str,
        "valid_from": dt.date,
        "valid_to": dt.date,
    }


def _units(configs: Configs, month: int) -> Iterator[Row]:
    """Yield every organisation there has been up to a month, as it is then or was last; then the nodes of
    other trees.
    """
    versions: dict[str, list[Unit]] = {}
    nodes = (node for tree in configs.organisation.others for node in tree.nodes)
    for unit in (*sorted(configs.organisation.units, key=lambda one: one.first), *nodes):
        if unit.first <= month:
            versions.setdefault(unit.id, []).append(unit)
    languages, levels = configs.settings.languages, configs.organisation.level_names
    for id, known in versions.items():
        now = known[-1]
        yield (
            id,
            *(now.names[language] for language in languages),
            now.level,
            *(levels[now.level][language] for language in languages),
            now.type,
            now.parent,
            now.successor,
            first_date(known[0].first),
            None if now.last is None else last_date(now.last),
        )


def _period_columns(configs: Configs) -> Columns:
    columns: Columns = {"period": str, "cadence": str, "text": str, "first_day": dt.date, "last_day": dt.date}
    return columns | _named("label", configs)


def _period(configs: Configs, key: str) -> Row:
    """Return what a period's key means: its days, and what it is called."""
    name, _, text = key.partition(":")
    one = parse_period(cadence(name), text)
    labels = (formats.period(one, configs.wordings[language]) for language in configs.settings.languages)
    return (key, name, text, *_days(one), *labels)


def _days(period: Period) -> tuple[dt.date, dt.date]:
    if period.cadence.weekly:
        return monday_of(period.week), sunday_of(period.week)
    return first_date(period.months[0]), last_date(period.end)


TARGET: Columns = {
    "metric": str,
    "organisation": str,
    "valid_from": dt.date,
    "valid_to": dt.date,
    "op": str,
    "low": float,
    "high": float,
    "kind": str,
    "pro_rata": bool,
}


def _targets(configs: Configs) -> Iterator[Row]:
    """Yield every target: the law's and the catalogue's, of the whole organisation, then those listed."""
    top = next(unit.id for unit in configs.organisation.units if unit.parent is None)
    for id, metric in _shown(configs):
        if (own := metric.target) is not None:
            kind = "law" if own.kind == "law" else "proposed"
            yield (id, top, own.valid_from, None, own.op, *_ends(own), kind, own.pro_rata)
    for one in configs.targets.target:
        until = None if one.valid_to == OPEN else one.valid_to
        place = one.metric, one.organisation
        yield (*place, one.valid_from, until, one.op, *_ends(one), one.state, one.pro_rata)


OPEN = Target.model_fields["valid_to"].default
"""The end of a target that nobody has ended."""


def _ends(target: Target | CatalogueTarget) -> tuple[float | None, float | None]:
    """Return from which level on, and up to which, a value is at a target."""
    if isinstance(target.value, tuple):
        return target.value
    return (None, target.value) if target.op == "<=" else (target.value, None)
