"""One reading, said everywhere: icon, sentence, alternative text, chart, page, slide and figures agree.

Every metric of every pack of a whole run is compared, so that no two places can disagree.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

import pikepdf
import pytest
from pptx import Presentation

from opti_reports.config.configs import Configs
from opti_reports.model.spc import Assurance, Reading
from opti_reports.render.clean import clean_text
from opti_reports.render.environment import SIGNS
from tests import seen
from tests.workspaces import LAST, decided, pages

ORDINARY = "common_cause"
Blocks = list[dict[str, Any]]
Place = tuple[str, str, str, str]
"""Metric, organisation, kind of period and period."""
PLACES = {
    *("unit pdf", "unit pdf luvut.csv", "unit xlsx", "service_unit pptx", "service_unit pptx bars"),
    *("management_review pdf", "management_review pdf luvut.csv", "index.html", "index.html details"),
}
"""Where figures stand: pages, what they hold for programs, workbooks, slides and the month's page."""

COUNTY = ("management_review", "index.html")
"""The places of the county's figures."""


@pytest.fixture(scope="module")
def configs(shipped_run: Path) -> Configs:
    return decided(shipped_run)


@pytest.fixture(scope="module")
def judged(shipped_run: Path) -> dict[tuple[str, str], tuple[str, str, str]]:
    """Period, variation and assurance by metric and organisation, as the table of figures has them."""
    with (shipped_run / "output" / LAST / "values.unit.csv").open(encoding="utf-8", newline="") as file:
        return {
            (row["metric"], row["org"]): (row["period"], row["variation"], row["assurance"])
            for row in csv.DictReader(file)
            if row["variation"]
        }


def packs(workspace: Path, configs: Configs, *kinds: str) -> Iterator[tuple[str, Blocks, Path]]:
    """Organisation, blocks and document of every pack of the kinds; sections of tertials left out."""
    for kind in kinds:
        months = {section.id for section in configs.packs[kind].section if section.cadence is None}
        for path in sorted((workspace / "output" / LAST / "packs" / kind).glob("*.json")):
            pack = json.loads(path.read_text(encoding="utf-8"))
            sections = [section for section in pack["sections"] if section["id"] in months]
            document = next(
                p for p in path.parent.glob(f"{path.stem}.*") if p.suffix not in (".json", ".xlsx")
            )
            yield pack["org"], [block for section in sections for block in section["blocks"]], document


def rows(blocks: Blocks) -> Iterator[dict[str, Any]]:
    yield from (row for block in blocks if block["kind"] == "metric_table" for row in block["rows"])


def code(row: dict[str, Any], sign: str) -> str:
    return row[sign]["code"] if row[sign] else ""


def metric_of(configs: Configs, title: str) -> str:
    """The metric whose name a title begins with, the longest if several do."""
    names = {configs.metrics[id].name["fi"]: id for id in configs.metrics}
    return names[max((name for name in names if title.startswith(name)), key=len)]


KINDS = ("unit", "service_unit")
"""Packs of months; a pack of tertials shows no signals of months."""


def test_an_icon_is_the_reading_of_the_table_of_figures_in_the_words_of_the_reading(
    shipped_run: Path, configs: Configs, judged: dict[tuple[str, str], tuple[str, str, str]]
) -> None:
    say, seen = configs.wordings["fi"].say, Counter[str]()
    for org, blocks, _ in packs(shipped_run, configs, *KINDS):
        for row in rows(blocks):
            metric = metric_of(configs, row["name"])
            period, variation, assurance = judged.get((metric, org), ("", "", ""))
            if code(row, "variation") or period == LAST:
                assert (code(row, "variation"), code(row, "assurance")) == (variation, assurance), (
                    org,
                    metric,
                )
                seen[variation] += 1
            for sign, phrase in (("variation", "spc.variation"), ("assurance", "spc.assurance")):
                if row[sign]:
                    assert row[sign]["text"] == say(f"{phrase}.{row[sign]['code']}")
    assert seen[ORDINARY]
    assert len(seen) > 1, "the demo has signals of several kinds"


def test_a_chart_says_in_title_words_and_marks_what_the_table_of_figures_says(
    shipped_run: Path, configs: Configs, judged: dict[tuple[str, str], tuple[str, str, str]]
) -> None:
    say, compared = configs.wordings["fi"].say, Counter[str]()
    readings = {name: say(f"spc.variation.{name}") for name in get_args(Reading)}
    ends = {name: f": {text[:1].lower()}{text[1:].rstrip('.')}" for name, text in readings.items()}
    for org, blocks, _ in packs(shipped_run, configs, *KINDS):
        for chart in (block for block in blocks if block["kind"] == "trend"):
            metric = metric_of(configs, chart["title"])
            period, variation, assurance = judged.get((metric, org), ("", "", ""))
            if period != LAST:
                variation = assurance = ""
            place = org, chart["title"]
            said = [name for name, text in readings.items() if text in chart["alt"]]
            assert said == ([variation] if variation in readings else []), place
            assert [r for at, r in chart["flags"] if at == len(chart["labels"]) - 1] == said, place
            assert [name for name, end in ends.items() if chart["title"].endswith(end)] == said, place
            assurances = [a for a in get_args(Assurance) if say(f"spc.assurance.{a}") in chart["alt"]]
            assert assurances == ([assurance] if assurance else []), place
            compared[variation] += 1
    assert len(compared) > 2


@pytest.fixture(scope="module")
def run(shipped_run: Path) -> seen.Run:
    return seen.Run(shipped_run, LAST)


@pytest.fixture(scope="module", params=["values.csv", "values.unit.csv"])
def run_of(request: pytest.FixtureRequest, shipped_run: Path) -> seen.Run:
    """The run by the figures of each audience."""
    return seen.Run(shipped_run, LAST, request.param)


@pytest.fixture(scope="module")
def figures(run_of: seen.Run) -> dict[Place, list[seen.Seen]]:
    """Every figure that an audience sees by metric, organisation and period, wherever it stands."""
    found: dict[Place, list[seen.Seen]] = {}
    county = run_of.table == "values.csv"
    for one in run_of.seen(lambda place: place.startswith(COUNTY) == county):
        if one.figure[1]:
            found.setdefault((one.metric, one.org, one.kind, one.period), []).append(one)
    places = Counter(re.sub(r"/.*\.fi\.", " ", one.place) for some in found.values() for one in some)
    assert set(places) == {one for one in PLACES if county == one.startswith(COUNTY)}
    assert min(places.values()) > 10, places
    return found


def test_a_figure_has_one_rounding_and_one_status_wherever_it_stands(
    run_of: seen.Run, figures: dict[Place, list[seen.Seen]]
) -> None:
    for place, some in figures.items():
        written = {(word, number.replace("\u00a0", "")) for word, number in (one.figure for one in some)}
        assert len(written) == 1, [(one.place, one.text) for one in some]
        said = {one.status for one in some if one.status is not None}
        assert said <= {run_of.values[place]["status"]}, [(one.place, one.text, one.status) for one in some]


def test_a_figure_as_it_is_written_agrees_with_its_status_and_target(
    run_of: seen.Run, figures: dict[Place, list[seen.Seen]]
) -> None:
    longer = 0
    for place, (one, *_) in figures.items():
        row, decimals = run_of.values[place], run_of.metrics[place[0]].get("decimals", 1)
        assert row["state"] in ("ok", "partial"), one
        (word, number), exact = one.figure, Fraction(row["value"])
        if word:
            near = seen.half_up(exact, decimals + 2)
            assert seen.judged(near, row["target"], row["unit"], decimals + 2) != row["status"], one
            assert (exact < seen.number(number)) == (word == "alle"), one
            continue
        places = len(number.partition(",")[2])
        assert decimals <= places <= decimals + 2, one
        assert seen.number(number) == seen.half_up(exact, places), one
        if row["status"] != "none":
            assert seen.judged(exact, row["target"], row["unit"]) == row["status"], row
            assert (
                seen.judged(seen.number(number), row["target"], row["unit"], decimals + 2) == row["status"]
            ), one
            longer += places > decimals
    assert longer or run_of.table == "values.csv", (
        "the demo has figures whose own decimals would contradict their status"
    )


def test_a_page_reads_as_the_figures_it_holds(run: seen.Run) -> None:
    """The text of every PDF: after a metric's name its figure, the one before, a year ago and the target."""
    compared = 0
    for path in sorted((run.folder / "packs").rglob("*.fi.pdf")):
        text = _squeezed("".join(pages(path)))
        for name, cells in seen.rows_of(path):
            wanted = _squeezed("".join(cells))
            ends = [found.end() for found in re.finditer(re.escape(_squeezed(name)), text)]
            assert any(wanted in text[end : end + 900] for end in ends), (path.name, name, cells)
            compared += 1
    assert compared > 200


def _squeezed(text: str) -> str:
    """Without spaces, line breaks and hyphens."""
    return re.sub(r"[\s\u00ad\u2010\u2011\ufffe\x02-]", "", text)


def test_a_deviation_has_the_status_of_its_figure(run: seen.Run) -> None:
    assert run.deviations
    for row in run.deviations:
        value = run.values[row["metric"], row["org"], row["period_kind"], row["period"]]
        shown = "" if value["state"] == "few" else value["value"]  # a breach of the law, without a rate
        assert (row["value"], row["target"], row["status"]) == (shown, value["target"], value["status"])
        assert row["kind"] == "special_cause" or row["status"] == "off"


def test_what_a_funnel_and_its_bars_say_of_units_is_one_verdict(shipped_run: Path, configs: Configs) -> None:
    """The same units, metric and period in one pack: pictures may differ, words may not."""
    verdicts: dict[tuple[str, str], set[str]] = {}
    kinds = ("service_unit", "management_review")
    for org, blocks, _ in packs(shipped_run, configs, *kinds):
        for chart in (block for block in blocks if block["kind"] == "funnel"):
            title, note = chart["title"], chart["note"]
            differing = [unit["label"] for unit in chart["units"] if unit["tone"] not in ("neutral", "none")]
            within = configs.wordings["fi"].say("funnel.within")
            assert (within in note) == (not differing), (org, title)
            assert (within in chart["alt"]) == (not differing), (org, title)
            for label in differing:
                assert label in note, (org, title)
                assert label in chart["alt"], (org, title)
            verdicts.setdefault((org, title), set()).add(note)
    assert verdicts
    assert all(len(notes) == 1 for notes in verdicts.values())


def test_what_is_told_names_the_special_cause_of_the_table_of_figures(
    shipped_run: Path, configs: Configs, judged: dict[tuple[str, str], tuple[str, str, str]]
) -> None:
    say = configs.wordings["fi"].say
    texts = {
        name: say(f"spc.variation.{name}") for name in SIGNS if name.partition("_")[2] in ("high", "low")
    }
    named = 0
    for org, blocks, _ in packs(shipped_run, configs, "unit"):
        told = [item["text"] for block in blocks if block["kind"] == "remarks" for item in block["items"]]
        for text in told:
            said = [name for name, phrase in texts.items() if phrase in text]
            if said:
                assert said == [judged[metric_of(configs, text), org][1]]
                named += 1
    assert named


def test_a_page_has_every_icon_of_its_pack_in_words(shipped_run: Path, configs: Configs) -> None:
    say = configs.wordings["fi"].say
    phrases = [*(f"variation.{name}" for name in (ORDINARY, *get_args(Reading)))]
    phrases += [f"assurance.{name}" for name in get_args(Assurance)]
    words = {clean_text(say(f"spc.{phrase}")) for phrase in phrases}
    for _, blocks, document in packs(shipped_run, configs, "unit"):
        wanted: list[str] = []
        for table in (block for block in blocks if block["kind"] == "metric_table"):
            shown = [row[s] for row in table["rows"] for s in ("variation", "assurance") if row[s]]
            wanted += [clean_text(sign["text"]) for sign in (*shown, *table["key"])]
        items = [item for block in blocks if block["kind"] == "findings" for item in block["items"]]
        wanted += [clean_text(item["sign"]["text"]) for item in items if item["sign"]]
        with pikepdf.open(document) as pdf:
            alts = [str(item.Alt) for item in pdf.objects if _is_figure(item)]
        assert Counter(alt for alt in alts if alt in words) == Counter(wanted), document.name


def _is_figure(item: Any) -> bool:
    return isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Figure" and "/Alt" in item


def _signs(row: dict[str, Any]) -> list[dict[str, str]]:
    return [row[sign] for sign in ("variation", "assurance") if row[sign]]


def test_a_slide_shows_and_explains_the_signs_of_its_pack(shipped_run: Path, configs: Configs) -> None:
    head = configs.wordings["fi"].say("column.signs")
    for _, blocks, document in packs(shipped_run, configs, "service_unit"):
        tables = [block for block in blocks if block["kind"] == "metric_table" and block["signed"]]
        wanted = {
            clean_text(row["name"]): [SIGNS[sign["code"]] for sign in _signs(row)] or ["–"]
            for table in tables
            for row in table["rows"]
        }
        found, said, alts = {}, [], []
        for slide in Presentation(str(document)).slides:
            for shape in slide.shapes:
                if shape.has_text_frame:
                    said.append(shape.text_frame.text)
                if not shape.has_table:
                    continue
                cells = [[cell.text_frame.text for cell in row.cells] for row in shape.table.rows]
                alts.append(shape._element.nvGraphicFramePr.cNvPr.get("descr"))
                for row in cells[1:] if head in cells[0] else ():
                    name = next(name for name in wanted if row[0].startswith(name))
                    found[name] = row[cells[0].index(head)].split()
        assert found == wanted, document.name
        for table in tables:
            for sign in table["key"]:
                line = f"{SIGNS[sign['code']]}\u00a0{clean_text(sign['text'])}"
                assert any(line in text for text in said), (document.name, line)
            for row in table["rows"]:
                words = " ".join(clean_text(sign["text"]) for sign in _signs(row))
                assert not words or any(f"{clean_text(row['name'])} ({words})" in alt for alt in alts)
