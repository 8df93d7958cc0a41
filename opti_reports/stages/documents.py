"""From packs to documents, each rendered by the next free worker unless it was rendered before."""

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
WEB = "html"
"""The format of the page that goes with a pack's PDF."""


@dataclass(frozen=True)
class Document:
    """A pack to be rendered, in its format."""

    pack: Pack
    format: str
    look: Look
    pages: int | None = None
    """How many pages or slides it may have before its appendix."""

    @property
    def file(self) -> str:
        """Return where it lies in the month's folder."""
        return f"packs/{self.pack.name}.{self.format}"


@dataclass(frozen=True)
class Drawn:
    """Files of the month's folder by name, and by name what went wrong with the others."""

    files: dict[str, bytes] = field(default_factory=dict)
    failed: dict[str, Message] = field(default_factory=dict)
    broken: tuple[Message, ...] = ()
    """What is in them against the rules of their packs."""


@dataclass(frozen=True)
class Judged:
    """A document that was made, and what is in it against the rules of its pack."""

    content: bytes
    broken: tuple[Message, ...] = ()


def draw(request: Request, built: Built, specs: Mapping[str, PackSpec], look: Look, jobs: Jobs) -> Drawn:
    """Render packs, each in its format; what was made before of the same is taken from the store.

    A document depends on what its pack says, the look, the program and the fonts of the machine. One that is
    not as it was written is rendered again, and so are all where the request asks for it.
    """
    place = request.workspace.store / FOLDER
    tasks = [Document(p, specs[p.id].format, look, specs[p.id].pages) for p in built.packs]
    tasks += [Document(pack, WEB, look) for pack in built.packs if specs[pack.id].web]
    at = dict(zip((task.file for task in tasks), _addresses(tasks, look), strict=True))
    made = {} if request.fresh else {file: kept for file in at if (kept := _kept(place, at[file]))}
    new = [task for task in tasks if task.file not in made]
    # The longest first: the last to end should be a short one.
    new.sort(key=lambda task: -sum(len(section.blocks) for section in task.pack.sections))
    step, failed = request.step("packs"), {}
    before = len(made)
    results = jobs.each(judged, new, lambda done: step(before + done, len(tasks)))
    for task, result in zip(new, results, strict=True):
        if isinstance(result, Message):
            failed[task.file] = result
        else:
            made[task.file] = result
            _keep(place, at[task.file], request.month, result)
    if not request.partial and request.week < 0 and place.is_dir():
        entries.prune(place, frozenset(at.values()), request.month)
    broken = tuple(said for _, one in sorted(made.items()) for said in one.broken)
    return Drawn({file: one.content for file, one in made.items()}, failed, broken)


def _addresses(tasks: Sequence[Document], look: Look) -> Iterator[str]:
    """Yield the address of each document: everything its bytes depend on."""
    brand, templates, letters = asdict(look.brand), _digest(look.templates), fonts()
    for task in tasks:
        render = program.code(f"opti_reports.render.{task.format}"), program.code("opti_reports.render.rules")
        said = hashlib.sha256(to_json(task.pack).encode()).hexdigest()
        yield entries.address((said, task.format, task.pages, brand, templates, letters, *render))


def _digest(folder: Path) -> list[tuple[str, str]]:
    """Return the hashes of a folder's files by their names."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return [(path.relative_to(folder).as_posix(), sha256(path)) for path in found]


def _kept(place: Path, address: str) -> Judged | None:
    """Return a document as it was made before; None where there is none, or none that is whole."""
    if not entries.has(place, address):
        return None
    try:
        content = (place / address / FILE).read_bytes()
        note = entries.note_of(place, address)
        wanted = note["files"][FILE]
        broken = tuple(Message(code=code, values=values) for code, values in note["broken"])
    except entries.DAMAGED:
        wanted, content, broken = "", b"", ()
    if hashlib.sha256(content).hexdigest() == wanted:
        return Judged(content, broken)
    entries.forget(place, address)
    return None


def _keep(place: Path, address: str, month: int, made: Judged) -> None:
    """Keep a document for the next run."""
    entries.forget(place, address)
    note = {"broken": [(said.code, dict(said.values)) for said in made.broken]}
    entries.save(place, address, month, note, lambda folder: put(folder / FILE, made.content))


def render(document: Document) -> bytes | Message:
    """Return the document's bytes, or why it could not be made."""
    made = judged(document)
    return made.content if isinstance(made, Judged) else made


def judged(document: Document) -> Judged | Message:
    """Return the document with what is in it against the rules of its pack, or why it could not be made."""
    # Only the workers that render need these; they take a second to load.
    from opti_reports.render import rules  # noqa: PLC0415

    look, most = document.look, document.pages
    try:
        if document.format == "pdf":
            from opti_reports.render import pdf  # noqa: PLC0415

            pack, made = pdf.fitted(document.pack, look, most)
            long = rules.of_pages(pack, most, made.sections, made.count)
            return Judged(made.content, (*rules.of_pack(pack), *long))
        if document.format == WEB:
            from opti_reports.render import html  # noqa: PLC0415

            return Judged(html.render_web(document.pack, look))
        from opti_reports.render import pptx  # noqa: PLC0415

        pack, content = pptx.fitted(document.pack, look, most)
        return Judged(content, (*rules.of_pack(pack), *rules.of_slides(pack, most, content)))
    except PackError as error:
        return error.said
