"""A pack whose every text tries to be something else, and a way to render in another process."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import subprocess
import sys
from typing import Any

from opti_reports.model.pack import Pack
from tests.render import fixture

ATTACKS = (
    '<link rel="attachment" href="file:///etc/passwd">',
    '<img src="http://127.0.0.1:9/x.png">',
    "=cmd|' /C calc'!A1",
    "{{ 7 * 7 }}{% raw %}",
    "]]>&bogus;<!DOCTYPE x>\x00\x0b\x1f\ufffe",
    "$\\frac{1}{2}$ @SUM(A1) +1 -1",
    "</title></svg><style>@import url(http://127.0.0.1:9/x.css)</style>",
    '<svg onload="x()"><image href="file:///etc/passwd"/></svg>',
    "x; background: url(http://127.0.0.1:9/y.png)",
    "\u202egro.dab\u202c \u2066a\u2069 \u200b\ufeff\U0001f4a3 \ud800",
    "Rajoittamattomanpitkäsana" * 12,
    "\t=1+1\r\n@SUM(A1)",
)


def hostile_pack() -> Pack:
    """Every text of the full fixture replaced by an attack; identifiers and roles kept."""
    turn = iter(range(10**9))

    def attacked(value: Any, name: str = "") -> Any:
        if isinstance(value, str):
            kept = (
                name in {"tone", "role", "kind", "id", "org", "period", "language", "unit", "tones", "code"}
                or not value
            )
            return value if kept else ATTACKS[next(turn) % len(ATTACKS)]
        if isinstance(value, tuple):
            return value if name == "tones" else tuple(attacked(item, name) for item in value)
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            fields = {f.name: attacked(getattr(value, f.name), f.name) for f in dataclasses.fields(value)}
            return type(value)(**fields)
        return value

    pack: Pack = attacked(dataclasses.replace(fixture.every_block(), words={}))
    tones = {f"tone_{tone}": ATTACKS[0] for tone in ("good", "watch", "off", "neutral", "none")}
    return dataclasses.replace(pack, words={**dict.fromkeys(fixture.WORDS, ATTACKS[2]), **tones})


def sha_elsewhere(renderer: str, language: str = "fi") -> str:
    """The hash of the full fixture's document made in a new process with another hash seed and time zone."""
    code = (
        "import dataclasses, hashlib\n"
        "from tests.render import fixture\n"
        f"from opti_reports.render.{renderer.split('_')[1]} import {renderer} as render\n"
        f"pack = dataclasses.replace(fixture.every_block(), language={language!r})\n"
        "print(hashlib.sha256(render(pack, fixture.look())).hexdigest())\n"
    )
    env = {**os.environ, "PYTHONHASHSEED": "271828", "TZ": "America/Caracas"}
    made = subprocess.run(
        [sys.executable, "-c", code], cwd=fixture.ROOT, env=env, capture_output=True, check=True
    )
    return made.stdout.decode().strip()


def sha(document: bytes) -> str:
    """The hash of a document."""
    return hashlib.sha256(document).hexdigest()
