"""What a mail command is asked to do, and what it is given from outside."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from opti_reports.periods.period import Period
from opti_reports.workspace import Workspace


@dataclass(frozen=True)
class Edge:
    """What comes from outside: the clock (aware times), waiting, variables of the environment, the web."""

    now: Callable[[], dt.datetime]
    sleep: Callable[[float], None]
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    http: Any = None
    """What asks for access tokens, as msal takes it (its own way if None)."""

    def stamp(self) -> str:
        """Return the time as the outbox and the ledger keep it."""
        return self.now().isoformat(timespec="seconds")


@dataclass(frozen=True)
class Asked:
    """What is to be sent: a month or week, and of it only these packs and organisations (empty: all)."""

    workspace: Workspace
    period: Period
    packs: tuple[str, ...] = ()
    orgs: tuple[str, ...] = ()
