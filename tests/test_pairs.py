"""Own-doctor pairs: nothing of them anywhere while they are off; on, a page for their own readers alone."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import shutil
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from opti_reports.config.configs import Configs
from opti_reports.config.source import Source
from opti_reports.demo import generate
from opti_reports.extracts.refusals import causes
from opti_reports.messages.sentences import sentence
from tests import oracle
from tests.extracts.reading import column, read_text, rejects
from tests.oracle import Key
from tests.pipeline import approved, computed, switch_on
from tests.test_oracle_agrees import ORGANISATION, differences
from tests.workspaces import LAST, ask, edit, once, pages

SECRET = "PARI-EI-KENENKAAN"
"""A code of a pair that no compressed byte spells by chance."""
HEADER = "row_id;pair_code;unit_code;counted_on;list_n;visit_start;met_by"
TAPIOLA, MATINKYLA = "1.2.246.10.90005.10.5", "1.2.246.10.90004.10.4"


@pytest.fixture(scope="module")
def configs(tmp_path_factory: pytest.TempPathFactory) -> Configs:
    return approved(tmp_path_factory.mktemp("approved"))


@pytest.fixture(scope="module")
def source(configs: Configs) -> Source:
    return configs.sources["own_pairs"]


@pytest.fixture(scope="module")
def paired(lean_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lean workspace in which the pairs are approved, with their extracts and its run."""

    def make(root: Path) -> None:
        shutil.copytree(lean_run, root)
        switch_on(root / "configs")
        organisation = root / "configs/organisation.toml"
        settings = {"months": 3, "scale": 0.03, "sources": ("own_pairs",), "approved": ("pairs",)}
        generate(root / "data", LAST, organisation_file=organisation, **settings)  # type: ignore[arg-type]
        done = ask(root, "run", "--month", LAST, "--jobs", "1", "--lang", "fi")
        assert done.exit_code == 0, done.output

    return once(tmp_path_factory, "paired_run", make)


def spelled(folder: Path) -> Iterator[tuple[str, str]]:
    """Each file's name with all that it spells, what is packed in it too."""
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name, data = str(path.relative_to(folder)), path.read_bytes()
        yield name, f"{name} {data.decode('latin-1')}"
        if path.suffix == ".parquet":
            yield name, str(pq.read_table(path).to_pydict())
        elif path.suffix == ".pdf":
            yield name, " ".join(pages(path))
        elif zipfile.is_zipfile(path):
            with zipfile.ZipFile(io.BytesIO(data)) as packed:
                yield from ((name, packed.read(one).decode("latin-1")) for one in packed.namelist())


def test_nothing_of_pairs_is_read_or_stored_while_they_are_off(lean: Path) -> None:
    row = f"r1;{SECRET};{TAPIOLA};2026-08-31;900;;\nr2;{SECRET};{TAPIOLA};;;2026-08-03T09:00;own_nurse\n"
    (lean / "data" / LAST / f"omaparit_{LAST}.csv").write_text(f"{HEADER}\n{row}", encoding="utf-8")
    done = ask(lean, "run", "--month", LAST, "--jobs", "1")
    assert done.exit_code == 0
    assert f"omaparit_{LAST}.csv" in done.output  # told that no source takes it
    assert SECRET not in done.output
    signed = ask(lean, "release", "--month", LAST, "--sign", "Laatupäällikkö")
    assert signed.exit_code == 0, signed.output
    found = list(spelled(lean / "output"))
    assert {name.split("/")[0] for name, _ in found} >= {LAST, "archive", ".store"}
    assert [name for name, text in found if SECRET in text] == []
    words = ("pair_list_n", "own_pairs", "pair_code")  # the archive keeps the configs, which name them
    assert [name for name, text in found for word in words if word in text and name[:7] != "archive"] == []
    assert not (lean / "output" / LAST / "packs/pair").exists()


def test_the_handbook_knows_no_metric_of_pairs_while_they_are_off(shipped_run: Path) -> None:
    found = [name for name, text in spelled(shipped_run / "output" / LAST) if "pair_list_n" in text]
    assert found == []


def test_the_page_of_pairs_shows_their_lists_and_with_whose_approval(paired: Path) -> None:
    folder = paired / "output" / LAST / "packs/pair"
    stations = ["espoonlahti", "leppavaara", "matinkyla", "tapiola"]  # those that have pairs
    assert sorted(path.stem for path in folder.glob("*.pdf")) == [f"{one}.fi" for one in stations]
    told = pages(folder / "espoonlahti.fi.pdf")
    assert len(told) == 1
    text = " ".join(told[0].split())
    assert all(pair in text for pair in ("P01", "P02", "P03"))
    assert "P04" not in text
    assert "Sivun tarkoitus: Listojen seuranta. Hyväksynyt: Johtava ylilääkäri 1.8.2026." in text
    table = json.loads((folder / "espoonlahti.fi.json").read_text(encoding="utf-8"))
    block = table["sections"][0]["blocks"][0]
    assert [row[0] for row in block["rows"]] == ["P01", "P02", "P03", "Yhteensä"]
    sizes = [int(row[1].split()[0]) for row in block["rows"]]
    assert sum(sizes[:3]) == sizes[3]


def test_nobody_else_is_shown_a_figure_or_a_code_of_pairs(paired: Path) -> None:
    output = paired / "output" / LAST
    with (output / "values.pair.csv").open(encoding="utf-8", newline="") as file:
        own = list(csv.DictReader(file))
    assert {row["metric"].split("_")[0] for row in own} == {"pair"}
    assert {row["level"] for row in own} == {"toimintayksikko"}
    assert len({row["key"] for row in own if row["breakdown"] == "pair_code"}) == 10
    theirs = {"values.pair.csv", *(f"packs/pair/{path.name}" for path in (output / "packs/pair").iterdir())}
    named = {
        name for name, text in spelled(output) if "pair_list_n" in text or "pair_own_contacts_pct" in text
    }
    assert named - theirs == set()
    tables = [output / "values.csv", output / "deviations.csv", output / "changes.csv"]
    assert [path.name for path in tables if "pair_code" in path.read_text(encoding="utf-8")] == []
    assert "P01" not in (output / "index.html").read_text(encoding="utf-8")


def test_fewer_than_five_contacts_of_a_pair_are_withheld(paired: Path) -> None:
    with (paired / "output" / LAST / "values.pair.csv").open(encoding="utf-8", newline="") as file:
        cells = [row for row in csv.DictReader(file) if row["metric"] == "pair_slicc_pct"]
    shown = [row for row in cells if row["state"] != "withheld" and row["n"]]
    assert [row for row in shown if 0 < int(row["n"]) < 5] == []


def test_the_page_goes_to_roles_of_its_audience_alone(paired: Path, tmp_path: Path) -> None:
    root = tmp_path / "paired"
    shutil.copytree(paired, root)
    path = root / "configs/recipients.toml"
    edit(
        path,
        r'packs +?= \["unit", "week"\]\norganisation = "tapiola"',
        'packs = ["unit", "week", "pair"]\norganisation = "tapiola"',
    )
    assert ask(root, "run", "--month", LAST, "--jobs", "1", "--lang", "fi").exit_code == 0
    refused = ask(root, "release", "--month", LAST, "--sign", "Laatupäällikkö")
    assert refused.exit_code == 2
    assert (
        "  pair of tapiola to johtotiimi.tapiola@example.fi: the role johtotiimi is not of the audience pair"
        in refused.stderr.splitlines()
    )


def test_product_and_oracle_agree_on_every_figure_of_pairs(configs: Configs, tmp_path: Path) -> None:
    data = tmp_path / "data"
    generate(
        data,
        LAST,
        organisation_file=ORGANISATION,
        months=14,
        scale=0.01,
        sources=("own_pairs",),
        approved=("pairs",),
    )
    values = computed(configs, data, tmp_path, LAST)
    found = {Key(v.metric, v.org, v.period.cadence.id, v.period.text, v.breakdown, v.key): v for v in values}
    cells = oracle.compute(data, ORGANISATION, LAST)
    told = differences(found, cells)
    assert not told, told[:10]
    agreed = Counter(v.metric for v in values if v.value is not None and v.breakdown)
    assert set(agreed) == {name for name, one in configs.metrics.items() if one.sensitivity == "pairs"}
    assert min(agreed.values()) > 30


def test_rows_of_unknown_pairs_two_stations_and_negative_lists_are_rejected(
    source: Source, tmp_path: Path
) -> None:
    rows = [
        f"r1;P01;{TAPIOLA};2026-03-31;900;;",
        f"r2;P77;{TAPIOLA};2026-03-31;800;;",
        f"r3;P02;{TAPIOLA};2026-03-31;-5;;",
        f"r4;P03;{TAPIOLA};2026-03-31;700;;",
        f"r5;P03;{MATINKYLA};;;2026-03-02T09:00;own_doctor",
        f"r6;P03;{TAPIOLA};;;2026-02-27T09:00;own_doctor",
        f"r7;P04;{MATINKYLA};;;2026-03-02T09:00;",
    ]
    extract = read_text(tmp_path, "\n".join([HEADER, *rows]) + "\n", source=source)
    assert column(extract, "pair_code") == ["P01", "P03"]
    assert rejects(extract) == [
        (3, "check.approved_pair", "", ""),
        (4, "check.list_not_negative", "", ""),
        (5, "disagrees", "", ""),
        (6, "disagrees", "", ""),
        (8, "check.list_or_contact", "", ""),
    ]
    found = causes(source, extract.rejects, dt.date(2026, 4, 15))
    assert [sentence(cause) for cause in found] == [
        "2 row(s) of visits1.csv: the pair is in two stations in the same month, e.g. line 5",
        "1 row(s) of visits1.csv: the pair is none of those approved, e.g. line 3",
        "1 row(s) of visits1.csv: the size of the list is negative, e.g. line 4",
        "1 more row(s) are rejected for other reasons",
    ]
