"""The service lines that ship: each a workspace that works at once, and an upgrade that knows which it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from opti_reports import line as lines_of
from opti_reports import starter
from opti_reports.cli import main
from opti_reports.config.load import load
from opti_reports.errors import UsageError
from opti_reports.line import LINES, line_named, lines
from opti_reports.workspace import init
from tests.pipeline import ROOT
from tests.workspaces import ask

MONTH = "2026-08"
LANGUAGES = {"fi", "sv", "en"}
SEEN_ELSEWHERE = ("avosairaanhoito", "aikuissosiaalipalvelut", "palveluketjut", "selka", "keusote-palaute")
"""Lines whose runs other tests look at closely."""


def shipped() -> Iterator[object]:
    for line in lines():
        marks = [pytest.mark.heavy] if line.id in SEEN_ELSEWHERE else []
        yield pytest.param(line.id, marks=marks, id=line.id)


@pytest.mark.parametrize("name", list(shipped()))
def test_a_line_goes_from_an_empty_folder_to_packs(name: str, tmp_path: Path) -> None:
    place = tmp_path / "county"
    assert CliRunner().invoke(main, ["init", str(place), "--line", name]).exit_code == 0
    made = ask(place, "demo", "--months", "13", "--scale", "0.02" if name == "avosairaanhoito" else "1")
    assert made.exit_code == 0, made.output
    month = max(path.name for path in (place / "data").iterdir() if path.is_dir())
    checked = ask(place, "check", "--month", month, "--json")
    assert checked.exit_code == 0, checked.output
    reports = json.loads(checked.stdout)
    assert all(one["read"] == one["used"] + one["rejected"] + one["outside"] for one in reports)
    done = ask(place, "run", "--month", month, "--jobs", "2")
    assert done.exit_code == 0, done.output
    assert list((place / "output" / month / "packs").glob("*/*.pdf"))


@pytest.mark.parametrize("name", [line.id for line in lines()])
def test_a_line_says_what_it_is_and_its_configs_are_in_order(name: str, tmp_path: Path) -> None:
    line = line_named(name)
    assert line.name.keys() == line.description.keys() == LANGUAGES
    assert all(line.name.values())
    place = init(tmp_path / "place", name)
    assert load(place.configs).packs
    assert starter.line_of(place.root) == line
    assert starter.plan(place.root) == ()
    if line.demo == "files":
        assert any((line.folder / "demo").iterdir())


@pytest.mark.parametrize("name", [line.id for line in lines()])
def test_a_line_repeats_nothing_that_it_would_get_anyway(name: str) -> None:
    folder = line_named(name).folder
    same = [
        path.relative_to(folder).as_posix()
        for kind in ("configs", "templates")
        for path in (folder / kind).rglob("*")
        if path.is_file() and (shared := ROOT / path.relative_to(folder)).is_file()
        if shared.read_bytes() == path.read_bytes()
    ]
    assert same == []


def test_one_line_is_the_default_and_is_all_that_the_program_brings(tmp_path: Path) -> None:
    (default,) = [line for line in lines() if line.default]
    assert lines()[0] == line_named("") == default
    place = init(tmp_path / "place")
    for kind in ("configs", "templates"):
        there = {path.relative_to(ROOT): path for path in (ROOT / kind).rglob("*") if path.is_file()}
        mine = {path.relative_to(place.root) for path in (place.root / kind).rglob("*") if path.is_file()}
        assert mine == there.keys()
        assert all((place.root / name).read_bytes() == path.read_bytes() for name, path in there.items())


def test_a_lines_own_file_comes_before_the_shared_one(tmp_path: Path) -> None:
    place = init(tmp_path / "place", "aikuissosiaalipalvelut")
    own = LINES / "aikuissosiaalipalvelut" / "configs"
    assert (place.configs / "brand.toml").read_bytes() == (own / "brand.toml").read_bytes()
    for shared in ("settings.toml", "languages/sv.toml", "sources/action_register.toml"):
        assert not (own / shared).exists()
        assert (place.configs / shared).read_bytes() == (ROOT / "configs" / shared).read_bytes()
    assert not (place.configs / "sources" / "haipro_reports.toml").exists()


def test_a_line_that_nobody_knows_is_told_and_nothing_is_made(tmp_path: Path) -> None:
    told = CliRunner().invoke(main, ["init", str(tmp_path / "x"), "--line", "aikuissosiaalipalvelu"])
    assert told.exit_code == 2
    assert told.stderr == (
        "opti: there is no line 'aikuissosiaalipalvelu', did you mean 'aikuissosiaalipalvelut'?\n"
        "  `opti lines` says what each line is; nothing was made.\n"
    )
    assert not (tmp_path / "x").exists()
    with pytest.raises(UsageError) as caught:
        line_named("jotain aivan muuta")
    assert all(line.id in str(caught.value) for line in lines())


def test_the_lines_are_listed_with_what_they_are() -> None:
    told = CliRunner().invoke(main, ["lines"])
    assert told.output.startswith("avosairaanhoito: Outpatient care\n")
    assert "tyhja: Empty ground\n  The least that runs" in told.output
    assert told.output.endswith("To begin from one: opti init DIR --line NAME\n")
    listed = json.loads(CliRunner().invoke(main, ["lines", "--json"]).output)
    assert [one["line"] for one in listed] == [line.id for line in lines()]


class Program:
    """A program with two lines of a few files each."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = root
        write(root / "configs/settings.toml", "shared settings")
        write(root / "configs/sources/calls.toml", "the calls")
        write(root / "templates/page.j2", "the page")
        write(root / "lines/first/line.toml", 'default = true\ndemo = "county"\ntakes = ["*"]\n' + WORDS)
        write(root / "lines/second/line.toml", 'demo = "files"\n' + WORDS)
        write(root / "lines/second/configs/sources/visits.toml", "the visits")
        monkeypatch.setattr(starter, "STARTER", root)
        monkeypatch.setattr(lines_of, "LINES", root / "lines")
        lines.cache_clear()


WORDS = '[name]\nfi = "a"\nsv = "b"\nen = "c"\n[description]\nfi = "a"\nsv = "b"\nen = "c"\n'


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Program]:
    yield Program(tmp_path / "program", monkeypatch)
    lines.cache_clear()


def plan(root: Path) -> dict[str, str]:
    return {change.path: change.what for change in starter.plan(root)}


def test_an_upgrade_brings_what_is_new_in_the_workspaces_own_line(tmp_path: Path, program: Program) -> None:
    root = init(tmp_path / "mine", "second").root
    assert plan(root) == {}
    write(program.root / "configs/sources/more.toml", "of the first line only")
    write(program.root / "configs/settings.toml", "shared settings, new")
    write(program.root / "lines/second/configs/sources/visits.toml", "the visits, new")
    write(program.root / "lines/second/configs/themes/new.toml", "a theme")
    assert plan(root) == {
        "configs/settings.toml": "renewed",
        "configs/sources/visits.toml": "renewed",
        "configs/themes/new.toml": "added",
    }
    starter.upgrade(root, starter.plan(root))
    assert (root / "configs/sources/visits.toml").read_text(encoding="utf-8") == "the visits, new"
    assert not (root / "configs/sources/more.toml").exists()
    assert plan(root) == {}


def test_a_workspace_of_before_there_were_lines_is_of_the_default_one(
    tmp_path: Path, program: Program
) -> None:
    root = init(tmp_path / "mine").root
    note = json.loads((root / starter.RECORD).read_text(encoding="utf-8"))
    del note["line"]
    write(root / starter.RECORD, json.dumps(note))
    write(program.root / "configs/sources/more.toml", "more")
    assert plan(root) == {"configs/sources/more.toml": "added"}


def test_without_a_note_the_line_is_the_one_whose_files_are_there(tmp_path: Path, program: Program) -> None:
    root = init(tmp_path / "mine", "second").root
    (root / starter.RECORD).unlink()
    write(root / "configs/organisation.toml", "mine")
    assert starter.line_of(root).id == "second"
    assert plan(root) == {}


def test_a_demo_of_files_is_laid_into_the_months(tmp_path: Path, program: Program) -> None:
    write(program.root / "lines/second/demo/visits.csv", "a;b\n1;2\n")
    write(program.root / "lines/second/demo/2026-05/visits.csv", "a;b\n3;4\n")
    root = init(tmp_path / "mine", "second").root
    told = ask(root, "demo", "--last-month", "2026-06")
    assert told.exit_code == 0, told.output
    assert told.output == f"2 files are in {root / 'data'}.\n"
    assert (root / "data/2026-06/visits.csv").read_text(encoding="utf-8") == "a;b\n1;2\n"
    assert (root / "data/2026-05/visits.csv").read_text(encoding="utf-8") == "a;b\n3;4\n"
    spoilt = ask(root, "demo", "--mess")
    assert spoilt.exit_code == 2
    assert "the demo of the line 'second' has no spoilt files" in spoilt.stderr
