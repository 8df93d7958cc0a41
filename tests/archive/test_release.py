"""A release: what it shows, what it refuses and in which words, what a second one is."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from markupsafe import escape

from opti_reports.archive import ledger
from opti_reports.archive import released as release_file
from opti_reports.model.release import Release
from tests.archive.released import ROLE, archive_of, flip, ledger_of, run_of
from tests.workspaces import LAST, LEAN_UNIT, ONE_PACK, ROOT, ask, digests, edit, run_note

SIGN = ("release", "--month", LAST, "--sign", ROLE)


def noted(workspace: Path, **changes: Any) -> None:
    """Change what run.json says."""
    path = workspace / "output" / LAST / "run.json"
    path.write_text(json.dumps({**run_note(workspace), **changes}), encoding="utf-8")


def release_of(workspace: Path) -> Release:
    """The month's release.json."""
    found = release_file.read(workspace / "output" / LAST)
    assert found is not None
    return found


def test_without_a_sign_off_only_the_page_is_written(lean: Path) -> None:
    before = digests(lean / "output" / LAST)
    result = ask(lean, "release", "--month", LAST)
    assert result.exit_code == 0
    page = lean / "output" / LAST / "release.html"
    assert result.stderr == f"The same as a page: {page}\nNothing was released.\n"
    after = digests(lean / "output" / LAST)
    assert {name: digest for name, digest in after.items() if name != "release.html"} == before
    assert not archive_of(lean).exists()


def test_the_page_begins_with_what_to_look_at_and_says_who_gets_what(lean: Path) -> None:
    page = ask(lean, "release", "--month", LAST).stdout
    with (lean / "output" / LAST / "changes.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    changed = {row["org"] for row in rows if row["look_at"]}
    packs = run_note(lean)["packs"]
    orgs = {Path(name).name.partition(".")[0] for name in packs}
    assert {row["org"] for row in rows} & orgs - changed, "what only changed is not looked at"
    lines = page.splitlines()
    assert lines[0].startswith(f"Release of {LAST}: version 1, final, {len(packs)} packs, basis ")
    assert lines[2].startswith(f"look at these: {len(orgs & changed)} of {len(packs)} packs differ in kind")
    looks = lines[3 : lines.index("", 3)]
    assert {line.split("/")[1].partition(".")[0] for line in looks} == orgs & changed
    breaches = ["new breach of a law: " in line for line in looks]
    assert breaches == sorted(breaches, reverse=True), "the gravest first"
    (row,) = [line for line in lines if line.startswith(f"unit/{LEAN_UNIT}.fi ")]
    assert row.split("  ")[1:] != []
    assert "pdf + xlsx" in row
    assert lines[-1] == "held back: nothing"


def test_each_pack_shows_the_matter_it_opens_with_and_the_page_says_the_same(lean: Path) -> None:
    lines = ask(lean, "release", "--month", LAST).stdout.splitlines()
    page = (lean / "output" / LAST / "release.html").read_text(encoding="utf-8")
    said = []
    for content in sorted((lean / "output" / LAST / "packs").rglob("*.json")):
        blocks = [b for s in json.loads(content.read_text(encoding="utf-8"))["sections"] for b in s["blocks"]]
        cards = [block for block in blocks if block["kind"] in ("cards", "agenda") and block["items"]]
        name = f"{content.parent.name}/{content.stem}"
        (row,) = [line for line in lines if line.startswith(f"{name} ")]
        assert f">{name}<" in page
        if cards:
            said.append(cards[0]["items"][0]["message"])
            assert row.endswith(said[-1])
            assert escape(said[-1]) in page
    assert said
    reasons = [line.partition(": ")[2] for line in lines if line.startswith("  ") and ".fi: " in line]
    assert reasons
    assert all(escape(reason) in page for reason in reasons)
    assert "<script" not in page
    assert (lean / "output" / LAST / "release.html").stat().st_mode & 0o077 == 0


def test_the_page_says_the_same_of_recipients_as_sending_does(lean: Path) -> None:
    """Whoever is revoked, deputised or reads another language, on the day of the release."""
    mine = f'address      = "johtotiimi.{LEAN_UNIT}@example.fi"'
    edit(lean / "configs/recipients.toml", re.escape(mine), f"{mine}\nvalid_to = 2020-01-01")
    chief = 'address      = "jyl.etapalvelut@example.fi"'
    deputy = (
        '[[recipient.deputy]]\nrole = "laatukoordinaattori"\naddress = "sijainen@example.fi"\n'
        "valid_from = 2020-01-02\nvalid_to = 2999-01-01"
    )
    edit(lean / "configs/recipients.toml", re.escape(chief), f"{chief}\n{deputy}")
    lines = ask(lean, *SIGN).stdout.splitlines()
    assert not [line for line in lines if line.startswith(f"unit/{LEAN_UNIT}.fi ")]
    (folded,) = [line for line in lines if line.startswith("nobody gets these 1: ")]
    assert folded.endswith(f"unit/{LEAN_UNIT}.fi")
    held = f"unit/{LEAN_UNIT}.fi for johtotiimi.{LEAN_UNIT}@example.fi: revoked: valid_to is past"
    assert lines[lines.index("held back:") :] == ["held back:", f"  {held}"]
    (row,) = [line for line in lines if line.startswith("service_unit/etapalvelut.fi ")]
    assert "  Laatukoordinaattori  " in row
    sent = json.loads(ask(lean, "send", "--month", LAST, "--dry-run", "--json").stdout)
    assert {one["reason"] for one in sent["held"] if one["org"] == LEAN_UNIT} == {"revoked"}
    assert {one["address"] for one in sent["letters"] if one["org"] == "etapalvelut"} == {
        "sijainen@example.fi"
    }


@pytest.mark.parametrize("arguments", [SIGN, SIGN[:3], (*SIGN[:3], "--json")])
def test_packs_for_roles_outside_their_audience_hold_everything_back(
    lean: Path, arguments: tuple[str, ...]
) -> None:
    path = lean / "configs/recipients.toml"
    mine = f'address      = "johtotiimi.{LEAN_UNIT}@example.fi"'
    deputy = (
        '[[recipient.deputy]]\nrole = "johtoryhma"\naddress = "sijainen@example.fi"\n'
        "valid_from = 2020-01-02\nvalid_to = 2999-01-01"
    )
    edit(path, re.escape(mine), f"{mine}\n{deputy}")
    edit(path, r'(johtava_ylilaakari +?= \{ audiences = )\["service_unit"\]', r'\1["county", "public"]')
    result = ask(lean, *arguments)
    assert result.exit_code == 2
    chiefs = [
        f"  service_unit of {org} to jyl.{org.replace('_', '-')}@example.fi: "
        "the role johtava_ylilaakari is not of the audience service_unit"
        for org in ("etapalvelut", "etela_espoo", "lantinen", "pohjois_espoo")
    ]
    assert result.stdout == ""
    assert result.stderr.splitlines() == [
        f"opti: {LAST}: packs would go to roles that are not of their audience, so nothing can be released:",
        *chiefs,
        f"  unit of {LEAN_UNIT} to sijainen@example.fi: the role johtoryhma is not of the audience unit",
        "  Correct the recipients, or the audiences of their roles, in configs/recipients.toml.",
    ]
    assert not archive_of(lean).exists()
    assert not (lean / "output" / LAST / "release.json").exists()


def test_a_deputy_or_recipient_of_another_time_holds_nothing_back(lean: Path) -> None:
    path = lean / "configs/recipients.toml"
    mine = f'address      = "johtotiimi.{LEAN_UNIT}@example.fi"'
    deputy = (
        '[[recipient.deputy]]\nrole = "johtoryhma"\naddress = "sijainen@example.fi"\n'
        "valid_from = 2020-01-02\nvalid_to = 2020-01-03"
    )
    edit(path, re.escape(mine), f"{mine}\n{deputy}")
    text = path.read_text(encoding="utf-8")
    late = '\n[[recipient]]\nrole = "johtoryhma"\npacks = ["unit"]\norganisation = "digitiimi"\n'
    path.write_text(f'{text}{late}address = "x@example.fi"\nvalid_from = 2990-01-01\n', encoding="utf-8")
    assert ask(lean, *SIGN).exit_code == 0


def test_a_sign_off_archives_exactly_the_run_and_notes_the_role(released: Path) -> None:
    made, run = release_of(released), run_of(released)
    assert (made.version, made.stage, made.signed_by_role) == (1, "final", ROLE)
    assert made.run_id == f"v1-{run_note(released)['basis'][:12]}" == run.name
    assert {pack.file for pack in made.packs} == set(run_note(released)["packs"])
    assert not any(pack.corrected for pack in made.packs)
    assert release_file.read(run) == made
    out = digests(released / "output" / LAST)
    kept = digests(run)
    assert {name: kept[name] for name in out} == out
    for pack in made.packs:
        assert kept[pack.file] == pack.sha256
        assert {one.file: one.sha256 for one in pack.attached} == {
            name: kept[name] for name in [pack.file.replace(".pdf", ".xlsx")] if pack.pack == "unit"
        }
    (line,) = ledger.walk(archive_of(released)).lines
    assert line.kind == "released"
    assert line.payload["role"] == ROLE
    assert line.payload["manifest"] == kept["manifest.json"]


def test_no_pseudonym_and_no_extract_goes_into_the_archive(released: Path) -> None:
    run = run_of(released)
    note = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    assert note["left_out"] == ["clients", "continuity", "digi_users", "legal", "legal_due", "t3"]
    names = {path.stem for path in (run / "facts").rglob("*.parquet")}
    assert names
    assert names.isdisjoint(note["left_out"])
    assert not (run / "inputs").exists()
    assert note["inputs"] == run_note(released)["inputs"]
    assert (run / "registers/actions.json").exists()


def test_extracts_are_copied_where_the_configs_say_so(lean: Path) -> None:
    edit(lean / "configs/archive.toml", "keep_inputs = false", "keep_inputs = true")
    assert ask(lean, *SIGN).exit_code == 0
    inputs = run_of(lean) / "inputs"
    found = {path.relative_to(inputs).as_posix() for path in inputs.rglob("*") if path.is_file()}
    assert found == set(run_note(lean)["inputs"])


def test_the_same_month_again_is_no_new_version(released: Path) -> None:
    before = digests(archive_of(released))
    (released / "output" / LAST / "release.json").unlink()
    result = ask(released, *SIGN)
    assert result.exit_code == 0
    assert result.stderr == "Nothing has changed since version 1; no new version was made.\n"
    assert digests(archive_of(released)) == before
    assert release_of(released).version == 1, "what lost power took away comes back"


def test_another_content_is_a_new_version_that_says_which_packs_are_corrected(released: Path) -> None:
    edit(released / "configs/packs/unit.toml", r'(?m)^name( *)= \{ fi = "', r'name\1= { fi = "Uusi ')
    edit(released / "data/demo.toml", r"(?s)\A(.*?)value *= *[0-9.]+", r"\1value = 1")
    assert ask(released, "run", "--month", LAST, "--jobs", "1").exit_code == 0
    assert ask(released, *SIGN).exit_code == 0
    first, second = (release_file.read(run_of(released, version)) for version in (1, 2))
    assert first is not None
    assert second is not None
    assert second.version == 2
    said = {pack.file: pack.corrected for pack in second.packs}
    content = {}
    for file in said:
        texts = [json.loads((run_of(released, v) / file).with_suffix(".json").read_text()) for v in (1, 2)]
        for text in texts:
            del text["trace"]
        content[file] = texts[0] != texts[1]
    assert said == content
    assert {file.split("/")[1]: was for file, was in said.items()} == {
        "management_review": False,
        "service_unit": False,
        "unit": True,
    }
    lines = ledger.walk(archive_of(released)).lines
    assert [line.kind for line in lines] == ["released", "released", "targets_changed"]
    (change,) = lines[-1].payload["targets"]
    assert change["new"]["value"] == "1"
    assert change["old"]["value"] != "1"
    assert ask(released, "archive", "verify").exit_code == 0


def test_the_same_run_again_stays_released(released: Path) -> None:
    before = release_of(released)
    told = ask(released, "run", "--month", LAST, "--jobs", "1")
    assert release_of(released) == before
    signed = f"version 1 by {ROLE} at {before.signed_at}"
    lines = told.stdout.splitlines()
    assert f"released as {signed}: this run is the same, so nothing needs to be signed again" in lines
    assert [line for line in lines if line.startswith("next: ")] == [
        f"next: send them: opti send --month {LAST} --drafts"
    ]
    assert ask(released, "send", "--month", LAST, "--dry-run").exit_code == 0


def test_another_run_waits_for_a_release_and_the_old_one_is_kept(released: Path) -> None:
    before = release_of(released)
    edit(released / "configs/packs/unit.toml", r'(?m)^name( *)= \{ fi = "', r'name\1= { fi = "Uusi ')
    told = ask(released, "run", "--month", LAST, "--jobs", "1")
    units = sorted(p.file for p in before.packs if p.pack == "unit")
    assert not (released / "output" / LAST / "release.json").exists()
    assert release_file.read(run_of(released)) == before
    lines = told.stdout.splitlines()
    (at,) = [at for at, line in enumerate(lines) if "was released as" in line]
    signed = f"version 1 by {ROLE} at {before.signed_at}"
    assert lines[at] == f"look at: {LAST} was released as {signed}; this run is another:"
    assert lines[at + 1].startswith(
        f"  {len(units)} of {len(before.packs)} packs say something else or are new or gone (unit/"
    )
    assert lines[at + 2] == (
        f"  Nothing more of {LAST} is sent before it is released again; version 1 stays in the archive."
    )
    sent = ask(released, "send", "--month", LAST, "--dry-run")
    assert sent.exit_code == 2
    assert "was run again since it was released: only released packs are sent" in sent.stderr
    page = ask(released, "release", "--month", LAST).stdout.splitlines()
    assert page[1] == (
        f"version 1, final, {len(before.packs)} packs, was released by {ROLE} at {before.signed_at}"
    )
    log = max((released / "output/log").glob("*_run_*.jsonl"))
    notes = [json.loads(text) for text in log.read_text(encoding="utf-8").splitlines()]
    assert [(n["stage"], n["level"]) for n in notes if n["stage"] == "release"] == [("release", "warning")]


def test_a_run_of_other_extracts_that_says_the_same_is_another(released: Path) -> None:
    """Its footers differ, so what was signed is not what lies there."""
    edit(released / "configs/limits.toml", r"\A", "# a remark\n")
    told = ask(released, "run", "--month", LAST, "--jobs", "1")
    assert "every pack says the same, but rests on other extracts or configs" in told.stdout
    assert not (released / "output" / LAST / "release.json").exists()


def test_a_release_ended_before_its_last_file_can_be_sent(released: Path) -> None:
    before = release_of(released)
    (released / "output" / LAST / "release.json").unlink()
    assert ask(released, "send", "--month", LAST, "--dry-run").exit_code == 0
    assert release_file.read(run_of(released)) == before


def test_a_change_of_recipients_needs_no_new_run(lean: Path) -> None:
    path = lean / "configs/recipients.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n# revoked\n", encoding="utf-8")
    assert ask(lean, *SIGN).exit_code == 0


def test_a_month_without_a_run_is_refused(lean: Path) -> None:
    result = ask(lean, "release", "--month", "2026-07")
    assert result.exit_code == 2
    assert result.stderr == (
        "opti: --month: there is no run of 2026-07\n  Make it with `opti run --month 2026-07`.\n"
    )


def test_a_run_of_an_earlier_version_is_made_anew(lean: Path) -> None:
    """It says nothing of what to look at: an empty list would be a false comfort."""
    path = lean / "output" / LAST / "changes.csv"
    path.write_text("kind,metric,org,period_kind,period,old,new,sources\n", encoding="utf-8")
    note = run_note(lean)
    noted(lean, files={**note["files"], "changes.csv": digests(path.parent)["changes.csv"]})
    result = ask(lean, *SIGN)
    assert result.exit_code == 2
    assert result.stderr == (
        f"opti: --month: the run of {LAST} is of an earlier version of opti\n"
        f"  Make it with `opti run --month {LAST}`.\n"
    )


def test_a_run_of_some_packs_is_refused(lean: Path) -> None:
    shutil.rmtree(lean / "output" / LAST)
    assert ask(lean, *ONE_PACK).exit_code == 0
    result = ask(lean, *SIGN)
    assert result.exit_code == 2
    assert result.stderr == (
        f"opti: --month: the run of {LAST} made only 1 of the 7 packs that are due\n"
        f"  Run all of it, without --pack, --org or --lang: `opti run --month {LAST}`.\n"
    )
    assert not archive_of(lean).exists()


def test_a_preliminary_run_is_released_only_when_asked_for(preliminary_run: Path, tmp_path: Path) -> None:
    place = tmp_path / "preliminary"
    shutil.copytree(preliminary_run, place)
    result = ask(place, *SIGN)
    assert result.exit_code == 2
    assert result.stderr == (
        f"opti: --month: the run of {LAST} is preliminary: budget_monthly had not arrived\n"
        "  Run again when all has arrived; or release it as it is with --preliminary.\n"
    )
    assert ask(place, *SIGN, "--preliminary").exit_code == 0
    assert release_of(place).stage == "preliminary"


def test_tampered_output_is_refused(lean: Path) -> None:
    folder = lean / "output" / LAST
    flip(folder / f"packs/unit/{LEAN_UNIT}.fi.pdf")
    (folder / "deviations.csv").unlink()
    (folder / "packs/unit/extra.fi.pdf").write_bytes(b"%PDF")
    result = ask(lean, *SIGN)
    assert result.exit_code == 7
    assert result.stderr == (
        f"opti: output/{LAST}: the files are not what the run made:\n"
        "  deviations.csv: is missing\n"
        "  packs/unit/extra.fi.pdf: was added\n"
        f"  packs/unit/{LEAN_UNIT}.fi.pdf: was changed\n"
        f"  Make them anew with `opti run --month {LAST}`; nothing was released.\n"
    )
    assert not archive_of(lean).exists()


def test_an_extract_that_came_after_the_run_holds_everything_back(lean: Path) -> None:
    path = min((lean / "data" / LAST).glob("puhelut*"))
    path.write_bytes(path.read_bytes() + b"\n")
    page = ask(lean, "release", "--month", LAST).stdout
    waits = f"data/{LAST}/{path.name} has changed since the run"
    assert page.splitlines()[-2:] == [
        "held back:",
        f"  everything: {waits}; it waits for `opti run --month {LAST}`",
    ]
    result = ask(lean, *SIGN)
    assert result.exit_code == 2
    assert result.stderr == (
        f"opti: {LAST}: what the run rests on has changed since, so nothing can be released:\n"
        f"  {waits}\n"
        f"  Make it anew with `opti run --month {LAST}`.\n"
    )


def test_a_failed_pack_holds_back_itself_only(lean: Path) -> None:
    name = f"packs/unit/{LEAN_UNIT}.fi.pdf"
    note = run_note(lean)
    for suffix in ("pdf", "json", "xlsx"):
        (lean / "output" / LAST / name).with_suffix(f".{suffix}").unlink()
        del note["files"][name.replace("pdf", suffix)]
    packs = [one for one in note["packs"] if one != name]
    noted(lean, files=note["files"], packs=packs, failed={name: "the template cannot be filled"})
    result = ask(lean, *SIGN)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-2:] == [
        "held back:",
        f"  unit/{LEAN_UNIT}.fi: could not be made: the template cannot be filled",
    ]
    made = release_of(lean)
    assert [tuple(one) for one in made.blocked] == [("unit", LEAN_UNIT, "fi", "failed")]
    assert {pack.file for pack in made.packs} == set(packs)


def test_a_pack_of_earlier_extracts_is_held_back(lean: Path) -> None:
    edit(lean / "configs/languages/fi.toml", '(?m)^watermark( *)= ".*"', r'watermark\1= "LUONNOS"')
    assert ask(lean, *ONE_PACK).exit_code == 0
    assert ask(lean, *SIGN).exit_code == 0
    made = release_of(lean)
    assert [(pack.pack, pack.org) for pack in made.packs] == [("unit", LEAN_UNIT)]
    assert {one.reason for one in made.blocked} == {"outdated"}
    assert len(made.blocked) == 6


@pytest.mark.parametrize("role", ["  ", "etunimi.sukunimi@example.org", "x" * 81])
def test_only_a_role_signs(lean: Path, role: str) -> None:
    result = ask(lean, "release", "--month", LAST, "--sign", role)
    assert result.exit_code == 2
    assert "is not a role" in result.stderr
    assert not archive_of(lean).exists()


def test_a_broken_ledger_stops_a_release(released: Path) -> None:
    flip(ledger_of(released))
    result = ask(released, *SIGN)
    assert result.exit_code == 7
    assert "ledger.jsonl: line 1 was changed" in result.stderr


def test_a_run_that_somebody_put_there_stops_a_release(lean: Path) -> None:
    (archive_of(lean) / LAST / "v1-000000000000").mkdir(parents=True)
    result = ask(lean, *SIGN)
    assert result.exit_code == 7
    assert result.stderr == (
        f"opti: output/archive: the ledger knows no such run: {LAST}/v1-000000000000\n"
        "  See `opti archive verify`; nothing was released.\n"
    )


def test_two_at_once_the_second_is_told(lean: Path) -> None:
    program = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from opti_reports.workspace import Workspace, locked\n"
        "with locked(Workspace(Path(sys.argv[1]))):\n"
        "    print('held', flush=True)\n"
        "    time.sleep(60)\n"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", program, str(lean)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    try:
        assert ask(lean, *SIGN).exit_code == 6
    finally:
        holder.kill()
        holder.wait()
        holder.stdout.close()


def test_a_read_only_archive_is_told_and_nothing_is_left(lean: Path) -> None:
    drop = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
    if drop and not shutil.which("setpriv"):
        pytest.skip("root may write anywhere, and there is no setpriv to give that up")
    archive_of(lean).mkdir()
    archive_of(lean).chmod(0o555)
    try:
        done = subprocess.run(
            [*drop, sys.executable, "-m", "opti_reports.cli", *SIGN],
            cwd=lean,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            encoding="utf-8",
            timeout=300,
            check=False,
        )
    finally:
        archive_of(lean).chmod(0o755)
    assert done.returncode == 1
    assert done.stderr.startswith("opti: Permission denied: ")
    assert list(archive_of(lean).iterdir()) == []
    assert not (lean / "output" / LAST / "release.json").exists()


def test_the_archive_may_lie_on_another_file_system(lean: Path) -> None:
    memory = Path("/dev/shm")
    if not memory.is_dir() or memory.stat().st_dev == lean.stat().st_dev:
        pytest.skip("there is no other file system here")
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        archive_of(lean).symlink_to(folder)
        assert ask(lean, *SIGN).exit_code == 0
        assert ask(lean, "archive", "verify").exit_code == 0


def test_a_full_disk_leaves_no_half_run(lean: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced = []

    def full(descriptor: int) -> None:
        synced.append(descriptor)
        if len(synced) > 40:
            raise OSError(28, os.strerror(28), "values.csv")

    monkeypatch.setattr(os, "fsync", full)
    result = ask(lean, *SIGN)
    assert result.exit_code == 1
    assert result.stderr.startswith("opti: No space left on device: values.csv\n")
    monkeypatch.undo()
    assert [path.name for path in (archive_of(lean) / LAST).iterdir()] == []
    assert not ledger_of(lean).exists()
    assert ask(lean, *SIGN).exit_code == 0
