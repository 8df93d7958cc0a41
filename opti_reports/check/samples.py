"""A pack and a web page with one of everything: what templates are tried on before any figure is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from opti_reports.config.configs import Configs
from opti_reports.model.card import Agenda, Card, Cards, Law, LawItem, Remark, Remarks, Spark
from opti_reports.model.charts import (
    Bar,
    Bars,
    FunnelEdge,
    FunnelPlot,
    FunnelUnit,
    Line,
    Mark,
    Stacked,
    StackedBar,
    Trend,
)
from opti_reports.model.goals import GoalChain, GoalLine, GoalState
from opti_reports.model.look import Look
from opti_reports.model.pack import (
    Block,
    Column,
    Definitions,
    FindingItem,
    Findings,
    MetricRow,
    MetricTable,
    Notice,
    Pack,
    Section,
    Sign,
    Table,
    Text,
    Tile,
    Tiles,
)
from opti_reports.model.page import (
    Cell,
    Choice,
    Detail,
    DeviationRow,
    Edition,
    Figure,
    Head,
    HeadGroup,
    Matrix,
    Meeting,
    MetricDetails,
    PackLink,
    PackRow,
    Page,
    Row,
    RowGroup,
)
from opti_reports.packs.build import WORDS
from opti_reports.packs.page import words

SIGN = Sign("concern_low", "x")
ITEM = FindingItem(tone="off", badge="x", title="x", value="1", target="2", sentence="x", react="x")
CARD = Card(
    tone="off",
    badge="x",
    message="x",
    why="x",
    value="1",
    compared="x",
    spark=Spark((1.0, None, 2.0), 1.5, "x"),
    action="x",
    agreed=False,
    role="x",
    note="x",
)
AGENDA = Agenda(caption="x", items=(CARD,), empty="x", more="x", also=(Remark("good", "x", ""),))
TREND = Trend(
    title="x",
    subtitle="x",
    labels=("1", "2", "3"),
    lines=(Line("x", (1.0, 2.0, 3.0), "main"), Line("x", (2.0, 2.0, 2.0), "target")),
    unit="%",
    decimals=1,
    low=None,
    high=None,
    latest="3",
    note="x",
    alt="x",
    marks=(Mark(1, "x", "action"),),
    flags=((2, "concern_high"),),
)
TABLE = Table(
    caption="x",
    columns=(Column("x"), Column("x", numeric=True)),
    rows=(("x", "1"),),
    empty="x",
    note="x",
    tones=((0, 1, "off"),),
    shades=((0, 1, 4),),
)
METRICS = MetricTable(
    "x",
    ("x", "x", "x", "x"),
    (
        MetricRow(
            name="x",
            unit="x",
            spark=Spark((1.0, None, 2.0), 1.5, "x"),
            cells=("1",),
            tone="off",
            status="x",
            note="x",
            definition="x",
            variation=SIGN,
        ),
    ),
    "x",
    (SIGN,),
)
BARS = Bars(
    title="x",
    subtitle="x",
    bars=(Bar(label="x", value=1.0, text="1"), Bar(label="x", value=None, text="x")),
    unit="%",
    decimals=1,
    target=1.0,
    target_label="x",
    reference=1.0,
    reference_label="x",
    note="x",
    alt="x",
)
FUNNEL = FunnelPlot(
    title="x",
    subtitle="x",
    units=(
        FunnelUnit(label="x", n=10.0, value=1.0, text="1", tone="off", low=0.5, high=2.0),
        FunnelUnit(label="x", n=0.0, value=None, text="x", tone="none"),
    ),
    edges=(FunnelEdge(5.0, 0.5, 1.5, 0.2, 1.8), FunnelEdge(20.0, 0.8, 1.2, 0.6, 1.4)),
    centre=1.0,
    centre_label="x",
    edge_labels=("x", "x"),
    unit="%",
    decimals=1,
    note="x",
    alt="x",
)
STACKED = Stacked(
    title="x",
    subtitle="x",
    legend=("x", "x"),
    bars=(StackedBar("x", (40.0, 60.0), "x"),),
    note="x",
    alt="x",
)
GOAL = GoalState(
    tone="off",
    depth=1,
    name="x",
    measure="x",
    value="1",
    target="x",
    status="x",
    since="x",
    owner="x",
    acts="x",
)
GOALS = GoalChain(
    caption="x", message="x", top=GOAL, lines=(GoalLine("x", (GOAL, replace(GOAL, breaks="x"))),)
)
BLOCKS: tuple[Block, ...] = (
    Notice("watch", "x"),
    Law("x", (LawItem("x", "1/2", "off"),)),
    Cards("x", (CARD,), "x", "x"),
    Cards("x", (), "x"),
    Remarks("x", (Remark("off", "x", "x"),), "x"),
    AGENDA,
    Agenda(caption="x", items=(), empty="x"),
    Tiles("x", (Tile("x", "good", "x", ("x",)),)),
    Findings((ITEM,), "x", "x"),
    Findings((), "x"),
    METRICS,
    TREND,
    BARS,
    FUNNEL,
    STACKED,
    GOALS,
    TABLE,
    Table(caption="x", columns=(Column("x"),), rows=(), empty="x"),
    Table(caption="x", columns=(Column("x"),), rows=(), empty="", blank_rows=1),
    Text(("x",)),
    Definitions("x", (("x", "x"),)),
)


OF_KIND: Mapping[str, Block] = {
    "completeness": BLOCKS[0],
    "law": BLOCKS[1],
    "pending": BLOCKS[4],
    "noted": BLOCKS[4],
    "agenda": AGENDA,
    "goal_chain": GOALS,
    "tiles": BLOCKS[7],
    "trends": TREND,
    "comparison": BARS,
    "breakdown": BARS,
    "outturn": BARS,
    "funnel": FUNNEL,
    "distribution": STACKED,
    "definitions": BLOCKS[-1],
}
"""What blocks of a pack's file become, where it is no table."""


def pack(configs: Configs, language: str) -> Pack:
    """Return a pack with every kind of block."""
    wording = configs.wordings[language]
    sections = (
        Section(id="a", title="x", blocks=BLOCKS[:10], opening=True),
        Section(id="b", title="x", blocks=BLOCKS[10:], own_page=True),
    )
    said = {key: wording.say(f"pack.{key}") for key in WORDS} | wording.words
    return Pack(
        id="sample",
        org="x",
        period="2026-08",
        language=language,
        title="x",
        message="x",
        subtitle="x",
        org_name="x",
        period_label="x",
        watermark="x",
        footer="x",
        trace="x",
        sections=sections,
        words=said,
    )


def page(configs: Configs, look: Look, language: str) -> Page:
    """Return a web page with something in every part."""
    cells = (
        Cell(group="", text="1", tone="off", status="x", sign=SIGN, detail="m--a"),
        Cell(group="b", text="x", tone="good", status="x", sign=None, detail=""),
        Cell(group="b", text="x", tone="none", status="x", sign=None, detail="", followed=False),
    )
    theme = RowGroup("k", "x", "x", (Row(metric="m", name="x", unit="x", target="x", note="x", cells=cells),))
    heads = (Head("a", "", "x", "x"), Head("b", "b", "x", "x"), Head("c", "b", "x", "x"))
    detail = Detail(
        id="m--a",
        group="",
        org_name="x",
        spark=CARD.spark,
        value="1",
        n="1",
        before="1",
        year_ago="1",
        tone="off",
        status="x",
        sign=SIGN,
    )
    links = (
        PackLink("x.pdf", "x", language, "made"),
        PackLink("y.pdf", "x", language, "failed"),
        PackLink("z.pdf", "x", language, "outdated"),
    )
    whole = Meeting(
        org="a",
        group="",
        org_name="x",
        about="x",
        message="x",
        law=Law("x", (LawItem("x", "1/2", "off"),)),
        cards=Cards("x", (CARD,), "x", "x"),
        document=links[-1],
    )
    found = (
        DeviationRow(group="b", area="k", org_name="x", item=ITEM, level="x", detail="m--a"),
        DeviationRow(group="", area="", org_name="x", item=ITEM, level="x", detail=""),
    )
    return Page(
        language=language,
        period="2026-08",
        editions=(Edition("index.html", language, "x"),),
        title="x",
        org_name=look.brand.called(language),
        period_label="x",
        stage="x",
        watermark="x",
        basis="x",
        notices=(Notice("off", "x"),),
        figures=(Figure("x", "1", "x"),),
        meetings=(whole, replace(whole, org="b", group="b")),
        groups=(Choice("b", "x"), Choice("c", "x")),
        areas=(Choice("k", "x"), Choice("l", "x")),
        matrix=Matrix("x", (HeadGroup("", "x", 1), HeadGroup("b", "x", 2)), heads, (theme,), (SIGN,)),
        deviations=found,
        shown=1,
        rest="x",
        metrics=(MetricDetails(metric="m", area="k", name="x", unit="x", definition="x", details=(detail,)),),
        sources=TABLE,
        packs=(PackRow("", "x", links),),
        files=(Choice("values.csv", "x"),),
        words=words(configs.wordings[language]),
    )
