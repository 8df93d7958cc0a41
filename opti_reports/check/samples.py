"""A pack and a web page with one of everything: what templates are tried on before any figure is there."""

from __future__ import annotations

from opti_reports.config.load import Configs
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
    Spark,
    Table,
    Text,
    Tile,
    Tiles,
)
from opti_reports.model.page import (
    Cell,
    Choice,
    Detail,
    DetailRow,
    DeviationRow,
    Edition,
    Figure,
    Head,
    HeadGroup,
    Matrix,
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
ITEM = FindingItem("off", "x", "x", "1", "2", "x", "x")
TREND = Trend(
    "x",
    "x",
    ("1", "2", "3"),
    (Line("x", (1.0, 2.0, 3.0), "main"), Line("x", (2.0, 2.0, 2.0), "target")),
    "%",
    1,
    None,
    None,
    "3",
    "x",
    "x",
    (Mark(1, "x", "action"),),
    ((2, "concern_high"),),
)
TABLE = Table("x", (Column("x"), Column("x", numeric=True)), (("x", "1"),), "x", "x", ((0, 1, "off"),))
BLOCKS: tuple[Block, ...] = (
    Notice("watch", "x"),
    Tiles((Tile("x", "good", "x", ("x",)),)),
    Findings((ITEM,), "x", "x"),
    Findings((), "x"),
    MetricTable(
        "x",
        ("x", "x", "x", "x"),
        (MetricRow("x", "x", Spark((1.0, None, 2.0), 1.5, "x"), ("1",), "off", "x", "x", "x", SIGN),),
        "x",
        (SIGN,),
    ),
    TREND,
    Bars("x", "x", (Bar("x", 1.0, "1"), Bar("x", None, "x")), "%", 1, 1.0, "x", 1.0, "x", "x", "x"),
    FunnelPlot(
        "x",
        "x",
        (FunnelUnit("x", 10.0, 1.0, "1", "off", 0.5, 2.0), FunnelUnit("x", 0.0, None, "x", "none")),
        (FunnelEdge(5.0, 0.5, 1.5, 0.2, 1.8), FunnelEdge(20.0, 0.8, 1.2, 0.6, 1.4)),
        1.0,
        "x",
        ("x", "x"),
        "%",
        1,
        "x",
        "x",
    ),
    Stacked("x", "x", ("x", "x"), (StackedBar("x", (40.0, 60.0), "x"),), "x", "x"),
    TABLE,
    Table("x", (Column("x"),), (), "x"),
    Table("x", (Column("x"),), (), "", blank_rows=1),
    Text(("x",)),
    Definitions("x", (("x", "x"),)),
)


def pack(configs: Configs, language: str) -> Pack:
    """A pack with every kind of block."""
    wording = configs.wordings[language]
    sections = (
        Section("a", "x", BLOCKS[:4], opening=True),
        Section("b", "x", BLOCKS[4:], own_page=True),
    )
    said = {key: wording.say(f"pack.{key}") for key in WORDS} | wording.words
    return Pack("sample", "x", "2026-08", language, "x", "x", "x", "x", "x", "x", "x", sections, said)


def page(configs: Configs, look: Look, language: str) -> Page:
    """A web page with something in every part."""
    cells = (
        Cell("", "1", "off", "x", SIGN, "m--a"),
        Cell("b", "x", "none", "x", None, ""),
    )
    theme = RowGroup("k", "x", "x", (Row("m", "x", "x", "x", "x", cells),))
    heads = (Head("a", "", "x", "x"), Head("b", "b", "x", "x"))
    months = (DetailRow("x", "1", "1", "off", "x"), DetailRow("x", "1", "1", "none", "x"))
    detail = Detail("m--a", "", "x", "1", "off", "x", TREND, "x", months)
    links = (
        PackLink("x.pdf", "x", language, "made"),
        PackLink("y.pdf", "x", language, "failed"),
        PackLink("z.pdf", "x", language, "outdated"),
    )
    found = (DeviationRow("b", "k", "x", ITEM, "x", "m--a"), DeviationRow("", "", "x", ITEM, "x", ""))
    return Page(
        language,
        "2026-08",
        (Edition("index.html", language, "x"),),
        "x",
        look.brand.called(language),
        "x",
        "x",
        "x",
        "x",
        (Notice("off", "x"),),
        (Figure("x", "1", "x"),),
        (Choice("b", "x"), Choice("c", "x")),
        (Choice("k", "x"), Choice("l", "x")),
        Matrix("x", (HeadGroup("", "x", 1), HeadGroup("b", "x", 1)), heads, (theme,), (SIGN,)),
        found,
        1,
        "x",
        (MetricDetails("m", "k", "x", "x", (detail,)),),
        TABLE,
        (PackRow("", "x", links),),
        (Choice("values.csv", "x"),),
        words(configs.wordings[language]),
    )
