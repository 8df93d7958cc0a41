"""Packs made by hand: one with every kind of block, plain and extreme, one of ordinary size for timing."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path

from opti_reports.model.card import Spark
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
from opti_reports.model.look import Brand, Colours, Fonts, Look
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

ROOT = Path(__file__).parents[2]
MONTHS = tuple(f"{1 + (8 + at) % 12}/{2024 + (8 + at) // 12}" for at in range(24))
WORDS = {
    "page": "Sivu",
    "trace": "luvut jäljitettävissä",
    "finding": "Poikkeama",
    "value": "Arvo",
    "target": "Tavoite",
    "reacts": "Reagoi",
    "definitions": "Määritelmät",
    "talking_points": "Puheenvuoroon",
    "tone_good": "tavoitteessa",
    "tone_watch": "seurattava",
    "tone_off": "poikkeama",
    "tone_neutral": "ei tavoitetta",
    "tone_none": "ei tietoa",
    "limit_low": "alaraja",
    "limit_high": "yläraja",
    "figures_file": "luvut.csv",
    "figures_about": "Raportin luvut taulukkona",
    "figures_part": "osio",
    "figures_table": "taulukko tai kuvio",
    "figures_row": "rivi",
    "figures_column": "sarake",
    "figures_shown": "teksti",
    "figures_number": "luku",
}
LONG = (
    "Lääkehoitosuunnitelmavastuuhenkilöiden täydennyskoulutusvelvoitteiden toteutumisprosenttiyksikkömuutos"
)


def look() -> Look:
    """The look of ``configs/brand.toml`` with the templates of the repository."""
    read = tomllib.loads((ROOT / "configs" / "brand.toml").read_text(encoding="utf-8"))
    brand = Brand(read["name"]["fi"], Colours(**read["colours"]), Fonts(**read["fonts"]), read.get("logo"))
    return Look(brand, ROOT / "templates")


def wave(at: int, middle: float, swing: float, count: int = 24) -> tuple[float, ...]:
    """A series without randomness that looks like one."""
    return tuple(
        round(middle + swing * (math.sin(at + step * 1.9) + 0.6 * math.cos(at * 3 + step * 0.7)), 1)
        for step in range(count)
    )


def trend(at: int, title: str = "Yhteydensaanti laskenut kolme kuukautta") -> Trend:
    values = wave(at, 72, 6)
    return Trend(
        title=title,
        subtitle="Takaisinsoitto 24 tunnin kuluessa, % puheluista",
        labels=MONTHS,
        lines=(
            Line("tavoite 80 %", (80.0,) * 24, "target"),
            Line("palveluyksikkö", wave(at + 9, 76, 2), "reference"),
            Line("yksikkö", values, "main"),
        ),
        unit="%",
        decimals=1,
        low=63.0,
        high=83.0,
        latest=f"{values[-1]:.1f} %".replace(".", ","),
        note="1 uusi ajanvaraus, kesä 25; 2 yhdistyminen: Kilo, tammi 26"
        " · Ohjausrajat 24 kuukauden arvoista.",
        alt=f"Viivakaavio, 24 kuukautta, viimeisin {values[-1]}.",
        marks=(Mark(9, "uusi ajanvaraus", "action"), Mark(16, "yhdistyminen: Kilo", "merge")),
    )


def bars(at: int, count: int = 6) -> Bars:
    names = (
        "Espoonlahti",
        "Kilo",
        "Leppävaara",
        "Matinkylä",
        "Samaria",
        "Kauniainen",
        "Kirkkonummi",
        "Lohja",
        "Vihti",
        "Karkkila",
    )
    values = wave(at, 74, 8, count)
    return Bars(
        title="Kaksi yksikköä alle palveluyksikön vaihtelun",
        subtitle="Takaisinsoitto 24 tunnin kuluessa, %, 95 %:n väli",
        bars=tuple(
            Bar(
                label=names[i % 10],
                value=value,
                text=f"{value:.1f} %".replace(".", ","),
                tone=("neutral", "off", "neutral", "good", "watch", "neutral")[i % 6],
                low=value - 4 - i % 3,
                high=value + 4 + i % 2,
            )
            for i, value in enumerate(values)
        ),
        unit="%",
        decimals=1,
        target=80.0,
        target_label="tavoite 80 %",
        reference=74.0,
        reference_label="palveluyksikkö 74,0 %",
        note="",
        alt="Pistekaavio yksiköittäin.",
    )


def funnel(count: int = 12) -> FunnelPlot:
    """Units of growing size around 74 %, every fourth of them outside the limits."""
    names = [bar.label for bar in bars(0, 12).bars]
    tones = ("neutral", "off", "neutral", "good", "neutral", "watch")
    units = tuple(
        FunnelUnit(
            label=f"{names[at % len(names)]} {at}",
            n=60.0 + 40 * at,
            value=value,
            text=f"{value:.1f} %".replace(".", ","),
            tone=tones[at % 6],
            low=value - 5,
            high=value + 5,
        )
        for at, value in enumerate(wave(4, 74, 7, count))
    )
    sizes = [40.0 * 1.1**step for step in range(30)] if count else []
    edges = tuple(
        FunnelEdge(n, 74 - 86 / n**0.5, 74 + 86 / n**0.5, 74 - 135 / n**0.5, min(74 + 135 / n**0.5, 100.0))
        for n in sizes
    )
    return FunnelPlot(
        title="Kilo selvästi muita heikompi",
        subtitle="Takaisinsoitto 24 tunnin kuluessa, %",
        units=(*units, FunnelUnit(label="Karkkila", n=3, value=None, text="liian vähän", tone="none")),
        edges=edges,
        centre=74.0,
        centre_label="kaikki yhteensä 74,0 %",
        edge_labels=("95 %", "99,8 %"),
        unit="%",
        decimals=1,
        note="Ei kuviossa: Karkkila (liian vähän).",
        alt="Suppilokuvio.",
    )


def pareto() -> Bars:
    counts = (
        ("Lääkehoito", 41),
        ("Tiedonkulku tai tiedonhallinta", 28),
        ("Tapaturma, onnettomuus", 12),
        ("Laite tai tarvike", 7),
        ("Diagnoosi", 5),
    )
    found = tuple(Bar(label=name, value=float(n), text=f"{n}") for name, n in counts)
    return Bars(
        title="Lääkehoito on yleisin ilmoitusten aihe",
        subtitle="HaiPro-ilmoitukset tyypeittäin, kpl",
        bars=(*found, Bar(label="Muu", value=None, text="n < 5")),
        unit="kpl",
        decimals=0,
        target=None,
        target_label="",
        reference=None,
        reference_label="",
        note="Pienet luvut on suojattu.",
        alt="Palkkikaavio tyypeittäin.",
    )


def stacked() -> Stacked:
    legend = (
        "täysin eri mieltä",
        "eri mieltä",
        "ei samaa eikä eri mieltä",
        "samaa mieltä",
        "täysin samaa mieltä",
    )
    questions = (
        "Sain apua, kun sitä tarvitsin",
        "Minusta välitettiin kokonaisvaltaisesti",
        "Hoitoani koskevat päätökset tehtiin yhteistyössä kanssani",
        "Sain tietoa ymmärrettävästi",
        "Tiedän, miten hoitoni jatkuu",
        "Palvelu toimi äidinkielelläni",
        "Asiani hoidettiin sovitussa ajassa",
    )
    rows = []
    for at, question in enumerate(questions):
        low = 4.0 + at
        rows.append(
            StackedBar(
                question,
                (low, low + 3, 11.0, 38.0 - at, 100 - (low + low + 3 + 11 + 38 - at)),
                f"n = {212 - at * 9}",
            )
        )
    return Stacked(
        title="Kolme neljästä saa apua tarvitessaan",
        subtitle="Asiakaskysely, vastausten osuudet, %",
        legend=legend,
        bars=tuple(rows),
        note="Vastaajia 212.",
        alt="Väittämät.",
    )


VARIATIONS = (
    Sign("common_cause", "Vain tavanomaista vaihtelua."),
    Sign("improvement_high", "Muutos parempaan, ylöspäin."),
    Sign("concern_low", "Muutos huonompaan, alaspäin."),
    Sign("neutral_high", "Muutos ylöspäin."),
)
ASSURANCES = (
    Sign("pass", "Tavoite täyttyy jatkuvasti."),
    Sign("fail", "Tavoite ei täyty, ellei toimintatapa muutu."),
    Sign("inconsistent", "Tavoite täyttyy sattumanvaraisesti."),
)


def metric_row(at: int, name: str) -> MetricRow:
    tone = ("good", "watch", "off", "neutral", "none")[at % 5]
    status = ("tavoitteessa", "seurattava", "poikkeama", "ei tavoitetta", "ei tietoa")[at % 5]
    values: tuple[float | None, ...] = (*wave(at, 50, 9, 12), None if tone == "none" else 51.5 + at)
    judged = tone != "none"
    cells = (
        "ei tietoa" if tone == "none" else f"{51 + at},5 %",
        f"{50 + at},2 %",
        f"{48 + at},9 %",
        "≥ 80 %" if at % 2 else "–",
        "52,0 %",
    )
    return MetricRow(
        name=name,
        unit="%",
        spark=Spark(values, 55.0 if at % 2 else None, f"13 kuukautta, viimeisin {51 + at},5"),
        cells=cells,
        tone=tone,
        status=status,
        note="n = 1 234; talous: heinäkuu" if at % 3 == 0 else "",
        definition=f"{name}: osuus kaikista kuukauden tapahtumista.",
        variation=VARIATIONS[at % len(VARIATIONS)] if judged else None,
        assurance=ASSURANCES[at % len(ASSURANCES)] if judged and at % 2 else None,
    )


NAMES = (
    "Puhelut",
    "Välitön yhteydensaanti",
    "Takaisinsoitto 24 h",
    "Hoidon tarpeen arviointi samana päivänä",
    "Digiasioinnin osuus",
    "Etäkontaktien osuus",
    "Chatin odotusaika, mediaani",
    "T3, kiireetön lääkäri",
    "Lääkärille 7 päivässä",
)
HEADS = ("Mittari", "13 kk", "Elo 2026", "Heinä 2026", "Elo 2025", "Tavoite", "Palvelu­yksikkö", "Tila")


def metric_table(count: int = 9, caption: str = "Yhteydensaanti ja etäasiointi") -> MetricTable:
    rows = tuple(metric_row(at, NAMES[at % len(NAMES)]) for at in range(count))
    key = tuple(dict.fromkeys(sign for row in rows for sign in row.signs))
    return MetricTable(caption, HEADS, rows, "Vaihtelu", key)


def register(count: int) -> Table:
    return Table(
        caption="Toimenpiteet",
        columns=(
            Column("Toimenpide"),
            Column("Vastuu"),
            Column("Määräpäivä"),
            Column("Myöhässä, pv", True),
            Column("Vaikutus"),
        ),
        rows=tuple(
            (
                f"Takaisinsoittojen aamuresurssin lisääminen, vaihe {at + 1}",
                "osastonhoitaja",
                f"{1 + at % 28}.9.2026",
                str(at * 3),
                "72,0 % → 78,5 %",
            )
            for at in range(count)
        ),
        empty="Ei avoimia toimenpiteitä.",
        tones=((0, 3, "good"), (1, 3, "off")) if count > 1 else (),
    )


def opening() -> Section:
    tiles = Tiles(
        "Osa-alueet",
        (
            Tile("Saatavuus", "off", "4 / 9 tavoitteessa", ("2 seurattavaa, 3 poikkeamaa",)),
            Tile("Laatu ja turvallisuus", "watch", "6 / 8 tavoitteessa", ("2 seurattavaa",)),
            Tile("Henkilöstö", "good", "7 / 7 tavoitteessa", ("ei poikkeamia",)),
            Tile("Toiminta ja talous", "none", "ei tietoa", ("talous: heinäkuu",)),
        ),
    )
    items = tuple(
        FindingItem(
            tone=("off", "off", "watch")[at % 3],
            badge=("uusi", "3 kk", "lakisääteinen")[at % 3],
            title=NAMES[at + 1],
            value=f"{62 + at},1 %",
            target="≥ 80 %",
            sentence="Osuus on laskenut kolme kuukautta ja on nyt ohjausrajan alapuolella; "
            "palveluyksikkö 74,0 %.",
            react="johtotiimi, osastonhoitaja",
        )
        for at in range(5)
    )
    return Section(
        id="tilanne",
        title="Kuukauden poikkeamat ja sovitut toimenpiteet",
        blocks=(
            Notice(
                "watch",
                "Talouden luvut ovat heinäkuulta; elokuun laskutus ei ole valmis. "
                "Kysely puuttuu yhdestä yksiköstä (3/4 yksikköä).",
            ),
            tiles,
            Findings(items, "Ei poikkeamia.", "Lisäksi kaksi muuta poikkeamaa taulukoissa."),
            register(5),
        ),
        opening=True,
    )


def extremes() -> Section:
    """What the world may send: nothing, one point, all equal, huge, negative, very long, forty rows."""
    none = (None,) * 24
    one = (*none[:-1], 12.0)
    blocks: tuple[Block, ...] = (
        Trend(
            title="Ei arvoja",
            subtitle="Mittari, %",
            labels=MONTHS,
            lines=(Line("yksikkö", none, "main"),),
            unit="%",
            decimals=1,
            low=None,
            high=None,
            latest="ei tietoa",
            note="Tietoa ei ole toimitettu.",
            alt="Ei arvoja.",
        ),
        Trend(
            title="Yksi piste",
            subtitle="Mittari, kpl",
            labels=MONTHS,
            lines=(Line("yksikkö", one, "main"),),
            unit="kpl",
            decimals=0,
            low=None,
            high=None,
            latest="12",
            note="Alle 13 pistettä.",
            alt="Yksi arvo.",
        ),
        Trend(
            title="Kaikki samoja",
            subtitle="Mittari, %",
            labels=MONTHS,
            lines=(Line("yksikkö", (100.0,) * 24, "main"), Line("tavoite", (100.0,) * 24, "target")),
            unit="%",
            decimals=0,
            low=100.0,
            high=100.0,
            latest="100 %",
            note="",
            alt="Tasainen.",
        ),
        Trend(
            title="Suuria lukuja ja aukkoja",
            subtitle="Kulut, €",
            labels=MONTHS,
            lines=(
                Line("yksikkö", tuple(None if at % 5 == 2 else 8.1e6 + 4e5 * at for at in range(24)), "main"),
            ),
            unit="€",
            decimals=0,
            low=None,
            high=None,
            latest="17,3 milj. €",
            note="",
            alt="Suuria.",
        ),
        Trend(
            title="Negatiivisia lukuja",
            subtitle="Poikkeama, €",
            labels=MONTHS,
            lines=(Line("yksikkö", wave(2, -20, 40), "main"), Line(LONG, wave(3, -25, 3), "reference")),
            unit="€",
            decimals=0,
            low=None,
            high=None,
            latest="−12 €",
            note=LONG,
            alt="Negatiivisia.",
        ),
        Bars(
            title="Poikkeama budjetista",
            subtitle=LONG,
            bars=(
                Bar(label=LONG, value=-12.0, text="−12,0 %", tone="off"),
                Bar(label="Kilo", value=4.0, text="4,0 %", tone="good"),
                Bar(label="Pieni", value=None, text="n < 5"),
            ),
            unit="%",
            decimals=1,
            target=0.0,
            target_label="tavoite 0 %",
            reference=None,
            reference_label="",
            note="",
            alt="Poikkeamat.",
        ),
        Bars(
            title="Ei rivejä",
            subtitle="Mittari",
            bars=(),
            unit="%",
            decimals=0,
            target=None,
            target_label="",
            reference=None,
            reference_label="",
            note="Tietoa ei ole toimitettu.",
            alt="Ei rivejä.",
        ),
        Table(
            caption="Tyhjä taulukko",
            columns=(Column("A"), Column("B", True)),
            rows=(),
            empty="Ei rivejä tältä kuukaudelta.",
        ),
        MetricTable(
            "Pitkiä nimiä",
            HEADS,
            (
                MetricRow(
                    name=LONG,
                    unit="prosenttiyksikköä",
                    spark=Spark((None,) * 13, None, "ei arvoja"),
                    cells=("ei tietoa", "liian vähän", "kesken", "−1 234 567,8", "12 345 678,9 €"),
                    tone="none",
                    status="ei tietoa",
                    note=LONG,
                    definition=LONG,
                ),
                MetricRow(
                    name="Yksi arvo",
                    unit="",
                    spark=Spark((*(None,) * 12, 3.0), 3.0, "yksi arvo"),
                    cells=("3", "–", "–", "–", "–"),
                    tone="neutral",
                    status="ei tavoitetta",
                    note="",
                    definition="Määritelmä.",
                ),
            ),
        ),
        register(40),
        Table(
            caption="Uudet päätökset",
            columns=(
                Column("Mitä"),
                Column("Vastuurooli"),
                Column("Määräpäivä"),
                Column("Mittari"),
                Column("JYL:lle"),
            ),
            rows=(),
            empty="",
            blank_rows=5,
        ),
        Definitions(
            "Määritelmät",
            tuple(
                (name, f"{name}: osuus kaikista kuukauden tapahtumista, joissa {LONG.lower()} on kirjattu.")
                for name in NAMES
            ),
        ),
        Findings((), "Ei poikkeamia tässä kuussa."),
        Text(("Ensimmäinen kappale. " * 12, "Toinen kappale.")),
    )
    return Section(id="aaret", title="Ääritapaukset", blocks=blocks)


def ordinary(number: int) -> Section:
    return Section(
        id=f"teema{number}",
        title=(
            "Yhteydensaanti ja etäasiointi",
            "Hoidon saatavuus ja jatkuvuus",
            "HaiPro ja omavalvonta",
            "Asiakaspalaute ja -kokemus",
            "Henkilöstö ja resursointi",
            "Toiminta ja talous",
        )[number % 6],
        blocks=(metric_table(), trend(number), trend(number + 5, "Odotus lyhenee")),
    )


def a_pack(sections: tuple[Section, ...], watermark: str = "") -> Pack:
    return Pack(
        id="unit",
        org="espoonlahti",
        period="2026-08",
        language="fi",
        message="",
        title="Toimintayksikön kuukausikatsaus",
        subtitle="johtotiimi 9.9.2026",
        org_name="Espoonlahden terveysasema",
        period_label="elokuu 2026",
        watermark=watermark,
        footer="unit/espoonlahti · elokuu 2026",
        trace="3f9a1c52d07b",
        sections=sections,
        words=WORDS,
    )


def every_block() -> Pack:
    """Every kind of block, ordinary then extreme."""
    comparison = Section(
        id="vertailu", title="Vertailu ja kysely", blocks=(bars(2), pareto(), funnel(), stacked())
    )
    return a_pack((opening(), ordinary(0), comparison, extremes()), "ENNAKKO")


def eight_pages() -> Pack:
    """The pack of the speed figures: some 8 pages, 12 charts, 8 tables."""
    last = Section(
        id="laatu",
        title="Tietojen laatu",
        blocks=(
            register(12),
            Definitions("Määritelmät", tuple((name, "osuus kuukauden tapahtumista") for name in NAMES)),
        ),
    )
    return a_pack((opening(), *(ordinary(number) for number in range(6)), last))
