"""What is said of a wrong expression: the column it stands at, what is wrong, and what would be right."""

from __future__ import annotations

import pytest

from opti_reports.algebra.expression import ExpressionError, evaluate
from opti_reports.algebra.vector import Vector
from tests.algebra.rows import boolean, context, date, moment, number, rule, text

ROWS: dict[str, Vector] = {
    "end_state": text(codes=("answered", "duplicate", "open")),
    "arrived_at": moment(),
    "due": date(),
    "amount": number(denominator=100),
    "wanted": boolean(),
    "client": Vector(kind="private", data=number().data, filled=number().filled),
}
KNOWN = context(
    callback_24h=(rule("hours", 24),),
    haipro_7d=(rule("days", 7),),
    mixed=(rule("months", 3, last="2023-08-31"), rule("days", 14, "2023-09-01")),
)
COLUMNS = "; known: amount, arrived_at, client, due, end_state, wanted"
LIMITS = "; known: callback_24h, haipro_7d, mixed"

WRONG = {
    "end_state != 'dublicate'": "column 14: unknown code 'dublicate', did you mean 'duplicate'?",
    "'x' == end_state": "column 1: unknown code 'x'; known: answered, duplicate, open",
    "end_state in ['open', 'opne']": "column 23: unknown code 'opne', did you mean 'open'?",
    "endstate == 'open'": "column 1: unknown column 'endstate', did you mean 'end_state'?",
    "wanted and xyz": f"column 12: unknown column 'xyz'{COLUMNS}",
    "end_state": None,
    "wanted and end_state": "column 12: a condition is needed here, not a text",
    "not amount": "column 5: a condition is needed here, not a number",
    "1 if amount else 2": "column 6: a condition is needed here, not a number",
    "end_state < 'open'": "column 1: a text can only be compared with == and !=",
    "client > client": "column 1: a private can only be compared with == and !=",
    "wanted < true": "column 1: a boolean can only be compared with == and !=",
    "amount == 'x'": "column 1: cannot compare a number with a text",
    "due <= arrived_at": "column 1: cannot compare a date with a datetime; use date(…)",
    "due > '1.2.2026'": "column 7: '1.2.2026' is not a date like '2026-10-31'",
    "arrived_at > '2026-01-01'": "column 1: cannot compare a datetime with a text",
    "amount + due": "column 1: a side of '+ - *' must be number, not date",
    "amount / 2": "column 1: only + - * are allowed (divide in the metric, once, at the end)",
    "-due": "column 1: what follows '-' must be number, not date",
    "+amount": "column 1: only 'not' and '-' may stand before a value",
    "'a' if wanted else 1": "column 1: both sides of if-else must be of one kind, not text and number",
    "amount in (1, 2)": "column 11: 'in' needs a list, e.g. in ['a', 'b']",
    "amount in []": "column 11: 'in' needs a list, e.g. in ['a', 'b']",
    "wanted is true": "column 11: compare with == != < <= > >= in or not in",
    "amount == None": "column 11: a literal must be a number, a text, true or false, not None",
    "amount == 1e400": "column 11: the number inf is too large",
    "amount < 10000000000000": "column 10: the number 10000000000000 is too large",
    "f(amount)": None,
    "hour(arrived_at, arrived_at)": "column 1: hour() takes 1 argument(s), got 2",
    "hours(arrived_at)": "column 1: hours() takes 2 argument(s), got 1",
    "coalesce(due)": "column 1: coalesce() takes 2 to 9 argument(s), got 1",
    "hours(due, arrived_at)": "column 1: the argument must be datetime, not date",
    "wanted and days(due, amount) > 1": "column 12: days() must be date or datetime, not number",
    "add_days(due, 1.5)": "column 1: the count must be a whole number",
    "coalesce(due, arrived_at)": "column 1: coalesce() needs arguments of one kind, not date and datetime",
    "least(end_state, end_state)": "column 1: least() must be number or date or datetime, not text",
    "asof(1)": "column 1: asof() takes 0 argument(s), got 1",
    "limit('callback', arrived_at)": "column 7: unknown limit 'callback', did you mean 'callback_24h'?",
    "limit('zzz', arrived_at)": f"column 7: unknown limit 'zzz'{LIMITS}",
    "limit(24, arrived_at)": "column 1: limit() is written limit('id of limits.toml', start)",
    "limit_end('haipro_7d')": "column 1: limit_end() is written limit_end('id of limits.toml', start)",
    "limit_end('callback_24h', due)": (
        "column 1: the start of a limit in hours or minutes must be datetime, not date"
    ),
    "days(due, due) <= limit('mixed', due)": (
        "column 19: this limit has been in days and in months; compare with limit_end() instead"
    ),
    "due.year": "column 1: Attribute is not allowed in an expression",
    "[1, 2]": "column 1: List is not allowed in an expression",
    "lambda: 1": "column 1: Lambda is not allowed in an expression",
    "amount[0]": "column 1: Subscript is not allowed in an expression",
    "f'{amount}'": "column 1: JoinedStr is not allowed in an expression",
    "__import__('os')": None,
    "date.today()": "column 1: only calls like name(a, b) are allowed",
    "days(due, b=due)": "column 1: only calls like name(a, b) are allowed",
    "amount = 1": "column 8: not an expression: invalid syntax",
    "amount ==": "column 10: not an expression: invalid syntax",
    "": "column 1: not an expression: invalid syntax",
}


@pytest.mark.parametrize("expression", [e for e, message in WRONG.items() if message])
def test_the_message_says_where_what_and_how(expression: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        evaluate(expression, ROWS, 0, KNOWN)
    assert str(caught.value) == WRONG[expression]


@pytest.mark.parametrize("expression", ["f(amount)", "__import__('os')", "open('f')", "exec('1')"])
def test_only_the_functions_of_the_language_can_be_called(expression: str) -> None:
    with pytest.raises(ExpressionError, match="unknown function"):
        evaluate(expression, ROWS, 0, KNOWN)


def test_faults_are_found_on_zero_rows_and_the_right_expression_has_none() -> None:
    assert len(evaluate("end_state == 'open' and amount < 1.5", ROWS, 0, KNOWN)) == 0
