"""The demo's budget with its months side by side: adopted, checked, run and traced as a person does it."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from opti_reports.config.load import load
from opti_reports.demo import generate
from tests.workspaces import LAST, SCALE, ask, once

FI = ("tammi", "helmi", "maalis", "huhti", "touko", "kesä", "heinä", "elo", "syys", "loka", "marras", "joulu")
RUN = ("run", "--month", LAST, "--pack", "unit", "--org", "lohja", "--jobs", "1")
FILE = f"talous_{LAST}.csv"


def make_long(root: Path) -> None:
    """A workspace of nothing but the budget, as the demo has it."""
    assert ask(root, "init", str(root), "--sources", "budget").exit_code == 0
    whole = root / "whole"
    generate(whole, LAST, organisation_file=root / "configs/organisation.toml", months=13, scale=SCALE)
    for path in whole.glob("*/talous*.csv"):
        (root / "data" / path.parent.name).mkdir(parents=True, exist_ok=True)
        path.rename(root / "data" / path.parent.name / path.name)
    shutil.rmtree(whole)
    done = ask(root, *RUN)
    assert done.exit_code == 0, done.stderr


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return once(tmp_path_factory, "long_budget", make_long)


@pytest.fixture(scope="module")
def wide(long: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with a column for each month of the actuals, and what the plan for it said."""
    root = tmp_path_factory.mktemp("wide") / "county"
    shutil.copytree(long, root, ignore=shutil.ignore_patterns("output"))
    for path in root.glob("data/*/talous*.csv"):
        pivot(path)
    return root


def pivot(path: Path) -> None:
    """Put the months of a file of the budget side by side, a total behind them."""
    with path.open(encoding="cp1252", newline="") as file:
        heads, *rows = csv.reader(file, delimiter=";")
    month, actual = heads.index("Kausi"), heads.index("Toteuma")
    rest = [at for at in range(len(heads)) if at not in (month, actual)]
    months = sorted({row[month] for row in rows})
    table: dict[tuple[str, ...], dict[str, str]] = {}
    for row in rows:
        table.setdefault(tuple(row[at] for at in rest), {})[row[month]] = row[actual]
    with path.open("w", encoding="cp1252", newline="") as file:
        out = csv.writer(file, delimiter=";")
        named = [f"{FI[int(one[5:]) - 1]}-{one[2:4]}" for one in months]
        out.writerow([heads[at] for at in rest] + named + ["Yhteensä"])
        out.writerows([*own, *(cells.get(one, "") for one in months), "0"] for own, cells in table.items())


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="cp1252", newline="") as file:
        return list(csv.reader(file, delimiter=";"))


def test_both_layouts_give_the_same_figures_byte_for_byte(long: Path, wide: Path) -> None:
    refused = ask(wide, "check", "--month", LAST)
    assert refused.exit_code != 0
    assert "the required column 'month' is missing" in refused.output
    file = wide / "data" / LAST / FILE
    adopted = ask(wide, "adopt", str(file), "--write")
    assert adopted.exit_code == 0, adopted.output
    assert (
        "12 months side by side (syys-25–elo-26): each becomes a row, its figure in actual_eur"
        in adopted.stdout
    )
    done = ask(wide, *RUN)
    assert done.exit_code == 0, done.stderr
    for name in ("values.csv", "deviations.csv"):
        one, other = (root / "output" / LAST / name for root in (long, wide))
        assert one.read_bytes() == other.read_bytes(), name
        assert len(one.read_bytes().splitlines()) > 500 or name != "values.csv"

    rows, cells = len(rows_of(file)) - 1, len(rows_of(long / "data" / LAST / FILE)) - 1
    checked = ask(wide, "check", "--month", LAST)
    assert checked.exit_code == 0
    assert (
        f"budget_monthly: {FILE} has 12 months side by side (syys-25–elo-26); {rows} rows × 12 = "
        f"{12 * rows} cells, of which {12 * rows - cells} are empty (no row) and {cells} are read as rows"
        in checked.stdout
    )
    (counts,) = (line.split() for line in checked.stdout.splitlines() if line.startswith("budget_monthly "))
    assert counts == ["budget_monthly", "1", str(cells), str(cells), "0", "0"]

    line = next(at for at, row in enumerate(rows_of(file), 1) if row[-2] and row[-3] and at > 1)
    traced = ask(wide, "trace", f"{LAST}/{FILE}:{line}")
    assert "Used. Without it these figures would be others:" in traced.stdout
    assert "2026-07" in traced.stdout

    for path in wide.glob("data/*/talous*.csv"):  # one below another again: no setting changes
        shutil.copy(long / path.relative_to(wide), path)
    assert ask(wide, *RUN).exit_code == 0
    one, other = (root / "output" / LAST / "values.csv" for root in (long, wide))
    assert one.read_bytes() == other.read_bytes()
    assert load(wide / "configs").sources["budget_monthly"].wide is not None


def test_what_is_wrong_in_it_is_named_by_line(long: Path, tmp_path: Path) -> None:
    """A total below, a unit nobody knows, cells that are no numbers, a month that has not come."""
    shutil.copytree(long, tmp_path / "own", ignore=shutil.ignore_patterns("output", "2025-*", "2026-0[1-7]"))
    own = tmp_path / "own"
    assert [path.name for path in (own / "data").iterdir()] == [LAST]
    heads = "Kustannuspaikka;Tiliryhmä;Talousarvio;Kausi suljettu;07/2026;08/2026;09/2026"
    rows = [
        "41003;vuokrat;5;k;1,5;#N/A;",
        "41003;tuotot;5;k;1;2;3",
        "x9;vuokrat;5;k;4;5;",
        "41004;vuokrat;5;k;x;6;",
    ]
    rows += ["Yhteensä;;10;;6,5;13;3"]
    text = "\n".join([heads, *rows]) + "\n"
    (own / "data" / LAST / FILE).write_text(text, encoding="utf-8")
    toml = own / "configs/sources/budget_monthly.toml"
    said = toml.read_text(encoding="utf-8")
    added = 'presence      = "lagging"\nwide          = { month = "month", value = "actual_eur" }'
    toml.write_text(said.replace('presence      = "lagging"', added), encoding="utf-8")
    done = ask(own, "check", "--month", LAST)
    assert f"{FILE} has 3 months side by side (07/2026–09/2026); 5 rows × 3 = 15 cells" in done.stdout
    assert "of which 3 are empty (no row) and 12 are read as rows" in done.stdout
    assert f"3 rows are totals or averages, not counted; the first on line 6 of {FILE}" in done.stdout
    assert "unknown unit codes x9" in done.stdout
    assert "unknown cells of actual_eur in used rows" in done.stdout
