"""A time stamp of the ledger's head: asked for, judged, kept, noted; and all that can go wrong on the way."""

from __future__ import annotations

import datetime as dt
import stat
import sys
import threading
from pathlib import Path

import pytest

from opti_reports import workspace as places
from opti_reports.archive import ledger
from opti_reports.release.contents import of_workspace
from opti_reports.stages.counted import Facts
from tests.archive.authority import CLOCK, established, refusal
from tests.archive.released import flip, ledger_of
from tests.archive.stamping import EXISTED, Desk
from tests.archive.tsa import serving
from tests.mail.certificate import certified
from tests.workspaces import ask, decided

REMEDY = (
    "  Nothing was stamped. Check url and roots in [stamp] of configs/archive.toml, and whether a proxy"
    " answers in its place.\n"
)
AGAIN = (
    "  Nothing was stamped. Try again later; if it stays so, see [stamp] in configs/archive.toml and the"
    " proxy.\n"
)


def refused(desk: Desk, what: str, remedy: str = REMEDY) -> None:
    """Assert that a stamp is refused with these words, and leaves nothing."""
    before = ledger_of(desk.place).read_bytes()
    assert desk.stamp() == (9, f"opti: {desk.server.url}: {what}\n{remedy}")
    assert ledger_of(desk.place).read_bytes() == before
    assert not (desk.archive / "stamps").exists()


def test_the_head_is_stamped_kept_and_noted(desk: Desk) -> None:
    head = desk.head
    file = f"stamps/3-{head}.tsr"
    assert desk.stamp() == (0, f"Lines 1–3 of the ledger {EXISTED}: {file}\n")
    (path, headers, _), *more = desk.server.asked
    assert (path, headers["Content-Type"], more) == ("/tsr", "application/timestamp-query", [])
    assert stat.S_IMODE((desk.archive / file).stat().st_mode) == 0o444
    *_, line = ledger.walk(desk.archive).lines
    assert (line.no, line.kind) == (4, "stamped")
    assert (line.payload["line"], line.payload["head"]) == (3, head)
    assert (line.payload["time"], line.payload["authority"]) == (
        "2026-09-03T08:12:11+00:00",
        "Test Time Stamps",
    )


def test_a_head_that_is_stamped_is_not_stamped_again(desk: Desk) -> None:
    _, first = desk.stamp()
    before = ledger_of(desk.place).read_bytes()
    assert desk.stamp() == (0, f"The head is stamped already. {first}")
    assert (len(desk.server.asked), ledger_of(desk.place).read_bytes()) == (1, before)
    desk.grow()
    assert desk.stamp()[1].startswith("Lines 1–5 of the ledger existed at ")
    assert [path.name.partition("-")[0] for path in desk.tokens] == ["3", "5"]


def test_a_stamp_that_is_gone_or_changed_is_not_called_good(desk: Desk) -> None:
    desk.stamp()
    (token,) = desk.tokens
    flip(token)
    told = f"stamps/{token.name}: was changed: the ledger has another hash of it"
    remedy = "  Bring it back from a copy; see `opti archive verify`.\n"
    assert desk.stamp() == (7, f"opti: archive: {told}\n{remedy}")


def test_an_answer_to_another_request_is_refused(desk: Desk) -> None:
    first = desk.authority.reply
    desk.server.reply = lambda query: first(query, nonce=4711)
    refused(desk, "the answer does not count: it answers another request")


def test_an_answer_about_something_else_is_refused(desk: Desk) -> None:
    desk.server.reply = lambda query: desk.authority.reply(query, imprint=b"\1" * 32)
    refused(desk, "the answer does not count: it is of something else")


def test_an_authority_that_refuses_is_quoted_without_what_moves_a_terminal(desk: Desk) -> None:
    desk.server.reply = lambda _: refusal("no \x1b[2Jtime\u202e today")
    refused(desk, "the answer does not count: the authority did not grant it: rejection, 'no [2Jtime today'")


def test_another_authority_is_not_trusted(desk: Desk) -> None:
    desk.server.reply = established().reply
    refused(
        desk,
        "the answer does not count: it is not signed by a trusted authority: certificate signature failure",
    )
    desk.server.reply = established("Other Time Stamps").reply
    refused(
        desk,
        "the answer does not count: it is not signed by a trusted authority: unable to get local issuer"
        " certificate",
    )


def test_a_certificate_for_something_else_or_out_of_its_time_is_not_trusted(desk: Desk) -> None:
    from cryptography.x509.oid import ExtendedKeyUsageOID

    words = "the answer does not count: it is not signed by a trusted authority: "
    late = established(until=CLOCK - dt.timedelta(days=1))
    desk.trust(late.roots)
    desk.server.reply = late.reply
    refused(desk, f"{words}certificate has expired")
    other = established(purpose=ExtendedKeyUsageOID.CODE_SIGNING)
    desk.trust(other.roots)
    desk.server.reply = other.reply
    refused(desk, f"{words}unsuitable certificate purpose")


@pytest.mark.parametrize("body", [b"", b"<html>Log in to the network</html>", b"\x30\x03\x02\x01\x00"])
def test_what_is_no_time_stamp_is_refused(desk: Desk, body: bytes) -> None:
    desk.server.reply = lambda _: body
    refused(desk, "the answer does not count: it is no time stamp that can be read")


def test_an_answer_without_end_is_cut_off(desk: Desk) -> None:
    desk.server.reply = lambda _: b"\x30" * 200_000
    refused(desk, "the answer is larger than 65536 bytes: it is no time stamp", AGAIN)


def test_an_answer_with_a_fault_or_to_elsewhere_is_refused(desk: Desk) -> None:
    desk.server.status = 503
    refused(desk, "the authority answered 503 Service Unavailable", AGAIN)
    with serving(desk.authority.reply) as elsewhere:
        desk.server.status, desk.server.headers = 307, {"Location": elsewhere.url}
        said = f"307 Temporary Redirect and points to {elsewhere.url}, which is not followed"
        refused(desk, f"the authority answered {said}", AGAIN)
        assert elsewhere.asked == []


def test_a_server_that_keeps_silent_is_left(desk: Desk) -> None:
    over = threading.Event()

    def silent(_: bytes) -> bytes:
        over.wait(20)
        return b""

    desk.server.reply = silent
    desk.configure(f'url = "{desk.server.url}"\nroots = "stamp-roots.pem"\ntimeout_seconds = 0.2\n')
    refused(desk, "the authority did not answer within 0.2 s", AGAIN)
    over.set()


def test_a_server_that_is_not_there_is_told(desk: Desk) -> None:
    with serving(desk.authority.reply) as gone:
        pass
    desk.configure(f'url = "{gone.url}"\nroots = "stamp-roots.pem"\n')
    code, said = desk.stamp()
    assert code == 9
    assert said == (f"opti: {gone.url}: the authority cannot be reached: Connection refused\n{AGAIN}")


def test_behind_tls_the_server_has_to_be_known(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = certified(tmp_path)
    with serving(desk.authority.reply, certificate.context) as secure:
        desk.configure(f'url = "{secure.url}"\nroots = "stamp-roots.pem"\n')
        code, said = desk.stamp()
        assert (code, said.replace("self signed", "self-signed")) == (
            9,
            f"opti: {secure.url}: the authority cannot be reached: self-signed certificate\n{AGAIN}",
        )
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file))
        assert desk.stamp()[0] == 0


def test_the_proxy_of_the_environment_is_used(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", desk.server.url)
    desk.configure('url = "http://tsa.example.fi/tsr"\nroots = "stamp-roots.pem"\n')
    assert desk.stamp()[0] == 0
    assert [path for path, _, _ in desk.server.asked] == ["http://tsa.example.fi/tsr"]


def test_without_an_authority_a_library_or_a_line_the_remedy_is_named(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "rfc3161_client", None)
        assert desk.stamp() == (
            2,
            "opti: time stamps need the library rfc3161-client, which is not installed\n"
            "  Install it with: pip install 'opti-reports[stamp]'\n",
        )
    ledger_of(desk.place).unlink()
    assert desk.stamp() == (2, "opti: archive: the ledger has no line to stamp\n  Release a month first.\n")
    path = desk.place / "configs/archive.toml"
    path.write_text(path.read_text(encoding="utf-8").partition("\n[stamp]\n")[0], encoding="utf-8")
    assert desk.stamp() == (
        2,
        "opti: configs/archive.toml: no time stamp authority is named\n"
        "  Add the table [stamp] with url and roots: docs/auditor.md.\n",
    )


def test_a_ledger_that_is_not_whole_is_not_stamped(desk: Desk) -> None:
    desk.rewrite(lambda lines: [lines[0], lines[2]])
    assert desk.stamp() == (
        7,
        "opti: archive/ledger.jsonl: ledger.jsonl: line 2 is number 3 after 1: lines are missing or moved\n"
        "  Nothing was stamped. Bring the ledger back from a copy, then see `opti archive verify`.\n",
    )
    assert desk.server.asked == []


def test_a_folder_of_stamps_that_leads_elsewhere_is_not_followed(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (desk.archive / "stamps").symlink_to(tmp_path / "elsewhere")
    code, said = desk.stamp()
    assert (code, said.splitlines()[0]) == (
        7,
        "opti: archive/stamps: is no folder of its own: it is not followed",
    )
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize(
    ("table", "faults"),
    [
        (
            'url = "ftp://tsa.example.fi"\ntimeout_seconds = 0',
            [
                "stamp.roots: is missing",
                "stamp.timeout_seconds: input should be greater than 0, not 0",
                "stamp.url: 'ftp://tsa.example.fi' is not an address like https://tsa.example.fi/tsr",
            ],
        ),
        (
            'url = "https://me:pw@a.fi"\nroots = "../a.pem"',
            ["stamp.url: an address with a name or a password in it is not taken: configs hold no secrets"],
        ),
        (
            'url = "https://a.fi:x/"\nroots = "a.pem"',
            ["stamp.url: 'https://a.fi:x/' is not an address like https://tsa.example.fi/tsr"],
        ),
        (
            'url = "https://a.fi"\nroots = "../a.pem"',
            ["stamp.roots: '../a.pem' leads out of configs/. Put the certificates there."],
        ),
        (
            'url = "https://a.fi"\nroots = "a.pem"',
            ["stamp.roots: there is no file configs/a.pem. Put the certificates there."],
        ),
        (
            'url = "https://a.fi"\nroots = "areas.toml"',
            [
                "stamp.roots: configs/areas.toml holds no certificate that can be read. Put the authority's"
                " root certificate there, as PEM."
            ],
        ),
    ],
)
def test_a_wrong_table_is_told_by_check(desk: Desk, table: str, faults: list[str]) -> None:
    desk.configure(f"{table}\n")
    result = ask(desk.place, "check")
    assert result.exit_code == 3
    assert result.stderr.splitlines() == [
        f"opti: {len(faults)} fault(s) in the configs:",
        *(f"  archive.toml: {fault}" for fault in faults),
    ]


def test_the_shipped_example_of_the_table_is_taken(desk: Desk) -> None:
    text = (desk.place / "configs/archive.toml").read_text(encoding="utf-8")
    table = text.partition("# [stamp]\n")[2].partition("\n\n")[0]
    desk.configure("\n".join(line.removeprefix("# ") for line in table.splitlines()))
    assert ask(desk.place, "check").exit_code == 0


def test_the_roots_are_archived_with_the_configs_that_name_them(desk: Desk) -> None:
    files = dict(of_workspace(places.Workspace(desk.place), decided(desk.place), Facts((), ())))
    assert files["configs/stamp-roots.pem"] == desk.authority.roots
