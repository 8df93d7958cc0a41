"""Limits by their dates of validity: the number in force on the day the clock starts, and when it ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from opti_reports.algebra.calendar import add_months
from opti_reports.algebra.functions import Context, MismatchError, Rule, as_day, choose, need
from opti_reports.algebra.vector import Int, Vector, constant
from opti_reports.messages.message import message


def limit(name: str, rules: tuple[Rule, ...], start: Vector, context: Context) -> Vector:
    """Return the limit in force on the date of ``start``, or the date or instant on which it ends.

    Empty where ``start`` is empty or no version of the limit was in force.
    """
    kinds = sorted({rule.kind for rule in rules})
    if name == "limit" and len(kinds) > 1:
        raise MismatchError("function.limit_kinds", kinds=tuple(kinds))
    day = as_day(start, context, f"{name}()")
    result = _one_limit(name, rules[0], start, day, context)
    held = day.filled & (day.data >= rules[0].first) & (day.data <= rules[0].last)
    result = replace(result, filled=result.filled & held)
    for rule in rules[1:]:
        other = _one_limit(name, rule, start, day, context)
        mask = day.filled & (day.data >= rule.first) & (day.data <= rule.last)
        result = choose(mask, other, result)
    return result


def _one_limit(name: str, rule: Rule, start: Vector, day: Vector, context: Context) -> Vector:
    if name == "limit":
        return replace(constant("number", rule.value, len(day)), filled=day.filled, unknown=day.unknown)
    if rule.kind == "points":
        raise MismatchError("function.no_end")
    if rule.kind in ("hours", "minutes"):
        seconds = rule.value * (3600 if rule.kind == "hours" else 60)
        instant = need(start, ("datetime",), message("function.limit_start"))
        return replace(instant, data=instant.data + seconds)
    steps: dict[str, Callable[[Int], Int]] = {
        "days": lambda d: d + rule.value,
        "working_days": lambda d: context.calendar.add_work_days(d, rule.value),
        "months": lambda d: add_months(d, rule.value),
    }
    return replace(day, data=steps[rule.kind](day.data))
