"""A metric's figures by the key that stands beside it: a profession's own."""

from __future__ import annotations

from opti_reports.config.metric import FromFacts
from opti_reports.model.value import SHOWN, Value
from opti_reports.packs import cells
from opti_reports.packs.scene import Scene


def by_key(scene: Scene, now: Value) -> str:
    """Return the figures that are shown, ``lääkäri 14 vrk, sairaanhoitaja 2 vrk``; empty without two keys.

    Those of too few cases and what is not recorded are left out: the metric's own row says how many.
    """
    metric = scene.metric(now.metric)
    if not isinstance(metric, FromFacts) or metric.beside is None:
        return ""
    found = scene.material.values.cells(now.metric, now.org, now.period, metric.beside)
    known = [value for value in found if value.key and value.state in SHOWN and value.n != 0]
    if len(known) < 2:
        return ""
    # In the order in which the labels name them: doctors, nurses, others.
    order = {phrase: at for at, phrase in enumerate(scene.wording.phrases)}
    known.sort(key=lambda value: order.get(f"code.{metric.beside}.{value.key}", len(order)))
    words = (f"{scene.wording.label(metric.beside, value.key)} {cells.full(scene, value)}" for value in known)
    return ", ".join(words)
