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

    @property
    def file(self) -> str:
        """Return where it lies in the month's folder."""
        return f"packs/{self.pack.name}.{self.format}"


@dataclass(frozen=True)
class Drawn:
    """Files of the month's folder by name, and by name what went wrong with the others."""

    files: dict[str, bytes] = field(default_factory=dict)
    failed: dict[str, Message] = field(default_factory=dict)


def draw(
    built: Built,
    specs: Mapping[str, PackSpec],
    look: Look,
    jobs: Jobs,
    progress: Callable[[int, int], None],
) -> Drawn:
    """Render packs, each in its format."""
    tasks = [Document(pack, specs[pack.id].format, look) for pack in built.packs]
    # The longest first: the last to end should be a short one.
    tasks.sort(key=lambda task: -sum(len(section.blocks) for section in task.pack.sections))
    results = jobs.each(render, tasks, lambda done: progress(done, len(tasks)))
    made = {t.file: r for t, r in zip(tasks, results, strict=True) if isinstance(r, bytes)}
    failed = {t.file: r for t, r in zip(tasks, results, strict=True) if isinstance(r, Message)}
    return Drawn(made, failed)


def render(document: Document) -> bytes | Message:
    """Return the document's bytes, or why it could not be made."""
    # Only the workers that render need these; they take a second to load.
    from opti_reports.render.pdf import render_pdf  # noqa: PLC0415
    from opti_reports.render.pptx import render_pptx  # noqa: PLC0415

    try:
        return (render_pdf if document.format == "pdf" else render_pptx)(document.pack, document.look)
    except PackError as error:
        return error.said
