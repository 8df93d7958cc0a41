"""What a time stamp proves afterwards: by opti, by OpenSSL, and against whoever changes the archive."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from opti_reports.archive import ledger
from tests.archive.authority import CLOCK, established
from tests.archive.released import flip, ledger_of, spoil
from tests.archive.stamping import AT, EXISTED, Desk
from tests.workspaces import ROOT, ask

NOT_CHECKED = "note: 1 time stamp(s) were NOT checked: "


@pytest.fixture
def stamped(desk: Desk) -> Desk:
    """A desk whose three lines are stamped."""
    assert desk.stamp()[0] == 0
    return desk


def name_of(desk: Desk) -> str:
    (token,) = desk.tokens
    return f"stamps/{token.name}"


def whole(desk: Desk, *, good: int = 1) -> str:
    return f"The archive is whole: 0 files of 0 run(s), head {desk.head[:12]}, {good} time stamp(s) good."


def fault(desk: Desk, *lines: str, arguments: tuple[str, ...] = ()) -> None:
    """Assert that a verification finds these faults and no other."""
    code, said = desk.verify(*arguments)
    assert code == 7
    found = [line for line in said[:-1] if not line.startswith(("note: ", "Line"))]
    assert found == list(lines)
    assert said[-1].startswith(f"The archive does not verify: {len(lines)} fault(s); ")


def test_a_stamped_ledger_verifies_offline_and_says_how_far(stamped: Desk) -> None:
    asked = len(stamped.server.asked)
    assert stamped.verify() == (0, [f"Lines 1–3 of the ledger {EXISTED}.", whole(stamped)])
    stamped.grow()
    note = "note: line 5 of the ledger came after the newest time stamp: nobody has stamped it yet"
    assert stamped.verify() == (0, [note, f"Lines 1–3 of the ledger {EXISTED}.", whole(stamped)])
    stamped.grow(2)
    assert stamped.verify()[1][0] == (
        "note: lines 5–7 of the ledger came after the newest time stamp: nobody has stamped them yet"
    )
    assert len(stamped.server.asked) == asked
    stamped.stamp()
    assert stamped.verify() == (0, [f"Lines 1–7 of the ledger {EXISTED}.", whole(stamped, good=2)])
    found = json.loads(ask(stamped.place, "archive", "verify", "--json").stdout)
    assert [one["lines"] for one in found["stamps"]] == [3, 7]


def test_openssl_checks_it_as_the_auditors_page_says(stamped: Desk) -> None:
    if not shutil.which("openssl"):
        pytest.skip("there is no openssl here")
    page = (ROOT / "docs/auditor.md").read_text(encoding="utf-8")
    (shell,) = [block for block in page.split("```") if "openssl ts -verify" in block]
    (token,) = stamped.tokens
    shutil.copy(stamped.place / "configs/stamp-roots.pem", stamped.archive)
    shell = shell.replace("57p", "3p").replace("57-….tsr", token.name)

    def judged() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-ec", shell],
            cwd=stamped.archive,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    done = judged()
    assert (done.returncode, "Verification: OK" in done.stdout + done.stderr) == (0, True), done.stderr
    stamped.rewrite(lambda lines: [*lines[:2], lines[2].replace(b'{"hash":"', b'{"hash":"0')])
    assert judged().returncode != 0


def test_a_certificate_that_has_run_out_since_still_proves(desk: Desk) -> None:
    past = CLOCK - dt.timedelta(days=3650)
    old = established(since=past - dt.timedelta(days=1), until=past + dt.timedelta(days=1))
    desk.trust(old.roots)
    desk.server.reply = lambda query: old.reply(query, at=past)
    assert desk.stamp()[0] == 0
    code, lines = desk.verify()
    assert (code, lines[0]) == (
        0,
        f"Lines 1–3 of the ledger existed at {past:%Y-%m-%d %H:%M:%S} UTC, says Test Time Stamps.",
    )


def test_a_changed_line_under_a_stamp_is_told_and_nothing_is_called_proved(stamped: Desk) -> None:
    stamped.rewrite(lambda lines: [lines[0], lines[1].replace(b'"unit"', b'"team"'), *lines[2:]])
    fault(stamped, "ledger.jsonl: line 2 was changed: it is not what its hash says")
    assert not any("existed" in line for line in stamped.verify()[1])


def forged(desk: Desk, *, until: int = 3) -> list[ledger.Line]:
    """Write the ledger anew with another first line, its chain in harmony; what it was before."""
    before = list(ledger.walk(desk.archive).lines)
    ledger_of(desk.place).unlink()
    for line in before[:until]:
        ledger.record(desk.archive, line.kind, {**line.payload, "pack": "forged"}, line.at)
    return before


def test_a_ledger_written_anew_does_not_fit_its_stamp(stamped: Desk) -> None:
    *_, note = forged(stamped)
    ledger.record(stamped.archive, "stamped", note.payload, AT)
    fault(
        stamped,
        "ledger.jsonl: line 4 notes a time stamp of a line that is not in it",
        f"{name_of(stamped)}: was added: it is nothing of the archive's",
    )


def test_a_stamp_moved_to_a_ledger_written_anew_proves_nothing_of_it(stamped: Desk) -> None:
    *_, note = forged(stamped)
    (token,) = stamped.tokens
    token.rename(token.with_name(f"3-{stamped.head}.tsr"))
    ledger.record(stamped.archive, "stamped", {**note.payload, "head": stamped.head}, AT)
    told = "does not prove line 3 of the ledger: it is of something else"
    fault(stamped, f"{name_of(stamped)}: {told}")


def test_a_changed_stamp_is_told_by_the_ledger_without_the_library(
    stamped: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    flip(stamped.tokens[0])
    told = f"{name_of(stamped)}: was changed: the ledger has another hash of it"
    fault(stamped, told)
    monkeypatch.setitem(sys.modules, "rfc3161_client", None)
    fault(stamped, told)


def renoted(desk: Desk, **said: str) -> None:
    """Write the note of the stamp anew, in harmony."""
    *_, note = ledger.walk(desk.archive).lines
    desk.rewrite(lambda lines: lines[:3])
    ledger.record(desk.archive, "stamped", {**note.payload, **said}, AT)


def test_a_stamp_of_another_authority_noted_in_harmony_is_not_trusted(stamped: Desk) -> None:
    (token,) = stamped.tokens
    other = established("Other Time Stamps").reply(stamped.server.asked[0][2])
    spoil(token, other)
    renoted(stamped, sha256=hashlib.sha256(other).hexdigest())
    told = "it is not signed by a trusted authority: unable to get local issuer certificate"
    fault(stamped, f"{name_of(stamped)}: does not prove line 3 of the ledger: {told}")


def test_who_vouches_is_read_from_the_stamp_and_not_from_the_ledger(stamped: Desk) -> None:
    renoted(stamped, authority="Somebody Else")
    assert stamped.verify() == (0, [f"Lines 1–3 of the ledger {EXISTED}.", whole(stamped)])


def test_another_time_in_the_ledger_is_told(stamped: Desk) -> None:
    renoted(stamped, time="2020-01-01T00:00:00+00:00")
    said = "says 2026-09-03T08:12:11+00:00, the ledger says 2020-01-01T00:00:00+00:00"
    fault(stamped, f"{name_of(stamped)}: {said}")


def test_a_stamp_that_is_gone_or_a_link_is_told(stamped: Desk, tmp_path: Path) -> None:
    (token,) = stamped.tokens
    name = name_of(stamped)
    token.rename(tmp_path / "elsewhere.tsr")
    fault(stamped, f"{name}: the time stamp is missing; line 4 of the ledger notes it")
    token.symlink_to(tmp_path / "elsewhere.tsr")
    fault(stamped, f"{name}: is no file of its own: a link, a pipe or a device")
    token.unlink()
    os.mkfifo(token)
    fault(stamped, f"{name}: is no file of its own: a link, a pipe or a device")
    shutil.rmtree(token.parent)
    token.parent.symlink_to(tmp_path)
    fault(
        stamped,
        f"{name}: the time stamp is missing; line 4 of the ledger notes it",
        "stamps: was added: it is nothing of the archive's",
    )


def test_what_lies_among_the_stamps_is_named(stamped: Desk, tmp_path: Path) -> None:
    folder = stamped.archive / "stamps"
    (folder / "notes.txt").write_text("x", encoding="utf-8")
    (folder / f"9-{'0' * 64}.tsr").write_bytes(b"x")
    (folder / "deep").symlink_to(tmp_path)
    fault(
        stamped,
        *(
            f"stamps/{name}: was added: it is nothing of the archive's"
            for name in (f"9-{'0' * 64}.tsr", "deep", "notes.txt")
        ),
    )


def test_what_is_put_in_the_place_of_a_stamp_is_judged(stamped: Desk) -> None:
    first = ledger.walk(stamped.archive).lines[0]
    planted = stamped.archive / f"stamps/1-{first.hash}.tsr"
    planted.write_bytes(stamped.tokens[0].read_bytes())
    told = "does not prove line 1 of the ledger: it is of something else"
    fault(stamped, f"stamps/{planted.name}: {told}")
    stamped.grow()
    code, said = stamped.stamp()
    assert (code, said) == (
        7,
        f"opti: archive/stamps/{planted.name}: was added, and {told}\n  Take it away, then stamp again.\n",
    )


def test_without_roots_or_the_library_it_is_said_that_nothing_was_checked(
    stamped: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    roots = stamped.place / "configs/stamp-roots.pem"
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "rfc3161_client", None)
        code, lines = stamped.verify()
        why = (
            "the library rfc3161-client is not installed; install it with: pip install 'opti-reports[stamp]'"
        )
        assert (code, lines[0], len(lines)) == (0, NOT_CHECKED + why, 2)
        code, lines = stamped.verify("--stamp-roots", str(roots))
        assert (code, lines[0]) == (
            2,
            "opti: time stamps need the library rfc3161-client, which is not installed",
        )
    path = stamped.place / "configs/archive.toml"
    path.write_text(path.read_text(encoding="utf-8").partition("\n[stamp]\n")[0], encoding="utf-8")
    code, lines = stamped.verify()
    why = "name the authority's root certificate (--stamp-roots, or roots in [stamp] of configs/archive.toml)"
    assert (code, lines[0], len(lines)) == (0, NOT_CHECKED + why, 2)
    assert "good" not in lines[1]
    assert stamped.verify("--stamp-roots", str(roots))[1] == [
        f"Lines 1–3 of the ledger {EXISTED}.",
        whole(stamped),
    ]


def test_roots_from_outside_count_before_those_of_the_configs(stamped: Desk, tmp_path: Path) -> None:
    outside = tmp_path / "outside.pem"
    outside.write_bytes(established("Other Time Stamps").roots)
    told = "it is not signed by a trusted authority: self-signed certificate in certificate chain"
    code, lines = stamped.verify("--stamp-roots", str(outside))
    assert code == 7
    assert re.sub("unable to get local issuer certificate", told.rpartition(": ")[2], lines[0]) == (
        f"{name_of(stamped)}: does not prove line 3 of the ledger: {told}"
    )
    outside.write_text("no certificate", encoding="utf-8")
    assert stamped.verify("--stamp-roots", str(outside)) == (
        2,
        [
            "opti: outside.pem: holds no certificate that can be read",
            "  Name the file of the authority's root certificate, as PEM.",
        ],
    )


def test_who_names_roots_asks_for_a_stamp(desk: Desk) -> None:
    assert desk.verify()[0] == 0
    roots = str(desk.place / "configs/stamp-roots.pem")
    fault(desk, "ledger.jsonl: has no time stamp", arguments=("--stamp-roots", roots))


def test_an_export_takes_the_stamps_along(kept: Path, stamped: Desk, tmp_path: Path) -> None:
    shutil.copytree(stamped.place / "configs", kept / "configs", dirs_exist_ok=True)
    assert ask(kept, "archive", "stamp").exit_code == 0
    month = next(path.name for path in (kept / "output/archive").iterdir() if path.name[0] == "2")
    assert ask(kept, "archive", "export", month, str(tmp_path / "auditor")).exit_code == 0
    (token,) = (tmp_path / "auditor/stamps").iterdir()
    mine = kept / "output/archive/stamps" / token.name
    assert token.read_bytes() == mine.read_bytes()
    mine.unlink()
    told = f"stamps/{token.name}: the time stamp is missing; line 2 of the ledger notes it"
    assert ask(kept, "archive", "verify").stdout.splitlines()[0] == told
    again = ask(kept, "archive", "export", month, str(tmp_path / "again"))
    assert (again.exit_code, (tmp_path / "again/stamps").exists()) == (0, False), "a run does not wait for it"
