"""How fast it is, as one table: ``python -m tests.bench [--scale 1]``.

A made-up county's 36 months are read, turned into packs, and read again as in an ordinary month; the
reading of the largest extract, a pack and a deck are set against what else there is on the same input; and a
small county grows tenfold in rows, months and units. Needs Linux: memory is read from /proc.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from opti_reports.disk import sha256
from opti_reports.extracts import find
from opti_reports.findings.conclude import Evidence, conclude
from opti_reports.model.look import Look
from opti_reports.model.value import Values
from opti_reports.periods.months import parse_month
from opti_reports.stages.disclosure import withheld
from opti_reports.stages.groups import FOLDER
from opti_reports.stages.reading import Task, read_delivery
from opti_reports.store import figures
from opti_reports.workspace import Workspace
from tests import against
from tests.findings.charts import chart
from tests.pipeline import concluded
from tests.workspaces import LAST, ROOT, decided

JOBS = "2"
DATES = (
    "yhteydenotto_ajankohta", "hoidontarve_ajankohta", "ajanvaraus_ajankohta", "ajanvaraus_varattu",
    "kaynti_alkoi", "peruutus_ajankohta",
)  # fmt: skip
SMALL, TEN = 0.02, 10
"""The scale of the county that grows, and how many times."""
LATER = "2031-08"
"""Its month: ten times thirteen months before that the organisation is there."""
ORDER = (DATES[:2], DATES[2:4])
LANGUAGES = {"fi", "sv", "muu", "en"}


@dataclass(frozen=True)
class Ran:
    """A command's wall-clock seconds, the peak memory of its largest process in MB, and what it printed."""

    seconds: float
    memory: float
    stdout: str


def opti(workspace: Path, *arguments: str) -> Ran:
    """Run the command and watch the memory of all its processes until it ends."""
    begun = time.perf_counter()
    running = subprocess.Popen(
        [sys.executable, "-m", "opti_reports.cli", *arguments],
        cwd=workspace,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        start_new_session=True,
    )
    peak = 0
    while running.poll() is None:
        peak = max(peak, _peak(running.pid))
        time.sleep(0.05)
    seconds = time.perf_counter() - begun
    stdout, _ = running.communicate()
    if running.returncode:
        raise SystemExit(f"opti {' '.join(arguments)} failed with exit code {running.returncode}")
    return Ran(seconds, peak / 1024, stdout)


def _peak(session: int) -> int:
    """The highest peak memory, in kB, among the processes of a session that live now."""
    peak = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if int((folder / "stat").read_text().rpartition(")")[2].split()[3]) != session:
                continue
            lines = (folder / "status").read_text().splitlines()
        except (OSError, ValueError):
            continue  # it has just ended
        peak = max([peak, *(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))])
    return peak


def forget(workspace: Path, month: int) -> None:
    """Drop the facts of a month's deliveries and all figures, as if every source had just arrived."""
    store = workspace / "output/.store"
    for note in store.glob("*/note.json"):
        if json.loads(note.read_text(encoding="utf-8"))["month"] == month:
            shutil.rmtree(note.parent)
    shutil.rmtree(store / FOLDER)
    (workspace / "output" / LAST / "run.json").unlink()  # else nothing new is made at all


def rows_read(workspace: Path) -> int:
    """All rows of all deliveries."""
    notes = (workspace / "output/.store").glob("*/note.json")
    return sum(json.loads(note.read_text(encoding="utf-8"))["counts"]["read"] for note in notes)


def prototype(path: Path) -> int:
    """The extract as a quick script would read it: parse, check row by row, count by unit and month."""
    frame = pd.read_csv(path, sep=";", dtype=str, keep_default_na=False)
    for name in DATES:
        frame[name] = pd.to_datetime(frame[name], errors="coerce")
    seen: set[str] = set()
    good = []
    for _, row in frame.iterrows():
        fine = row["avohilmo_id"] not in seen and row["asiointikieli"] in LANGUAGES
        fine = fine and row["ika"].isdigit() and int(row["ika"]) <= 120
        for first, later in ORDER:
            fine = fine and not (pd.notna(row[first]) and pd.notna(row[later]) and row[later] < row[first])
        seen.add(row["avohilmo_id"])
        good.append(fine)
    frame = frame[good]
    month = frame["kaynti_alkoi"].dt.strftime("%Y-%m")
    return len(frame.groupby(["palveluntuottaja_yksikko", month, "kaynti_ammattiluokka"]).size())


def extract(workspace: Path) -> tuple[float, list[against.Beside], int]:
    """Seconds to read the largest AvoHILMO delivery here, by others, and its rows."""
    configs = decided(workspace)
    found = find.deliveries(workspace / "data", parse_month(LAST), configs.sources, configs.calendar, sha256)
    visits = [delivery for delivery in found if delivery.source == "avohilmo_events"]
    largest = max(visits, key=lambda delivery: delivery.files[0].stat().st_size)
    with tempfile.TemporaryDirectory() as store:
        begun = time.perf_counter()
        fault = read_delivery(Task(largest, configs, Path(store), "bench", b"bench"))
        ours = time.perf_counter() - begun
        assert not fault, fault
        note = json.loads((Path(store) / "bench/note.json").read_text(encoding="utf-8"))
    path = largest.files[0]
    plain = against.Beside("a plain prototype", against.taken(lambda: prototype(path), 1))
    return ours, [plain, *against.readers(path)], note["counts"]["read"]


def charts() -> float:
    """Seconds to judge 1000 series of 36 points, the fastest of three rounds."""
    source = random.Random(1)
    series = [[source.gauss(50, 5) for _ in range(36)] for _ in range(1000)]
    rounds = []
    for _ in range(3):
        begun = time.perf_counter()
        for values in series:
            chart(values, target=60, direction="up")
        rounds.append(time.perf_counter() - begun)
    return min(rounds)


def findings(workspace: Path) -> tuple[float, int]:
    """Seconds for all findings of a run, the fastest of three rounds, and how many series there are."""
    configs, month = decided(workspace), parse_month(LAST)
    made = concluded(Workspace(workspace), LAST)
    rounds = []
    for _ in range(3):
        values = Values(made.values.items)
        known = Evidence(
            values=values,
            before=values,
            tree=made.tree,
            newest=made.newest,
            came={},
            actions=made.lists.get("actions", ()),
            month=month,
        )
        begun = time.perf_counter()
        conclude(configs, known)
        rounds.append(time.perf_counter() - begun)
    return min(rounds), len(made.newest) * len(made.tree.nodes)


def protection(workspace: Path) -> tuple[float, int]:
    """Seconds to withhold for all audiences, this month's figures and the month before's, and how many
    figures are withheld.
    """
    configs, store = decided(workspace), workspace / "output/.store" / FOLDER
    groups = [figures.load(store, note.parent.name) for note in sorted(store.glob("*/note.json"))]
    begun = time.perf_counter()
    shown = [own for group in groups for _, own in withheld(configs, group, parse_month(LAST))]
    seconds = time.perf_counter() - begun
    return seconds, sum(value.state == "withheld" for own in shown for value in (*own.now, *own.before))


def growth(folder: Path) -> list[tuple[str, str]]:
    """Seconds and memory of a first run of a small county, and how many times as much tenfold rows, months
    and units take.
    """
    kinds = {"once": (1, 1, 1), "rows": (TEN, 1, 1), "months": (1, TEN, 1), "units and rows": (TEN, 1, TEN)}
    ran = {}
    for name, (rows, months, units) in kinds.items():
        place = folder / name.partition(" ")[0]
        opti(ROOT, "init", str(place))
        many(place / "configs/organisation.toml", units)
        made = ("--scale", str(SMALL * rows), "--months", str(13 * months), "--last-month", LATER)
        opti(place, "demo", *made)
        ran[name] = opti(place, "run", "--month", LATER, "--jobs", JOBS, "--json")
    first = ran.pop("once")
    return [
        ("a small county, 13 months", f"{first.seconds:.1f} s, {first.memory:.0f} MB"),
        *(
            (
                f"ten times the {name}",
                f"{one.seconds / first.seconds:.1f} times as long, "
                f"{one.memory / first.memory:.1f} times the memory",
            )
            for name, one in ran.items()
        ),
    ]


def many(organisation: Path, times: int) -> None:
    """Give an organisation so many times its units: all but the uppermost and that of unknown codes."""
    head, *units = organisation.read_text(encoding="utf-8").split("[[unit]]")
    kept = [unit for unit in units if 'parent = "' in unit and "kohdistamaton" not in unit]
    copies = []
    for number in range(1, times):
        for unit in kept:
            lines = [_copied(line, number) for line in unit.splitlines()]
            copies.append("\n".join(lines) + "\n")
    organisation.write_text("[[unit]]".join([head, *units, *copies]), encoding="utf-8")


def _copied(line: str, number: int) -> str:
    """A line of a unit's copy: its ids, names and codes are others than those of the unit."""
    name = line.partition("=")[0].strip()
    if name in ("id", "parent", "successor") and '"avosairaanhoito"' not in line:
        return re.sub(r'"([^"]+)"', rf'"\1_{number}"', line)
    return re.sub(r'"([^"]+)"', rf'"\1 {number}"', line) if name in ("name", "short", "codes") else line


def measure(workspace: Path, scale: float) -> list[tuple[str, str]]:
    """Every line of the table."""
    opti(ROOT, "init", str(workspace))
    opti(workspace, "demo", "--scale", str(scale), "--last-month", LAST)
    hint = min(opti(workspace, "--help").seconds for _ in range(5))
    run = ("run", "--month", LAST, "--jobs", JOBS, "--json")
    first = opti(workspace, *run)
    rows = rows_read(workspace)
    forget(workspace, parse_month(LAST))
    monthly = opti(workspace, *run)
    again = opti(workspace, *run)
    ours, others, size = extract(workspace)
    material = concluded(Workspace(workspace), LAST)
    look = Look(material.configs.brand.brand(), Workspace(workspace).templates)
    judged, series = findings(workspace)
    protected, gone = protection(workspace)
    steps: dict[str, Any] = json.loads(first.stdout)
    seconds = steps["seconds"]
    return [
        ("first run, 36 months", f"{first.seconds:.1f} s ({_steps(first)})"),
        ("monthly run, every source new", f"{monthly.seconds:.1f} s ({_steps(monthly)})"),
        ("run again, nothing new", f"{again.seconds:.1f} s ({_steps(again)})"),
        ("rows read in the first run", f"{rows} ({rows / seconds['extracts']:.0f} a second)"),
        ("packs", f"{len(steps['packs'])} ({seconds['documents'] / len(steps['packs']):.2f} s a pack)"),
        ("memory of the largest process", f"{first.memory:.0f} MB first, {monthly.memory:.0f} MB monthly"),
        ("AvoHILMO extract, one process", f"{size} rows in {ours:.1f} s ({size / ours:.0f} a second)"),
        ("the same file, one thread", against.ratios(ours, others)),
        ("a unit's pack", against.ratios(*against.pages(material, look))),
        ("a service unit's deck", against.ratios(*against.decks(material, look))),
        (
            "protection of all audiences, one process",
            f"{gone} figures withheld in {protected:.1f} s ({gone / protected:.0f} a second)",
        ),
        ("opti --help", f"{hint:.2f} s"),
        (
            "all findings",
            f"{1000 * judged / series:.2f} s for 1000 series ({series} metrics × organisations)",
        ),
        ("process behaviour charts", f"{charts():.2f} s for 1000 series of 36 points"),
    ]


def _steps(ran: Ran) -> str:
    seconds = json.loads(ran.stdout)["seconds"]
    return ", ".join(f"{step} {taken:.1f}" for step, taken in seconds.items())


def main() -> None:
    """Make the demo in a temporary workspace, measure, and print the table."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--scale", type=float, default=0.2, help="1 = a county of 480 000 people")
    scale = parser.parse_args().scale
    with tempfile.TemporaryDirectory(prefix="opti-bench-") as folder:
        lines = measure(Workspace(Path(folder) / "place").root, scale)
        lines += growth(Path(folder))
    print(f"scale {scale:g}, {JOBS} jobs, {os.cpu_count()} processors")
    width = max(len(name) for name, _ in lines)
    print("\n".join(f"{name:<{width}}  {text}" for name, text in lines))


if __name__ == "__main__":
    main()
