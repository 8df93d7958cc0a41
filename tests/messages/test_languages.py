"""The terminal in each language: the same sentences with the same values, and commands left as they are."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from string import Formatter

import click
import pytest
from click.testing import CliRunner

from opti_reports.cli import main
from opti_reports.messages.message import message
from opti_reports.messages.sentences import Catalogue, Sentence, catalogue_of, recorded
from opti_reports.messages.spoken import LANGUAGES, VARIABLE, spoken
from opti_reports.terminal.printing import agreed
from tests.workspaces import LAST, ONE_PACK, opti, run_note

OTHERS = [language for language in LANGUAGES if language != "en"]
CLICK = Path(click.__file__).parent
FOLDER = Path(main.callback.__code__.co_filename).parent / "messages/click" if main.callback else Path()
COMMAND = re.compile(r"`(opti [^`]*)`|(?<![\w`])(--[a-z][a-z-]+)")


def forms(sentence: Sentence) -> dict[str, str]:
    found = {"zero": sentence.zero, "one": sentence.one, "other": sentence.other}
    return {name: form for name, form in found.items() if form is not None}


def values(form: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(form) if name}


def commands(catalogue: Catalogue, code: str) -> set[str]:
    """The commands and options that a sentence names, without what stands in the place of values."""
    found = COMMAND.findall(catalogue.sentences[code].other)
    return {re.sub(r"\{.*?\}|<.*?>", "", whole or option) for whole, option in found}


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_says_what_english_says_with_the_same_values(language: str) -> None:
    own, english = catalogue_of(language), catalogue_of("en")
    assert own.sentences.keys() == english.sentences.keys()
    assert {code: len(heads) for code, heads in own.headings.items()} == {
        code: len(heads) for code, heads in english.headings.items()
    }
    unlike = [
        code
        for code, said in english.sentences.items()
        if own.sentences[code].by != said.by
        or {name: values(form) for name, form in forms(own.sentences[code]).items()}
        != {name: values(form) for name, form in forms(said).items()}
    ]
    assert unlike == []


@pytest.mark.parametrize("language", OTHERS)
def test_commands_and_options_are_not_translated(language: str) -> None:
    own, english = catalogue_of(language), catalogue_of("en")
    assert [code for code in english.sentences if commands(own, code) != commands(english, code)] == []


@pytest.mark.parametrize("language", OTHERS)
def test_what_the_library_says_is_said_in_its_very_words(language: str) -> None:
    known = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    library = "\n".join(path.read_text(encoding="utf-8") for path in CLICK.glob("*.py"))
    assert [
        text for text in known if f'"{text}"'.replace("\n", "\\n").replace("\t", "\\t") not in library
    ] == []
    named = re.compile(r"\{\w+|%\(\w+\)s")
    assert [text for text, said in known.items() if set(named.findall(said)) - set(named.findall(text))] == []


@pytest.mark.parametrize(
    ("language", "arguments", "said"),
    [
        ("fi", ("--help", "--ui-lang", "fi"), "Käyttö:"),
        ("fi", ("run", "--ui-lang=fi", "--month", "2026-13"), "Virhe: Ei kelpaa, '--month': "),
        ("sv", ("--ui-lang", "sv", "runn"), "Fel: Kommandot 'runn' finns inte. Menade du 'run'?"),
        ("sv", ("changes", "--ui-lang", "sv"), "Fel: Alternativ saknas: '--month'."),
        ("en", ("--ui-lang", "no", "lines"), "'no' is not one of 'en', 'fi', 'sv'."),
    ],
)
def test_help_and_faults_are_in_the_language_asked_for(
    monkeypatch: pytest.MonkeyPatch, language: str, arguments: tuple[str, ...], said: str
) -> None:
    monkeypatch.setenv(VARIABLE, "en")
    assert said in CliRunner().invoke(main, arguments).output
    assert spoken() == language


@pytest.mark.parametrize(
    ("system", "language"),
    [
        ({"LANG": "fi_FI.UTF-8"}, "fi"),
        ({"LC_ALL": "sv_FI.UTF-8", "LANG": "fi_FI.UTF-8"}, "sv"),
        ({"LANG": "Finnish_Finland.1252"}, "fi"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "fi_FI.UTF-8", VARIABLE: "sv"}, "sv"),
    ],
)
def test_without_an_option_the_language_is_the_systems(
    monkeypatch: pytest.MonkeyPatch, system: dict[str, str], language: str
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", VARIABLE):
        monkeypatch.delenv(name, raising=False)
    for name, value in system.items():
        monkeypatch.setenv(name, value)
    assert spoken() == language


def test_a_run_in_finnish_speaks_finnish_and_its_record_stays_english(lean: Path) -> None:
    english = run_note(lean)["warnings"]
    done = opti(lean, *ONE_PACK, "--fresh", env={VARIABLE: "fi"})
    assert done.returncode == 0
    assert "seuraavaksi: " in done.stdout
    assert "next: " not in done.stdout + done.stderr
    assert set(run_note(lean)["warnings"]) >= set(english)
    refused = opti(lean, "explain", "npss", "--org", "lohja", "--month", LAST, env={VARIABLE: "fi"})
    assert refused.stderr == "opti: METRIC: mittaria 'npss' ei ole, tarkoititko 'nps'?\n"


def test_records_are_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "sv")
    assert recorded(message("release.not_written")) == "Nothing was released."


@click.command()
def asking() -> None:
    """Ask whether rows shall be written."""
    click.echo(agreed("imported.write", rows=3, file="rows.xlsx"))


@pytest.mark.parametrize(
    ("language", "shown", "typed", "meant"),
    [
        ("fi", "[k/E]: ", "k\n", True),
        ("fi", "[k/E]: ", "Kyllä\n", True),
        ("fi", ": vastaa kyllä tai ei", "j\ny\n", True),
        ("sv", "[j/N]: ", "J\n", True),
        ("sv", ": svara ja eller nej", "k\nnej\n", False),
        ("en", "[y/N]: ", "\n", False),
    ],
)
def test_yes_and_no_are_answered_in_the_language_spoken(
    monkeypatch: pytest.MonkeyPatch, language: str, shown: str, typed: str, meant: bool
) -> None:
    monkeypatch.setenv(VARIABLE, language)
    done = CliRunner().invoke(asking, input=typed)
    assert shown in done.stderr
    assert done.stdout == f"{meant}\n"
