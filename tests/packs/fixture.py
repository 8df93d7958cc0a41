"""A month of the tiny organisation: values, a register, lists, answers, sources."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction
from typing import Any

from opti_reports.config.metric import Total
from opti_reports.model.finding import Deviation, Signal, Status, TargetInForce
from opti_reports.model.report import Distribution, ListRow, SourceReport
from opti_reports.model.spc import Chart, Point, Reading, Segment
from opti_reports.model.value import Reason, State, Value, Values
from opti_reports.packs.material import Material
from opti_reports.packs.scene import Scene
from opti_reports.periods.cadence import MONTH, TERTIAL, WAVE, Cadence
from opti_reports.periods.period import Duration, Period
from tests.packs.world import AIMS, DATA_MONTH, METRICS, SOURCES, SPECS, TREE, UNITS, configs

LEVELS = ("1", "2", "3", "4", "5")


def value(
    metric: str, org: str, period: Period, state: State = "ok", part: int = 85, whole: int = 100, **more: Any
) -> Value:
    """A share ``part``/``whole`` in per cent; the count of totals; only a state when nothing is shown."""
    if state in ("missing", "withheld", "mixed", "pending"):
        return Value(metric=metric, org=org, period=period, state=state, **more)
    if isinstance(METRICS[metric], Total):
        return Value(
            metric=metric,
            org=org,
            period=period,
            state=state,
            value=Fraction(part),
            num=Fraction(part),
            den=None,
            n=part,
            **more,
        )
    share = Fraction(100 * part, whole) if whole else None
    return Value(
        metric=metric,
        org=org,
        period=period,
        state=state,
        value=share,
        num=Fraction(part),
        den=Fraction(whole),
        n=whole,
        **more,
    )


def ordinary() -> list[Value]:
    """Two years of every metric for every node: access falls for three months, the rest wobbles."""
    found = []
    for place, node in enumerate(TREE.nodes[:-1]):
        for metric in METRICS:
            if (metric, node.id) == ("budget_pct", "kallio"):  # it has no cost centre of its own
                continue
            cadence = METRICS[metric].cadence
            for back in range(24):
                if cadence is WAVE and back % 12 != 4:
                    continue
                part = (
                    88 - 2 * (3 - back)
                    if metric == "access_pct" and back < 3
                    else 82 + (back * 7 + place * 3) % 9
                )
                found.append(value(metric, node.id, Period(cadence, DATA_MONTH - back), part=part))
                if cadence is MONTH and (DATA_MONTH - back) % 4 == 3:
                    found.append(value(metric, node.id, Period(TERTIAL, DATA_MONTH - back), part=part))
    natures = {"lahelta_piti": 9, "muu_havainto": 12, "": 6, "tapahtui_asiakkaalle": 0}
    for key, part in natures.items():
        state: State = "ok" if part else "withheld"
        reason = None if part else Reason("withheld", of=5)
        found.append(
            value(
                "calls_n",
                "ranta",
                Period(MONTH, DATA_MONTH),
                state,
                part,
                breakdown="nature",
                key=key,
                reason=reason,
            )
        )
    found.append(
        value("calls_n", "ranta", Period(MONTH, DATA_MONTH), part=7, breakdown="nature", key="uusi_koodi")
    )
    return found


def statuses(values: Values) -> dict[tuple[str, str, Period], Status]:
    """Against the fixture's own targets, without any watch band."""
    found = {}
    for one in values:
        aim = AIMS.get(one.metric)
        if aim and not one.breakdown:
            op, levels, basis = aim
            target = TargetInForce(op, levels, basis, "alue")  # type: ignore[arg-type]
            number = one.number
            met = number is not None and number >= levels[0] and (op == ">=" or number <= levels[-1])
            judged = number is not None and basis != "proposed"
            found[one.metric, one.org, one.period] = Status(
                ("good" if met else "off") if judged else "none", target
            )
    return found


def action(org: str, number: str, due: str, **cells: str) -> ListRow:
    """A row of the register of actions."""
    plain = {
        "id": number,
        "title": f"Toimi {number}",
        "metric_id": "",
        "opened_at": "2026-05-02",
        "started_at": "",
        "first_due_at": due,
        "due_at": due,
        "done_at": "",
        "state": "kaynnissa",
        "expected_effect": "",
        "owner_role": "osastonhoitaja",
        "escalated_to": "",
        "answer": "",
        "answered_at": "",
        "answered_by_role": "",
    }
    return ListRow(org, plain | cells)


LISTS = {
    "actions": (
        action("ranta", "T1", "2026-09-15", metric_id="access_pct", started_at="2026-03-10"),
        action("ranta", "T2", "2026-07-31", escalated_to="johtoryhma"),
        action("ranta", "T3", "2026-06-30", state="valmis", done_at="2026-07-20"),
        action("ranta", "T4", "2024-06-30", state="valmis", done_at="2024-07-20"),
        action(
            "metsa",
            "T5",
            "2026-10-01",
            escalated_to="palveluyksikko",
            answer="hyvaksytty",
            answered_at="2026-08-03",
            answered_by_role="johtaja",
        ),
        action("kallio", "T6", "2026-08-20"),
    ),
    "open_haipro": tuple(
        ListRow(
            "ranta",
            {
                "report_id": f"H{n}",
                "reported_at": f"2026-08-0{n}",
                "due_at": due,
                "age_days": str(40 - n),
                "state": "odottaa",
            },
        )
        for n, due in enumerate(("2026-08-09", "", "2026-09-30"), 1)
    ),
    "omavalvonta": tuple(
        ListRow(org, {"plan_updated_on": "2026-03-01", "plan_published": published, "next_review_on": review})
        for org, published, review in (("ranta", "true", "2027-03-01"), ("metsa", "false", "2026-06-01"))
    ),
    "quotes": (ListRow("ranta", {"text": "Hyvin meni.", "topic": "kohtelu", "received_at": "2026-08-04"}),),
}


def reports(late: tuple[str, ...] = ("talous",)) -> tuple[SourceReport, ...]:
    """Every source delivered, but for the late ones, which last came a month ago."""
    return tuple(
        SourceReport(
            source=s.id,
            presence=s.presence,
            newest=DATA_MONTH - (s.id in late),
            late=s.id in late,
            due=dt.date(2026, 9, 3),
            files=("a.csv",),
            read=100,
            used=97,
            rejected=2,
            outside=1,
            reasons={"bad_date": 2},
            unknown_units={"X1": 4},
        )
        for s in SOURCES.values()
    )


def under_way(row: ListRow, org: str, metric: str) -> bool:
    """Whether an action of an organisation is linked to a metric and not done."""
    cells = row.cells
    return row.org == org and cells.get("metric_id") == metric and not cells.get("done_at")


def material(*changed: Value, late: tuple[str, ...] = ("talous",), **more: Any) -> Material:
    """The ordinary month with some values put in place of the ordinary ones."""
    places = {(v.metric, v.org, v.period, v.breakdown, v.key): v for v in (*ordinary(), *changed)}
    values = Values(
        tuple(
            v
            for v in places.values()
            if not (v.metric == "budget_pct" and v.period.end == DATA_MONTH and "talous" in late)
        )
    )
    since = Period(MONTH, DATA_MONTH - 2)
    deviations = tuple(
        Deviation(
            kind=kind,  # type: ignore[arg-type]
            metric=metric,
            org=org,
            period=Period(MONTH, DATA_MONTH),
            since=since,
            lasted=Duration(MONTH, 3),
            breaches=breaches,
            severity=1.0,
            react_level=TREE.by_id[org].level,
            actions=tuple(row.cells["id"] for row in LISTS["actions"] if under_way(row, org, metric)),
        )
        for org in ("alue", "etela", *UNITS)
        for kind, metric, breaches in (
            ("statutory", "guarantee_pct", 15),
            ("process_limit", "closed_pct", 15),
            ("off_target", "access_pct", None),
        )
    )
    answers = (
        Distribution(
            org="ranta", row="s1_help", levels=LEVELS, counts=(1, 2, 3, 4, 10), n=20, withheld=False
        ),
        Distribution(org="ranta", row="s2_cared", levels=LEVELS, counts=(0,) * 5, n=0, withheld=True),
    )
    newest = {metric: DATA_MONTH - ("talous" in late and metric == "budget_pct") for metric in METRICS}
    plain: dict[str, Any] = {
        "configs": configs(),
        "audience": "unit",
        "month": DATA_MONTH,
        "stage": "final",
        "tree": TREE,
        "values": values,
        "statuses": statuses(values),
        "signals": {},
        "effects": {},
        "restatements": (),
        "funnels": {},
        "standings": {},
        "silences": (),
        "peers": {},
        "deviations": deviations,
        "lists": LISTS,
        "distributions": {("answers", "statement", "score", Period(MONTH, DATA_MONTH)): answers},
        "sources": reports(late),
        "newest": newest,
        "basis": "0123456789abcdef",
    }
    return Material(**(plain | more))


def signal(metric: str, org: str, readings: dict[int, Reading], **more: Any) -> Signal:
    """Two years whose limits moved a year ago; ``readings`` of months so many back from the newest.

    ``chart``: fields of the chart to change.
    """
    months = tuple(Period(MONTH, DATA_MONTH - back) for back in range(23, -1, -1))
    points = tuple(
        Point(m.text, 80.0, "outside" if (r := readings.get(DATA_MONTH - m.end)) else None, r) for m in months
    )
    segments = (
        Segment(mean=80.0, lpl=70.0, upl=90.0, nlpl=73.0, nupl=87.0, n=11),
        Segment(mean=85.0, lpl=64.0, upl=106.0, nlpl=71.0, nupl=99.0, n=13),
    )
    chart = Chart(segments, points, readings.get(0, "common_cause"), "fail", (0, 11))
    return Signal(
        metric=metric,
        org=org,
        periods=months,
        chart=replace(chart, **more.pop("chart", {})),
        needed=13,
        **more,
    )


def scene(found: Material, org: str = "ranta", language: str = "fi", cadence: Cadence = MONTH) -> Scene:
    """A pack of an organisation being made."""
    own = next(s for s in SPECS if s.level == TREE.by_id[org].level)
    return Scene(found, own, org, found.configs.wordings[language], cadence)
