"""Names in headers: whatever a unit or role is called, no parser sees another line, header or mailbox.

The bytes are read by judges that know nothing of how they were written: a reader of raw lines, Python's old
parser with a decoder of encoded words, and its new one. The oldest supported Python (3.11 before 3.11.10)
writes decoded line ends into headers (CVE-2024-6923); so the texts must not hold what it decodes.
"""

from __future__ import annotations

import base64
import email
import quopri
import re
from email import policy
from email.header import decode_header
from email.utils import getaddresses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opti_reports.mail import compose, post
from opti_reports.mail.compose import Message, Part, Party
from tests.mail.fixture import Handler, asked, edge, made, release, serving, use
from tests.workspaces import edit

TO, SENDER, ASKED = "johtotiimi.tapiola@example.fi", "raportit@example.fi", "kysy@example.fi"
KNOWN = {
    "From", "Auto-Submitted", "To", "Reply-To", "Subject", "Message-ID", "Content-Language", "MIME-Version",
    "Content-Type", "Content-Transfer-Encoding",
}  # fmt: skip
EVIL = "Bcc: evil@example.com"
NASTY = [
    "=?utf-8?Q?Tapiola=0D=0ABcc:_evil@example.com?=",
    "=?utf-8?q?Tapiola=0ABcc:_evil@example.com?=",
    "=?UTF-8?B?" + base64.b64encode(b"Tapiola\r\nBcc: evil@example.com").decode() + "?=",
    "=?iso-8859-1*fi?Q?Tapiola=0D=0ABcc:_evil@example.com?=",
    "Äijälä =?utf-8?Q?=0D=0ABcc:_evil@example.com?= ja " + "pitkä nimi " * 12,
    "Äijälä =  = \t?utf-8?Q?=0D=0ABcc:_evil@example.com?= ja " + "pitkä nimi " * 12,
    "=\x00?utf-8?Q?=0D=0ABcc:_evil@example.com?=",
    "==??utf-8?Q?=0D=0ABcc:_evil@example.com?==",
    "=?utf-8?Q?=3D=3Futf-8=3FQ=3F=0D=0ABcc:_evil@example.com=3F=3D?=",
    f"Tapiola\r\n{EVIL}",
    f"Tapiola\n {EVIL}",
    f"Tapiola\x85{EVIL}",
    f"Tapiola\u2028{EVIL}\u2029{EVIL}",
    f"Tapiola\x0b{EVIL}\x0c{EVIL}\x1c{EVIL}",
    'Tapiola" <evil@example.com>, "x',
    "Äijä <evil@example.com>, x" + " pitkä, pilkku" * 12,
    "Tapiola\\",
    "(kommentti) ; ryhmä: evil@example.com;",
    "\ud800 puolikas",
]


def written(name: str) -> bytes:
    """A letter whose every name is this one."""
    party = (Party(name, TO), Party(name, SENDER), Party(name, ASKED))
    message = Message(
        key="k",
        subject=f"Raportti: {name}",
        to=party[0],
        text="Hei\n",
        language="fi",
        parts=(Part(f"{name}.pdf", b"%PDF"),),
    )
    whole = Message(**{**message.__dict__, "sender": party[1], "reply_to": party[2]})
    return compose.write(whole, "example.fi")


def held(content: bytes) -> None:
    """Judge a letter's bytes."""
    head = content.partition(b"\r\n\r\n")[0]
    assert head.isascii()
    assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", head.replace(b"\r\n", b""))
    assert b"\n" not in head.replace(b"\r\n", b"")
    names = [
        line.partition(b":")[0].decode() for line in head.split(b"\r\n") if line[:1] not in (b" ", b"\t")
    ]
    assert set(names) <= KNOWN
    assert len(set(names)) == len(names)
    _decoded_by_hand(head)
    old = email.message_from_bytes(content)
    for name, value in old.items():
        assert "\n" not in _old(re.sub(r"\r\n(?=[ \t])", "", value)), name
    new = email.message_from_bytes(content, policy=policy.default)
    for name, wanted in (("To", TO), ("From", SENDER), ("Reply-To", ASKED)):
        assert [one.addr_spec for one in new[name].addresses] == [wanted]
        assert "\n" not in str(new[name]).replace("\r", "\n")
        unfolded = re.sub(r"\r\n(?=[ \t])", "", str(old[name]))
        assert [address for _, address in getaddresses([unfolded])] == [wanted]
    assert "\n" not in str(new["Subject"]).replace("\r", "\n")


def _old(value: str) -> str:
    """A header as programs show it that decode encoded words once."""
    parts = decode_header(value)
    return "".join(
        part if isinstance(part, str) else part.decode(charset or "ascii", errors="replace")
        for part, charset in parts
    ).replace("\r", "\n")


def _decoded_by_hand(head: bytes) -> None:
    """No encoded word, wherever it stands and however often it is decoded, holds a line end."""
    text = re.sub(rb"\r\n[ \t]", b"", head)
    for _ in range(3):
        found = re.findall(rb"=\?[^?\s]*\?([BbQq])\?([^?\s]*)\?=", text)
        decoded = [
            base64.b64decode(body + b"==") if kind in b"Bb" else quopri.decodestring(body, header=True)
            for kind, body in found
        ]
        assert not any(re.search(rb"[\r\n\x00]", one) for one in decoded)
        text = b" ".join(decoded)


@pytest.mark.parametrize("name", NASTY)
def test_no_name_makes_a_line_a_header_or_a_mailbox(name: str) -> None:
    held(written(name))


PIECES = st.sampled_from(
    [
        "=?",
        "?=",
        "=?utf-8?Q?",
        "=0D=0A",
        "=0A",
        "?B?",
        "DQpCY2M6",
        "\r\n",
        "\n",
        "\r",
        "\u2028",
        "\x85",
        "\x00",
        "Bcc: evil@example.com",
        "<evil@example.com>",
        ",",
        ";",
        ":",
        '"',
        "\\",
        "(",
        ")",
        " ",
        "ä",
        "Ö",
        "名",
        "x",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES | st.text(max_size=4), max_size=30).map("".join))
def test_no_text_at_all_does(name: str) -> None:
    held(written(name))


def test_a_unit_called_so_is_sent_to_its_own_mailbox_only(tmp_path_factory: pytest.TempPathFactory) -> None:
    workspace = made(tmp_path_factory.mktemp("named") / "w")
    release(workspace)
    edit(workspace.configs / "organisation.toml", 'fi = "Tapiolan terveysasema"', f'fi = "{NASTY[0]}"')
    edit(workspace.configs / "recipients.toml", 'fi = "Johtotiimi"', f'fi = "{NASTY[2]}"')
    handler = Handler()
    with serving(handler) as port:
        use(workspace, port)
        assert not post.post(asked(workspace, "tapiola"), edge()).undone
    ((to, content),) = handler.kept
    assert to == TO
    assert b"evil@example.com\r\n" not in content.partition(b"\r\n\r\n")[0]
    (mail,) = handler.got(TO)
    assert mail["bcc"] is None
    assert mail["subject"] == ("?utf-8?Q?Tapiola=0D=0ABcc:_evil@example.com?=, elokuu 2026")
