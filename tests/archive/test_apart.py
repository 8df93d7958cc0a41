"""A pack that is published: made by its name, signed off and archived by itself, never mailed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.archive.released import ROLE, archive_of, ledger_of
from tests.workspaces import LAST, ROOT, ask, digests, edit, run_note

PACK = "public_access"
PLACE = f"{LAST}.{PACK}"
DONE = """
[[section]]
id = "tehty"
title = { fi = "Mitä tehtiin", sv = "Vad vi gjorde", en = "What was done" }

[[section.block]]
kind = "done"
list = "published_actions"
limit = 100
"""
ACTIONS = """Nro;yksikkö;toimenpide;lähde;avattu;määräaika;tila;Vastuurooli;julkinen
T900001;lohja;Opasteet uusitaan;palaute;2026-08-03;2026-09-30;sovittu;osastonhoitaja;ehkä
T900002;lohja;Odotustila rauhoitetaan;palaute;2026-08-03;2026-09-30;sovittu;osastonhoitaja;true
T900003;lohja;Ohje kerrataan;palaute;2026-08-03;2026-09-30;sovittu;Matti Meikäläinen;kyllä
T900004;lohja;Neuvonta siirtyy aulaan;palaute;2026-08-03;2026-09-30;sovittu;osastonhoitaja;
T900005;lohja;Hanna Virtanen opastaa;palaute;2026-08-03;2026-09-30;sovittu;osastonhoitaja;x
T900006;lohja;Lomake lyhenee;palaute;2026-08-03;2026-09-30;peruttu;osastonhoitaja;x
"""
SIGN = ("--sign", ROLE)


def tried(workspace: Path, *arguments: str, wanted: int = 0) -> str:
    result = ask(workspace, *arguments)
    assert result.exit_code == wanted, result.stderr
    return result.stdout + result.stderr


@pytest.fixture(scope="module")
def run(lean_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lean workspace whose whole run made the page that is published too."""
    root = tmp_path_factory.mktemp("julkinen") / "place"
    shutil.copytree(lean_run, root)
    pack = (ROOT / "configs/packs" / f"{PACK}.toml").read_text(encoding="utf-8")
    (root / "configs/packs" / f"{PACK}.toml").write_text(pack + DONE, encoding="utf-8")
    (root / "data" / LAST / "toimenpiteet_julkiset.csv").write_text(ACTIONS, encoding="utf-8")
    (root / "printed.txt").write_text(tried(root, "run", "--month", LAST, "--jobs", "1"), encoding="utf-8")
    return root


@pytest.fixture
def place(run: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(run, tmp_path / "place"))


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def lines(workspace: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ledger_of(workspace).read_text(encoding="utf-8").splitlines()]


def signed(workspace: Path, *pack: str) -> Path:
    """Sign off, and return the archived run."""
    before = set(archive_of(workspace).glob("*/*"))
    tried(workspace, "release", "--month", LAST, *pack, *SIGN)
    (made,) = set(archive_of(workspace).glob("*/*")) - before
    return made


def test_it_is_released_by_itself_in_a_place_of_its_own(place: Path) -> None:
    made = signed(place, "--pack", PACK)
    assert made.parent.name == PLACE
    own = {name for name in files(made) if name.startswith(("packs/", "values"))}
    documents = {
        f"packs/{PACK}/avosairaanhoito.{language}.{form}"
        for language in ("fi", "sv")
        for form in ("pdf", "html", "json")
    }
    assert own == documents | {"values.public.csv"}
    release = json.loads((made / "release.json").read_text(encoding="utf-8"))
    assert (release["month"], release["pack"]) == (LAST, PACK)
    assert [one["attached"][0]["file"].rpartition(".")[2] for one in release["packs"]] == ["html", "html"]
    assert [line["payload"]["month"] for line in lines(place) if line["kind"] == "released"] == [PLACE]
    assert not (place / "output" / LAST / "release.json").exists(), "the month is not released by it"
    tried(place, "archive", "verify")
    assert "is rebuilt" in tried(place, "archive", "rebuild", PLACE)


def test_the_month_is_released_without_it(place: Path) -> None:
    made = signed(place)
    assert made.parent.name == LAST
    assert {
        name for name in files(made) if PACK in name and not name.startswith(("configs", "templates"))
    } == set()
    assert "values.public.csv" not in files(made)
    release = json.loads((made / "release.json").read_text(encoding="utf-8"))
    assert PACK not in {one["pack"] for one in release["packs"]}
    assert "pack" not in release
    # One does not undo or hold up the other, and both are versions 1.
    assert signed(place, "--pack", PACK).name.startswith("v1-")
    assert "Nothing has changed since version 1" in tried(place, "release", "--month", LAST)


def test_signed_again_nothing_is_made_anew(place: Path) -> None:
    signed(place, "--pack", PACK)
    before = digests(archive_of(place))
    assert "no new version" in tried(place, "release", "--month", LAST, "--pack", PACK, *SIGN)
    assert digests(archive_of(place)) == before


def test_the_page_says_that_nobody_is_mailed(place: Path) -> None:
    shown = tried(place, "release", "--month", LAST, "--pack", PACK)
    assert f"Release of {PLACE}: version 1, final, 2 packs" in shown
    assert shown.count("published, not mailed") == 2


def test_mail_refuses_it(place: Path) -> None:
    signed(place)
    said = tried(place, "send", "--month", LAST, "--pack", PACK, "--dry-run", wanted=2)
    assert f"'{PACK}' is published, never mailed" in said
    edit(place / "configs/recipients.toml", r'packs        = \["management_review"\]', f'packs = ["{PACK}"]')
    said = tried(place, "check", wanted=3)
    assert f"recipients.toml: recipient.1.packs: '{PACK}' is published, never mailed" in said


@pytest.mark.parametrize(
    ("pack", "said"),
    [
        ("publc_access", f"did you mean '{PACK}'"),
        ("unit", "'unit' is released with the others of its month"),
    ],
)
def test_another_name_is_refused(place: Path, pack: str, said: str) -> None:
    assert said in tried(place, "release", "--month", LAST, "--pack", pack, wanted=2)
    assert not archive_of(place).exists()


def test_one_that_no_run_made_is_not_released(place: Path) -> None:
    shutil.rmtree(place / "output" / LAST / "packs" / PACK)
    note = run_note(place)
    kept = {
        name: [one for one in note[name] if PACK not in one] if isinstance(note[name], list) else note[name]
        for name in note
    }
    kept["files"] = {name: one for name, one in note["files"].items() if PACK not in name}
    (place / "output" / LAST / "run.json").write_text(json.dumps(kept), encoding="utf-8")
    said = tried(place, "release", "--month", LAST, "--pack", PACK, wanted=2)
    assert f"no run has made '{PACK}'" in said
    assert f"opti run --month {LAST} --pack {PACK}" in said


def test_a_run_by_its_name_says_how_it_is_released_and_a_wrong_name_what_was_meant(place: Path) -> None:
    said = tried(place, "run", "--month", LAST, "--pack", PACK, "--jobs", "1")
    assert f"release it by itself: opti release --month {LAST} --pack {PACK}" in said
    assert "did you mean 'public_access'" in tried(
        place, "run", "--month", LAST, "--pack", "publc_access", wanted=2
    )
    assert "--pack public" in tried(place, "run", "--help")


def test_residents_read_only_what_was_marked_for_them(run: Path) -> None:
    pages = (run / "output" / LAST / "packs" / PACK).glob("*.html")
    shown = [path.read_text(encoding="utf-8").replace("\u00ad", "") for path in pages]
    assert len(shown) == 2
    for page in shown:
        assert all(title in page for title in ("Odotustila rauhoitetaan", "Ohje kerrataan"))
        for title in ("Opasteet uusitaan", "Neuvonta", "Virtanen", "Meikäläinen", "Lomake"):
            assert title not in page
    said = (run / "printed.txt").read_text(encoding="utf-8")
    assert "unknown cells of public in used rows: unknown_code 1" in said
    assert "('ehkä')" in said
    assert "published_actions: titles of T900005 may name a person and are not published" in said
    assert "Virtanen" not in said
