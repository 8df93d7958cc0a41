"""What stands in the way of reading a file whatever the configs say, and what else is worth knowing of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import pyarrow as pa

from opti_reports.adopt.forms import form_of
from opti_reports.adopt.look import Look
from opti_reports.config.source import fold
from opti_reports.extracts import sheet
from opti_reports.extracts.dates import heading as heading_of
from opti_reports.extracts.headers import REFUSED
from opti_reports.extracts.packed import contents
from opti_reports.extracts.redact import holds_identity_code
from opti_reports.extracts.wide import LEAST
from opti_reports.messages.message import Message, message


def faults(look: Look) -> tuple[Message, ...]:
    """Return why the reader will refuse a file, or not read it rightly, whatever the configs say."""
    return tuple(_doubts(look))


def notes(look: Look) -> tuple[Message, ...]:
    """Return what else is worth knowing of a file."""
    return (*_torn(look), *_of_workbook(look))


def _of_workbook(look: Look) -> Iterator[Message]:
    for path in look.paths:
        file = contents(path)
        if file.suffix.lower() in sheet.SUFFIXES:
            found = sheet.overview(file)
            if found.hidden:
                yield message("doubt_of.hidden", names=found.hidden)
            if found.filtered:
                yield message("doubt_of.filtered", file=path.name)


def _torn(look: Look) -> Iterator[Message]:
    if look.torn:
        yield message("doubt_of.torn", rows=look.torn)


def _doubts(look: Look) -> Iterator[Message]:
    """Yield why the reader will refuse the file whatever the configs say."""
    for sight in look.columns:
        texts = pa.array(list(sight.counts), pa.string())
        if holds_identity_code(texts):
            yield message("doubt_of.identity", heading=sight.heading)
        elif not form_of(sight).readable:
            yield message("doubt_of.doubtful", heading=sight.heading, form=form_of(sight).said)


def private(look: Look, understood: Collection[str] = ()) -> tuple[Message, ...]:
    """Return the columns for which the reader refuses the file as long as nobody says what they are."""
    left = (one.heading for one in look.columns if one.heading not in understood)
    return tuple(message("header.private", heading=heading) for heading in left if fold(heading) in REFUSED)


def pivoted(look: Look) -> Iterator[Message]:
    """Yield that months stand side by side, of a file that could not be read as rows of months."""
    months = [heading for heading in look.headings if heading_of(heading)]
    if len(months) >= LEAST:
        yield message("doubt_of.pivoted", first=months[0], last=months[-1], n=len(months))
