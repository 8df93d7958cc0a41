"""Single blocks: lists and their limits, the register of actions, charts' messages, the staff page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from opti_reports.model.charts import Bars, Stacked, Trend
from opti_reports.model.organisation import Tree
from opti_reports.model.pack import Block, Findings, Table
from opti_reports.model.report import ListRow
from opti_reports.model.value import Reason, State
from opti_reports.packs import sentences
from opti_reports.packs.build import build
from opti_reports.packs.material import Material
from opti_reports.periods.cadence import MONTH
from opti_reports.periods.period import Period
from tests.packs import fixture
from tests.packs.world import DATA_MONTH, TREE, spec, words

NOW = Period(MONTH, DATA_MONTH)


def blocks(made: Material, org: str, level: str, *entries: dict[str, Any]) -> Sequence[Block]:
    return build(made, spec("koe", level, *entries), org, "fi").sections[0].blocks


def table(made: Material, org: str, level: str, entry: dict[str, Any]) -> Table:
    (found,) = blocks(made, org, level, entry)
    assert isinstance(found, Table)
    return found


def test_actions_come_late_first_then_waiting_open_and_newly_done() -> None:
    found = table(fixture.material(), "etela", "palveluyksikko", {"kind": "list", "list": "actions"})
    assert [row[0][-3:-1] for row in found.rows] == ["T2", "T1", "T5", "T3"]  # not T4, done two years ago
    assert [column.label for column in found.columns][:2] == ["Toimenpide", "Yksikkö"]
    assert found.tones == ((0, 3, "wrong"),)
    assert [row[3] for row in found.rows] == [
        "myöhässä 31 vrk (31.7.2026)",
        "käynnissä, määräaika 15.9.2026",
        "käynnissä, määräaika 1.10.2026",
        "valmis 20.7.2026",
    ]


def test_an_unanswered_matter_ages_and_an_answered_one_says_who_answered() -> None:
    found = table(fixture.material(), "etela", "palveluyksikko", {"kind": "list", "list": "actions"})
    answers = {row[0][-3:-1]: row[5] for row in found.rows}
    assert answers["T2"] == "johtoryhmä: odottaa vastausta, 121 vrk"
    assert answers["T5"] == "palveluyksikkö: hyväksytty, johtaja, 3.8.2026"


def test_an_action_shows_its_metric_before_it_began_and_now() -> None:
    found = table(fixture.material(), "ranta", "yksikko", {"kind": "list", "list": "actions"})
    effect = dict(zip([row[0][-3:-1] for row in found.rows], [row[3] for row in found.rows], strict=True))
    before, now = (
        fixture.material().values.get("access_pct", "ranta", Period(MONTH, DATA_MONTH - back)).number
        for back in (6, 0)
    )
    assert effect["T1"] == f"Yhteydensaanti: {before:.1f}\u00a0% → {now:.1f}\u00a0%".replace(".", ",")


@pytest.mark.parametrize(
    ("lists", "empty"),
    [({"open_haipro": ()}, "Ei avoimia asioita."), ({}, "Ei tietoa tästä jaksosta.")],
)
def test_an_empty_list_is_not_an_undelivered_one(lists: dict[str, tuple[ListRow, ...]], empty: str) -> None:
    found = table(fixture.material(lists=lists), "ranta", "yksikko", {"kind": "list", "list": "open_haipro"})
    assert (found.rows, found.empty) == ((), empty)


def test_a_list_is_cut_at_its_limit_and_the_rest_counted() -> None:
    found = table(fixture.material(), "ranta", "yksikko", {"kind": "list", "list": "open_haipro", "limit": 2})
    assert [row[0] for row in found.rows] == ["H1", "H2"]
    assert found.note == "Lisäksi yksi muu."
    assert found.rows[0][1:] == ("1.8.2026", "9.8.2026", "39", "odottaa käsittelyä")
    assert found.rows[1][2] == "–"
    assert found.tones == ((0, 2, "wrong"),)  # past its due date


def test_a_breakdown_runs_from_the_largest_with_withheld_cells_as_words() -> None:
    (found,) = blocks(
        fixture.material(), "ranta", "yksikko", {"kind": "breakdown", "metric": "calls_n", "by": "nature"}
    )
    assert isinstance(found, Bars)
    assert [(bar.label, bar.text.replace("\u00a0", " ")) for bar in found.bars] == [
        ("Muu havainto", "12 kpl"), ("Läheltä piti", "9 kpl"), ("uusi_koodi", "7 kpl"),
        ("Tapahtui asiakkaalle", "suojattu"), ("Ei kirjattu", "6 kpl"),
    ]  # fmt: skip
    assert found.bars[3].value is None
    assert found.subtitle == "Yleisin: muu havainto (12\u00a0kpl)"


def test_keys_that_number_themselves_keep_their_order() -> None:
    cells = [
        fixture.value("calls_n", "ranta", NOW, part=n, breakdown="nature", key=key)
        for key, n in (("I", 5), ("II", 9), ("IV", 7))
    ]
    plain = tuple(v for v in fixture.material().values if not v.breakdown)
    made = fixture.material(values=type(fixture.material().values)((*plain, *cells)))
    (found,) = blocks(made, "ranta", "yksikko", {"kind": "breakdown", "metric": "calls_n", "by": "nature"})
    assert isinstance(found, Bars)
    assert [bar.label for bar in found.bars] == ["I", "II", "IV"]


def test_units_are_compared_within_their_type_in_the_order_of_the_organisation() -> None:
    few = fixture.value("access_pct", "metsa", NOW, "few", 3, 4)
    (found,) = blocks(
        fixture.material(few), "etela", "palveluyksikko", {"kind": "comparison", "metrics": ["access_pct"]}
    )
    assert isinstance(found, Bars)
    assert [(bar.label, bar.value) for bar in found.bars] == [("Ranta", 82.0), ("Metsa", None)]
    assert found.bars[1].text == "liian vähän (n\u00a0=\u00a04)"
    assert found.reference_label == "Palveluyksikko 82,0\u00a0%"
    assert (
        build(
            fixture.material(),
            spec("koe", "palveluyksikko", {"kind": "comparison", "metrics": ["access_pct"]}),
            "pohjoinen",
            "fi",
        ).sections
        == ()
    )  # one unit: nothing to compare


def test_masked_answers_are_words_without_shares() -> None:
    entry = {"kind": "distribution", "fact": "answers", "rows": "statement", "levels": "score"}
    (found,) = blocks(fixture.material(), "ranta", "yksikko", entry)
    assert isinstance(found, Stacked)
    assert found.bars[0].shares == (5.0, 10.0, 15.0, 20.0, 50.0)
    assert (sum(found.bars[1].shares), found.bars[1].text) == (0, "suojattu")


@pytest.mark.parametrize(
    ("numbers", "run"),
    [
        ([1, 2, 3, 4], 3),
        ([4, 3, 2], -2),
        ([1, 3, 2], -1),
        ([2, 2], 0),
        ([1, None, 2, 3], 1),
        ([1, 2, None], 0),
        ([5], 0),
    ],
)
def test_a_run_of_changes_ends_at_a_turn_a_tie_or_a_gap(numbers: list[float | None], run: int) -> None:
    assert sentences.streak(numbers) == run


def test_the_title_of_a_chart_is_its_message() -> None:
    parts = {5: 50, 4: 84, 3: 83, 2: 82, 1: 81, 0: 80}
    falling = [
        fixture.value("access_pct", "ranta", Period(MONTH, DATA_MONTH - back), part=part)
        for back, part in parts.items()
    ]
    entry = {"kind": "trends", "metrics": ["access_pct"]}
    (chart,) = blocks(fixture.material(*falling), "ranta", "yksikko", entry)
    assert isinstance(chart, Trend)
    assert chart.title == "Yhteydensaanti: laskenut neljänä kuukautena peräkkäin"
    gone = fixture.value("access_pct", "ranta", NOW, "withheld", reason=Reason("withheld", of=5))
    (chart,) = blocks(
        fixture.material(gone), "ranta", "yksikko", {"kind": "trends", "metrics": ["access_pct"]}
    )
    assert isinstance(chart, Trend)
    assert chart.title == "Yhteydensaanti: suojattu"
    assert next(line for line in chart.lines if line.role == "main").values[-1] is None


def test_totals_are_drawn_without_the_line_of_the_organisation_above() -> None:
    totals, shares = blocks(
        fixture.material(), "ranta", "yksikko", {"kind": "trends", "metrics": ["calls_n", "access_pct"]}
    )
    assert isinstance(totals, Trend)
    assert isinstance(shares, Trend)
    assert [line.role for line in totals.lines] == ["main"]
    assert [line.role for line in shares.lines] == ["target", "reference", "main"]


def test_the_note_of_a_chart_says_what_each_number_on_it_is() -> None:
    title = "Takaisinsoittojen aamuresurssin lisääminen kahdella hoitajalla maanantaisin"
    rows = (
        fixture.action(
            "ranta", "T1", "2026-09-15", metric_id="access_pct", started_at="2026-03-10", title=title
        ),
    )
    entry = {"kind": "trends", "metrics": ["access_pct"]}
    (chart,) = blocks(fixture.material(lists={"actions": rows}), "ranta", "yksikko", entry)
    assert isinstance(chart, Trend)
    assert [chart.labels[mark.at] for mark in chart.marks] == ["tammi 26", "maalis 26"]
    assert chart.note.startswith(
        "1\u00a0yhdistyminen: Suo fi yksikko, tammi 26; "
        "2\u00a0Takaisinsoittojen aamuresurssin lisääminen… (T1), maalis 26 · muutos edellisestä"
    )
    assert title in chart.alt


def test_a_chart_without_figures_marks_and_explains_nothing() -> None:
    gone = [
        fixture.value("access_pct", org, Period(MONTH, DATA_MONTH - back), "missing")
        for org in ("ranta", "etela")
        for back in range(24)
    ]
    entry = {"kind": "trends", "metrics": ["access_pct"]}
    (chart,) = blocks(fixture.material(*gone), "ranta", "yksikko", entry)
    assert isinstance(chart, Trend)
    assert (chart.marks, chart.note) == ((), "")


def test_the_staff_page_has_no_staff_figures_and_no_other_actions() -> None:
    found = blocks(
        fixture.material(deviations=()),
        "ranta",
        "yksikko",
        {"kind": "staff_summary", "metrics": ["nps"]},
        {"kind": "metric_table", "metrics": ["pulse", "closed_pct", "access_pct"]},
    )
    assert isinstance(found[0], Findings)
    assert [item.title for item in found[0].items] == ["Yhteydensaanti"]  # what is on target fills the page
    said, agreed, helped = found[1:4]
    assert isinstance(said, Table)
    assert isinstance(agreed, Table)
    assert isinstance(helped, Table)
    assert [row[0] for row in agreed.rows] == ["Toimi T2", "Toimi T1"]
    assert said.rows[-1] == ("Kohtelu", "Hyvin meni.")
    assert (helped.rows, helped.empty) == ((), "Ei vielä havaittavaa parannusta.")


def test_a_theme_of_money_is_left_out_of_the_staff_page() -> None:
    made = fixture.material(deviations=())
    themes = tuple(
        theme.model_copy(update={"for_staff": "access_pct" not in theme.metric})
        for theme in made.configs.themes
    )
    told = replace(made, configs=replace(made.configs, themes=themes))
    page = {"kind": "staff_summary"}, {"kind": "metric_table", "metrics": ["access_pct"]}
    (first, *_), (other, *_) = (blocks(one, "ranta", "yksikko", *page) for one in (made, told))
    assert isinstance(first, Findings)
    assert isinstance(other, Findings)
    assert [len(first.items), len(other.items)] == [1, 0]


def test_an_action_helped_when_its_metric_moved_the_better_way() -> None:
    done = fixture.action(
        "ranta",
        "T9",
        "2026-08-10",
        metric_id="closed_pct",
        started_at="2026-05-04",
        done_at="2026-08-05",
        state="valmis",
    )
    ends = [
        fixture.value("closed_pct", "ranta", Period(MONTH, DATA_MONTH - back), part=part)
        for back, part in ((4, 70), (0, 90))
    ]
    found = blocks(
        fixture.material(*ends, lists={"actions": (done,)}),
        "ranta",
        "yksikko",
        {"kind": "staff_summary", "metrics": ["nps"]},
    )
    helped = found[-1]
    assert isinstance(helped, Table)
    assert helped.rows == (("Toimi T9", "Käsitellyt: 70,0\u00a0% → 90,0\u00a0%"),)


def shares_of(*parts: tuple[str, int | None], **more: Any) -> Bars:
    """The breakdown of counts by key, None where withheld, with the share the largest make together."""
    found = tuple(
        fixture.value(
            "calls_n", "ranta", NOW, "ok" if part else "withheld", part or 0, breakdown="nature", key=key
        )
        for key, part in parts
    )
    plain = tuple(v for v in fixture.material().values if not v.breakdown)
    made = fixture.material(values=type(fixture.material().values)((*plain, *found)))
    entry = {"kind": "breakdown", "metric": "calls_n", "by": "nature", "cumulative": True, **more}
    (bars,) = blocks(made, "ranta", "yksikko", entry)
    assert isinstance(bars, Bars)
    return bars


def test_the_largest_counts_say_what_share_of_all_they_make_together() -> None:
    found = shares_of(("muu_havainto", 60), ("", 10), ("lahelta_piti", 30))
    assert found.cumulative == (60.0, 90.0, 100.0)
    assert [bar.text.replace("\u00a0", " ") for bar in found.bars] == [
        "60 kpl (60 %)", "30 kpl (90 %)", "10 kpl (100 %)",
    ]  # fmt: skip
    assert found.subtitle.endswith("suluissa kertymä")
    cut = shares_of(("muu_havainto", 60), ("", 10), ("lahelta_piti", 30), limit=2)
    assert cut.cumulative == (60.0, 90.0)  # of all, shown or not


def test_the_cases_of_a_share_are_counted_by_key_also_where_they_are_too_few_to_judge() -> None:
    sizes: dict[str, tuple[int, State]] = {
        "lahelta_piti": (12, "ok"),
        "muu_havainto": (4, "few"),
        "": (24, "ok"),
    }
    values = [
        fixture.value("closed_pct", "ranta", NOW, state, n // 2, n, breakdown="nature", key=key)
        for key, (n, state) in sizes.items()
    ]
    entry = {"kind": "breakdown", "metric": "closed_pct", "by": "nature", "cumulative": True}
    (found,) = blocks(fixture.material(*values), "ranta", "yksikko", entry)
    assert isinstance(found, Bars)
    assert [(bar.label, bar.value) for bar in found.bars][-1] == ("Ei kirjattu", 24.0)
    assert [bar.text.replace("\u00a0", " ") for bar in found.bars] == [
        "12 kpl (30 %)", "4 kpl (40 %)", "24 kpl (100 %)",
    ]  # fmt: skip
    assert found.subtitle == "kappaletta · suluissa kertymä"
    hidden = fixture.value("closed_pct", "ranta", NOW, "withheld", breakdown="nature", key="lahelta_piti")
    (masked,) = blocks(fixture.material(*values[1:], hidden), "ranta", "yksikko", entry)
    assert isinstance(masked, Bars)
    assert (masked.cumulative, masked.bars[1].text) == ((), "suojattu")


@pytest.mark.parametrize("parts", [(("muu_havainto", 60), ("lahelta_piti", None)), (("muu_havainto", 60),)])
def test_of_a_whole_that_is_not_known_and_of_one_bar_no_share_is_said(
    parts: tuple[tuple[str, int | None], ...],
) -> None:
    found = shares_of(*parts)
    assert found.cumulative == ()
    assert "%" not in "".join(bar.text for bar in found.bars)
    assert "kertymä" not in found.subtitle


def test_two_hundred_units_are_cut_into_charts_and_tables_that_fit() -> None:
    many = tuple(f"u{number}" for number in range(200))
    unit = TREE.by_id["ranta"]
    units = tuple(replace(unit, id=id, names=words(f"Yksikkö {id}")) for id in many)
    tree = Tree((TREE.root, TREE.by_id["etela"], *units), {})
    shares = [
        fixture.value("access_pct", id, Period(MONTH, DATA_MONTH), part=40 + at % 50)
        for at, id in enumerate(many)
    ]
    found = fixture.material(*shares, tree=tree)
    asked = {"metrics": ["access_pct"]}
    charts = blocks(found, "etela", "palveluyksikko", {"kind": "comparison", **asked})
    assert [len(chart.bars) for chart in charts if isinstance(chart, Bars)] == [29] * 6 + [26]
    assert [bar.label for chart in charts if isinstance(chart, Bars) for bar in chart.bars] == [
        f"Yksikkö {id}" for id in many
    ]
    assert isinstance(charts[1], Bars)
    assert charts[1].title.endswith(" (2/7)")
    tables = blocks(found, "etela", "palveluyksikko", {"kind": "matrix", **asked})
    assert sum(len(table.columns) - 3 for table in tables if isinstance(table, Table)) == 200
    assert max(len(table.columns) for table in tables if isinstance(table, Table)) <= 12


def test_units_beside_each_other_have_their_short_names_where_all_have_one() -> None:
    def heads(*called: str) -> list[str]:
        known = dict(zip(("ranta", "metsa"), map(words, called), strict=False))
        nodes = tuple(replace(node, short=known.get(node.id, {})) for node in TREE.nodes)
        made = fixture.material(tree=Tree(nodes, TREE.moved))
        matrix = table(made, "etela", "palveluyksikko", {"kind": "matrix", "metrics": ["access_pct"]})
        return [column.label for column in matrix.columns[1:3]]

    assert heads("Rannikko", "Salo") == ["Rannikko", "Salo"]
    assert heads("Rannikko") == ["Ranta", "Metsa"]
