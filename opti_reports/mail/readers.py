"""For whom packs are: the audience that each had when it was released, and who is outside it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from opti_reports.config.pack import PackSpec
from opti_reports.messages.message import Message, few, message
from opti_reports.model.mail import Outsider
from opti_reports.periods.period import Period


def audiences(packs: Mapping[str, PackSpec], period: Period, run: Path | None = None) -> dict[str, str]:
    """Return the audience of each pack of months, or of weeks, as the configs have it; of an archived run as
    that run's configs did.

    Figures were withheld from those who read together then. A run from before packs had audiences is taken
    for what the configs say now; one that was tampered with is refused by whoever verifies it.
    """
    weekly = period.cadence.weekly
    now = {id: pack.audience for id, pack in packs.items() if pack.cadence.weekly == weekly}
    if run is None:
        return now
    return {id: _then(run / "configs" / "packs" / f"{id}.toml") or audience for id, audience in now.items()}


def _then(path: Path) -> str:
    """Return the audience in a pack's archived file, empty where it names none."""
    try:
        return str(tomllib.loads(path.read_text(encoding="utf-8-sig")).get("audience", ""))
    except (OSError, ValueError):
        return ""


def outside(outsiders: Iterable[Outsider]) -> tuple[Message, ...]:
    """Return whom packs must not go to, a line for each role, address and pack."""
    orgs: dict[tuple[str, str, str, str], list[str]] = {}
    for one in outsiders:
        key, role, address = one.letter.key, one.letter.role, one.letter.address
        orgs.setdefault((key.pack, address, role, one.audience), []).append(key.org)
    return tuple(
        message("release.outsider", pack=pack, orgs=few(of, 3), address=to, role=role, audience=audience)
        for (pack, to, role, audience), of in orgs.items()
    )
