"""The words of a mail: a template filled in, plain text; a missing name is an error.

A template of one language (``pack.sv.txt.j2``) goes before the one of all (``pack.txt.j2``).
"""

from __future__ import annotations

import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from opti_reports.errors import PackError
from opti_reports.language.wording import Wording
from opti_reports.messages.message import Shown, message


def environment(templates: Path) -> Environment:
    """Return the mail templates of a workspace. Raises PackError where there are none."""
    folder = templates / "mail"
    if not folder.is_dir():
        raise PackError("mail.no_templates", str(folder))
    # Plain text: nothing to escape. A template of another kind (.html.j2) is escaped.
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folder),
        autoescape=lambda name: not (name or "").endswith(".txt.j2"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def filled(env: Environment, kind: str, wording: Wording, values: Mapping[str, Any]) -> str:
    """Return a mail's text. Raises PackError naming the template and what it lacked."""
    names = [f"{kind}.{wording.language}.txt.j2", f"{kind}.txt.j2"]
    try:
        text = env.select_template(names).render(say=wording.say, **values)
    except TemplateError as error:
        raise PackError("mail.template", _place(env, names, error), why=str(error)) from error
    except (TypeError, ValueError, ArithmeticError, AttributeError, LookupError) as error:
        raise PackError("mail.template", _place(env, names, error), why=str(error)) from error
    return text.strip("\n") + "\n"


def _place(env: Environment, names: Sequence[str], error: Exception) -> Shown:
    """Return the template, as it lies in the workspace, and the line where it stopped."""
    used = next((name for name in names if name in env.list_templates()), names[-1])
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(".j2")]
    line = getattr(error, "lineno", None) or (frames[-1].lineno if frames else None)
    name = Path(frames[-1].filename).name if frames else used
    file = f"templates/mail/{name}"
    return message("at.line_of", file=file, line=line) if line else file
