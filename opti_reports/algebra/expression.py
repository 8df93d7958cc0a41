"""Expressions over the columns of a row: a small, typed subset of Python's syntax.

A comparison with an empty value is false, ``!=`` is true. What an unknown cell could change is unknown: of
conditions joined by ``and``, ``or`` and ``not`` only what the others leave open. No attribute, clock, disk or
network can be expressed. ``check`` evaluates on zero rows, so that faults of type, name and code are found
when configs are read; ``evaluate`` runs the same code on the rows.
"""

from __future__ import annotations

import ast
import datetime as dt
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np

from opti_reports.algebra import functions as fn
from opti_reports.algebra.calendar import day_number
from opti_reports.algebra.functions import Context, MismatchError, choose, need
from opti_reports.algebra.limits import limit
from opti_reports.algebra.tables import worth
from opti_reports.algebra.vector import (
    Bool,
    Vector,
    aligned,
    boolean,
    constant,
    possible,
    same_denominator,
    surely_same,
    truth,
    undecided,
    with_unknown,
)
from opti_reports.errors import UnfitError
from opti_reports.messages.message import Message, Shown, message
from opti_reports.messages.spelling import suggestion


class ExpressionError(UnfitError):
    """Something wrong in an expression; the message begins with the column it stands at."""

    def __init__(self, column: int, code: str, /, **values: Shown) -> None:
        said = message("expression.at", column=column + 1, what=Message(code=code, values=values))
        super().__init__(said.code, **said.values)


COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
ORDERED = ("number", "date", "datetime")
LARGEST = 10**12


@lru_cache(maxsize=4096)
def parse(text: str) -> ast.expr:
    """Return the syntax tree of an expression; raises ExpressionError where it is not one."""
    try:
        return ast.parse(text.strip(), mode="eval").body
    except SyntaxError as error:
        # At the end of the text the parser gives no offset.
        place = error.offset or len(text.strip()) + 1
        raise ExpressionError(place - 1, "expression.unreadable", why=error.msg) from None


@lru_cache(maxsize=4096)
def names(text: str) -> frozenset[str]:
    """Return the columns an expression reads."""
    tree = parse(text)
    called = {n.func.id for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
    found = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
    return frozenset(found - called - {"true", "false", "True", "False"})


def evaluate(text: str, rows: Mapping[str, Vector], size: int, context: Context) -> Vector:
    """Return the expression's value in every row. Raises ExpressionError, also on zero rows."""
    return _Evaluation(rows, size, context).visit(parse(text))


@dataclass(frozen=True)
class _Evaluation:
    rows: Mapping[str, Vector]
    size: int
    context: Context

    def visit(self, node: ast.expr) -> Vector:
        """Evaluate one node; type faults are given the node's column."""
        method = _VISITS.get(type(node))
        if method is None:
            raise ExpressionError(node.col_offset, "expression.not_allowed", node=type(node).__name__)
        try:
            return method(self, node)
        except MismatchError as error:
            raise ExpressionError(node.col_offset, error.message.code, **error.message.values) from None

    def name(self, node: ast.Name) -> Vector:
        if node.id in ("true", "false"):
            return boolean(np.full(self.size, node.id == "true"))
        if node.id not in self.rows:
            raise ExpressionError(
                node.col_offset, "expression.column", name=node.id, near=suggestion(node.id, self.rows)
            )
        return self.rows[node.id]

    def literal(self, node: ast.Constant) -> Vector:
        value = node.value
        if isinstance(value, bool):
            return boolean(np.full(self.size, value))
        if isinstance(value, str):
            return constant("text", 0, self.size, words=(value,))
        if isinstance(value, int | float):
            if not abs(value) < LARGEST:
                raise ExpressionError(node.col_offset, "expression.too_large", value=repr(value))
            exact = Fraction(str(value))
            return constant("number", exact.numerator, self.size, exact.denominator)
        raise ExpressionError(node.col_offset, "expression.literal", value=repr(value))

    def logic(self, node: ast.BoolOp) -> Vector:
        return _joined(node.op, [self.condition(value) for value in node.values])

    def condition(self, node: ast.expr) -> Vector:
        value = self.visit(node)
        if value.kind == "boolean":
            return value
        raise ExpressionError(node.col_offset, "expression.condition", kind=value.kind)

    def unary(self, node: ast.UnaryOp) -> Vector:
        if isinstance(node.op, ast.Not):
            return _negated(self.condition(node.operand))
        if isinstance(node.op, ast.USub):
            value = need(self.visit(node.operand), ("number",), message("expression.after_minus"))
            return replace(value, data=-value.data)
        raise ExpressionError(node.col_offset, "expression.before")

    def arithmetic(self, node: ast.BinOp) -> Vector:
        sides = [
            need(self.visit(side), ("number",), message("expression.side"))
            for side in (node.left, node.right)
        ]
        filled, unknown = sides[0].filled & sides[1].filled, undecided(sides)
        if isinstance(node.op, ast.Mult):
            a, b = sides
            return Vector(
                kind="number",
                data=a.data * b.data,
                filled=filled,
                denominator=a.denominator * b.denominator,
                unknown=unknown,
            )
        a, b = same_denominator(sides)
        if isinstance(node.op, ast.Add):
            return replace(a, data=a.data + b.data, filled=filled, unknown=unknown)
        if isinstance(node.op, ast.Sub):
            return replace(a, data=a.data - b.data, filled=filled, unknown=unknown)
        raise ExpressionError(node.col_offset, "expression.operator")

    def either(self, node: ast.IfExp) -> Vector:
        test = self.condition(node.test)
        yes, no = self.visit(node.body), self.visit(node.orelse)
        if yes.kind != no.kind:
            raise ExpressionError(node.col_offset, "expression.branches", yes=yes.kind, no=no.kind)
        yes, no = aligned([yes, no])
        chosen = choose(truth(test), yes, no)
        return chosen if test.unknown is None else with_unknown(chosen, test.unknown & ~surely_same(yes, no))

    def compare(self, node: ast.Compare) -> Vector:
        links, left = [], node.left
        for op, right in zip(node.ops, node.comparators, strict=True):
            links.append(self._compare(left, op, right))
            left = right
        return _joined(ast.And(), links)

    def _compare(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> Vector:
        if isinstance(op, ast.In | ast.NotIn):
            found = self._member(left, right)
            return found if isinstance(op, ast.In) else _negated(found)
        if type(op) not in COMPARE:
            raise ExpressionError(right.col_offset, "expression.comparison")
        a, b = self._pair(left, right)
        if a.kind not in ORDERED and not isinstance(op, ast.Eq | ast.NotEq):
            raise ExpressionError(left.col_offset, "expression.order", kind=a.kind)
        both = a.filled & b.filled
        outcome = np.asarray(COMPARE[type(op)](a.data, b.data), dtype=bool)
        certain = (outcome | ~both) if isinstance(op, ast.NotEq) else (outcome & both)
        unknown = undecided([a, b])
        return boolean(certain) if unknown is None else boolean(certain & ~unknown, certain | unknown)

    def _pair(self, left: ast.expr, right: ast.expr) -> tuple[Vector, Vector]:
        a, b = self.visit(left), self.visit(right)
        a, b = self._as_date(a, b, left), self._as_date(b, a, right)
        if a.kind != b.kind:
            hint = message("expression.use_date") if {a.kind, b.kind} == {"date", "datetime"} else ""
            raise ExpressionError(left.col_offset, "expression.kinds", left=a.kind, right=b.kind, hint=hint)
        self._known_code(a, right)
        self._known_code(b, left)
        a, b = aligned([a, b])
        return a, b

    def _as_date(self, value: Vector, other: Vector, node: ast.expr) -> Vector:
        """Return a text literal beside a date as a date."""
        if other.kind != "date" or not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            return value
        try:
            return constant("date", day_number(dt.date.fromisoformat(node.value)), self.size)
        except ValueError:
            raise ExpressionError(node.col_offset, "expression.date", text=node.value) from None

    def _known_code(self, column: Vector, node: ast.expr) -> None:
        if column.codes is None or not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            return
        if node.value not in column.codes:
            raise ExpressionError(
                node.col_offset, "expression.code", code=node.value, near=suggestion(node.value, column.codes)
            )

    def _member(self, left: ast.expr, right: ast.expr) -> Vector:
        if not isinstance(right, ast.List) or not right.elts:
            raise ExpressionError(right.col_offset, "expression.list")
        column = self.visit(left)
        literal = all(isinstance(item, ast.Constant) and isinstance(item.value, str) for item in right.elts)
        if column.kind != "text" or not literal:
            return _joined(ast.Or(), [self._compare(left, ast.Eq(), item) for item in right.elts])
        for item in right.elts:
            self._known_code(column, item)
        named = frozenset(map(ast.literal_eval, right.elts))
        among = np.array([word in named for word in column.words] or [False])
        certain = among.take(column.data, mode="clip") & column.filled
        return boolean(certain, None if column.unknown is None else certain | column.unknown)

    def call(self, node: ast.Call) -> Vector:
        if not isinstance(node.func, ast.Name) or node.keywords:
            raise ExpressionError(node.col_offset, "expression.call")
        name = node.func.id
        if name in (*fn.LIMITS, *fn.TABLES):
            return self._named(name, node)
        if name not in (*fn.FUNCTIONS, *fn.NULLARY):
            raise ExpressionError(
                node.col_offset, "expression.function", name=name, near=suggestion(name, fn.NAMES)
            )
        fewest, most, function = fn.FUNCTIONS.get(name, (0, 0, None))
        if not fewest <= len(node.args) <= most:
            takes = fewest if fewest == most else message("expression.between", fewest=fewest, most=most)
            raise ExpressionError(
                node.col_offset, "expression.arguments", name=name, takes=takes, n=len(node.args)
            )
        if function is None:
            return fn.nullary(name, self.size, self.context)
        return function([self.visit(arg) for arg in node.args], self.context)

    def _named(self, name: str, node: ast.Call) -> Vector:
        """Return what a limit or a table, named by a text, makes of the second argument."""
        key = node.args[0] if len(node.args) == 2 else None
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            raise ExpressionError(node.col_offset, "expression.limit_form", name=name)
        id, at, known = key.value, key.col_offset, self.context
        if name in fn.TABLES:
            if id not in known.tables:
                raise ExpressionError(at, "expression.table", name=id, near=suggestion(id, known.tables))
            return worth(known.tables[id], need(self.visit(node.args[1]), ("number",), "worth()"))
        if id not in known.limits:
            raise ExpressionError(at, "expression.limit", name=id, near=suggestion(id, known.limits))
        return limit(name, known.limits[id], self.visit(node.args[1]), known)


def _joined(op: ast.boolop, conditions: list[Vector]) -> Vector:
    """Return conditions joined by ``and`` or ``or``: what is certain of all of them, and what is possible."""
    combine = np.logical_and if isinstance(op, ast.And) else np.logical_or
    certain: Bool = combine.reduce([truth(c) for c in conditions])
    if all(c.unknown is None for c in conditions):
        return boolean(certain)
    return boolean(certain, combine.reduce([possible(c) for c in conditions]))


def _negated(condition: Vector) -> Vector:
    """Return true for certain where the condition is not even possible."""
    if condition.unknown is None:
        return boolean(~truth(condition))
    return boolean(~possible(condition), ~truth(condition))


_VISITS: dict[type[ast.expr], Callable[[_Evaluation, ast.expr], Vector]] = {
    ast.Name: lambda e, n: e.name(n),  # type: ignore[arg-type]
    ast.Constant: lambda e, n: e.literal(n),  # type: ignore[arg-type]
    ast.BoolOp: lambda e, n: e.logic(n),  # type: ignore[arg-type]
    ast.UnaryOp: lambda e, n: e.unary(n),  # type: ignore[arg-type]
    ast.BinOp: lambda e, n: e.arithmetic(n),  # type: ignore[arg-type]
    ast.IfExp: lambda e, n: e.either(n),  # type: ignore[arg-type]
    ast.Compare: lambda e, n: e.compare(n),  # type: ignore[arg-type]
    ast.Call: lambda e, n: e.call(n),  # type: ignore[arg-type]
}
