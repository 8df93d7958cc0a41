"""A month's run as a whole: the same again, only what changed, what is missing, nothing private."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from opti_reports import run as story
from opti_reports.demo import generate
from opti_reports.messages.message import Message
from opti_reports.periods.months import parse_month
from opti_reports.stages import disclosure, documents
from opti_reports.stages.request import Outcome, Request
from opti_reports.store import files as store_files
from opti_reports.store.figures import Figures
from opti_reports.workspace import Workspace
from tests.workspaces import (
    LAST,
    LEAN_UNIT,
    ONE_PACK,
    ROOT,
    ask,
    digests,
    edit,
    opti,
    pages,
    private_cells,
    remove,
    run_note,
)

UNDRAWN = (
    "import sys, pathlib, opti_reports.run as story, opti_reports.workspace as places\n"
    "import opti_reports.stages.documents as documents, opti_reports.stages.web_page as web\n"
    "documents.judged = lambda document: documents.Judged(b'undrawn')\n"
    "web._render = lambda document: b'undrawn'\n"
    "from opti_reports.periods.months import parse_month\n"
    "from opti_reports.stages.request import Request\n"
    "place = places.Workspace(pathlib.Path(sys.argv[1]))\n"
    "story.run(Request(workspace=place, month=parse_month(sys.argv[2]), jobs=1))\n"
)
"""A run that draws no documents: figures and pack JSON are all it is asked for."""


def make(
    workspace: Path, month: str = LAST, packs: tuple[str, ...] = (), orgs: tuple[str, ...] = (), jobs: int = 1
) -> Outcome:
    """Run in this process."""
    return story.run(
        Request(workspace=Workspace(workspace), month=parse_month(month), packs=packs, orgs=orgs, jobs=jobs)
    )


def one(workspace: Path, month: str = LAST) -> Outcome:
    """The quickest run: a single pack."""
    return make(workspace, month, ("unit",), (LEAN_UNIT,))


def values(workspace: Path, month: str = LAST) -> list[dict[str, str]]:
    """The rows of values.csv."""
    path = workspace / "output" / month / "values.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def kept(workspace: Path) -> dict[str, int]:
    """The facts in the store: every address and when it was written."""
    store = workspace / "output/.store"
    return {p.parent.name: p.stat().st_mtime_ns for p in store.glob("*/note.json")}


def test_the_shipped_packs_are_the_same_in_another_process_zone_and_hash_seed(
    shipped_run: Path, tmp_path: Path
) -> None:
    """The newest month is read again, and all packs are built again; earlier facts and values are kept."""
    again, store = tmp_path / "again", tmp_path / "again/output/.store"
    shutil.copytree(shipped_run, again, ignore=shutil.ignore_patterns("output"))
    shutil.copytree(shipped_run / "output/.store", store)
    newest = [p.parent for p in store.glob("*/note.json") if f'"month": {parse_month(LAST)}' in p.read_text()]
    assert len(newest) > 10
    for entry in newest:
        shutil.rmtree(entry)
    env = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTHONHASHSEED": "7",
        "TZ": "America/Caracas",
        "LC_ALL": "C",
    }
    subprocess.run([sys.executable, "-c", UNDRAWN, str(again), LAST], env=env, check=True, timeout=300)
    first, second = (digests(place / "output" / LAST) for place in (shipped_run, again))
    alike = [name for name in first if name.endswith((".csv", ".json"))]
    assert len(alike) >= 24
    assert {name: second[name] for name in alike} == {name: first[name] for name in alike}


@pytest.mark.heavy
def test_documents_are_the_same_with_one_job_or_two(lean_run: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    shutil.copytree(lean_run, again, ignore=shutil.ignore_patterns("output"))
    env = {"PYTHONHASHSEED": "4711", "TZ": "Asia/Tokyo"}
    assert opti(again, "run", "--month", LAST, "--jobs", "2", env=env).returncode == 0
    first = digests(lean_run / "output" / LAST)
    assert digests(again / "output" / LAST) == first
    assert {Path(name).suffix for name in first} == {
        *(".csv", ".html", ".json", ".parquet", ".pdf", ".pptx", ".xlsx")
    }


def test_documents_made_before_of_the_same_are_not_drawn_again(
    lean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    judged = documents.judged

    def noting(document: documents.Document) -> documents.Judged | Message:
        drawn.append(document.file)
        return judged(document)

    def again(fresh: bool = False) -> list[str]:
        drawn.clear()
        place, month = Workspace(lean), parse_month(LAST)
        story.run(
            Request(workspace=place, month=month, packs=("unit",), orgs=(LEAN_UNIT,), jobs=1, fresh=fresh)
        )
        return drawn

    monkeypatch.setattr(documents, "judged", noting)
    again()  # whatever the prepared workspace had
    file = f"packs/unit/{LEAN_UNIT}.fi.pdf"
    first = (lean / "output" / LAST / file).read_bytes()
    assert again() == []
    assert (lean / "output" / LAST / file).read_bytes() == first
    assert again(fresh=True) == [file]
    for kept in (lean / "output/.store/documents").glob("*/document"):
        kept.write_bytes(kept.read_bytes()[:-1])
    assert again() == [file]
    assert (lean / "output" / LAST / file).read_bytes() == first
    edit(lean / "configs/brand.toml", "#0a4a75", "#123456")
    assert again() == [file]
    assert again() == []


def test_a_corrected_extract_draws_the_packs_again_that_say_something_else(
    lean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Calls of one service unit are fewer, and what other packs say stays."""
    folder, drawn, judged = lean / "output" / LAST, set[str](), documents.judged

    def noting(document: documents.Document) -> documents.Judged | Message:
        drawn.add(document.pack.name)
        return judged(document)

    def said() -> dict[str, bytes]:
        return {path.stem: path.read_bytes() for path in (folder / "packs").rglob("*.json")}

    monkeypatch.setattr(documents, "judged", noting)
    make(lean)
    before = said()
    drawn.clear()
    path = next((lean / "data" / LAST).glob("puhelut_lantinen*"))
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-3]))
    make(lean)
    other = {name for name, content in said().items() if before[name] != content}
    assert {name.partition("/")[2] for name in drawn} == other
    assert 0 < len(other) < len(before)


def test_a_second_run_reads_no_extract(lean: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_files, "GRAIN", 0)  # as if the files had lain there for a while
    one(lean)  # a moved workspace hashes its files once
    before = kept(lean)
    read: list[str] = []
    opened = Path.open

    def noting(path: Path, *arguments: Any, **options: Any) -> Any:
        read.append(str(path))
        return opened(path, *arguments, **options)

    monkeypatch.setattr(Path, "open", noting)
    one(lean)
    assert kept(lean) == before
    assert [path for path in read if str(lean / "data") in path and not path.endswith(".toml")] == []
    assert read


def test_only_a_changed_delivery_is_read_again(lean: Path) -> None:
    before = kept(lean)
    path = next((lean / "data" / "2026-07").glob("digi*"))
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-1]))
    one(lean)
    after = kept(lean)
    assert len(set(after) - set(before)) == 1
    assert len(set(before) - set(after)) == 1
    assert all(after[address] == before[address] for address in set(after) & set(before))


def test_a_run_of_the_same_makes_nothing_again_until_something_is_other(lean: Path) -> None:
    folder = lean / "output" / LAST
    first = make(lean)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
    again = make(lean)
    assert (again.unchanged, again.packs, again.warnings) == (True, first.packs, first.warnings)
    assert {path: path.stat().st_mtime_ns for path in before} == before
    printed = ask(lean, "run", "--month", LAST, "--jobs", "1").stdout
    assert f"Nothing has changed since the last run: its {len(first.packs)} packs (final) are in" in printed
    pack = folder / first.packs[0]
    content = pack.read_bytes()
    pack.write_bytes(content[:-9])
    assert not make(lean).unchanged
    assert pack.read_bytes() == content
    edit(lean / "configs/findings.toml", r"law_share = \d+", "law_share = 7")
    assert not make(lean).unchanged
    assert make(lean).unchanged


def test_a_partial_run_keeps_the_other_packs(lean: Path) -> None:
    folder = lean / "output" / LAST
    before = digests(folder)
    name = f"packs/unit/{LEAN_UNIT}.fi"
    for suffix in ("pdf", "json"):
        (folder / f"{name}.{suffix}").unlink()
    outcome = one(lean)
    assert outcome.packs == (f"{name}.pdf",)
    assert digests(folder) == before
    assert run_note(lean)["packs"] == [n for n in sorted(before) if n.endswith((".pdf", ".pptx"))]


def test_a_partial_run_tells_which_packs_rest_on_older_extracts(lean: Path) -> None:
    before = run_note(lean)
    remove(lean, "opiskelijat*")
    one(lean)
    note = run_note(lean)
    assert note["basis"] != before["basis"]
    assert note["outdated"] == [n for n in before["packs"] if LEAN_UNIT not in n]
    make(lean)
    assert run_note(lean)["outdated"] == []


def test_a_full_run_leaves_no_pack_of_before(lean: Path) -> None:
    stray = lean / "output" / LAST / "packs/unit/suljettu.fi.pdf"
    stray.write_bytes(b"%PDF")
    make(lean)
    assert not stray.exists()


def test_a_preliminary_run_says_so_on_every_page_and_shows_the_newest_month(lean: Path) -> None:
    shutil.copy(ROOT / "configs/packs/unit.toml", lean / "configs/packs/unit.toml")
    remove(lean, "talous*")
    outcome = one(lean)
    assert outcome.stage == run_note(lean)["stage"] == "preliminary"
    found = pages(lean / "output" / LAST / "packs/unit" / f"{LEAN_UNIT}.fi.pdf")
    assert len(found) >= 3
    assert ["ENNAKKO" in text for text in found] == [True] * len(found)
    pack = json.loads((lean / "output" / LAST / "packs/unit" / f"{LEAN_UNIT}.fi.json").read_text("utf-8"))
    blocks = [block for section in pack["sections"] for block in section["blocks"]]
    lines = [row for block in blocks if block["kind"] == "table" for row in block["rows"]]
    (budget,) = [line for line in lines if line[0].startswith("Talousarvion toteuma (kertymä)")]
    assert "heinäkuu 2026" in budget[0]
    assert "%" in budget[1]


def test_every_slide_of_a_preliminary_deck_says_so_and_no_final_page_does(
    preliminary_run: Path, lean_run: Path
) -> None:
    for place, marked in ((preliminary_run, True), (lean_run, False)):
        documents = sorted((place / "output" / LAST / "packs").rglob("*.p[dp]*"))
        assert len(documents) == 7
        for path in documents:
            found = pages(path)
            assert found
            assert ["ENNAKKO" in text for text in found] == [marked] * len(found), path.name


def test_an_optional_source_that_is_missing_is_no_zero(lean: Path) -> None:
    remove(lean, "asiat*", "t3*")
    assert one(lean).stage == "final"
    metrics = ("legal_cases_n", "legal_replies_on_time_pct", "t3_days")
    rows = [row for row in values(lean) if row["metric"] in metrics]
    now = [row for row in rows if row["period"] == LAST and row["period_kind"] == "month"]
    before = [row for row in rows if row["period"] == "2026-07" and row["period_kind"] == "month"]
    assert {row["metric"] for row in now} == set(metrics)
    shown = {(row["state"], row["value"], row["numerator"], row["n"]) for row in now}
    assert shown == {("missing", "", "", "")}
    assert any(row["value"] for row in before)
    note = run_note(lean)
    said = note["warnings"].index("legal_cases: not delivered for 2026-08, due 2026-09-08")
    assert note["messages"][said] == {
        "code": "warning.late",
        "values": {"source": "legal_cases", "month": LAST, "due": "2026-09-08"},
    }


def test_no_row_is_lost_in_a_messy_month(lean: Path, tmp_path: Path) -> None:
    generate(
        tmp_path / "mess", LAST, organisation_file=ROOT / "configs/organisation.toml",
        months=3, scale=0.005, mess=True,
    )  # fmt: skip
    shutil.rmtree(lean / "data")
    shutil.move(tmp_path / "mess", lean / "data")
    outcome = one(lean)
    assert outcome.stage == "preliminary"
    sources = {source["source"]: source for source in run_note(lean)["sources"]}
    rejected = {name: source for name, source in sources.items() if source["rejected"]}
    assert {"phone_contacts", "avohilmo_events", "haipro_reports", "hr_monthly"} <= set(rejected)
    for source in sources.values():
        assert source["read"] == source["used"] + source["rejected"] + source["outside"], source["source"]
        assert sum(source["reasons"].values()) == source["rejected"], source["source"]
    hidden = private_cells(lean)
    listed = {name: one for name, one in sources.items() if one["rejected"] or one["unknown_cells"]}
    for name, source in listed.items():
        path = lean / "output" / LAST / "rejects" / f"{name}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert all(row["file"] and int(row["line"]) > 1 and row["reason"] for row in rows)
        assert not {cell for row in rows for cell in row.values()} & hidden
        whole = [row for row in rows if row["what"] == "row"]
        assert len(whole) == source["rejected"]
        assert {row["reason"] for row in whole} == set(source["reasons"])
        cells = [(row["column"], row["reason"], int(row["count"])) for row in rows if row["what"] == "cell"]
        assert cells == [(c["column"], c["reason"], c["cells"]) for c in source["unknown_cells"]]
    assert sorted(p.stem for p in (lean / "output" / LAST / "rejects").iterdir()) == sorted(listed)


def test_packs_of_an_audience_that_could_work_figures_out_are_not_made(
    lean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish = disclosure.publish

    def leaking(*asked: Any, **named: Any) -> dict[str, Figures]:
        shown = publish(*asked, **named)
        return shown | {"unit": replace(shown["unit"], exposed=(("feedback_n", LEAN_UNIT),))}

    monkeypatch.setattr(disclosure, "publish", leaking)
    done = ask(lean, "run", "--month", LAST, "--jobs", "1", "--fresh")
    assert done.exit_code == 5
    assert (
        f"failed: packs/unit/{LEAN_UNIT}.fi.pdf: what unit is always shown would reveal withheld figures of "
        "feedback_n (toimintayksikko)\n"
    ) in done.output
    made = {
        path.parent.name for path in (lean / "output" / LAST / "packs").rglob("*.p*") if path.suffix in KINDS
    }
    assert made == {"management_review", "service_unit"}, "others can be"


def test_the_review_is_made_when_a_tertial_ends(lean: Path, lean_run: Path) -> None:
    assert kinds(run_note(lean_run)["packs"]) == {"management_review", "service_unit", "unit"}
    make(lean, "2026-07")
    assert kinds(run_note(lean, "2026-07")["packs"]) == {"service_unit", "unit"}


def test_every_organisation_has_its_pack(shipped_run: Path) -> None:
    packs = run_note(shipped_run)["packs"]
    assert kinds(packs) == {"management_review", "public", "public_access", "service_unit", "unit"}
    assert sum(name.startswith("packs/unit/") for name in packs) == 16
    assert sum(name.startswith("packs/service_unit/") for name in packs) == 4
    assert all((shipped_run / "output" / LAST / name).stat().st_size > 10_000 for name in packs)


KINDS = (".pdf", ".pptx")


def kinds(packs: Iterable[str]) -> set[str]:
    """The kinds of packs by their file names."""
    return {name.split("/")[1] for name in packs}


def words(content: bytes) -> set[str]:
    """Everything in a file that could be a pseudonym or a case number."""
    text = "".join(c if c.isalnum() or c in "-_/." else " " for c in content.decode("utf-8", "replace"))
    return {word.strip("-_/.") for word in text.split()}


def contents(content: bytes) -> Iterable[bytes]:
    """A file, and if it is an archive everything in it, at any depth."""
    yield content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield from contents(archive.read(name))


def test_nothing_private_leaves_the_store(shipped_run: Path) -> None:
    hidden = private_cells(shipped_run)
    assert len(hidden) > 500
    leaked: dict[str, set[str]] = {}
    for path in sorted(p for p in (shipped_run / "output" / LAST).rglob("*") if p.is_file()):
        texts = [*contents(path.read_bytes())]
        if path.suffix == ".pdf":
            texts += [text.encode() for text in pages(path)]
        leaked[path.name] = set().union(*(words(text) for text in texts)) & hidden
    assert {name: cells for name, cells in leaked.items() if cells} == {}


def test_the_store_is_for_its_owner_only(shipped_run: Path) -> None:
    store = shipped_run / "output/.store"
    assert store.stat().st_mode & 0o077 == 0
    assert (store / "secret").stat().st_mode & 0o077 == 0


def test_a_later_delivery_does_not_change_an_earlier_month(lean: Path, tmp_path: Path) -> None:
    alone = tmp_path / "alone"
    shutil.copytree(lean, alone)
    shutil.rmtree(alone / "data" / LAST)
    for place in (lean, alone):
        one(place, "2026-07")
    july = [digests(place / "output/2026-07") for place in (lean, alone)]
    assert july[0] == july[1]
    assert "values.csv" in july[0]


def test_a_period_that_has_just_ended_was_told_nothing_else_before(lean_run: Path) -> None:
    """The tertial's first months were published, but never as the tertial."""
    path = lean_run / "output" / LAST / "values.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    ended = [row for row in rows if row["period"] in (LAST, "2026-T2")]
    assert {"month", "tertial", "ytd", "rolling_12m"} <= {row["period_kind"] for row in ended}
    assert [row["metric"] for row in ended if row["revised"]] == []
    assert [row["metric"] for row in rows if row["revised"]] != []


def test_what_lost_power_has_cut_short_is_made_anew(lean: Path) -> None:
    """A crashed system may leave renamed files empty; the store is only ever a memory of the extracts."""
    before = digests(lean / "output" / LAST)
    folders = sorted(path.parent for path in (lean / "output/.store").glob("*/note.json"))
    (folders[0] / "note.json").write_bytes(b"")
    (folders[1] / "note.json").write_bytes(b"{")
    next(folders[2].glob("*.parquet")).write_bytes(b"PAR1")
    next(folders[3].glob("*.parquet")).unlink()
    (lean / "output/.store/hashes.json").write_bytes(b"")
    (lean / "output" / LAST / "run.json").write_bytes(b"{")
    assert ask(lean, *ONE_PACK).exit_code == 0
    after = digests(lean / "output" / LAST)
    assert {name for name in before if before[name] != after[name]} <= {"run.json"}


@pytest.mark.parametrize("jobs", ["1", pytest.param("2", marks=pytest.mark.heavy)])
def test_facts_changed_on_the_disk_are_never_shown(lean: Path, jobs: str) -> None:
    """Bytes that have changed are told, not counted: the same run reads all those extracts again."""
    before = digests(lean / "output" / LAST)
    for name in ("nps", "calls"):
        facts = max((lean / "output/.store").glob(f"*/{name}.parquet"), key=lambda path: path.stat().st_size)
        content = bytearray(facts.read_bytes())
        content[24] ^= 1  # in the first page: the footer is whole
        facts.write_bytes(bytes(content))
    shutil.rmtree(lean / "output/.store/values")
    run = ("run", "--month", LAST, "--pack", "unit", "--org", LEAN_UNIT, "--jobs", jobs)
    assert ask(lean, *run).exit_code == 0
    (log,) = sorted((lean / "output/log").glob("*.log"))[-1:]
    assert f"damaged entries are made anew: {lean}" in log.read_text(encoding="utf-8")
    after = digests(lean / "output" / LAST)
    assert {name for name in before if before[name] != after[name]} <= {"run.json"}
