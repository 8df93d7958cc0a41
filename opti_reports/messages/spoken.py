"""The language the terminal speaks: the one asked for, else the system's where it is known, else English."""

from __future__ import annotations

import locale
import os

ENGLISH = "en"
LANGUAGES = (ENGLISH, "fi", "sv")
VARIABLE = "OPTI_UI_LANG"
"""The environment's variable that says the language; processes that share the work are told by it too."""
_OF_SYSTEM = ("LC_ALL", "LC_MESSAGES", "LANG")


def speak(language: str) -> None:
    """Speak a language from here on, in the processes that are started too."""
    os.environ[VARIABLE] = language


def spoken() -> str:
    """Return the language that is spoken."""
    asked = os.environ.get(VARIABLE)
    return asked if asked in LANGUAGES else _of_system()


def _of_system() -> str:
    """Return the system's language: ``fi_FI.UTF-8``, on Windows ``Finnish_Finland``."""
    named = next((os.environ[name] for name in _OF_SYSTEM if os.environ.get(name)), None)
    named = named or locale.getlocale()[0] or ENGLISH
    written = {"finnish": "fi", "swedish": "sv"}.get(named.casefold().partition("_")[0], named[:2])
    return written if written in LANGUAGES else ENGLISH
