"""The program beside what anybody could use instead, on the same input: readers of a file, makers of a page,
of a deck.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd
from playwright.sync_api import sync_playwright
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.util import Mm
from weasyprint import HTML

from opti_reports.model.look import Look
from opti_reports.model.pack import Pack
from opti_reports.packs.build import build
from opti_reports.packs.material import Material
from opti_reports.render.clean import clean_pack
from opti_reports.render.pdf import fitted, render_html
from opti_reports.render.pptx import fitted as fitted_deck

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run")
UNIT, SERVICE_UNIT = "lohja", "lantinen"
ROUNDS = 3


@dataclass(frozen=True)
class Beside:
    """What was set beside the program's way, and its seconds; None: it is not installed."""

    name: str
    seconds: float | None


def taken(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Seconds of the fastest round."""
    found = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        found.append(time.perf_counter() - begun)
    return min(found)


def readers(path: Path) -> Iterator[Beside]:
    """Engines that read the same file as text and count it by unit and month, with no check at all."""
    by = ["palveluntuottaja_yksikko", "month"]

    def pandas() -> int:
        frame = pd.read_csv(path, sep=";", dtype=str, keep_default_na=False, engine="c")
        return len(frame.assign(month=frame["kaynti_alkoi"].str[:7]).groupby(by).size())

    yield Beside("pandas' C parser", taken(pandas, 1))
    for name, work in (("duckdb", _duckdb), ("polars", _polars)):
        there = find_spec(name) is not None
        yield Beside(f"{name}, no checks", taken(partial(work, path), 1) if there else None)


def _duckdb(path: Path) -> int:
    engine: Any = import_module("duckdb").connect(config={"threads": 1})
    read = "read_csv(?, delim = ';', header = true, all_varchar = true)"
    counted = f"select 1, substr(kaynti_alkoi, 1, 7) m, count(*) from {read} group by 1, m"
    return len(engine.execute(counted, [str(path)]).fetchall())


def _polars(path: Path) -> int:
    polars: Any = import_module("polars")
    month = polars.col("kaynti_alkoi").str.slice(0, 7).alias("month")
    read = polars.scan_csv(path, separator=";", infer_schema=False).with_columns(month)
    return int(read.group_by("palveluntuottaja_yksikko", "month").len().collect().height)


def pages(material: Material, look: Look) -> tuple[float, list[Beside]]:
    """Seconds of a unit's pack, and of its HTML made to a PDF by others, without what makes it archival."""
    spec = material.configs.packs["unit"]
    pack = clean_pack(build(material, spec, UNIT, "fi"))
    html = render_html(pack, look)
    ours = taken(lambda: fitted(pack, look, spec.pages))
    weasyprint = taken(lambda: HTML(string=html, base_url=str(look.templates / "pdf")).write_pdf())
    return ours, [Beside("plain WeasyPrint", weasyprint), *browsers(html)]


def browsers(html: str) -> Iterator[Beside]:
    """A headless browser started for the page, and one that waits for it."""
    if not CHROMIUM:
        yield from (Beside(f"{state} Chromium", None) for state in ("cold", "warm"))
        return
    with tempfile.TemporaryDirectory() as folder:
        page, pdf = Path(folder) / "page.html", Path(folder) / "page.pdf"
        page.write_text(html, encoding="utf-8")
        command = [CHROMIUM, *FLAGS, f"--print-to-pdf={pdf}", page.as_uri()]
        yield Beside("cold Chromium", taken(lambda: subprocess.run(command, check=True, capture_output=True)))
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
            tab = browser.new_page()

            def warm() -> None:
                tab.goto(page.as_uri())
                tab.pdf(path=pdf)

            yield Beside("warm Chromium", taken(warm))
            browser.close()


def decks(material: Material, look: Look) -> tuple[float, list[Beside]]:
    """Seconds of a service unit's deck, and of its titles, tables and charts put on bare slides."""
    spec = material.configs.packs["service_unit"]
    pack: Pack = build(material, spec, SERVICE_UNIT, "fi")
    _, made = fitted_deck(pack, look, spec.pages)
    bare = _bare(Presentation(io.BytesIO(made)))
    return taken(lambda: fitted_deck(pack, look, spec.pages)), [Beside("plain python-pptx", taken(bare))]


def _bare(deck: Any) -> Callable[[], None]:
    """Return what puts a deck's titles, tables and charts on bare slides."""
    slides = []
    for slide in deck.slides:
        tables = [
            [[c.text_frame.text for c in r.cells] for r in s.table.rows] for s in slide.shapes if s.has_table
        ]
        charts = [(s.chart.chart_type, _data(s.chart)) for s in slide.shapes if s.has_chart]
        title = slide.shapes.title.text_frame.text if slide.shapes.title else ""
        slides.append((title, tables, charts))

    def make() -> None:
        new = Presentation()
        for title, tables, charts in slides:
            slide = new.slides.add_slide(new.slide_layouts[5])
            slide.shapes.title.text_frame.text = title
            for rows in tables:
                shape = slide.shapes.add_table(len(rows), len(rows[0]), Mm(10), Mm(40), Mm(230), Mm(100))
                for at, row in enumerate(rows):
                    for column, text in enumerate(row):
                        shape.table.cell(at, column).text_frame.text = text
            for kind, data in charts:
                slide.shapes.add_chart(kind, Mm(10), Mm(40), Mm(100), Mm(60), data)
        new.save(io.BytesIO())

    return make


def _data(chart: Any) -> Any:
    data: Any = CategoryChartData()  # type: ignore[no-untyped-call]
    data.categories = [str(one) for one in chart.plots[0].categories]
    for plot in chart.plots:
        for series in plot.series:
            data.add_series(series.name, series.values)
    return data


def ratios(ours: float, others: list[Beside]) -> str:
    """Our seconds, and of the others by how much they take longer: 0.5 is half as long."""
    said = ", ".join(
        f"{one.name} {one.seconds:.2f} s ({one.seconds / ours:.2f})"
        if one.seconds is not None
        else f"{one.name} not installed"
        for one in others
    )
    return f"{ours:.2f} s; {said}"
