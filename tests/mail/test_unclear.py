"""Answers that are neither yes nor no: uncertain within a time limit, never taken for either, and cleaned."""

from __future__ import annotations

import socket
import socketserver
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from opti_reports.archive import ledger
from opti_reports.language.replies import clean
from opti_reports.mail import post
from opti_reports.mail.mailing import rows
from opti_reports.mail.sent import Sent
from opti_reports.terminal.mail import sent_text, status_text
from opti_reports.workspace import Workspace
from tests.mail.fixture import MONTH, asked, edge, made, release, use
from tests.workspaces import edit

Say = bytes | Callable[[socket.socket], None]
FINE: dict[str, Say] = {
    "GREETING": b"220 test\r\n",
    "EHLO": b"250-test\r\n250 SIZE 30000000\r\n",
    "MAIL": b"250 OK\r\n",
    "RCPT": b"250 OK\r\n",
    "DATA": b"354 go on\r\n",
    ".": b"250 OK\r\n",
    "RSET": b"250 OK\r\n",
    "QUIT": b"221 bye\r\n",
}
LIMIT = 1.0
"""Seconds that mail.toml gives an answer in these tests."""


class Talker:
    """A server of bare sockets that says what it is told to; it counts the unit's messages it got whole."""

    def __init__(self, answers: Mapping[str, Say]) -> None:
        self.answers, self.kept = {**FINE, **answers}, 0
        self.stop = threading.Event()

    def talk(self, connection: socket.socket) -> None:
        file = connection.makefile("rb")
        self.say(connection, "GREETING")
        own = False
        while line := file.readline():
            verb = line[:4].strip().decode("ascii", "replace").upper()
            own = b"johtotiimi" in line if verb == "RCPT" else own
            self.say(connection, verb)
            if verb == "DATA" and self.answers["DATA"] == FINE["DATA"]:
                while file.readline() not in (b".\r\n", b""):
                    pass
                self.kept += own
                self.say(connection, ".")
            if verb == "QUIT":
                return

    def say(self, connection: socket.socket, verb: str) -> None:
        answer = self.answers.get(verb, b"500 what?\r\n")
        if callable(answer):
            answer(connection)
        else:
            connection.sendall(answer)

    def endless(self, line: bytes, pause: float) -> Callable[[socket.socket], None]:
        """An answer that never ends."""

        def go_on(connection: socket.socket) -> None:
            while not self.stop.is_set():
                connection.sendall(line)
                time.sleep(pause)

        return go_on


@contextmanager
def talking(talker: Talker) -> Iterator[int]:
    class Handle(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):  # the client has gone: what these tests are about
                talker.talk(self.request)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads, block_on_close = True, False

    with Server(("127.0.0.1", 0), Handle) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield int(server.server_address[1])
        finally:
            talker.stop.set()
            server.shutdown()
            thread.join()


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    place = made(tmp_path / "w")
    release(place, units=("tapiola",))
    edit(place.configs / "mail.toml", "timeout_seconds = 5", f"timeout_seconds = {LIMIT}")
    edit(place.configs / "mail.toml", r"attempts +=.*", "attempts = 1")
    return place


def sent(workspace: Workspace, talker: Talker) -> Sent:
    """Send one letter."""
    with talking(talker) as port:
        use(workspace, port)
        return post.post(asked(workspace, "tapiola"), edge())


UNCLEAR: dict[str, tuple[dict[str, Say], str]] = {
    "garbage after the data": ({".": b"\x00\x9fgarbage\r\n"}, "unclear answer after the message left: "),
    "252 after the data": ({".": b"252 perhaps\r\n"}, "unclear answer after the message left: 252 perhaps"),
    "354 after the data": ({".": b"354 more\r\n"}, "unclear answer after the message left: 354 more"),
    "2500 after the data": ({".": b"2500 OK\r\n"}, "unclear answer after the message left: "),
    "two codes after the data": (
        {".": b"250-queued\r\n550 refused\r\n"},
        "unclear answer after the message left: queued refused",
    ),
    "an empty line after the data": ({".": b"\r\n"}, "unclear answer after the message left: "),
    "250 to DATA": ({"DATA": b"250 OK\r\n"}, "unclear answer to DATA: 250 OK"),
    "garbage to DATA": ({"DATA": b"what\r\n"}, "unclear answer to DATA: what"),
}


@pytest.mark.parametrize("case", UNCLEAR)
def test_an_unclear_answer_is_uncertain(workspace: Workspace, case: str) -> None:
    answers, why = UNCLEAR[case]
    (lost,) = sent(workspace, Talker(answers)).undone
    assert lost.fate == "uncertain"
    assert lost.why.startswith(why)
    again = Talker({})
    assert [one.fate for one in sent(workspace, again).undone] == ["uncertain"]
    assert again.kept == 0
    lines = ledger.walk(workspace.output / "archive").lines
    assert [line.kind for line in lines] == ["released", "handed"]


@pytest.mark.parametrize(
    ("line", "pause"),
    [(b"250-and\r\n", 0.05), (b"2", 0.3), (b"250-" + b"x" * 4000 + b"\r\n", 0.0), (b"x" * 4000, 0.0)],
    ids=["lines without end", "a byte at a time", "lines at full speed", "one line at full speed"],
)
def test_an_endless_answer_is_uncertain_in_time(workspace: Workspace, line: bytes, pause: float) -> None:
    talker = Talker({})
    talker.answers["."] = talker.endless(line, pause)
    begun = time.monotonic()
    (lost,) = sent(workspace, talker).undone
    assert lost.fate == "uncertain"
    assert lost.why in (
        "no answer after the message left: the answer did not end in time",
        "no answer after the message left: the answer did not end",
        "no answer after the message left: timed out",
    )
    assert time.monotonic() - begun < 20 * LIMIT
    assert talker.kept == 1


@pytest.mark.parametrize("verb", ["GREETING", "EHLO", "MAIL", "RCPT"])
def test_an_endless_answer_before_the_data_leaves_no_doubt(workspace: Workspace, verb: str) -> None:
    talker = Talker({})
    talker.answers[verb] = talker.endless(b"250-and\r\n", 0.05)
    (lost,) = sent(workspace, talker).undone
    assert lost.fate == "queued"
    assert talker.kept == 0
    assert not sent(workspace, Talker({})).undone


@pytest.mark.parametrize("verb", ["MAIL", "RCPT"])
def test_an_unclear_answer_before_the_data_is_no_yes_and_no_no(workspace: Workspace, verb: str) -> None:
    talker = Talker({verb: b"252 perhaps\r\n"})
    (lost,) = sent(workspace, talker).undone
    assert (lost.fate, lost.why) == ("queued", "unclear answer: 252 perhaps")
    assert talker.kept == 0


def test_what_was_said_unasked_is_no_answer_to_the_message(workspace: Workspace) -> None:
    """A yes that lay ready before the message was sent would make a letter accepted that nobody took."""
    talker = Talker({"DATA": b"354 go on\r\n250 OK\r\n", ".": b""})
    (lost,) = sent(workspace, talker).undone
    assert lost.fate == "uncertain"
    assert lost.why == "no answer after the message left: the server answers what it was not asked"


def test_replies_are_cleaned_before_they_reach_anybody(workspace: Workspace) -> None:
    bad = (
        "550 5.1.1 \x1b[31m<johtotiimi.tapiola@example.fi>\x07 matti(a)example.fi \u202eei ole\u200b \u009b2J"
    )
    done = sent(workspace, Talker({"RCPT": bad.encode() + b"\r\n"}))
    (lost,) = done.undone
    assert lost.why == "550 5.1.1 [31m<…> … ei ole 2J"
    (row,) = rows(workspace, MONTH)
    (line,) = [one for one in ledger.walk(workspace.output / "archive").lines if one.kind == "refused"]
    assert row.reply == line.payload["reply"] == lost.why
    for shown in (sent_text(done, drafts=False), status_text([row])):
        assert lost.why in shown
        assert not any(ord(sign) < 32 and sign != "\n" for sign in shown)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ('"matti meikäläinen"@example.fi unknown', "… unknown"),
        ("user matti@example.fi, quota", "user …, quota"),
        ("matti＠example.fi unknown", "… unknown"),
        ("queued as 4bXyZ", "queued as 4bXyZ"),
        ("a\r\nb\tc\x00d", "a b c d"),
        ("x " * 1000, ("x " * 150)[:300]),
    ],
)
def test_clean_text(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned
