"""The month's web page in every language, made once the documents it links to are known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from opti_reports.errors import PackError
from opti_reports.messages.message import Message
from opti_reports.model.look import Look
from opti_reports.model.pack import Pack
from opti_reports.model.page import MonthFiles, Page, file_of
from opti_reports.packs.material import Material
from opti_reports.packs.page import page
from opti_reports.parallel import Jobs
from opti_reports.stages.documents import Drawn
from opti_reports.stages.output import Left


@dataclass(frozen=True)
class Sheet:
    """A page to be rendered, with its look."""

    page: Page
    look: Look


def month_files(packs: Sequence[Pack], documents: Drawn, left: Left, rejects: Iterable[str]) -> MonthFiles:
    """Return what the month's folder will hold: documents left and made, those that failed, other files."""
    failed = documents.failed
    books = (f"packs/{pack.name}.xlsx" for pack in packs if pack.preparation)
    there = {*left.documents, *documents.files, *books}
    return MonthFiles(
        tuple(sorted(there - set(failed))), dict(failed), tuple(sorted(left.outdated)), tuple(sorted(rejects))
    )


def with_handbooks(made: MonthFiles, output: Path, languages: Iterable[str]) -> MonthFiles:
    """Return the files with the handbooks of the metrics that lie beside the month's folder."""
    return replace(made, handbooks=handbooks(output, languages))


def handbooks(output: Path, languages: Iterable[str]) -> dict[str, str]:
    """Return the handbooks that lie beside the month's folder by language, as it links to them."""
    found = {language: f"handbook/handbook.{language}.html" for language in languages}
    return {language: f"../{path}" for language, path in found.items() if (output / path).is_file()}


def draw(material: Material, look: Look, jobs: Jobs, what: MonthFiles) -> Drawn:
    """Render the page in every language."""
    languages = material.configs.settings.languages
    sheets: list[Sheet] = []
    failed: dict[str, Message] = {}
    for language in languages:
        try:
            material.check()
            sheets.append(Sheet(page(material, language, what), look))
        except PackError as error:
            failed[file_of(language, languages)] = error.said
    files: dict[str, bytes] = {}
    for sheet, result in zip(sheets, jobs.each(_render, sheets, _quiet), strict=True):
        name = file_of(sheet.page.language, languages)
        if isinstance(result, bytes):
            files[name] = result
        else:
            failed[name] = result
    return Drawn(files, failed)


def _quiet(done: int) -> None:
    """The page is made too quickly to tell of."""
    del done


def _render(sheet: Sheet) -> bytes | Message:
    """Return the page's bytes, or why it could not be made."""
    # Only the workers that render need it; it takes a second to load.
    from opti_reports.render.page import render_page  # noqa: PLC0415

    try:
        return render_page(sheet.page, sheet.look)
    except PackError as error:
        return error.said
