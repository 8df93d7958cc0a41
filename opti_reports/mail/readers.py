"""For whom packs were made: the audience that each had when it was released."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from opti_reports.config.pack import PackSpec


def audiences(packs: Mapping[str, PackSpec], run: Path | None = None) -> dict[str, str]:
    """Return the audience of each pack as the configs have it, of an archived run as that run's configs did.

    Figures were withheld from those who read together then. A run from before packs had audiences is taken
    for what the configs say now; one that was tampered with is refused by whoever verifies it.
    """
    found = {id: pack.audience for id, pack in packs.items()}
    for id in found if run else ():
        try:
            text = (run / "configs" / "packs" / f"{id}.toml").read_text(encoding="utf-8-sig")
            found[id] = str(tomllib.loads(text).get("audience", found[id]))
        except (OSError, ValueError):
            continue
    return found
