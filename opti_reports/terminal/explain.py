"""One value explained, and what changed, as text for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from opti_reports.terminal.tables import table

if TYPE_CHECKING:
    from opti_reports.explain.changed import Changes
    from opti_reports.explain.value import Explanation

ROWS_SHOWN = 40
MARK = {True: "look at this", False: ""}


def explanation_text(found: Explanation) -> str:
    """A value from its formula down to its files."""
    return "\n".join(_explained(found))


def _explained(found: Explanation) -> Iterator[str]:
    row, question = found.row, found.question
    part = f", {question.breakdown} {question.key}" if question.breakdown else ""
    yield f"{found.name} ({question.metric}{part})"
    yield f"{found.organisation} ({question.org}), {row['period_kind']} {row['period']}"
    yield ""
    yield _value(row)
    if found.again:
        yield f"  computed again from the facts: {found.again}"
    if found.why:
        yield f"  {found.why}"
    if row["target"]:
        yield f"  target {row['target']}: {row['status']}"
    if row["revised"]:
        yield f"  told before as {row['revised']}"
    yield ""
    yield found.definition
    yield found.formula
    for addend in found.addends:
        yield f"  {addend.side}: {addend.words}"
        yield from (f"      {line}" for line in addend.counted)
    yield from _by_month(found)
    yield ""
    yield "files"
    yield table(
        ("source", "delivery", "files", "for months", "read", "used", "rejected", "outside"),
        (
            (
                d.source,
                d.month,
                ", ".join(d.files),
                _span(d.stands_for),
                d.read,
                d.used,
                d.rejected,
                d.outside,
            )
            for d in found.deliveries
        ),
    )
    yield ""
    yield f"owner: {found.owner_role}"
    yield from (f"note: {note}" for note in found.notes)


def _value(row: object) -> str:
    assert isinstance(row, dict)
    if row["state"] == "withheld" or not row["value"]:
        return f"{row['state']}: no figure"
    parts = [f"{row['value']} {row['unit']} ({row['state']})"]
    if row["denominator"]:
        parts.append(f"{row['numerator']} / {row['denominator']}")
    if row["n"]:
        parts.append(f"n {row['n']}")
    if row.get("unknown_rows"):
        parts.append(f"unknown rows {row['unknown_rows']}")
    if row["ci_low"]:
        parts.append(f"95 % {row['ci_low']} to {row['ci_high']}")
    return ", ".join(parts)


def _by_month(found: Explanation) -> Iterator[str]:
    if found.months:
        yield ""
        yield "as published"
        names = ("period", "state", "value", "numerator", "denominator", "n", "unknown_rows")
        yield table(names, ([row.get(name, "") for name in names] for row in found.months))
    shown = [addend for addend in found.addends if addend.amounts]
    if shown:
        yield ""
        yield "terms"
        head = ("period", *(addend.text for addend in shown))
        yield table(head, ((slot, *(a.amounts[i] for a in shown)) for i, slot in enumerate(found.slots)))


def _span(months: tuple[str, ...]) -> str:
    return months[0] if len(months) == 1 else f"{months[0]} to {months[-1]}"


def _short(number: str) -> str:
    """A figure with three decimals at most; `--json` has all of them."""
    return f"{float(number):.3f}".rstrip("0").rstrip(".") if "." in number else number


def _more(left: int) -> list[str]:
    return [f"and {left} more (--json has all)"] if left > 0 else []


def changes_text(found: Changes) -> str:
    """Restatements and movers."""
    lines = [f"restated: {len(found.restated)} value(s) told before were changed by later extracts"]
    if found.restated:
        first = sorted(found.restated, key=lambda r: not r.look_at)
        head = ("metric", "organisation", "period", "was", "is", "by", "")
        rows = [
            (r.metric, r.org, r.period, _short(r.old), _short(r.new), ", ".join(r.sources), MARK[r.look_at])
            for r in first[:ROWS_SHOWN]
        ]
        lines += [table(head, rows), *_more(len(first) - ROWS_SHOWN)]
    lines.append("")
    if not found.since:
        lines.append("moved: nothing has been released yet to compare with")
        return "\n".join(lines)
    lines.append(f"moved since {found.since}: {len(found.moved)} value(s)")
    if found.moved:
        shown = found.moved[:ROWS_SHOWN]
        names = ("metric", "organisation", "period", "was", "in", "is", "how")
        rows_of = (
            (m.metric, m.org, m.period, _short(m.old), m.old_period, _short(m.new), m.how) for m in shown
        )
        lines.append(table(names, rows_of))
        lines += _more(len(found.moved) - len(shown))
    return "\n".join(lines)
