"""The language of the command line: which was asked for, and what click itself says in it."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import click

from opti_reports.messages import sentences
from opti_reports.messages.spoken import ENGLISH, LANGUAGES, speak, spoken

_FOLDER = Path(sentences.__file__).parent / "click"
_SPEAKING = ("core", "decorators", "exceptions", "formatting", "parser", "termui", "types")
LANGUAGE = "--ui-lang"
"""The option that names the language."""
language_option = click.option(LANGUAGE, type=click.Choice(LANGUAGES), expose_value=False)


def in_language(args: Sequence[str]) -> list[str]:
    """Speak the language that arguments ask for from here on; returns the rest of them.

    Help and faults of the arguments themselves are in it, so it is looked for before they are read. A
    language nobody speaks stays among them, to be refused like any value.
    """
    rest, end = list(args), [*args, "--"].index("--")
    for at, word in enumerate(rest[:end]):
        name, _, value = word.partition("=")
        taken = [word] if value else rest[at : at + 2]
        if name == LANGUAGE and (value or taken[-1]) in LANGUAGES:
            speak(value or taken[-1])
            del rest[at : at + len(taken)]
            break
    _translate()
    return rest


def _translate() -> None:
    """Let click speak the language too.

    It looks its sentences up with gettext, whose catalogues are binary files; these are text, as the
    program's own are.
    """
    language = spoken()
    path = _FOLDER / f"{language}.toml"
    words = {} if language == ENGLISH else tomllib.loads(path.read_text(encoding="utf-8"))

    def one(text: str) -> str:
        return str(words.get(text, text))

    def counted(singular: str, plural: str, n: int) -> str:
        return one(singular if n == 1 else plural)

    for name in _SPEAKING:
        module = import_module(f"click.{name}")
        for own, said in (("_", one), ("ngettext", counted)):
            if hasattr(module, own):
                setattr(module, own, said)
