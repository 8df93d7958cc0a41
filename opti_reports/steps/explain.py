"""One published value down to its formula, facts by month and the files they came from."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from opti_reports.algebra.expression import suggestion
from opti_reports.algebra.term import parse_term
from opti_reports.config.load import Configs, load
from opti_reports.config.metric import Metric
from opti_reports.deliver.archive.files import sha256
from opti_reports.deliver.tables import decimal
from opti_reports.errors import ArchiveError, UsageError
from opti_reports.facts.slices import winner
from opti_reports.metrics.amounts import Amounts
from opti_reports.metrics.evaluate import Inputs, facts_of, frame_of, used
from opti_reports.metrics.formulas import Formula, headline
from opti_reports.metrics.windows import kinds
from opti_reports.model.period import KINDS, Kind, Period, month_text, parse_month
from opti_reports.parallel import Jobs
from opti_reports.steps.basis import basis
from opti_reports.steps.formula_words import counted, formula, in_words, why
from opti_reports.steps.inputs import inputs
from opti_reports.steps.preview import record_of
from opti_reports.steps.take import Taken, deliveries, take
from opti_reports.workspace import Workspace, locked


@dataclass(frozen=True)
class Question:
    """Which value: of a metric, an organisation and a run's month; the newest period of its own window unless
    ``window`` and ``period`` (as in values.csv) say another.
    """

    metric: str
    org: str
    month: int
    breakdown: str = ""
    key: str = ""
    window: str = ""
    period: str = ""


@dataclass(frozen=True)
class Addend:
    """A term of the formula: its side, as written, in words, and how its fact is counted from rows.

    ``amounts`` are those of the months, none where they could tell what is withheld.
    """

    side: str
    text: str
    words: str
    counted: tuple[str, ...]
    amounts: tuple[str, ...]


@dataclass(frozen=True)
class Delivered:
    """A delivery behind the value: its files, the months it stands for, and what became of its rows."""

    source: str
    month: str
    files: tuple[str, ...]
    stands_for: tuple[str, ...]
    read: int
    used: int
    rejected: int
    outside: int


@dataclass(frozen=True)
class Explanation:
    """Everything behind a value; ``row`` and ``months`` (of the window) are rows of values.csv.

    ``why`` says why a figure may not be read as it is, ``notes`` what else to know.
    """

    question: Question
    name: str
    definition: str
    owner_role: str
    organisation: str
    row: Mapping[str, str]
    why: str
    formula: str
    addends: tuple[Addend, ...]
    slots: tuple[str, ...]
    months: tuple[Mapping[str, str], ...]
    deliveries: tuple[Delivered, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Behind:
    """What a month's values rest on: its published rows by metric and organisation, and its facts.

    ``changed``: extracts or configs are no longer those of the run.
    """

    configs: Configs
    month: int
    rows: Mapping[tuple[str, str], list[dict[str, str]]]
    taken: Taken
    given: Inputs
    changed: bool

    def answer(self, question: Question) -> Explanation:
        """Explain one value. Raises UsageError where there is no such value."""
        _known(self.configs, question)
        rows = self.rows.get((question.metric, question.org), [])
        row = _asked(rows, question, self.configs.metrics[question.metric])
        return _explained(self, question, rows, row)


def explain(workspace: Workspace, question: Question) -> Explanation:
    """Explain a value of a month's values.csv. Raises UsageError for one that is not there."""
    return behind(workspace, question.month).answer(question)


def behind(workspace: Workspace, month: int) -> Behind:
    """What the values of a month's run rest on.

    Raises UsageError without a run, ArchiveError where values.csv is not what the run made.
    """
    with locked(workspace), Jobs(1) as jobs:
        configs = load(workspace.configs)
        note = record_of(workspace.output / month_text(month), month)
        rows = _rows(workspace.output / month_text(month) / "values.csv", note["files"]["values.csv"])
        found, _, _ = deliveries(workspace, configs, month, note["stage"])
        taken = take(workspace, configs, found, jobs, lambda *_: None)
        changed = basis(workspace, found) != note["basis"]
        return Behind(configs, month, rows, taken, inputs(configs, taken, month), changed)


def _known(configs: Configs, question: Question) -> None:
    if question.metric not in configs.metrics:
        near = suggestion(question.metric, configs.metrics)
        raise UsageError(f"no metric '{question.metric}'{near}", "METRIC")
    orgs = [node.id for node in configs.organisation.tree(question.month).nodes]
    if question.org not in orgs:
        raise UsageError(f"no organisation '{question.org}'{suggestion(question.org, orgs)}", "--org")
    if question.window and question.window not in KINDS:
        raise UsageError(f"no window '{question.window}'{suggestion(question.window, KINDS)}", "--window")
    by = configs.metrics[question.metric].by
    if question.breakdown and question.breakdown not in by:
        near = suggestion(question.breakdown, by)
        raise UsageError(f"{question.metric} has no breakdown '{question.breakdown}'{near}", "--breakdown")


def _rows(path: Path, digest: str) -> dict[tuple[str, str], list[dict[str, str]]]:
    """The published values by metric and organisation."""
    if not path.exists() or sha256(path) != digest:
        raise ArchiveError("is not what the run made", f"output/{path.parent.name}/{path.name}", "Run again.")
    found: dict[tuple[str, str], list[dict[str, str]]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault((row["metric"], row["org"]), []).append(row)
    return found


def _asked(rows: Iterable[dict[str, str]], question: Question, metric: Metric) -> dict[str, str]:
    """The row that is asked for. Raises UsageError where there is none."""
    window = question.window or kinds(metric)[0]
    own = [row for row in rows if row["breakdown"] == question.breakdown and row["period_kind"] == window]
    keys = sorted({row["key"] for row in own})
    if question.breakdown and question.key not in keys:
        what = f"no key '{question.key}' of {question.breakdown} at {question.org}"
        raise UsageError(f"{what}{suggestion(question.key, keys)}", "--key", f"It has: {', '.join(keys)}")
    own = [row for row in own if row["key"] == question.key]
    periods = [row["period"] for row in own]
    if question.period and question.period not in periods:
        near = suggestion(question.period, periods)
        raise UsageError(f"there is no {window} '{question.period}' of it in values.csv{near}", "--period")
    if not own:
        raise UsageError(
            f"values.csv has no {window} value of {question.metric} at {question.org}",
            "--window",
            f"{question.metric} has: {', '.join(kinds(metric))}",
        )
    if question.period:
        return next(row for row in own if row["period"] == question.period)
    return max(own, key=lambda row: (_period(row).end, _period(row).week))


def _explained(
    known: Behind, question: Question, rows: list[dict[str, str]], row: dict[str, str]
) -> Explanation:
    configs = known.configs
    metric, language = configs.metrics[question.metric], configs.settings.languages[0]
    theme = configs.theme_of[question.metric]
    period = _period(row)
    slots = (period,) if period.kind == "iso_week" else tuple(Period("month", m) for m in period.months)
    open_ = row["state"] != "withheld" and may_split(question.metric, configs.metrics)
    addends = tuple(_addends(configs, question, known.given, slots, split=open_))
    texts = {slot.text for slot in slots}
    notes = []
    if known.changed:
        notes.append("extracts or configs have changed since the run: amounts by month may differ from it")
    if not open_:
        notes.append("amounts by month of the terms are not shown: they could tell figures that are withheld")
    if metric.caveats is not None:
        notes.append(metric.caveats[language])
    return Explanation(
        question,
        metric.name[language],
        metric.definition[language],
        (metric.owner_role or theme.owner_role)[language],
        configs.organisation.tree(question.month).by_id[question.org].names[language],
        row,
        why(row["state"], metric, question.breakdown),
        formula(metric),
        addends,
        tuple(slot.text for slot in slots),
        tuple(
            one
            for one in rows
            if (one["breakdown"], one["key"]) == (question.breakdown, question.key)
            and one["period_kind"] == slots[0].kind
            and one["period"] in texts
        ),
        tuple(_delivered(configs, question.metric, known.taken, slots)),
        tuple(notes),
    )


def _period(row: Mapping[str, str]) -> Period:
    kind: Kind = next(kind for kind in KINDS if kind == row["period_kind"])
    text = row["period"]
    if kind == "iso_week":
        monday = dt.date.fromisocalendar(int(text[:4]), int(text[6:]), 1)
        thursday = monday + dt.timedelta(days=3)
        return Period(kind, parse_month(f"{thursday:%Y-%m}"), (monday - dt.date(1969, 12, 29)).days // 7)
    if kind == "tertial":
        return Period(kind, parse_month(f"{text[:4]}-{int(text[6:]) * 4:02d}"))
    return Period(kind, parse_month(text))


def may_split(id: str, metrics: Mapping[str, Metric]) -> bool:
    """Whether a metric's terms may be shown one by one: none of its facts is behind a protected figure."""
    behind = {
        fact
        for name, one in metrics.items()
        if one.protect or one.protect_cells or one.staff_data
        for fact, _ in used(name, metrics)
    }
    return behind.isdisjoint(fact for fact, _ in used(id, metrics))


def _terms(metric: Metric, *, above: bool) -> Iterator[tuple[str, str]]:
    if metric.kind in ("quantile", "coc"):
        yield "cases", metric.of_above if above and metric.of_above else metric.of
    elif metric.kind != "compare":
        yield from (("numerator" if metric.den else "sum", text) for text in metric.num)
        yield from (("denominator", text) for text in metric.den)
    if metric.n:
        yield "n", metric.n


def _addends(
    configs: Configs, question: Question, given: Inputs, slots: tuple[Period, ...], *, split: bool
) -> Iterator[Addend]:
    metric = configs.metrics[question.metric]
    more = dict(headline(metric))
    if question.breakdown:
        more = {
            **{k: v for k, v in more.items() if k != question.breakdown},
            question.breakdown: (question.key,),
        }
    above = any(node.parent == question.org for node in given.at.tree.nodes)
    facts = facts_of(given, question.metric) if question.metric in given.metrics else {}
    for side, text in _terms(metric, above=above):
        term = parse_term(text)
        amounts: tuple[str, ...] = ()
        if split and facts:
            over = frame_of(metric, slots[0].kind, facts, slots)
            made = Formula(metric, facts, over, given.at, more).part(term)
            amounts = _amounts(made, given.at.index[question.org], len(slots)) if made else ()
        yield Addend(side, text, in_words(term, metric, more), counted(configs, term, metric.key), amounts)


def _amounts(made: Amounts, place: int, many: int) -> tuple[str, ...]:
    """A term's amounts of an organisation, slot by slot."""
    return tuple(
        decimal(Fraction(int(made.data[place, i]), made.denominator * int(made.divisor[i])))
        for i in range(many)
    )


def _delivered(configs: Configs, id: str, taken: Taken, slots: tuple[Period, ...]) -> Iterator[Delivered]:
    """The deliveries that the months of the window are taken from."""
    facts = {fact for fact, _ in used(id, configs.metrics)}
    for source in configs.sources.values():
        own = [fact for fact in source.fact if fact.id in facts]
        if not own:
            continue
        back = max(fact.lag_months for fact in own)
        months = range(slots[0].months[0] - back, slots[-1].end + 1)
        reaches = taken.reaches(configs, source.id)
        for number, (delivery, kept) in enumerate(taken.of(source.id)):
            stands = [m for m in months if winner(m, reaches) == number]
            if stands:
                counts = kept.counts
                yield Delivered(
                    source.id,
                    month_text(delivery.month),
                    tuple(path.name for path in delivery.files),
                    tuple(month_text(m) for m in stands),
                    counts.read,
                    counts.used,
                    counts.rejected,
                    counts.outside,
                )
