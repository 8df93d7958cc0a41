"""A breach of the law among few cases: it is a deviation, counted and shown; only its rate is held back."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from fractions import Fraction

import pytest

from opti_reports.config.judging import Ranking
from opti_reports.config.settings import Watch
from opti_reports.findings.changes import changes
from opti_reports.findings.deviations import Findings
from opti_reports.findings.status import Targets
from opti_reports.model.card import Cards, Law
from opti_reports.model.pack import Text
from opti_reports.model.value import Value, Values
from opti_reports.output.tables import deviations_csv
from opti_reports.packs import page_matrix
from opti_reports.packs.build import build
from opti_reports.packs.material import Material
from opti_reports.periods.cadence import MONTH
from opti_reports.periods.period import Period
from tests.packs import fixture
from tests.packs.world import DATA_MONTH, METRICS, SPECS, TREE, configs

UNIT, DECK, REVIEW = SPECS


def cases(kept: int, of: int, org: str = "ranta", back: int = 0) -> Value:
    """Some cases under a limit of the law, fewer than its rate is shown of."""
    value = Value(
        metric="guarantee_pct",
        org=org,
        period=Period(MONTH, DATA_MONTH - back),
        state="few",
        value=Fraction(100 * kept, of),
    )
    return value._replace(num=Fraction(kept), den=Fraction(of), n=of)


def found(*values: Value) -> Material:
    """The ordinary month with these values, judged as a run judges them."""
    made = fixture.material(*values)
    targets = Targets(METRICS, (), Watch(), TREE)
    newest = dict.fromkeys(METRICS, DATA_MONTH)
    findings = Findings(
        values=made.values,
        metrics=METRICS,
        targets=targets,
        tree=TREE,
        newest=newest,
        law_share=5,
        signals={},
        escalation=(),
        actions={},
        ranking=Ranking(),
    )
    return replace(made, statuses=findings.statuses(), deviations=findings.deviations(), newest=newest)


def line(made: Material, org: str = "ranta") -> tuple[str, str]:
    """The law's standing line of the organisation: cases and tone."""
    blocks = build(made, UNIT, org, "fi").sections[0].blocks
    (item,) = next(block for block in blocks if isinstance(block, Law)).items
    return item.cases, item.tone


def test_it_stands_in_the_laws_line_without_its_rate() -> None:
    assert line(found(cases(2, 3))) == ("2/3", "off")


def test_few_cases_that_were_all_in_time_keep_the_law() -> None:
    assert line(found(cases(3, 3))) == ("3/3", "good")


def test_without_a_case_nothing_is_judged() -> None:
    none = Value(
        metric="guarantee_pct",
        org="ranta",
        period=Period(MONTH, DATA_MONTH),
        state="few",
        num=Fraction(0),
        den=Fraction(0),
        n=0,
    )
    assert line(found(none)) == ("ei yhtään", "none")


def test_a_unit_without_such_cases_says_so_on_its_first_page() -> None:
    made = fixture.material()
    left = tuple(v for v in made.values if v.org != "kohdistamaton")
    blocks = build(replace(made, values=Values(left)), UNIT, "kohdistamaton", "fi").sections[0].blocks
    (said,) = [block.paragraphs[0] for block in blocks if isinstance(block, Text)]
    assert said.startswith("Lakisääteiset: Täällä ei kirjata tapauksia")


def test_it_is_a_deviation_with_its_cases_in_the_pack() -> None:
    kept = [cases(3, 3, back=back) for back in range(1, 24)]
    blocks = build(found(cases(2, 3), *kept), UNIT, "ranta", "fi").sections[0].blocks
    (own, *_) = next(block for block in blocks if isinstance(block, Cards)).items
    assert (own.badge, own.value, own.compared) == ("Laki", "2/3", "laki: kaikki")
    assert own.message == "Hoitotakuu ylittyi 1/3 käynnissä"


def test_it_lasts_through_months_of_few_cases() -> None:
    values = [cases(1, 3), *(cases(2, 3, back=back) for back in (1, 2)), cases(3, 3, back=3)]
    (own,) = [d for d in found(*values).deviations if (d.metric, d.org) == ("guarantee_pct", "ranta")]
    assert (own.kind, own.breaches, own.lasted.months, own.since) == (
        "statutory",
        2,
        3,
        Period(MONTH, DATA_MONTH - 2),
    )


def test_the_file_of_deviations_has_its_count_and_no_rate() -> None:
    made = found(cases(2, 3), cases(3, 3, back=1))
    text = deviations_csv(made, made.values, TREE).decode()
    (row,) = [
        r for r in csv.DictReader(io.StringIO(text)) if (r["metric"], r["org"]) == ("guarantee_pct", "ranta")
    ]
    assert (row["kind"], row["breaches"], row["value"]) == ("statutory", "1", "")


def test_it_is_a_change_to_look_at_and_its_rate_is_not_told() -> None:
    made = found(cases(2, 3), *(cases(3, 3, back=back) for back in range(1, 24)))
    (one,) = [c for c in changes(made) if (c.kind, c.org) == ("breach", "ranta")]
    assert (one.metric, one.old, one.new, one.look_at) == ("guarantee_pct", None, None, True)


def test_it_is_off_target_in_the_matrix_of_the_months_page() -> None:
    own = fixture.scene(found(cases(2, 3)), "ranta")
    drawn = page_matrix.matrix({"ranta": own}, ["guarantee_pct"])
    (cell,) = drawn.themes[0].rows[0].cells
    assert (cell.text, cell.tone, cell.status) == ("2/3", "off", "ei tavoitteessa")


@pytest.mark.parametrize("state", ["withheld", "missing"])
def test_what_is_withheld_or_missing_stays_so(state: str) -> None:
    gone = Value(metric="guarantee_pct", org="ranta", period=Period(MONTH, DATA_MONTH), state=state)  # type: ignore[arg-type]
    assert line(found(gone))[1] == "none"


def test_few_cases_of_a_target_that_is_no_law_are_not_judged() -> None:
    few = cases(1, 3)._replace(metric="closed_pct")
    made = found(few)
    assert made.statuses[few.metric, few.org, few.period].tone == "none"
    assert configs().metrics["closed_pct"].target is not None
