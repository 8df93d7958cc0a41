"""The guide to adding things: each of its examples is carried out as it is written, and found by a user."""

from __future__ import annotations

import csv
import ctypes
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest
from pypdfium2 import raw

from tests.guide import GUIDE, blocks, carry_out, said, written
from tests.test_architecture import violations
from tests.workspaces import LAST, ROOT, ask, edit, once, opti, pages, run_note

UNIT, ABOVE, TOP = "matinkyla", "etela_espoo", "avosairaanhoito"
HEADINGS = "varausnumero;kustannuspaikka;päivä;tulkki saapui\n"
BOOKINGS = ("t1;7004;3.8.2026;k", "t2;7004;4.8.2026;e", "t3;7004;20.8.2026;k", "t4;7004;31.8.2026;k")
LATER = "t5;7004;1.9.2026;k"
"""Three of four in August; a fifth booking of a month that is not over."""


def deliver(root: Path, headings: str = HEADINGS) -> None:
    """Put an extract of the new source beside the others of the month."""
    rows = "".join(f"{row}\n" for row in (*BOOKINGS, LATER))
    (root / f"data/{LAST}/tulkkaukset_{LAST}.csv").write_text(headings + rows, encoding="utf-8")


def stations(root: Path) -> None:
    """Let health stations have their packs too, which the lean workspace leaves out."""
    edit(root / "configs/packs/unit.toml", r"unit_types = \[", 'unit_types = ["terveysasema", ')


@pytest.fixture(scope="module")
def grown(lean_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a metric, a source and a language more, without a run; tests only read it."""

    def make(root: Path) -> None:
        shutil.copytree(lean_run, root, ignore=shutil.ignore_patterns("output"))
        configured(root)

    return once(tmp_path_factory, "grown", make)


def configured(root: Path) -> None:
    """Carry out the examples that need no program, and deliver the new source's extract."""
    stations(root)
    for heading in ("A metric", "A source", "A goal", "A tree", "A language"):
        carry_out(heading, root)
    edit(root / "configs/packs/unit.toml", r'(\["abandoned_calls_pct")\]', r'\1, "interpreter_came_pct"]')
    deliver(root)


@pytest.fixture(scope="module")
def rebuilt(lean_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with every example carried out, on a copy of the program too, and its run."""

    def make(root: Path) -> None:
        shutil.copytree(lean_run, root)
        program = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "opti_reports", root / "opti_reports", ignore=program)
        shutil.copy(ROOT / "pyproject.toml", root)
        carry_out("A cadence", root, "fi", "sv")
        for heading in ("A block", "A chart"):
            carry_out(heading, root)
        (section,) = (text for kind, text in blocks("A block") if kind == "toml")
        monthly = section.replace("[[section]]", '[[section]]\ncadence = "month"')
        written(root, monthly.replace("service_unit", "management_review"))
        configured(root)  # a language takes over the texts that there are
        packs = (f"--pack={pack}" for pack in ("unit", "service_unit", "management_review"))
        orgs = (f"--org={org}" for org in (UNIT, ABOVE, TOP))
        asked = (*packs, *orgs, "--lang", "fi", "--lang", "nb", "--jobs", "1")
        done = opti(root, "run", "--month", LAST, *asked, env=own(root))
        assert done.returncode == 0, done.stderr

    return once(tmp_path_factory, "rebuilt", make)


def own(root: Path) -> dict[str, str]:
    """The environment in which a workspace's own program runs."""
    return {"PYTHONPATH": str(root)}


def without_data(root: Path, to: Path) -> Path:
    """A copy of a workspace without extracts and output, to be spoilt and checked."""
    shutil.copytree(root, to, ignore=shutil.ignore_patterns("data", "output", "opti_reports"))
    return to


def value(root: Path, metric: str, org: str, period: str = LAST) -> dict[str, str]:
    """The row of values.csv of a metric, an organisation and a period."""
    with (root / "output" / LAST / "values.csv").open(encoding="utf-8", newline="") as file:
        place = (metric, "", org, period)
        keys = ("metric", "breakdown", "org", "period")
        (found,) = (
            row
            for row in csv.DictReader(file)
            if tuple(row[key] for key in keys) == place and row["period_kind"] in ("month", "bimonth")
        )
    return found


def page(root: Path, name: str) -> str:
    """The words of a document, each space alike."""
    text = " ".join(pages(root / "output" / LAST / "packs" / name))
    return " ".join(text.replace("\u00a0", " ").split())


def contacts(root: Path, station: str) -> list[tuple[str, str]]:
    """The month and the end of each contact of a station's queue in the newest extracts, no duplicates."""
    found = []
    for path in (root / "data" / LAST).glob("puhelut*.csv"):
        for row in csv.DictReader(path.read_text(encoding="cp1252").splitlines(), delimiter=";"):
            if row["Jono"] == station and row["Lopputulos"] != "tuplapyyntö":
                _, month, year = row["Saapunut"].split(" ")[0].split(".")
                found.append((f"{year}-{int(month):02d}", row["Lopputulos"]))
    return found


def test_a_metric_is_in_the_values_and_on_a_page(rebuilt: Path) -> None:
    ends = [end for month, end in contacts(rebuilt, "TA Matinkylä") if month == LAST]
    share = f"{100 * ends.count('luopunut') / len(ends):.1f}"
    row = value(rebuilt, "abandoned_calls_pct", UNIT)
    assert (row["numerator"], row["denominator"]) == (str(ends.count("luopunut")), str(len(ends)))
    assert 0 < float(share) < 100
    assert f"{float(row['value']):.1f}" == share
    said = page(rebuilt, f"unit/{UNIT}.fi.pdf")
    assert "Luopuneet soittajat" in said
    assert (
        f"Luopuneiden osuus – {share.replace('.', ',')} %" in said or f"{share.replace('.', ',')} %" in said
    )


def test_the_rows_of_a_source_are_counted_and_shown(rebuilt: Path) -> None:
    (source,) = (one for one in run_note(rebuilt)["sources"] if one["source"] == "interpreting")
    assert (source["read"], source["used"], source["rejected"], source["outside"]) == (5, 4, 0, 1)
    row = value(rebuilt, "interpreter_came_pct", UNIT)
    assert (row["numerator"], row["denominator"], row["value"]) == ("3", "4", "75")
    assert re.search(r"Tulkki saapui.{,12}75,0 %", page(rebuilt, f"unit/{UNIT}.fi.pdf"))


def test_a_goal_is_on_a_page_with_what_carries_it(rebuilt: Path) -> None:
    said = page(rebuilt, f"unit/{UNIT}.fi.pdf")
    assert "Yhteyden saa ajoissa" in said
    assert re.search(r"Matinkylä Jonossa jaksaa .{,20}%", said)


def test_a_node_of_another_tree_has_the_figures_of_its_units(rebuilt: Path) -> None:
    assert value(rebuilt, "calls_n", "isot")["value"] == value(rebuilt, "calls_n", UNIT)["value"]
    assert value(rebuilt, "calls_n", "koot")["value"] == value(rebuilt, "calls_n", TOP)["value"]


def test_a_language_has_packs_of_its_own(rebuilt: Path) -> None:
    said = page(rebuilt, f"unit/{UNIT}.nb.pdf")
    assert "Alle data er mottatt." in said
    assert "utenfor målet" in said
    assert "august 2026" in said
    assert re.search(r"Interpreter came.{,12}75,0 %", said)
    assert "Tulkki" not in said
    assert 'lang="nb"' in (rebuilt / f"output/{LAST}/index.nb.html").read_text(encoding="utf-8")


def test_a_cadence_has_periods_in_the_values_and_on_a_page(rebuilt: Path) -> None:
    months = [month for month, _ in contacts(rebuilt, "TA Matinkylä")]
    assert set(months) == {"2026-07", LAST}
    assert value(rebuilt, "calls_n", UNIT, "2026-B4")["value"] == str(len(months))
    assert re.search(rf"months 4/6 of 2026.{{,40}} {len(months)}\b", page(rebuilt, f"unit/{UNIT}.fi.pdf"))


def test_a_block_is_on_a_page_and_on_a_slide(rebuilt: Path) -> None:
    review = value(rebuilt, "haipro_reports_n", TOP)["value"]
    assert f"HaiPro-ilmoitusten määrä: {review} kpl" in page(rebuilt, f"management_review/{TOP}.fi.pdf")
    deck = value(rebuilt, "haipro_reports_n", ABOVE)["value"]
    assert f"<a:t>HaiPro-ilmoitusten määrä: {deck} kpl</a:t>" in page(
        rebuilt, f"service_unit/{ABOVE}.fi.pptx"
    )


def test_a_chart_is_drawn_on_a_page_and_on_a_slide(rebuilt: Path) -> None:
    units = ("etela_espoo", "pohjois_espoo", "lantinen", "etapalvelut")
    figures = [int(value(rebuilt, "haipro_reports_n", unit)["value"]) for unit in units]
    assert len(set(figures)) > 2
    drawn = dots(rebuilt / f"output/{LAST}/packs/management_review/{TOP}.fi.pdf")[: len(units)]
    (left, least), (right, most) = (
        min(zip(drawn, figures, strict=True)),
        max(zip(drawn, figures, strict=True)),
    )
    scale = (right - left) / (most - least)
    assert scale > 0
    assert drawn == pytest.approx([left + (figure - least) * scale for figure in figures], abs=0.5)
    below = ("Espoonlahti", "Matinkylä", "Tapiola")
    texts = (f"{name} {value(rebuilt, 'haipro_reports_n', fold(name))['value']} kpl" for name in below)
    assert f'descr="{"; ".join(texts)}"' in page(rebuilt, f"service_unit/{ABOVE}.fi.pptx")


def fold(name: str) -> str:
    return name.casefold().replace("ä", "a")


def dots(path: Path) -> list[float]:
    """Where the dots in the brand's accent stand on the last page, from the left, the uppermost first."""
    document = pypdfium2.PdfDocument(path)
    sheet, found = document[len(document) - 1], []
    for thing in sheet.get_objects():
        colour = [ctypes.c_uint() for _ in range(4)]
        raw.FPDFPageObj_GetFillColor(thing.raw, *colour)
        if thing.type == raw.FPDF_PAGEOBJ_PATH and [part.value for part in colour[:3]] == [0x0A, 0x4A, 0x75]:
            left, bottom, right, _ = thing.get_bounds()
            found.append((-bottom, (left + right) / 2))
    sheet.close()
    document.close()
    return [middle for _, middle in sorted(found)]


def test_the_examples_of_python_keep_the_rules_of_the_house(rebuilt: Path) -> None:
    assert violations(rebuilt) == []
    for ask_for in (("check",), ("format", "--check")):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *ask_for, "--no-cache", "opti_reports"],
            cwd=rebuilt,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stdout


def spoil(path: Path, pattern: str, put: str) -> None:
    """Make a mistake in a file, at the first place that fits the pattern."""
    text, count = re.subn(pattern, put, path.read_text(encoding="utf-8"), count=1)
    assert count, f"{path.name}: nothing fits {pattern}"
    path.write_text(text, encoding="utf-8")


def told(heading: str, answer: str) -> None:
    """Compare what the program says of a mistake with what the guide says it does; lines may have moved."""
    quoted = said(heading)
    assert len(quoted) == 1
    assert re.sub(r"line \d+", "line N", quoted[0]) in re.sub(r"line \d+", "line N", answer)


def test_a_misspelt_code_is_told(grown: Path, tmp_path: Path) -> None:
    root = without_data(grown, tmp_path / "own")
    spoil(root / "configs/themes/yhteydensaanti.toml", r"end_state=abandoned\]", "end_state=abandonned]")
    done = ask(root, "check")
    assert done.exit_code == 3
    told("A metric", done.output)


def test_a_missing_column_is_told(grown: Path, tmp_path: Path) -> None:
    root = tmp_path / "own"
    shutil.copytree(grown, root)
    deliver(root, HEADINGS.replace("tulkki saapui", "paikalla"))
    done = ask(root, "check", "--month", LAST, "--jobs", "1")
    assert done.exit_code == 4
    told("A source", done.output)


@pytest.mark.parametrize(
    ("heading", "file", "pattern", "put"),
    [
        ("A goal", "goals.toml", r'(?m)^owner    = \{ fi = "osastonhoitaja.*\n', ""),
        ("A tree", "organisation.toml", r'id = "muut_kokoluokat",', r'\g<0> units = ["matinkyla"],'),
    ],
)
def test_a_goal_without_an_owner_and_a_unit_twice_in_a_tree_are_told(
    grown: Path, tmp_path: Path, heading: str, file: str, pattern: str, put: str
) -> None:
    root = without_data(grown, tmp_path / "own")
    spoil(root / "configs" / file, pattern, put)
    done = ask(root, "check")
    assert done.exit_code == 3
    told(heading, done.output)


def test_a_text_that_lacks_a_language_is_told(grown: Path, tmp_path: Path) -> None:
    root = without_data(grown, tmp_path / "own")
    spoil(root / "configs/areas.toml", ', nb = "[^"]*"', "")
    done = ask(root, "check")
    assert done.exit_code == 3
    told("A language", done.output)


def test_a_missing_phrase_a_missing_key_and_a_forgotten_template_are_told(
    rebuilt: Path, tmp_path: Path
) -> None:
    mistakes = {
        "A block": ("configs/packs/service_unit.toml", '(kind    = "newest"\n)metrics.*\n'),
        "A cadence": ("configs/languages/{}.toml", "(?m)^()intro_bimonth.*\n"),
        "A chart": ("templates/pdf/blocks.html.j2", '("stacked"), "dots"'),
    }
    roots = [without_data(rebuilt, tmp_path / str(number)) for number in range(len(mistakes))]
    for root, (path, pattern) in zip(roots, mistakes.values(), strict=True):
        for name in {path.format(language) for language in ("fi", "sv", "en", "nb")}:
            spoil(root / name, pattern, r"\1")
    for heading, answer in zip(mistakes, checked(rebuilt, roots), strict=True):
        told(heading, answer)


CHECK = """\
import sys
from click.testing import CliRunner
from opti_reports.cli import main

for root in sys.argv[1:]:
    done = CliRunner().invoke(main, ["check", "--workspace", root], catch_exceptions=False)
    print(done.output, f"exit {done.exit_code}", sep="", end="\\0")
"""


def checked(program: Path, roots: list[Path]) -> list[str]:
    """What `opti check` of another program says of workspaces, all in one process: it takes long to start."""
    command = [sys.executable, "-c", CHECK, *map(str, roots)]
    done = subprocess.run(command, cwd=program, capture_output=True, encoding="utf-8", check=True)
    answers = done.stdout.split("\0")[:-1]
    assert [answer[-6:] for answer in answers] == ["exit 3"] * len(roots)
    return answers


def test_every_file_the_guide_names_is_there() -> None:
    names = set(re.findall(r"`([\w/]+/(?:[\w.]+\.\w+)?)`", GUIDE))
    assert len(names) >= 15
    missing = {name for name in names if not any((ROOT / of / name).exists() for of in ("", "opti_reports"))}
    assert missing == set()
