"""Letters through a real server in this process: accepted, put off, refused, lost, too large, safe or not."""

from __future__ import annotations

import re
import ssl
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from opti_reports.archive import ledger
from opti_reports.errors import ArchiveError, ConfigError, MailError
from opti_reports.mail import post
from opti_reports.mail.asked import Edge
from opti_reports.mail.mailing import rows
from opti_reports.mail.sent import Sent
from opti_reports.terminal.mail import sent_text
from opti_reports.workspace import Workspace
from tests.mail.certificate import certified
from tests.mail.fixture import (
    MONTH,
    NOW,
    UNITS,
    Answer,
    Handler,
    archived,
    asked,
    attachments,
    edge,
    free_port,
    made,
    parsed,
    release,
    serving,
    text,
    use,
)
from tests.workspaces import edit

UNIT, ORG = "johtotiimi.tapiola@example.fi", "tapiola"
OWNER = "laatukoordinaattori@example.fi"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    place = made(tmp_path / "w")
    release(place)
    return place


def sent(
    workspace: Workspace,
    handler: Handler,
    *orgs: str,
    slept: list[float] | None = None,
    lines: tuple[str, ...] = (),
    **options: object,
) -> Sent:
    """Send through a server of these answers, once."""
    with serving(handler, **options) as port:
        use(workspace, port, *lines)
        return post.post(asked(workspace, *orgs), edge(slept))


def states(workspace: Workspace) -> dict[str, str]:
    """The state of each organisation's letter."""
    return {row.key.org: row.state for row in rows(workspace, MONTH)}


def test_each_recipient_gets_its_own_pack_once(workspace: Workspace) -> None:
    handler = Handler()
    done = sent(workspace, handler)
    assert not done.undone
    assert sorted(to for to, _ in handler.kept) == [
        "johtotiimi.leppavaara@example.fi",
        "johtotiimi.matinkyla@example.fi",
        "johtotiimi.tapiola@example.fi",
        "jyl.etela-espoo@example.fi",
    ]
    (mail,) = handler.got(UNIT)
    assert mail["subject"] == "Tapiolan terveysasema, elokuu 2026"
    assert mail["from"] == "Laatu- ja toimintaraportit <raportit@example.fi>"
    assert mail["to"] == "Johtotiimi <johtotiimi.tapiola@example.fi>"
    assert mail["reply-to"] == f"Laatukoordinaattori <{OWNER}>"
    assert attachments(mail) == {
        "unit_tapiola_2026-08.fi.pdf": archived(workspace, "packs/unit/tapiola.fi.pdf").read_bytes(),
        "unit_tapiola_2026-08.fi.xlsx": archived(workspace, "packs/unit/tapiola.fi.xlsx").read_bytes(),
    }
    assert "Täytetty taulukko palautetaan" in text(mail)
    again = Handler()
    assert not sent(workspace, again).undone
    assert again.tried == []


def test_what_the_server_took_stands_in_the_ledger_by_role(workspace: Workspace) -> None:
    sent(workspace, Handler(), ORG)
    walk = ledger.walk(workspace.output / "archive")
    assert walk.faults == ()
    _, handed, line = walk.lines
    assert [one.kind for one in walk.lines] == ["released", "handed", "sent"]
    assert handed.payload["letter"] == line.payload["letter"]
    assert (line.payload["org"], line.payload["role"], line.payload["version"]) == (ORG, "johtotiimi", 1)
    assert "@" not in str(line.payload)


def test_put_off_letters_are_tried_again_after_growing_waits(workspace: Workspace) -> None:
    slept: list[float] = []
    handler = Handler({UNIT: ["451 busy", "450 greylisted"]})
    assert not sent(workspace, handler, slept=slept).undone
    assert slept == [60, 120]
    assert len(handler.got(UNIT)) == 1
    (row,) = [row for row in rows(workspace, MONTH) if row.key.org == ORG]
    assert (row.state, row.attempts) == ("accepted", 3)


@pytest.mark.parametrize("at", ["rcpt", "data"])
def test_patience_ends_and_the_letter_waits_for_the_next_time(workspace: Workspace, at: str) -> None:
    slept: list[float] = []
    handler = Handler({UNIT: ["451 busy"] * 4}, at=at)
    done = sent(workspace, handler, slept=slept)
    assert slept == [60, 120, 240]
    assert [(f.letter.key.org, f.fate, f.why) for f in done.undone] == [(ORG, "queued", "451 busy")]
    assert done.informed == OWNER
    assert not sent(workspace, handler).undone
    assert len(handler.got(UNIT)) == 1


@pytest.mark.parametrize("at", ["rcpt", "data"])
def test_a_refused_letter_is_not_tried_again_and_the_owner_is_told(workspace: Workspace, at: str) -> None:
    slept: list[float] = []
    handler = Handler({UNIT: ["550 no such mailbox"]}, at=at)
    done = sent(workspace, handler, slept=slept)
    assert slept == []
    (lost,) = done.undone
    assert (lost.fate, lost.why) == ("refused", "550 no such mailbox")
    (mail,) = handler.got(OWNER)
    assert mail["subject"] == "Kaikki raportit eivät menneet perille: elokuu 2026"
    assert f"{lost.letter.id}  Toimintayksikön kuukausiraportti, Tapiolan terveysasema" in text(mail)
    assert "palvelin hylkäsi: 550 no such mailbox" in text(mail)
    again = Handler()
    assert [f.fate for f in sent(workspace, again).undone] == ["refused"]
    assert UNIT not in again.tried
    kinds = [line.kind for line in ledger.walk(workspace.output / "archive").lines if line.kind != "handed"]
    assert sorted(kinds) == ["refused", "released", "sent", "sent", "sent"]


@pytest.mark.parametrize("answer", [None, 30.0], ids=["dropped", "silent"])
def test_a_lost_answer_leaves_a_letter_uncertain_until_someone_says(
    workspace: Workspace, answer: Answer
) -> None:
    handler = Handler({UNIT: [answer]})
    edit(workspace.configs / "mail.toml", "timeout_seconds = 5", "timeout_seconds = 0.5")
    done = sent(workspace, handler)
    (lost,) = done.undone
    assert lost.fate == "uncertain"
    assert lost.why.startswith("no answer after the message left: ")
    assert len(handler.got(UNIT)) == 1
    assert [f.fate for f in sent(workspace, handler).undone] == ["uncertain"]
    assert len(handler.got(UNIT)) == 1
    first = handler.got(UNIT)[0]["message-id"]
    assert post.resolve(workspace, lost.letter.id, "again", None, edge()) == 1
    assert not sent(workspace, handler).undone
    assert [mail["message-id"] for mail in handler.got(UNIT)] == [first, first]
    lines = ledger.walk(workspace.output / "archive").lines
    (resolved,) = [line for line in lines if line.kind == "uncertain_resolved"]
    assert (resolved.payload["verdict"], resolved.payload["was"]) == ("again", "uncertain")


def test_an_uncertain_letter_said_to_have_come_is_never_sent_again(workspace: Workspace) -> None:
    handler = Handler({UNIT: [None]})
    (lost,) = sent(workspace, handler).undone
    post.resolve(workspace, lost.letter.id, "accepted", None, edge())
    assert not sent(workspace, handler).undone
    assert len(handler.got(UNIT)) == 1


def test_a_connection_lost_before_the_message_leaves_is_no_doubt(workspace: Workspace) -> None:
    slept: list[float] = []
    handler = Handler({UNIT: [None]}, at="rcpt")
    assert not sent(workspace, handler, slept=slept).undone
    assert slept == [60]
    assert len(handler.kept) == len({to for to, _ in handler.kept}) == 4


def test_a_letter_the_server_hangs_up_on_does_not_keep_the_others_back(workspace: Workspace) -> None:
    handler = Handler({"jyl.etela-espoo@example.fi": [None] * 4}, at="rcpt")  # the first in order
    slept: list[float] = []
    done = sent(workspace, handler, slept=slept)
    assert [(one.letter.key.org, one.fate) for one in done.undone] == [("etela_espoo", "queued")]
    assert slept == [60, 120, 240]


def test_a_server_that_hangs_up_on_everyone_is_left_alone_for_a_while(workspace: Workspace) -> None:
    addresses = ("jyl.etela-espoo", *(f"johtotiimi.{unit}" for unit in UNITS))
    handler = Handler({f"{name}@example.fi": [None] * 9 for name in addresses}, at="rcpt")
    done = sent(workspace, handler)
    assert len(done.undone) == 4
    assert len(handler.tried) == 4 * 3 + 1  # three letters a round, and the owner's


def test_without_a_server_letters_wait_and_the_owner_gets_a_draft(
    workspace: Workspace,
) -> None:
    use(workspace, free_port())
    slept: list[float] = []
    done = post.post(asked(workspace), edge(slept))
    assert slept == [60, 120, 240]
    assert {f.fate for f in done.undone} == {"queued"}
    assert all("cannot be reached" in f.why for f in done.undone)
    (draft,) = done.files
    assert draft.name == "failures.eml"
    assert b"X-Unsent: 1" in draft.read_bytes()
    assert not sent(workspace, Handler()).undone


def test_a_message_larger_than_mail_toml_allows_carries_links(workspace: Workspace) -> None:
    edit(workspace.configs / "mail.toml", r"message_megabytes = 20", "message_megabytes = 0.001")
    handler = Handler()
    sent(workspace, handler, ORG)
    (mail,) = handler.got(UNIT)
    assert attachments(mail) == {}
    where = "https://raportit.example.fi/2026-08/v1-0123456789ab/packs/unit/tapiola.fi"
    assert [line.strip() for line in text(mail).splitlines() if "https" in line] == [
        f"{where}.pdf",
        f"{where}.xlsx",
    ]


def test_a_message_larger_than_the_server_takes_carries_links(workspace: Workspace) -> None:
    release(workspace, version=2, content=b"%PDF-1.7 " + b"x" * 40_000)
    handler = Handler()
    assert not sent(workspace, handler, ORG, data_size_limit=20_000).undone
    (mail,) = handler.got(UNIT)
    assert attachments(mail) == {}
    assert "Tiedostot ovat liian suuria sähköpostiin" in text(mail)


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate of 127.0.0.1 that nobody but its own file vouches for, and a server's side of TLS."""
    return certified(tmp_path)


def test_starttls_with_a_trusted_certificate(
    workspace: Workspace, certificate: tuple[Path, ssl.SSLContext]
) -> None:
    path, context = certificate
    edit(
        workspace.configs / "mail.toml", r'security = "none"', f"security = \"starttls\"\nca_file = '{path}'"
    )
    handler = Handler()
    assert not sent(workspace, handler, tls_context=context, require_starttls=True).undone
    assert handler.tls == [True] * 4


FIRST = """Nämä asiat ovat raportissa ensimmäisinä:
- Takaisinsoitto 62 %, tavoite 80 %
  toimenpide sopimatta (osastonhoitaja)
- HaiPro-ilmoituksia käsiteltiin ajassa 5/9
  Työparivuoro maanantaisin
- Kolmas
  toimenpide sopimatta (ylilääkäri)
"""


def test_the_first_cards_stand_in_a_letter_that_nobody_else_can_read_on_its_way(
    tmp_path: Path, certificate: tuple[Path, ssl.SSLContext]
) -> None:
    cards = [
        ("Takaisinsoitto 62 %, tavoite 80 %", "toimenpide sopimatta", "osastonhoitaja"),
        ("HaiPro-ilmoituksia käsiteltiin ajassa 5/9", "Työparivuoro maanantaisin", ""),
        ("Kolmas", "toimenpide sopimatta", "ylilääkäri"),
        ("Neljäs", "toimenpide sopimatta", "ylilääkäri"),
    ]
    place, (path, context) = made(tmp_path / "w"), certificate
    release(place, cards=cards)
    in_clear = Handler()
    assert not sent(place, in_clear, "matinkyla").undone
    assert not any(
        card[0] in text(mail) for mail in in_clear.got(UNIT.replace("tapiola", "matinkyla")) for card in cards
    )
    (draft,) = post.draft(asked(place, "leppavaara"), edge()).files
    assert "Takaisinsoitto" not in text(parsed(draft.read_bytes()))
    edit(place.configs / "mail.toml", r'security = "none"', f"security = \"starttls\"\nca_file = '{path}'")
    handler = Handler()
    assert not sent(place, handler, "tapiola", tls_context=context, require_starttls=True).undone
    (mail,) = handler.got(UNIT)
    assert FIRST in text(mail)
    assert "Neljäs" not in text(mail)
    assert not re.search(r"\d\d %|HaiPro", mail["subject"])


def test_cards_that_are_not_what_was_archived_are_not_sent(
    tmp_path: Path, certificate: tuple[Path, ssl.SSLContext]
) -> None:
    place, (path, context) = made(tmp_path / "w"), certificate
    release(place, cards=[("Takaisinsoitto 62 %", "toimenpide sopimatta", "osastonhoitaja")])
    edit(place.configs / "mail.toml", r'security = "none"', f"security = \"starttls\"\nca_file = '{path}'")
    edit(archived(place, "packs/unit/tapiola.fi.json"), "62 %", "26 %")
    with pytest.raises(ArchiveError, match=r"packs/unit/tapiola\.fi\.json: was changed"):
        sent(place, Handler(), "tapiola", tls_context=context, require_starttls=True)


def test_a_certificate_nobody_trusts_stops_everything(
    workspace: Workspace, certificate: tuple[Path, ssl.SSLContext]
) -> None:
    _, context = certificate
    edit(workspace.configs / "mail.toml", r'security = "none"', 'security = "starttls"')
    handler = Handler()
    slept: list[float] = []
    done = sent(workspace, handler, slept=slept, tls_context=context)
    assert "no safe connection, nothing was sent: self-signed certificate" in done.fault
    assert slept == []
    assert handler.kept == []
    assert set(states(workspace).values()) == {"queued"}


def test_nothing_goes_in_the_clear_when_tls_is_required(workspace: Workspace) -> None:
    edit(workspace.configs / "mail.toml", r'security = "none"', 'security = "starttls"')
    handler = Handler()
    done = sent(workspace, handler)
    assert "nothing was sent: STARTTLS extension not supported by server." in done.fault
    assert handler.tried == []
    (draft,) = done.files
    assert b"STARTTLS" in draft.read_bytes()


def _login(server: object, session: object, envelope: object, mechanism: str, data: object) -> AuthResult:
    assert isinstance(data, LoginPassword)
    right = (data.login, data.password) == (b"raportit", b"oikea")
    return AuthResult(success=right, handled=False)


USER = 'user = "raportit"\npassword_env = "OPTI_SMTP_PASSWORD"'


@pytest.mark.parametrize(("password", "taken"), [("oikea", True), ("vanhentunut", False)])
def test_the_password_comes_from_the_environment(
    workspace: Workspace, certificate: tuple[Path, ssl.SSLContext], password: str, taken: bool
) -> None:
    path, context = certificate
    edit(
        workspace.configs / "mail.toml",
        r'security = "none"',
        f"security = \"starttls\"\nca_file = '{path}'\n{USER}",
    )
    handler = Handler()
    options = {"authenticator": _login, "auth_required": True, "tls_context": context}
    with serving(handler, **options) as port:
        use(workspace, port)
        outside = Edge(lambda: NOW, lambda seconds: None, {"OPTI_SMTP_PASSWORD": password})
        done = post.post(asked(workspace, ORG), outside)
    assert len(handler.kept) == int(taken)
    assert ("does not take the password" in done.fault) is not taken
    everything = [p.read_bytes() for p in workspace.output.rglob("*") if p.is_file()]
    assert not any(password.encode() in content for content in everything)


def test_a_password_that_is_not_there_is_told_before_anything_is_queued(workspace: Workspace) -> None:
    edit(workspace.configs / "mail.toml", r'security = "none"', f'security = "tls"\n{USER}')
    with pytest.raises(ConfigError) as caught:
        post.post(asked(workspace), edge())
    assert "mail.toml: smtp.password_env: the environment has no variable OPTI_SMTP_PASSWORD" in str(
        caught.value
    )
    assert rows(workspace, MONTH) == ()


def test_a_preview_goes_to_one_address_only_marked_and_unrecorded(workspace: Workspace) -> None:
    handler = Handler()
    with serving(handler) as port:
        use(workspace, port)
        post.preview(asked(workspace), "me@example.fi", "smtp", edge())
    assert {to for to, _ in handler.kept} == {"me@example.fi"}
    assert len(handler.kept) == 4
    for mail in handler.got("me@example.fi"):
        assert mail["subject"].startswith("ESIKATSELU: ")
        assert mail["to"] == "me@example.fi"
        assert text(mail).startswith("Tämä on esikatselu. Varsinaisen viestin vastaanottaja: ")
    assert rows(workspace, MONTH) == ()
    assert [line.kind for line in ledger.walk(workspace.output / "archive").lines] == ["released"]


def test_a_preview_that_is_not_taken_is_told(workspace: Workspace) -> None:
    handler = Handler({"me@example.fi": ["550 unknown"]})
    with serving(handler) as port:
        use(workspace, port)
        with pytest.raises(MailError) as caught:
            post.preview(asked(workspace, ORG), "me@example.fi", "smtp", edge())
    assert str(caught.value).startswith("me@example.fi: 550 unknown")


def test_the_summary_says_what_to_do(workspace: Workspace) -> None:
    handler = Handler({UNIT: ["550 no such mailbox"], "johtotiimi.matinkyla@example.fi": [None]})
    shown = sent_text(sent(workspace, handler), drafts=False).splitlines()
    assert shown[0] == "Of 4 letters 2 are accepted."
    assert shown[1] == "Not accepted:"
    assert shown[-3:] == [
        "  uncertain ones: ask the recipient, then opti send --resolve ID accepted (or again)",
        "  refused ones: correct the address in configs/recipients.toml, or opti send --resolve ID again",
        f"To tell the owner: {OWNER}.",
    ]
