"""What a run is made with: versions of this program, Python, its libraries, Pango and the fonts."""

from __future__ import annotations

import hashlib
import platform
import re
import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any

from opti_reports import __version__
from opti_reports.model.look import Fonts
from opti_reports.store.surroundings import pango

PACKAGE = "opti-reports"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def software(fonts: Fonts) -> dict[str, Any]:
    """Return everything that the bytes of a document depend on beside its content, by name."""
    return {
        "opti_reports": __version__,
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "pango": pango(),
        "packages": _packages(),
        "fonts": {name: _font(name) for name in sorted({fonts.text, fonts.figures, fonts.fallback})},
    }


def _packages() -> dict[str, str]:
    """Return the version of every library that is needed, and of those they need."""
    found: dict[str, str] = {}
    waiting = [PACKAGE]
    while waiting:
        for line in requires(waiting.pop()) or ():
            name = _NAME.match(line)
            if name is None or "extra ==" in line or name[0].lower() in found:
                continue
            try:
                found[name[0].lower()] = version(name[0])
            except PackageNotFoundError:
                continue  # of another platform or an older Python
            waiting.append(name[0])
    return dict(sorted(found.items()))


def _font(family: str) -> str:
    """Return one hash of a family's files, empty where the system cannot tell them."""
    program = shutil.which("fc-list")
    if program is None:
        return ""
    asked = [program, f":family={family}", "file"]
    done = subprocess.run(asked, capture_output=True, encoding="utf-8", check=False, timeout=60)
    digests = sorted(
        hashlib.sha256(Path(line.rstrip(": \n")).read_bytes()).hexdigest()
        for line in done.stdout.splitlines()
    )
    return hashlib.sha256("".join(digests).encode()).hexdigest() if digests else ""
