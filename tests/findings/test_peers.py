"""The best comparable units: a benchmark that some reach, which no unit of few cases sets by chance."""

from __future__ import annotations

from fractions import Fraction

import pytest

from opti_reports.config.judging import Peers
from opti_reports.findings.peers import Benchmarks, benchmark
from opti_reports.model.value import Value, Values
from opti_reports.periods.cadence import MONTH
from opti_reports.periods.period import Period
from tests.packs.world import DATA_MONTH, METRICS, TREE


def cases(*pairs: tuple[int, int]) -> list[tuple[Fraction, Fraction]]:
    return [(Fraction(num), Fraction(den)) for num, den in pairs]


@pytest.mark.parametrize(
    ("units", "share", "best"),
    [
        # By hand: (97 + 1)/(100 + 2) ranks first and holds 100 of 400 cases, which is a tenth and more.
        (cases((97, 100), (90, 100), (80, 100), (70, 100)), 10, Fraction(97, 100)),
        # A third of the cases: two units, 97 + 90 of 200.
        (cases((97, 100), (90, 100), (80, 100), (70, 100)), 30, Fraction(187, 200)),
        # One of one ranks as 2/3, behind 90 of 100: it is no benchmark.
        (cases((1, 1), (90, 100), (80, 100)), 10, Fraction(90, 100)),
        (cases((0, 5), (0, 5)), 10, Fraction(0)),
    ],
)
def test_the_best_that_hold_a_share_of_the_cases(
    units: list[tuple[Fraction, Fraction]], share: float, best: Fraction
) -> None:
    assert benchmark(units, share) == best


def found(fewest: int, *values: Value) -> dict[tuple[str, str], Fraction]:
    newest = dict.fromkeys(METRICS, DATA_MONTH)
    rules = Peers(fewest=fewest, share=10)
    return Benchmarks(
        values=Values(values), metrics=METRICS, tree=TREE, newest=newest, rules=rules
    ).of_types()


def value(metric: str, org: str, num: int, den: int, back: int = 0) -> Value:
    period = Period(MONTH, DATA_MONTH - back)
    return Value(
        metric=metric, org=org, period=period, state="ok", num=Fraction(num), den=Fraction(den), n=den
    )


def test_twelve_months_of_a_type_with_units_enough_and_of_processes_alone() -> None:
    orgs = ("ranta", "metsa", "kallio")
    months = [value("closed_pct", org, 9, 10, back) for org in orgs for back in range(12)]
    older = value("closed_pct", "ranta", 0, 1000, 12)
    other = [value("access_pct", org, 9, 10) for org in orgs]
    kind = TREE.by_id["ranta"].type
    made = found(3, *months, older, *other)
    assert made == {("closed_pct", kind): Fraction(9, 10)}, "access has no limit of a process"
    assert found(4, *months) == {}
