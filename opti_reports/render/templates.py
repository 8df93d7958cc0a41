"""Templates looked at before anything is rendered: those that are missing, and those that cannot be read."""

from __future__ import annotations

from pathlib import Path

from jinja2 import TemplateSyntaxError

from opti_reports.errors import Fault
from opti_reports.messages.message import message
from opti_reports.render.environment import environment

NEEDED = {
    "pdf": ("pack.html.j2", "pack.css.j2", "handbook.css.j2"),
    "pptx": ("pack.xml.j2", "base.pptx"),
    "html": (
        "page.html.j2",
        "page.css.j2",
        "pack.html.j2",
        "pack.css.j2",
        "handbook.html.j2",
        "handbook.css.j2",
    ),
    "mail": ("pack.txt.j2", "failures.txt.j2", "reminder.txt.j2"),
}
"""What each format, and mail, cannot do without."""


def template_faults(folder: Path) -> list[Fault]:
    """Return everything wrong in a workspace's templates that shows without a pack."""
    faults: list[Fault] = []
    for kind, names in NEEDED.items():
        own = folder / kind
        missing = [name for name in names if not (own / name).is_file()]
        faults += [Fault(f"templates/{kind}/{name}", "", "file.missing") for name in missing]
        for path in sorted(own.glob("*.j2")):
            faults += _unreadable(path, f"templates/{kind}/{path.name}")
    return faults


def _unreadable(path: Path, shown: str) -> list[Fault]:
    try:
        environment(path.parent).compile(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        return [Fault(shown, message("at.byte", byte=error.start), "file.not_utf8")]
    except TemplateSyntaxError as error:
        return [
            Fault(shown, message("at.number", line=error.lineno), "file.no_template", why=str(error.message))
        ]
    return []
