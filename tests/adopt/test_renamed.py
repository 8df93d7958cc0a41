"""The strongest proof: the demo's extracts under other words give the same figures to the byte."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import tomlkit

from tests.adopt.renamed import OTHERS, rename
from tests.workspaces import LAST, ask, once

CODES = {
    ("phone_contacts", "end_state", "Hung up"): "abandoned",
    ("phone_contacts", "contact_kind", "Request for callback"): "callback_request",
}
"""Codes that nobody can tell, and what they mean."""


@pytest.fixture(scope="session")
def renamed(lean_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lean workspace before its run, five sources of it as other systems write them."""

    def make(root: Path) -> None:
        shutil.copytree(lean_run, root, ignore=shutil.ignore_patterns("output"))
        (root / "output").mkdir()
        for month in (root / "data").iterdir():
            if month.is_dir():
                rename(month)

    return once(tmp_path_factory, "renamed", make)


def files(root: Path) -> list[str]:
    new = tuple(other.new for other in OTHERS)
    return [str(path) for path in sorted((root / "data").glob("*/*")) if path.name.startswith(new)]


def answers(path: Path) -> str:
    document = tomlkit.document()
    document["column"] = {other.source: dict(other.answers) for other in OTHERS}
    code: dict[str, dict[str, dict[str, str]]] = {}
    for (source, column, text), means in CODES.items():
        code.setdefault(source, {}).setdefault(column, {})[text] = means
    document["code"] = code
    path.write_text(tomlkit.dumps(document), encoding="utf-8")
    return str(path)


def test_every_file_is_known_by_its_content_and_only_what_nobody_could_tell_is_asked(renamed: Path) -> None:
    done = ask(renamed, "adopt", "--json", *files(renamed))
    assert done.exit_code == 10
    plan = json.loads(done.stdout)
    whose = {name: one["source"] for one in plan["files"] for name in one["files"]}
    assert len(whose) == len(files(renamed))
    for name, source in whose.items():
        assert [source] == [other.source for other in OTHERS if name.startswith(other.new)]
    assert [one["how"] for one in plan["files"]] == ["sure"] * len(OTHERS)
    asked = {tuple(question["key"]) for question in plan["questions"]}
    told: set[tuple[str, ...]] = {
        ("column", other.source, head) for other in OTHERS for head in other.answers
    }
    told |= {("code", *key) for key in CODES}
    assert asked <= told
    guesses = {tuple(question["key"]): question["guess"] for question in plan["questions"]}
    right = {
        ("column", other.source, heading): means
        for other in OTHERS
        for heading, means in other.answers.items()
    }
    assert {key: guess for key, guess in guesses.items() if guess and guess != right.get(key)} == {}
    assert not any(plan["faults"])


@pytest.mark.heavy
def test_other_words_give_the_same_figures_to_the_byte(renamed: Path, lean_run: Path, tmp_path: Path) -> None:
    root = tmp_path / "county"
    shutil.copytree(renamed, root)
    refused = ask(root, "run", "--month", LAST, "--pack", "unit", "--jobs", "1")
    assert refused.exit_code == 4  # without what adopt finds out the phones are missing

    before = {path.name: path.read_text(encoding="utf-8") for path in (root / "configs/sources").iterdir()}
    told = answers(tmp_path / "answers.toml")
    done = ask(root, "adopt", *files(root), "--answers", told, "--write")
    assert done.exit_code == 0, done.output
    for path in (root / "configs/sources").iterdir():
        lines = before[path.name].splitlines()
        kept = [line for line in lines if line.lstrip().startswith("#")]
        assert kept == [
            line for line in path.read_text(encoding="utf-8").splitlines() if line.lstrip().startswith("#")
        ]
    assert ask(root, "adopt", *files(root)).exit_code == 0  # nothing is left to ask

    ran = ask(root, "run", "--month", LAST, "--pack", "unit", "--org", "puhelinpalvelu", "--jobs", "1")
    assert ran.exit_code == 0, ran.output
    for name in ("values.csv", "deviations.csv"):
        assert (root / "output" / LAST / name).read_bytes() == (
            lean_run / "output" / LAST / name
        ).read_bytes()

    assert ask(root, "adopt", "--undo").exit_code == 0
    after = {path.name: path.read_text(encoding="utf-8") for path in (root / "configs/sources").iterdir()}
    assert after == before
