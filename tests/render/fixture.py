"""Packs made by hand: one with every kind of block, plain and extreme, one of ordinary size for timing."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path

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
    Spark,
    Table,
    Text,
    Tile,
    Tiles,
)

ROOT = Path(__file__).parents[2]
MONTHS = tuple(f"{1 + (8 + at) % 12}/{2024 + (8 + at) // 12}" for at in range(24))
WORDS = {
    "page": "Sivu",
    "basis": "luvut jäljitettävissä",
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
        title,
        "Takaisinsoitto 24 tunnin kuluessa, % puheluista",
        MONTHS,
        (
            Line("tavoite 80 %", (80.0,) * 24, "target"),
            Line("palveluyksikkö", wave(at + 9, 76, 2), "reference"),
            Line("yksikkö", values, "main"),
        ),
        "%",
        1,
        63.0,
        83.0,
        f"{values[-1]:.1f} %".replace(".", ","),
        "1 uusi ajanvaraus, kesä 25; 2 yhdistyminen: Kilo, tammi 26 · Ohjausrajat 24 kuukauden arvoista.",
        f"Viivakaavio, 24 kuukautta, viimeisin {values[-1]}.",
        (Mark(9, "uusi ajanvaraus", "action"), Mark(16, "yhdistyminen: Kilo", "merge")),
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
        "Kaksi yksikköä alle palveluyksikön vaihtelun",
        "Takaisinsoitto 24 tunnin kuluessa, %, 95 %:n väli",
        tuple(
            Bar(
                names[i % 10],
                value,
                f"{value:.1f} %".replace(".", ","),
                ("neutral", "off", "neutral", "good", "watch", "neutral")[i % 6],
                value - 4 - i % 3,
                value + 4 + i % 2,
            )
            for i, value in enumerate(values)
        ),
        "%",
        1,
        80.0,
        "tavoite 80 %",
        74.0,
        "palveluyksikkö 74,0 %",
        "",
        "Pistekaavio yksiköittäin.",
    )


def funnel(count: int = 12) -> FunnelPlot:
    """Units of growing size around 74 %, every fourth of them outside the limits."""
    names = [bar.label for bar in bars(0, 12).bars]
    tones = ("neutral", "off", "neutral", "good", "neutral", "watch")
    units = tuple(
        FunnelUnit(
            f"{names[at % len(names)]} {at}",
            60.0 + 40 * at,
            value,
            f"{value:.1f} %".replace(".", ","),
            tones[at % 6],
            value - 5,
            value + 5,
        )
        for at, value in enumerate(wave(4, 74, 7, count))
    )
    sizes = [40.0 * 1.1**step for step in range(30)] if count else []
    edges = tuple(
        FunnelEdge(n, 74 - 86 / n**0.5, 74 + 86 / n**0.5, 74 - 135 / n**0.5, min(74 + 135 / n**0.5, 100.0))
        for n in sizes
    )
    return FunnelPlot(
        "Kilo selvästi muita heikompi",
        "Takaisinsoitto 24 tunnin kuluessa, %",
        (*units, FunnelUnit("Karkkila", 3, None, "liian vähän", "none")),
        edges,
        74.0,
        "kaikki yhteensä 74,0 %",
        ("95 %", "99,8 %"),
        "%",
        1,
        "Ei kuviossa: Karkkila (liian vähän).",
        "Suppilokuvio.",
    )


def pareto() -> Bars:
    counts = (
        ("Lääkehoito", 41),
        ("Tiedonkulku tai tiedonhallinta", 28),
        ("Tapaturma, onnettomuus", 12),
        ("Laite tai tarvike", 7),
        ("Diagnoosi", 5),
    )
    found = tuple(Bar(name, float(n), f"{n}") for name, n in counts)
    return Bars(
        "Lääkehoito on yleisin ilmoitusten aihe",
        "HaiPro-ilmoitukset tyypeittäin, kpl",
        (*found, Bar("Muu", None, "n < 5")),
        "kpl",
        0,
        None,
        "",
        None,
        "",
        "Pienet luvut on suojattu.",
        "Palkkikaavio tyypeittäin.",
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
        "Kolme neljästä saa apua tarvitessaan",
        "Asiakaskysely, vastausten osuudet, %",
        legend,
        tuple(rows),
        "Vastaajia 212.",
        "Väittämät.",
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
        name,
        "%",
        Spark(values, 55.0 if at % 2 else None, f"13 kuukautta, viimeisin {51 + at},5"),
        cells,
        tone,
        status,
        "n = 1 234; talous: heinäkuu" if at % 3 == 0 else "",
        f"{name}: osuus kaikista kuukauden tapahtumista.",
        VARIATIONS[at % len(VARIATIONS)] if judged else None,
        ASSURANCES[at % len(ASSURANCES)] if judged and at % 2 else None,
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
        "Toimenpiteet",
        (
            Column("Toimenpide"),
            Column("Vastuu"),
            Column("Määräpäivä"),
            Column("Myöhässä, pv", True),
            Column("Vaikutus"),
        ),
        tuple(
            (
                f"Takaisinsoittojen aamuresurssin lisääminen, vaihe {at + 1}",
                "osastonhoitaja",
                f"{1 + at % 28}.9.2026",
                str(at * 3),
                "72,0 % → 78,5 %",
            )
            for at in range(count)
        ),
        "Ei avoimia toimenpiteitä.",
        tones=((0, 3, "good"), (1, 3, "off")) if count > 1 else (),
    )


def opening() -> Section:
    tiles = Tiles(
        (
            Tile("Saatavuus", "off", "4 / 9 tavoitteessa", ("2 seurattavaa, 3 poikkeamaa",)),
            Tile("Laatu ja turvallisuus", "watch", "6 / 8 tavoitteessa", ("2 seurattavaa",)),
            Tile("Henkilöstö", "good", "7 / 7 tavoitteessa", ("ei poikkeamia",)),
            Tile("Toiminta ja talous", "none", "ei tietoa", ("talous: heinäkuu",)),
        )
    )
    items = tuple(
        FindingItem(
            ("off", "off", "watch")[at % 3],
            ("uusi", "3 kk", "lakisääteinen")[at % 3],
            NAMES[at + 1],
            f"{62 + at},1 %",
            "≥ 80 %",
            "Osuus on laskenut kolme kuukautta ja on nyt ohjausrajan alapuolella; palveluyksikkö 74,0 %.",
            "johtotiimi, osastonhoitaja",
        )
        for at in range(5)
    )
    return Section(
        "tilanne",
        "Kuukauden poikkeamat ja sovitut toimenpiteet",
        (
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
            "Ei arvoja",
            "Mittari, %",
            MONTHS,
            (Line("yksikkö", none, "main"),),
            "%",
            1,
            None,
            None,
            "ei tietoa",
            "Tietoa ei ole toimitettu.",
            "Ei arvoja.",
        ),
        Trend(
            "Yksi piste",
            "Mittari, kpl",
            MONTHS,
            (Line("yksikkö", one, "main"),),
            "kpl",
            0,
            None,
            None,
            "12",
            "Alle 13 pistettä.",
            "Yksi arvo.",
        ),
        Trend(
            "Kaikki samoja",
            "Mittari, %",
            MONTHS,
            (Line("yksikkö", (100.0,) * 24, "main"), Line("tavoite", (100.0,) * 24, "target")),
            "%",
            0,
            100.0,
            100.0,
            "100 %",
            "",
            "Tasainen.",
        ),
        Trend(
            "Suuria lukuja ja aukkoja",
            "Kulut, €",
            MONTHS,
            (Line("yksikkö", tuple(None if at % 5 == 2 else 8.1e6 + 4e5 * at for at in range(24)), "main"),),
            "€",
            0,
            None,
            None,
            "17,3 milj. €",
            "",
            "Suuria.",
        ),
        Trend(
            "Negatiivisia lukuja",
            "Poikkeama, €",
            MONTHS,
            (Line("yksikkö", wave(2, -20, 40), "main"), Line(LONG, wave(3, -25, 3), "reference")),
            "€",
            0,
            None,
            None,
            "−12 €",
            LONG,
            "Negatiivisia.",
        ),
        Bars(
            "Poikkeama budjetista",
            LONG,
            (
                Bar(LONG, -12.0, "−12,0 %", "off"),
                Bar("Kilo", 4.0, "4,0 %", "good"),
                Bar("Pieni", None, "n < 5"),
            ),
            "%",
            1,
            0.0,
            "tavoite 0 %",
            None,
            "",
            "",
            "Poikkeamat.",
        ),
        Bars(
            "Ei rivejä", "Mittari", (), "%", 0, None, "", None, "", "Tietoa ei ole toimitettu.", "Ei rivejä."
        ),
        Table("Tyhjä taulukko", (Column("A"), Column("B", True)), (), "Ei rivejä tältä kuukaudelta."),
        MetricTable(
            "Pitkiä nimiä",
            HEADS,
            (
                MetricRow(
                    LONG,
                    "prosenttiyksikköä",
                    Spark((None,) * 13, None, "ei arvoja"),
                    ("ei tietoa", "liian vähän", "kesken", "−1 234 567,8", "12 345 678,9 €"),
                    "none",
                    "ei tietoa",
                    LONG,
                    LONG,
                ),
                MetricRow(
                    "Yksi arvo",
                    "",
                    Spark((*(None,) * 12, 3.0), 3.0, "yksi arvo"),
                    ("3", "–", "–", "–", "–"),
                    "neutral",
                    "ei tavoitetta",
                    "",
                    "Määritelmä.",
                ),
            ),
        ),
        register(40),
        Table(
            "Uudet päätökset",
            (
                Column("Mitä"),
                Column("Vastuurooli"),
                Column("Määräpäivä"),
                Column("Mittari"),
                Column("JYL:lle"),
            ),
            (),
            "",
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
    return Section("aaret", "Ääritapaukset", blocks)


def ordinary(number: int) -> Section:
    return Section(
        f"teema{number}",
        (
            "Yhteydensaanti ja etäasiointi",
            "Hoidon saatavuus ja jatkuvuus",
            "HaiPro ja omavalvonta",
            "Asiakaspalaute ja -kokemus",
            "Henkilöstö ja resursointi",
            "Toiminta ja talous",
        )[number % 6],
        (metric_table(), trend(number), trend(number + 5, "Odotus lyhenee")),
    )


def a_pack(sections: tuple[Section, ...], watermark: str = "") -> Pack:
    return Pack(
        "unit",
        "espoonlahti",
        "2026-08",
        "fi",
        "Toimintayksikön kuukausikatsaus",
        "johtotiimi 9.9.2026",
        "Espoonlahden terveysasema",
        "elokuu 2026",
        watermark,
        "unit/espoonlahti · elokuu 2026",
        "3f9a1c52d07b",
        sections,
        WORDS,
    )


def every_block() -> Pack:
    """Every kind of block, ordinary then extreme."""
    comparison = Section("vertailu", "Vertailu ja kysely", (bars(2), pareto(), funnel(), stacked()))
    return a_pack((opening(), ordinary(0), comparison, extremes()), "ENNAKKO")


def eight_pages() -> Pack:
    """The pack of the speed figures: some 8 pages, 12 charts, 8 tables."""
    last = Section(
        "laatu",
        "Tietojen laatu",
        (
            register(12),
            Definitions("Määritelmät", tuple((name, "osuus kuukauden tapahtumista") for name in NAMES)),
        ),
    )
    return a_pack((opening(), *(ordinary(number) for number in range(6)), last))
