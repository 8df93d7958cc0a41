"""Rows whose part is not known: the published figure, its extremes, its state. Judged by trying every way."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opti_reports.config.metric import AnyMetric
from opti_reports.model.value import Reason, Value
from tests.findings.world import AUGUST, metric
from tests.metrics.small import Row, inputs, share, table, values, ways

REJECTED = Row(n=None, hit=None, key="?")


def only(rows: list[Row], one: AnyMetric, org: str = "a", key: str = "", **more: Any) -> Value:
    return values(inputs(table(rows), one, **more))[org, key]


def seen(value: Value) -> tuple[str, Reason | None, int, Fraction | None, Any]:
    return value.state, value.reason, value.unknown, value.value, value.range


@pytest.mark.parametrize(
    ("rows", "state", "reason", "value", "extremes"),
    [
        # 9 of 10 in time, one row rejected: 9/11 at the worst, 10/11 at the best
        (
            9 * [Row(hit=1)] + [Row()] + [REJECTED],
            "partial",
            Reason("unknown", 1),
            "90",
            ("900/11", "1000/11"),
        ),
        # one row's hit alone is not known: it is one of the ten
        (8 * [Row(hit=1)] + [Row(), Row(hit=None)], "partial", Reason("unknown", 1), "80", ("80", "90")),
        # 1 row of 20 001 changes no decimal
        (10_000 * [Row(hit=1)] + 10_000 * [Row()] + [REJECTED], "ok", None, "50", ("20000/401", "0")),
        # nothing but a rejected row: no figure, and not "no cases"
        ([REJECTED], "partial", Reason("unknown", 1), None, None),
    ],
)
def test_a_share_with_unknown_rows(
    rows: list[Row], state: str, reason: Reason | None, value: str | None, extremes: tuple[str, str] | None
) -> None:
    found = only(rows, share())
    exact = None if value is None else Fraction(value)
    if len(rows) > 1000:
        assert (found.state, found.reason, found.unknown, found.value) == (state, reason, 1, exact)
        assert found.range == (Fraction(100 * 10_000, 20_001), Fraction(100 * 10_001, 20_001))
    else:
        assert (found.state, found.reason, found.unknown, found.value) == (state, reason, 1, exact)
        assert found.range == (extremes and tuple(map(Fraction, extremes)))


def test_rows_of_an_unknown_key_are_in_no_filter_for_certain_and_no_key_of_their_own() -> None:
    rows = 6 * [Row(hit=1)] + 2 * [Row(hit=1, key="y")] + 2 * [Row(hit=1, key="?")] + [Row(key="?")]
    found = values(inputs(table(rows), metric("count", kind="total", num="f.n", by=["key"], decimals=0)))
    told = {key: seen(v) for (org, key), v in found.items() if org == "a"}
    assert told == {
        "": ("ok", None, 0, Fraction(11), None),
        "x": ("partial", Reason("unknown", 3), 3, Fraction(6), (Fraction(6), Fraction(9))),
        "y": ("partial", Reason("unknown", 3), 3, Fraction(2), (Fraction(2), Fraction(5))),
    }
    filtered = only(rows, share(num="f.hit[key=x]", den="f.n[key=x]"))
    assert seen(filtered) == (
        "partial",
        Reason("unknown", 3),
        3,
        Fraction(100),
        (Fraction(200, 3), Fraction(100)),
    )


def test_the_unknown_row_of_a_unit_makes_everything_above_partial_and_nothing_beside_it() -> None:
    rows = 9 * [Row(hit=1)] + [Row()] + 10 * [Row(unit="b")] + [REJECTED]
    found = values(inputs(table(rows), share()))
    states = {org: (v.state, v.unknown) for (org, _), v in found.items()}
    assert states == {
        "all": ("partial", 1),
        "south": ("partial", 1),
        "a": ("partial", 1),
        "b": ("ok", 0),
        "other": ("missing", 0),
    }


def test_a_net_promoter_score_takes_every_answer_on_both_sides_at_once() -> None:
    """27 answers: 20 promoters, 2 critics; the rejected row is either, or neither."""
    nps = metric(
        "nps", num=["f.n[key=x]", "-f.n[key=y]"], den="f.n", scale=100, bounds=[-100, 100], decimals=0
    )
    rows = 20 * [Row()] + 2 * [Row(key="y")] + 5 * [Row(key="z")] + [REJECTED]
    assert seen(only(rows, nps)) == (
        "partial", Reason("unknown", 1), 1, Fraction(1800, 27), (Fraction(1700, 28), Fraction(1900, 28)),
    )  # fmt: skip
    known = [*rows[:-1], Row(key="?")]
    assert seen(only(known, nps))[3:] == (Fraction(1800, 28), (Fraction(1700, 28), Fraction(1900, 28)))


def test_too_few_for_certain_is_few_and_perhaps_too_few_is_partial() -> None:
    rows = 4 * [Row(hit=1)] + [REJECTED]
    assert seen(only(rows, share(min_n=6)))[:3] == ("few", Reason("few", 4, 6), 1)
    assert seen(only(rows, share(min_n=5)))[:3] == ("partial", Reason("unknown", 1), 1)


def test_a_figure_that_stands_on_either_side_of_its_target_is_partial() -> None:
    rows = 10_000 * [Row(hit=1)] + 10_000 * [Row()] + [REJECTED]
    assert only(rows, share(), steady=lambda _: True).state == "ok"
    found = only(rows, share(), steady=lambda v: v.range is None)
    assert (found.state, found.reason) == ("partial", Reason("unknown", 1))


def test_a_figure_beyond_what_it_can_be_is_partial_and_not_cut() -> None:
    rows = [Row(hit=7, n=6)]
    assert seen(only(rows, share())) == ("partial", Reason("outside"), 0, Fraction(700, 6), None)


def test_the_unit_that_has_not_reported_whole_makes_all_above_partial() -> None:
    rows = [Row(unit="a"), Row(unit="b")]
    doubted = {"f": frozenset({("a", AUGUST)}), "another": frozenset({("b", AUGUST)})}
    found = values(inputs(table(rows), share(), doubted=doubted))
    told = {org: (v.state, v.reason, v.number) for (org, _), v in found.items() if org != "other"}
    assert told == {
        "all": ("partial", Reason("units", 1, 2), None),
        "south": ("partial", Reason("units", 1, 2), None),
        "a": ("partial", Reason("units", 0, 1), None),
        "b": ("ok", None, 0.0),
    }


def test_a_median_with_unknown_values_lies_between_those_that_they_could_push_it_to() -> None:
    wait = metric("minutes", kind="quantile", of="f.n", key="key", q=[1, 2], decimals=0)
    rows = [Row(key=k) for k in ("1", "3", "4", "9", "20")] + [Row(key="?")]
    fact = {"f": table(rows)}
    found = values(inputs(fact, wait))["a", ""]
    # 5 known: the third; six with one below all: (3 + 4) / 2, with one above all: (4 + 9) / 2
    assert seen(found) == ("partial", Reason("unknown", 1), 1, Fraction(4), (Fraction(7, 2), Fraction(13, 2)))
    alike = values(inputs(table(9 * [Row(key="5")] + [Row(key="?")]), wait))["a", ""]
    assert seen(alike) == ("ok", None, 1, Fraction(5), (Fraction(5), Fraction(5)))
    lost = values(inputs(table([Row(key="5"), Row(key="?")]), wait))["a", ""]
    assert seen(lost) == ("partial", Reason("unknown", 1), 1, Fraction(5), None)
    assert lost.number is None


def test_a_continuity_index_has_no_bounds() -> None:
    coc = metric("index", kind="coc", of="f.n", client="client", provider="doctor", decimals=2)
    rows = [Row(client=1, doctor=d) for d in (1, 1, 2)]
    private = ("client", "doctor")
    assert seen(values(inputs(table(rows, private=private), coc))["a", ""])[0] == "ok"
    found = values(inputs(table([*rows, REJECTED], private=private), coc))["a", ""]
    assert (found.state, found.reason, found.value, found.number) == (
        "partial", Reason("unknown", 1), Fraction(1, 3), None,
    )  # fmt: skip


def test_comparisons_take_the_extremes_of_both_sides() -> None:
    gap = metric("percentage_points", kind="compare", how="difference", of="s[key=x]", to="s[key=y]")
    rows = [Row(hit=1), Row(), Row(hit=1, key="y"), Row(hit=1, key="y"), Row(hit=None, key="y"), Row(key="y")]
    found = values(inputs({"f": table(rows)}, {"s": share(), "m": gap}))["a", ""]
    assert seen(found) == ("partial", Reason("unknown", 1), 1, Fraction(0), (Fraction(-25), Fraction(0)))


row = st.builds(
    Row,
    unit=st.sampled_from("ab"),
    n=st.sampled_from([0, 1, 1, None]),
    hit=st.sampled_from([0, 1, None]),
    key=st.sampled_from(["x", "y", "?"]),
    month=st.just(AUGUST),
    client=st.just(0),
    doctor=st.just(0),
).filter(lambda r: (r.hit or 0) <= (1 if r.n is None else r.n) and not (r.n is None and r.hit))


def _share(rows: tuple[Row, ...], key: str) -> Fraction | None:
    held = [r for r in rows if r.key == key or not key]
    n = sum(r.n or 0 for r in held)
    return Fraction(100 * sum(r.hit or 0 for r in held), n) if n else None


def _score(rows: tuple[Row, ...], _: str) -> Fraction | None:
    n = sum(r.n or 0 for r in rows)
    return Fraction(100 * sum((r.n or 0) * (1 if r.key == "x" else -1) for r in rows), n) if n else None


@given(st.lists(row, min_size=1, max_size=6), st.sampled_from(["", "x"]))
def test_no_way_the_rows_could_have_been_lies_beyond_the_range(rows: list[Row], key: str) -> None:
    filters = f"[key={key}]" if key else ""
    judged = (
        (share(num=f"f.hit{filters}", den=f"f.n{filters}"), _share),
        (metric("nps", num=["f.n[key=x]", "-f.n[key=y]"], den="f.n", scale=100, bounds=[-100, 100]), _score),
    )
    for one, judge in judged:
        found = values(inputs(table(rows), one))
        for org, units in (("all", "ab"), ("a", "a")):
            own = [r for r in rows if r.unit in units]
            figures = [judge(way, key) for way in ways(own)]
            value = found[org, ""]
            if value.state == "ok" and not value.unknown:
                assert set(figures) == {value.value}
            elif value.range is not None:
                told = [figure for figure in figures if figure is not None]
                assert value.range[0] <= min(told)
                assert max(told) <= value.range[1]
