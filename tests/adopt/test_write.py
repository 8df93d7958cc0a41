"""What is written, what is asked, and how it is taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from opti_reports.config.load import load
from tests.adopt.test_files import HEADS, ROWS, fresh, own, put
from tests.workspaces import ask

__all__ = ["fresh", "own"]
OTHER = HEADS.replace("Käsittelyn tila", "Vaihe nyt").replace("Ilmoitusnumero", "Numero ilmoitus")
TEXT = f"{OTHER}\n{ROWS}\n".replace("AVO-04", "Matinkylä AVO")
TEXT = TEXT.replace(";uusi", ";kesken vielä").replace("kesken vielä", "uusi", 5)


def sources(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in (root / "configs").rglob("*.toml")}


def test_without_a_terminal_the_answers_that_are_wanted_are_told(own: Path, tmp_path: Path) -> None:
    before = sources(own)
    done = ask(own, "adopt", put(tmp_path, "vaarat.csv", TEXT), "--write")
    assert done.exit_code == 10
    assert sources(own) == before
    assert '"Vaihe nyt" = ' in done.stderr
    assert "[column.haipro_reports]" in done.stderr


def test_answers_are_taken_from_a_file_and_comments_stay(own: Path, tmp_path: Path) -> None:
    before = sources(own)
    told = put(
        tmp_path,
        "answers.toml",
        '[column.haipro_reports]\n"Vaihe nyt" = "state"\n"Numero ilmoitus" = "report_id"\n'
        '[code.haipro_reports.state]\n"kesken vielä" = "kasittelyssa"\n[unit.haipro]\n'
        '"Matinkylä AVO" = "matinkyla"\n',
    )
    done = ask(own, "adopt", put(tmp_path, "vaarat_2026-08.csv", TEXT), "--write", "--answers", told)
    assert done.exit_code == 0, done.output
    after = sources(own)
    assert {name for name in after if after[name] != before[name]} == {
        "configs/organisation.toml",
        "configs/sources/haipro_reports.toml",
    }
    old, new = (one["configs/sources/haipro_reports.toml"].decode().splitlines() for one in (before, after))
    changed = [(a, b) for a, b in zip(old, new, strict=True) if a != b]
    assert [line for _, line in changed] == [
        'files         = ["haipro*.csv", "haipro*.xlsx", "vaarat*.csv"]',
        *(b for a, b in changed[1:]),
    ]
    assert all(added in "\n".join(b for _, b in changed) for added in ('"Vaihe nyt"', '"kesken vielä"'))
    assert len(changed) <= 4
    assert "Vaihe nyt" in load(own / "configs").sources["haipro_reports"].column["state"].aliases


def test_a_person_is_asked_and_may_say_no(own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    from opti_reports.cli import main

    monkeypatch.setattr("opti_reports.commands.adopt._asks", lambda: True)
    before, told = sources(own), tmp_path / "mine.toml"
    file = put(tmp_path, "vaarat.csv", TEXT)
    command = ["adopt", file, "--write", "--answers", str(told), "--workspace", str(own)]
    typed = ["nonsense", "report_id", "state", "-", "-", "n"]
    done = CliRunner().invoke(main, command, input="\n".join(typed) + "\n", catch_exceptions=False)
    assert "'nonsense' cannot be the answer" in done.stderr
    assert "Write this into" in done.stderr
    assert sources(own) == before
    assert '"Vaihe nyt" = "state"' in told.read_text(encoding="utf-8")

    again = CliRunner().invoke(main, command, input="y\n", catch_exceptions=False)
    assert again.exit_code == 0, again.output
    assert sources(own) != before


def test_undo_takes_back_only_what_is_as_it_was_left(own: Path, tmp_path: Path) -> None:
    before = sources(own)
    assert ask(own, "adopt", "--undo").exit_code == 2
    file = put(tmp_path, "vaarat.csv", f"{HEADS}\n{ROWS}\n")
    assert ask(own, "adopt", file, "--write").exit_code == 0
    changed = own / "configs/sources/haipro_reports.toml"
    left = changed.read_bytes()
    changed.write_bytes(left + b"# by hand\n")
    refused = ask(own, "adopt", "--undo")
    assert refused.exit_code == 2
    assert "changed since: sources/haipro_reports.toml" in refused.stderr
    assert changed.read_bytes() == left + b"# by hand\n"
    changed.write_bytes(left)
    assert ask(own, "adopt", "--undo").exit_code == 0
    assert sources(own) == before


def test_what_the_configs_could_not_be_read_with_is_not_written(own: Path, tmp_path: Path) -> None:
    """One code for two units: the organisation would be ambiguous."""
    before = sources(own)
    told = put(tmp_path, "a.toml", '[unit.haipro]\n"Hanko X" = "tapiola"\n"HANKO X" = "hanko"\n')
    rows = ROWS.replace("AVO-04", "Hanko X").replace("AVO-05", "HANKO X")
    done = ask(own, "adopt", put(tmp_path, "haipro.csv", f"{HEADS}\n{rows}\n"), "--write", "--answers", told)
    assert done.exit_code == 3
    assert "Nothing was written: the configs would not be in order." in done.stderr
    assert sources(own) == before


def test_an_answer_that_cannot_be_is_refused(own: Path, tmp_path: Path) -> None:
    told = put(tmp_path, "a.toml", '[column.haipro_reports]\n"Vaihe nyt" = "stat"\n')
    done = ask(own, "adopt", put(tmp_path, "vaarat.csv", TEXT), "--answers", told)
    assert done.exit_code == 2
    assert "'stat' cannot be the answer, did you mean 'state'?" in done.stderr


def test_files_and_undo_exclude_each_other(own: Path) -> None:
    assert ask(own, "adopt").exit_code == 2
    assert ask(own, "adopt", "--undo", "--write").exit_code == 2


def test_the_opposite_of_a_code_is_asked_without_a_guess(own: Path, tmp_path: Path) -> None:
    heads = "Puhelu ID;Jono;Tyyppi;Saapunut;Lopputulos"
    ends = ("Ei vastattu", "luopunut", "vastatu", "obesvarad", "luopunut")
    rows = "\n".join(f"P{n};TA Tapiola;Puhelu;3.8.2026 8.0{n};{end}" for n, end in enumerate(ends))
    file = put(tmp_path, "puhelut_2026-08.csv", f"{heads}\n{rows}\n")
    before = sources(own)
    asked = ask(own, "adopt", file, "--write")
    assert asked.exit_code == 10
    assert '"Ei vastattu" = ""' in asked.stderr
    assert 'obesvarad = ""' in asked.stderr
    assert 'vastatu = "answered"' in asked.stderr
    assert ask(own, "adopt", file, "--write", "--yes").exit_code == 10
    assert sources(own) == before


def test_nobody_is_asked_which_unit_a_total_is(own: Path, tmp_path: Path) -> None:
    text = "Toimipiste;Kuukausi;Kutsut\nTapiola/vo;2026-08;5\nLohja/vo;2026-08;7\nYhteensä;2026-08;12\n"
    file, before = put(tmp_path, "kutsut_2026-08.csv", text), sources(own)
    done = ask(own, "adopt", file, "--write")
    assert done.exit_code == 0, done.output
    assert "Yhteensä 1 = ?  (a total or an average: its rows are not counted)" in done.stdout
    assert sources(own) == before
    told = put(tmp_path, "answers.toml", '[unit.kysely]\n"Yhteensä" = "tapiola"\n')
    assert ask(own, "adopt", file, "--write", "--answers", told).exit_code == 0
    assert sources(own) != before
