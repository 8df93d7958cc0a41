"""The outbox and the ledger as two witnesses: archives put back, outboxes lost, emptied, older or foreign."""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from opti_reports.archive import ledger
from opti_reports.errors import ArchiveError, MailError, PackError
from opti_reports.mail import post
from opti_reports.mail.mailing import rows
from opti_reports.mail.sent import Sent
from opti_reports.messages.sentences import sentence
from opti_reports.starter import STARTER
from opti_reports.terminal.mail import letters_text, sent_text
from opti_reports.workspace import Workspace
from tests.mail.fixture import (
    MONTH,
    NOW,
    UNITS,
    Handler,
    asked,
    edge,
    made,
    parsed,
    release,
    serving,
    text,
    use,
)
from tests.workspaces import ask, edit

TAPIOLA = "johtotiimi.tapiola@example.fi"
LATER = NOW + dt.timedelta(days=7)
OUTBOX = Path("output", "outbox", "outbox.sqlite")
LOST = (
    "the outbox was lost, emptied or is an older copy: {n} letter(s) that it lacks are taken from the ledger "
    "({counts}); what was accepted is not sent again"
)
ASK = "uncertain letters wait: ask the recipient, then opti send --resolve ID accepted (or again)"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    place = made(tmp_path / "w")
    release(place)
    return place


def sent(workspace: Workspace, handler: Handler, now: dt.datetime = NOW) -> Sent:
    with serving(handler) as port:
        use(workspace, port)
        return post.post(asked(workspace), edge(now=now))


def fates(sent: Sent) -> dict[str, str]:
    return {one.letter.key.org: one.fate for one in sent.letters}


def kinds(workspace: Workspace) -> list[str]:
    walk = ledger.walk(workspace.output / "archive")
    assert walk.faults == ()
    return [line.kind for line in walk.lines]


# --- a letter is of a content ----------------------------------------------------------------------------


def restored(workspace: Workspace, tmp_path: Path, content: bytes, now: dt.datetime = LATER) -> None:
    """Send version 1 and 2, put a copy of the archive of between them back, and release another version 2."""
    sent(workspace, Handler())
    shutil.copytree(workspace.output / "archive", tmp_path / "copy")
    release(workspace, version=2, corrected=UNITS)
    assert fates(sent(workspace, Handler())) == {
        "etela_espoo": "unchanged", "leppavaara": "accepted", "matinkyla": "accepted", "tapiola": "accepted",
    }  # fmt: skip
    shutil.rmtree(workspace.output / "archive")
    shutil.copytree(tmp_path / "copy", workspace.output / "archive")
    release(workspace, version=2, corrected=["tapiola"], content=content, at=now)


def test_another_version_2_after_an_archive_was_put_back_goes_out(
    workspace: Workspace, tmp_path: Path
) -> None:
    restored(workspace, tmp_path, b"%PDF-1.7 another ")
    foreseen = post.foreseen(asked(workspace), edge(now=LATER))
    assert {one.letter.key.org: (one.fate, one.corrected) for one in foreseen.letters} == {
        "etela_espoo": ("unchanged", False),
        "leppavaara": ("send", True),
        "matinkyla": ("send", True),
        "tapiola": ("send", True),
    }
    shown = letters_text(foreseen).splitlines()
    assert shown[2].endswith("to be sent  corrected, replaces version 2 of 2026-09-21")
    handler = Handler()
    done = sent(workspace, handler, LATER)
    assert sent_text(done, drafts=False) == (
        "Of 4 letters 3 are accepted, 1 have the same of an earlier version."
    )
    (mail,) = handler.got(TAPIOLA)
    assert mail["subject"].startswith("Korjattu: ")
    assert (
        "Raportti on korjattu ja korvaa aiemmin lähetetyn.\n"
        "Tämä on versio 2, allekirjoitettu 28.9.2026. Aiempi on versio 2, lähetetty 21.9.2026.\n"
    ) in text(mail)
    again = Handler()
    assert not sent(workspace, again, LATER).undone
    assert again.tried == []


def test_the_same_version_2_after_an_archive_was_put_back_goes_to_nobody(
    workspace: Workspace, tmp_path: Path
) -> None:
    restored(workspace, tmp_path, b"%PDF-1.7 of ")
    handler = Handler()
    assert not sent(workspace, handler, LATER).undone
    assert handler.tried == []
    assert kinds(workspace).count("sent") == 4 + 3  # the copy had version 1's; version 2's are told it again


def test_other_bytes_under_a_version_that_was_sent_are_refused(workspace: Workspace) -> None:
    """Whoever rewrites archive, release and ledger so that all agree still has the outbox against them."""
    sent(workspace, Handler(), LATER)
    shutil.rmtree(workspace.output / "archive")
    release(workspace, content=b"%PDF-1.7 swapped ")
    handler = Handler()
    with pytest.raises(ArchiveError) as caught:
        sent(workspace, handler, LATER)
    assert caught.value.exit_code == 7
    assert str(caught.value).splitlines()[0] == (
        "2026-08/v1-0123456789ab: is not what was sent as version 1 since it was signed: "
        "service_unit of etela_espoo, unit of leppavaara, unit of matinkyla, unit of tapiola"
    )
    assert handler.tried == []


def test_a_changed_workbook_alone_is_another_content(workspace: Workspace) -> None:
    (letter, *_) = [o.letter for o in post.foreseen(asked(workspace, "tapiola"), edge()).letters]
    shutil.rmtree(workspace.output)
    release(workspace, book=b"PK other ")
    (other, *_) = [o.letter for o in post.foreseen(asked(workspace, "tapiola"), edge()).letters]
    assert letter.released.sha256 == other.released.sha256
    assert letter.id != other.id


# --- the ledger as second witness ------------------------------------------------------------------------


def lose(path: Path) -> None:
    path.unlink()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def clear(path: Path) -> None:
    with sqlite3.connect(path) as base:
        base.execute("DELETE FROM letter")
    base.close()


@pytest.mark.parametrize("harm", [lose, empty, clear])
def test_an_outbox_that_is_gone_sends_nothing_twice(
    workspace: Workspace, harm: Callable[[Path], None]
) -> None:
    sent(workspace, Handler())
    harm(workspace.root / OUTBOX)
    assert "The outbox is empty." not in ask(workspace.root, "send", "--status").stdout
    handler = Handler()
    done = sent(workspace, handler)
    assert set(fates(done).values()) == {"accepted"}
    assert handler.tried == []
    assert list(map(sentence, done.notes)) == [LOST.format(n=4, counts="4 accepted")]
    assert kinds(workspace).count("sent") == 4
    assert sent(workspace, Handler()).notes == ()


def test_doubt_outlives_the_outbox(workspace: Workspace) -> None:
    """Handed over, no clear answer: whoever loses the outbox too must still ask before it goes again."""
    sent(workspace, Handler({TAPIOLA: [None], "johtotiimi.matinkyla@example.fi": ["550 no"]}))
    (workspace.root / OUTBOX).unlink()
    shown = ask(workspace.root, "send", "--month", "2026-08", "--dry-run")
    assert shown.stdout.splitlines()[:2] == [
        f"look at: {LOST.format(n=4, counts='2 accepted, 1 refused, 1 uncertain')}",
        f"look at: {ASK}",
    ]
    assert not (workspace.root / OUTBOX).exists()
    handler = Handler()
    done = sent(workspace, handler)
    assert fates(done) == {
        "etela_espoo": "accepted", "leppavaara": "accepted", "matinkyla": "refused", "tapiola": "uncertain",
    }  # fmt: skip
    assert TAPIOLA not in handler.tried
    (lost,) = [one for one in done.undone if one.fate == "uncertain"]
    assert lost.why == "handed over, and the outbox that knew what became of it is gone"
    post.resolve(workspace, lost.letter.id, "again", None, edge())
    sent(workspace, handler)
    assert len(handler.got(TAPIOLA)) == 1


def test_drafts_outlive_the_outbox(workspace: Workspace) -> None:
    post.draft(asked(workspace), edge())
    (workspace.root / OUTBOX).unlink()
    handler = Handler()
    done = sent(workspace, handler)
    assert set(fates(done).values()) == {"uncertain"}
    assert not any("johtotiimi" in address for address in handler.tried)
    post.resolve(workspace, "all", "accepted", MONTH, edge())
    assert not sent(workspace, Handler()).undone


def test_an_older_outbox_sends_nothing_twice(workspace: Workspace, tmp_path: Path) -> None:
    """Of before the sending, with every letter waiting; and of in between, with one accepted."""
    offline = Handler({f"johtotiimi.{unit}@example.fi": ["451 later"] * 4 for unit in UNITS}, at="rcpt")
    sent(workspace, offline)
    old = tmp_path / "old.sqlite"
    shutil.copy(workspace.root / OUTBOX, old)
    sent(workspace, Handler({TAPIOLA: [None]}))
    shutil.copy(old, workspace.root / OUTBOX)
    handler = Handler()
    done = sent(workspace, handler)
    assert fates(done) == {
        "etela_espoo": "accepted", "leppavaara": "accepted", "matinkyla": "accepted", "tapiola": "uncertain",
    }  # fmt: skip
    assert [to for to in handler.tried if "johtotiimi" in to] == []
    assert list(map(sentence, done.notes)) == [LOST.format(n=3, counts="2 accepted, 1 uncertain"), ASK]


def test_letters_put_off_still_go_from_an_outbox_that_is_whole(workspace: Workspace) -> None:
    sent(workspace, Handler({TAPIOLA: ["451 later"] * 4}))
    handler = Handler()
    done = sent(workspace, handler)
    assert (done.notes, done.undone) == ((), ())
    assert len(handler.got(TAPIOLA)) == 1


def test_an_outbox_of_another_workspace_is_set_aside(workspace: Workspace, tmp_path: Path) -> None:
    other = made(tmp_path / "other")
    release(other, role="Kehittämispäällikkö")
    sent(other, Handler({TAPIOLA: ["451 later"] * 4}))
    sent(workspace, Handler({"johtotiimi.matinkyla@example.fi": ["451 later"] * 4}))
    shutil.copy(other.root / OUTBOX, workspace.root / OUTBOX)
    with pytest.raises(MailError, match="the outbox belongs to another workspace"):
        post.resolve(workspace, "all", "accepted", MONTH, edge())
    handler = Handler()
    done = sent(workspace, handler)
    assert fates(done) == {
        "etela_espoo": "accepted", "leppavaara": "accepted", "matinkyla": "uncertain", "tapiola": "accepted",
    }  # fmt: skip
    assert [to for to in handler.tried if "johtotiimi" in to] == []
    assert done.notes[0].code == "outbox.foreign"
    aside = (workspace.root / OUTBOX).with_name("outbox.other-1.sqlite")
    assert aside.read_bytes() == (other.root / OUTBOX).read_bytes()
    assert sent(workspace, Handler()).notes == ()


def test_an_outbox_that_is_no_database_says_what_to_do(workspace: Workspace) -> None:
    sent(workspace, Handler())
    (workspace.root / OUTBOX).write_bytes(b"SQLite format 3\x00" + b"broken" * 500)
    result = ask(workspace.root, "send", "--month", "2026-08", "--drafts")
    assert result.exit_code == 8
    assert "Move the file away and send again: it is rebuilt from the ledger" in result.stderr


def test_an_outbox_of_an_earlier_version_is_taken_over(workspace: Workspace) -> None:
    """Its letters had no content but the pack's hash, and other ids; the ledger has those too."""
    done = sent(workspace, Handler())
    earlier = {one.letter.id: one.letter.key.earlier_id for one in done.letters}
    with sqlite3.connect(workspace.root / OUTBOX) as base:
        base.executescript(
            "CREATE TABLE old AS SELECT id, month, pack, org, lang, version, recipient, role, address,"
            " sha256, corrected, state, way, attempts, reply, queued_at, changed_at, told FROM letter;"
            "DROP TABLE letter; DROP TABLE origin; ALTER TABLE old RENAME TO letter; PRAGMA user_version = 1;"
        )
        for new, old in earlier.items():
            base.execute("UPDATE letter SET id = ? WHERE id = ?", (old, new))
    base.close()
    told = [dict(line.payload) for line in ledger.walk(workspace.output / "archive").lines]
    shutil.rmtree(workspace.output / "archive")
    release(workspace)
    for one in told[1:]:
        if "reply" in one:
            payload = {**one, "letter": earlier[one["letter"]]}
            del payload["content"]
            ledger.record(workspace.output / "archive", "sent", payload, NOW.isoformat())
    handler = Handler()
    again = sent(workspace, handler)
    assert set(fates(again).values()) == {"accepted"}
    assert (handler.tried, again.notes) == ([], ())
    (workspace.root / OUTBOX).unlink()
    assert set(fates(sent(workspace, handler)).values()) == {"accepted"}
    assert handler.tried == []


# --- plans are checked whole -----------------------------------------------------------------------------


def add(workspace: Workspace, lines: str) -> None:
    path = workspace.configs / "recipients.toml"
    path.write_text(path.read_text(encoding="utf-8") + lines, encoding="utf-8")


def test_a_mailbox_reached_by_two_entries_gets_each_pack_once(workspace: Workspace) -> None:
    add(
        workspace,
        '\n[[recipient]]\nrole = "laatukoordinaattori"\npacks = ["unit"]\norganisation = "etela_espoo"\n'
        f'below = true\naddress = "{TAPIOLA.title()}"\n',
    )
    handler = Handler()
    assert not sent(workspace, handler).undone
    subjects = sorted(
        mail["subject"] for to, c in handler.kept if to.casefold() == TAPIOLA for mail in [parsed(c)]
    )
    assert subjects == [
        "Matinkylän terveysasema, elokuu 2026",
        "Tapiolan terveysasema, elokuu 2026",
    ]


def test_a_deputy_who_gets_the_pack_anyway_gets_it_once(workspace: Workspace) -> None:
    edit(
        workspace.configs / "recipients.toml",
        f'address +?= +"{TAPIOLA}"',
        f'address = "{TAPIOLA}"\n[[recipient.deputy]]\nrole = "johtava_ylilaakari"\n'
        'address = "jyl.etela-espoo@example.fi"\nvalid_from = 2026-09-01\nvalid_to = 2026-09-30',
    )
    edit(workspace.configs / "recipients.toml",
         r'(?s)packs += \["service_unit", "week_service_unit"\](\norganisation = "etela)',
         r'packs = ["service_unit", "unit"]\nbelow = true\1')  # fmt: skip
    edit(
        workspace.configs / "recipients.toml",
        r'(_ylilaakari +?= \{ audiences = \["service_unit")',
        r'\1, "unit"',
    )
    handler = Handler()
    sent(workspace, handler)
    to = [address for address, _ in handler.kept]
    assert to.count("jyl.etela-espoo@example.fi") == 3  # the deck, and two units
    assert TAPIOLA not in to


def test_one_letter_that_cannot_be_written_keeps_all_back(workspace: Workspace) -> None:
    templates = workspace.root / "templates" / "mail"
    shutil.copytree(STARTER / "templates" / "mail", templates)
    path = templates / "pack.txt.j2"
    broken = (
        path.read_text(encoding="utf-8")
        + '\n{% if pack.startswith("Palvelu") or "Tapiola" in organisation %}'
    )
    path.write_text(broken + "{{ nothing }}{% endif %}\n", encoding="utf-8")
    handler = Handler()
    with pytest.raises(PackError) as caught:
        sent(workspace, handler)
    assert str(caught.value).startswith("templates/mail/pack.txt.j2, line ")
    assert handler.tried == []
    assert rows(workspace, MONTH) == ()
    with pytest.raises(PackError):
        post.draft(asked(workspace), edge())
    assert list((workspace.output / "outbox").rglob("*.eml")) == []
