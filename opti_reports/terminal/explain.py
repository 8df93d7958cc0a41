"""One value explained, and what changed, as text for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from opti_reports.messages.message import Message, message
from opti_reports.messages.sentences import headings, say, sentence, words
from opti_reports.terminal.printing import notes
from opti_reports.terminal.tables import table

if TYPE_CHECKING:
    from opti_reports.explain.changed import Changes
    from opti_reports.explain.place import Placed
    from opti_reports.explain.trace import Trace
    from opti_reports.explain.value import Explanation

ROWS_SHOWN = 40
PUBLISHED = ("period", "state", "value", "numerator", "denominator", "n", "unknown_rows")
"""Columns of values.csv that are shown by period."""


def explanation_text(found: Explanation) -> str:
    """Return a value from its formula down to its files."""
    parts = (_what(found), _how(found), _by_month(found), _files(found), _whose(found))
    return "\n".join(line for part in parts for line in part)


def _what(found: Explanation) -> Iterator[str]:
    row, question = found.row, found.question
    yield say("explain.what", name=found.name, part=_part(found))
    kind, period = row["period_kind"], row["period"]
    yield say("explain.where", name=found.organisation, org=question.org, kind=kind, period=period)
    yield ""
    yield _value(row)
    if found.again:
        yield say(f"explain.again.{found.again}")
    if found.why:
        yield f"  {words(found.why)}"
    if row["target"]:
        yield say("explain.target", target=row["target"], status=row["status"])
    if row["revised"]:
        yield say("explain.revised", value=row["revised"])
    yield ""


def _part(found: Explanation) -> Message:
    asked = found.question
    if not asked.breakdown:
        return message("explain.metric", metric=asked.metric)
    return message("explain.part", metric=asked.metric, breakdown=asked.breakdown, key=asked.key)


def _value(row: Mapping[str, str]) -> str:
    if row["state"] == "withheld" or not row["value"]:
        return say("explain.no_value", state=row["state"])
    parts = [message("explain.value", value=row["value"], unit=row["unit"], state=row["state"])]
    if row["denominator"]:
        parts.append(message("explain.ratio", above=row["numerator"], below=row["denominator"]))
    if row["n"]:
        parts.append(message("explain.n", n=row["n"]))
    if row.get("unknown_rows"):
        parts.append(message("explain.unknown_rows", rows=row["unknown_rows"]))
    if row["ci_low"]:
        parts.append(message("explain.interval", low=row["ci_low"], high=row["ci_high"]))
    return say("explain.values", parts=tuple(parts))


def _how(found: Explanation) -> Iterator[str]:
    yield found.definition
    yield sentence(found.formula)
    for addend in found.addends:
        yield say("explain.addend", side=addend.side, words=addend.words)
        yield from (f"      {sentence(line)}" for line in addend.counted)


def _by_month(found: Explanation) -> Iterator[str]:
    if found.months:
        yield ""
        yield say("explain.published")
        rows = ([row.get(name, "") for name in PUBLISHED] for row in found.months)
        yield table(headings("head.published"), rows)
    shown = [addend for addend in found.addends if addend.amounts]
    if shown:
        yield ""
        yield say("explain.terms")
        head = (*headings("head.terms"), *(addend.text for addend in shown))
        yield table(head, ((slot, *(a.amounts[i] for a in shown)) for i, slot in enumerate(found.slots)))


def _files(found: Explanation) -> Iterator[str]:
    yield ""
    yield say("explain.files")
    rows = (
        (d.source, d.month, ", ".join(d.files), _span(d.stands_for), d.read, d.used, d.rejected, d.outside)
        for d in found.deliveries
    )
    yield table(headings("head.files"), rows)
    yield ""


def _span(months: tuple[str, ...]) -> str:
    return months[0] if len(months) == 1 else say("explain.span", first=months[0], last=months[-1])


def _whose(found: Explanation) -> Iterator[str]:
    yield say("explain.owner", owner=found.owner_role)
    yield from notes(found.notes)


def _short(number: str) -> str:
    """Return a figure with three decimals at most; `--json` has all of them."""
    return f"{float(number):.3f}".rstrip("0").rstrip(".") if "." in number else number


def places_text(found: Iterable[Placed]) -> str:
    """Return the figures of a document in the order they are read, each with its place."""
    rows = ((one.page, f"{one.kind} {one.number}", one.says, one.question.metric) for one in found)
    return table(headings("head.in_document"), rows)


def trace_text(found: Trace) -> str:
    """Return what became of a row, and the figures it is in."""
    if found.first == found.last:
        lines = [say("trace.where", file=found.file, first=found.first, source=found.source)]
    else:
        last = found.last
        lines = [say("trace.where_lines", file=found.file, first=found.first, last=last, source=found.source)]
    lines.append(say(f"trace.fate.{found.fate}"))
    lines += [
        say("trace.reject", reason=one.reason.replace("_", " "), column=one.column) for one in found.rejects
    ]
    if found.figures:
        rows = ((one.metric, one.name, ", ".join(one.orgs), ", ".join(one.periods)) for one in found.figures)
        lines.append(table(headings("head.trace"), rows))
    return "\n".join(lines)


def changes_text(found: Changes) -> str:
    """Return restatements and movers."""
    return "\n".join([*_restated(found), "", *_moved(found)])


def _restated(found: Changes) -> Iterator[str]:
    yield say("changes.restated", values=len(found.restated))
    if not found.restated:
        return
    first = sorted(found.restated, key=lambda r: not r.look_at)
    rows = (
        (r.metric, r.org, r.period, _short(r.old), _short(r.new), ", ".join(r.sources), _mark(look=r.look_at))
        for r in first[:ROWS_SHOWN]
    )
    yield table(headings("head.restated"), rows)
    yield from _more(len(first) - ROWS_SHOWN)


def _mark(*, look: bool) -> str:
    return say("changes.look") if look else ""


def _moved(found: Changes) -> Iterator[str]:
    if not found.since:
        yield say("changes.nothing_released")
        return
    yield say("changes.moved", since=found.since, values=len(found.moved))
    if found.moved:
        rows = (
            (m.metric, m.org, m.period, _short(m.old), m.old_period, _short(m.new), sentence(m.how))
            for m in found.moved[:ROWS_SHOWN]
        )
        yield table(headings("head.moved"), rows)
        yield from _more(len(found.moved) - ROWS_SHOWN)


def _more(left: int) -> Iterator[str]:
    if left > 0:
        yield say("changes.more", left=left)
