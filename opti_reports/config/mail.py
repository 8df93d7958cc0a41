"""``configs/mail.toml``: who mail comes from, how large it may be, and the server it goes through."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from opti_reports.config.base import Strict, Words
from opti_reports.config.recipients import Address
from opti_reports.errors import UnfitError

_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.:-]*[A-Za-z0-9])?\Z")
LINK_PARTS = frozenset({"month", "run", "file"})


def _host(name: str) -> str:
    if not _HOST.match(name):
        raise UnfitError("smtp.host", name=name)
    return name


def _plain(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.-]*", text):
        raise UnfitError("smtp.tenant", text=text)
    return text


def _link(text: str) -> str:
    unknown = sorted(set(re.findall(r"\{(\w*)\}", text)) - LINK_PARTS)
    if unknown or "{file}" not in text:
        raise UnfitError("smtp.link", text=text)
    return text


class OAuth(Strict):
    """How an access token is got from Microsoft Entra ID; the app's secret is never written here.

    ``client_credentials``: the app sends by itself, with a secret. ``device_code``: a person signs in once
    (`opti send --check-server`), the token that renews itself is kept in the workspace's outbox.
    """

    flow: Literal["client_credentials", "device_code"] = "client_credentials"
    tenant: Annotated[str, AfterValidator(_plain)]
    client_id: Annotated[str, AfterValidator(_plain)]
    secret_env: str = ""
    secret_file: str = ""
    authority: str = "https://login.microsoftonline.com"
    scope: str = ""
    """Empty: what Exchange Online asks of the flow."""

    @property
    def scopes(self) -> tuple[str, ...]:
        """Return what the token is asked for."""
        usual = {
            "client_credentials": "https://outlook.office365.com/.default",
            "device_code": "https://outlook.office.com/SMTP.Send",
        }
        return (self.scope or usual[self.flow],)

    @model_validator(mode="after")
    def _secret(self) -> Self:
        named = [name for name in (self.secret_env, self.secret_file) if name]
        if self.flow == "client_credentials" and len(named) != 1:
            raise UnfitError("smtp.secret")
        if self.flow == "device_code" and named:
            raise UnfitError("smtp.no_secret")
        if not self.authority.startswith("https://"):
            raise UnfitError("smtp.authority")
        return self


class Smtp(Strict):
    """The server. A password is never written here: ``password_env`` names an environment variable,
    ``password_file`` a file.
    """

    host: Annotated[str, AfterValidator(_host)]
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    """Without ``none`` nothing is ever sent in the clear."""
    ca_file: str = ""
    """Certificates to trust instead of the system's, relative to the workspace."""
    auth: Literal["", "none", "password", "oauth"] = ""
    """How to log in; empty: by password where there is a user, else not at all (a relay)."""
    user: str = ""
    oauth: OAuth | None = None
    password_env: str = ""
    password_file: str = ""
    timeout_seconds: float = Field(default=60, gt=0, le=600)
    attempts: int = Field(default=4, ge=1, le=10)
    """How often a mail is tried in one run of the command."""
    lost_in_a_row: int = Field(default=3, ge=1, le=100)
    """Letters in a row on which the server hangs up before it is taken to be out of order."""
    wait_seconds: float = Field(default=60, ge=0, le=3600)
    """Before the second attempt; each further wait is twice as long."""

    @property
    def login(self) -> Literal["none", "password", "oauth"]:
        """Return how to log in."""
        return self.auth or ("password" if self.user else "none")

    @model_validator(mode="after")
    def _password(self) -> Self:
        named = [name for name in (self.password_env, self.password_file) if name]
        if self.login == "none" and self.user:
            raise UnfitError("smtp.no_user")
        if self.login != "none" and not self.user:
            raise UnfitError("smtp.user", login=self.login)
        if self.login == "password" and len(named) != 1:
            raise UnfitError("smtp.password")
        if self.login == "none" and named:
            raise UnfitError("smtp.needs_user")
        if self.login == "oauth" and named:
            raise UnfitError("smtp.oauth_password")
        if (self.login == "oauth") != (self.oauth is not None):
            raise UnfitError("smtp.oauth")
        if self.login == "oauth" and self.security == "none":
            raise UnfitError("smtp.clear_token")
        if self.login == "password" and self.security == "none":
            raise UnfitError("smtp.clear_password")
        return self


class Mail(Strict):
    """``configs/mail.toml``."""

    sender: Address
    sender_name: Words
    message_megabytes: float = Field(default=20, gt=0, le=500)
    """A larger message goes with a link instead of its attachments (1 MB = 1 000 000 bytes, as sent)."""
    link: Annotated[str, AfterValidator(_link)]
    """Where a pack too large for mail is read: an address or a path with {month}, {run} and {file}."""
    cards_said: int = Field(default=3, ge=0, le=20)
    """So many cards of a pack are said in an encrypted letter; the others are in the pack."""
    smtp: Smtp | None = None
