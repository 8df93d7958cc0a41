"""Drafts for a mail program, versions that follow one another, and the command from outside."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from opti_reports.mail import compose, post
from opti_reports.mail.mailing import rows
from opti_reports.model.mail import Fated
from opti_reports.starter import STARTER
from opti_reports.workspace import Workspace
from tests.mail.fixture import (
    MONTH,
    UNITS,
    Handler,
    archived,
    asked,
    attachments,
    edge,
    made,
    parsed,
    release,
    serving,
    text,
    use,
)
from tests.workspaces import ask, edit, opti

TAPIOLA = "johtotiimi.tapiola@example.fi"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    place = made(tmp_path / "w")
    release(place)
    return place


def test_drafts_open_ready_to_be_sent(workspace: Workspace) -> None:
    done = post.draft(asked(workspace), edge())
    assert not done.undone
    names = [re.sub("_[0-9a-f]{12}", "", path.name) for path in done.files]
    assert names == ["service_unit_etela_espoo.fi.eml", *(f"unit_{unit}.fi.eml" for unit in sorted(UNITS))]
    for path in done.files:
        mail = parsed(path.read_bytes())
        assert mail["x-unsent"] == "1"
        assert mail["from"] is None
        assert mail["date"] is None
        assert mail["message-id"].endswith("@example.fi>")
        for name, content in attachments(mail).items():
            pack, rest = re.fullmatch("(service_unit|unit)_(.*)", name).groups()  # type: ignore[union-attr]
            assert content == archived(workspace, f"packs/{pack}/{rest.replace('_2026-08', '')}").read_bytes()
    assert len(attachments(parsed(done.files[-1].read_bytes()))) == 2


def test_subjects_hold_no_figure_but_the_year_and_no_address(workspace: Workspace) -> None:
    for path in post.draft(asked(workspace), edge()).files:
        subject = parsed(path.read_bytes())["subject"]
        assert re.findall(r"\d+", subject) == ["2026"]
        assert "@" not in subject


def test_the_same_draft_is_the_same_bytes(workspace: Workspace) -> None:
    first = {path: path.read_bytes() for path in post.draft(asked(workspace), edge()).files}
    again = {path: path.read_bytes() for path in post.draft(asked(workspace), edge()).files}
    assert first == again
    assert len(first) == 4


def test_a_draft_is_uncertain_to_the_server_until_someone_says(workspace: Workspace) -> None:
    post.draft(asked(workspace, "tapiola"), edge())
    handler = Handler()
    with serving(handler) as port:
        use(workspace, port)
        done = post.post(asked(workspace), edge())
        assert [(one.letter.key.org, one.fate, one.why) for one in done.undone] == [
            ("tapiola", "uncertain", "draft written")
        ]
        assert TAPIOLA not in handler.tried
        post.resolve(workspace, "all", "again", MONTH, edge())
        assert not post.post(asked(workspace), edge()).undone
    assert len(handler.got(TAPIOLA)) == 1
    assert post.draft(asked(workspace), edge()).files == ()


def fates(found: tuple[Fated, ...]) -> dict[str, tuple[str, bool]]:
    """What would become of each organisation's letter, and whether it is called corrected."""
    return {one.letter.key.org: (one.fate, one.corrected) for one in found}


def test_drafts_whose_end_is_known_are_removed(workspace: Workspace) -> None:
    files = post.draft(asked(workspace), edge()).files
    ids = [path.stem.rpartition("_")[2] for path in files]
    post.resolve(workspace, ids[0], "accepted", None, edge())
    post.resolve(workspace, ids[1], "again", None, edge())
    assert [path.exists() for path in files] == [False, False, True, True]


def test_a_corrected_pack_goes_again_and_says_so_the_others_do_not(workspace: Workspace) -> None:
    post.draft(asked(workspace), edge())
    post.resolve(workspace, "all", "accepted", MONTH, edge())
    release(workspace, version=2, corrected=["tapiola"])
    assert fates(post.foreseen(asked(workspace), edge()).letters) == {
        "etela_espoo": ("unchanged", False),
        "leppavaara": ("unchanged", False),
        "matinkyla": ("unchanged", False),
        "tapiola": ("send", True),
    }
    (path,) = post.draft(asked(workspace), edge()).files
    mail = parsed(path.read_bytes())
    assert mail["subject"].startswith("Korjattu: Tapiolan terveysasema")
    assert "Raportti on korjattu ja korvaa aiemmin lähetetyn." in text(mail)


def test_a_draft_goes_when_a_corrected_one_takes_its_place(workspace: Workspace) -> None:
    first = post.draft(asked(workspace), edge()).files
    release(workspace, version=2, corrected=["tapiola"])
    (path,) = post.draft(asked(workspace), edge()).files
    assert path.exists()
    assert [old.name for old in first if not old.exists()] == [
        old.name for old in first if "unit_tapiola" in old.name
    ]


def test_who_missed_a_correction_gets_it_with_the_next_version(workspace: Workspace) -> None:
    post.draft(asked(workspace), edge())
    post.resolve(workspace, "all", "accepted", MONTH, edge())
    release(workspace, version=2, corrected=["tapiola"])
    release(workspace, version=3)
    found = fates(post.foreseen(asked(workspace), edge()).letters)
    assert found["tapiola"] == ("send", True)
    assert found["matinkyla"] == ("unchanged", False)


def test_a_new_recipient_gets_the_newest_version(workspace: Workspace) -> None:
    release(workspace, version=2, corrected=["tapiola"])
    found = fates(post.foreseen(asked(workspace), edge()).letters)
    assert found["tapiola"] == ("send", True)
    assert found["matinkyla"] == ("send", False)


def test_an_uncertain_earlier_version_is_not_doubled_by_the_same_pack(workspace: Workspace) -> None:
    handler = Handler({TAPIOLA: [None]})
    with serving(handler) as port:
        use(workspace, port)
        post.post(asked(workspace), edge())
    release(workspace, version=2)
    (lost,) = post.foreseen(asked(workspace), edge()).undone
    assert (lost.letter.key.org, lost.fate) == ("tapiola", "awaits")
    (row,) = [row for row in rows(workspace, MONTH) if row.state == "uncertain"]
    assert lost.why == f"{row.id} of version 1 is uncertain"


@pytest.mark.parametrize(
    ("pattern", "link"),
    [
        (
            "https://r.example.fi/{month}/{run}/{file}",
            "https://r.example.fi/2026-08/v1/packs/unit/%C3%A4%20b.pdf",
        ),
        (r"\\palvelin\{month}\{run}\{file}", r"\\palvelin\2026-08\v1\packs\unit\ä b.pdf"),
        ("/srv/{file}", "/srv/packs/unit/ä b.pdf"),
    ],
)
def test_links_are_written_for_their_place(pattern: str, link: str) -> None:
    assert compose.link(pattern, "2026-08", "v1", "packs/unit/ä b.pdf") == link


def test_a_line_break_in_a_name_makes_no_header() -> None:
    break_in = "Johtotiimi\r\nBcc: x@example.com"
    message = compose.Message(
        key="k",
        subject=f"Raportti {break_in}",
        to=compose.Party(break_in, TAPIOLA),
        text="Hei\n",
        language="fi",
    )
    mail = parsed(compose.write(message, "example.fi"))
    assert mail["bcc"] is None
    assert mail["subject"] == "Raportti Johtotiimi Bcc: x@example.com"
    assert [one.addr_spec for one in mail["to"].addresses] == [TAPIOLA]


def test_lines_that_begin_with_a_dot_arrive_whole(workspace: Workspace) -> None:
    template = workspace.root / "templates" / "mail"
    shutil.copytree(STARTER / "templates" / "mail", template)
    path = template / "pack.txt.j2"
    path.write_text(path.read_text(encoding="utf-8") + "\n.\n..piste\n.loppu\n", encoding="utf-8")
    handler = Handler()
    with serving(handler) as port:
        use(workspace, port)
        post.post(asked(workspace, "tapiola"), edge())
    (mail,) = handler.got(TAPIOLA)
    assert text(mail).endswith("\n.\n..piste\n.loppu\n")
    assert len(attachments(mail)) == 2


def test_previews_as_drafts(workspace: Workspace) -> None:
    done = post.preview(asked(workspace, "tapiola"), "me@example.fi", "draft", edge())
    (path,) = done.files
    mail = parsed(path.read_bytes())
    assert mail["to"] == "me@example.fi"
    assert mail["subject"].startswith("ESIKATSELU: ")
    assert rows(workspace, MONTH) == ()


def test_the_command(workspace: Workspace) -> None:
    root, month = workspace.root, ("send", "--month", "2026-08")
    assert ask(root, "send", "--status").stdout == "The outbox is empty.\n"
    shown = ask(root, *month, "--dry-run")
    assert shown.exit_code == 0
    assert [line.split()[1:4] for line in shown.stdout.splitlines()[1:5]] == [
        ["service_unit", "etela_espoo", "fi"],
        ["unit", "leppavaara", "fi"],
        ["unit", "matinkyla", "fi"],
        ["unit", "tapiola", "fi"],
    ]
    assert not (root / "output" / "outbox").exists()
    made_ = ask(root, *month, "--drafts", "--json")
    assert made_.exit_code == 0
    plain = json.loads(made_.stdout)
    assert [one["state"] for one in plain["letters"]] == ["uncertain"] * 4
    assert all(Path(name).is_file() for name in plain["files"])
    id = plain["letters"][0]["id"]
    assert ask(root, "send", "--resolve", id, "accepted").exit_code == 0
    states = {row["id"]: row["state"] for row in json.loads(ask(root, *month, "--status", "--json").stdout)}
    assert states.pop(id) == "accepted"
    assert set(states.values()) == {"uncertain"}
    assert ask(root, *month, "--resolve", "all", "accepted").stderr == "3 letter(s): accepted.\n"
    assert ask(root, *month, "--drafts").stdout.splitlines()[:2] == [
        "No drafts.",
        "Of 4 letters 4 are accepted.",
    ]


def test_who_is_outside_the_audience_by_now_gets_no_draft_and_loses_an_earlier_one(
    workspace: Workspace,
) -> None:
    root, month = workspace.root, ("send", "--month", "2026-08")
    assert ask(root, *month, "--drafts").exit_code == 0
    assert len(list(workspace.output.rglob("*.eml"))) == 4
    pattern = rf'role +?= "johtotiimi"(\n.*\n.*\naddress +?= "{TAPIOLA}")'
    edit(workspace.configs / "recipients.toml", pattern, r'role = "johtava_ylilaakari"\1')
    done = ask(root, *month, "--drafts")
    assert done.exit_code == 8
    assert done.stdout.splitlines()[0] == (
        f"refused: unit of tapiola (fi) to {TAPIOLA}: the role johtava_ylilaakari is not of the audience "
        "unit that the pack is for; see configs/recipients.toml"
    )
    orgs = {path.name.partition(".")[0] for path in workspace.output.rglob("*.eml")}
    assert orgs == {"service_unit_etela_espoo", "unit_leppavaara", "unit_matinkyla"}
    log = max((workspace.output / "log").glob("*_send_*.jsonl")).read_text(encoding="utf-8")
    assert "unit tapiola refused: role johtava_ylilaakari is not of the audience unit" in log
    assert TAPIOLA not in log
    edit(
        workspace.configs / "recipients.toml",
        'role = "johtava_ylilaakari"\npacks +?= \\["unit", "week"\\]',
        'role = "johtotiimi"\npacks = ["unit"]',
    )
    assert ask(root, *month, "--drafts").exit_code == 0
    assert len(list(workspace.output.rglob("*.eml"))) == 4


def test_a_server_gets_no_letter_for_who_is_outside_the_audience(workspace: Workspace) -> None:
    pattern = rf'role +?= "johtotiimi"(\n.*\n.*\naddress +?= "{TAPIOLA}")'
    edit(workspace.configs / "recipients.toml", pattern, r'role = "johtava_ylilaakari"\1')
    handler = Handler()
    with serving(handler) as port:
        use(workspace, port)
        done = opti(workspace.root, "send", "--month", "2026-08", "--smtp")
    assert done.returncode == 8
    assert TAPIOLA not in handler.tried
    assert len(handler.kept) == 3


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("--month", "2026-08"), 2, "how?"),
        (("--drafts",), 2, "which month or week?"),
        (("--month", "2026-08", "--drafts", "--smtp"), 2, "--drafts and --smtp exclude each other"),
        (("--month", "2026-08", "--dry-run", "--to", "a@b.fi"), 2, "--dry-run and --to exclude each other"),
        (("--month", "2026-08", "--to", "a@b.fi, c@d.fi"), 2, "'a@b.fi, c@d.fi' is not a single address"),
        (("--month", "2026-07", "--drafts"), 2, "2026-07 is not released"),
        (("--resolve", "0123456789ab", "accepted"), 2, "nothing has been sent from this workspace"),
        (("--resolve", "all", "accepted"), 2, "all letters of which month or week?"),
    ],
)
def test_what_cannot_be_is_refused(
    workspace: Workspace, arguments: tuple[str, ...], code: int, told: str
) -> None:
    result = ask(workspace.root, "send", *arguments)
    assert result.exit_code == code
    assert told in result.stderr
    assert not (workspace.output / "outbox").exists()


def test_mail_that_is_not_accepted_leaves_with_8(workspace: Workspace) -> None:
    with serving(Handler({TAPIOLA: ["550 no"]})) as port:
        use(workspace, port)
        done = opti(workspace.root, "send", "--month", "2026-08", "--smtp")
    assert done.returncode == 8
    assert "refused" in done.stdout


def test_an_outbox_that_cannot_be_written_is_told(workspace: Workspace) -> None:
    folder = workspace.output / "outbox"
    folder.mkdir()
    (folder / "outbox.sqlite").write_text("this is no database, whatever it is called", encoding="utf-8")
    result = ask(workspace.root, "send", "--month", "2026-08", "--drafts")
    assert result.exit_code == 8
    assert f"{folder / 'outbox.sqlite'}: the outbox cannot be used: file is not a database" in result.stderr
