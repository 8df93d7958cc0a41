"""The Jinja environment of both formats: everything escaped, a missing name is an error."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.bccache import Bucket, BytecodeCache
from jinja2.sandbox import ImmutableSandboxedEnvironment

from opti_reports.errors import PackError
from opti_reports.language.formats import capital
from opti_reports.messages.message import Shown, message
from opti_reports.model.pack import Table
from opti_reports.render.charts.stacked import mixed
from opti_reports.render.hyphens import hyphenated

MARKS = {
    **{"good": "●", "watch": "◆", "off": "▲", "neutral": "○", "none": "–"},
    **{"right": "✓", "warn": "!", "wrong": "‼", "info": "i"},
}
"""The shape of each tone, those of a target apart; the colour never says it alone. All are in the fonts."""

APART = {"good": "✓", "off": "■", "watch": "↕"}
"""The shape of a unit that is better than others, worse, or another where neither is."""

SIGNS = {
    "common_cause": "≈",
    "improvement_high": "↑✓",
    "improvement_low": "↓✓",
    "concern_high": "↑■",
    "concern_low": "↓■",
    "neutral_high": "↑",
    "neutral_low": "↓",
    "pass": "+",
    "fail": "×",
    "inconsistent": "±",
}
"""The icons of variation and assurance where only text can stand, none of them a mark of a target."""


class _Compiled(BytecodeCache):
    """Keeps compiled templates while the process lives: one pack after another fills the same ones.

    A text is found by its name and its checksum, so that a changed template is compiled anew.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Return the template's name: where its folder lies changes nothing."""
        del filename
        return name

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill in what the template was compiled to, if it was."""
        kept = self._kept.get((bucket.key, bucket.checksum))
        if kept is not None:
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what the template was compiled to."""
        self._kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


def environment(folder: Path) -> Environment:
    """Return an environment over ``folder``. Raises PackError when there is no such folder.

    It is a sandbox: an archive's templates run on an auditor's machine, and can do nothing there but write.
    """
    if not folder.is_dir():
        raise PackError("render.no_templates", str(folder))
    made = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_COMPILED,
    )
    made.filters["soft"] = hyphenated
    made.filters["capital"] = capital
    made.filters["apart"] = lambda tone: APART.get(tone, "")
    made.filters["sign"] = lambda code: SIGNS[code]
    made.filters["mixed"] = mixed
    made.filters["mark"] = lambda tone: MARKS.get(tone, MARKS["none"])
    return made


def filled(env: Environment, name: str, **context: Any) -> str:
    """Return the template ``name`` filled in. Raises PackError naming the template and what it lacked."""
    try:
        return env.get_template(name).render(**context)
    except TemplateError as error:
        raise PackError("render.template", place_of(error, env, name), why=str(error)) from error


def tones_of(table: Table) -> dict[tuple[int, int], str]:
    """Return the tones of a table's cells by row and column."""
    return {(row, column): tone for row, column, tone in table.tones}


def shades_of(table: Table) -> dict[tuple[int, int], int]:
    """Return how dark the grounds of a table's cells are, by row and column."""
    return {(row, column): shade for row, column, shade in table.shades}


def languages_of(table: Table) -> dict[tuple[int, int], str]:
    """Return the languages of cells whose words are in another than the pack's, by row and column."""
    return {(row, column): language for row, column, language in table.languages}


def place_of(error: Exception, env: Environment, name: str) -> Shown:
    """Return the template and line at which filling ``name`` failed: the innermost one, if it tells any."""
    loader = env.loader
    folder = Path(loader.searchpath[0]).name if isinstance(loader, FileSystemLoader) else ""
    if isinstance(error, TemplateSyntaxError):
        return message("at.line_of", file=f"templates/{folder}/{error.name or name}", line=error.lineno)
    steps = [step for step in traceback.extract_tb(error.__traceback__) if step.filename.endswith(".j2")]
    if not steps:
        return f"templates/{folder}/{name}"
    file, line = Path(steps[-1].filename).name, steps[-1].lineno
    return message("at.line_of", file=f"templates/{folder}/{file}", line=line or 0)
