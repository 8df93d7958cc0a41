"""Access tokens for a mail server from Microsoft Entra ID, through msal (the extra ``oauth``)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from opti_reports.config.mail import OAuth
from opti_reports.disk import replace
from opti_reports.errors import MailError
from opti_reports.language.replies import clean
from opti_reports.mail.smtp import UnreachableError
from opti_reports.messages.message import message
from opti_reports.messages.sentences import say

OWN_EYES = 0o600


class Tokens:
    """Tokens of one app, kept until they run out.

    ``cache``: the file where what a person signed in for is kept, for nobody else's eyes. ``http`` is what
    msal talks through, its own way if None. ``ask`` shows a person where to sign in; without it nobody is
    asked.
    """

    def __init__(
        self,
        config: OAuth,
        user: str,
        secret: str,
        cache: Path,
        *,
        timeout: float,
        http: Any = None,
        ask: Callable[[str], None] | None = None,
    ) -> None:
        self._config, self._user, self._secret, self._file = config, user, secret, cache
        self._timeout, self._http, self._ask = timeout, http, ask
        self._made: Any = None

    def token(self) -> str:
        """Return an access token. Raises MailError for what waiting does not mend, else UnreachableError."""
        msal = _msal()
        try:
            app = self._app(msal)
            own = self._config.flow == "client_credentials"
            found = app.acquire_token_for_client(list(self._config.scopes)) if own else self._of_person(app)
        except OSError as error:  # what requests raises, too
            raise UnreachableError("oauth.no_answer", why=clean(str(error)) or type(error).__name__) from None
        except (ValueError, KeyError, RuntimeError, msal.exceptions.MsalError) as error:
            raise MailError("oauth.no_token", self._config.authority, why=clean(str(error))) from None
        self._keep()
        if "access_token" not in found:
            what = clean(f"{found.get('error', '')}: {found.get('error_description', '')}".splitlines()[0])
            raise MailError("oauth.no_token", self._config.authority, why=what)
        return str(found["access_token"])

    def _app(self, msal: ModuleType) -> Any:
        if self._made is None:
            authority = f"{self._config.authority.rstrip('/')}/{self._config.tenant}"
            # Without instance_discovery msal asks nobody but the authority, which the config names.
            web = {"http_client": self._http, "timeout": self._timeout, "instance_discovery": False}
            shared = {"authority": authority, **web}
            if self._config.flow == "client_credentials":
                made = msal.ConfidentialClientApplication(
                    self._config.client_id, client_credential=self._secret, **shared
                )
            else:
                cache = msal.SerializableTokenCache()
                cache.deserialize(self._file.read_text(encoding="utf-8") if self._file.exists() else "")
                made = msal.PublicClientApplication(self._config.client_id, token_cache=cache, **shared)
            self._made = made
        return self._made

    def _of_person(self, app: Any) -> dict[str, Any]:
        """Return the token of who signed in before, or of who signs in now."""
        scopes = list(self._config.scopes)
        for account in app.get_accounts():
            found: dict[str, Any] | None = app.acquire_token_silent(scopes, account=account)
            if found and "access_token" in found:
                return found
        if self._ask is None:
            raise MailError("oauth.nobody", self._config.authority, user=self._user)
        flow = app.initiate_device_flow(scopes)
        if "user_code" not in flow:
            return dict(flow)
        url, code = flow["verification_uri"], flow["user_code"]
        self._ask(say("oauth.sign_in", user=self._user, url=url, code=code))
        return dict(app.acquire_token_by_device_flow(flow))

    def _keep(self) -> None:
        """Write down a renewed sign-in."""
        cache = self._made.token_cache
        if self._config.flow == "device_code" and cache.has_state_changed:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            content = json.dumps(json.loads(cache.serialize()), indent=1).encode()
            replace(self._file, content, OWN_EYES)


def _msal() -> ModuleType:
    try:
        import msal  # noqa: PLC0415 - an optional extra
    except ImportError:
        raise MailError("oauth.no_library", message("at.key", file="mail.toml", key="smtp.auth")) from None
    module: ModuleType = msal
    return module
