"""Whether a process is kept by its rule, and counts that have been nothing for months."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from opti_reports.config.processes import Process, Silence
from opti_reports.findings.processes import Processes
from opti_reports.model.finding import Standing, Status
from opti_reports.model.value import Value, Values
from opti_reports.periods.cadence import TERTIAL
from opti_reports.periods.period import Period
from tests.findings.world import AUGUST, month

RULE = Process.model_validate({"id": "p", "name": {"fi": "p"}, "metrics": ["x", "y"], "partly": 80})
NOW = Period(TERTIAL, AUGUST)


def share(metric: str, number: float | None, state: Any = "ok", period: Period = NOW) -> Value:
    value = None if number is None else Fraction(str(number))
    return Value(metric=metric, org="all", period=period, state=state, value=value, n=100)


def standing(*shares: tuple[str, float | None, str]) -> Standing | None:
    """The process of shares, each with its tone."""
    values = Values(tuple(share(metric, number) for metric, number, _ in shares))
    statuses = {(metric, "all", NOW): Status(tone, None) for metric, _, tone in shares}  # type: ignore[arg-type]
    found = list(Processes(values, statuses).standings([RULE], ["all"], [NOW]))
    return found[0] if found else None


@pytest.mark.parametrize(
    ("x", "y", "verdict"),
    [
        ((95.0, "good"), (96.0, "good"), "kept"),
        ((95.0, "good"), (94.9, "watch"), "partly"),
        ((95.0, "good"), (80.0, "off"), "partly"),
        ((95.0, "good"), (79.9, "off"), "not_kept"),
        ((79.0, "good"), (80.0, "off"), "partly"),  # on a target of its own, lower than the rule's share
        ((0.0, "off"), (100.0, "good"), "not_kept"),
    ],
)
def test_the_rule_of_a_verdict(x: tuple[float, str], y: tuple[float, str], verdict: str) -> None:
    found = standing(("x", *x), ("y", *y))
    assert found == Standing(process="p", org="all", period=NOW, verdict=verdict, judged=("x", "y"))  # type: ignore[arg-type]


def test_the_verdict_is_that_of_a_naive_reading_of_the_rule() -> None:
    """Every pair of whole per cents, judged against a target of 95 and no watch band."""
    for x in range(0, 101, 5):
        for y in range(0, 101, 5):
            found = standing(*((m, n, "good" if n >= 95 else "off") for m, n in (("x", x), ("y", y))))
            lowest = min(x, y)
            naive = "kept" if lowest >= 95 else "partly" if lowest >= 80 else "not_kept"
            assert found is not None
            assert found.verdict == naive, (x, y)


def test_what_cannot_be_judged_is_left_out_and_said() -> None:
    found = standing(("x", 96.0, "good"), ("y", None, "none"))
    assert found is not None
    assert (found.verdict, found.judged, found.left) == ("kept", ("x",), ("y",))


def test_a_process_of_which_nothing_can_be_judged_gets_no_verdict() -> None:
    found = standing(("x", 96.0, "none"), ("y", 12.0, "none"))
    assert found is not None
    assert (found.verdict, found.left) == ("unjudged", ("x", "y"))


def test_a_withheld_share_says_nothing() -> None:
    values = Values((share("x", None, "withheld"), share("y", None, "withheld")))
    (found,) = Processes(values, {}).standings([RULE], ["all"], [NOW])
    assert found.verdict == "unjudged"


def test_a_process_without_data_has_no_standing() -> None:
    assert standing() is None


SILENT = [Silence.model_validate({"metric": "x", "months": 3, "meaning": {"fi": "m"}})]


def silences(*counts: float | None, state: Any = "ok") -> list[int]:
    """For how many months nothing was counted; the newest count first, None withheld."""
    values = tuple(
        share("x", count, state if count is not None else "withheld", month(back))
        for back, count in enumerate(counts)
    )
    return [one.months for one in Processes(Values(values), {}).silences(SILENT, ["all"], {"x": AUGUST}, 36)]


@pytest.mark.parametrize(
    ("counts", "months"),
    [
        ((0, 0, 0, 4), [3]),
        ((0, 0, 1, 0), []),
        ((0, 0, 0, 0, 0, 2), [5]),
        ((1, 0, 0, 0), []),
        ((0, 0, None, 0), []),  # what is withheld is not nothing
        ((0, 0), []),  # before that nothing is known
    ],
)
def test_three_months_of_nothing_are_a_finding(counts: tuple[float | None, ...], months: list[int]) -> None:
    assert silences(*counts) == months


def test_a_unit_that_did_not_deliver_is_not_silent() -> None:
    assert silences(0, 0, 0, state="partial") == []
    assert silences(0, 0, 0, state="missing") == []
