"""Every headline figure of a whole run as its readers see it, in each place; read without opti_reports.

Metrics, names and targets come from the TOML files and values.csv, figures from the documents themselves.
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

import pikepdf
from lxml import html
from pptx import Presentation
from python_calamine import load_workbook

MARKS = {"●": "good", "◆": "watch", "▲": "off", "○": "none", "–": "none"}
STATES = {"tavoitteessa": "good", "lähellä tavoitetta": "watch", "ei tavoitteessa": "off"}
FIGURE = re.compile(r"(?:(alle|yli) )?(−?(?:\d{1,3}(?:\u00a0\d{3})+|\d+)(?:,\d+)?)")
MONTHS = (
    "tammi",
    "helmi",
    "maalis",
    "huhti",
    "touko",
    "kesä",
    "heinä",
    "elo",
    "syys",
    "loka",
    "marras",
    "joulu",
)
Row = dict[str, str]


@dataclass(frozen=True)
class Seen:
    """A figure in a place: ``text`` as shown, ``status`` as marked or worded there (None: not said)."""

    place: str
    metric: str
    org: str
    kind: str
    period: str
    text: str
    status: str | None

    @property
    def figure(self) -> tuple[str, str]:
        """``alle`` or ``yli`` and the number, without unit and marks; empty where there are only words."""
        found = FIGURE.match(self.text)
        return (found[1] or "", found[2]) if found and "/" not in self.text.split(" (")[0] else ("", "")


@dataclass(frozen=True)
class Run:
    """A month's folder in a workspace."""

    workspace: Path
    month: str
    table: str = "values.csv"
    """The figures of those whose places are looked at."""

    @property
    def folder(self) -> Path:
        return self.workspace / "output" / self.month

    @cached_property
    def metrics(self) -> dict[str, dict[str, Any]]:
        paths = sorted((self.workspace / "configs/themes").glob("*.toml"))
        themes = [tomllib.loads(path.read_text(encoding="utf-8")) for path in paths]
        return {name: metric for theme in themes for name, metric in theme["metric"].items()}

    @cached_property
    def rows(self) -> list[Row]:
        """The headline rows of the table of figures."""
        with (self.folder / self.table).open(encoding="utf-8", newline="") as file:
            return [row for row in csv.DictReader(file) if not row["breakdown"]]

    @cached_property
    def values(self) -> dict[tuple[str, str, str, str], Row]:
        return {(r["metric"], r["org"], r["period_kind"], r["period"]): r for r in self.rows}

    @cached_property
    def _newest(self) -> dict[tuple[str, str, str], str]:
        found: dict[tuple[str, str, str], str] = {}
        for row in self.rows:
            if row["state"] != "missing":
                place = row["metric"], row["org"], row["period_kind"]
                found[place] = max(found.get(place, ""), row["period"])
        return found

    def metric_of(self, title: str) -> str | None:
        """The metric whose name a title begins with, the longest if several do."""
        squeezed = title.replace("\u00a0", " ")
        fitting = {
            m["name"]["fi"]: id for id, m in self.metrics.items() if squeezed.startswith(m["name"]["fi"])
        }
        return fitting[max(fitting, key=len)] if fitting else None

    def period_of(self, metric: str, org: str, tertial: bool) -> tuple[str, str]:
        """The kind and text of the period that a pack calls now."""
        window = self.metrics[metric].get("window", "month")
        plain = "tertial" if tertial else "month"
        kind = plain if window in ("month", "weeks") else window
        return kind, self._newest.get((metric, org, kind), self.month)

    def seen(self, places: Callable[[str], bool]) -> Iterator[Seen]:
        """Every figure of the places wanted: packs by the folder and name of a file, and the page."""
        packs = self.folder / "packs"
        every = sorted(packs.rglob("*.fi.*"))
        files = [path for path in every if places(path.relative_to(packs).as_posix())]
        for path in files:
            if path.suffix == ".pdf":
                yield from self._document(path, [*_embedded(path)])
            elif path.suffix == ".pptx":
                yield from self._deck(path)
            elif path.suffix == ".xlsx":
                yield from self._workbook(path)
        if places("index.html"):
            yield from self._page(self.folder / "index.html")

    def _now(
        self, place: str, org: str, metric: str | None, tertial: bool, text: str, status: str | None
    ) -> Iterator[Seen]:
        if metric is not None:
            yield Seen(place, metric, org, *self.period_of(metric, org, tertial), text, status)

    def _sections(self, path: Path) -> dict[str, bool]:
        """The sections of a pack by title, and whether they show tertials."""
        spec = tomllib.loads(
            (self.workspace / f"configs/packs/{path.parent.name}.toml").read_text(encoding="utf-8")
        )
        whole = spec.get("cadence", "month") == "tertial"
        return {s["title"]["fi"]: whole or s.get("cadence") == "tertial" for s in spec["section"]}

    def _document(self, path: Path, cells: list[Row]) -> Iterator[Seen]:
        """The figures a PDF holds as luvut.csv; its pages are compared with these by the test."""
        org, place, sections = (
            path.name.split(".")[0],
            f"{path.parent.name}/{path.name}",
            self._sections(path),
        )
        status = {
            (r["osio"], r["rivi"]): STATES.get(r["teksti"], "none") for r in cells if r["sarake"] == "Tila"
        }
        for row in cells:
            tertial, metric = sections[row["osio"]], self.metric_of(row["rivi"])
            if row["sarake"] in ("Nyt", "Arvo") and ":" not in row["rivi"].removeprefix("THL:"):
                said = status.get((row["osio"], row["rivi"]))
                if row["sarake"] == "Arvo" and said is None:
                    continue  # a deviation, of a period of its own: the sentence names it
                yield from self._now(place, org, metric, tertial, row["teksti"], said)
            drawn = self.metric_of(row["taulukko tai kuvio"])
            period = _period(row["sarake"])
            if (
                drawn
                and period
                and row["luku"]
                and row["rivi"] == self._names[org]
                and "12 kuukaudessa" not in row["taulukko tai kuvio"]
            ):
                kind, _ = self.period_of(drawn, org, tertial)
                yield Seen(
                    f"{place} luvut.csv",
                    drawn,
                    org,
                    kind,
                    period,
                    row["luku"].replace(".", ",").replace("-", "−"),
                    None,
                )

    @cached_property
    def _names(self) -> dict[str, str]:
        return {unit["id"]: unit["name"]["fi"] for unit in self._organisation}

    def _deck(self, path: Path) -> Iterator[Seen]:
        org, place = path.name.split(".")[0], f"{path.parent.name}/{path.name}"
        spec = tomllib.loads((self.workspace / f"configs/packs/{path.parent.name}.toml").read_text("utf-8"))
        tertial_tables = {
            self.metrics[metric]["name"]["fi"]
            for section in spec["section"]
            for block in section["block"]
            if block["kind"] == "metric_table"
            and "tertial" in (block.get("cadence"), section.get("cadence"), spec.get("cadence"))
            for metric in block["metrics"]
        }
        for slide in Presentation(str(path)).slides:
            for shape in slide.shapes:
                if shape.has_table:
                    rows = [[cell.text_frame.text for cell in row.cells] for row in shape.table.rows]
                    yield from self._table(place, org, rows, tertial_tables)
                elif shape.has_chart:
                    names = [str(name) for name in shape.chart.plots[0].categories]
                    yield from self._bars(place, org, self.metric_of(shape.name), names)

    def _table(
        self, place: str, org: str, table: list[list[str]], tertial_tables: set[str]
    ) -> Iterator[Seen]:
        """A slide's table of metrics, or of units by metrics: there the mark stands in the cell."""
        head, *rows = table
        for row in rows:
            metric = self.metric_of(row[0])
            if metric is None or not {"Nyt", "Arvo", "Tavoite"} & {*head}:
                continue
            tertial = self.metrics[metric]["name"]["fi"] in tertial_tables
            if "Tila" in head:
                at = head.index("Nyt" if "Nyt" in head else "Arvo")
                yield from self._now(place, org, metric, tertial, row[at], MARKS[row[head.index("Tila")][0]])
            for label, text in zip(head, row, strict=True):
                if unit := self._units.get(label):
                    yield from self._marked(place, unit, metric, text)

    def _bars(self, place: str, org: str, metric: str | None, names: list[str]) -> Iterator[Seen]:
        """Units side by side: each category of the chart is a unit's name and its figure."""
        for name, _, text in (one.partition("  ") for one in names):
            if metric and (unit := self._units.get(name)):
                yield from self._marked(f"{place} bars", unit, metric, text)

    def _marked(self, place: str, org: str, metric: str, text: str) -> Iterator[Seen]:
        """A figure with the mark of its status before it; without one it has no status."""
        said = MARKS.get(text[:1], "none")
        kind, _ = self.period_of(metric, org, False)
        if (metric, org, kind) in self._newest:
            plain = text[2:] if text[:1] in MARKS else text
            yield from self._now(place, org, metric, False, plain, said)

    @cached_property
    def _units(self) -> dict[str, str]:
        return {u["short"]["fi"]: u["id"] for u in self._organisation if "short" in u}

    @cached_property
    def _organisation(self) -> list[dict[str, Any]]:
        path = self.workspace / "configs/organisation.toml"
        units: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["unit"]
        return units

    def _workbook(self, path: Path) -> Iterator[Seen]:
        org, place = path.name.split(".")[0], f"{path.parent.name}/{path.name}"
        deviations = {(r["metric"], r["org"]): r for r in self.deviations}
        for cells in load_workbook(path).get_sheet_by_index(0).to_python():
            if cells[0] in self.metrics:
                row = deviations[str(cells[0]), org]
                yield Seen(place, row["metric"], org, row["period_kind"], row["period"], str(cells[2]), None)

    @cached_property
    def deviations(self) -> list[Row]:
        with (self.folder / "deviations.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def _page(self, path: Path) -> Iterator[Seen]:
        """The month page: the table of units, and the rows of what deviates."""
        tree: Any = html.fromstring(path.read_text(encoding="utf-8"))
        for link in tree.xpath("//table[@class='matrix']//a[@id]"):
            metric, org = link.get("id").removeprefix("c-").split("--")
            text = re.sub(
                r"[ \n]+", " ", "".join(link.xpath("./text()|./span[not(@class='hide')]/text()"))
            ).strip()
            mark, figure = (text[0], text[2:]) if text[0] in MARKS else ("", text)
            yield from self._now("index.html", org, metric, False, figure, MARKS.get(mark, "none"))
        for row in tree.xpath("//table[@class='details']//tr[@id]"):
            metric, org = row.get("id").split("--")
            figure = "".join(row.xpath("./td[1]//text()")).strip()
            mark = "".join(row.xpath("./td[3]//text()")).strip()[:1]
            yield from self._now("index.html details", org, metric, False, figure, MARKS.get(mark, "none"))


def _period(label: str) -> str:
    """``elo 26`` as ``2026-08``, ``T2/26`` as ``2026-T2``; nothing for other texts."""
    name, _, year = label.replace("\u00a0", " ").partition(" ")
    if name in MONTHS and year.isdigit():
        return f"20{year}-{MONTHS.index(name) + 1:02d}"
    tertial = re.fullmatch(r"T([123])/(\d\d)", label)
    return f"20{tertial[2]}-T{tertial[1]}" if tertial else ""


def _embedded(path: Path) -> Iterator[Row]:
    with pikepdf.open(path) as pdf:
        text = pdf.attachments["luvut.csv"].get_file().read_bytes().decode("utf-8")
    yield from csv.DictReader(io.StringIO(text))


def rows_of(path: Path) -> Iterator[tuple[str, list[str]]]:
    """The rows of a PDF's tables of metrics: the metric's name and its cells up to the target."""
    found: dict[tuple[str, str, str], list[Row]] = {}
    for row in _embedded(path):
        found.setdefault((row["osio"], row["taulukko tai kuvio"], row["rivi"]), []).append(row)
    for (_, _, name), cells in found.items():
        if cells[0]["sarake"] == "Nyt":
            heads = [cell["sarake"] for cell in cells]
            yield name, [cell["teksti"] for cell in cells[: heads.index("Tavoite") + 1]]


def number(text: str) -> Fraction:
    """``1 234,5`` with a true minus."""
    return Fraction(text.replace("\u00a0", "").replace("−", "-").replace(",", "."))


def half_up(exact: Fraction, places: int) -> Fraction:
    """Rounded halves away from zero, by the decimal module."""
    scaled = Decimal(exact.numerator) * 10**places / Decimal(exact.denominator)
    return Fraction(scaled.quantize(Decimal(1), ROUND_HALF_UP)) / Fraction(10**places)


def judged(figure: Fraction, target: str, unit: str, places: int | None = None) -> str:
    """The status of a figure by a target as values.csv writes it; ``places``: that levels are shown with."""
    op, *levels, basis = target.replace("(", "").replace(")", "").split()
    found = [Fraction(level) for level in levels]
    most = max(map(abs, found))
    near = Fraction(0) if basis == "law" else min(Fraction(5), most / 4) if unit == "percent" else most / 20
    if basis in ("proposed", "example"):
        return "none"

    def lies(by: Fraction) -> bool:
        low, high = found[0] - by, found[-1] + by
        if places is not None:
            low, high = half_up(low, places), half_up(high, places)
        return (op == "<=" or figure >= low) and (op == ">=" or figure <= high)

    return "good" if lies(Fraction(0)) else "watch" if lies(near) else "off"
