"""One published value down to its formula, facts by month and the files they came from."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from opti_reports.archive.held import held
from opti_reports.catalogue.graph import used
from opti_reports.catalogue.words import formula, why
from opti_reports.config.configs import Configs
from opti_reports.config.load import load
from opti_reports.disk import sha256
from opti_reports.errors import ArchiveError
from opti_reports.explain.addends import Addend, addends, may_split
from opti_reports.explain.question import Question, check, period_of, row_of
from opti_reports.facts.slices import winner
from opti_reports.messages.message import Message, Shown, message
from opti_reports.metrics.evaluate import Inputs, one_metric
from opti_reports.output.tables import FIGURES, figures
from opti_reports.parallel import Jobs
from opti_reports.periods.cadence import MONTH
from opti_reports.periods.months import month_text
from opti_reports.periods.period import Period
from opti_reports.release.preview import record_of
from opti_reports.stages.basis import basis
from opti_reports.stages.counted import Facts
from opti_reports.stages.extracts import arrive
from opti_reports.stages.facts import count
from opti_reports.stages.inputs import inputs
from opti_reports.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
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


Again = Literal["", "same", "another"]


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Everything behind a value; ``row`` and ``months`` (of the window) are rows of values.csv.

    ``again`` is the value computed from the facts once more; empty where it is withheld.
    ``why`` says why a figure may not be read as it is, ``notes`` what else to know.
    """

    question: Question
    name: str
    definition: str
    owner_role: str
    organisation: str
    row: Mapping[str, str]
    again: Again
    why: Shown
    formula: Message
    addends: tuple[Addend, ...]
    slots: tuple[str, ...]
    months: tuple[Mapping[str, str], ...]
    deliveries: tuple[Delivered, ...]
    notes: tuple[Shown, ...]


@dataclass(frozen=True, kw_only=True)
class Behind:
    """What a month's values rest on: its published rows by metric and organisation, and its facts.

    ``changed``: extracts or configs are no longer those of the run.
    """

    configs: Configs
    month: int
    rows: Mapping[tuple[str, str], list[dict[str, str]]]
    facts: Facts
    given: Inputs
    changed: bool
    _made: dict[tuple[str, bool], dict[tuple[str, ...], tuple[str, ...]]] = field(default_factory=dict)

    def answer(self, question: Question) -> Explanation:
        """Explain one value. Raises UsageError where there is no such value."""
        check(self.configs, question)
        rows = self.rows.get((question.metric, question.org), [])
        row = row_of(rows, question, self.configs.metrics[question.metric])
        return _explained(self, question, rows, row)

    def again(self, row: Mapping[str, str]) -> Again:
        """Return the published value computed once more from the facts, and whether it comes out the same."""
        if row["state"] == "withheld":
            return ""
        metric, split = row["metric"], bool(row["breakdown"])
        if (metric, split) not in self._made:
            found = one_metric(self.given, metric, split) if metric in self.given.metrics else ()
            self._made[metric, split] = {
                (v.org, v.breakdown, v.key, v.period.cadence.id, v.period.text): figures(v) for v in found
            }
        place = tuple(row[name] for name in ("org", "breakdown", "key", "period_kind", "period"))
        made = self._made[metric, split].get(place)
        return "same" if made == tuple(row.get(name, "") for name in FIGURES) else "another"


def explain(workspace: Workspace, question: Question) -> Explanation:
    """Explain a value of a month's values.csv. Raises UsageError for one that is not there."""
    return behind(workspace, question.month).answer(question)


def behind(workspace: Workspace, month: int) -> Behind:
    """Return what the values of a month's run rest on.

    Raises UsageError without a run, ArchiveError where values.csv is not what the run made.
    """
    with held(workspace), Jobs(1) as jobs:
        configs = load(workspace.configs, workspace.demo)
        of = Period(MONTH, month)
        note = record_of(workspace.output / of.text, of)
        rows = _rows(workspace.output / of.text / "values.csv", note["files"]["values.csv"])
        found = arrive(workspace, configs, month, note["stage"]).deliveries
        facts = count(workspace, configs, found, jobs, lambda *_: None)
        changed = basis(workspace, found) != note["basis"]
        return Behind(
            configs=configs,
            month=month,
            rows=rows,
            facts=facts,
            given=inputs(configs, facts, month),
            changed=changed,
        )


def _rows(path: Path, digest: str) -> dict[tuple[str, str], list[dict[str, str]]]:
    """Return the published values by metric and organisation."""
    if not path.exists() or sha256(path) != digest:
        raise ArchiveError("run.changed", f"output/{path.parent.name}/{path.name}")
    found: dict[tuple[str, str], list[dict[str, str]]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault((row["metric"], row["org"]), []).append(row)
    return found


def _explained(
    known: Behind, question: Question, rows: list[dict[str, str]], row: dict[str, str]
) -> Explanation:
    configs = known.configs
    metric, language = configs.metrics[question.metric], configs.settings.languages[0]
    protection = configs.protection(configs.audiences.files.values)
    period = period_of(row)
    slots = (period,) if period.cadence.weekly else tuple(Period(MONTH, m) for m in period.months)
    open_ = row["state"] != "withheld" and may_split(question.metric, configs.metrics, protection)
    terms = tuple(addends(configs, question, known.given, slots, split=open_))
    texts = {slot.text for slot in slots}
    again = known.again(row)
    said = (
        (message("explain.otherwise"), again == "another"),
        (message("explain.changed"), known.changed),
        (message("explain.not_shown"), not open_),
        (message("explain.season"), metric.season),
    )
    return Explanation(
        question=question,
        name=metric.name[language],
        definition=metric.definition[language],
        owner_role=(metric.owner_role or configs.theme_of[question.metric].owner_role)[language],
        organisation=configs.organisation.tree(question.month).by_id[question.org].names[language],
        row=row,
        again=again,
        why=why(row, metric, protection),
        formula=formula(metric),
        addends=terms,
        slots=tuple(slot.text for slot in slots),
        months=tuple(
            one
            for one in rows
            if (one["breakdown"], one["key"]) == (question.breakdown, question.key)
            and one["period_kind"] == slots[0].cadence.id
            and one["period"] in texts
        ),
        deliveries=tuple(_delivered(configs, question.metric, known.facts, slots)),
        notes=(
            *(note for note, holds in said if holds),
            *(text[language] for text in metric.cautions(_lacking(known.facts))),
        ),
    )


def _lacking(facts: Facts) -> frozenset[str]:
    """Return the columns that the newest delivery of each source lacks, written ``source.column``."""
    newest = {
        delivery.source: kept.counts for delivery, kept in zip(facts.deliveries, facts.kept, strict=True)
    }
    return frozenset(f"{source}.{name}" for source, counts in newest.items() for name in counts.lacking)


def _delivered(configs: Configs, id: str, facts: Facts, slots: tuple[Period, ...]) -> Iterator[Delivered]:
    """Yield the deliveries that the months of the window are taken from."""
    wanted = {fact for fact, _ in used(id, configs.metrics)}
    for source in configs.sources.values():
        own = [fact for fact in source.fact if fact.id in wanted]
        if not own:
            continue
        back = max(fact.lag_months for fact in own)
        months = range(slots[0].months[0] - back, slots[-1].end + 1)
        reaches = facts.reaches(configs, source.id)
        for number, (delivery, kept) in enumerate(facts.of(source.id)):
            stands = [m for m in months if winner(m, reaches) == number]
            if stands:
                counts = kept.counts
                yield Delivered(
                    source=source.id,
                    month=month_text(delivery.month),
                    files=tuple(path.name for path in delivery.files),
                    stands_for=tuple(month_text(m) for m in stands),
                    read=counts.read,
                    used=counts.used,
                    rejected=counts.rejected,
                    outside=counts.outside,
                )
