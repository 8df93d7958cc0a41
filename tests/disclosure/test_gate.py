"""What may be shown: figures about too few people are withheld with everything that would tell them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from opti_reports.config.audiences import Audience, Audiences, Protection, Sensitivity, Shared
from opti_reports.disclosure.amounts import views
from opti_reports.disclosure.answers import answers_withheld
from opti_reports.disclosure.gate import Gate
from opti_reports.disclosure.publication import Trusted, by_metric
from opti_reports.model.value import SHOWN, Reason, Value, Values
from tests.findings.world import PROTECTION, TREE, metric, month

SHARE = Value(
    metric="m",
    org="a",
    period=month(),
    state="ok",
    value=Fraction(75),
    num=Fraction(3),
    den=Fraction(4),
    interval=(0.1, 0.9),
)


def masked(n: int | None, org: str = "a", breakdown: str = "", **rules: Any) -> Value:
    value = SHARE._replace(n=n, org=org, breakdown=breakdown, key="k" * bool(breakdown))
    (found,) = Gate({"m": metric(**rules)}, TREE, PROTECTION).publish(Values((value,))).values
    return found


def test_below_the_limit_nothing_of_the_figure_is_left() -> None:
    found = masked(4, sensitivity="five")
    assert found == Value(
        metric="m", org="a", period=month(), state="withheld", reason=Reason("withheld", of=5)
    )
    assert (found.value, found.num, found.den, found.n, found.interval, found.number) == (None,) * 6
    assert found.state not in SHOWN


@pytest.mark.parametrize(
    ("n", "state"), [(5, "ok"), (4, "withheld"), (1, "withheld"), (0, "ok"), (None, "ok")]
)
def test_the_limit_itself_and_nobody_at_all_are_shown(n: int | None, state: str) -> None:
    assert masked(n, sensitivity="five").state == state


def test_the_unclear_rows_and_the_range_of_a_withheld_figure_are_withheld_too() -> None:
    value = SHARE._replace(n=4, unknown=2, range=(Fraction(50), Fraction(100)))
    (found,) = Gate({"m": metric(sensitivity="five")}, TREE, PROTECTION).publish(Values((value,))).values
    assert (found.state, found.unknown, found.range) == ("withheld", 0, None)


@pytest.mark.parametrize("org", ["a", "south", "all"])
def test_the_limit_holds_on_every_level(org: str) -> None:
    assert masked(4, org, sensitivity="five").state == "withheld"


def test_headlines_may_be_shown_where_cells_are_not_and_some_keys_always() -> None:
    assert masked(4, breakdown="kind", sensitivity="cells") == Value(
        metric="m",
        org="a",
        period=month(),
        state="withheld",
        breakdown="kind",
        key="k",
        reason=Reason("withheld", of=5),
    )
    assert masked(5, breakdown="kind", sensitivity="cells").state == "ok"
    assert masked(0, breakdown="kind", sensitivity="cells").state == "ok"
    assert masked(4, sensitivity="cells").state == "ok"
    always = {"kind": ["k"]}
    assert masked(4, breakdown="kind", sensitivity="cells", always_shown=always).state == "ok"
    assert masked(6, breakdown="kind", sensitivity="ten").reason == Reason("withheld", of=10)


def test_figures_of_a_small_staff_are_withheld_whatever_their_n() -> None:
    assert masked(400, "b", sensitivity="staff") == Value(
        metric="m", org="b", period=month(), state="withheld", reason=Reason("withheld", of=10)
    )
    assert masked(400, "b", sensitivity="staff_20").reason == Reason("withheld", of=20)
    assert masked(400, "a", sensitivity="staff").state == "ok"
    assert masked(400, "south", sensitivity="staff").state == "ok"
    assert masked(400, "b").state == "ok"


def test_what_has_no_limit_and_what_is_missing_stay_as_they_are() -> None:
    plain = masked(1)
    assert (plain.value, plain.n) == (Fraction(75), 1)
    missing = Value(metric="m", org="b", period=month(), state="missing")
    gate = Gate({"m": metric(sensitivity="staff")}, TREE, PROTECTION)
    assert gate.publish(Values((missing,))).values.items == (missing,)


def test_answers_to_a_question_are_masked_below_the_limit_but_not_when_nobody_answered() -> None:
    assert [answers_withheld(n, 5) for n in (0, 1, 4, 5)] == [False, True, True, False]


def two_audiences() -> tuple[Gate, Gate]:
    """Handlers, who see every case, and leaders, who see none of fewer than five."""
    limits = {"handlers": 0, "leaders": 5}
    audiences = Audiences(
        mostly_withheld=50,
        most_work=10,
        audience=tuple(Audience(id=id, name={"fi": id}) for id in limits),
        sensitivity={"cases": Sensitivity(name={"fi": "cases"}, protect=limits)},
        files=Shared(values="leaders", web_page="leaders"),
    )
    counts = {"m": metric(sensitivity="cases", kind="total", num=["f.n"])}
    handlers, leaders = (Gate(counts, TREE, Protection(audiences, id)) for id in limits)
    return handlers, leaders


def counted(**units: int) -> Values:
    """A figure of each unit, and of south, which has both."""
    given = {**units, "south": units["a"] + units["b"]}
    return Values(
        tuple(
            Value(metric="m", org=org, period=month(), state="ok", value=Fraction(n), num=Fraction(n), n=n)
            for org, n in given.items()
        )
    )


def withheld(values: Values) -> set[str]:
    return {value.org for value in values if value.state == "withheld"}


def test_who_handles_cases_sees_them_and_who_leads_does_not() -> None:
    handlers, leaders = two_audiences()
    values = counted(a=3, b=20)
    seen = handlers.publish(values).values
    assert withheld(seen) == set()
    assert withheld(leaders.publish(values, (), Trusted(by_metric(seen), ())).values) == {"a", "b"}


def test_a_pack_from_below_does_not_tell_what_it_does_not_show() -> None:
    """With b's own pack the sum of both tells a: so their sum is withheld too."""
    handlers, leaders = two_audiences()
    values = counted(a=3, b=20)
    own_pack = Trusted(by_metric(handlers.publish(values).values), ("b",))
    assert withheld(leaders.publish(values, (), own_pack).values) == {"a", "b", "south"}


def test_what_is_withheld_from_the_more_trusted_is_withheld_from_the_less() -> None:
    handlers, leaders = two_audiences()
    values = counted(a=30, b=20)
    shown = by_metric(handlers.publish(values).values)
    gone = shown["m"][("a", month(), "", "")]._replace(state="withheld", num=None, n=None)
    less = {"m": {**shown["m"], ("a", month(), "", ""): gone}}
    assert "a" in withheld(leaders.publish(values, (), Trusted(less, ())).values)


def changed(**units: tuple[int, int]) -> Values:
    """A mean change of each unit by its total and its cases, and of south, which has both."""
    total, cases = (sum(one) for one in zip(units["a"], units["b"], strict=True))
    return Values(
        tuple(
            Value(
                metric="m",
                org=org,
                period=month(),
                state="ok",
                value=Fraction(num, den),
                num=Fraction(num),
                den=Fraction(den),
                n=den,
                interval=(num / den - 1, num / den + 1),
            )
            for org, (num, den) in {**units, "south": (total, cases)}.items()
        )
    )


def test_a_mean_below_nothing_goes_with_its_interval_and_with_what_would_tell_it() -> None:
    change = metric(
        "points", num="f.change", den="f.n", squares="f.square", bounds=(-10, 10), sensitivity="five"
    )
    gate = Gate({"m": change}, TREE, PROTECTION)
    few = gate.publish(changed(a=(-12, 3), b=(20, 20))).values
    assert withheld(few) == {"a", "b"}
    assert {value.org for value in few if value.interval is not None} == {"south"}
    assert all((v.num, v.n, v.interval) == (None,) * 3 for v in few if v.state == "withheld")
    enough = gate.publish(changed(a=(-12, 5), b=(20, 20))).values
    assert withheld(enough) == set()
    assert [value.num for value in enough] == [-12, 20, 8]


@pytest.mark.parametrize(("bounds", "signed"), [((-10, 10), True), ((0, 10), False), ((None, None), False)])
def test_a_total_may_be_below_nothing_where_its_metrics_bounds_say_so(
    bounds: tuple[float | None, float | None], signed: bool
) -> None:
    change = metric("points", num="f.change", den="f.n", bounds=bounds, sensitivity="five")
    assert {view.side: view.signed for view in views("m", change)} == {"num": signed, "den": False}
