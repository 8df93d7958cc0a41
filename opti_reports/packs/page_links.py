"""What a month's web page leads to: every organisation's documents, files of figures, the handbook."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from opti_reports.model.page import Choice, MonthFiles, PackLink, PackRow, PackState
from opti_reports.packs import page_matrix, sentences
from opti_reports.packs.scene import Scene

FILES = ("values.csv", "deviations.csv", "run.json")
FORMATS = {".pdf": "PDF", ".pptx": "PowerPoint", ".xlsx": "Excel", ".html": "HTML"}


def packs(scene: Scene, made: MonthFiles) -> Iterator[PackRow]:
    """Yield the documents by organisation, in the order of the tree, those in the page's language first;
    those that failed and are not there too.
    """
    found: dict[str, list[PackLink]] = {}
    own = f".{scene.wording.language}."
    for path in sorted({*made.packs, *made.failed}, key=lambda path: (own not in path, path)):
        org = PurePosixPath(path).name.partition(".")[0]
        found.setdefault(org, []).append(link(scene, made, path))
    order = {node.id: at for at, node in enumerate(scene.material.tree.nodes)}
    for org in sorted(found, key=lambda id: (order.get(id, len(order)), id)):
        known = org in order
        group = page_matrix.group_of(scene, org) if known else ""
        yield PackRow(group, scene.name(org) if known else org, tuple(found[org]))


def link(scene: Scene, made: MonthFiles, path: str) -> PackLink:
    """Return a document as it is linked: what it is called, in which format and language, and its state."""
    _, spec, file = PurePosixPath(path).parts
    _, language, *_ = file.split(".")
    state: PackState = "made"
    if path in made.failed:
        state = "failed"
    elif path in made.outdated:
        state = "outdated"
    kind = FORMATS[PurePosixPath(path).suffix]
    name = _name(scene, spec, preparation=path.endswith(".xlsx"))
    return PackLink(path, f"{name} ({kind}, {language})", language, state)


def _name(scene: Scene, spec: str, *, preparation: bool) -> str:
    if preparation:
        return scene.say("web.preparation")
    packs = scene.configs.packs
    return scene.wording.of(packs[spec].name) if spec in packs else spec


def files(scene: Scene, made: MonthFiles) -> Iterator[Choice]:
    """Yield the files of figures, the handbook in the page's language or another, and the rejected rows."""
    for path in FILES:
        yield Choice(path, scene.say(f"web.file_{PurePosixPath(path).stem}"))
    handbook = made.handbooks.get(scene.language) or next(iter(made.handbooks.values()), "")
    if handbook:
        yield Choice(handbook, scene.say("web.file_handbook"))
    for path in sorted(made.files):
        name = sentences.source_name(scene, PurePosixPath(path).stem)
        yield Choice(path, scene.say("web.file_rejects", source=name))
