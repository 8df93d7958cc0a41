"""OAuth through msal: a token endpoint stubbed where msal talks to the web, and a server with XOAUTH2."""

from __future__ import annotations

import base64
import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiosmtpd.smtp import SMTP, AuthResult

from opti_reports.archive import ledger
from opti_reports.errors import ConfigError
from opti_reports.mail import post, server
from opti_reports.mail.asked import Edge
from opti_reports.mail.mailing import rows
from opti_reports.mail.sent import Sent
from opti_reports.terminal.mail import door_text
from opti_reports.workspace import Workspace
from tests.mail.certificate import Certificate, certified
from tests.mail.fixture import MONTH, NOW, Handler, asked, free_port, made, release, serving, use
from tests.workspaces import ask, edit

UNIT = "johtotiimi.tapiola@example.fi"
TENANT, APP, SECRET = "luvn.example.fi", "11111111-2222-3333-4444-555555555555", "salainen-avain-123"
TOKEN = "eyJ" + "tunniste." * 200  # as long as real ones: more than a command line of RFC 5321
SETTINGS = f"""
auth = "oauth"
user = "raportit@example.fi"

[smtp.oauth]
tenant = "{TENANT}"
client_id = "{APP}"
"""
APP_ONLY = SETTINGS + 'secret_env = "OPTI_SMTP_SECRET"\n'
PERSON = SETTINGS + 'flow = "device_code"\n'


@dataclass
class Answer:
    status_code: int
    text: str
    headers: dict[str, str] = field(default_factory=dict)

    def raise_for_status(self) -> None:
        if self.status_code >= 400:
            raise OSError(f"HTTP {self.status_code}")


@dataclass
class Entra:
    """The identity platform: its well-known document, its token endpoint and its device codes."""

    token: str = TOKEN
    error: str = ""
    down: bool = False
    asked: list[dict[str, str]] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)

    def get(self, url: str, params: Any = None, headers: Any = None, **kwargs: Any) -> Answer:
        self.urls.append(url)
        if self.down:
            raise OSError("Temporary failure in name resolution")
        base = f"https://login.microsoftonline.com/{TENANT}"
        if url != f"{base}/v2.0/.well-known/openid-configuration":
            return Answer(400, json.dumps({"error": "invalid_tenant"}))
        places = {name: f"{base}/oauth2/v2.0/{name}" for name in ("authorize", "token", "devicecode")}
        return Answer(
            200,
            json.dumps(
                {
                    "issuer": f"{base}/v2.0",
                    "authorization_endpoint": places["authorize"],
                    "token_endpoint": places["token"],
                    "device_authorization_endpoint": places["devicecode"],
                }
            ),
        )

    def post(
        self, url: str, params: Any = None, data: Any = None, headers: Any = None, **kwargs: Any
    ) -> Answer:
        self.urls.append(url)
        if self.down:
            raise OSError("Temporary failure in name resolution")
        form = data if isinstance(data, dict) else {k: v[0] for k, v in parse_qs(data).items()}
        self.asked.append(form)
        if url.endswith("/devicecode"):
            said = {"user_code": "ABCD-EFGH", "device_code": "d", "expires_in": 900, "interval": 0}
            return Answer(200, json.dumps(said | {"verification_uri": "https://microsoft.com/devicelogin"}))
        if self.error:
            said = {"error": "invalid_client", "error_description": self.error}
            return Answer(401, json.dumps(said))
        found = {"access_token": self.token, "expires_in": 3600, "token_type": "Bearer"}
        if form["grant_type"] != "client_credentials":
            claims = {
                "sub": "s",
                "oid": "o",
                "tid": "t",
                "preferred_username": "raportit@example.fi",
                "aud": APP,
            }
            times = {"iss": "i", "exp": 9999999999, "iat": 0, "nbf": 0}
            body = base64.urlsafe_b64encode(json.dumps(claims | times).encode()).decode().rstrip("=")
            info = base64.urlsafe_b64encode(b'{"uid":"o","utid":"t"}').decode().rstrip("=")
            found |= {"refresh_token": "uusinta", "id_token": f"e30.{body}.x", "client_info": info}
        return Answer(200, json.dumps(found))


class Exchange(Handler):
    """A server that takes mail from whoever brings the token, and says no as Exchange Online does."""

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802 - aiosmtpd's name
        said = base64.b64decode(args[1])
        if said == f"user=raportit@example.fi\x01auth=Bearer {TOKEN}\x01\x01".encode():
            return AuthResult(success=True)
        await server.challenge_auth('{"status":"401","schemes":"Bearer"}')
        leaked = base64.b64encode(said).decode()
        return AuthResult(success=False, handled=False, message=f"535 5.7.3 unsuccessful {leaked[:300]}")


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    return certified(tmp_path)


@pytest.fixture
def workspace(tmp_path: Path, certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setattr(SMTP, "command_size_limit", 12288)  # RFC 4954; aiosmtpd keeps to 512
    monkeypatch.setattr(SMTP, "line_length_limit", 12288)
    place = made(tmp_path / "w")
    release(place)
    edit(
        place.configs / "mail.toml",
        'security = "none"',
        f"security = \"starttls\"\nca_file = '{certificate.file}'",
    )
    return place


def edge(entra: Entra) -> Edge:
    return Edge(lambda: NOW, lambda seconds: None, {"OPTI_SMTP_SECRET": SECRET}, entra)


def settings(workspace: Workspace, lines: str) -> None:
    path = workspace.configs / "mail.toml"
    path.write_text(path.read_text(encoding="utf-8") + lines, encoding="utf-8")


def sent(workspace: Workspace, certificate: Certificate, handler: Handler, entra: Entra) -> Sent:
    with serving(handler, tls_context=certificate.context, auth_required=True, require_starttls=True) as port:
        use(workspace, port)
        return post.post(asked(workspace, "tapiola"), edge(entra))


def leaked(workspace: Workspace, secret: str) -> list[str]:
    """Files of the output that hold a secret."""
    files = [path for path in workspace.output.rglob("*") if path.is_file() and path.name != server.SIGNED_IN]
    hidden = (secret.encode(), base64.b64encode(secret.encode())[:40])
    return [path.name for path in files if any(one in path.read_bytes() for one in hidden)]


def test_an_app_sends_by_itself(workspace: Workspace, certificate: Certificate) -> None:
    settings(workspace, APP_ONLY)
    handler, entra = Exchange(), Entra()
    assert not sent(workspace, certificate, handler, entra).undone
    assert len(handler.got(UNIT)) == 1
    assert handler.tls == [True]
    (form,) = entra.asked
    assert (form["grant_type"], form["client_id"]) == ("client_credentials", APP)
    assert form["scope"] == "https://outlook.office365.com/.default"
    assert leaked(workspace, SECRET) == leaked(workspace, TOKEN) == []


def test_a_token_that_is_not_taken_stops_everything_and_is_not_shown(
    workspace: Workspace, certificate: Certificate
) -> None:
    settings(workspace, APP_ONLY)
    handler = Exchange()
    done = sent(workspace, certificate, handler, Entra(token="vanhentunut" * 20))
    assert "the server does not take the token: 535 5.7.3 unsuccessful …" in done.fault
    assert "docs/mail.md" in done.fault
    assert handler.kept == []
    assert [row.state for row in rows(workspace, MONTH)] == ["queued"]
    assert leaked(workspace, "vanhentunut" * 20) == []


def test_a_secret_that_has_run_out_is_named(workspace: Workspace, certificate: Certificate) -> None:
    settings(workspace, APP_ONLY)
    handler = Exchange()
    why = "AADSTS7000222: The provided client secret keys for app are expired.\r\nTrace ID: 0123"
    done = sent(workspace, certificate, handler, Entra(error=why))
    assert done.fault.splitlines() == [
        "https://login.microsoftonline.com: no token: invalid_client: AADSTS7000222: The provided client "
        "secret keys for app are expired.",
        "  Check tenant, client_id, the secret and its last day, and the permissions: docs/mail.md.",
    ]
    assert handler.tried == []


def test_a_tenant_that_is_not_there_is_named(workspace: Workspace, certificate: Certificate) -> None:
    settings(workspace, APP_ONLY.replace(TENANT, "toinen.example.fi"))
    done = sent(workspace, certificate, Exchange(), Entra())
    where = "https://login.microsoftonline.com/toinen.example.fi"
    assert f"no token: Unable to get authority configuration for {where}." in done.fault


def test_an_endpoint_that_is_away_lets_letters_wait(workspace: Workspace, certificate: Certificate) -> None:
    settings(workspace, APP_ONLY)
    done = sent(workspace, certificate, Exchange(), Entra(down=True))
    assert done.fault == ""
    assert [(one.fate, one.why) for one in done.undone] == [
        ("queued", "no token: Temporary failure in name resolution")
    ]
    assert not sent(workspace, certificate, Exchange(), Entra()).undone


def test_a_server_without_xoauth2_is_named(workspace: Workspace, certificate: Certificate) -> None:
    settings(workspace, APP_ONLY)
    done = sent(workspace, certificate, Handler(), Entra())
    assert "nothing was sent: the server does not offer XOAUTH2" in done.fault


def test_a_person_signs_in_once(workspace: Workspace, certificate: Certificate) -> None:
    settings(workspace, PERSON)
    entra, handler, told = Entra(), Exchange(), list[str]()
    done = sent(workspace, certificate, handler, entra)
    assert "nobody is signed in to send as raportit@example.fi, or the sign-in has run out" in done.fault
    assert "Sign in with: opti send --check-server" in done.fault
    with serving(handler, tls_context=certificate.context, auth_required=True) as port:
        use(workspace, port)
        server.check(workspace, edge(entra), told.append)
    assert told == [
        "To send as raportit@example.fi, open https://microsoft.com/devicelogin and enter ABCD-EFGH"
    ]
    assert entra.asked[0]["scope"].split()[0] == "https://outlook.office.com/SMTP.Send"
    kept = workspace.output / "outbox" / server.SIGNED_IN
    assert kept.stat().st_mode & 0o777 == 0o600
    assert not sent(workspace, certificate, handler, entra).undone
    assert len(handler.got(UNIT)) == 1
    assert [form["grant_type"] for form in entra.asked[1:]] == [
        "urn:ietf:params:oauth:grant-type:device_code",
        "refresh_token",
    ]
    assert leaked(workspace, TOKEN) == leaked(workspace, "uusinta") == []


def test_the_door_is_tried_without_a_letter(workspace: Workspace, certificate: Certificate) -> None:
    settings(workspace, APP_ONLY)
    handler = Exchange()
    options = {"tls_context": certificate.context, "auth_required": True, "data_size_limit": 36_700_160}
    with serving(handler, **options) as port:
        use(workspace, port)
        door = server.check(workspace, edge(Entra()), print)
    assert door_text(door) == (
        f"127.0.0.1:{port} takes mail over TLSv1.3, with a token (OAuth); messages up to 36.7 MB. "
        "Nothing was sent."
    )
    assert (handler.kept, handler.tried) == ([], [])
    assert rows(workspace, MONTH) == ()
    assert [line.kind for line in ledger.walk(workspace.output / "archive").lines] == ["released"]


def test_a_door_that_is_shut_is_said(workspace: Workspace) -> None:
    place = workspace.root
    edit(workspace.configs / "mail.toml", 'security = "starttls"', 'security = "none"')
    with serving(Handler()) as port:
        use(workspace, port)
        result = ask(place, "send", "--check-server")
        assert (result.exit_code, result.stderr) == (0, "")
        assert "takes mail in the clear, without a login" in result.stdout
    use(workspace, free_port())
    result = ask(place, "send", "--check-server")
    assert result.exit_code == 8
    assert "cannot be reached" in result.stderr
    assert "Check host, port and security in configs/mail.toml, and the firewall." in result.stderr


def test_a_secret_that_is_not_there_is_told_before_anything_is_queued(workspace: Workspace) -> None:
    settings(workspace, APP_ONLY)
    with pytest.raises(ConfigError) as caught:
        post.post(asked(workspace), Edge(lambda: NOW, lambda seconds: None, {}))
    what = "mail.toml: smtp.oauth.secret_env: the environment has no variable OPTI_SMTP_SECRET"
    assert what in str(caught.value)
    assert rows(workspace, MONTH) == ()


def test_without_msal_the_extra_is_named(
    workspace: Workspace, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings(workspace, APP_ONLY)
    monkeypatch.setitem(sys.modules, "msal", None)
    done = sent(workspace, certificate, Exchange(), Entra())
    assert 'auth = "oauth" needs the package msal' in done.fault
    assert "pip install 'opti-reports[oauth]'" in done.fault
