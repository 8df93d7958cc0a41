"""The two icons of a value: what its variation says, and whether ordinary variation meets the target.

Icon, sentence and alternative text come from here, so that no two places can disagree.
"""

from __future__ import annotations

from collections.abc import Iterable

from opti_reports.model.pack import Sign
from opti_reports.model.spc import Chart
from opti_reports.model.value import Value
from opti_reports.packs.scene import Scene


def chart(scene: Scene, value: Value) -> Chart | None:
    """Return the chart whose newest point a value is, if it is judged."""
    found = scene.material.signals.get((value.metric, value.org))
    return None if found is None else found.at(value.period)


def variation(scene: Scene, value: Value) -> Sign | None:
    """Return whether the value is ordinary or a special cause; None where it is not judged."""
    found = chart(scene, value)
    if found is None or found.variation is None:
        return None
    words = "season" if scene.metric(value.metric).season else "variation"
    return Sign(found.variation, scene.say(f"spc.{words}.{found.variation}"))


def assurance(scene: Scene, value: Value) -> Sign | None:
    """Return whether ordinary variation meets the target; None where it is not judged or has no target."""
    found = chart(scene, value)
    if found is None or found.assurance is None:
        return None
    return Sign(found.assurance, scene.say(f"spc.assurance.{found.assurance}"))


def key(shown: Iterable[Sign | None]) -> tuple[Sign, ...]:
    """Return each icon once, in the order met."""
    return tuple(dict.fromkeys(sign for sign in shown if sign is not None))
