"""What is read and shown only where somebody has approved it: for what purpose, by which role, since when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from opti_reports.config.base import Gated, Identifier, Strict
from opti_reports.config.folder import Folder
from opti_reports.errors import Fault
from opti_reports.messages.spelling import suggestion
from opti_reports.model.role import Roles

FILE = "settings.toml"


class Approval(Strict):
    """A use of data that ships switched off; who switches it on says why, and who approved it when.

    Without ``enabled`` no source that asks for it is read, and no metric or pack of it is there at all.
    """

    enabled: bool = False
    purpose: str = ""
    """What the figures are for: pages that show them say it."""
    approver: str = ""
    """The role that approved it, never a person."""
    date: dt.date | None = None


Approvals = Mapping[Identifier, Approval]


One = TypeVar("One", bound=Gated)


def granted(approvals: Approvals, name: str) -> bool:
    """Return whether what asks for this approval is there: it has been switched on, or nothing is asked."""
    return not name or (name in approvals and approvals[name].enabled)


def approved(folder: Folder[One], approvals: Approvals) -> Folder[One]:
    """Return the files of a folder that need no approval or have it; their names stay known."""
    models = {id: one for id, one in folder.models.items() if granted(approvals, one.approval)}
    return Folder(models, folder.files, folder.whole)


def check_approvals(
    approvals: Approvals, asked: Iterable[str], roles: Roles, today: dt.date
) -> Iterator[Fault]:
    """Yield approvals switched on that nothing asks for, or that lack purpose, approver or date."""
    known = sorted({name for name in asked if name})
    for name, one in approvals.items():
        key = f"approval.{name}"
        if not one.enabled:
            continue
        if name not in known:
            yield Fault(FILE, key, "approval.nothing", near=suggestion(name, known))
        if not one.purpose.strip():
            yield Fault(FILE, f"{key}.purpose", "approval.no_purpose")
        if not one.approver.strip():
            yield Fault(FILE, f"{key}.approver", "approval.no_approver")
        elif roles.name_like(one.approver):
            yield Fault(FILE, f"{key}.approver", "approval.person", text=one.approver)
        if one.date is None:
            yield Fault(FILE, f"{key}.date", "approval.no_date")
        elif one.date > today:
            yield Fault(FILE, f"{key}.date", "approval.future", day=str(one.date))
