"""Another service line by configs alone: A&E attendances of London's trusts, from published figures."""

from __future__ import annotations

import csv
import io
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import pypdfium2
import pytest

from opti_reports.config.load import load
from tests.pipeline import ROOT
from tests.workspaces import opti

CONFIGS = ROOT / "tests" / "workspaces" / "nhs" / "configs"
PUBLISHED = ROOT.parent / "shared" / "data" / "ae_attendances.csv"
"""April 2016 to March 2019, all of England; not part of the project."""
MONTH = "2019-03"
HEAD = ("period", "org_code", "type", "attendances", "breaches", "admissions")
TYPES = {"1": "major", "2": "single", "other": "other"}

Lines = list[dict[str, str]]


class Counts(NamedTuple):
    """Attendances, and those of them within four hours."""

    within: int
    attendances: int


def trusts() -> dict[str, str]:
    """The trusts of the workspace by ODS code."""
    return {code: unit.id for unit in load(CONFIGS).organisation.units for code in unit.codes.get("ods", ())}


def synthetic() -> Lines:
    """Three trusts of London and one elsewhere, 15 months; one trust has no department of type 2."""
    months = [f"{2018 + m // 12}-{m % 12 + 1:02d}-01" for m in range(15)]
    found = []
    for number, month in enumerate(months):
        for size, code in enumerate(("RJ1", "R1H", "RRV", "RBZ"), 1):
            for kind in ("1", "other") if code == "RRV" else TYPES:
                attendances = 900 * size + 37 * number + 5 * len(kind)
                breaches = attendances * (3 * size + number % 4) // 60
                cells = (month, code, kind, attendances, breaches, attendances // 5)
                found.append(dict(zip(HEAD, map(str, cells), strict=True)))
    return found


def deliver(lines: Lines, workspace: Path) -> None:
    """The configs as they are; the history in one delivery, the last month in its own."""
    shutil.copytree(CONFIGS, workspace / "configs")
    for month, name in (("2019-02", "ae_to_2019-02.csv"), (MONTH, "ae_2019-03.csv")):
        folder = workspace / "data" / month
        folder.mkdir(parents=True)
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, HEAD)
            writer.writeheader()
            writer.writerows(line for line in lines if (line["period"] >= MONTH) == (month == MONTH))


def counted(lines: Lines) -> dict[tuple[str, str, str], Counts]:
    """Counts by organisation, month and type ("" for all): of trusts, London, England and the rest of it."""
    units = trusts()
    found: dict[tuple[str, str, str], Counts] = defaultdict(lambda: Counts(0, 0))
    for line in lines:
        attendances, breaches = int(line["attendances"]), int(line["breaches"])
        unit = units.get(line["org_code"])
        for org in ("england", *((unit, "london") if unit else ("elsewhere",))):
            for kind in ("", TYPES[line["type"]]):
                place = (org, line["period"][:7], kind)
                within, before = found[place]
                found[place] = Counts(within + attendances - breaches, before + attendances)
    return found


def written(content: bytes) -> Iterator[tuple[str, tuple[str, str, str], dict[str, str]]]:
    """Metric, place and cells of each monthly value of ``values.csv``."""
    for line in csv.DictReader(io.StringIO(content.decode("utf-8-sig"))):
        if line["period_kind"] == "month":
            yield line["metric"], (line["org"], line["period"], line["key"]), line


def agree(content: bytes, lines: Lines, orgs: Iterable[str]) -> None:
    """Every monthly value is the one counted directly, and none is lacking."""
    expected = counted(lines)
    found = {(metric, place): line for metric, place, line in written(content)}
    for place, counts in expected.items():
        _, month, kind = place
        if kind and month <= "2018-02":  # breakdowns go back 13 months
            continue
        share = found["within_4h_pct", place]
        assert share["state"] in ("ok", "partial"), share
        assert (int(share["numerator"]), int(share["denominator"])) == counts, place
        assert float(share["value"]) == pytest.approx(float(Fraction(*counts) * 100), abs=1e-9)
        assert int(found["attendances_n", place]["value"]) == counts.attendances
    shown = {place for (_, place), line in found.items() if line["state"] in ("ok", "partial")}
    assert shown <= expected.keys()
    assert {org for org, _, _ in shown} >= set(orgs)


def made(workspace: Path, lines: Lines, orgs: set[str]) -> None:
    """Run the month; compare every value; look into the packs; run again."""
    deliver(lines, workspace)
    done = opti(workspace, "run", "--month", MONTH)
    assert done.returncode == 0, done.stderr
    output = workspace / "output" / MONTH
    values = (output / "values.csv").read_bytes()
    agree(values, lines, orgs)
    packs = {path.name.split(".")[0]: path for path in (output / "packs" / "trust").glob("*.pdf")}
    assert packs.keys() == orgs
    names = {unit.id: unit.names["en"] for unit in load(CONFIGS).organisation.units}
    latest = counted(lines)
    for org, path in packs.items():
        text = words(path)
        assert names[org] in text
        assert f"{latest[org, MONTH, ''].attendances:,}" in text
        assert "four hours" in text
    assert (output / "packs" / "region" / "london.en.pptx").stat().st_size > 20_000
    again = opti(workspace, "run", "--month", MONTH, "--pack", "region", "--jobs", "1")
    assert again.returncode == 0, again.stderr
    assert (output / "values.csv").read_bytes() == values


def words(path: Path) -> str:
    """A document's text."""
    document = pypdfium2.PdfDocument(path)
    text = " ".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return " ".join(text.split())


@pytest.mark.heavy
def test_a_small_file_of_the_same_shape(tmp_path: Path) -> None:
    lines = synthetic()
    made(tmp_path / "nhs", lines, {"guys_st_thomas", "barts", "uclh"})
    content = (tmp_path / "nhs" / "output" / MONTH / "values.csv").read_bytes()
    states = {place[0]: line["state"] for metric, place, line in written(content) if place[1:] == (MONTH, "")}
    assert states["london"] == "partial"  # fourteen trusts have not reported
    assert states["barts"] == "ok"
    assert states["kings"] == "missing"


@pytest.mark.skipif(not PUBLISHED.exists(), reason="the published file is not here")
def test_the_published_figures(tmp_path: Path) -> None:
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert len({line["period"] for line in lines}) == 36
    made(tmp_path / "nhs", lines, set(trusts().values()))


def test_it_is_configs_only() -> None:
    kinds = {path.suffix for path in CONFIGS.parent.rglob("*") if path.is_file()}
    assert kinds == {".toml"}
