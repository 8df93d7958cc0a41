"""Packs to documents, each rendered by whichever worker is free."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from opti_reports.config.pack import PackSpec
from opti_reports.errors import PackError
from opti_reports.messages.message import Message
from opti_reports.model.look import Look
from opti_reports.model.pack import Pack
from opti_reports.parallel import Jobs
from opti_reports.stages.packs import Built


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


def draw(
    built: Built,
    specs: Mapping[str, PackSpec],
    look: Look,
    jobs: Jobs,
    progress: Callable[[int, int], None],
) -> Drawn:
    """Render packs, each in its format."""
    tasks = [Document(p, specs[p.id].format, look, specs[p.id].pages) for p in built.packs]
    # The longest first: the last to end should be a short one.
    tasks.sort(key=lambda task: -sum(len(section.blocks) for section in task.pack.sections))
    results = jobs.each(judged, tasks, lambda done: progress(done, len(tasks)))
    pairs = list(zip(tasks, results, strict=True))
    return Drawn(
        {task.file: made.content for task, made in pairs if isinstance(made, Judged)},
        {task.file: made for task, made in pairs if isinstance(made, Message)},
        tuple(
            said for _, made in sorted(pairs, key=_file) if isinstance(made, Judged) for said in made.broken
        ),
    )


def _file(pair: tuple[Document, object]) -> str:
    return pair[0].file


def render(document: Document) -> bytes | Message:
    """Return the document's bytes, or why it could not be made."""
    made = judged(document)
    return made.content if isinstance(made, Judged) else made


def judged(document: Document) -> Judged | Message:
    """Return the document with what is in it against the rules of its pack, or why it could not be made."""
    # Only the workers that render need these; they take a second to load.
    from opti_reports.render import rules  # noqa: PLC0415
    from opti_reports.render.pdf import paged  # noqa: PLC0415
    from opti_reports.render.pptx import render_pptx  # noqa: PLC0415

    pack, look, most = document.pack, document.look, document.pages
    try:
        if document.format == "pdf":
            made = paged(pack, look)
            long = rules.of_pages(pack, most, made.sections, made.count)
            return Judged(made.content, (*rules.of_pack(pack), *long))
        content = render_pptx(pack, look)
        return Judged(content, (*rules.of_pack(pack), *rules.of_slides(pack, most, content)))
    except PackError as error:
        return error.said
