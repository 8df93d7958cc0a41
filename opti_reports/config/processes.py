"""Rules of ``configs/findings.toml``: when a process is kept, what is proposed, when silence is a finding."""

from __future__ import annotations

from pydantic import Field

from opti_reports.config.base import Identifier, MetricId, Strict, Words


class Process(Strict):
    """A process and the shares of its cases that kept each of its limits.

    It is kept where every share is on its target, partly kept where every share is at least ``partly``.
    """

    id: Identifier
    name: Words
    metrics: tuple[MetricId, ...] = Field(min_length=1)
    partly: float = Field(ge=0, le=100)


class Silence(Strict):
    """A count of which so many months of nothing in a row are a finding, and what that may mean."""

    metric: MetricId
    months: int = Field(default=3, ge=2, le=12)
    meaning: Words


class Proposals(Strict):
    """How decisions are proposed to a meeting: when each is due, and how many are of which kind."""

    days: int = Field(default=60, ge=1, le=365)
    """So many days after the data month each is due."""
    answers: int = Field(default=2, ge=0, le=10)
    """At most so many are answers to what was raised, the oldest first; the rest is counted."""
    fallen: int = Field(default=1, ge=0, le=10)
    """At most so many are what fell since the last meeting without an action agreed, before what is older."""


class Unanswered(Strict):
    """How long a matter raised to a higher level and never answered is shown once its action is done."""

    done_months: int = Field(default=4, ge=0, le=24)
    """So many months after it was done it is only counted; until it is done it stays and ages."""
