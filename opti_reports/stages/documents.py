"""Packs to documents, each rendered by whichever worker is free, unless it was made before of the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from opti_reports.config.pack import PackSpec
from opti_reports.disk import put, sha256
from opti_reports.errors import PackError
from opti_reports.messages.message import Message
from opti_reports.model.look import Look
from opti_reports.model.pack import Pack, to_json
from opti_reports.parallel import Jobs
from opti_reports.stages.packs import Built
from opti_reports.stages.request import Request
from opti_reports.store import entries, program
from opti_reports.store.surroundings import fonts

FOLDER, FILE = entries.DOCUMENTS, "document"


@dataclass(frozen=True)
class Document:
    """A pack to be rendered, in its format."""

    pack: Pack
    format: str
    look: Look

    @property
    def file(self) -> str:
        """Return where it lies in the month's folder."""
        return f"packs/{self.pack.name}.{self.format}"


@dataclass(frozen=True)
class Drawn:
    """Files of the month's folder by name, and by name what went wrong with the others."""

    files: dict[str, bytes] = field(default_factory=dict)
    failed: dict[str, Message] = field(default_factory=dict)


def draw(request: Request, built: Built, specs: Mapping[str, PackSpec], look: Look, jobs: Jobs) -> Drawn:
    """Render packs, each in its format; what was made before of the same is taken from the store.

    A document depends on what its pack says, the look, the program and the fonts of the machine. One that is
    not as it was written is rendered again, and so are all where the request asks for it.
    """
    place = request.workspace.store / FOLDER
    tasks = [Document(pack, specs[pack.id].format, look) for pack in built.packs]
    at = dict(zip((task.file for task in tasks), _addresses(tasks, look), strict=True))
    files = {} if request.fresh else {file: kept for file in at if (kept := _kept(place, at[file]))}
    new = [task for task in tasks if task.file not in files]
    # The longest first: the last to end should be a short one.
    new.sort(key=lambda task: -sum(len(section.blocks) for section in task.pack.sections))
    step, failed = request.step("packs"), {}
    results = jobs.each(render, new, lambda done: step(len(files) + done, len(tasks)))
    for task, result in zip(new, results, strict=True):
        if isinstance(result, Message):
            failed[task.file] = result
        else:
            _keep(place, at[task.file], request.month, result)
    made = {task.file: r for task, r in zip(new, results, strict=True) if isinstance(r, bytes)}
    if not request.partial and place.is_dir():
        entries.prune(place, frozenset(at.values()), request.month)
    return Drawn(files | made, failed)


def _addresses(tasks: Sequence[Document], look: Look) -> Iterator[str]:
    """Yield the address of each document: everything its bytes depend on."""
    brand, templates, letters = asdict(look.brand), _digest(look.templates), fonts()
    for task in tasks:
        render = program.code(f"opti_reports.render.{task.format}")
        said = hashlib.sha256(to_json(task.pack).encode()).hexdigest()
        yield entries.address((said, task.format, brand, templates, letters, render))


def _digest(folder: Path) -> list[tuple[str, str]]:
    """Return the hashes of a folder's files by their names."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return [(path.relative_to(folder).as_posix(), sha256(path)) for path in found]


def _kept(place: Path, address: str) -> bytes | None:
    """Return a document as it was made before; None where there is none, or none that is whole."""
    if not entries.has(place, address):
        return None
    try:
        content = (place / address / FILE).read_bytes()
        wanted = entries.note_of(place, address)["files"][FILE]
    except entries.DAMAGED:
        wanted, content = "", b""
    if hashlib.sha256(content).hexdigest() == wanted:
        return content
    entries.forget(place, address)
    return None


def _keep(place: Path, address: str, month: int, content: bytes) -> None:
    """Keep a document for the next run."""
    entries.forget(place, address)
    entries.save(place, address, month, {}, lambda folder: put(folder / FILE, content))


def render(document: Document) -> bytes | Message:
    """Return the document's bytes, or why it could not be made."""
    # Only the workers that render need these; they take a second to load.
    from opti_reports.render.pdf import render_pdf  # noqa: PLC0415
    from opti_reports.render.pptx import render_pptx  # noqa: PLC0415

    try:
        return (render_pdf if document.format == "pdf" else render_pptx)(document.pack, document.look)
    except PackError as error:
        return error.said
