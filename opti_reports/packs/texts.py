"""Texts of the organisation's own, and with whose approval a pack shows what it does."""

from __future__ import annotations

from collections.abc import Iterator

from opti_reports.config import block as kinds
from opti_reports.language import formats
from opti_reports.model.pack import Text
from opti_reports.packs.scene import Scene


def text(scene: Scene, block: kinds.Text) -> Iterator[Text]:
    """Yield the block's text."""
    yield Text((scene.wording.of(block.text), *_approved(scene)))


def _approved(scene: Scene) -> Iterator[str]:
    """Yield what a pack may be shown for that needs an approval, and who gave it when."""
    one = scene.configs.settings.approval.get(scene.spec.approval)
    if one is not None and one.date is not None:
        day = formats.date(one.date, scene.wording)
        yield scene.say("pack.approved", purpose=one.purpose, approver=one.approver, day=day)
