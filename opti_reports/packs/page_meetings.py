"""What the meetings of the month decide on: the whole's, and those of its parts above units."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from opti_reports.config import block as kinds
from opti_reports.config.pack import PackSpec
from opti_reports.language import formats
from opti_reports.model.page import Meeting, MonthFiles, PackLink
from opti_reports.packs import cards, law, page_links, page_matrix
from opti_reports.packs.build import due
from opti_reports.packs.scene import Scene


def meetings(whole: Scene, made: MonthFiles) -> Iterator[Meeting]:
    """Yield the matters of each organisation above units, the whole first; a unit's are in its own report."""
    tree = whole.material.tree
    above = [n.id for n in tree.nodes if tree.children(n.id) and (tree.in_line(n.id) or _spec(whole, n.id))]
    for org in sorted(above, key=lambda org: len(tree.lineage(org))):
        yield _meeting(whole, org, made)


def _meeting(whole: Scene, org: str, made: MonthFiles) -> Meeting:
    spec = _spec(whole, org)
    own = spec and (whole.cadence.weekly or due(spec, whole.month))
    scene = replace(
        whole, spec=spec or whole.spec, org=org, cadence=spec.cadence if own and spec else whole.cadence
    )
    period = formats.period(scene.newest(scene.cadence), scene.wording)
    return Meeting(
        org=org,
        group=page_matrix.group_of(scene, org),
        org_name=scene.name(org),
        about=f"{scene.wording.of(spec.meeting)}, {period}" if spec else period,
        message=cards.headline(scene),
        law=law.line(scene, scene.say("block.statutory")),
        cards=cards.cards(scene, kinds.Cards(kind="cards")),
        document=_document(scene, spec, made) if spec else None,
    )


def _document(scene: Scene, spec: PackSpec, made: MonthFiles) -> PackLink | None:
    """Return the pack that is read at the meeting, in the page's language or else another."""
    wanted = re.compile(rf"packs/{re.escape(spec.id)}/{re.escape(scene.org)}\.[a-z]+\.{spec.format}")
    found = [page_links.link(scene, made, path) for path in made.packs if wanted.fullmatch(path)]
    return min(found, key=lambda one: one.language != scene.language, default=None)


def _spec(whole: Scene, org: str) -> PackSpec | None:
    """Return the pack that is read at the organisation's own meeting, if it has one with cards."""
    level = whole.material.tree.by_id[org].level
    weekly = whole.cadence.weekly
    every = whole.configs.packs.values()
    own = (spec for spec in every if spec.level == level and spec.cadence.weekly == weekly)
    return next((spec for spec in own if any(block.kind == "cards" for block in spec.blocks)), None)
