"""The month's web page in every language, made once the documents it links to are known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from opti_reports.errors import PackError
from opti_reports.model.look import Look
from opti_reports.model.pack import Pack
from opti_reports.model.page import Made, Page, file_of
from opti_reports.packs.material import Material
from opti_reports.packs.page import page
from opti_reports.parallel import Jobs

DOCUMENTS = (".pdf", ".pptx", ".xlsx")


@dataclass(frozen=True)
class Sheet:
    """A page to be rendered, with its look."""

    page: Page
    look: Look


def kept(folder: Path) -> tuple[str, ...]:
    """The documents that lie in a month's folder, which a partial run keeps."""
    found = (path for path in (folder / "packs").rglob("*.*") if path.suffix in DOCUMENTS)
    return tuple(sorted(path.relative_to(folder).as_posix() for path in found))


def made(
    kept: Iterable[str],
    packs: Sequence[Pack],
    documents: Iterable[str],
    failed: Mapping[str, str],
    outdated: Iterable[str],
    rejects: Iterable[str],
) -> Made:
    """What the month's folder will hold: documents kept and made, those that failed, other files."""
    there = {*kept, *documents, *(f"packs/{pack.name}.xlsx" for pack in packs if pack.preparation)}
    return Made(
        tuple(sorted(there - set(failed))), dict(failed), tuple(sorted(outdated)), tuple(sorted(rejects))
    )


def pages(material: Material, look: Look, jobs: Jobs, what: Made) -> tuple[dict[str, bytes], dict[str, str]]:
    """The pages by file, and what went wrong with the others."""
    languages = material.configs.settings.languages
    sheets: list[Sheet] = []
    failed: dict[str, str] = {}
    for language in languages:
        try:
            sheets.append(Sheet(page(material, language, what), look))
        except PackError as error:
            failed[file_of(language, languages)] = str(error)
    files: dict[str, bytes] = {}
    for sheet, result in zip(sheets, jobs.each(_render, sheets, _quiet), strict=True):
        name = file_of(sheet.page.language, languages)
        if isinstance(result, bytes):
            files[name] = result
        else:
            failed[name] = result
    return files, failed


def _quiet(done: int) -> None:
    """The page is made too quickly to tell of."""
    del done


def _render(sheet: Sheet) -> bytes | str:
    """The page's bytes, or why it could not be made."""
    # Only the workers that render need it; it takes a second to load.
    from opti_reports.render.page import render_page  # noqa: PLC0415

    try:
        return render_page(sheet.page, sheet.look)
    except PackError as error:
        return str(error)
